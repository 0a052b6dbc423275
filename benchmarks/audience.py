"""Scenes as an audience gets them, for reading: the protocol's six by fixed seeds, scripted lines and directions marked `*`.

    python -m benchmarks.audience --to FOLDER

Writes one text a scene. Readers who know nothing of the program judge each line without a mark in its place: G grammatical
and sensible here, M grammatical and senseless here, X broken; then they say what happened and who wanted what. Their marks
stand in docs/voices.md.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.performance import Entry
from engine.stage.production import Theatre
from engine.stage.stage import Stage
from engine.troupe import Troupe

#: Fixed beforehand, never chosen: scene and seed.
SCENES = (
    ("party", 1), ("party", 2), ("party", 3), ("lift", 1), ("s05_the_lounge", 1), ("kitchen", 1),
)  # fmt: skip


def marked(entry: Entry) -> str:
    """An entry as a reader sees it; what the program did not say is marked."""
    mark = "* " if entry.speaker is None or entry.why.scripted else "  "
    return mark + str(entry)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--troupe", type=Path, default=Path())
    options.add_argument("--to", type=Path, required=True)
    options.add_argument("--scene", nargs=2, action="append", metavar=("NAME", "SEED"), help="others than the six")
    given = options.parse_args()
    troupe = Troupe.around(given.troupe)
    theatre = Theatre(troupe)
    given.to.mkdir(parents=True, exist_ok=True)
    for name, seed in given.scene or SCENES:
        stage = Stage(theatre.production(troupe.root / "scenes" / f"{name}.yaml", int(seed)))
        lines = [marked(entry) for entry in stage.play()]
        (given.to / f"{name}-{seed}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{name}, seed {seed}: {sum(not line.startswith('*') for line in lines)} lines to judge")


if __name__ == "__main__":
    main()

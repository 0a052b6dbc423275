"""Writes docs/scenes.md: six whole scenes by fixed seeds, three of them beside the same scene by Markov chains.

    python -m benchmarks.scenes > docs/scenes.md

Nothing is chosen: scenes and seeds are those of `benchmarks/audience.py`, every line is printed. Turns and frames differ
between the versions after the first line, because what is said moves them.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import markovify
import numpy as np

from benchmarks.audience import SCENES, marked
from engine.frames import Frame
from engine.learning.plan import Plan
from engine.performance import LineWhy
from engine.sheets.persona import Persona
from engine.speech.request import Chosen, Request
from engine.stage.production import Theatre
from engine.stage.stage import Stage
from engine.stage.world import Speaker
from engine.text import tidy
from engine.troupe import Troupe


@dataclass(frozen=True)
class Chain:
    """Speaks from a Markov chain of order two over the character's lines; hears nothing."""

    persona: Persona
    model: Any

    def speak(self, request: Request, generator: np.random.Generator) -> Chosen:
        random.seed(int(generator.integers(2**32)))
        frame = request.proposals[0].frame if request.proposals else Frame()
        for attempt in range(60):
            hidden = self.model.make_sentence(tries=1, test_output=attempt < 40)
            text = request.casting.fill(hidden) if hidden else None
            if text:
                return Chosen(tidy(text), str(hidden), frame, LineWhy())
        return Chosen("...", "...", frame, LineWhy())


def main() -> None:
    troupe = Troupe(Path(__file__).resolve().parents[1])
    lines: dict[str, list[str]] = {}
    for passage in Plan(troupe).passages:
        if passage.part == "train":
            for line in passage.lines:
                lines.setdefault(line.speaker, []).append(line.text)
    theatre = Theatre(troupe)
    print("# Six scenes\n")
    print(
        "By fixed seeds, not by taste; `python -m benchmarks.scenes` prints this page. What is marked `*` is written in the"
    )
    print("scene sheets (directions, and a landmark here and there); everything else is theirs.")
    for number, (name, seed) in enumerate(SCENES):
        path = troupe.root / "scenes" / f"{name}.yaml"
        versions: dict[str, Mapping[str, Speaker] | None] = {"voices": None}
        if number in {0, 3, 5}:
            cast = theatre.scenario(path).value.cast
            versions["Markov chains"] = {
                who: Chain(troupe.personas[who], markovify.NewlineText("\n".join(lines[who]), well_formed=False))
                for who in cast
            }
        for version, agents in versions.items():
            print(f"\n## `scenes/{name}.yaml`, seed {seed}: {version}\n")
            for entry in Stage(theatre.production(path, seed, agents=agents)).play():
                print(f"    {marked(entry)}")
            sys.stdout.flush()


if __name__ == "__main__":
    main()

"""A troupe of three with a season of two scenes, written into a folder for tests of plan and play."""

from __future__ import annotations

from pathlib import Path

CAST = {
    "ana": "name: Ana\npronoun: she\nrelations:\n  bruno: {kind: lover, affection: 0.5}\n",
    "bruno": "name: Bruno\npronoun: he\nknows: [secret]\nrelations:\n  ana: {kind: lover, affection: 0.5}\n",
    "narrator": "name: Narrator\npronoun: he\nnarrates: true\n",
}
WORLD = """\
facts:
  secret: {text: The well is dry., words: [well, dry]}
"""
FIRST = """\
title: The Well
cast: [narrator, ana, bruno]
present: [narrator, ana]
beats:
  - name: dust
    lines: [{speaker: ana, text: There is dust in the bucket.}]
    turns: [1, 2]
  - name: told
    enter: [bruno]
    lines: [{speaker: bruno, to: ana, text: The well is dry.}]
    turns: [1, 2]
    reveal: [{fact: secret, by: bruno}]
    closes: true
"""
SECOND = """\
title: The Rain
cast: [narrator, ana, bruno]
present: [narrator, ana, bruno]
beats:
  - name: clouds
    lines: [{speaker: bruno, to: ana, text: Look up.}]
    turns: [1, 2]
  - name: rain
    when:
      after: [clouds]
      knows: [{who: ana, fact: secret}]
    lines: [{speaker: ana, to: bruno, text: Then let it rain.}]
    turns: [1, 2]
    closes: true
"""
SEASON = """\
title: Water
threads:
  thirst:
    title: Somebody has drunk the well.
    arc: betrayal
    opened_by: first/dust
    resolved_by: second/rain
episodes:
  - title: Dust
    scenes: [first]
    cliffhanger: A cloud.
  - title: Rain
    scenes: [second]
    finale: true
"""


def write(root: Path, **changed: str) -> Path:
    """The season's path, in a troupe under `root`; `changed` sheets (`first`, `second`, `season`, `world`) replace those above."""
    sheets = {"first": FIRST, "second": SECOND, "season": SEASON, "world": WORLD, **changed}
    for folder in ("cast", "corpora", "scenes"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for who, text in CAST.items():
        (root / "cast" / f"{who}.yaml").write_text(text, encoding="utf-8")
    for name, text in sheets.items():
        (root / "scenes" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return root / "scenes" / "season.yaml"

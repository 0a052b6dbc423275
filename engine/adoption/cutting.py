"""Long scenes -> scenes of a length that training can hold back by the scene.

Whole scenes are kept from training, to choose the best epoch and to measure voices (`engine.corpus.split`), by a hash of
their text. A play of one scene would fall into one part. Among several lengths of cut the one is taken that spreads
the lines of the leads best over the three parts.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.adoption.fountain import heading
from engine.corpus import split
from engine.corpus.turns import Scene, Script

#: Lengths of cut in turns. Short ones cost context at every seam, so a longer one wins unless it spreads much worse.
LENGTHS = (32, 28, 24, 20, 16, 12, 9, 7, 5)
SEAM_COST = 0.03
#: A part may have so much more or less than its share before it counts as uneven.
LEEWAY = 0.5
SHARES = {"test": split.TEST, "validation": split.VALIDATION}


def cut(scripts: Sequence[Script], leads: Sequence[str]) -> tuple[Script, ...]:
    """The scripts with headings that can be written, and with their long scenes cut evenly."""
    tidy = [replace(script, scenes=tuple(_headed(script))) for script in scripts]
    best = min(LENGTHS, key=lambda length: _unevenness(tidy, leads, length) + SEAM_COST * LENGTHS.index(length))
    return tuple(replace(script, scenes=tuple(_cut(script, best))) for script in tidy)


def _headed(script: Script) -> Iterator[Scene]:
    for number, scene in enumerate(script.scenes, 1):
        yield replace(scene, heading=heading(scene.heading, number))


def _cut(script: Script, length: int) -> Iterator[Scene]:
    for scene in script.scenes:
        count = math.ceil(len(scene.turns) / length) if len(scene.turns) > 1.5 * length else 1
        if count == 1:
            yield scene
            continue
        edges = [len(scene.turns) * number // count for number in range(count + 1)]
        for number, (start, stop) in enumerate(itertools.pairwise(edges), 1):
            yield replace(scene, heading=f"{scene.heading}, {number}", turns=scene.turns[start:stop])


def _unevenness(scripts: Sequence[Script], leads: Sequence[str], length: int) -> float:
    """How far the leads' lines are from the shares that the parts should have, on average; a part without lines weighs 1."""
    counts: dict[str, Counter[str | None]] = {part: Counter() for part in (*SHARES, "train")}
    for script in scripts:
        for scene in _cut(script, length):
            counts[split.part(split.key(scene))].update(turn.speaker for turn in scene.turns)
    away = 0.0
    for who in leads:
        lines = sum(found[who] for found in counts.values())
        for part, share in SHARES.items():
            got = counts[part][who] / max(1, lines)
            away += 1.0 if not got else min(1.0, max(0.0, abs(got - share) / share - LEEWAY))
    return away / max(1, len(leads) * len(SHARES))

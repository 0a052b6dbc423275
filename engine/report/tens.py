"""Who said it? Scores of lines for each of several people -> how often the right one is named, from one line and ten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.report.subject import TEN


@dataclass(frozen=True)
class Named:
    """How often one person was named, and who was named instead most often (from single lines)."""

    lines: int
    single: float
    draws: int
    ten: float | None
    instead: str = ""


def name_speakers(
    scores: Mapping[str, NDArray[np.float64]], people: Sequence[str], draws: int, generator: np.random.Generator
) -> dict[str, Named]:
    """`scores[who]` is (lines of who, people): the higher, the likelier it was that person's line.

    Ten lines are `draws` draws of ten of somebody's lines without replacement, their scores added; whoever has fewer
    than ten lines is not judged by them.
    """
    found = {}
    for right, who in enumerate(people):
        matrix = scores[who]
        if not len(matrix):
            continue
        best = matrix.argmax(axis=1)
        wrong = Counter(people[int(index)] for index in best if index != right)
        tens = [
            int(matrix[generator.choice(len(matrix), TEN, replace=False)].sum(axis=0).argmax()) == right
            for _ in range(draws if len(matrix) >= TEN else 0)
        ]
        found[who] = Named(
            len(matrix),
            float((best == right).mean()),
            len(tens),
            float(np.mean(tens)) if tens else None,
            min(wrong, key=lambda name: (-wrong[name], name)) if wrong else "",
        )
    return found


def overall(named: Mapping[str, Named]) -> tuple[float | None, float | None, int]:
    """Mean rates over people, of single lines and of tens, and how many tens were drawn: nobody counts for more than
    another because he has more lines."""
    ten = [each.ten for each in named.values() if each.ten is not None]
    single = [each.single for each in named.values()]
    return (
        float(np.mean(single)) if single else None,
        float(np.mean(ten)) if ten else None,
        sum(each.draws for each in named.values()),
    )

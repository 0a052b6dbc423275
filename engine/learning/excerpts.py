"""Passages -> excerpts to tune a voice on: a few lines of a scene, in which only her own words count."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.corpus.split import Part
from engine.learning.passages import Passage
from engine.voices.sequences import Encodes, Ids, Line, drop_codes, opening, told

#: Lines of context before a run, which do not count in it.
BEFORE = 2
#: Lines of a run where no generator cuts it.
RUN = 8


@dataclass(frozen=True)
class Excerpt:
    """Ids of a run of lines, and which of them (n,) are words of the speakers asked for, or the ends of their lines."""

    ids: Ids
    counted: NDArray[np.bool_]


def excerpts(
    vocabulary: Encodes,
    passages: Sequence[Passage],
    part: Part,
    speakers: Collection[str],
    generator: np.random.Generator | None = None,
    code_dropout: float = 0.0,
) -> list[Excerpt]:
    """Every line of `speakers` in the passages of a part of the split, each counted once, in runs with what led to it.

    With a generator, runs are cut at random and codes dropped with probability `code_dropout`.
    """
    found = []
    for passage in passages:
        if passage.part != part or not any(line.speaker in speakers for line in passage.lines):
            continue
        start = 0
        while start < len(passage.lines):
            length = RUN if generator is None else int(generator.integers(RUN - 3, RUN + 4))
            lines = list(passage.lines[max(0, start - BEFORE) : start + length])
            counted = [False] * min(start, BEFORE) + [
                line.speaker in speakers and not line.played for line in passage.lines[start : start + length]
            ]
            start += length
            if not any(counted):
                continue
            last = max(number for number, each in enumerate(counted) if each) + 1
            if generator is not None:
                lines = [drop_codes(line, generator, code_dropout) for line in lines]
            found.append(_excerpt(vocabulary, lines[:last], counted[:last], passage.language))
    return found


def _excerpt(vocabulary: Encodes, lines: Sequence[Line], counted: Sequence[bool], language: str) -> Excerpt:
    ids = opening(vocabulary, language, lines[0].arc)
    marks = [False] * len(ids)
    for count, (shown, codes, text) in zip(counted, told(vocabulary, lines), strict=True):
        ids += [*shown, *codes, *text]
        marks += [False] * (len(shown) + len(codes)) + [count] * len(text)
    return Excerpt(np.array(ids, np.int32), np.array(marks))

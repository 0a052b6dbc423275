"""Passages -> pairs of context and reply for one speaker, or for a whole show."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from engine import codes
from engine.corpus.split import Part
from engine.learning.passages import Passage
from engine.voices.sequences import Pair, drop_codes, pair
from engine.voices.vocabulary import Vocabulary

#: Longest pair in tokens; the oldest lines of context go first.
LIMIT = 200


def pairs(
    vocabulary: Vocabulary,
    passages: Sequence[Passage],
    part: Part,
    speakers: Collection[str] | None = None,
    generator: np.random.Generator | None = None,
    code_dropout: float = 0.0,
) -> list[Pair]:
    """One pair for each line of `speakers` (None: everybody) in the passages of a part of the split.

    With a generator, codes of context and reply are dropped at random with probability `code_dropout`.
    """
    found = []
    for passage in passages:
        if passage.part != part:
            continue
        for number, reply in enumerate(passage.lines):
            if speakers is not None and reply.speaker not in speakers:
                continue
            context = list(passage.lines[max(0, number - codes.WINDOW) : number])
            if generator is not None:
                reply = drop_codes(reply, generator, code_dropout)
                context = [drop_codes(line, generator, code_dropout) for line in context]
            found.append(pair(vocabulary, context, reply, passage.language, LIMIT))
    return found

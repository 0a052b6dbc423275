from __future__ import annotations

import numpy as np

from engine.learning.pairs import LIMIT, pairs
from engine.learning.passages import passages
from engine.troupe import Troupe
from engine.voices.vocabulary import Vocabulary


def test_a_pair_for_each_line_of_the_speakers(troupe: Troupe, vocabulary: Vocabulary) -> None:
    found = passages(troupe)
    parts = ("train", "validation", "test")
    assert sum(len(pairs(vocabulary, found, part)) for part in parts) == 24 * 6
    assert sum(len(pairs(vocabulary, found, part, ["ana"])) for part in parts) == 12 * 3
    assert pairs(vocabulary, found, "train", ["nobody"]) == []
    for pair in pairs(vocabulary, found, "train"):
        assert len(pair.ids) <= LIMIT
        assert pair.ids[-1] == vocabulary.end


def test_codes_are_dropped_by_the_generator_alone(troupe: Troupe, vocabulary: Vocabulary) -> None:
    found = passages(troupe)

    def ids(rate: float, seed: int) -> list[list[int]]:
        return [
            pair.ids.tolist() for pair in pairs(vocabulary, found, "train", None, np.random.default_rng(seed), rate)
        ]

    assert ids(0.5, 1) == ids(0.5, 1) != ids(0.5, 2)
    assert ids(0.0, 1) == [pair.ids.tolist() for pair in pairs(vocabulary, found, "train")]

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.voices.sampling import Drawn, Sampler, adjusted, cut, is_whole, pick, whole_words
from engine.voices.vocabulary import Vocabulary


@given(st.integers(1, 30), st.floats(0.05, 1.0), st.integers(0, 99))
def test_only_the_likeliest_are_picked(top_k: int, top_p: float, seed: int) -> None:
    logits = np.random.default_rng(seed).normal(size=(5, 20)).astype(np.float32)
    chosen = pick(logits, Sampler(temperature=1.0, top_k=top_k, top_p=top_p), np.random.default_rng(seed))
    for row, id_ in zip(logits, chosen, strict=True):
        above = row[row > row[id_]]
        assert len(above) < top_k
        kept = np.sort(row)[::-1][:top_k]
        # It was in the nucleus: what is likelier adds up to less than `top_p`.
        assert np.exp(above).sum() / np.exp(kept).sum() < top_p + 1e-5


def test_a_low_temperature_is_greedy() -> None:
    logits = np.array([[0.0, 3.0, 1.0], [2.0, 0.0, 1.9]], np.float32)
    assert pick(logits, Sampler(temperature=0.05, top_k=3), np.random.default_rng(0)).tolist()[0] == 1
    assert pick(logits, Sampler(top_k=1), np.random.default_rng(0)).tolist() == [1, 0]


def test_pick_follows_the_distribution() -> None:
    logits = np.log(np.tile([[0.5, 0.3, 0.2]], (20_000, 1))).astype(np.float32)
    chosen = pick(logits, Sampler(temperature=1.0, top_p=1.0, top_k=3), np.random.default_rng(0))
    assert (np.bincount(chosen) / 20_000).tolist() == pytest.approx([0.5, 0.3, 0.2], abs=0.015)


def test_a_word_is_boosted_whole_or_not_at_all() -> None:
    vocabulary = Vocabulary.train(["the soup is soup", "Soup and soup"] * 20, "subword", 420)
    ids = whole_words(vocabulary, {"soup": 2.0})
    assert {vocabulary.text(id_) for id_ in ids} <= {"soup", " soup", "Soup"}
    assert set(ids.values()) == {2.0}
    assert is_whole(vocabulary, "soup")
    # It begins with a piece of many words: a boost of that would raise them all.
    assert not is_whole(vocabulary, "soupless")
    assert whole_words(vocabulary, {"soupless": 2.0, "": 1.0}) == {}


def test_a_row_goes_to_its_first_end() -> None:
    ends = [-9.0, -8.0, -3.0, -7.0]
    assert cut([5, 6, 2, 7], [-1.0, -2.0, -3.0, -4.0], ends, 2) == Drawn((5, 6), (-1.0, -2.0, -3.0), True, (-9.0, -8.0))
    assert cut([5, 6], [-1.0, -2.0], ends[:2], 2) == Drawn((5, 6), (-1.0, -2.0), False, (-9.0, -8.0))
    assert cut([2], [-1.0], ends[2:3], 2) == Drawn((), (-1.0,), True, ())


def test_a_line_may_have_ended_earlier() -> None:
    line = Drawn((5, 6, 7), (-1.0, -2.0, -3.0, -4.0), True, (-9.0, -8.0, -6.0))
    assert line.until(1) == Drawn((5,), (-1.0, -8.0), True, (-9.0,))


def test_words_that_were_used_are_held_back_and_lose_their_boost() -> None:
    logits = np.array([[0.5, 2.0, -2.0, 1.0]], np.float32)
    sampler = Sampler(repetition_penalty=2.0, boosts={0: 3.0, 1: 3.0})
    assert adjusted(logits, np.array([[1, 2]]), sampler, end=3).tolist() == [[3.5, 1.0, -4.0, 1.0]]
    # The end of a line is neither boosted nor held back.
    assert adjusted(logits, np.array([[3, 3]]), sampler, end=3).tolist() == [[3.5, 5.0, -2.0, 1.0]]
    assert logits.tolist() == [[0.5, 2.0, -2.0, 1.0]]

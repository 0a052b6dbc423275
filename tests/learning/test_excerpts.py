from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import codes
from engine.learning.excerpts import BEFORE, RUN, Excerpt, excerpts
from engine.learning.passages import Passage, passages
from engine.troupe import Troupe
from engine.voices.sequences import Line
from engine.voices.vocabulary import Vocabulary

CHARACTERS = Vocabulary.train(["0123456789 abc."], "character", 100)
PEOPLE = ("ana", "bruno", "carla")


def passage(speakers: list[str], part: str = "train", first: int = 0) -> Passage:
    """A scene in which the n-th line says its number, and is told apart by it."""
    lines = tuple(Line(who, f"{first + number}.", act="tell", arc="revenge") for number, who in enumerate(speakers))
    texts, numbers = tuple(line.text for line in lines), tuple(range(len(lines)))
    return Passage("house", "en", part, "x", "revenge", lines, texts, numbers, (None,) * len(lines))  # type: ignore[arg-type]


def counted(excerpt: Excerpt) -> list[str]:
    """The lines that count in an excerpt, as text."""
    ids = excerpt.ids[excerpt.counted].tolist()
    return CHARACTERS.decode(ids).replace(".", ". ").split() if ids else []


def whole(excerpt: Excerpt) -> list[str]:
    return CHARACTERS.decode(excerpt.ids.tolist()).replace(".", ". ").split()


def test_only_her_own_words_count() -> None:
    [found] = excerpts(CHARACTERS, [passage(["bruno", "ana", "bruno", "ana", "bruno"])], "train", ["ana"])
    tokens = [CHARACTERS.token(id_) for id_ in found.ids]
    assert tokens == [
        "<scene>", "<lang:en>", "<arc:revenge>",
        "<turn:0>", "<act:tell>", "0", ".", "<end>",
        "<turn:0>", "<act:tell>", "1", ".", "<end>",
        "<turn:2>", "<act:tell>", "2", ".", "<end>",
        "<turn:2>", "<act:tell>", "3", ".", "<end>",
    ]  # fmt: skip
    assert np.flatnonzero(found.counted).tolist() == [10, 11, 12, 20, 21, 22]


def test_runs_begin_with_what_led_to_them() -> None:
    first, second = excerpts(CHARACTERS, [passage(["ana", "bruno"] * 6)], "train", ["ana"])
    assert whole(first) == [f"{number}." for number in range(RUN - 1)]
    assert whole(second) == [f"{number}." for number in range(RUN - BEFORE, 11)]
    assert counted(second) == ["8.", "10."]


def test_only_scenes_of_the_part_in_which_she_speaks() -> None:
    found = [passage(["ana"] * 3), passage(["ana"] * 3, "test"), passage(["bruno"] * 3)]
    assert len(excerpts(CHARACTERS, found, "train", ["ana"])) == 1
    assert excerpts(CHARACTERS, found, "validation", ["ana"]) == []
    assert excerpts(CHARACTERS, found, "train", ["nobody"]) == []


scenes = st.lists(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=30), max_size=5)


@given(scenes, st.sets(st.sampled_from(PEOPLE), min_size=1), st.one_of(st.none(), st.integers(0, 99)), st.floats(0, 1))
def test_every_line_is_counted_once(
    speakers: list[list[str]], asked: set[str], seed: int | None, code_dropout: float
) -> None:
    found = [passage(each, first=100 * number) for number, each in enumerate(speakers)]
    generator = None if seed is None else np.random.default_rng(seed)
    cut = excerpts(CHARACTERS, found, "train", asked, generator, code_dropout)
    wanted = Counter(line.text for each in found for line in each.lines if line.speaker in asked)
    assert Counter(text for each in cut for text in counted(each)) == wanted
    for each in cut:
        assert len(each.ids) == len(each.counted)
        # Nothing follows the last line that counts, and no code is ever counted but the end of a line.
        assert each.counted[-1]
        assert all(id_ >= len(codes.SPECIAL) or id_ == CHARACTERS.end for id_ in each.ids[each.counted].tolist())
        assert each.ids[0] == CHARACTERS.scene


@pytest.mark.parametrize("who", ["ana", "bruno"])
def test_the_scripts_of_a_troupe_are_learned_whole(troupe: Troupe, vocabulary: Vocabulary, who: str) -> None:
    found = passages(troupe)
    ends = [
        int((each.ids[each.counted] == vocabulary.end).sum())
        for part in ("train", "validation", "test")
        for each in excerpts(vocabulary, found, part, [who], np.random.default_rng(1), 0.5)
    ]
    assert sum(ends) == 36

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.seeds import generator

names = st.lists(st.one_of(st.text(max_size=8), st.integers(0, 99)), max_size=4)


@given(st.integers(0, 2**32 - 1), names)
def test_the_same_seed_and_names_give_the_same_numbers(seed: int, purpose: list[object]) -> None:
    assert generator(seed, *purpose).random(3).tolist() == generator(seed, *purpose).random(3).tolist()


def test_another_seed_and_another_name_give_others() -> None:
    found = [
        generator(*key).random()
        for key in ((1, "line", 7), (2, "line", 7), (1, "line", 8), (1, "voice", 7), (1, "line"), (1,))
    ]
    assert len(set(found)) == len(found)


def test_no_choice_moves_when_another_is_made_differently() -> None:
    before = generator(1, "line", 7)
    generator(1, "line", 6).random(100)
    assert before.random() == generator(1, "line", 7).random()


def test_numbers_that_saved_performances_depend_on() -> None:
    assert generator(7, "party", "voice", 3, "soraya").integers(0, 1000, 5).tolist() == [61, 517, 758, 662, 399]

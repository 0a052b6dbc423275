from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.turns.habits import Habits

KEY = ("follows", "soraya > maría")


def test_what_was_never_seen_says_nothing() -> None:
    assert Habits().ratio([KEY]) == 0.0


def test_a_ratio_is_shrunk_by_its_strength() -> None:
    habits = Habits(strength=5.0)
    habits.add(KEY, 1.0, 0.5)
    habits.add(KEY, 1.0, 0.5)
    assert habits.ratio([KEY]) == math.log(7.0 / 6.0)
    assert habits.ratio([KEY, KEY]) == 2 * habits.ratio([KEY])


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.floats(0.0, 1.0)), min_size=1))
def test_leaving_out_everything_leaves_nothing(occasions: list[tuple[bool, float]]) -> None:
    habits = Habits()
    for spoke, expected in occasions:
        habits.add(KEY, float(spoke), expected)
    assert abs(habits.ratio([KEY], without=habits)) < 1e-9


def test_round_trip_and_small_file() -> None:
    habits = Habits(strength=3.0)
    habits.add(KEY, 10.0, 2.5)
    habits.add(("opens", "narrator"), 1.0, 1.0)
    data = habits.to_data()
    assert data == {"follows": {"soraya > maría": [10.0, 2.5]}, "opens": {}}
    assert Habits.from_data(3.0, data).ratio([KEY]) == habits.ratio([KEY])

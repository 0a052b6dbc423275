from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import codes
from engine.codes import AXES
from engine.drama.leanings import act_pulls, add, leaning, tension_of, tone_pulls

WARM = [tone for tone, pull in tone_pulls().items() if pull.get("affection", 0) > 0]


def leans(**more: object) -> dict[str, float]:
    given_: dict[str, object] = {"away": {}, "tones": {}, "acts": {}, "moods": {}, "habits": {}, "tension": 0.5, **more}
    return leaning(**given_)  # type: ignore[arg-type]


def test_without_anything_nothing_leans() -> None:
    found = leans()
    assert set(found) == {*map(codes.tone_code, codes.TONES), *map(codes.act_code, codes.ACTS)}
    assert set(found.values()) == {0.0}


def test_a_habit_of_0_is_never() -> None:
    assert leans(moods={"tender": 0.0})["<tone:tender>"] == -math.inf
    assert leans(habits={"insult": 0.0})["<act:insult>"] == -math.inf


def test_edge_beat_temper_and_tension_all_lean() -> None:
    assert leans(tones={"icy": 2.0})["<tone:icy>"] == pytest.approx(math.log(5))
    assert leans(moods={"icy": 3.0})["<tone:icy>"] == pytest.approx(math.log(3))
    assert leans(habits={"order": 3.0})["<act:order>"] == pytest.approx(math.log(3))
    assert leans(tension=1.0)["<tone:furious>"] > 0 > leans(tension=0.0)["<tone:furious>"]
    asked = leans(acts={"accuse": 1.0})
    assert asked["<act:accuse>"] > 0 > asked["<act:comfort>"]
    loved, hated = leans(away={"affection": 0.8}), leans(away={"affection": -0.8})
    assert loved["<act:comfort>"] > 0 > hated["<act:comfort>"]
    assert hated["<act:insult>"] > 0 > loved["<act:insult>"]


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_love_warms(one: float, other: float) -> None:
    """The share of the warm tones never falls as affection grows."""

    def share(affection: float) -> float:
        weights = {tone: math.exp(leans(away={"affection": affection})[codes.tone_code(tone)]) for tone in codes.TONES}
        return sum(weights[tone] for tone in WARM) / sum(weights.values())

    less, more = sorted((one, other))
    assert share(less) <= share(more) + 1e-12


def test_the_tables_know_every_tone_act_and_axis() -> None:
    assert tuple(tone_pulls()) == codes.TONES
    assert tuple(act_pulls()) == codes.ACTS
    assert {axis for table in (tone_pulls(), act_pulls()) for pull in table.values() for axis in pull} <= set(AXES)
    assert all(0 <= tension_of(tone) <= 1 for tone in (None, *codes.TONES))


def test_adding() -> None:
    found = {"<act:ask>": 1.0}
    add(found, ["<act:ask>", "<act:tell>"], 0.5)
    assert found == {"<act:ask>": 1.5, "<act:tell>": 0.5}

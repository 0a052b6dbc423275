from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.drama.knowledge import Fact, Knowledge
from engine.drama.relations import EdgeStart, Relations
from engine.sheets.scenario import Beat, Requirement, Scenario
from engine.story import beats
from engine.story.beats import Progress

PEOPLE = ("ana", "bruno", "carla")


def scenario(*written: dict[str, Any], **more: Any) -> Scenario:
    return Scenario.model_validate({"title": "T", "cast": PEOPLE, "beats": written, **more}, strict=False)


def possible(scene: Scenario, progress: Progress, present: tuple[str, ...] = PEOPLE) -> list[str]:
    return [beat.name for beat in beats.possible(scene, present, progress, Relations(PEOPLE), Knowledge([]))]


def test_tension_between_the_points_of_the_curve() -> None:
    curve = (0.2, 1.0, 0.4)
    assert [round(beats.tension_at(curve, done), 3) for done in (-1, 0, 0.25, 0.5, 0.75, 1, 2)] == [
        0.2, 0.2, 0.6, 1.0, 0.7, 0.4, 0.4,
    ]  # fmt: skip


def test_beats_follow_each_other_and_those_with_when_come_when_they_can() -> None:
    scene = scenario(
        {"name": "a"}, {"name": "duel", "when": {"absent": ["carla"]}}, {"name": "b"}, {"name": "z", "closes": True}
    )
    progress = Progress()
    assert possible(scene, progress) == ["a"]
    assert possible(scene, progress, ("ana",)) == ["a", "duel"]
    progress.played("a")
    assert possible(scene, progress) == ["b"]
    progress.played("b")
    assert possible(scene, progress) == ["z"]


def test_a_beat_repeats_only_where_it_says_so() -> None:
    scene = scenario({"name": "a", "repeat": True}, {"name": "z", "closes": True})
    progress = Progress()
    progress.played("a")
    assert possible(scene, progress) == ["a", "z"]


@pytest.mark.parametrize(
    ("requirement", "lacking"),
    [
        ({}, ""),
        ({"present": ["carla"]}, "carla is not here"),
        ({"absent": ["ana"]}, "ana is here"),
        ({"after": ["a"]}, "'a' has not happened"),
        ({"knows": [{"who": "bruno", "fact": "will"}]}, "bruno does not know will"),
        ({"ignorant": [{"who": "ana", "fact": "will"}]}, "ana knows will"),
        (
            {"relations": [{"from": "ana", "to": "bruno", "axis": "heat", "above": 0.9}]},
            "heat of ana for bruno is +0.90",
        ),
        ({"relations": [{"from": "ana", "to": "bruno", "axis": "heat", "above": 0.8}]}, ""),
        ({"motif": "love triangle"}, "no love triangle among those present"),
    ],
)
def test_what_a_requirement_lacks(requirement: dict[str, Any], lacking: str) -> None:
    relations = Relations(PEOPLE, [EdgeStart("ana", "bruno", "rival", heat=0.9)])
    knowledge = Knowledge([Fact("will", "It is forged.")], {"ana": ["will"]})
    wanted = Requirement.model_validate(requirement, strict=False)
    assert beats.unmet(wanted, ("ana", "bruno"), Progress(), relations, knowledge) == lacking


tension = st.floats(0, 1)


@given(st.lists(st.tuples(tension, st.booleans()), min_size=1, max_size=6), tension)
def test_a_closing_beat_waits_for_all_others(written: list[tuple[float, bool]], wanted: float) -> None:
    candidates = [Beat(name=str(n), tension=each, closes=closes) for n, (each, closes) in enumerate(written)]
    chosen = beats.choose(candidates, Progress(), wanted)
    assert chosen is not None
    assert not chosen.closes or all(beat.closes for beat in candidates)


def test_the_beat_nearest_to_the_tension_then_the_first() -> None:
    candidates = [Beat(name="low", tension=0.1), Beat(name="high", tension=0.9), Beat(name="higher", tension=0.95)]
    assert beats.choose(candidates, Progress(), 0.9) == candidates[1]
    progress = Progress()
    progress.played("high")
    assert beats.choose(candidates, progress, 0.9) == candidates[2]
    assert beats.choose([], progress, 0.5) is None


def test_the_length_of_a_scene() -> None:
    line = {"speaker": "ana", "text": "No."}
    scene = scenario(
        {"name": "a", "turns": (2, 4), "lines": [line, line]}, {"name": "z", "closes": True, "turns": (0, 0)}
    )
    assert beats.length(scene) == 5.0
    assert beats.length(scene.model_copy(update={"limit": 3})) == 3.0

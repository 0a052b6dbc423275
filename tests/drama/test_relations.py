from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import codes
from engine.codes import AXES, AXIS_NAMES
from engine.drama.relations import EdgeStart, Relations, difference
from engine.errors import ScriptError
from engine.performance import Change
from engine.sheets.persona import Tie

PEOPLE = ("soraya", "maria", "nandito", "alma")

pairs = st.permutations(PEOPLE).map(lambda people: (people[0], people[1]))
values = {name: st.floats(axis.low, axis.high) for name, axis in AXES.items()}
edges = st.builds(
    lambda pair, kind, axes: EdgeStart(pair[0], pair[1], kind, **axes),
    pairs,
    st.sampled_from(codes.KINDS),
    st.fixed_dictionaries(values),
)
moves = st.tuples(st.just("move"), pairs, st.sampled_from(AXIS_NAMES), st.floats(-2, 2), st.floats(0, 1))
steps = st.lists(
    st.one_of(
        moves,
        st.tuples(st.just("decay"), st.integers(0, 40)),
        st.tuples(st.sampled_from(["forget", "recall"]), st.sampled_from(PEOPLE)),
    ),
    max_size=15,
)


def play(relations: Relations, done: list[Any]) -> list[Change]:
    changes: list[Change] = []
    for name, *details in done:
        if name == "move":
            (source, target), axis, delta, lasting = details
            change = relations.move(source, target, axis, delta, "a rule", lasting)
            changes += [change] if change else []
        elif name == "decay":
            relations.decay(*details)
        else:
            changes += getattr(relations, name)(*details)
    return changes


def test_the_defaults_are_those_of_a_sheet() -> None:
    tie = Tie()
    assert {name: axis.default for name, axis in AXES.items()} == {name: getattr(tie, name) for name in AXES}
    assert EdgeStart("a", "b").kind == tie.kind


def test_people_without_an_edge_are_strangers() -> None:
    relations = Relations(PEOPLE, [EdgeStart("maria", "soraya", "boss", trust=-0.5)])
    assert relations.kind("maria", "soraya") == "boss"
    assert relations.value("maria", "soraya", "trust") == -0.5
    assert relations.kind("soraya", "maria") == "stranger"
    assert relations.edge("soraya", "maria") == EdgeStart("soraya", "maria")
    assert relations.people == PEOPLE


def test_moving_clips_and_reports() -> None:
    relations = Relations(PEOPLE, [EdgeStart("maria", "nandito", "lover", affection=0.9)])
    assert relations.move("maria", "nandito", "affection", 0.5, "a kiss") == Change(
        "maria", "nandito", "affection", 0.9, 1.0, "a kiss"
    )
    assert relations.move("maria", "nandito", "affection", 0.5, "a kiss") is None
    assert relations.set("maria", "nandito", "heat", -3.0, "rain") == Change(
        "maria", "nandito", "heat", AXES["heat"].default, 0.0, "rain"
    )
    assert relations.opening("maria", "nandito").affection == 0.9


@pytest.mark.parametrize("axis", AXES.values(), ids=AXIS_NAMES)
def test_one_half_life_halves_the_distance_exactly(axis: Any) -> None:
    relations = Relations(PEOPLE)
    relations.set("alma", "soraya", axis.name, axis.high, "a rule")
    for turns in range(1, 4):
        relations.decay(int(axis.half_life))
        expected = axis.default + (axis.high - axis.default) * 0.5**turns
        assert relations.value("alma", "soraya", axis.name) == expected


def test_many_short_rests_are_one_long_rest() -> None:
    one, other = Relations(PEOPLE), Relations(PEOPLE)
    for relations in (one, other):
        relations.move("alma", "soraya", "heat", 0.7, "a rule")
    for _ in range(30):
        one.decay()
    other.decay(30)
    assert one.picture() == other.picture()


def test_what_lasts_does_not_wear_off() -> None:
    relations = Relations(PEOPLE, [EdgeStart("alma", "soraya", affection=0.4)])
    relations.move("alma", "soraya", "affection", -0.8, "the letter", lasting=0.5)
    assert relations.value("alma", "soraya", "affection") == pytest.approx(-0.4)
    relations.decay(100_000)
    assert relations.value("alma", "soraya", "affection") == pytest.approx(0.0)
    assert relations.opening("alma", "soraya").affection == 0.4


@given(st.lists(edges, max_size=6), steps)
def test_every_value_stays_in_its_range(start: list[EdgeStart], done: list[Any]) -> None:
    relations = Relations(PEOPLE, start)
    changes = play(relations, done)
    for change in changes:
        assert change.before != change.after
    for targets in relations.picture().values():
        for edge in targets.values():
            assert all(axis.low <= edge[name] <= axis.high for name, axis in AXES.items())


@given(st.lists(edges, max_size=6), steps, steps)
def test_a_snapshot_goes_on_to_the_bit(start: list[EdgeStart], before: list[Any], after: list[Any]) -> None:
    relations = Relations(PEOPLE, start)
    play(relations, before)
    data = relations.snapshot()
    restored = Relations.restore(json.loads(json.dumps(data)))
    assert restored.snapshot() == data
    assert play(restored, after) == play(relations, after)
    assert restored.picture() == relations.picture()
    assert data["turn"] == sum(step[1] for step in before if step[0] == "decay")


@pytest.mark.parametrize(
    "data", [{}, {"people": ["a"], "turn": 0, "edges": {"a": {"z": {}}}, "forgotten": {}}, {"people": 3}]
)
def test_what_is_no_snapshot_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(ScriptError, match="not a saved relationship graph"):
        Relations.restore(data)


@given(st.lists(edges, max_size=6), steps, st.sampled_from(PEOPLE), st.integers(0, 200))
def test_amnesia_and_back(start: list[EdgeStart], done: list[Any], person: str, turns: int) -> None:
    relations = Relations(PEOPLE, start)
    play(relations, [step for step in done if step[0] in {"move", "decay"}])
    before = relations.picture()
    lost = relations.forget(person)
    for other in PEOPLE:
        if other != person:
            assert relations.edge(person, other) == EdgeStart(person, other)
            assert relations.kind(other, person) == before[other].get(person, {"kind": "stranger"})["kind"]
    assert relations.has_forgotten(person)
    others = {name: targets for name, targets in relations.picture().items() if name != person}
    assert others == {name: targets for name, targets in before.items() if name != person}
    relations.decay(turns)
    found = relations.recall(person)
    assert relations.picture()[person] == before[person]
    assert [(c.target, c.axis, c.after, c.before) for c in found] == [
        (c.target, c.axis, c.before, c.after) for c in lost
    ]
    assert not relations.has_forgotten(person)
    assert relations.recall(person) == []


def test_what_grew_during_amnesia_is_kept() -> None:
    relations = Relations(("nadie", "soraya", "teresa"), [EdgeStart("nadie", "soraya", "spouse", affection=0.5)])
    relations.forget("nadie")
    relations.move("nadie", "teresa", "affection", 0.6, "bread")
    relations.move("nadie", "soraya", "affection", -0.2, "a cold hand")
    relations.forget("nadie")  # a second blow on the head does not lose the first memory
    assert relations.value("nadie", "soraya", "affection") == 0.0
    relations.move("nadie", "soraya", "affection", -0.2, "a cold hand")
    relations.recall("nadie")
    assert relations.kind("nadie", "soraya") == "spouse"
    assert relations.value("nadie", "soraya", "affection") == pytest.approx(0.3)
    assert relations.value("nadie", "teresa", "affection") == pytest.approx(0.6)


def test_how_far_an_edge_is_from_its_defaults() -> None:
    relations = Relations(PEOPLE)
    assert relations.away("alma", "soraya") == dict.fromkeys(AXIS_NAMES, 0.0)
    relations.move("alma", "soraya", "affection", -0.5, "a rule")
    assert relations.away("alma", "soraya")["affection"] < 0


def test_the_closing_picture() -> None:
    relations = Relations(PEOPLE, [EdgeStart("maria", "nandito", "stranger", affection=0.2)])
    before = relations.picture()
    relations.become("maria", "nandito", "sibling")
    relations.move("maria", "nandito", "affection", 0.3, "a portrait")
    relations.move("maria", "nandito", "trust", 0.04, "a portrait")
    relations.move("alma", "maria", "trust", 0.5, "a portrait")
    found = difference(before, relations.picture())
    assert [(d.source, d.target, d.axis, d.before) for d in found] == [
        ("maria", "nandito", "kind", "stranger"),
        ("alma", "maria", "trust", 0.0),
        ("maria", "nandito", "affection", 0.2),
    ]
    assert [d.after for d in found] == ["sibling", 0.5, pytest.approx(0.5)]
    assert difference(before, before) == []


def test_the_graph_is_networkx() -> None:
    graph = Relations(PEOPLE, [EdgeStart("maria", "soraya", "boss", power=-0.6)]).graph()
    assert set(graph) == set(PEOPLE)
    assert graph.edges["maria", "soraya"]["kind"] == "boss"
    assert graph.edges["maria", "soraya"]["power"] == -0.6


def test_mistakes_are_named() -> None:
    relations = Relations(("maria",))
    with pytest.raises(ValueError, match="'sorya' is not in the graph: it has maria"):
        relations.value("maria", "sorya", "trust")
    with pytest.raises(ValueError, match="'maria' has no edge to the same person"):
        relations.kind("maria", "maria")
    with pytest.raises(ValueError, match="kind 'aunt' is not one of lover"):
        relations.become("maria", "maria", "aunt")
    with pytest.raises(ValueError, match=r"heat -0\.1 is not between 0 and 1"):
        EdgeStart("maria", "soraya", heat=-0.1)
    with pytest.raises(ValueError, match="'sorya' is not in the graph"):
        relations.forget("sorya")

from __future__ import annotations

import pytest

from engine.drama.motifs import MOTIFS, Motif, find
from engine.drama.relations import EdgeStart, Relations

PEOPLE = ("jane", "julian", "adrian", "tomas")


def graph(*edges: EdgeStart) -> Relations:
    return Relations(PEOPLE, edges)


def named(relations: Relations, name: str) -> list[tuple[str, ...]]:
    return [motif.people for motif in find(relations, PEOPLE, [name])]


def test_strangers_make_no_motif() -> None:
    assert find(graph(), PEOPLE) == []


def test_love_triangle_of_two_who_love_a_third_or_one_who_loves_two() -> None:
    two = graph(EdgeStart("julian", "jane", "lover", affection=0.8), EdgeStart("tomas", "jane", "ex", affection=0.6))
    assert named(two, "love triangle") == [("jane", "julian", "tomas")]
    torn = graph(EdgeStart("jane", "julian", "lover", affection=0.8), EdgeStart("jane", "tomas", "ex", affection=0.6))
    assert named(torn, "love triangle") == [("jane", "julian", "tomas")]
    over = graph(EdgeStart("julian", "jane", "lover", affection=0.8), EdgeStart("tomas", "jane", "ex", affection=0.4))
    assert named(over, "love triangle") == []


def test_unrequited_love_ends_when_it_is_returned() -> None:
    relations = graph(EdgeStart("jane", "julian", "boss", affection=0.8, heat=0.6))
    assert find(relations, PEOPLE) == [Motif("unrequited love", ("jane", "julian"))]
    relations.set("julian", "jane", "affection", 0.4, "a manuscript")
    assert find(relations, PEOPLE) == []


def test_a_mother_is_not_in_love() -> None:
    assert find(graph(EdgeStart("jane", "julian", "child", affection=1.0, heat=1.0)), PEOPLE) == []


def test_betrayal_by_a_false_friend_and_by_trust_that_is_gone() -> None:
    false = graph(
        EdgeStart("jane", "adrian", "friend", affection=0.5, trust=0.5),
        EdgeStart("adrian", "jane", "friend", affection=-0.5, trust=-0.2),
    )
    assert named(false, "betrayal") == [("jane", "adrian")]
    relations = graph(EdgeStart("jane", "tomas", "friend", affection=0.5, trust=0.5))
    assert named(relations, "betrayal") == []
    relations.move("jane", "tomas", "trust", -0.5, "the file", lasting=1.0)
    assert named(relations, "betrayal") == [("jane", "tomas")]
    relations.forget("jane")
    assert named(relations, "betrayal") == []


def test_siblings_are_rivals_in_hate_or_in_love() -> None:
    cold = graph(EdgeStart("adrian", "julian", "sibling", affection=-0.3))
    assert named(cold, "sibling rivalry") == [("julian", "adrian")]
    love = graph(
        EdgeStart("adrian", "julian", "sibling"),
        EdgeStart("adrian", "jane", "lover", affection=0.6),
        EdgeStart("julian", "jane", "lover", affection=0.9),
    )
    assert named(love, "sibling rivalry") == [("julian", "adrian")]
    assert named(graph(EdgeStart("adrian", "julian", "rival", affection=-0.3)), "sibling rivalry") == []


def test_a_feud_and_how_it_is_made_up() -> None:
    relations = graph(
        EdgeStart("adrian", "tomas", "enemy", affection=-0.6, heat=0.7),
        EdgeStart("tomas", "adrian", "enemy", affection=-0.5),
    )
    assert find(relations, PEOPLE) == [Motif("feud", ("adrian", "tomas"))]
    relations.set("adrian", "tomas", "heat", 0.1, "a truce")
    assert find(relations, PEOPLE) == []  # cold hate is neither a feud nor peace
    relations.set("adrian", "tomas", "affection", 0.0, "a room of his own")
    relations.set("tomas", "adrian", "affection", 0.1, "a room of his own")
    assert find(relations, PEOPLE) == [Motif("reconciliation", ("adrian", "tomas"))]
    assert find(Relations.restore(relations.snapshot()), PEOPLE) == find(relations, PEOPLE)
    relations.forget("adrian")
    assert find(relations, PEOPLE) == []


def test_only_among_those_asked_for() -> None:
    relations = graph(EdgeStart("jane", "julian", "lover", affection=0.8))
    assert find(relations, ("jane", "tomas")) == []
    assert named(relations, "feud") == []
    with pytest.raises(ValueError, match="'revenge' is not a motif: there are love triangle"):
        find(relations, PEOPLE, ["revenge"])


def test_every_motif_says_what_it_is() -> None:
    assert list(MOTIFS) == [
        "love triangle", "unrequited love", "betrayal", "sibling rivalry", "feud", "reconciliation",
    ]  # fmt: skip
    assert all(definition.meaning.endswith(".") for definition in MOTIFS.values())

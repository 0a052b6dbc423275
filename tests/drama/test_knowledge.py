from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.drama.knowledge import Fact, Knowledge, opposite
from engine.errors import ScriptError
from engine.performance import Learned

PEOPLE = ("refugio", "soraya", "maria", "nandito")
FACTS = (
    Fact("marias-father", "María is Don Aurelio's daughter.", ("father", "portrait"), ("maria",)),
    Fact("true-will", "The will in use was forged.", ("will", "ink", "father"), ("nandito", "maria")),
    Fact("sunken-boat", "Soraya had the boat sunk.", ("boat",), ("soraya",)),
)
IDS = [fact.id for fact in FACTS]

people = st.sampled_from(PEOPLE)
facts = st.sampled_from(IDS)
present = st.lists(people, unique=True)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("learn"), facts, present, people),
        st.tuples(st.just("lie"), facts, people, present),
        st.tuples(st.just("conceal"), people, facts),
        st.tuples(st.sampled_from(["forget", "recall"]), people),
    ),
    max_size=12,
)


def play(knowledge: Knowledge, done: list[Any]) -> list[Any]:
    return [getattr(knowledge, name)(*details) for name, *details in done]


def told() -> Knowledge:
    return Knowledge(FACTS, {"refugio": ["marias-father"]}, {"soraya": ["marias-father", "sunken-boat"]})


def test_who_knows_at_the_beginning() -> None:
    knowledge = told()
    assert knowledge.holders("marias-father") == ("refugio", "soraya")
    assert knowledge.known("soraya") == (FACTS[0], FACTS[2])
    assert not knowledge.knows("maria", "marias-father")
    assert knowledge.fact("sunken-boat").words == ("boat",)
    assert not knowledge.knows("maria", "a fact of another story")


@given(facts, present, people)
def test_only_those_present_learn(fact: str, there: list[str], by: str) -> None:
    knowledge = told()
    before = {person: knowledge.knows(person, fact) for person in PEOPLE}
    learned = knowledge.learn(fact, there, by)
    assert learned == [Learned(person, fact, by) for person in there if not before[person]]
    assert all(knowledge.knows(person, fact) == (before[person] or person in there) for person in PEOPLE)
    assert knowledge.learn(fact, there, by) == []


def test_a_lie_is_believed_until_the_truth_comes() -> None:
    knowledge = told()
    deceived = knowledge.lie("marias-father", "soraya", ["soraya", "maria", "refugio"])
    assert deceived == [Learned("maria", opposite("marias-father"), "soraya")]
    assert knowledge.believes("maria", "marias-father") is False
    assert knowledge.believes("refugio", "marias-father") is True
    assert knowledge.believes("nandito", "marias-father") is None
    assert knowledge.lie("marias-father", "soraya", ["maria"]) == []
    assert knowledge.topics("maria") == ()
    assert knowledge.learn("marias-father", ["maria"], "refugio") == [Learned("maria", "marias-father", "refugio")]
    assert knowledge.believes("maria", "marias-father") is True


def test_who_conceals_does_not_bring_it_up_until_she_tells() -> None:
    knowledge = told()
    assert knowledge.topics("refugio") == ("father", "portrait")
    assert knowledge.topics("soraya") == ()
    knowledge.learn("sunken-boat", ["maria"], "soraya")
    assert knowledge.topics("soraya") == ("boat",)
    assert knowledge.conceal("refugio", "marias-father")
    assert knowledge.topics("refugio") == ()
    assert not knowledge.conceal("nandito", "marias-father")
    assert knowledge.topics("nandito") == ()


def test_words_come_once_and_in_order() -> None:
    assert Knowledge(FACTS, {"soraya": reversed(IDS)}).topics("soraya") == ("father", "portrait", "will", "ink", "boat")


@given(steps, people)
def test_amnesia_and_back(done: list[Any], person: str) -> None:
    knowledge = told()
    play(knowledge, [step for step in done if step[0] not in {"forget", "recall"}])
    before = knowledge.snapshot()
    lost = knowledge.forget(person)
    assert {each.fact for each in lost} == set(before["minds"].get(person, {"known": []})["known"])
    assert all(each.lost and each.who == person for each in lost)
    assert knowledge.known(person) == () == knowledge.topics(person)
    found = knowledge.recall(person)
    assert [each.fact for each in found] == [each.fact for each in lost]
    assert not any(each.lost for each in found)
    after = knowledge.snapshot()
    empty: dict[str, list[str]] = {"known": [], "deceived": [], "concealed": []}
    assert {name: after["minds"].get(name, empty) for name in PEOPLE} == {
        name: before["minds"].get(name, empty) for name in PEOPLE
    }
    assert after["forgotten"] == {}


def test_what_was_learnt_during_amnesia_stays() -> None:
    knowledge = told()
    knowledge.lie("true-will", "soraya", ["refugio"])
    knowledge.forget("refugio")
    knowledge.learn("true-will", ["refugio"], "nandito")
    knowledge.lie("marias-father", "soraya", ["refugio"])
    knowledge.forget("refugio", "another blow")
    assert knowledge.recall("refugio", "bread") == [
        Learned("refugio", "marias-father", "bread"),
        Learned("refugio", "true-will", "bread"),
    ]
    assert knowledge.believes("refugio", "marias-father") is True


@given(steps, steps)
def test_a_snapshot_goes_on_as_it_would_have(before: list[Any], after: list[Any]) -> None:
    knowledge = told()
    play(knowledge, before)
    data = knowledge.snapshot()
    restored = Knowledge.restore(FACTS, json.loads(json.dumps(data)))
    assert restored.snapshot() == data
    assert play(restored, after) == play(knowledge, after)
    for person in PEOPLE:
        assert restored.topics(person) == knowledge.topics(person)
        assert not any(restored.knows(person, fact) and restored.believes(person, fact) is False for fact in IDS)


def test_a_snapshot_of_another_story_is_refused() -> None:
    with pytest.raises(ScriptError, match="'sunken-boat' is not a fact here: there are marias-father"):
        Knowledge.restore(FACTS[:1], told().snapshot())
    with pytest.raises(ScriptError, match="not saved knowledge of this story"):
        Knowledge.restore(FACTS, {"minds": []})


def test_unknown_facts_are_named() -> None:
    with pytest.raises(ValueError, match="'the-twin' is not a fact here: there are none"):
        Knowledge([], {"adrian": ["the-twin"]})
    with pytest.raises(ValueError, match="'the-twin' is not a fact here"):
        told().learn("the-twin", PEOPLE, "renata")


WILL = Fact("the-will", "The will is forged.", topics=("the will",), predicates=frozenset({"forge"}))


@pytest.mark.parametrize(
    ("act", "predicate", "phrases", "told_by"),
    [
        ("reveal", "forge", ["the will"], True),
        ("confess", "forge", ["the ring", "the will"], True),
        ("tell", "forge", ["the will"], False),
        ("reveal", "burn", ["the will"], False),
        ("reveal", "forge", ["the ring"], False),
        (None, None, [], False),
    ],
)
def test_which_line_tells_a_fact(act: str | None, predicate: str | None, phrases: list[str], told_by: bool) -> None:
    assert WILL.told_by(act, predicate, phrases) is told_by


def test_a_fact_without_predicates_is_told_by_any_line_about_it() -> None:
    assert Fact("x", "X.", topics=("the will",)).told_by("reveal", "burn", ["the will"])
    assert not Fact("x", "X.").comes_up(["the will"])


def test_what_she_conceals() -> None:
    knowledge = Knowledge([WILL], secrets={"ana": ["the-will"]})
    assert knowledge.conceals("ana", "the-will")
    assert not knowledge.conceals("bruno", "the-will")
    knowledge.learn("the-will", ["bruno"], "ana")
    assert not knowledge.conceals("ana", "the-will")

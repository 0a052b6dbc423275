from __future__ import annotations

import math
from dataclasses import replace
from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.turns import addressing, ordering
from engine.turns.floor import FADING, REACH, Situation, Spoken, alternation, partners
from engine.turns.habits import Habits
from engine.turns.ordering import Bid, Weights, bids, choose
from engine.turns.vocative import Forms

FORMS = Forms({"soraya": ["Soraya"], "maria": ["María"], "nandito": ["Nandito"], "refugio": ["Refugio"]})
PEOPLE = ("soraya", "maria", "nandito", "refugio")
DEFAULT = Weights()


def situation(*lines: tuple[str, str] | tuple[str, str, str]) -> Situation:
    return Situation(PEOPLE, [Spoken(*line) for line in lines], FORMS)


TALK = situation(
    ("soraya", "Who lit that candle?"),
    ("nandito", "It was the wind that lit it for us."),
    ("refugio", "The pot knows who it was."),
    ("soraya", "Black, and without the proverb."),
    ("maria", "I lit that candle with my own hands."),
)


def probability(found: list[Bid], person: str) -> float:
    return next(bid.probability for bid in found if bid.person == person)


def test_bids_are_a_distribution_strongest_first() -> None:
    found = bids(TALK, DEFAULT)
    assert math.isclose(sum(bid.probability for bid in found), 1.0)
    assert [bid.probability for bid in found] == sorted((bid.probability for bid in found), reverse=True)
    assert {bid.person for bid in found} == set(PEOPLE)


def test_reasons_add_up_to_the_odds() -> None:
    found = bids(TALK, DEFAULT)
    first, second = found[0], found[1]
    odds = math.log(first.probability / second.probability)
    assert math.isclose(sum(first.reasons.values()) - sum(second.reasons.values()), odds, abs_tol=0.1)


def test_the_ordinary_answer_comes_from_the_last_other_speaker() -> None:
    assert bids(TALK, DEFAULT)[0].person == "soraya"


@pytest.mark.parametrize(
    "line", [Spoken("maria", "I lit that candle, Refugio."), Spoken("maria", "I lit that candle.", "refugio")]
)
def test_who_is_called_or_addressed_is_selected(line: Spoken) -> None:
    history = [*TALK.history[:-1], line]
    found = bids(replace(TALK, history=history), DEFAULT)
    assert found[0].person == "refugio"
    assert next(iter(found[0].reasons)) in {"called", "addressed"}


def test_a_line_for_nobody_present_turns_the_floor_to_nobody() -> None:
    away = replace(TALK, history=[*TALK.history[:-1], replace(TALK.history[-1], addressee="viewer")])
    assert bids(away, DEFAULT) == bids(TALK, DEFAULT)
    assert addressing.addressees(away, "soraya", DEFAULT) == addressing.addressees(TALK, "soraya", DEFAULT)


def test_nobody_absent_bids() -> None:
    found = bids(replace(TALK, present=("maria", "nandito")), DEFAULT)
    assert {bid.person for bid in found} == {"maria", "nandito"}
    assert bids(replace(TALK, present=()), DEFAULT) == []


@pytest.mark.parametrize("change", ["heat", "entered", "focus", "talkativeness", "bend", "affection"])
def test_graph_beat_and_sheet_bend_the_bids(change: str) -> None:
    bent = {
        "heat": {"heat": {"nandito": 1.0}},
        "affection": {"affection": {"nandito": -1.0}},
        "entered": {"entered": frozenset({"nandito"})},
        "focus": {"focus": frozenset({"nandito"})},
        "talkativeness": {"talkativeness": {"nandito": 1.0}},
        "bend": {"bend": {"nandito": 3.0}},
    }[change]
    after = bids(replace(TALK, **bent), DEFAULT)  # type: ignore[arg-type]
    assert probability(after, "nandito") > probability(bids(TALK, DEFAULT), "nandito")


def test_the_silent_speak_when_spoken_to() -> None:
    called = replace(TALK, history=[*TALK.history[:-1], Spoken("maria", "Nandito!")])
    silent = {"nandito": 0.0}
    assert bids(replace(called, talkativeness=silent), DEFAULT) == bids(called, DEFAULT)
    assert probability(bids(replace(TALK, talkativeness=silent), DEFAULT), "nandito") < probability(
        bids(TALK, DEFAULT), "nandito"
    )


def test_habits_count() -> None:
    habits = Habits()
    habits.add(("follows", "maria > nandito"), 30.0, 3.0)
    after = bids(TALK, Weights(speaking=habits))
    assert probability(after, "nandito") > probability(bids(TALK, DEFAULT), "nandito")
    assert "follows" in next(bid for bid in after if bid.person == "nandito").reasons


def test_policies() -> None:
    generator = np.random.default_rng(0)
    assert choose(TALK, DEFAULT, generator, "round-robin").person == "nandito"
    gone = replace(TALK, present=("soraya", "refugio", "anselmo"))
    assert choose(gone, DEFAULT, generator, "round-robin").person == "anselmo"
    assert choose(TALK, DEFAULT, generator, "script", order=["soraya", "maria"]).person == "maria"
    assert choose(TALK, DEFAULT, generator, "script", order=["soraya", "anselmo"]).person == "soraya"
    assert choose(TALK, DEFAULT, generator, "script", order=["anselmo"]).by == "natural"
    assert choose(TALK, DEFAULT, generator, "script", order=["soraya", "maria"], turn=2).person == "soraya"
    forced = choose(TALK, DEFAULT, generator, "round-robin", force="refugio")
    assert (forced.person, forced.by) == ("refugio", "force")


def test_force_cannot_bring_on_somebody_absent() -> None:
    with pytest.raises(ValueError, match="anselmo is not on stage and cannot speak"):
        choose(TALK, DEFAULT, np.random.default_rng(0), force="anselmo")
    with pytest.raises(ValueError, match="nobody is on stage"):
        choose(Situation(()), DEFAULT, np.random.default_rng(0))


def test_choices_follow_the_bids_and_the_seed() -> None:
    generator, again = np.random.default_rng(3), np.random.default_rng(3)
    drawn = [choose(TALK, DEFAULT, generator).person for _ in range(400)]
    assert drawn[:50] == [choose(TALK, DEFAULT, again).person for _ in range(50)]
    assert abs(drawn.count("soraya") / 400 - probability(bids(TALK, DEFAULT), "soraya")) < 0.1


def test_alternation() -> None:
    lines = [Spoken(name, "") for name in ("refugio", "soraya", "maria", "soraya", "maria", "soraya")]
    assert alternation(lines) == 3
    assert alternation(lines[:2]) == 0


def test_partners_are_those_who_spoke_around_the_last_speaker() -> None:
    lines = [Spoken(name, "") for name in ("refugio", "soraya", "maria", "maria", "soraya")]
    assert partners(lines) == pytest.approx({"maria": 1.0 + FADING**2, "refugio": FADING**3})
    assert partners(lines[:1]) == {}


def test_a_turn_costs_the_same_however_long_the_scene() -> None:
    long = [Spoken(PEOPLE[turn % 4], "Well.") for turn in range(20_000)]
    short = long[-REACH:]
    assert bids(replace(TALK, history=long), DEFAULT) == bids(replace(TALK, history=short), DEFAULT)
    people = tuple(f"p{number}" for number in range(50))
    history = [Spoken(people[turn * 7 % 50], "And now?") for turn in range(10_000)]
    start = process_time()
    for turn in range(9_900, 10_000):
        bids(Situation(people, history[:turn], FORMS), DEFAULT)
    assert process_time() - start < 0.5


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([*PEOPLE, "ghost"]), st.text(max_size=40), st.sampled_from([None, *PEOPLE])),
        max_size=8,
    ),
    st.sets(st.sampled_from(PEOPLE), min_size=1),
)
def test_any_history_gives_distributions(lines: list[tuple[str, str, str | None]], present: set[str]) -> None:
    here = Situation(sorted(present), [Spoken(*line) for line in lines], FORMS)
    assert math.isclose(sum(bid.probability for bid in bids(here, DEFAULT)), 1.0)
    speaker = sorted(present)[0]
    found = addressing.addressees(here, speaker, DEFAULT)
    assert {bid.person for bid in found} == present - {speaker}
    assert not found or math.isclose(sum(bid.probability for bid in found), 1.0)


def test_addressees() -> None:
    assert addressing.addressees(TALK, "soraya", DEFAULT)[0].person == "maria"
    assert addressing.addressees(replace(TALK, present=("soraya",)), "soraya", DEFAULT) == []
    heated = addressing.addressees(replace(TALK, heat={"refugio": 1.0}), "soraya", DEFAULT)
    assert probability(heated, "refugio") > probability(addressing.addressees(TALK, "soraya", DEFAULT), "refugio")
    habits = Habits()
    habits.add(("talks to", "soraya > nandito"), 40.0, 2.0)
    after = addressing.addressees(TALK, "soraya", Weights(addressing=habits))
    assert probability(after, "nandito") > probability(addressing.addressees(TALK, "soraya", DEFAULT), "nandito")


def test_plain_turns_are_for_the_last_other_speaker() -> None:
    picked = addressing.picked_out(TALK, "soraya", DEFAULT)
    mixed = addressing.addressees(TALK, "soraya", replace(DEFAULT, plain=0.8))
    assert math.isclose(probability(mixed, "maria"), 0.8 + 0.2 * probability(picked, "maria"))
    assert math.isclose(probability(mixed, "refugio"), 0.2 * probability(picked, "refugio"))
    nobody_spoke = replace(TALK, history=[])
    assert addressing.addressees(nobody_spoke, "soraya", DEFAULT) == addressing.picked_out(
        nobody_spoke, "soraya", DEFAULT
    )


def test_every_feature_is_named_once_and_explained() -> None:
    for features in (ordering.FEATURES, addressing.FEATURES):
        names = [feature.name for feature in features]
        assert len(set(names)) == len(names)
        assert all(feature.meaning.endswith(".") for feature in features)


def test_every_value_has_a_feature() -> None:
    for history in (TALK.history, [], TALK.history[:1], [*TALK.history, Spoken("maria", "Refugio, mija!", "nandito")]):
        here = replace(TALK, history=history)
        named = {name for person in PEOPLE for name in ordering.circumstances(here.floor, person)}
        assert named <= {feature.name for feature in ordering.FEATURES}
        named = {name for person in PEOPLE for name in addressing.circumstances(here.floor, "soraya", person)}
        assert named <= {feature.name for feature in addressing.FEATURES}

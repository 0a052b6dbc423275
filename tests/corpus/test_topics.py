from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import codes
from engine.corpus import topics
from engine.speech.casting import fill

LETTER = {"thing": "the letter", "third": "the doctor"}


def test_a_note_is_read() -> None:
    assert topics.parse("thing = the letter; third = the doctor") == (LETTER, [])
    assert topics.parse(" ; place=the chapel ;") == ({"place": "the chapel"}, [])
    assert topics.parse("") == ({}, [])


@pytest.mark.parametrize(
    ("note", "wrong"),
    [
        ("the letter", "'the letter' is not a topic; write, for instance, thing = the letter"),
        ("thing =", "'thing =' is not a topic; write, for instance, thing = the letter"),
        ("thng = the letter", "'thng' is not one of thing, place, third, event (did you mean 'thing'?)"),
        ("x = the letter", "'x' is not one of thing, place, third, event"),
        ("thing = the letter; thing = the ring", "'thing' stands here twice"),
    ],
)
def test_what_is_wrong_with_a_note_is_said(note: str, wrong: str) -> None:
    assert topics.parse(note)[1] == [wrong]


@pytest.mark.parametrize(
    ("role", "phrase", "slot"),
    [
        ("thing", "the letter", "<paper>"),
        ("thing", "the birth certificate", "<paper>"),
        ("thing", "the keys of the house", "<key>"),
        ("thing", "the Ring", "<jewel>"),
        ("thing", "the cake", "<thing>"),
        ("place", "the kitchen", "<place.in>"),
        ("place", "the roof", "<place.on>"),
        ("place", "the harbour", "<place.at>"),
        ("place", "the moon", "<place.in>"),
        ("third", "the nurse", "<third.she>"),
        ("third", "the twins", "<third.they>"),
        ("third", "the neighbour", "<third.he>"),
        ("event", "the fire", "<event.harm>"),
        ("event", "the wedding", "<event>"),
    ],
)
def test_the_noun_says_the_slot(role: str, phrase: str, slot: str) -> None:
    assert topics.slot(role, phrase) == slot
    assert slot in codes.TOPIC_SLOTS


def test_a_language_without_nouns_takes_the_first_slot_of_each_row() -> None:
    assert topics.slot("thing", "la lettre", "fr") == "<thing>"
    assert topics.slot("third", "l'infirmière", "fr") == "<third.he>"


def test_spanish_topics_have_their_slots() -> None:
    assert topics.slot("thing", "la carta", "es") == "<paper>"
    assert topics.slot("thing", "las llaves de la casa", "es") == "<key>"
    assert topics.slot("third", "la enfermera", "es") == "<third.she>"


def test_topics_are_hidden_as_whole_words_the_longest_first() -> None:
    found = topics.hide("The letter! The letters, and the doctor's letter.", LETTER)
    assert found == "<paper>! The letters, and <third.he>'s letter."
    both = {"thing": "the ring", "place": "the ring road"}
    assert topics.hide("Leave the ring on the ring road.", both) == "Leave <jewel> on <place.on>."


def test_what_a_line_names_once_each_in_order() -> None:
    assert topics.said("<third.he> has <paper>. <paper>, <you>!") == ("<third.he>", "<paper>")
    assert topics.said("<mother> has nothing.") == ()


def test_whether_a_text_names_a_topic() -> None:
    assert topics.names("Burn The Letter.", "the letter")
    assert not topics.names("Burn the letters.", "the letter")


def test_phrases_come_back_with_a_capital_at_the_head_of_a_sentence() -> None:
    slots = topics.slots(LETTER)
    assert slots == {"<paper>": "the letter", "<third.he>": "the doctor"}
    filled = fill('<paper>? Ask <third.he>. ¿<third.he>? "<paper>"', slots.get)
    assert filled == 'The letter? Ask the doctor. ¿The doctor? "The letter"'
    assert fill("Ask <third.she>.", slots.get) is None
    assert fill("Ask me.", slots.get) == "Ask me."


def test_a_topic_that_nobody_bound() -> None:
    assert topics.unbound("You burnt the letter.", "the ring; Ana")
    assert topics.unbound("THE LETTER is gone.", "")
    assert not topics.unbound("You burnt the letter.", "the ring; the letter")
    assert not topics.unbound("You burnt <paper>.", "")
    assert not topics.unbound("You burnt a letter in the night.", "")
    assert topics.unbound("Quemaste la carta.", "el anillo", "es")
    assert not topics.unbound("Quemaste la carta.", "el anillo; la carta", "es")


words = st.sampled_from(["she", "took", "burnt", "it", "and", "yes"])
bound = st.fixed_dictionaries(
    {},
    optional={
        "thing": st.sampled_from(["the letter", "the gold watch", "the cake"]),
        "place": st.sampled_from(["the chapel", "the station"]),
        "third": st.sampled_from(["the doctor", "the old nurse"]),
        "event": st.sampled_from(["the fire", "the wedding"]),
    },
)


@given(bound, st.data())
def test_what_is_hidden_is_filled_in_again(found: dict[str, str], data: st.DataObject) -> None:
    parts = st.one_of(words, st.sampled_from(sorted(found.values()))) if found else words
    sentence = " ".join(data.draw(st.lists(parts, min_size=1, max_size=10)))
    text = f"{sentence[0].upper()}{sentence[1:]}."
    hidden = topics.hide(text, found)
    assert fill(hidden, topics.slots(found).get) == text
    assert {phrase for phrase in found.values() if topics.names(text, phrase)} == {
        topics.slots(found)[slot] for slot in topics.said(hidden)
    }
    assert not any(topics.names(hidden, phrase) for phrase in found.values())


@given(st.sampled_from(sorted(codes.TOPICS)), st.text(max_size=30))
def test_any_phrase_has_a_slot_of_its_row(role: str, phrase: str) -> None:
    assert topics.slot(role, phrase).strip("<>") in codes.TOPICS[role]


@given(st.text(max_size=60))
def test_any_note_is_read_or_its_faults_are_told(note: str) -> None:
    found, wrong = topics.parse(note)
    assert set(found) <= set(codes.TOPICS)
    assert bool(found or wrong) == bool(note.strip(" ;\t") and note.replace(";", "").strip())

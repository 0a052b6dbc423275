"""Who does what in plain sentences: what the rules read right, and the known limits of reading without a parser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import codes
from engine.corpus import gist as module
from engine.corpus.gist import gist, known, slot_subject
from engine.frames import Gist

RIGHT = [
    ("You gave the letter to the doctor.", "you give"),
    ("I did not steal the ring.", "me not steal"),
    ("She loves my brother.", "he love"),
    ("We are going to leave tonight.", "we leave"),
    ("They took my son.", "they take"),
    ("My mother cried all night.", "he cry"),
    ("The doctor lied to us.", "he lie"),
    ("This house belongs to my father.", "it belong"),
    ("<third.he> knows the truth.", "third know"),
    ("<paper> burned in the fire.", "thing burn"),
    ("<me> is leaving.", "me leave"),
    ("<you>, I never said that.", "me not say"),
    ("Who took <jewel>?", "who take"),
    ("What did you do with <paper>?", "you do"),
    ("Do you love him?", "you love"),
    ("Did he hurt you?", "he hurt"),
    ("Have you seen <paper>?", "you see"),
    ("Will you marry me?", "you marry"),
    ("Why did you leave me?", "you leave"),
    ("Is it true?", "it true"),
    ("Who are you?", "you be"),
    ("Give me the key.", "imperative give"),
    ("Do not lie to me.", "imperative not lie"),
    ("Please sit down.", "imperative sit"),
    ("Never come back here.", "imperative not come"),
    ("Darling, come here.", "imperative come"),
    ("Let me go.", "me go"),
    ("Let us dance.", "we dance"),
    ("I want to see my son.", "me see"),
    ("I have no money.", "me not have"),
    ("I have to go.", "me go"),
    ("I am sorry.", "me sorry"),
    ("You are a liar.", "you be"),
    ("He is dead.", "he dead"),
    ("It is not true.", "it not true"),
    ("Nobody knows my name.", "none not know"),
    ("Somebody opened the door.", "someone open"),
    ("Everybody saw it.", "all see"),
    ("There is no time.", "there not be"),
    ("I can't forgive you.", "me not forgive"),
    ("You won't marry her.", "you not marry"),
    ("You should have told me.", "you tell"),
    ("He's lying.", "he lie"),
    ("I've forgotten everything.", "me forget"),
    ("Yes, my child, I remember.", "me remember"),
    ("I swear it. I did not kill him.", "me not kill"),
    ("Listen to me. He stole the ring.", "he steal"),
    ("I gambled it away.", "me other"),
]
#: What a rule for plain sentences cannot know; a change here is welcome, and then a row of the table above.
LIMITS = [
    ("The ring was stolen by <third.she>.", "it steal"),  # a passive: whom it was done to
    ("The man with the gun waits outside.", "it wait"),  # a noun with a phrase behind it
    ("I think that you killed him.", "me think"),  # what is thought stands in the second clause
    ("I swear, I did not kill him.", "me swear"),  # a formula before a comma and not a full stop
    ("If you leave, I die.", "you leave"),  # the condition goes for the clause
    ("I gave her nothing.", "me give"),  # a denial that is not next to its verb
    ("He gave up.", "he give"),  # a verb in two words
    ("Don't you dare touch her.", "you other"),  # an order with its subject
]
NOTHING = ["", "No.", "Oh!", "My darling!", "Where is my daughter?", "My poor old mother cried.", "..."]


def test_the_table_is_as_long_as_it_should_be() -> None:
    assert len(RIGHT) >= 40


@pytest.mark.parametrize(("text", "found"), RIGHT)
def test_plain_sentences(text: str, found: str) -> None:
    assert str(gist(text)) == found


@pytest.mark.parametrize(("text", "found"), LIMITS)
def test_known_limits(text: str, found: str) -> None:
    assert str(gist(text)) == found


@pytest.mark.parametrize("text", NOTHING)
def test_without_a_subject_and_a_verb_there_is_no_gist(text: str) -> None:
    assert gist(text) is None


def test_a_language_without_word_lists_has_no_gists() -> None:
    assert gist("Yo no robé el anillo.", "es") is None
    assert known("es") == frozenset()


@pytest.mark.parametrize(
    ("slot", "subject"),
    [
        ("<you>", "you"), ("<me>", "me"), ("<mother>", "he"), ("<other>", "he"), ("<place>", "it"),
        ("<place.on>", "it"), ("<event.harm>", "it"), ("<third.they>", "third"), ("<jewel>", "thing"),
        ("<thing>", "thing"),
    ],
)  # fmt: skip
def test_what_a_slot_is_as_a_subject(slot: str, subject: str) -> None:
    assert slot_subject(slot) == subject


def test_topic_things_are_those_of_the_codes() -> None:
    assert frozenset(codes.TOPICS["thing"]) == module.TOPIC_THINGS


def test_a_gist_as_text() -> None:
    assert [str(Gist("me", "steal")), str(Gist("me", "steal", True))] == ["me steal", "me not steal"]


def test_predicates_are_those_of_the_codes() -> None:
    assert set(codes.PREDICATES) == {"other", *known("en")}
    assert codes.PREDICATES.count("other") == 1


pieces = st.sampled_from(
    ["you", "I", "not", "did", "the", "letter", "<you>", "<paper>", ",", ".", "?", "going", "to", "who", "let", "me",
     "nobody", "never", "is", "--", "do", "stole", "mother", "'s", "n't", "¿", "7"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=60), st.lists(pieces, max_size=12).map(" ".join)))
def test_any_text_has_a_gist_of_the_closed_lists_or_none(text: str) -> None:
    found = gist(text)
    assert found is None or (found.subject in codes.SUBJECTS and found.predicate in codes.PREDICATES)

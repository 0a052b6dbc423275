"""The table of refusals: one case a row, and a line that none of them holds against."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from engine.frames import Frame, Gist
from engine.speech.casting import Casting
from engine.speech.copying import Copies
from engine.speech.lexicon import Lexicon
from engine.speech.refusals import GENDERED, REFUSALS, Bounds, Candidate, misgenders, refusal, vocatives
from engine.speech.request import Request
from engine.speech.said import Said
from engine.voices.sampling import Drawn
from engine.voices.sequences import Line

KNOWN = "she my mother a i never stole it he said my house please you burnt the letter is cold and so are every door in this close"
BOUNDS = Bounds(
    (re.compile(r"(?<!\w)please(?!\w)"),),
    9,
    Lexicon(KNOWN.split()),
    Copies(["I close every door in this house."]),
    "en",
    vocatives("en") - {"señora"},
)
CASTING = Casting(
    "ana", "bruno", ["bruno"], lambda who: "sibling", str.title, [], np.random.default_rng(0), {"<jewel>": "the ring"}
)
REQUEST = Request(
    (), "", Line("ana", ""), (), CASTING, Said(["It is cold."]), pronoun="he", referents=frozenset({"he", "it"}), deeds=frozenset({"kiss"}),
    objection=lambda frame: "contradicts herself" if frame.gist == Gist("me", "steal") else "",
)  # fmt: skip


NOTHING = Frame()


def candidate(text: str, hidden: str = "", ended: bool = True, frame: Frame = NOTHING) -> Candidate:
    return Candidate(text, hidden or text, Drawn((1,), (-1.0, -1.0)[: 1 + ended], ended), Frame(), frame, 0.0)


SOUND = candidate("I never stole it.")
#: For each row of the table, a candidate that it refuses and no row above it does.
REFUSED = {
    "a word she avoids": candidate("Please."),
    "broken text": candidate('He said "never.'),
    "unknown word or name": candidate("I never glorped."),
    "said before": candidate("It is cold!"),
    "a topic nobody bound": candidate("You burnt the letter."),
    "against what was said": candidate("I stole it.", frame=Frame("tell", None, Gist("me", "steal"))),
    "no clean ending": candidate("I never stole it"),
    "too long": candidate("It is cold and it is cold and so are you."),
    "calls a man by a woman's word or the reverse": candidate("Never, señora.", "Never."),
    "a form of address that is not hers": candidate("Never, my dear.", "Never."),
    "says both tú and usted": candidate("Te lo digo a usted.", "Never."),
    "a pronoun that points at nobody": candidate("She stole it."),
    "kinship that nobody knows of": candidate("You are my mother."),
    "a blow or a kiss that nobody saw": candidate("You burnt it.", frame=Frame(None, None, Gist("you", "slap"))),
    "a thing and its opposite": candidate("I stole it. I never stole it."),
    "a man who is a mother or the reverse": candidate("He is a mother."),
    "a name or a topic twice": candidate("Bruno, Bruno is cold.", "<you>, <you> is cold."),
    "stands in a script": candidate("I close every door in this house."),
}


def bounds_of(reason: str) -> Bounds:
    """The bounds of a row's case: one row is of Spanish alone."""
    return replace(BOUNDS, language="es") if "usted" in reason else BOUNDS


def test_every_row_has_its_case() -> None:
    assert [row.reason for row in REFUSALS] == list(REFUSED)


def test_a_sound_line_is_not_refused() -> None:
    assert refusal(SOUND, REQUEST, BOUNDS, strict=True) == ""


@pytest.mark.parametrize("reason", REFUSED)
def test_each_row_refuses_its_case(reason: str) -> None:
    late = next(row.late for row in REFUSALS if row.reason == reason)
    assert refusal(REFUSED[reason], REQUEST, bounds_of(reason), strict=True, late=late) == reason
    assert refusal(REFUSED[reason], REQUEST, bounds_of(reason), strict=True, late=not late) == ""


@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: row.reason)
def test_strict_rows_fall_away_when_nothing_else_is_left(row: object) -> None:
    assert isinstance(row, type(REFUSALS[0]))
    found = refusal(REFUSED[row.reason], REQUEST, bounds_of(row.reason), strict=False, late=row.late)
    assert found == ("" if row.strict else row.reason)


@pytest.mark.parametrize(
    "text", ['He said "never".', "¿You?", "¡Never!", "...and so are you.", '"Never."', "...", "You\ufffd."]
)
def test_marks_that_a_line_may_begin_with(text: str) -> None:
    assert (refusal(candidate(text), REQUEST, BOUNDS, strict=False) == "broken text") is ("\ufffd" in text)


def test_a_line_that_did_not_end_has_no_clean_ending() -> None:
    assert refusal(candidate("I never stole it.", ended=False), REQUEST, BOUNDS, True) == "no clean ending"


def test_a_thing_must_be_named_before_it_is_pointed_at() -> None:
    nothing = replace(REQUEST, referents=frozenset({"he"}))
    assert refusal(SOUND, nothing, BOUNDS, strict=True) == "a pronoun that points at nobody"
    named = candidate("I never stole the ring. It is cold.", "I never stole <jewel>. It is cold.")
    assert refusal(named, nothing, replace(BOUNDS, lexicon=None), strict=True) == ""


def test_a_topic_that_is_bound_may_be_named() -> None:
    ring = candidate("You burnt the ring.")
    bounds = replace(BOUNDS, lexicon=None)
    assert refusal(ring, REQUEST, bounds, strict=True) == ""
    nothing = Casting("ana", "bruno", ["bruno"], lambda who: "sibling", str.title, [], np.random.default_rng(0))
    assert refusal(ring, replace(REQUEST, casting=nothing), bounds, strict=True) == "a topic nobody bound"


def test_without_lexicon_copies_and_pronoun_their_rows_are_silent() -> None:
    bounds, wanted = replace(BOUNDS, lexicon=None, copies=None), replace(REQUEST, pronoun=None)
    for reason in ("unknown word or name", "calls a man by a woman's word or the reverse", "stands in a script"):
        assert refusal(REFUSED[reason], wanted, bounds, strict=True) == ""
        assert refusal(REFUSED[reason], wanted, bounds, strict=True, late=True) == ""


@pytest.mark.parametrize(
    ("text", "pronoun", "wrong"),
    [
        ("No, señora.", "he", True),
        ("My son, no.", "she", True),
        ("No, señor.", "he", False),
        ("The lady left.", "he", False),
        ("Mija -- listen.", "he", True),
        ("No, señora.", "they", True),
    ],
)
def test_who_is_called_by_the_wrong_word(text: str, pronoun: str, wrong: bool) -> None:
    assert misgenders(text, pronoun) is wrong


def test_no_word_calls_both() -> None:
    assert set(GENDERED.values()) == {"she", "he"}
    assert GENDERED["hija"] == "she"
    assert GENDERED["hijo"] == "he"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Tú eres mi madre.", "kinship that nobody knows of"),
        ("¿Es usted su padre?", "kinship that nobody knows of"),
        ("Él era mi hermana.", "a man who is a mother or the reverse"),
        ("Ella no fue mi tío.", "a man who is a mother or the reverse"),
        ("Te amo, y no te amo.", "a thing and its opposite"),
        ("Él era mi hermano.", ""),
        ("Ellos se fueron.", "a pronoun that points at nobody"),
        ("Mi madre duerme.", ""),
    ],
)
def test_spanish_lines_are_held_to_spanish_words(text: str, reason: str) -> None:
    spanish = replace(BOUNDS, language="es", lexicon=None)
    both = replace(REQUEST, referents=frozenset({"he", "she"}))
    assert refusal(candidate(text), both, spanish, strict=True) == reason


def test_a_language_without_words_for_kin_has_no_test_of_them() -> None:
    french = replace(BOUNDS, language="fr", lexicon=None)
    assert refusal(candidate("You are my mother."), REQUEST, french, strict=True) == ""

from __future__ import annotations

import pytest

from engine.frames import Frame, Gist
from engine.turns.hands import Hands

PHRASES = {"<paper>": "the poem", "<place.in>": "the kitchen"}


def frame(act: str, gist: Gist, named: bool = True) -> Frame:
    return Frame(act, None, gist, ("<paper>",) if named else ())


GIVE, TAKE = Gist("imperative", "give"), Gist("imperative", "take")


@pytest.mark.parametrize(
    ("said", "by_holder", "by_others"),
    [
        (frame("order", GIVE), "has it herself", ""),
        (frame("ask", Gist("thing", "be")), "has it herself", ""),
        (frame("plead", Gist("me", "want")), "has it herself", ""),
        (frame("order", TAKE), "", "does not have it"),
        (frame("tell", Gist("me", "have")), "", "does not have it"),
        (frame("obey", Gist("it", "be")), "", "does not have it"),
        (frame("tell", Gist("it", "be")), "", ""),
        (frame("deny", Gist("me", "have")), "", ""),
        (frame("tell", Gist("me", "have", True)), "", ""),
        (frame("tell", Gist("me", "love")), "", ""),
    ],
)
def test_who_may_say_what(said: Frame, by_holder: str, by_others: str) -> None:
    hands = Hands({"the poem": "ana"})
    assert hands.objection("ana", said, PHRASES) == by_holder
    assert hands.objection("bruno", said, PHRASES) == by_others
    assert Hands().objection("ana", said, PHRASES) == ""


def test_it_is_the_thing_named_last() -> None:
    hands, give = Hands({"the poem": "ana"}), frame("order", GIVE, named=False)
    assert hands.objection("ana", give, PHRASES) == ""
    hands.hear("bruno", "ana", frame("ask", Gist("me", "see")), PHRASES)
    assert hands.objection("ana", give, PHRASES) == "has it herself"
    hands.hear("bruno", "ana", Frame("tell", None, Gist("me", "go"), ("<place.in>",)), PHRASES)
    assert hands.objection("ana", give, PHRASES) == ""


@pytest.mark.parametrize(
    ("speaker", "to", "said", "holder"),
    [
        ("ana", "bruno", frame("tell", Gist("me", "give")), "bruno"),
        ("ana", "bruno", frame("order", TAKE), "bruno"),
        ("ana", "bruno", frame("obey", Gist("thing", "be")), "bruno"),
        ("ana", None, frame("order", TAKE), "ana"),
        ("ana", "bruno", frame("refuse", Gist("me", "give")), "ana"),
        ("ana", "bruno", frame("tell", Gist("me", "give", True)), "ana"),
        ("bruno", "ana", frame("obey", Gist("me", "take")), "bruno"),
        ("bruno", "ana", frame("tell", Gist("me", "take")), "ana"),
        ("carla", "bruno", frame("order", TAKE), "ana"),
    ],
)
def test_things_change_hands_by_what_is_said(speaker: str, to: str | None, said: Frame, holder: str) -> None:
    hands = Hands({"the poem": "ana"})
    hands.hear(speaker, to, said, PHRASES)
    assert hands.holders == {"the poem": holder}


def test_a_sheet_puts_things_into_hands_and_takes_them_out() -> None:
    hands = Hands()
    hands.put({"the poem": "ana", "the gun": "bruno"})
    hands.put({"the poem": "", "the gun": "carla"})
    assert hands.holders == {"the gun": "carla"}

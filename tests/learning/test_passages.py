from __future__ import annotations

import pytest

from engine.frames import Gist
from engine.learning.passages import passages, relation, vocative
from engine.troupe import Troupe


def test_scripts_become_nameless_lines(troupe: Troupe) -> None:
    found = passages(troupe)
    assert len(found) == 24
    first = next(passage for passage in found if passage.show == "house")
    assert first.raw[0].startswith("I never said that, Bruno.")
    assert first.lines[0].text.startswith("I never said that, <you>.")
    assert (first.lines[0].speaker, first.lines[0].kind, first.lines[0].pronoun) == ("ana", "sibling", "he")
    assert (first.lines[0].tone, first.lines[0].act, first.lines[0].arc) == ("furious", "greet", "betrayal")
    assert first.lines[0].gist == Gist("me", "say", True)
    assert first.addressees[:2] == ("bruno", "ana")
    assert first.path == "corpora/house/one.fountain"
    text = (troupe.root / first.path).read_text(encoding="utf-8").split("\n")
    assert [text[number - 1] for number in first.numbers] == ["ANA", "BRUNO"] * 3


def test_no_name_reaches_a_network(troupe: Troupe) -> None:
    for passage in passages(troupe):
        for line in passage.lines:
            assert not troupe.names.mentions(line.text)


def test_what_the_addressee_is_to_the_speaker(troupe: Troupe) -> None:
    personas = troupe.personas
    assert relation(personas, "ana", "bruno") == ("sibling", "he")
    assert relation(personas, "ana", "dario") == ("stranger", "he")
    assert relation(personas, "ana", "viewer") == ("audience", None)
    assert relation(personas, "ana", None) == relation(personas, "a waiter", "ana") == (None, None)


def test_who_is_called_is_set_off_by_marks() -> None:
    assert vocative("No, Ana, no", 4, 7)
    assert vocative("Ana!", 0, 3)
    assert not vocative("I saw Ana.", 6, 9)


KITCHEN = """Title: One
Language: en

INT. KITCHEN - NIGHT

[[arc: revenge]]
[[about: thing = the letter; third = the nurse]]

ANA
(icy, accuse, to Bruno)
You gave the letter to the nurse, Bruno.

BRUNO
(deny)
I did not give it to her.

CARLA
The letter is mine!
"""


def test_a_line_with_an_act_has_its_whole_plan(troupe: Troupe) -> None:
    (troupe.root / "corpora" / "house" / "one.fountain").write_text(KITCHEN, encoding="utf-8")
    found = next(passage for passage in passages(Troupe(troupe.root)) if passage.show == "house")
    assert found.topics == {"thing": "the letter", "third": "the nurse"}
    accusation, denial, claim = found.lines
    assert accusation.text == "You gave <paper> to <third.she>, <you>."
    assert (accusation.act, accusation.tone, accusation.gist) == ("accuse", "icy", Gist("you", "give"))
    assert accusation.topics == ("<paper>", "<third.she>")
    assert (denial.act, denial.gist, denial.topics) == ("deny", Gist("me", "give", True), ())
    # A line without an act is of a script that has none: no gist is read off either, but its topics are.
    assert (claim.text, claim.act, claim.gist, claim.topics) == ("<paper> is mine!", None, None, ("<paper>",))
    assert found.raw[2] == "The letter is mine!"


@pytest.mark.parametrize(
    ("cue", "to"), [("CARLA\n(icy, to Ana)", "ana"), ("CARLA", "bruno"), ("NOBODY\n(icy, to the Cook)", "cook")]
)
def test_whom_a_line_is_for(troupe: Troupe, cue: str, to: str) -> None:
    text = KITCHEN.replace("CARLA", cue)
    (troupe.root / "corpora" / "house" / "one.fountain").write_text(text, encoding="utf-8")
    found = next(passage for passage in passages(Troupe(troupe.root)) if passage.show == "house")
    assert found.addressees == ("bruno", "ana", to)

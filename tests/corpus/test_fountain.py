"""Fountain: the syntax, the project's conventions, and a fault with its place for each way of breaking them."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.corpus import fountain
from engine.corpus.cues import Manner, manner, name_of
from engine.corpus.turns import Turn
from engine.errors import ScriptError

HERE = Path("x.fountain")


def turns(text: str) -> list[Turn]:
    return list(fountain.read(text, HERE).turns())


def spoken(text: str) -> list[tuple[str | None, str]]:
    return [(turn.speaker, turn.text) for turn in turns(text)]


@pytest.mark.parametrize(
    ("cue", "name"),
    [
        ("MAN IN A SUIT", "Man in a Suit"), ("INÉS", "Inés"), ("MRS. LINDE (O.S.)", "Mrs. Linde"),
        ("McDUCK", "McDuck"), ("MCGREGOR", "McGregor"), ("O'BRIEN", "O'Brien"), ("JEAN-LUC", "Jean-Luc"),
        ("R2D2", "R2D2"), ("DJ", "DJ"), ("HENRY VIII", "Henry VIII"), ("2ND GUARD", "2nd Guard"),
        ("BETTY (CONT’D) ^", "Betty"), ("V.", "V."), ("NORA.", "Nora"), ("HOMBRE DEL TRAJE", "Hombre del Traje"),
        ("CRIADO 1º", "Criado 1º"), ("the Narrator", "the Narrator"),
    ],
)  # fmt: skip
def test_names_of_cues(cue: str, name: str) -> None:
    assert name_of(cue) == name


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("(icy)", Manner("icy")),
        ("(Icy, to María)", Manner("icy", "María")),
        ("(to the Narrator)", Manner(None, "Narrator")),
        ("(A Ofelia.)", Manner(None, "Ofelia")),
        ("(to María and Alma)", Manner(None, "María")),
        ("(mocking, to the ceiling)", Manner("mocking")),
        ("(furious, from the stairs)", Manner("furious", None, ("from the stairs",))),
        ("(icy, accuse, to María)", Manner("icy", "María", (), "accuse")),
        ("(to María, Accuse; icy)", Manner("icy", "María", (), "accuse")),
        ("(accuse, insult)", Manner(act="accuse", other=("insult",))),
        ("()", Manner()),
    ],
)
def test_manners(words: str, expected: Manner) -> None:
    assert manner(words) == expected


def test_what_is_a_cue_and_what_is_not() -> None:
    text = (
        "@Han (O.S.)\nForced.\n\nHan\nNot a cue.\n\nBOB (from afar)\nAn extension.\n\nBOB\n\nAction.\n\n23\nNo letter."
        "\n\nAND ^ (Dual)\nMisplaced.\n\nEVE ^\nDual.\n\n!BANG\nBANG\n\n> FADE\nOUT\n\n    PAD\n  Padded.\n\nCUT TO:\nX"
    )
    assert spoken(text) == [
        ("Han", "Forced."), ("Bob", "An extension."), ("Eve", "Dual."), ("Pad", "Padded."),
    ]  # fmt: skip


def test_notes_boneyard_emphasis_lyrics_and_more_are_no_speech() -> None:
    text = (
        "ANA[[a note]]\nI *am* _here_[[over\ntwo lines]] \\*now\\*.\n(MORE)\n\n/*\nBOB\nCut.\n*/\n\n"
        "ANA\n~La la la\nYes.\n\nBOB\nBefore /* and\nnot this */ after."
    )
    assert spoken(text) == [("Ana", "I am here *now*."), ("Ana", "Yes."), ("Bob", "Before after.")]


def test_lines_are_true_below_notes_and_boneyards() -> None:
    text = "Title: X\n\n/* one\n\n\ntwo */\n\nINT. A\n\n[[arc:\namnesia]]\n\n\n\nANA\nHere."
    scene = fountain.read(text, HERE).scenes[0]
    assert (scene.line, scene.arc, scene.turns[0].line) == (8, "amnesia", 15)


def test_two_spaces_carry_a_speech_over_an_empty_line() -> None:
    assert spoken("ANA\nOne\n  \ntwo.\n\nAction.") == [("Ana", "One two.")]


def test_title_page_language_and_scene_headings() -> None:
    text = "Title:\n    _The Soup_\nLanguage: es\n\n# Episodio\n\nINT. CASA - DÍA #3#\n\nANA\nSí.\n\n.EN LA CALLE\n\nANA\nNo."
    script = fountain.read(text, HERE)
    assert (script.title, script.language) == ("The Soup", "es")
    assert [scene.heading for scene in script.scenes] == ["INT. CASA - DÍA", "EN LA CALLE"]


def test_only_the_first_parenthetical_is_the_tone_and_unknown_ones_are_noted() -> None:
    script = fountain.read("INT. A\n\nANA\n(smiling)\nOne.\n(icy)\nTwo.\n\nANA\n(smiling)\nThree.", HERE)
    assert [turn.tone for turn in script.turns()] == [None, None]
    assert script.notes == ("parentheticals that are no tone were left out: smiling (line 4, 2 times)",)


def test_no_dialogue_is_refused_with_an_example() -> None:
    with pytest.raises(ScriptError, match=r"(?s)x\.fountain: no dialogue found: looked for a cue .*I closed it\."):
        fountain.read("INT. A PLACE\n\nNothing happens.", HERE)


FAULTY = """Title: X
Language: fr

ANA
Too early.

INT. ONE

[[arc: revnge]]

ANA
(icly, to Bob)
Hello.

BOB
(furious, on the radio)
Hello.

(tender)
Whose is this?

BOB

INT. TWO

ANA
No arc.

INT. THREE

[[arc: amnesia]]
[[arc: revenge]]

BOB
Two arcs.
"""


def test_every_fault_has_its_place(tmp_path: Path) -> None:
    path = tmp_path / "faulty.fountain"
    path.write_text(FAULTY, encoding="utf-8")
    found = [(fault.line, fault.column, fault.message) for fault in fountain.faults(path)]
    assert [(line, column) for line, column, _ in found] == [
        (2, 1), (4, 1), (9, 1), (12, 2), (16, 11), (19, 1), (22, 1), (24, 1), (32, 1),
    ]  # fmt: skip
    messages = [message for _, _, message in found]
    assert messages[0] == "language: 'fr' is not one of en, es"
    assert messages[1].startswith("speech before the first scene heading")
    assert messages[2].startswith("arc: 'revnge' is not one of forbidden-love,")
    assert messages[2].endswith("(did you mean 'revenge'?)")
    assert messages[3].startswith("'icly' is neither a tone nor an act (did you mean 'icy'?); the tones are furious,")
    assert messages[4].startswith("'on the radio' is neither a tone nor an act; the tones are")
    assert messages[5].startswith("speech without a cue")
    assert messages[6] == "the cue 'BOB' has no speech right below it"
    assert messages[7] == "the scene 'INT. TWO' has no arc: write [[arc: NAME]] below its heading"
    assert messages[8].startswith("arc: this scene has one already, 'amnesia'")
    assert str(fountain.faults(path)[3]).split("\n")[1:] == ["    (icly, to Bob)", "     ^"]


def test_a_script_that_keeps_the_conventions_has_no_faults(tmp_path: Path) -> None:
    path = tmp_path / "good.fountain"
    path.write_text("Title: X\n\nINT. A\n\n[[arc: amnesia]]\n\nANA\n(icy, to Bob)\nYes.\n", encoding="utf-8")
    assert fountain.faults(path) == []


NOTED = """INT. ONE

[[arc: amnesia]]
[[about: thing = the letter; third = the nurse]]
[[take: 2]]

ANA
(icy, accuse, to Bob)
You gave the letter to the nurse.

BOB
(deny)
Never.
"""


def test_acts_topics_and_takes(tmp_path: Path) -> None:
    scene = fountain.read(NOTED, HERE).scenes[0]
    assert (scene.topics, scene.take) == ({"thing": "the letter", "third": "the nurse"}, 2)
    assert [(turn.act, turn.tone, turn.addressee) for turn in scene.turns] == [
        ("accuse", "icy", "Bob"), ("deny", None, None),
    ]  # fmt: skip
    path = tmp_path / "noted.fountain"
    path.write_text(NOTED, encoding="utf-8")
    assert fountain.faults(path) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("thing = the letter", "thng = the letter", (4, 1, "about: 'thng' is not one of thing, place, third, event")),
        ("third = the nurse", "third = the doctor", (4, 1, "about: nobody says 'the doctor' in this scene")),
        ("take: 2", "take: two", (5, 1, "take: 'two' is not a number from 1")),
        ("take: 2", "take: 0", (5, 1, "take: '0' is not a number from 1")),
        ("to Bob", "to Eve", (7, 1, "to: 'Eve' says nothing in this scene")),
        ("deny", "denies", (12, 2, "'denies' is neither a tone nor an act (did you mean 'deny'?); the tones are")),
    ],
)
def test_faults_of_topics_takes_and_acts(tmp_path: Path, old: str, new: str, fault: tuple[int, int, str]) -> None:
    path = tmp_path / "noted.fountain"
    path.write_text(NOTED.replace(old, new), encoding="utf-8")
    [found] = fountain.faults(path)
    assert (found.line, found.column) == fault[:2]
    assert found.message.startswith(fault[2])

from __future__ import annotations

from engine.learning.passages import passages, relation, vocative
from engine.troupe import Troupe


def test_scripts_become_nameless_lines(troupe: Troupe) -> None:
    found = passages(troupe)
    assert len(found) == 24
    first = next(passage for passage in found if passage.show == "house")
    assert first.raw[0].startswith("I never said that, Bruno.")
    assert first.lines[0].text.startswith("I never said that, <you>.")
    assert (first.lines[0].speaker, first.lines[0].kind, first.lines[0].pronoun) == ("ana", "sibling", "he")
    assert (first.lines[0].tone, first.lines[0].arc) == ("furious", "betrayal")
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

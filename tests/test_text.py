from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.text import one_line, printable, tidy


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("¡Escuincla babosa! Señora, María, ñ, e\u0301", "¡Escuincla babosa! Señora, María, ñ, e\u0301"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;a new title\x07Out!", "Out!"),
        ("\x1b]8;;http://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b2Jgone", "gone"),
        ("\x1b(0line\x1bc", "line"),
        ("broken \x1b\x00[31m", "broken [31m"),
        ("one\r\ntwo\tthree", "one  two three"),
        ("\u202egnikcom\u202c \u2066x\u2069\u200f", "gnikcom x"),
        ("\ud800half\ufeff\uffff", "half"),
        ("👩\u200d🍳", "👩\u200d🍳"),
        ("[bold]not markup[/]", "[bold]not markup[/]"),
    ],
)
def test_printable_drops_what_a_terminal_would_obey_and_keeps_what_people_read(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(alphabet=st.characters(codec=None)))
def test_nothing_printable_is_a_control_character(text: str) -> None:
    shown = printable(text)
    assert not {unicodedata.category(letter) for letter in shown} & {"Cc", "Cs"}
    assert printable(shown) == shown
    shown.encode("utf-8")


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
    assert one_line(text) == " ".join(one_line(text).split(" ")).strip()


@pytest.mark.parametrize(
    ("text", "tidied"),
    [("  ¡never  mind ", "¡Never mind"), ("...so", "...So"), ("7 a", "7 a"), ("", ""), ('"no"', '"No"')],
)
def test_tidy(text: str, tidied: str) -> None:
    assert tidy(text) == tidied

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.performance import Entry
from engine.screen.transcript import direction, plain


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        (Entry("line", "¡Fuera!", "María", "Soraya", "icy"), "MARÍA (icy): ¡Fuera!"),
        (Entry("line", "Out:\nnow", "Man in a Suit"), "MAN IN A SUIT: Out: now"),
        (Entry("direction", "Soraya enters."), "(Soraya enters.)"),
        (Entry("direction", "(Soraya enters.)"), "(Soraya enters.)"),
        (Entry("line", "", "Soraya"), "SORAYA:"),
    ],
)
def test_plain(entry: Entry, line: str) -> None:
    assert plain(entry) == line


def test_parentheses_that_are_no_pair_stay() -> None:
    assert direction("(Thunder) and (rain)") == "((Thunder) and (rain))"


@given(st.sampled_from(["line", "direction"]), st.text(), st.text(), st.text())
def test_every_entry_is_one_line_without_control_sequences(kind: str, text: str, speaker: str, tone: str) -> None:
    line = plain(Entry("line" if kind == "line" else "direction", text, speaker, None, tone))
    assert "\x1b" not in line
    assert len(line.splitlines()) == 1

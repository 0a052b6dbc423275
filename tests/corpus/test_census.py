from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.corpus import fountain
from engine.corpus.census import census
from tests.conftest import ROOT, script


def read(text: str) -> Counter[str]:
    """Lines of each name as the reader finds them."""
    return Counter(str(turn.speaker) for turn in fountain.read(text, Path("x.fountain")).turns())


@pytest.mark.parametrize("show", ["house", "hotel"])
def test_a_script_is_counted_as_it_is_read(show: str) -> None:
    assert census(script(show)) == read(script(show))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {}),
        ("ANA\nYes.", {"Ana": 1}),
        ("INT. HOUSE - NIGHT\n\nANA\nYes.\n\nANA\nNo.", {"Ana": 2}),
        ("MARÍA (O.S.)\nYes.", {"María": 1}),
        ("THE MAN IN A SUIT\n(icy)\nYes.", {"The Man in a Suit": 1}),
        ("ANA\n(icy,\nto María)\nYes.", {"Ana": 1}),
        ("CUT TO:\n\nANA\n\nBRUNO\nYes.", {"Bruno": 1}),
        ("EXT. ROOF\nANA\n\nINTERN\nYes.", {"Intern": 1}),
        ("Ana walks in.\nANA\nYes.", {}),
    ],
)
def test_what_is_a_cue(text: str, found: dict[str, int]) -> None:
    assert census(text) == found


names = st.sampled_from(["ANA", "MARÍA", "DON BRUNO", "MAN IN A SUIT", "GUARD 2", "O'BRIEN", "ÑUSTA"])
manners = st.sampled_from(["", "(icy)\n", "(icy, to Ana)\n", "(accuse)\n"])
speeches = st.sampled_from(["Yes.", "I never said that.", "NEVER.", "Two\nlines.", "It is LATE, Ana."])
turns = st.tuples(names, manners, speeches).map(lambda parts: f"{parts[0]}\n{parts[1]}{parts[2]}\n")
blocks = st.one_of(
    turns,
    st.sampled_from(
        ["INT. HOUSE - NIGHT\n", "EXT. SEA - DAY\n\n[[arc: revenge]]\n", "Rain falls.\n", "CUT TO:\n", "[[a note]]\n"]
    ),
)


@given(st.lists(blocks, min_size=1, max_size=12))
def test_generated_scripts_are_counted_as_they_are_read(pages: list[str]) -> None:
    text = "Title: X\nLanguage: en\n\n" + "\n".join(["ANA\nFirst.\n", *pages])
    assert census(text) == read(text)


@pytest.mark.parametrize(
    ("text", "counted", "spoken"),
    [
        ("2ND GUARD\nYes.", {}, {"2nd Guard": 1}),  # a cue that begins with a number
        ("@Han\nYes.", {}, {"Han": 1}),  # a forced cue in small letters
        ("ANA (cont'd)\nYes.", {}, {"Ana": 1}),  # an extension in small letters
        ("BRUNO\nNo.\n\n/*\n\nANA\nYes.\n\n*/", {"Bruno": 1, "Ana": 1}, {"Bruno": 1}),  # cut by a boneyard
    ],
)
def test_what_is_counted_otherwise_than_read(text: str, counted: dict[str, int], spoken: dict[str, int]) -> None:
    """Known limits of counting without reading; none of them stands in scripts of the project's conventions."""
    assert census(text) == counted
    assert read(text) == spoken


def test_the_shipped_scripts_are_counted_as_they_are_read() -> None:
    path = next(iter(sorted((ROOT / "corpora").rglob("*.fountain"))))
    text = path.read_text(encoding="utf-8")
    assert census(text) == read(text)

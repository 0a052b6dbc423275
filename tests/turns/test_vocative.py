from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.turns.vocative import Cues, Forms

FORMS = Forms({"soraya": ["Soraya"], "maria": ["María"], "suit": ["Man in a Suit", "Próspero"], "will": ["Will"]})


@pytest.mark.parametrize(
    ("text", "called", "mentioned"),
    [
        ("Close that door, María.", ("maria",), ()),
        ("MARIA! Come here.", ("maria",), ()),
        ("María has closed every door in here.", (), ("maria",)),
        ("Soraya, have you seen what María has done?", ("soraya",), ("maria",)),
        ("Don Próspero, if I may.", ("suit",), ()),
        ("A man in a suit will come.", (), ()),
        ("Will, you will read the will.", ("will",), ()),
        ("", (), ()),
    ],
)
def test_called_and_mentioned(text: str, called: tuple[str, ...], mentioned: tuple[str, ...]) -> None:
    cues = FORMS.read(text)
    assert (cues.called, cues.mentioned) == (called, mentioned)


def test_endings_and_appellations() -> None:
    assert FORMS.read("Whose lips, mija?") == Cues(appellations=("whose lips", "mija"), question=True)
    assert FORMS.read("I would, but--").broken
    assert FORMS.read("¡Escuincla babosa!") == Cues(appellations=("escuincla babosa",), exclamation=True)


def test_a_word_that_two_people_share_names_nobody() -> None:
    forms = Forms({"nora": ["Nora Helmer"], "torvald": ["Torvald Helmer"]})
    assert forms.read("Helmer, come here.").called == ()
    assert forms.read("Torvald, come here.").called == ("torvald",)


@settings(deadline=None)
@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    cues = FORMS.read(text)
    assert not set(cues.called) & set(cues.mentioned)

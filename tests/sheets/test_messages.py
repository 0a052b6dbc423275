from __future__ import annotations

from string import Formatter
from typing import Any

import pytest

from engine import codes
from engine.sheets.messages import Messages, messages


def blanks(value: Any) -> list[set[str]]:
    """What is filled in, sentence by sentence."""
    sentences = [value] if isinstance(value, str) else list(value)
    return [{name for _, name, _, _ in Formatter().parse(sentence) if name} for sentence in sentences]


@pytest.mark.parametrize("language", codes.LANGUAGES)
@pytest.mark.parametrize("field", [name for name in Messages.model_fields if name not in ("axes", "kinds", "arcs")])
def test_every_language_fills_in_what_english_does(language: str, field: str) -> None:
    assert blanks(getattr(messages(language), field)) == blanks(getattr(messages("en"), field))


@pytest.mark.parametrize("language", codes.LANGUAGES)
def test_only_codes_are_renamed(language: str) -> None:
    said = messages(language)
    assert set(said.axes) <= set(codes.AXES)
    assert set(said.kinds) <= set(codes.KINDS)
    assert set(said.arcs) <= set(codes.ARCS)


def test_spanish_names_every_code() -> None:
    said = messages("es")
    assert (set(said.axes), set(said.kinds), set(said.arcs)) == (set(codes.AXES), set(codes.KINDS), set(codes.ARCS))
    assert (said.axis("trust"), said.kind("ally"), said.plot("amnesia")) == ("confianza", "alianza", "amnesia")


def test_a_language_without_messages_has_the_english_ones() -> None:
    assert messages("fr") is messages("en")
    assert messages("en").kind("ally") == "ally"

from __future__ import annotations

from pathlib import Path

import pytest

from engine import codes
from engine.errors import AuthoredError
from engine.sheets.authored import load
from engine.sheets.persona import Persona
from engine.troupe import Troupe


def test_a_sheet_needs_only_a_name(tmp_path: Path) -> None:
    path = tmp_path / "ana.yaml"
    path.write_text("name: Ana\n", encoding="utf-8")
    persona = load(path, Persona).value
    assert (persona.pronoun, persona.language, persona.talkativeness, persona.voice.temperature) == (
        "they",
        "en",
        0.5,
        0.85,
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("talkativeness: 1.5", "talkativeness: 1.5 must be at most 1.0"),
        ("voice: {temperature: 0}", "temperature: 0 must be at least 0.05"),
        ("voice: {favoured: {pearls: 9}}", "pearls: 9 must be at most 8.0"),
        ("moods: {furius: 1}", "is not one of furious"),
        ("relations: {bruno: {kind: freind}}", "kind: 'freind' is not one of lover"),
        ("relations: {bruno: {heat: -0.1}}", "heat: -0.1 must be at least 0.0"),
        ("phrases: [{text: Never., every: 1}]", "every: 1 must be at least 2"),
        ("language: fr", "language: 'fr' is not one of en, es"),
        ("aliases: Anita", "aliases: 'Anita' should be a list"),
    ],
)
def test_what_is_out_of_bounds_is_said(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "ana.yaml"
    path.write_text(f"name: Ana\n{line}\n", encoding="utf-8")
    with pytest.raises(AuthoredError) as raised:
        load(path, Persona)
    assert said in str(raised.value)
    assert f"{path}:2:" in str(raised.value)


def test_the_shipped_cast(shipped: Troupe) -> None:
    assert {"soraya", "maria", "nandito", "betty", "jane", "teresa", "narrator"} <= set(shipped.personas)
    for persona in shipped.personas.values():
        assert persona.description
        assert set(persona.moods) <= set(codes.TONES)

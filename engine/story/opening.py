"""How things stand before anything is played: what is true, and who knows it, by the sheets of world, scenes and cast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.drama.knowledge import Fact, Knowledge
from engine.sheets.persona import Persona
from engine.sheets.plot import World
from engine.sheets.scenario import FactSheet, Scenario


def facts(world: World, scenarios: Sequence[Scenario]) -> dict[str, FactSheet]:
    """The facts of a story: the world's, and those that scenes add or put in other words."""
    found = dict(world.facts)
    for scenario in scenarios:
        found |= scenario.facts
    return found


def made(sheets: Mapping[str, FactSheet]) -> tuple[Fact, ...]:
    """The facts of their sheets, in order."""
    return tuple(
        Fact(name, sheet.text, sheet.words, sheet.about, tuple(sheet.topics.values()), frozenset(sheet.gist.split()))
        for name, sheet in sheets.items()
    )


def knowledge(personas: Mapping[str, Persona], sheets: Mapping[str, FactSheet]) -> Knowledge:
    """Who knows what at the beginning: by the sheets of people and of facts."""
    knows = {who: [fact for fact in persona.knows if fact in sheets] for who, persona in personas.items()}
    for fact, sheet in sheets.items():
        for who in sheet.known_by:
            knows.setdefault(who, []).append(fact)
    secrets = {who: [fact for fact in persona.secrets if fact in sheets] for who, persona in personas.items()}
    return Knowledge(made(sheets), knows, secrets)

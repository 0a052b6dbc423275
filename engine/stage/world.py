"""What a scene is played with, and the state of things that goes on from scene to scene."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from engine.corpus import topics
from engine.drama.knowledge import Fact, Knowledge
from engine.drama.relations import Relations
from engine.drama.rules import RuleBook
from engine.errors import ScriptError
from engine.sheets.names import Names
from engine.sheets.persona import Persona
from engine.sheets.scenario import Scenario
from engine.speech.director import Director
from engine.speech.request import Chosen, Request
from engine.turns.vocative import Forms
from engine.turns.weights import Weights


class Speaker(Protocol):
    """What the stage needs of an agent."""

    persona: Persona

    def speak(self, request: Request, generator: np.random.Generator) -> Chosen: ...


@dataclass
class World:
    """What goes on from scene to scene: the graph, who knows what, and when each signature phrase was last used."""

    relations: Relations
    knowledge: Knowledge
    phrases: dict[str, dict[str, int]] = field(default_factory=dict)

    def snapshot(self) -> dict[str, Any]:
        return {"relations": self.relations.snapshot(), "knowledge": self.knowledge.snapshot(), "phrases": self.phrases}

    @classmethod
    def restore(cls, facts: Iterable[Fact], data: Mapping[str, Any]) -> World:
        """The world of a snapshot. Raises ScriptError for data that is none, or of a story with other facts."""
        try:
            relations, knowledge = Relations.restore(data["relations"]), Knowledge.restore(facts, data["knowledge"])
            phrases = {
                str(who): {str(text): int(last) for text, last in used.items()} for who, used in data["phrases"].items()
            }
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ScriptError(f"not a saved world: {error}") from error
        return cls(relations, knowledge, phrases)


@dataclass(frozen=True)
class Production:
    """Everything that a scene is played with."""

    key: str
    scenario: Scenario
    personas: Mapping[str, Persona]
    agents: Mapping[str, Speaker]
    names: Names
    weights: Weights
    forms: Forms
    rules: RuleBook
    world: World
    seed: int
    director: Director | None = None
    #: The languages whose voices have learned what stage directions are.
    sighted: frozenset[str] = frozenset()
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def language(self) -> str:
        return language(self.scenario, self.personas)

    def hidden(self, text: str, about: Mapping[str, str], speaker: str, to: str | None) -> str:
        """A text as networks see it: topics and names as the slots that they are to the speaker."""
        return self.names.hide(topics.hide(text, about, self.personas[speaker].language), speaker, to)

    def sees(self, who: str) -> bool:
        """Whether her voice has learned what stage directions are, and reads those of this scene."""
        return self.personas[who].language == self.language and self.language in self.sighted


def language(scenario: Scenario, personas: Mapping[str, Persona]) -> str:
    """The language of a scene: that of the first of its cast."""
    return str(personas[scenario.cast[0]].language)

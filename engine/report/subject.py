"""What a report card examines: a troupe's voices, and the lines that no voice has learned from, in their places."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine import codes
from engine.corpus.split import Part
from engine.learning.places import Place
from engine.learning.plan import Plan
from engine.meter import Meter
from engine.sheets.persona import Persona
from engine.voices.registry import Registry, show_voice

#: A figure on principals is one on so many characters, those with the most lines to learn from.
PRINCIPALS = 8
#: Lines that are judged together: a single line is weak evidence of anybody.
TEN = 10

#: What the meter is told, in seconds of one core: a line read by its own voice, by every voice in turn, with another code;
#: a candidate for a line that is said; a line that a classifier of speakers learns; a line of the scripts for a table that
#: holds generated lines against them. Measured on the shipped troupe (`--quick`); only their ratios count.
OWN, MATRIX, CODE, CANDIDATE, LESSON, JUDGED = 0.027, 0.016, 0.040, 0.021, 0.00046, 0.0002


@dataclass(frozen=True)
class Effort:
    """How much is measured: lines a character at the most, for each purpose (`generated` of a principal, `others` of
    anybody else), and candidates of a generated line. These take minutes on two cores."""

    lines: int = 120
    matrix: int = 40
    controls: int = 240
    generated: int = 30
    others: int = 10
    candidates: int = 32
    draws: int = 20


QUICK = Effort(lines=30, matrix=15, controls=60, generated=10, others=10, candidates=12, draws=10)


class Subject:
    """A troupe with its voices. Everything drawn at random comes from `seed` and a name, so that no figure moves
    when another one is measured differently. `meter` hears how far the measuring has come."""

    def __init__(self, plan: Plan, seed: int, effort: Effort, meter: Meter | None = None):
        self.plan, self.seed, self.effort, self.meter = plan, seed, effort, meter or Meter()
        self.troupe, self.grounds = plan.troupe, plan.grounds

    def generator(self, *name: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, *(zlib.crc32(part.encode()) for part in name)])

    @cached_property
    def places(self) -> dict[str, tuple[Place, ...]]:
        """The held-out lines of every character of the cast, in the scripts' order, at the most `effort.lines`."""
        return {
            who: self.some(places, self.effort.lines, "places", who) for who, places in self._spoken("test").items()
        }

    @cached_property
    def learned(self) -> dict[str, tuple[Place, ...]]:
        """The lines that each character's voice learned from."""
        return {who: tuple(places) for who, places in self._spoken("train").items()}

    @cached_property
    def unlearned(self) -> dict[str, tuple[Place, ...]]:
        """All lines of each character that no voice learned from: those of the test and of the validation scenes."""
        found = {who: tuple(places) for who, places in self._spoken("test").items()}
        for who, places in self._spoken("validation").items():
            found[who] = found.get(who, ()) + tuple(places)
        return found

    def _spoken(self, part: Part) -> dict[str, list[Place]]:
        found: dict[str, list[Place]] = {}
        for passage in self.plan.passages:
            if passage.part == part:
                for number, line in enumerate(passage.lines):
                    persona = self.troupe.personas.get(line.speaker)
                    if persona is not None and persona.language == passage.language:
                        found.setdefault(line.speaker, []).append(Place(passage, number))
        return dict(sorted(found.items()))

    def some(self, places: Sequence[Place], most: int, *name: str) -> tuple[Place, ...]:
        """At most so many of the places, drawn without replacement, in their order."""
        if len(places) <= most:
            return tuple(places)
        chosen = self.generator(*name).choice(len(places), most, replace=False)
        return tuple(places[index] for index in sorted(chosen.tolist()))

    @cached_property
    def owners(self) -> tuple[str, ...]:
        """Characters who have a voice of their own, those with the most lines first."""
        return tuple(who for who in self.by_lines if self.voice(who) == who and self.registry(who).has(who))

    @cached_property
    def principals(self) -> frozenset[str]:
        """Of each language, those with the most lines to learn from."""
        spoken: dict[str, list[str]] = {}
        for who in self.by_lines:
            spoken.setdefault(self.persona(who).language, []).append(who)
        return frozenset(who for people in spoken.values() for who in people[:PRINCIPALS])

    @cached_property
    def by_lines(self) -> tuple[str, ...]:
        """Everybody who has held-out lines, those with the most lines to learn from first."""
        return tuple(sorted(self.places, key=lambda who: (-self.plan.lines.get(who, 0), who)))

    def persona(self, who: str) -> Persona:
        return self.troupe.personas[who]

    def registry(self, who: str) -> Registry:
        """The weights of a character's language."""
        return self.grounds.whose(who)

    @cached_property
    def registries(self) -> tuple[Registry, ...]:
        """The weights of all languages that the cast speaks, each once."""
        return tuple(dict.fromkeys(map(self.registry, self.troupe.personas)))

    def voice(self, who: str) -> str:
        """The voice that a character speaks with: her own, or her show's."""
        return self.grounds.voice_of(who)

    def show(self, who: str) -> str | None:
        """The voice of a character's show, where it exists."""
        name = show_voice(self.persona(who).show, self.persona(who).language)
        return name if self.registry(who).has(name) else None

    def groups(self, people: Sequence[str], least: int = 1) -> list[tuple[str, tuple[str, ...]]]:
        """Whom to tell apart: for each language the principals and, where there are more, everybody.

        `people` come in order of their lines; a group has at least two, each with `least` held-out lines.
        """
        found: list[tuple[str, tuple[str, ...]]] = []
        for language in codes.LANGUAGES:
            speak = tuple(
                who
                for who in people
                if self.persona(who).language == language and len(self.places.get(who, ())) >= least
            )
            if len(speak) > PRINCIPALS:
                found.append((f"{PRINCIPALS} principals ({language})", speak[:PRINCIPALS]))
            if len(speak) > 1:
                found.append((f"all {len(speak)} ({language})", speak))
        return found

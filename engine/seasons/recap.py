"""What the Narrator says at the beginning of an episode: scripted sentences around the threads that are open or done.

The sentences are data (`engine/data/recaps.yaml`). Knows nothing of scenes and of how a line is spoken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field

from engine import codes
from engine.sheets.authored import Authored, load

SHIPPED = Path(__file__).parents[1] / "data" / "recaps.yaml"

Sentences = tuple[str, ...]
Language = Literal[codes.LANGUAGES]  # type: ignore[valid-type]


class Frames(Authored):
    """The sentences of one language."""

    welcome: Sentences = Field(min_length=1, description="Instead of a recap, before the first episode.")
    greeting: Sentences = Field(min_length=1)
    opened: Sentences = Field(min_length=1, description="Before the title of a thread that has just opened.")
    also: Sentences = Field(min_length=1, description="Before that of a second one.")
    lead: Sentences = Field(min_length=1, description="Before the title of a thread that was tied up.")
    resolved: Sentences = Field(min_length=1, description="After it.")
    oldest: Sentences = Field(min_length=1, description="Before the title of the thread that has been open longest.")
    pending: Sentences = Field(min_length=1, description="How many are open.")
    last_one: Sentences = Field(min_length=1, description="When one is.")
    finale: Sentences = Field(min_length=1, description="Before the last episode.")
    counts: Sentences = Field(min_length=1, description="The numbers in words, from none on; beyond them, figures.")
    episode: str
    previously: str
    to_be_continued: str


class RecapFile(Authored):
    """A file of recaps."""

    languages: Mapping[Language, Frames]


@dataclass(frozen=True)
class State:
    """Where the threads stand when an episode begins: titles of those that opened and were tied up in the one before
    (and opened before it), of all that are open now in the order in which they opened, and how many are not tied yet."""

    opened: Sequence[str]
    resolved: Sequence[str]
    pending: Sequence[str]
    untied: int


@dataclass(frozen=True)
class Said:
    """One line of a recap."""

    text: str
    tone: str


class Recaps:
    """The recaps of one season: each sentence of a kind comes once before any comes again."""

    def __init__(self, language: str, season: str, episodes: int, generator: np.random.Generator):
        self.frames = _shipped().languages[language]
        self._season, self._episodes = season, episodes
        pools = {
            name: pool
            for name, pool in self.frames.model_dump().items()
            if isinstance(pool, tuple) and name != "counts"
        }
        self._pools: dict[str, list[str]] = {
            name: [pool[index] for index in generator.permutation(len(pool))] for name, pool in pools.items()
        }

    @property
    def heading(self) -> str:
        return self.frames.previously.format(season=self._season)

    def lines(self, number: int, state: State) -> list[Said]:
        """What is said before an episode (`number` counts from 0): no more than five lines."""
        if number == 0:
            return [Said(self._sentence("welcome", 0, count=state.untied), "joyful")]
        lines = [Said(self._sentence("greeting", number), "joyful")]
        # Two of a kind are remembered, more are a list.
        for kind, title in zip(("opened", "also"), state.opened, strict=False):
            lines.append(Said(f"{self._sentence(kind, number)} {title}", "scheming"))
        for position, title in enumerate(state.resolved[: 2 if len(state.opened) < 2 else 1]):
            place = 2 * number + position
            lines.append(Said(f"{self._sentence('lead', place)} {title} {self._sentence('resolved', place)}", "tender"))
        lines.append(self._outlook(number, state))
        return lines

    def _outlook(self, number: int, state: State) -> Said:
        if number == self._episodes - 1:
            return Said(self._sentence("finale", 0, count=state.untied), "triumphant")
        if len(state.pending) == 1:
            return Said(self._sentence("last_one", number), "triumphant")
        counted = self._sentence("pending", number, count=len(state.pending))
        told = {*state.opened[:2], *state.resolved}
        rest = [title for title in state.pending if title not in told]
        # Not in every episode, but where there is little news: who is always reminded stops listening.
        if rest and (number % 2 or not state.opened):
            counted = f"{counted} {self._sentence('oldest', number // 2)} {rest[(number // 2) % len(rest)]}"
        return Said(counted, "scheming")

    def _sentence(self, kind: str, number: int, count: int = 0) -> str:
        pool = self._pools[kind]
        text = pool[number % len(pool)].format(
            season=self._season, episodes=self._count(self._episodes), count=self._count(count), title=""
        )
        return text[:1].upper() + text[1:]

    def _count(self, number: int) -> str:
        return self.frames.counts[number] if number < len(self.frames.counts) else str(number)


@cache
def _shipped() -> RecapFile:
    return load(SHIPPED, RecapFile).value

"""Where a scene stands: who is on stage, what was said, what was claimed. Changed by the stage alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from engine import codes
from engine.corpus import topics
from engine.sheets.scenario import Beat, Scenario
from engine.speech.said import Said
from engine.story.beats import Progress, length, tension_at
from engine.turns.floor import Spoken as Heard
from engine.turns.hands import Hands
from engine.turns.ledger import Ledger
from engine.voices.sequences import Line

#: Lines that the state keeps: what the director reads, and more than any voice does.
KEPT = 40


@dataclass
class SceneState:
    """One scene while it is played."""

    scenario: Scenario
    present: list[str]
    arc: str | None = None
    progress: Progress = field(default_factory=Progress)
    context: list[Line] = field(default_factory=list)
    #: Stage directions since the last line.
    seen: list[str] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    said: Said = field(default_factory=Said)
    ledger: Ledger = field(default_factory=Ledger)
    hands: Hands = field(default_factory=Hands)
    entered: set[str] = field(default_factory=set)
    #: Wanted and reached, a line.
    tension: list[dict[str, float]] = field(default_factory=list)

    @cached_property
    def _length(self) -> float:
        return length(self.scenario)

    @property
    def wanted_tension(self) -> float:
        return tension_at(self.scenario.tension, self.progress.lines / self._length)

    def bound(self, beat: Beat) -> dict[str, str]:
        """What the beat is about: its topics, and those of the scene that it does not take back (an empty phrase), by role."""
        both = {str(role): phrase for about in (self.scenario.about, beat.about) for role, phrase in about.items()}
        return {role: phrase for role, phrase in both.items() if phrase}

    def slots(self, beat: Beat, language: str) -> Mapping[str, str]:
        """The phrase for each topic slot."""
        return topics.slots(self.bound(beat), language)

    def partner(self, speaker: str, to: str | None) -> str | None:
        """Whom she speaks to, if that is somebody else who stands there."""
        return to if to in self.present and to != speaker else None

    def arc_of(self, beat: Beat) -> str | None:
        return beat.arc or self.arc or self.scenario.arc

    def hear(self, line: Line, text: str, to: str | None) -> None:
        """Remember a line that was spoken."""
        self.context = [*self.context[-KEPT + 1 :], line]
        self.seen = []
        self.heard.append(Heard(line.speaker, text, to))
        self.entered.discard(line.speaker)
        self.said.add(text)
        self.ledger.hear(line.speaker, to if to != codes.VIEWER else None, line.frame)
        self.progress.lines += 1

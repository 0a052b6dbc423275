"""What the stage waits for before each line, and what it can be told there: a line as given, or another take.

A scene that nobody directs is told nothing, and plays as it comes.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.frames import Frame
from engine.performance import Entry, Why
from engine.sheets.scenario import Beat, ScriptedLine


@dataclass(frozen=True)
class Place:
    """Where the stage waits: before a line of a beat, or (`ends`) after its last, while everybody is still there.

    `serial` counts the beats before it. `scripted` is the line that the sheet has here; otherwise `forced`, or who bids
    highest, speaks. `due` are facts (and lies) that come out with the line.
    """

    beat: Beat
    serial: int
    scripted: ScriptedLine | None = None
    forced: str | None = None
    due: Sequence[tuple[str, bool]] = ()
    ends: bool = False

    @property
    def owner(self) -> str | None:
        """Whose line this is, whatever the bids."""
        return self.scripted.speaker if self.scripted else self.forced


@dataclass(frozen=True)
class Take:
    """A line asked for otherwise than it would come: the number of the take, who speaks to whom, what leans on it besides
    (nats by code), what it may speak of besides (phrases by role); `between`: it takes nobody's turn."""

    number: int = 0
    speaker: str | None = None
    to: str | None = None
    leaning: Mapping[str, float] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    between: bool = False

    @property
    def seeds(self) -> tuple[object, ...]:
        """What names its random choices, beside those of the line: nothing for the first take."""
        return ("take", self.number) if self.number else ()


AS_IT_COMES = Take()


@dataclass(frozen=True)
class Given:
    """A line as it stands: people by their ids, `hidden` the text as networks see it, `phrase` the signature phrase in it."""

    speaker: str
    to: str | None
    text: str
    hidden: str
    frame: Frame = field(default_factory=Frame)
    why: Why = field(default_factory=Why)
    phrase: str | None = None
    about: Mapping[str, str] = field(default_factory=dict)
    between: bool = False


#: Yields entries and, before each line, the place; takes what it is told there.
Steps = Generator[Entry | Place, Given | Take | None, None]

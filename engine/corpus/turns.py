"""What a script says, whatever format it came in: turns, in scenes, in a script. Everything else builds on these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Turn:
    """One speech. `speaker` is the name as the cue gives it (None: nobody is named); `line` counts from 1.

    `tone` and `act` are of the lists in `engine.codes` or None, `addressee` is a name where the script says it
    ("(icy, accuse, to María)"). A network said a line that is `played`: what is written after it answers it. `seen` are the
    stage directions between the speech before and this one.
    """

    speaker: str | None
    text: str
    tone: str | None = None
    addressee: str | None = None
    line: int = 0
    act: str | None = None
    played: bool = False
    seen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scene:
    """Turns that follow each other in one place. `arc` is one of `engine.codes.ARCS` or None.

    `topics` are what the scene is about, by the rows of `engine.codes.TOPICS` ({"thing": "the letter"}); `take` counts
    from 1: a second take is the scene before it in other words.
    """

    heading: str
    turns: tuple[Turn, ...]
    arc: str | None = None
    line: int = 0
    topics: Mapping[str, str] = field(default_factory=dict)
    take: int = 1


@dataclass(frozen=True)
class Script:
    """One file. `notes` are sentences for the writer: what the reader was unsure of or left out, with line numbers."""

    path: Path
    title: str
    scenes: tuple[Scene, ...]
    language: str = "en"
    notes: tuple[str, ...] = field(default=())
    #: What the file says of people, by name: a character card describes one.
    about: Mapping[str, str] = field(default_factory=dict)

    def turns(self) -> Iterator[Turn]:
        for scene in self.scenes:
            yield from scene.turns

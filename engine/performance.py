"""What was played: a frozen transcript that goes to JSON and back. Knows nothing of how lines are made or shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import import_module
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from engine.errors import ScriptError


@dataclass(frozen=True)
class Change:
    """One edge of the relationship graph that moved on one axis, and the rule that moved it."""

    source: str
    target: str
    axis: str
    before: float
    after: float
    rule: str


@dataclass(frozen=True)
class Learned:
    """Somebody came to know a fact (or, `lost`, forgot it), and by what."""

    who: str
    fact: str
    by: str
    lost: bool = False


@dataclass(frozen=True)
class BidWhy:
    """One bid for a turn: whose, her share, and what each feature added to it."""

    who: str
    share: float
    because: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """A candidate: its text, its total and what each feature measured."""

    text: str
    total: float
    scores: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Origin:
    """A line of a script: its text, its file as shown, its line there, and the share of words in common."""

    text: str
    path: str
    line: int
    overlap: float


@dataclass(frozen=True)
class LineWhy:
    """Why a line is as it is: the frames to choose from with their log-probabilities, those refused and for what, the
    candidates drawn and refused, the best two, the words asked for, and the script line nearest to it."""

    frames: tuple[tuple[str, float], ...] = ()
    refused_frames: Mapping[str, int] = field(default_factory=dict)
    candidates: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    chosen: Judged | None = None
    runner_up: Judged | None = None
    words: tuple[str, ...] = ()
    nearest: Origin | None = None


@dataclass(frozen=True)
class Why:
    """The reasons behind an entry: the beat it belongs to, whether it was scripted, the bids for the turn, what leaned on
    the frame (in nats, by act and tone), and the line itself."""

    beat: str = ""
    scripted: bool = False
    turn: tuple[BidWhy, ...] = ()
    policy: str = ""
    leaning: Mapping[str, float] = field(default_factory=dict)
    line: LineWhy | None = None


@dataclass(frozen=True)
class Entry:
    """One line of dialogue, or one stage direction (which has no speaker).

    `speaker` and `to` are names as shown; `act`, `gist` and `topics` say what the line does, where that is known.
    """

    kind: Literal["line", "direction"]
    text: str
    speaker: str | None = None
    to: str | None = None
    tone: str | None = None
    act: str | None = None
    gist: str | None = None
    topics: tuple[str, ...] = ()
    why: Why = Why()
    relations: tuple[Change, ...] = ()
    learned: tuple[Learned, ...] = ()

    def __str__(self) -> str:
        """The entry as `--plain` prints it."""
        if self.speaker is None:
            return f"({self.text})"
        return f"{self.speaker.upper()}{f' ({self.tone})' if self.tone else ''}: {self.text}"


@dataclass(frozen=True)
class Performance:
    """A scene from title to last line. `ended` says why it ended; `summary` holds the closing pictures' data; `language` is
    the one in which it is shown."""

    title: str
    seed: int
    lines: tuple[Entry, ...]
    manifest: Mapping[str, Any] = field(default_factory=dict)
    ended: str = ""
    summary: Mapping[str, Any] = field(default_factory=dict)
    language: str = "en"

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"

    def _repr_html_(self) -> str:
        """The page that a notebook shows. The screen is above this module: it is looked up when it is asked for."""
        return str(import_module("engine.screen.notebook").frame(self))

    @classmethod
    def from_json(cls, text: str) -> Performance:
        """Raises ScriptError for text that is not a saved performance."""
        try:
            return _adapter().validate_json(text)
        except (ValidationError, ValueError, RecursionError) as error:
            first = str(error).splitlines()[0]
            raise ScriptError(f"not a saved performance: {first}") from error


@cache
def _adapter() -> TypeAdapter[Performance]:
    """Reads saved performances; made when the first one is read."""
    return TypeAdapter(Performance)

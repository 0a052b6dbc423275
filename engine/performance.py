"""What was played: a frozen transcript that goes to JSON and back. Knows nothing of how lines are made or shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

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
class Entry:
    """One line of dialogue, or one stage direction (which has no speaker).

    `speaker` and `to` are names as shown; `why` is plain data (numbers, text, lists) that `--why` prints.
    """

    kind: Literal["line", "direction"]
    text: str
    speaker: str | None = None
    to: str | None = None
    tone: str | None = None
    why: Mapping[str, Any] = field(default_factory=dict)
    relations: tuple[Change, ...] = ()
    learned: tuple[Learned, ...] = ()


@dataclass(frozen=True)
class Performance:
    """A scene from title to last line. `ended` says why it ended; `summary` holds the closing pictures' data."""

    title: str
    seed: int
    lines: tuple[Entry, ...]
    manifest: Mapping[str, Any] = field(default_factory=dict)
    ended: str = ""
    summary: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Performance:
        """Raises ScriptError for text that is not a saved performance."""
        try:
            data = json.loads(text)
            lines = tuple(
                Entry(
                    **{
                        **entry,
                        "relations": tuple(Change(**change) for change in entry.get("relations", ())),
                        "learned": tuple(Learned(**learned) for learned in entry.get("learned", ())),
                    }
                )
                for entry in data.pop("lines")
            )
            return cls(**data, lines=lines)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ScriptError(f"not a saved performance: {error}") from error

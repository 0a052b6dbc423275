"""What a line does, before it has words: its act, tone, topics and gist. Closed lists are in `engine.codes`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Gist:
    """Who does what: a subject of `codes.SUBJECTS`, a predicate of `codes.PREDICATES`, and whether it is denied."""

    subject: str
    predicate: str
    negated: bool = False

    def __str__(self) -> str:
        return f"{self.subject} {'not ' if self.negated else ''}{self.predicate}"


@dataclass(frozen=True)
class Frame:
    """The plan of a line. `topics` are topic slots (`<paper>`) in the order in which the line names them."""

    act: str | None = None
    tone: str | None = None
    gist: Gist | None = None
    topics: tuple[str, ...] = ()

"""The closing data of a performance, checked and typed: relations before and after, tension, talk, threads.

Knows nothing of how it is drawn. What `Performance.summary` leaves out is worked out from the lines where it can be.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from engine.errors import ScriptError
from engine.performance import Entry, Performance
from engine.text import one_line

#: The axes of an edge in the order in which they are shown; affection, trust and power run from -1 to 1, heat from 0.
AXES: tuple[str, ...] = ("affection", "trust", "power", "heat")

#: A snapshot of the relationship graph as plain data: {source: {target: {"kind": ..., "affection": ...}}}.
Snapshot = Mapping[str, Mapping[str, Mapping[str, object]]]


@dataclass(frozen=True)
class Edge:
    """What `target` is to `source`, and how `source` feels about it."""

    kind: str = "stranger"
    affection: float = 0.0
    trust: float = 0.0
    power: float = 0.0
    heat: float = 0.0

    def value(self, axis: str) -> float:
        return float(getattr(self, axis))


Graph = Mapping[tuple[str, str], Edge]


@dataclass(frozen=True)
class Shift:
    """One edge as it was and as it is now."""

    source: str
    target: str
    before: Edge
    after: Edge

    @property
    def size(self) -> float:
        """The largest move on any axis; a change of kind counts as the largest possible."""
        if self.before.kind != self.after.kind:
            return 2.0
        return max(abs(self.after.value(axis) - self.before.value(axis)) for axis in AXES)

    def moved(self, least: float) -> list[tuple[str, float, float]]:
        """(axis, before, after) of the axes that moved by `least` or more."""
        pairs = ((axis, self.before.value(axis), self.after.value(axis)) for axis in AXES)
        # The margin: 0.30 - 0.25 is a little less than 0.05 in binary.
        return [(axis, old, new) for axis, old, new in pairs if abs(new - old) >= least - 1e-9]


@dataclass(frozen=True)
class Tension:
    """The tension that was asked for at one point of the scene and the one reached, both from 0 to 1."""

    target: float
    reached: float


@dataclass(frozen=True)
class Talk:
    name: str
    lines: int
    words: int


@dataclass(frozen=True)
class Thread:
    """A thread of the plot; `opened` and `closed` say where, and are empty while it has not happened."""

    name: str
    arc: str
    opened: str
    closed: str


@dataclass(frozen=True)
class Summary:
    """The data of the closing pictures; every name and text is printable already."""

    before: Graph
    after: Graph
    tension: tuple[Tension, ...]
    talk: tuple[Talk, ...]
    threads: tuple[Thread, ...]
    language: str = "en"

    @classmethod
    def of(cls, performance: Performance) -> Summary:
        """Raises ScriptError where a saved summary is not in the form that `Performance` describes."""
        data = performance.summary
        try:
            relations = data.get("relations")
            if relations is None:
                before, after = _graphs_of(performance.lines)
            else:
                before, after = _graph(relations.get("before", {})), _graph(relations.get("after", {}))
            return cls(
                before=before,
                after=after,
                tension=tuple(
                    Tension(target=_share(point.get("target", 0.0)), reached=_share(point.get("reached", 0.0)))
                    for point in data.get("tension", ())
                ),
                talk=_talk(data["talk"]) if data.get("talk") else _talk_of(performance.lines),
                threads=tuple(
                    Thread(*(_shown(thread.get(key)) for key in ("name", "arc", "opened", "closed")))
                    for thread in data.get("threads", ())
                ),
                language=performance.language,
            )
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ScriptError(f"the summary of '{one_line(performance.title)}' is damaged: {error}") from error

    def shifts(self, least: float = 0.05) -> tuple[Shift, ...]:
        """Edges that moved by `least` or more on some axis, or are of another kind now; the largest moves first."""
        nothing = Edge()
        keys = dict.fromkeys([*self.before, *self.after])
        found = [
            Shift(source, target, self.before.get((source, target), nothing), self.after.get((source, target), nothing))
            for source, target in keys
        ]
        return tuple(sorted((s for s in found if s.size >= least - 1e-9), key=lambda shift: -shift.size))


def read_graph(snapshot: Snapshot) -> Graph:
    """The edges of a snapshot. Raises ScriptError for something that is none."""
    try:
        return _graph(snapshot)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ScriptError(f"these are no relations: {error}") from error


def _graph(snapshot: Snapshot) -> Graph:
    return {
        (_shown(source), _shown(target)): Edge(
            _shown(values.get("kind", "stranger")), *(_finite(values.get(axis, 0.0)) for axis in AXES)
        )
        for source, targets in snapshot.items()
        for target, values in targets.items()
    }


def _graphs_of(lines: Iterable[Entry]) -> tuple[Graph, Graph]:
    """The two ends of what the lines say has moved: all that is known where no snapshot was kept."""
    before: dict[tuple[str, str], dict[str, float]] = {}
    after: dict[tuple[str, str], dict[str, float]] = {}
    for change in (change for entry in lines for change in entry.relations if change.axis in AXES):
        key = (_shown(change.source), _shown(change.target))
        before.setdefault(key, {}).setdefault(change.axis, _finite(change.before))
        after.setdefault(key, {})[change.axis] = _finite(change.after)
    # No kind is known here, and none is made up.
    return (
        {key: Edge(kind="", **axes) for key, axes in before.items()},
        {key: Edge(kind="", **axes) for key, axes in after.items()},
    )


def _talk(talk: Mapping[str, Mapping[str, Any]]) -> tuple[Talk, ...]:
    return tuple(Talk(_shown(name), int(count["lines"]), int(count["words"])) for name, count in talk.items())


def _talk_of(lines: Iterable[Entry]) -> tuple[Talk, ...]:
    counts: dict[str, list[int]] = {}
    for entry in lines:
        if entry.kind == "line":
            count = counts.setdefault(_shown(entry.speaker), [0, 0])
            count[0] += 1
            count[1] += len(entry.text.split())
    return tuple(Talk(name, *count) for name, count in counts.items())


def _shown(value: object) -> str:
    return "" if value is None else one_line(str(value))


def _finite(value: object) -> float:
    number = float(cast(Any, value))
    if not math.isfinite(number):
        raise ValueError(f"{value} is no number")
    return number


def _share(value: object) -> float:
    return min(1.0, max(0.0, _finite(value)))

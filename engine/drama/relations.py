"""What the characters are to each other: a directed graph whose edges carry a kind and four axes, and move.

An edge goes from the one who feels to the one it is felt for: `affection` of (maria, soraya) is María's for Soraya,
and kind `boss` there means that Soraya is María's boss. Two people with no edge are strangers with the default of
every axis. Knows nothing of scenes, rules or what is said; see `engine.drama.rules` for what moves an edge, and
`engine.drama.motifs` for the shapes that edges make.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import networkx as nx

from engine import codes
from engine.codes import AXES
from engine.errors import ScriptError
from engine.performance import Change

#: Plain dictionaries: an axis is looked up a few hundred times a line.
_SCALES = dict(AXES)
_HALF_LIVES = {name: axis.half_life for name, axis in AXES.items()}
_DEFAULTS = {name: axis.default for name, axis in AXES.items()}

#: `{source: {target: {"kind": ..., "affection": ..., ...}}}`, as `Relations.picture` gives it.
Picture = Mapping[str, Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True)
class EdgeStart:
    """An edge as a sheet or a scene gives it. Raises ValueError for a kind or a value that does not exist."""

    source: str
    target: str
    kind: str = "stranger"
    affection: float = AXES["affection"].default
    trust: float = AXES["trust"].default
    power: float = AXES["power"].default
    heat: float = AXES["heat"].default

    def __post_init__(self) -> None:
        if self.source == self.target:
            raise ValueError(f"'{self.source}' cannot have an edge to the same person")
        if self.kind not in codes.KINDS:
            raise ValueError(f"kind '{self.kind}' is not one of {', '.join(codes.KINDS)}")
        for name, axis in AXES.items():
            if not axis.low <= self.value(name) <= axis.high:
                raise ValueError(f"{name} {self.value(name)} is not between {axis.low:g} and {axis.high:g}")

    def value(self, axis: str) -> float:
        return float(getattr(self, axis))

    def values(self) -> dict[str, float]:
        return {name: self.value(name) for name in AXES}


@dataclass(frozen=True)
class Difference:
    """What one edge was and is, on one axis (floats) or in its `kind` (text)."""

    source: str
    target: str
    axis: str
    before: float | str
    after: float | str


@dataclass(slots=True)
class _Edge:
    """The state of an edge. `axes` has for each axis its value, where it rests, and the turn of that value; what has worn
    off since then is computed when somebody looks, so that a turn costs nothing for the edges that nobody looks at."""

    kind: str
    opening: EdgeStart
    axes: dict[str, tuple[float, float, int]]

    @classmethod
    def at(cls, start: EdgeStart, turn: int) -> _Edge:
        return cls(start.kind, start, {name: (value, value, turn) for name, value in start.values().items()})

    def value(self, axis: str, turn: int) -> float:
        value, rest, since = self.axes[axis]
        if value == rest or since == turn:
            return value
        return float(rest + (value - rest) * 0.5 ** ((turn - since) / _HALF_LIVES[axis]))

    def put(self, axis: str, value: float, turn: int) -> None:
        self.axes[axis] = (value, self.axes[axis][1], turn)

    def held(self, values: Mapping[str, float], turn: int) -> _Edge:
        """This edge with these values, from which it wears off anew."""
        return replace(self, axes={name: (values[name], rest, turn) for name, (_, rest, _) in self.axes.items()})

    def to_data(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "opening": asdict(self.opening),
            "rest": {name: rest for name, (_, rest, _) in self.axes.items()},
            "values": {name: value for name, (value, _, _) in self.axes.items()},
            "since": {name: since for name, (_, _, since) in self.axes.items()},
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> _Edge:
        axes = {}
        for name, axis in AXES.items():
            value, rest = (axis.clip(float(data[part][name])) for part in ("values", "rest"))
            if value != value or rest != rest:
                raise ValueError(f"{name} is not a number")
            axes[name] = (value, rest, int(data["since"][name]))
        if data["kind"] not in codes.KINDS:
            raise ValueError(f"no edge is of the kind {data['kind']!r:.40}")
        return cls(str(data["kind"]), EdgeStart(**data["opening"]), axes)


class Relations:
    """The graph of a troupe. Raises ValueError for a person who is not in it, or an edge to oneself."""

    def __init__(self, people: Iterable[str], edges: Iterable[EdgeStart] = ()):
        self._edges: dict[str, dict[str, _Edge]] = {person: {} for person in people}
        self._turn = 0
        self._forgotten: dict[str, dict[str, _Edge]] = {}
        for edge in edges:
            self.begin(edge)

    @property
    def people(self) -> tuple[str, ...]:
        return tuple(self._edges)

    def begin(self, start: EdgeStart) -> None:
        """Lay an edge anew, as a sheet or a scene does: here it opens, and here it rests."""
        self._edge(start.source, start.target)
        self._edges[start.source][start.target] = _Edge.at(start, self._turn)

    def kind(self, source: str, target: str) -> str:
        """What `target` is to `source`: one of `engine.codes.KINDS`."""
        edge = self._edge(source, target)
        return edge.kind if edge else "stranger"

    def value(self, source: str, target: str, axis: str) -> float:
        """What `source` feels for `target` now. Raises KeyError for an axis that is not in `AXES`."""
        edge = self._edge(source, target)
        return edge.value(axis, self._turn) if edge else _DEFAULTS[axis]

    def kinds_for(self, target: str, people: Iterable[str]) -> dict[str, str]:
        """What `target` is to each of `people`."""
        edges = {who: self._edge(who, target) for who in people}
        return {who: edge.kind if edge is not None else "stranger" for who, edge in edges.items()}

    def felt_for(self, target: str, people: Iterable[str], *axes: str) -> list[dict[str, float]]:
        """What each of `people` feels for `target` now: for each of these axes, by person."""
        return self._felt({who: self._edge(who, target) for who in people}, axes)

    def felt_by(self, source: str, people: Iterable[str], *axes: str) -> list[dict[str, float]]:
        """What `source` feels for each of `people` now: for each of these axes, by person."""
        return self._felt({who: self._edge(source, who) for who in people}, axes)

    def _felt(self, edges: Mapping[str, _Edge | None], axes: Iterable[str]) -> list[dict[str, float]]:
        turn = self._turn
        return [
            {who: edge.value(axis, turn) if edge is not None else _DEFAULTS[axis] for who, edge in edges.items()}
            for axis in axes
        ]

    def edge(self, source: str, target: str) -> EdgeStart:
        """The whole edge as it is now."""
        return EdgeStart(source, target, self.kind(source, target), **{a: self.value(source, target, a) for a in AXES})

    def opening(self, source: str, target: str) -> EdgeStart:
        """The whole edge as it began, whatever has happened since."""
        edge = self._edge(source, target)
        return edge.opening if edge else EdgeStart(source, target)

    def set(self, source: str, target: str, axis: str, value: float, rule: str) -> Change | None:
        """Put an axis at a value, clipped to its range. None when it is there already."""
        edge, before = self._edge(source, target), self.value(source, target, axis)
        return self._put(edge, source, target, axis, before, value, rule)

    def move(self, source: str, target: str, axis: str, delta: float, rule: str, lasting: float = 0.0) -> Change | None:
        """Add to an axis, clipped to its range. None when nothing moves.

        A share `lasting` (0 to 1) of `delta` also moves the value at which the edge rests: that much never wears off.
        """
        return self._move(source, target, axis, lambda value: delta, rule, lasting)

    def stir(self, source: str, target: str, axis: str, by: float, rule: str, lasting: float = 0.0) -> Change | None:
        """As `move`, by at most `by`: full strength up to the default, then in proportion to the room that is left.

        Feelings that feed each other (fury makes heat, heat makes fury) come to a stop before the end of the axis instead
        of sticking to it.
        """
        scale = _SCALES[axis]
        end = scale.high if by > 0 else scale.low
        return self._move(
            source, target, axis, lambda value: by * min(1.0, (end - value) / (end - scale.default)), rule, lasting
        )

    def _move(
        self, source: str, target: str, axis: str, delta: Callable[[float], float], rule: str, lasting: float
    ) -> Change | None:
        """As `move`, by a delta that depends on the value."""
        edge = self._edge(source, target)
        before = edge.value(axis, self._turn) if edge is not None else _DEFAULTS[axis]
        by = delta(before)
        if lasting and by:
            edge = edge or self._own(source, target)
            # With a new rest the old value would drift from the turn of its last move: hold it where it is now.
            edge.axes[axis] = (before, _SCALES[axis].clip(edge.axes[axis][1] + lasting * by), self._turn)
        return self._put(edge, source, target, axis, before, before + by, rule)

    def become(self, source: str, target: str, kind: str) -> None:
        """From now on `target` is this to `source`. Raises ValueError for a kind that is not in `codes.KINDS`."""
        if kind not in codes.KINDS:
            raise ValueError(f"kind '{kind}' is not one of {', '.join(codes.KINDS)}")
        self._own(source, target).kind = kind

    def decay(self, turns: int = 1) -> None:
        """Let turns pass: every axis of every edge goes half the way to its rest in one half-life. Constant time."""
        self._turn += turns

    def forget(self, person: str, rule: str = "amnesia") -> list[Change]:
        """Amnesia: to this person everybody is a stranger now. The others remember. `recall` undoes it."""
        kept = self._forgotten.setdefault(person, {})
        changes: list[Change] = []
        for target in list(self._edges[self._known(person)]):
            old, before = self._own(person, target), self.edge(person, target)
            # What wears off stands still while it is forgotten. Who forgets twice keeps the first memory.
            kept.setdefault(target, old.held(before.values(), self._turn))
            blank = replace(_Edge.at(EdgeStart(person, target), self._turn), opening=old.opening)
            self._edges[person][target] = blank
            changes += _changes(before, self.edge(person, target), rule)
        return changes

    def recall(self, person: str, rule: str = "memory") -> list[Change]:
        """The memory comes back: kinds and feelings as they were, and what grew in between added to them, clipped."""
        changes: list[Change] = []
        for target, old in self._forgotten.pop(self._known(person), {}).items():
            before = self.edge(person, target)
            values = {a: axis.clip(old.axes[a][0] + (before.value(a) - axis.default)) for a, axis in AXES.items()}
            self._edges[person][target] = old.held(values, self._turn)
            changes += _changes(before, self.edge(person, target), rule)
        return changes

    def has_forgotten(self, person: str) -> bool:
        return person in self._forgotten

    def away(self, speaker: str, addressee: str) -> dict[str, float]:
        """How far each feeling of the speaker for the addressee is from its default: what leans on her tone and act."""
        return {name: self.value(speaker, addressee, name) - axis.default for name, axis in AXES.items()}

    def picture(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Every edge as it is now, as plain data for maps and closing pictures:
        `{source: {target: {"kind", "affection", "trust", "power", "heat"}}}`."""
        return {
            source: {
                target: {"kind": self.kind(source, target), **self.edge(source, target).values()} for target in targets
            }
            for source, targets in self._edges.items()
        }

    def graph(self) -> nx.DiGraph[str]:
        """A networkx copy of the graph as it is now, with `kind` and the axes as attributes of the edges."""
        copy: nx.DiGraph[str] = nx.DiGraph()
        copy.add_nodes_from(self._edges)
        for source, targets in self.picture().items():
            copy.add_edges_from((source, target, attributes) for target, attributes in targets.items())
        return copy

    def snapshot(self) -> dict[str, Any]:
        """The whole state as plain JSON data. What is restored from it goes on to the bit as this would."""
        return {
            "turn": self._turn,
            "people": list(self._edges),
            "edges": {s: {t: edge.to_data() for t, edge in targets.items()} for s, targets in self._edges.items()},
            "forgotten": {s: {t: edge.to_data() for t, edge in kept.items()} for s, kept in self._forgotten.items()},
        }

    @classmethod
    def restore(cls, data: Mapping[str, Any]) -> Relations:
        """The graph of a snapshot. Raises ScriptError for data that is none."""
        try:
            relations = cls(data["people"])
            relations._turn = int(data["turn"])
            for source, targets in data["edges"].items():
                for target, edge in targets.items():
                    relations._edge(source, target)
                    relations._edges[source][target] = _Edge.from_data(edge)
            relations._forgotten = {
                relations._known(source): {target: _Edge.from_data(edge) for target, edge in kept.items()}
                for source, kept in data["forgotten"].items()
            }
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ScriptError(f"not a saved relationship graph: {error}") from error
        return relations

    def _known(self, person: str) -> str:
        if person not in self._edges:
            raise ValueError(f"'{person}' is not in the graph: it has {', '.join(self._edges) or 'nobody'}")
        return person

    def _edge(self, source: str, target: str) -> _Edge | None:
        targets = self._edges.get(source)
        edge = targets.get(target) if targets is not None else None
        if edge is not None:
            return edge
        if self._known(source) == self._known(target):
            raise ValueError(f"'{source}' has no edge to the same person")
        return None

    def _put(
        self, edge: _Edge | None, source: str, target: str, axis: str, before: float, value: float, rule: str
    ) -> Change | None:
        after = _SCALES[axis].clip(value)
        if before == after:
            return None
        (edge or self._own(source, target)).put(axis, after, self._turn)
        return Change(source, target, axis, before, after, rule)

    def _own(self, source: str, target: str) -> _Edge:
        """The edge, made where there is none."""
        edge = self._edge(source, target)
        if edge is None:
            edge = _Edge.at(EdgeStart(source, target), self._turn)
            self._edges[source][target] = edge
        return edge


def difference(before: Picture, after: Picture, least: float = 0.05) -> list[Difference]:
    """What changed from one `Relations.picture` to another: new kinds first, then values that moved by at least
    `least`, the largest move first. An edge that is missing in one of them is a stranger's there."""
    kinds: list[Difference] = []
    moves: list[tuple[float, Difference]] = []
    blank = {"kind": "stranger", **{name: axis.default for name, axis in AXES.items()}}
    for source, target in dict.fromkeys((s, t) for picture in (before, after) for s in picture for t in picture[s]):
        old, new = (picture.get(source, {}).get(target, blank) for picture in (before, after))
        if old["kind"] != new["kind"]:
            kinds.append(Difference(source, target, "kind", old["kind"], new["kind"]))
        for axis in AXES:
            moved = abs(new[axis] - old[axis])
            if moved >= least:
                moves.append((moved, Difference(source, target, axis, old[axis], new[axis])))
    return kinds + [move for _, move in sorted(moves, key=lambda pair: -pair[0])]


def _changes(before: EdgeStart, after: EdgeStart, rule: str) -> list[Change]:
    return [
        Change(before.source, before.target, axis, before.value(axis), after.value(axis), rule)
        for axis in AXES
        if before.value(axis) != after.value(axis)
    ]

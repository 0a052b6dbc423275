"""The shapes that relationships make: love triangles, feuds, betrayals. Found on the graph, never told to it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from types import MappingProxyType

import networkx as nx

from engine.drama.relations import EdgeStart, Relations

#: Whom one can be in love with by what they are, and whom never.
ROMANTIC = frozenset({"lover", "spouse", "ex"})
KIN = frozenset({"mother", "father", "child", "sibling", "family", "audience"})


@dataclass(frozen=True)
class Thresholds:
    """Where a feeling begins to count."""

    love: float = 0.5  # affection for a lover, a spouse or an ex
    secret_love: float = 0.7  # affection for anybody else who is not kin ...
    desire: float = 0.4  # ... with this much heat
    unrequited: float = 0.3  # at most this much affection comes back
    devotion: float = 0.4  # affection of one who can be betrayed
    trust_lost: float = 0.4  # trust gone since the beginning
    falseness: float = -0.3  # affection of one who is false to a friend
    sibling_rivalry: float = -0.2  # affection between siblings
    feud_affection: float = -0.4  # both ways
    feud_heat: float = 0.4  # one way is enough
    reconciled: float = -0.1  # affection both ways, after a feud


THRESHOLDS = Thresholds()


@dataclass(frozen=True)
class Motif:
    """A shape, and the people in it, in the order that its definition gives."""

    name: str
    people: tuple[str, ...]


@dataclass(frozen=True)
class _Stage:
    """The graph among some people, with who loves whom worked out once."""

    relations: Relations
    people: Sequence[str]
    limits: Thresholds
    edges: Mapping[tuple[str, str], EdgeStart]
    love: nx.DiGraph[str]

    def pairs(self) -> Iterator[tuple[EdgeStart, EdgeStart]]:
        """Both edges of every pair of people, each pair once."""
        for one, other in combinations(self.people, 2):
            yield self.edges[one, other], self.edges[other, one]

    def feud(self, one: EdgeStart, other: EdgeStart) -> bool:
        hate = max(one.affection, other.affection) <= self.limits.feud_affection
        return hate and max(one.heat, other.heat) >= self.limits.feud_heat


def _love_triangle(stage: _Stage) -> Iterator[tuple[str, ...]]:
    for middle in stage.people:
        loving, loved = (set(near(middle)) for near in (stage.love.predecessors, stage.love.successors))
        for one, other in combinations(stage.people, 2):
            if {one, other} <= loving or {one, other} <= loved:
                yield middle, one, other


def _unrequited_love(stage: _Stage) -> Iterator[tuple[str, ...]]:
    for one, other in permutations(stage.people, 2):
        returned = stage.love.has_edge(other, one) or stage.edges[other, one].affection > stage.limits.unrequited
        if stage.love.has_edge(one, other) and not returned:
            yield one, other


def _betrayal(stage: _Stage) -> Iterator[tuple[str, ...]]:
    for one, other in permutations(stage.people, 2):
        now, opening = stage.edges[one, other], stage.relations.opening(one, other)
        if max(now.affection, opening.affection) < stage.limits.devotion or stage.relations.has_forgotten(one):
            continue
        back = stage.edges[other, one]
        false = now.affection >= stage.limits.devotion and back.affection <= stage.limits.falseness and back.trust <= 0
        if false or opening.trust - now.trust >= stage.limits.trust_lost:
            yield one, other


def _sibling_rivalry(stage: _Stage) -> Iterator[tuple[str, ...]]:
    for one, other in stage.pairs():
        if "sibling" not in (one.kind, other.kind):
            continue
        cold = min(one.affection, other.affection) <= stage.limits.sibling_rivalry
        if cold or set(stage.love.successors(one.source)) & set(stage.love.successors(one.target)):
            yield one.source, one.target


def _feud(stage: _Stage) -> Iterator[tuple[str, ...]]:
    for one, other in stage.pairs():
        if stage.feud(one, other):
            yield one.source, one.target


def _reconciliation(stage: _Stage) -> Iterator[tuple[str, ...]]:
    for one, other in stage.pairs():
        if min(one.affection, other.affection) < stage.limits.reconciled:
            continue
        pair = (one.source, one.target)
        # Who has lost the memory of a quarrel has not made it up.
        if any(stage.relations.has_forgotten(person) for person in pair):
            continue
        if stage.feud(stage.relations.opening(*pair), stage.relations.opening(*reversed(pair))):
            yield pair


@dataclass(frozen=True)
class Definition:
    """What a motif is, in a sentence that gives the order of its people, and what finds it."""

    meaning: str
    find: Callable[[_Stage], Iterator[tuple[str, ...]]]


MOTIFS: Mapping[str, Definition] = MappingProxyType(
    {
        "love triangle": Definition("The first is loved by the two others, or loves them both.", _love_triangle),
        "unrequited love": Definition("The first loves the second, who does not even much like her.", _unrequited_love),
        "betrayal": Definition(
            "The first is (or was) devoted to the second, and has lost her trust since the beginning, "
            "or is hated and mistrusted in return.",
            _betrayal,
        ),
        "sibling rivalry": Definition(
            "Siblings, one of whom cannot bear the other, or who love the same third.", _sibling_rivalry
        ),
        "feud": Definition("Two who hate each other, hotly.", _feud),
        "reconciliation": Definition(
            "Two who were in a feud at the beginning, and hate each other no more.", _reconciliation
        ),
    }
)


def find(
    relations: Relations, people: Sequence[str], names: Collection[str] = (), limits: Thresholds = THRESHOLDS
) -> list[Motif]:
    """The motifs among `people`: in the order of `MOTIFS`, then of `people`. With `names`, only those motifs.

    Raises ValueError for a name that is not in `MOTIFS` or a person who is not in the graph.
    """
    for name in names:
        if name not in MOTIFS:
            raise ValueError(f"'{name}' is not a motif: there are {', '.join(MOTIFS)}")
    people = tuple(dict.fromkeys(people))
    edges = {pair: relations.edge(*pair) for pair in permutations(people, 2)}
    love: nx.DiGraph[str] = nx.DiGraph()
    love.add_nodes_from(people)
    love.add_edges_from(pair for pair, edge in edges.items() if in_love(edge, limits))
    stage = _Stage(relations, people, limits, edges, love)
    wanted = (name for name in MOTIFS if not names or name in names)
    return [Motif(name, found) for name in wanted for found in MOTIFS[name].find(stage)]


def in_love(edge: EdgeStart, limits: Thresholds = THRESHOLDS) -> bool:
    """Whether this is love: openly, for a lover, a spouse or an ex; or a passion for somebody who is not kin."""
    if edge.kind in ROMANTIC:
        return edge.affection >= limits.love
    return edge.kind not in KIN and edge.affection >= limits.secret_love and edge.heat >= limits.desire

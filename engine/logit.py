"""The conditional logit (McFadden 1974): people with features, features with weights, a probability for each.

Knows nothing of turns: `engine.turns.ordering` asks it who speaks next, `engine.turns.addressing` to whom.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

#: A smaller part of a score is no reason worth telling.
LEAST_REASON = 0.02


@dataclass(frozen=True)
class Feature:
    """One thing that counts for or against a person. `default` is its weight before any script is read."""

    name: str
    default: float
    meaning: str


class Features(tuple[Feature, ...]):
    """The features of one choice, in the order of their columns."""

    @cached_property
    def names(self) -> list[str]:
        return [feature.name for feature in self]

    @cached_property
    def columns(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.names)}


@dataclass(frozen=True)
class Bid:
    """How strongly one person bids. `reasons` says what each feature adds to her score above the others' mean."""

    person: str
    probability: float
    reasons: Mapping[str, float] = field(default_factory=dict)


class Bids(Sequence[Bid]):
    """Everybody's bid, the strongest first. Reasons are worked out for the bids that somebody looks at: of fifty, six.

    `parts` (people, features) is what each feature adds to each score, `names` are the features'; `people` and `chances`
    (people,) come in the order of its rows.
    """

    def __init__(
        self, people: Sequence[str], chances: NDArray[np.float64], names: Sequence[str], parts: NDArray[np.float64]
    ):
        order = np.argsort(-chances, kind="stable")
        self._rows: list[int] = order.tolist()
        self.people: list[str] = [people[row] for row in self._rows]
        self.chances = chances[order]
        self._names, self._parts = names, parts

    def told(self, ranks: Sequence[int]) -> list[Bid]:
        """The bids at these ranks, from 0, with their reasons."""
        if not ranks:
            return []
        # Only differences between people count: what adds the same to everybody is no reason.
        above = self._parts[[self._rows[rank] for rank in ranks]] - self._parts.mean(axis=0)
        chances, found = self.chances.tolist(), []
        for rank, parts in zip(ranks, above.tolist(), strict=True):
            telling = [column for column, part in enumerate(parts) if abs(part) >= LEAST_REASON]
            telling.sort(key=lambda column: -abs(parts[column]))
            reasons = {self._names[column]: parts[column] for column in telling}
            found.append(Bid(self.people[rank], chances[rank], reasons))
        return found

    @overload
    def __getitem__(self, index: int) -> Bid: ...
    @overload
    def __getitem__(self, index: slice) -> list[Bid]: ...
    def __getitem__(self, index: int | slice) -> Bid | list[Bid]:
        ranks = range(len(self))[index]
        return self.told([ranks])[0] if isinstance(ranks, int) else self.told(ranks)

    def __len__(self) -> int:
        return len(self.people)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def mixed(self, share: float, person: str) -> Bids:
        """These bids with a share [0, 1] of all turns given to one person, whoever bids for them."""
        chances = (1.0 - share) * self.chances
        if person in self.people:
            chances[self.people.index(person)] += share
        return Bids(self.people, chances, self._names, self._parts[self._rows])


class Rows:
    """The features of some people, filled in feature by feature, and made an array at once: a call of numpy costs as much as
    fifty people. What is not filled in is 0; nothing is filled in twice."""

    def __init__(self, people: Sequence[str], features: Features):
        self.people = people
        self._features, self._width = features, len(features)
        self._starts = {person: row * self._width for row, person in enumerate(people)}
        self._places: list[int] = []
        self._values: list[float] = []

    def every(self, feature: str, values: Iterable[float]) -> None:
        """The values of a feature, for everybody in order."""
        column = self._features.columns[feature]
        self._places += range(column, column + len(self.people) * self._width, self._width)
        self._values += values

    def put(self, feature: str, found: Iterable[tuple[str, float]]) -> None:
        """A value of a feature for each of those who are among the people; others are passed over."""
        column, starts = self._features.columns[feature], self._starts
        for who, value in found:
            if who in starts:
                self._places.append(starts[who] + column)
                self._values.append(value)

    def mark(self, feature: str, people: Iterable[str | None], value: float = 1.0) -> None:
        """One value of a feature for each of those who are among the people."""
        column, starts = self._features.columns[feature], self._starts
        for who in people:
            if who in starts:
                self._places.append(starts[who] + column)
                self._values.append(value)

    def alike(self, kind: Mapping[str, float], people: Iterable[str]) -> None:
        """The features of a `kind` for each of those who are among the people."""
        starts = [self._starts[who] for who in people if who in self._starts]
        for feature, value in kind.items():
            column = self._features.columns[feature]
            self._places += [start + column for start in starts]
            self._values += [value] * len(starts)

    def matrix(self) -> Matrix:
        """Array (people, features)."""
        found = np.zeros((len(self.people), self._width), np.float64)
        found.put(self._places, self._values)
        return found


def vector(weights: Mapping[str, float], features: Sequence[Feature]) -> NDArray[np.float64]:
    """Weights in the order of the features; what is not given has its default."""
    return np.array([weights.get(feature.name, feature.default) for feature in features], np.float64)


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    scores = np.exp(scores - np.maximum.reduce(scores))
    scores /= np.add.reduce(scores)
    return scores


def bids(
    people: Sequence[str],
    values: Matrix,
    features: Features,
    weights: Mapping[str, float],
    bend: Sequence[float] | None = None,
) -> Bids:
    """A bid for each person, the strongest first. `bend` multiplies each person's odds (above 0); it is a reason too."""
    if not people:
        return Bids((), np.empty(0), (), np.empty((0, 0)))
    names = features.names if bend is None else [*features.names, "bend"]
    parts = np.empty((len(people), len(names)))
    np.multiply(values, vector(weights, features), out=parts[:, : len(features)])
    if bend is not None:
        parts[:, -1] = np.log(bend)
    probabilities = softmax(parts.sum(axis=1))
    return Bids(people, probabilities, names, parts)


def draw(found: Bids, generator: np.random.Generator) -> str:
    """One of those who bid, each with her probability. Raises ValueError when there is none."""
    if not found:
        raise ValueError("nobody is there to choose from")
    sums = found.chances.cumsum()
    rank = int(sums.searchsorted(generator.random() * sums[-1], side="right"))
    return found.people[min(rank, len(sums) - 1)]


def newton(
    values: Matrix,
    starts: NDArray[np.intp],
    chosen: NDArray[np.intp],
    prior: NDArray[np.float64],
    ridge: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The weights (features,) that make the chosen rows likeliest, with `ridge / 2 * (weights - prior) ** 2` held against them.

    `values` is (rows, features), the rows of one occasion together; `starts` the first row of each occasion, `chosen`
    the row taken. The loss is convex: full Newton steps, halved where they overshoot.
    """
    segment = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(values))))
    weights = prior.copy()
    loss, probability = _loss(values, starts, segment, chosen, weights - prior, weights, ridge)
    for _ in range(50):
        expected = np.add.reduceat(values * probability[:, None], starts, axis=0)
        gradient = expected.sum(axis=0) - values[chosen].sum(axis=0) + ridge * (weights - prior)
        hessian = values.T @ (values * probability[:, None]) - expected.T @ expected + np.diag(ridge)
        step, scale = np.linalg.solve(hessian, gradient), 1.0
        while True:
            trial = weights - scale * step
            trial_loss, trial_probability = _loss(values, starts, segment, chosen, trial - prior, trial, ridge)
            if trial_loss <= loss or scale < 1e-6:
                break
            scale /= 2.0
        gained = loss - trial_loss
        if gained <= 0.0:
            break
        weights, loss, probability = trial, trial_loss, trial_probability
        if gained < 1e-8 * abs(loss):
            break
    return weights


def probabilities(values: Matrix, starts: NDArray[np.intp], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The probability of each row (rows,) within its occasion."""
    segment = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(values))))
    scores = values @ weights
    scores = np.exp(scores - np.maximum.reduceat(scores, starts)[segment])
    return np.asarray(scores / np.add.reduceat(scores, starts)[segment], np.float64)


def _loss(
    values: Matrix,
    starts: NDArray[np.intp],
    segment: NDArray[np.intp],
    chosen: NDArray[np.intp],
    away: NDArray[np.float64],
    weights: NDArray[np.float64],
    ridge: NDArray[np.float64],
) -> tuple[float, NDArray[np.float64]]:
    scores = values @ weights
    highest = np.maximum.reduceat(scores, starts)
    odds = np.exp(scores - highest[segment])
    sums = np.add.reduceat(odds, starts)
    loss = float((np.log(sums) + highest - scores[chosen]).sum() + 0.5 * (ridge * away**2).sum())
    return loss, odds / sums[segment]

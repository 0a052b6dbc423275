"""The conditional logit (McFadden 1974): people with features, features with weights, a probability for each.

Knows nothing of turns: `engine.turns.ordering` asks it who speaks next, `engine.turns.addressing` to whom.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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


@dataclass(frozen=True)
class Bid:
    """How strongly one person bids. `reasons` says what each feature adds to her score above the others' mean."""

    person: str
    probability: float
    reasons: Mapping[str, float] = field(default_factory=dict)


def matrix(rows: Sequence[Mapping[str, float]], features: Sequence[Feature]) -> Matrix:
    """Array (people, features) of rows that name only what is not zero."""
    columns = {feature.name: number for number, feature in enumerate(features)}
    found = np.zeros((len(rows), len(features)), np.float64)
    for number, row in enumerate(rows):
        for name, value in row.items():
            found[number, columns[name]] = value
    return found


def vector(weights: Mapping[str, float], features: Sequence[Feature]) -> NDArray[np.float64]:
    """Weights in the order of the features; what is not given has its default."""
    return np.array([weights.get(feature.name, feature.default) for feature in features], np.float64)


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    scores = np.exp(scores - scores.max())
    return np.asarray(scores / scores.sum(), np.float64)


def bids(
    people: Sequence[str],
    values: Matrix,
    features: Sequence[Feature],
    weights: Mapping[str, float],
    bend: Sequence[float] | None = None,
) -> list[Bid]:
    """A bid for each person, the strongest first. `bend` multiplies each person's odds (above 0); it is a reason too."""
    if not people:
        return []
    parts = values * vector(weights, features)
    names = [feature.name for feature in features]
    if bend is not None:
        parts = np.column_stack([parts, np.log(np.asarray(bend, np.float64))])
        names.append("bend")
    probabilities = softmax(parts.sum(axis=1))
    # Only differences between people count: what adds the same to everybody is no reason.
    parts = parts - parts.mean(axis=0)
    strongest = np.argsort(-np.abs(parts), axis=1, kind="stable").tolist()
    telling = (np.abs(parts) >= LEAST_REASON).sum(axis=1).tolist()
    found = []
    for person, probability, row, order, count in zip(
        people, probabilities.tolist(), parts.tolist(), strongest, telling, strict=True
    ):
        found.append(Bid(person, probability, {names[column]: row[column] for column in order[:count]}))
    return sorted(found, key=lambda bid: -bid.probability)


def draw(found: Sequence[Bid], generator: np.random.Generator) -> Bid:
    """One of the bids, each with its probability. Raises ValueError when there is none."""
    if not found:
        raise ValueError("nobody is there to choose from")
    sums = np.cumsum([bid.probability for bid in found])
    return found[min(int(np.searchsorted(sums, generator.random() * sums[-1], side="right")), len(found) - 1)]


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

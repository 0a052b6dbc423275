"""Marks -> sense: what in a base's states tells a sensible line from a senseless one. Numpy only, in a minute or two.

A logistic regression with a ridge on the base's top state behind each line, beside what was measured of the line when it was
drawn: how likely it was, how long and so on say much already (`engine.speech.features`), and sense is what they leave unsaid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.learning.marks import MEASURES, MarkedPlace
from engine.voices.sense import Sense
from engine.voices.voice import LSTMVoice

Matrix = NDArray[np.float64]

#: The ridge on a state, whose numbers are scaled to a spread of 1, and on a measure: there are few of them.
RIDGE, RIDGE_OF_MEASURES = 300.0, 6.0
#: Rounds of Newton's method at the most, and the largest step that ends it.
ROUNDS, STILL = 25, 1e-4


@dataclass(frozen=True)
class Evidence:
    """Marked lines as numbers: `states` (lines, width) behind them, `measures` (lines, MEASURES), which are `sensible`, and
    the number of the `place` of each."""

    states: Matrix
    measures: Matrix
    sensible: NDArray[np.bool_]
    place: NDArray[np.int64]

    def of(self, places: NDArray[np.bool_]) -> Evidence:
        """The lines of the places (places,) that are chosen."""
        chosen = places[self.place]
        return Evidence(self.states[chosen], self.measures[chosen], self.sensible[chosen], self.place[chosen])


def evidence(
    places: Sequence[MarkedPlace], base: LSTMVoice, tell: Callable[[float], None] = lambda done: None
) -> Evidence:
    """What a base makes of marked lines; `tell` hears how far it is, 0 to 1."""
    lines = [line for place in places for line in place.lines]
    states = [np.zeros((0, base.network.width), np.float32)]
    for number, place in enumerate(places, 1):
        states.append(base.behind(place.prompt(base.vocabulary), place.replies(base.vocabulary)))
        tell(number / len(places))
    return Evidence(
        np.concatenate(states).astype(np.float64),
        np.array([line.measures for line in lines], np.float64).reshape(len(lines), len(MEASURES)),
        np.array([line.sensible for line in lines], bool),
        np.repeat(np.arange(len(places)), [len(place.lines) for place in places]),
    )


def fitted(found: Evidence) -> tuple[Sense, dict[str, float]]:
    """Sense, and the weight that each measure has beside it. Raises ValueError where that cannot be told."""
    if len(set(found.sensible.tolist())) < 2:
        raise ValueError("some lines must be sensible (G) and some not (M, X)")
    values = np.concatenate([found.states, found.measures], 1)
    mean, spread = values.mean(0), values.std(0) + 1e-6
    width = found.states.shape[1]
    ridge = np.r_[np.full(width, RIDGE), np.full(len(MEASURES), RIDGE_OF_MEASURES), 0.0]
    scaled = np.column_stack([(values - mean) / spread, np.ones(len(values))])
    weights = _newton(scaled, found.sensible.astype(np.float64), ridge)
    plain = weights[:-1] / spread
    bias = float(weights[-1] - mean[:width] @ plain[:width])
    sense = Sense(plain[:width].astype(np.float32), bias)
    return sense, dict(zip(MEASURES, plain[width:].tolist(), strict=True))


def _newton(values: Matrix, wanted: Matrix, ridge: Matrix) -> Matrix:
    """The weights of a logistic regression with a ridge (iteratively reweighted least squares)."""
    weights = np.zeros(values.shape[1])
    for _ in range(ROUNDS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(values @ weights, -30, 30)))
        slope = values.T @ (chance - wanted) + ridge * weights
        curve = (values * (chance * (1.0 - chance))[:, None]).T @ values + np.diag(ridge + 1e-6)
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < STILL:
            return weights
    raise ValueError(
        f"the regression did not come to rest in {ROUNDS} rounds: the numbers of these lines cannot be right"
    )

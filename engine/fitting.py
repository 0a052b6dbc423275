"""Scripts -> turn weights: the conditional logit fitted by Newton's method, in plain numpy.

Two steps. First the general rules alone; what they expect of each person on each occasion, set against what happened,
gives the habits. Then all weights together, where each scene's habits leave that scene's own counts out (the
jackknife), or a habit would look as sure as the scene it was read from. A ridge pulls every weight towards its prior:
the features' defaults, or weights fitted elsewhere, so that a short script is no worse off than none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine import addressing, logit, ordering
from engine.habits import Habits, Key
from engine.logit import Feature, Matrix
from engine.turn_scenes import TurnScene
from engine.turn_weights import Weights

#: How firmly a weight is held to its prior, in units of information, and how many turns a habit's prior is worth; chosen by cross-validation
#: on plays that no table reports.
RIDGE, STRENGTH = 20.0, 5.0


@dataclass(frozen=True)
class Occasion:
    """One choice that a script made: `chosen` is a row of `rows`; `keys` are the habits that bear on each row."""

    scene: int
    chosen: int
    rows: Sequence[Mapping[str, float]]
    keys: Sequence[Mapping[str, Sequence[Key]]]


def fit(scenes: Sequence[TurnScene], prior: Weights | None = None) -> Weights:
    """Weights of both choices. Without a single turn, the prior (or the defaults) with no habits."""
    prior = prior or Weights()
    speaker, speaking = _fit(speaking_occasions(scenes), ordering.FEATURES, prior.speaker)
    addressee, addressed = _fit(addressing_occasions(scenes), addressing.FEATURES, prior.addressee)
    return Weights(speaker, addressee, speaking, addressed)


def speaking_occasions(scenes: Sequence[TurnScene]) -> list[Occasion]:
    """Who took each turn, of those present."""
    found = []
    for number, scene in enumerate(scenes):
        for index, turn in enumerate(scene.turns):
            situation = scene.situation(index)
            keys = [ordering.circumstances(situation.floor, person) for person in situation.present]
            found.append(Occasion(number, scene.present.index(turn.speaker), ordering.general(situation), keys))
    return found


def addressing_occasions(scenes: Sequence[TurnScene]) -> list[Occasion]:
    """Whom each turn was for: as it says, else whom it calls, else the last other speaker."""
    found = []
    for number, scene in enumerate(scenes):
        for index, turn in enumerate(scene.turns):
            situation = scene.situation(index, turn.speaker)
            people = addressing.candidates(situation, turn.speaker)
            to = scene.named_addressee(index) or addressing.last_other(situation, turn.speaker)
            if to not in people or len(people) < 2:
                continue
            keys = [addressing.circumstances(situation.floor, turn.speaker, person) for person in people]
            rows = addressing.general(situation, turn.speaker)
            found.append(Occasion(number, people.index(to), rows, keys))
    return found


def newton(
    values: Matrix, starts: NDArray[np.intp], chosen: NDArray[np.intp], prior: NDArray[np.float64], ridge: NDArray[np.float64]
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


def _fit(
    occasions: Sequence[Occasion], features: Sequence[Feature], prior: Mapping[str, float]
) -> tuple[dict[str, float], Habits]:
    centre = logit.vector(prior, features)
    names = [feature.name for feature in features]
    if not occasions:
        return dict(zip(names, centre.tolist(), strict=True)), Habits(STRENGTH)
    habitual = {name for occasion in occasions for keys in occasion.keys for name in keys}
    values = np.vstack([logit.matrix(occasion.rows, features) for occasion in occasions])
    starts = np.cumsum([0, *(len(occasion.rows) for occasion in occasions[:-1])])
    chosen = starts + np.array([occasion.chosen for occasion in occasions])
    ridge = np.full(len(features), RIDGE)
    # The habits' columns are empty in the first step, which leaves their weights at the prior.
    first = probabilities(values, starts, newton(values, starts, chosen, centre, ridge))
    total, own = _count(occasions, first)
    columns = [(names.index(name), name) for name in sorted(habitual)]
    row = 0
    for occasion in occasions:
        for keys in occasion.keys:
            for column, name in columns:
                if name in keys:
                    values[row, column] = total.ratio(keys[name], own[occasion.scene])
            row += 1
    weights = newton(values, starts, chosen, centre, ridge)
    return dict(zip(names, weights.tolist(), strict=True)), total


def _count(occasions: Sequence[Occasion], expected: NDArray[np.float64]) -> tuple[Habits, dict[int, Habits]]:
    """What happened against what was expected: over all scenes, and for each scene alone."""
    total, own = Habits(STRENGTH), dict[int, Habits]()
    row = 0
    for occasion in occasions:
        for number, keys in enumerate(occasion.keys):
            spoke, chance = float(number == occasion.chosen), float(expected[row])
            for key in (key for found in keys.values() for key in found):
                total.add(key, spoke, chance)
                own.setdefault(occasion.scene, Habits(STRENGTH)).add(key, spoke, chance)
            row += 1
    return total, own

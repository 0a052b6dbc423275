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

from engine import logit
from engine.logit import Feature, Matrix, newton, probabilities
from engine.turns import addressing, ordering
from engine.turns.habits import Habits, Key
from engine.turns.scenes import TurnScene
from engine.turns.weights import Weights

#: How firmly a weight is held to its prior, in units of information, and how many turns a habit's prior is worth; chosen by cross-validation
#: on plays that no table reports.
RIDGE, STRENGTH = 20.0, 5.0

#: How many turns the prior share of plain turns is worth.
SCENE = 30

#: Habits counted against an equal share, not against the general rules: those expect much of who answers much.
EQUAL_SHARE = frozenset({"rate"})


@dataclass(frozen=True)
class Occasion:
    """One choice that a script made: `chosen` is a row of `values` (people, features), whose habits are still 0.

    `keys` are the habits that bear on each row, by feature.
    """

    chosen: int
    values: Matrix
    keys: tuple[Mapping[str, Sequence[Key]], ...]


@dataclass(frozen=True)
class Evidence:
    """Both kinds of choice that one scene shows; they do not depend on any weights.

    `addressing` are the turns that pick somebody out, `plain` is the number of those that do not.
    """

    speaking: tuple[Occasion, ...]
    addressing: tuple[Occasion, ...]
    plain: int


def fit(scenes: Sequence[TurnScene], prior: Weights | None = None) -> Weights:
    """Weights of both choices. Without a single turn, the prior (or the defaults) with no habits."""
    return learn([observe(scene) for scene in scenes], prior)


def learn(evidence: Sequence[Evidence], prior: Weights | None = None) -> Weights:
    """As `fit`, from scenes that have been observed: fits on many parts of the same scenes share that work."""
    prior = prior or Weights()
    speaker, speaking = _fit([scene.speaking for scene in evidence], ordering.FEATURES, prior.speaker)
    addressee, addressed = _fit([scene.addressing for scene in evidence], addressing.FEATURES, prior.addressee)
    plain, picked = sum(scene.plain for scene in evidence), sum(len(scene.addressing) for scene in evidence)
    # The prior share counts as a scene's worth of turns.
    share = (plain + SCENE * prior.plain) / (plain + picked + SCENE)
    return Weights(speaker, addressee, speaking, addressed, share)


def observe(scene: TurnScene) -> Evidence:
    """Who took each turn, of those present; and whom it was for, where it says so or calls her and others might be meant."""
    speaking, addressed, plain = [], [], 0
    for index, turn in enumerate(scene.turns):
        situation = scene.situation(index)
        keys = [ordering.circumstances(situation.floor, person) for person in situation.present]
        speaking.append(Occasion(scene.present.index(turn.speaker), ordering.general(situation), tuple(keys)))
        situation = scene.situation(index, turn.speaker)
        people = addressing.candidates(situation, turn.speaker)
        to = scene.named_addressee(index)
        if len(people) < 2:
            continue
        if to is None:
            plain += 1
        else:
            keys = [addressing.circumstances(situation.floor, turn.speaker, person) for person in people]
            addressed.append(Occasion(people.index(to), addressing.general(situation, turn.speaker), tuple(keys)))
    return Evidence(tuple(speaking), tuple(addressed), plain)


def _fit(
    scenes: Sequence[Sequence[Occasion]], features: Sequence[Feature], prior: Mapping[str, float]
) -> tuple[dict[str, float], Habits]:
    centre = logit.vector(prior, features)
    columns = {feature.name: column for column, feature in enumerate(features)}
    occasions = [occasion for scene in scenes for occasion in scene]
    if not occasions:
        return dict(zip(columns, centre.tolist(), strict=True)), Habits(STRENGTH)
    values = np.vstack([occasion.values for occasion in occasions])
    starts = np.cumsum([0, *(len(occasion.values) for occasion in occasions[:-1])])
    chosen = starts + np.array([occasion.chosen for occasion in occasions])
    ridge = np.full(len(features), RIDGE)
    # The habits' columns are empty in the first step, which leaves their weights at the prior.
    expected = probabilities(values, starts, newton(values, starts, chosen, centre, ridge))
    total, own = _count(scenes, expected.tolist())
    row = 0
    for scene, counts in zip(scenes, own, strict=True):
        for keys in (keys for occasion in scene for keys in occasion.keys):
            for name, found in keys.items():
                values[row, columns[name]] = total.ratio(found, counts)
            row += 1
    weights = newton(values, starts, chosen, centre, ridge)
    return dict(zip(columns, weights.tolist(), strict=True)), total


def _count(scenes: Sequence[Sequence[Occasion]], expected: Sequence[float]) -> tuple[Habits, list[Habits]]:
    """What happened against what was expected: over all scenes, and for each scene alone."""
    total, own = Habits(STRENGTH), [Habits(STRENGTH) for _ in scenes]
    row = 0
    for scene, counts in zip(scenes, own, strict=True):
        for occasion in scene:
            for number, keys in enumerate(occasion.keys):
                spoke = float(number == occasion.chosen)
                for key in (key for found in keys.values() for key in found):
                    chance = 1.0 / len(occasion.keys) if key[0] in EQUAL_SHARE else expected[row]
                    total.add(key, spoke, chance)
                    counts.add(key, spoke, chance)
                row += 1
    return total, own

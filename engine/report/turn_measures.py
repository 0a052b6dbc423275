"""How well the turn engine guesses who speaks next and to whom, beside simple baselines, on scenes it has not seen.

Returns rows of plain data; it prints nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine import logit
from engine.corpus import split
from engine.meter import Meter
from engine.report.turn_baselines import BASELINES, Choices, Floats
from engine.turns import addressing, fitting, ordering
from engine.turns.fitting import Evidence
from engine.turns.scenes import TurnScene
from engine.turns.weights import Weights

ENGINE = "turn engine"

_COLUMNS = {feature.name: column for column, feature in enumerate(ordering.FEATURES)}


@dataclass(frozen=True)
class Material:
    """Scripts that share a cast: scenes by the name of the script or show that a row is for.

    With `folds` 0 the rows are for the test scenes of `engine.corpus.split`, everything fitted on all other scenes; else each
    scene is guessed once, by what was fitted on the other folds (for a script too short to spare scenes).
    """

    scripts: Mapping[str, Sequence[TurnScene]]
    folds: int = 0

    @property
    def scenes(self) -> list[TurnScene]:
        return [scene for scenes in self.scripts.values() for scene in scenes]


@dataclass(frozen=True)
class Figure:
    """Perplexity and top-1 accuracy of one guesser; ties count by their share."""

    perplexity: float
    accuracy: float


@dataclass(frozen=True)
class Row:
    """One script. `speakers` holds a figure by guesser, the engine's under `ENGINE`.

    `named` is the number of turns whose addressee the script names (and two or more could be meant), `addressee` and
    `last_other` the share of them that the engine and the rule "the last other speaker" get right.
    """

    script: str
    scenes: int
    turns: int
    speakers: Mapping[str, Figure] = field(default_factory=dict)
    named: int = 0
    addressee: float = 0.0
    last_other: float = 0.0

    @property
    def better(self) -> bool:
        """Is the engine better than the best baseline, in perplexity and in accuracy?"""
        own = self.speakers[ENGINE]
        others = [figure for name, figure in self.speakers.items() if name != ENGINE]
        return all(own.perplexity < other.perplexity for other in others) and all(
            own.accuracy > other.accuracy for other in others
        )


@dataclass
class _Tally:
    """What was guessed about one script so far: log probabilities and hits by guesser, hits of the addressee."""

    scenes: int = 0
    logs: dict[str, list[Floats]] = field(default_factory=dict)
    hits: dict[str, list[Floats]] = field(default_factory=dict)
    addressee: list[float] = field(default_factory=list)
    last_other: list[float] = field(default_factory=list)


def report(materials: Sequence[Material], prior: Weights | None = None, meter: Meter | None = None) -> list[Row]:
    """A row for each script, in order; scripts without a scene to guess are left out.

    `prior` holds the weights that every fit starts from; it must not have seen the scenes that are guessed. `meter` hears
    of scenes that were observed, and of those that were guessed or fitted to, which takes as long.
    """
    meter = meter or Meter()
    meter.expect(sum(len(material.scenes) * (1 + max(material.folds, 1)) for material in materials))
    rows = []
    for material in materials:
        tallies = {name: _Tally() for name in material.scripts}
        meter.at("who speaks when")
        evidence = {}
        for scene in material.scenes:
            evidence[scene.key] = fitting.observe(scene)
            meter.advance()
        meter.at("guessing who speaks next")
        for training, held in _parts(material):
            _guess(training, held, evidence, tallies, prior)
            meter.advance(len(material.scenes))
        rows += [_row(name, tally) for name, tally in tallies.items() if tally.scenes]
    return rows


def speaker_probabilities(evidence: Sequence[Evidence], weights: Weights) -> Floats:
    """The engine's probability of each row of `Choices.of` for the same scenes (rows,)."""
    chances = []
    for occasion in (occasion for scene in evidence for occasion in scene.speaking):
        values = occasion.values.copy()
        for row, keys in enumerate(occasion.keys):
            for name, found in keys.items():
                values[row, _COLUMNS[name]] = weights.speaking.ratio(found)
        chances.append(logit.softmax(values @ logit.vector(weights.speaker, ordering.FEATURES)))
    return np.concatenate(chances)


def _parts(material: Material) -> Iterator[tuple[list[TurnScene], dict[str, list[TurnScene]]]]:
    """(training scenes, held-out scenes by script), once or once a fold."""
    for fold in range(max(material.folds, 1)):
        training: list[TurnScene] = []
        held: dict[str, list[TurnScene]] = {name: [] for name in material.scripts}
        for name, scenes in material.scripts.items():
            for scene in scenes:
                out = _fold(scene.key, material.folds) == fold if material.folds else split.held_out(scene.key)
                (held[name] if out else training).append(scene)
        yield training, held


def _fold(key: str, folds: int) -> int:
    return int.from_bytes(hashlib.sha256(key.encode("utf-8")).digest()[8:16], "big") % folds


def _guess(
    training: Sequence[TurnScene],
    held: Mapping[str, Sequence[TurnScene]],
    evidence: Mapping[str, Evidence],
    tallies: Mapping[str, _Tally],
    prior: Weights | None,
) -> None:
    weights = fitting.learn([evidence[scene.key] for scene in training], prior)
    spoken = [[turn.speaker for turn in scene.turns] for scene in training]
    baselines = {name: fit(spoken) for name, fit in BASELINES.items()}
    for script, scenes in held.items():
        if not scenes:
            continue
        tally = tallies[script]
        tally.scenes += len(scenes)
        choices = Choices.of([[turn.speaker for turn in scene.turns] for scene in scenes])
        guesses = {name: choices.normalise(baseline(choices)) for name, baseline in baselines.items()}
        guesses[ENGINE] = speaker_probabilities([evidence[scene.key] for scene in scenes], weights)
        for name, probability in guesses.items():
            tally.logs.setdefault(name, []).append(np.log(probability[choices.chosen]))
            tally.hits.setdefault(name, []).append(_hits(choices, probability))
        for scene in scenes:
            _guess_addressees(scene, weights, tally)


def _hits(choices: Choices, probability: Floats) -> Floats:
    """(turns,): 1 where the likeliest person spoke, her share where several are equally likely, else 0."""
    highest = np.maximum.reduceat(probability, choices.starts)
    sizes = np.diff(np.append(choices.starts, len(probability)))
    top = (probability >= np.repeat(highest, sizes) * (1 - 1e-9)).astype(np.float64)
    return np.asarray(top[choices.chosen] / np.add.reduceat(top, choices.starts), np.float64)


def _guess_addressees(scene: TurnScene, weights: Weights, tally: _Tally) -> None:
    for index, turn in enumerate(scene.turns):
        named = scene.named_addressee(index)
        situation = scene.situation(index, turn.speaker)
        if named is None or len(situation.present) < 3:
            continue
        # That somebody is named is known here; who, is the question.
        guess = addressing.picked_out(situation, turn.speaker, weights)[0].person
        tally.addressee.append(float(guess == named))
        tally.last_other.append(float(addressing.last_other(situation, turn.speaker) == named))


def _row(script: str, tally: _Tally) -> Row:
    figures = {}
    for name, logs in tally.logs.items():
        figures[name] = Figure(
            float(np.exp(-np.concatenate(logs).mean())), float(np.concatenate(tally.hits[name]).mean())
        )
    return Row(
        script,
        tally.scenes,
        sum(len(logs) for logs in tally.logs[ENGINE]),
        figures,
        len(tally.addressee),
        float(np.mean(tally.addressee)) if tally.addressee else 0.0,
        float(np.mean(tally.last_other)) if tally.last_other else 0.0,
    )

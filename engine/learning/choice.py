"""Fits the weights of the choice: which sums of features put a script's real line before a voice's own samples.

For lines of the validation scenes, each speaker's voice draws candidates in the same place; a conditional logit
over the real line and the candidates gives the weights (residual energy-based reranking, Deng et al. 2020, with
noise-contrastive groups). What only play can tell (the beat's words, repetition) keeps its guess.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.learning.passages import Passage
from engine.speech.agent import Agent, Candidate, Request, tidy
from engine.speech.casting import Casting
from engine.speech.features import FEATURES, Said, Weights
from engine.turns import fitting
from engine.voices.sequences import prompt
from engine.voices.voice import Drawn, LSTMVoice, Sampler

#: Candidates drawn beside each real line, and how firmly weights are held to their fallbacks.
DRAWN, RIDGE = 11, 3.0


@dataclass(frozen=True)
class Group:
    """Features (candidates, features) of one place in a script; row 0 is the real line."""

    who: str
    values: NDArray[np.float64]


def fitted() -> list[str]:
    """Names of the features that scripts can teach, in order."""
    return [feature.name for feature in FEATURES if not feature.held]


def gather(
    agents: Callable[[str], Agent],
    passages: Sequence[Passage],
    speakers: Sequence[str],
    most: int,
    seed: int,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> list[Group]:
    """Groups for at most `most` lines of each speaker, from the given passages."""
    generator = np.random.default_rng([seed, 11])
    places = [
        (passage, number)
        for who in speakers
        for passage, number in _some(passages, who, most, generator)
    ]  # fmt: skip
    groups = []
    for done, (passage, number) in enumerate(places):
        line = passage.lines[number]
        agent = agents(line.speaker)
        voice = agent.voice
        if not isinstance(voice, LSTMVoice):
            continue
        context = passage.lines[max(0, number - codes.HEARD) : number]
        before = prompt(voice.vocabulary, context, line, passage.language)
        settings = agent.persona.voice
        sampler = Sampler(
            settings.temperature, settings.top_p, settings.top_k, settings.repetition_penalty, settings.emphasis
        )
        drawn = [each for each in voice.draw(before, DRAWN, sampler, generator) if each.ended]
        ids = tuple(voice.vocabulary.encode(line.text))
        real = Drawn(ids, tuple(voice.nats(before, [ids])[0].tolist()), True)
        candidates = [
            Candidate(tidy(voice.vocabulary.decode(each.ids)), "", each) for each in [real, *drawn] if each.ids
        ]
        request = Request(
            context,
            passage.lines[number - 1].text if number else "",
            line,
            Casting(line.speaker, None, (), str, str, (), generator),
            Said(each.text for each in context),
        )
        measured = agent.measure(candidates, before, request)
        groups.append(Group(line.speaker, np.array([[row[name] for name in fitted()] for row in measured])))
        report(done + 1, len(places))
    return groups


def fit(groups: Sequence[Group]) -> Weights:
    """The weights; without groups the fallbacks."""
    fallback = Weights.fallback()
    if not groups:
        return fallback
    names = fitted()
    values = np.vstack([group.values for group in groups])
    starts = np.cumsum([0, *(len(group.values) for group in groups[:-1])])
    prior = np.array([fallback.values[name] for name in names])
    weights = fitting.newton(values, starts, starts, prior, np.full(len(names), RIDGE))
    return Weights({**fallback.values, **dict(zip(names, weights.tolist(), strict=True))})


def first_share(groups: Sequence[Group], weights: Weights) -> float:
    """How often the real line comes out first."""
    vector = np.array([weights.values[name] for name in fitted()])
    return float(np.mean([int(np.argmax(group.values @ vector) == 0) for group in groups])) if groups else 0.0


def _some(
    passages: Sequence[Passage], who: str, most: int, generator: np.random.Generator
) -> list[tuple[Passage, int]]:
    places = [
        (passage, number) for passage in passages for number, line in enumerate(passage.lines) if line.speaker == who
    ]
    return [places[index] for index in sorted(generator.permutation(len(places))[:most])]

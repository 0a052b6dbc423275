"""The voices of a fresh troupe on lines they have never seen, and three lines of each to hear. Numpy only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.learning.pairs import pairs
from engine.learning.passages import Passage
from engine.learning.places import Place, request
from engine.learning.plan import Plan
from engine.meter import Meter
from engine.report.batching import reply_nats
from engine.speech.agent import Agent
from engine.speech.company import Company
from engine.speech.copying import words
from engine.speech.said import Said
from engine.voices.registry import BASE

SAMPLES, CANDIDATES = 3, 16
#: Lines to learn from: below the first a voice is hardly more than its show's, from the second on it can be told apart.
FEW, ENOUGH = 150, 400
#: Held-out lines below which a figure moves by several per cent with the choice of scenes.
ROUGH = 30


@dataclass(frozen=True)
class Sample:
    """A line that was asked, and what the voice said."""

    asked: str
    said: str


@dataclass(frozen=True)
class Trial:
    """One voice. `base` and `own` are perplexities a word on its held-out lines (None: there are none)."""

    name: str
    learned: int
    held_out: int
    base: float | None
    own: float | None
    samples: tuple[Sample, ...] = ()

    @property
    def material(self) -> str:
        """Whether there was enough to learn from, and to measure on."""
        amount = (
            "too little for a voice that stands out"
            if self.learned < FEW
            else "just enough"
            if self.learned < ENOUGH
            else "enough"
        )
        return amount + (
            f"; only {self.held_out} held-out lines, so the figure is rough" if self.held_out < ROUGH else ""
        )


def trials(plan: Plan, people: Sequence[str], seed: int = 1, meter: Meter | None = None) -> list[Trial]:
    """The voice of each of `people`, by id; `meter` hears of each. Raises VoiceError when one is missing or broken."""
    company = Company(plan.troupe, CANDIDATES)
    each = (meter or Meter()).over("trying the voices", people)
    return [trial(plan, who, company.agent(who), seed) for who in each]


def trial(plan: Plan, who: str, agent: Agent, seed: int) -> Trial:
    """One voice on trial; what it is measured with is in the troupe, what it says comes from `agent`."""
    registry, persona = plan.grounds.whose(who), plan.troupe.personas[who]
    spoken = [passage for passage in plan.passages if passage.language == persona.language]
    held_out = pairs(registry.vocabulary, spoken, "test", {who})
    lines = [line for passage in spoken if passage.part == "test" for line in passage.lines if line.speaker == who]
    count = sum(len(words(line.text)) for line in lines)
    figures: list[float | None] = [None, None]
    if count:
        for number, name in enumerate((BASE, plan.grounds.voice_of(who))):
            nats = float(reply_nats(registry.load(name), held_out).sum())
            figures[number] = math.exp(min(50.0, nats / count))
    return Trial(
        persona.name,
        plan.lines.get(who, 0),
        len(lines),
        figures[0],
        figures[1],
        samples(plan, who, agent, spoken, seed),
    )


def samples(plan: Plan, who: str, agent: Agent, spoken: Sequence[Passage], seed: int) -> tuple[Sample, ...]:
    """Answers to real lines that were put to her, of held-out scenes where there are such."""
    generator = np.random.default_rng([seed, 11])
    places = [
        (passage, number)
        for part in ("test", "validation", "train")
        for passage in spoken
        if passage.part == part
        for number in range(1, len(passage.lines))
        if passage.lines[number].speaker == who
    ]
    # Somebody who always speaks alone is asked by her own last line.
    asked = [(passage, number) for passage, number in places if passage.lines[number - 1].speaker != who] or places
    held_out = sum(passage.part == "test" for passage, _ in asked)
    pool = asked[: held_out if held_out >= SAMPLES else 4 * SAMPLES]
    found = []
    said = Said()
    for index in sorted(generator.permutation(len(pool))[:SAMPLES].tolist()):
        passage, number = pool[index]
        choice = agent.speak(request(plan.troupe, who, Place(passage, number), generator, said), generator)
        said.add(choice.text)
        found.append(Sample(passage.raw[number - 1], choice.text))
    return tuple(found)

"""Lines to be judged: what voices say in held-out places, through the same agents as on the stage, and what the scripts say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.learning.places import Place, request
from engine.report.batching import parallel
from engine.report.subject import CANDIDATE, Subject
from engine.speech.agent import Agent
from engine.speech.company import Company
from engine.voices.registry import BASE


@dataclass(frozen=True)
class Utterance:
    """A line for a place: as spoken, and as networks see it. A signature phrase is the sheet's and is left out."""

    place: Place
    text: str
    hidden: str


@dataclass(frozen=True)
class Source:
    """Somebody who says lines: the scripts themselves, the voices, or a baseline; by character, in the places' order."""

    name: str
    said: Mapping[str, tuple[Utterance, ...]]

    @property
    def lines(self) -> list[Utterance]:
        return [each for of_one in self.said.values() for each in of_one]


def stage_places(subject: Subject, people: Sequence[str]) -> dict[str, tuple[Place, ...]]:
    """Where each of the people is to speak: held-out places, for principals more of them than for others."""
    effort = subject.effort
    most = {who: effort.generated if who in subject.principals else effort.others for who in people}
    return {who: subject.some(subject.places[who], most[who], "generated", who) for who in people}


def scripts(places: Mapping[str, Sequence[Place]]) -> Source:
    """What the scripts say in these places."""
    return Source(
        "scripts",
        {who: tuple(Utterance(place, place.raw, place.line.text) for place in each) for who, each in places.items()},
    )


def speak(subject: Subject, company: Company, places: Mapping[str, Sequence[Place]], base_only: bool = False) -> Source:
    """A line for each place by each one's own voice (else her show's), or by the base in everybody's stead."""
    people = list(places)
    # Loaded before the threads begin, since neither a registry nor a company is made for several.
    for who in people:
        company.craft(subject.persona(who).language)
        for name in (BASE, subject.voice(who)):
            subject.registry(who).load(name)

    def lines_of(who: str) -> tuple[Utterance, ...]:
        # A voice remembers the last prompt that it read: each task has voices of its own, on the same weights.
        registry, persona = subject.registry(who), subject.persona(who)
        voice, other = (registry.load(name).copy() for name in (BASE if base_only else subject.voice(who), BASE))
        agent = Agent(who, persona, voice, other, company.craft(persona.language))
        said = []
        for number, place in enumerate(places[who]):
            generator = subject.generator("line", who, str(number))
            choice = agent.speak(request(subject.troupe, who, place, generator), generator)
            cut = len(choice.phrase) + 1 if choice.phrase else 0
            said.append(Utterance(place, choice.text[cut:], choice.hidden[cut:]))
            subject.meter.advance(CANDIDATE * subject.effort.candidates)
        return tuple(said)

    return Source("base" if base_only else "voices", dict(zip(people, parallel(lines_of, people), strict=True)))

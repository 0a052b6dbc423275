"""Lines to be judged: what voices say in held-out places, through the same agents as on the stage, and what the scripts say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.report.batching import parallel
from engine.report.subject import Place, Subject
from engine.speech.agent import Agent, Craft, Request
from engine.speech.casting import Casting
from engine.speech.features import Said
from engine.voices.voice import BASE


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


def known_people(subject: Subject, place: Place) -> tuple[str, ...]:
    """Whom a speaker may name there: who speaks in the scene, and who was named in it before."""
    passage = place.passage
    names = subject.troupe.names_in(passage.language)
    before = [mention.who for text in passage.raw[: place.number] for mention in names.mentions(text)]
    on_stage = [line.speaker for line in passage.lines if line.speaker in subject.troupe.personas]
    return tuple(dict.fromkeys([*on_stage, *before]))


def casting(subject: Subject, who: str, place: Place, generator: np.random.Generator) -> Casting:
    """Who each slot means in a line of `who` at the place."""
    personas = subject.troupe.personas
    ties = personas[who].relations

    def form(other: str) -> str:
        return (ties[other].calls if other in ties else "") or personas[other].name

    def kind(other: str) -> str:
        return ties[other].kind if other in ties else "stranger"

    addressee = place.addressee if place.addressee in personas else None
    known = [other for other in known_people(subject, place) if other != who]
    return Casting(who, addressee, known, kind, form, subject.troupe.world.places, generator)


def request(subject: Subject, who: str, place: Place, generator: np.random.Generator) -> Request:
    """What the stage would ask for there, without a beat: tone, addressee and arc are the script's."""
    addressee = subject.troupe.personas.get(place.addressee or "")
    before = place.passage.raw[: place.number]
    return Request(
        place.context,
        before[-1] if before else "",
        replace(place.line, text=""),
        casting(subject, who, place, generator),
        Said(before),
        pronoun=addressee.pronoun if addressee else None,
    )


def speak(subject: Subject, craft: Craft, places: Mapping[str, Sequence[Place]], base_only: bool = False) -> Source:
    """A line for each place by each one's own voice (else her show's), or by the base in everybody's stead."""
    library, people = subject.library, list(places)
    # Loaded before the threads begin, since a library is not made for several.
    for name in {BASE, *map(subject.voice, people), *filter(None, map(subject.show, people))}:
        library.load(name)

    def lines_of(who: str) -> tuple[Utterance, ...]:
        show = subject.show(who)
        own, reference = (BASE, BASE) if base_only else (subject.voice(who), show or BASE)
        # A voice remembers the last prompt that it read: each task has voices of its own, on the same weights.
        voice, other = (library.load(name).again() for name in (own, reference))
        agent = Agent(who, subject.persona(who), voice, other, craft)
        said = []
        for number, place in enumerate(places[who]):
            generator = subject.generator("line", who, str(number))
            choice = agent.speak(request(subject, who, place, generator), generator)
            cut = len(choice.phrase) + 1 if choice.phrase else 0
            said.append(Utterance(place, choice.text[cut:], choice.hidden[cut:]))
        return tuple(said)

    return Source("base" if base_only else "voices", dict(zip(people, parallel(lines_of, people), strict=True)))

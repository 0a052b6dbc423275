"""Scripted places: a line of a script as something that may be asked of an agent. Serves report and adoption."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine import codes
from engine.corpus import topics
from engine.frames import Frame
from engine.learning.pairs import LIMIT
from engine.learning.passages import Passage
from engine.speech.casting import Casting
from engine.speech.director import Proposal
from engine.speech.request import Request
from engine.speech.said import Said
from engine.troupe import Troupe
from engine.voices.sequences import Line, Pair, pair
from engine.voices.vocabulary import Vocabulary


@dataclass(frozen=True)
class Place:
    """One line of a scene: where it stands, what was said before it, and the line itself."""

    passage: Passage
    number: int

    @property
    def line(self) -> Line:
        return self.passage.lines[self.number]

    @property
    def raw(self) -> str:
        return self.passage.raw[self.number]

    @property
    def addressee(self) -> str | None:
        return self.passage.addressees[self.number]

    @property
    def context(self) -> tuple[Line, ...]:
        """Up to `codes.WINDOW` lines before, as networks see them."""
        return self.passage.lines[max(0, self.number - codes.WINDOW) : self.number]

    def pair(self, vocabulary: Vocabulary) -> Pair:
        return pair(vocabulary, self.context, self.line, self.passage.language, LIMIT)


def known_people(troupe: Troupe, place: Place) -> tuple[str, ...]:
    """Whom a speaker may name there: who speaks in the scene, and who was named in it before."""
    passage = place.passage
    names = troupe.names_in(passage.language)
    before = [mention.who for text in passage.raw[: place.number] for mention in names.mentions(text)]
    on_stage = [line.speaker for line in passage.lines if line.speaker in troupe.personas]
    return tuple(dict.fromkeys([*on_stage, *before]))


def casting(troupe: Troupe, who: str, place: Place, known: Sequence[str], draw: np.random.Generator) -> Casting:
    """Who and what each slot means in a line of `who` at the place, if she may name `known`."""
    personas = troupe.personas
    ties = personas[who].relations

    def form(other: str) -> str:
        return (ties[other].calls if other in ties else "") or personas[other].name

    def kind(other: str) -> str:
        return ties[other].kind if other in ties else "stranger"

    addressee = place.addressee if place.addressee in personas and place.addressee != who else None
    others = [other for other in known if other != who]
    slots = topics.slots(place.passage.topics, place.passage.language)
    seen = [text for line in (*place.context, place.line) for text in line.seen]
    return Casting(who, addressee, others, kind, form, troupe.world.places, draw, slots, seen)


def request(troupe: Troupe, who: str, place: Place, draw: np.random.Generator, said: Said | None = None) -> Request:
    """What the stage would ask for there, without a beat: frame, addressee and arc are the script's."""
    line = place.line
    addressee = troupe.personas.get(place.addressee or "")
    before = place.passage.raw[: place.number]
    return Request(
        place.context,
        before[-1] if before else "",
        replace(line.framed(Frame()), text=""),
        [Proposal(line.frame, 0.0)],
        casting(troupe, who, place, known_people(troupe, place), draw),
        said if said is not None else Said(before),
        pronoun=addressee.pronoun if addressee else None,
    )

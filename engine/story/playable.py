"""Checks of one scene against its troupe: people, presence, facts, and the order of its beats."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from functools import cached_property

from engine import codes
from engine.drama.motifs import MOTIFS
from engine.errors import Fault
from engine.sheets.authored import Document, Place, nearest
from engine.sheets.persona import Persona
from engine.sheets.scenario import Beat, Scenario
from engine.story.facts import Story, fact_faults
from engine.story.order import BeatOrder
from engine.troupe import Troupe

#: The lists of names that a beat has.
_BEAT_PEOPLE = ("enter", "leave", "focus", "force", "forget", "recall")


def scene_faults(document: Document[Scenario], troupe: Troupe, story: Story | None = None) -> list[Fault]:
    """What cannot be played in a scene that is well formed in itself; empty if nothing stands in its way.

    Presence is judged with care: a fault is only what no order of its beats makes right. `story` (that of `troupe`
    if it is not given) is read only for somebody who tells what she does not know when the scene begins.
    """
    return list(_Scene(document, troupe, story or Story(troupe)).faults())


class _Scene:
    """One scene under examination."""

    def __init__(self, document: Document[Scenario], troupe: Troupe, story: Story):
        self.document, self.troupe, self.story = document, troupe, story
        self.scenario = document.value
        self.people: Mapping[str, Persona] = troupe.personas
        self.order = BeatOrder(self.scenario)
        # Who is misspelt in the cast is told so there, and not again wherever her name is right.
        self.cast = {*self.scenario.cast, *map(self._meant, self.scenario.cast)}

    def faults(self) -> Iterator[Fault]:
        yield from self._cast()
        yield from fact_faults(self.document, self.scenario.facts, self.people)
        names: set[str] = set()
        for number, beat in enumerate(self.scenario.beats):
            place: Place = ("beats", number)
            if beat.name in names:
                yield self.document.fault((*place, "name"), f"name: two beats are called '{beat.name}'")
            names.add(beat.name)
            yield from self._named(beat, place)
            yield from self._when(beat, number, place)
            yield from self._presence(beat, number, place)
            yield from self._telling(beat, number, place)

    def _meant(self, who: str) -> str:
        if who in self.people:
            return who
        return next(iter(difflib.get_close_matches(who, self.people, 1)), who)

    @cached_property
    def facts(self) -> frozenset[str]:
        return frozenset([*self.troupe.world.facts, *self.scenario.facts])

    def _cast(self) -> Iterator[Fault]:
        scenario = self.scenario
        for number, who in enumerate(scenario.cast):
            if who not in self.people:
                yield self.document.fault(("cast", number), f"cast: '{who}' is not in cast/{nearest(who, self.people)}")
            elif who in scenario.cast[:number]:
                yield self.document.fault(("cast", number), f"cast: '{who}' stands here twice")
        for part in ("present", "order"):
            for number, who in enumerate(getattr(scenario, part)):
                yield from self._in_cast(who, (part, number), part)
        if scenario.order and scenario.policy != "script":
            message = f"order: only policy 'script' follows it, and the policy here is '{scenario.policy}'"
            yield self.document.fault(("order", ""), message)
        yield from self._held(scenario.holders, ())
        for number, edge in enumerate(scenario.relations):
            yield from self._in_cast(edge.source, ("relations", number, "from"), "from")
            yield from self._in_cast(edge.target, ("relations", number, "to"), "to")

    def _in_cast(self, who: str, place: Place, what: str) -> Iterator[Fault]:
        if who not in self.cast:
            hint = " (add it there)" if who in self.people else nearest(who, self.cast)
            yield self.document.fault(place, f"{what}: '{who}' is not in the scene's cast{hint}")

    @cached_property
    def _topics(self) -> frozenset[str]:
        """Everything that the scene or a beat of it is about."""
        abouts = (self.scenario.about, *(beat.about for beat in self.scenario.beats))
        return frozenset(phrase for about in abouts for phrase in about.values() if phrase)

    def _held(self, holders: Mapping[str, str], place: Place) -> Iterator[Fault]:
        """Things that are in somebody's hands: the scene is about them, and she is in its cast."""
        for thing, who in holders.items():
            if thing not in self._topics:
                message = (
                    f"holders: nothing here is about '{thing}'{nearest(thing, self._topics)}; add it under `about`"
                )
                yield self.document.fault((*place, "holders", thing), message)
            if who:
                yield from self._in_cast(who, (*place, "holders", thing), "holders")

    def _named(self, beat: Beat, place: Place) -> Iterator[Fault]:
        """Everybody and every fact that the beat names."""
        for part in _BEAT_PEOPLE:
            for number, who in enumerate(getattr(beat, part)):
                yield from self._in_cast(who, (*place, part, number), part)
        yield from self._held(beat.holders, place)
        for number, line in enumerate(beat.lines):
            yield from self._in_cast(line.speaker, (*place, "lines", number, "speaker"), "speaker")
            if line.to and line.to != codes.VIEWER:
                yield from self._in_cast(line.to, (*place, "lines", number, "to"), "to")
        for number, nudge in enumerate(beat.relations):
            yield from self._in_cast(nudge.source, (*place, "relations", number, "from"), "from")
            yield from self._in_cast(nudge.target, (*place, "relations", number, "to"), "to")
        for part in ("reveal", "lie"):
            for number, telling in enumerate(getattr(beat, part)):
                yield from self._in_cast(telling.by, (*place, part, number, "by"), "by")
                yield from self._is_fact(telling.fact, (*place, part, number, "fact"), part)

    def _is_fact(self, fact: str, place: Place, what: str) -> Iterator[Fault]:
        if fact not in self.facts:
            message = (
                f"{what}: '{fact}' is a fact neither of this scene nor of scenes/world.yaml{nearest(fact, self.facts)}"
            )
            yield self.document.fault(place, message)

    def _when(self, beat: Beat, number: int, place: Place) -> Iterator[Fault]:
        """What the beat waits for: does it exist, and can it come?"""
        if self.order.circular(number):
            yield self.document.fault(
                (*place, "name"), f"'{beat.name}' waits for itself: follow `after` from beat to beat"
            )
        closing = [self.order.beats[n].name for n in sorted(self.order.before(number)) if self.order.beats[n].closes]
        if closing:
            message = f"'{beat.name}' comes after '{closing[0]}', which closes the scene: it can never be played"
            yield self.document.fault((*place, "name"), message)
        if beat.when is None:
            return
        when, inside = beat.when, (*place, "when")
        names = [other.name for other in self.scenario.beats]
        for position, name in enumerate(when.after):
            if name not in names:
                message = f"after: there is no beat '{name}' in this scene{nearest(name, names)}"
                yield self.document.fault((*inside, "after", position), message)
        for part in ("present", "absent"):
            for position, who in enumerate(getattr(when, part)):
                yield from self._in_cast(who, (*inside, part, position), part)
        for position, who in enumerate(when.present):
            if who in self.scenario.cast and not self.order.possible(who, number):
                message = f"present: '{who}' cannot be on stage then: this beat can never be played"
                yield self.document.fault((*inside, "present", position), message)
        for position, who in enumerate(when.absent):
            if self.order.certain(who, number):
                message = f"absent: '{who}' is always on stage then: this beat can never be played"
                yield self.document.fault((*inside, "absent", position), message)
        for part in ("knows", "ignorant"):
            for position, holding in enumerate(getattr(when, part)):
                yield from self._in_cast(holding.who, (*inside, part, position, "who"), part)
                yield from self._is_fact(holding.fact, (*inside, part, position, "fact"), part)
        for position, threshold in enumerate(when.relations):
            yield from self._in_cast(threshold.source, (*inside, "relations", position, "from"), "from")
            yield from self._in_cast(threshold.target, (*inside, "relations", position, "to"), "to")
        if when.motif and when.motif not in MOTIFS:
            message = f"motif: '{when.motif}' is not one of {', '.join(MOTIFS)}{nearest(when.motif, MOTIFS)}"
            yield self.document.fault((*inside, "motif"), message)

    def _presence(self, beat: Beat, number: int, place: Place) -> Iterator[Fault]:
        """Nobody enters twice, and nobody speaks, tells or leaves who cannot be there."""
        if self.order.circular(number):
            return
        for position, who in enumerate(beat.enter):
            if self.order.certain(who, number):
                yield self.document.fault((*place, "enter", position), f"enter: '{who}' is on stage already")
        active: list[tuple[str, str, Place]] = [
            *((line.speaker, "speaker", (*place, "lines", n, "speaker")) for n, line in enumerate(beat.lines)),
            *((who, "force", (*place, "force", n)) for n, who in enumerate(beat.force)),
            *((telling.by, "by", (*place, "reveal", n, "by")) for n, telling in enumerate(beat.reveal)),
            *((telling.by, "by", (*place, "lie", n, "by")) for n, telling in enumerate(beat.lie)),
            *((who, "leave", (*place, "leave", n)) for n, who in enumerate(beat.leave)),
        ]
        missing: set[str] = set()
        for who, what, where in active:
            # Who is not in the cast at all has been told so; and one fault a beat is enough for one who is away.
            if who in self.scenario.cast and who not in missing and not self._there(who, beat, number):
                missing.add(who)
                yield self.document.fault(
                    where, f"{what}: '{who}' is not on stage then; with `enter: [{who}]` the beat brings them on"
                )

    def _there(self, who: str, beat: Beat, number: int) -> bool:
        required = beat.when is not None and who in beat.when.present
        return who in beat.enter or required or self.order.possible(who, number)

    def _telling(self, beat: Beat, number: int, place: Place) -> Iterator[Fault]:
        for position, telling in enumerate(beat.reveal):
            if (
                telling.fact in self.facts
                and telling.by in self.people
                and not self._can_know(telling.by, telling.fact, number)
            ):
                message = (
                    f"by: '{telling.by}' cannot know '{telling.fact}' yet: reveal it in an earlier beat or scene, "
                    f"or put it under `knows` or `secrets` in cast/{telling.by}.yaml"
                )
                yield self.document.fault((*place, "reveal", position, "by"), message)

    def _can_know(self, who: str, fact: str, number: int) -> bool:
        persona, beat = self.people[who], self.order.beats[number]
        sheets = [known[fact] for known in (self.troupe.world.facts, self.scenario.facts) if fact in known]
        if (
            persona.narrates
            or fact in persona.knows
            or fact in persona.secrets
            or any(who in s.known_by for s in sheets)
        ):
            return True
        if beat.when is not None and any((holding.who, holding.fact) == (who, fact) for holding in beat.when.knows):
            return True
        if any(other.fact == fact and other.by != who for other in beat.reveal):
            return True
        for earlier in self.order.not_after(number):
            other = self.order.beats[earlier]
            if any(t.fact == fact and t.by != who for t in other.reveal) and self._there(who, other, earlier):
                return True
        return self.story.could_learn(self.document.path, who, fact)

"""What is certain about a scene before it is played, whatever the voices do: a walk through everything that can happen.

Feelings are left open: a beat that asks for a relation or a motif may come or not. So is the tension that picks among
several possible beats, and how many lines each has. What happens on every way through the scene is certain. Who knows
what is kept as two bounds, what is surely and what is possibly known, so that the walk never grows with the season.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.drama.knowledge import Fact, Knowledge
from engine.drama.relations import Relations
from engine.sheets.scenario import Beat, Requirement, Scenario
from engine.story import beats
from engine.story.beats import Progress

#: A scene with more states than this is too open to be proved (twelve beats in any order have 4,096).
MOST_STATES = 6_000
#: Steps in which the tension is tried: two of them lie between any two values that a writer would tell apart.
_STEP = 0.0025

#: (`minds` or `forgotten`, who, fact), the three words that a snapshot of `Knowledge` is made of.
_Held = frozenset[tuple[str, str, str]]


@dataclass(frozen=True)
class Belief:
    """Bounds on who knows what: `least` is surely known (or kept, if forgotten), `most` is possibly known."""

    least: _Held
    most: _Held

    @classmethod
    def of(cls, knowledge: Knowledge) -> Belief:
        """What is known exactly."""
        held = _held(knowledge)
        return cls(held, held)

    def either(self, other: Belief) -> Belief:
        """What can be said when it is either of two."""
        return Belief(self.least & other.least, self.most | other.most)

    def surely(self, who: str, fact: str) -> bool:
        return ("minds", who, fact) in self.least

    def has_forgotten(self, who: str, fact: str) -> bool:
        """Whether she may have lost it to amnesia."""
        return ("forgotten", who, fact) in self.most


@dataclass(frozen=True)
class Moment:
    """A point between two beats: how often each was played (by name), who is on stage, what they know."""

    times: tuple[tuple[str, int], ...]
    present: frozenset[str]
    belief: Belief

    def progress(self) -> Progress:
        return Progress(dict(self.times))


@dataclass(frozen=True)
class End:
    """One way in which the scene can end: the moment before, and its closing beat (None: nothing was possible).

    `late`: it was closed because its limit of lines was reached.
    """

    moment: Moment
    closing: str | None
    late: bool = False

    @property
    def played(self) -> frozenset[str]:
        return frozenset([*dict(self.moment.times), *filter(None, [self.closing])])


@dataclass
class Outlook:
    """Everything that can happen in a scene.

    `here` and `knowing` are, for each beat that can be played, who is surely on stage in it (after its entrances) and
    what is surely known when its lines begin. `too_open` when the walk was given up: then nothing is certain.
    """

    ends: list[End] = field(default_factory=list)
    here: dict[str, frozenset[str]] = field(default_factory=dict)
    knowing: dict[str, Belief] = field(default_factory=dict)
    after: Belief = field(default_factory=lambda: Belief(frozenset(), frozenset()))
    too_open: bool = False

    @property
    def certain(self) -> frozenset[str]:
        """The beats that are played on every way through the scene."""
        if self.too_open or not self.ends:
            return frozenset()
        return frozenset.intersection(*(end.played for end in self.ends))


class Scene:
    """A scene sheet made ready for the walk. `facts` are those of its story: what is not among them teaches nobody."""

    def __init__(self, scenario: Scenario, facts: Iterable[Fact]):
        self.scenario = scenario
        self.facts = {fact.id: fact for fact in facts}
        self._nobody = Relations(())
        self._guarded = {beat.name for beat in scenario.beats if beat.when and (beat.when.relations or beat.when.motif)}
        # The same sheet twice, each with one of the two ways of asking who knows what: they look at different bounds.
        self._asks_known = _without(scenario, "ignorant")
        self._asks_unknown = _without(scenario, "knows")
        low, high = min(scenario.tension), max(scenario.tension)
        self._tensions = np.arange(low, high + _STEP, _STEP).tolist()

    def foresee(self, belief: Belief) -> Outlook:
        """Walk through the scene, from what is known at its beginning."""
        outlook = Outlook()
        start = Moment((), frozenset(self.scenario.opening()), belief)
        known: dict[tuple[object, object], Moment] = {(start.times, start.present): start}
        ends: dict[tuple[object, ...], End] = {}
        waiting = [(start.times, start.present)]
        while waiting:
            moment = known[waiting.pop(0)]
            for beat, late in self._next(moment):
                if beat is None or beat.closes:
                    closing = beat.name if beat else None
                    ends[moment.times, moment.present, closing, late] = End(moment, closing, late)
                if beat is None:
                    continue
                then = self._play(beat, moment, late, outlook)
                if beat.closes:
                    continue
                key = (then.times, then.present)
                old = known.get(key)
                merged = then if old is None else Moment(then.times, then.present, old.belief.either(then.belief))
                if merged != old:
                    known[key] = merged
                    if key not in waiting:
                        waiting.append(key)
            if len(known) > MOST_STATES:
                return Outlook(after=Belief(frozenset(), self._everything(belief)), too_open=True)
        outlook.ends = list(ends.values())
        closed = [
            self._play(self._named(end.closing), end.moment, end.late, Outlook()) if end.closing else end.moment
            for end in outlook.ends
        ]
        outlook.after = closed[0].belief
        for moment in closed[1:]:
            outlook.after = outlook.after.either(moment.belief)
        return outlook

    def lacking(self, beat: Beat, moment: Moment) -> Iterator[Requirement]:
        """The conditions of a beat, one by one, that cannot be counted on at a moment: the causes before the symptoms."""
        when = beat.when
        if when is None:
            return
        atoms = [
            *(Requirement(after=(name,)) for name in when.after),
            *(Requirement(knows=(holding,)) for holding in when.knows),
            *(Requirement(ignorant=(holding,)) for holding in when.ignorant),
            *(Requirement(present=(who,)) for who in when.present),
            *(Requirement(absent=(who,)) for who in when.absent),
        ]
        for atom in atoms:
            held = moment.belief.most if atom.ignorant else moment.belief.least
            if beats.unmet(atom, moment.present, moment.progress(), self._nobody, self._knowledge(held)):
                yield atom
        # What two hearts will feel by then is never certain.
        yield from (Requirement(relations=(bound,)) for bound in when.relations)
        if when.motif:
            yield Requirement(motif=when.motif)

    def _next(self, moment: Moment) -> Iterator[tuple[Beat | None, bool]]:
        """The beats that can be played next (None: none can), and whether because the limit is reached."""
        progress = moment.progress()
        least, most = self._knowledge(moment.belief.least), self._knowledge(moment.belief.most)
        surely = self._possible(moment, progress, least, most) - self._guarded
        maybe = self._possible(moment, progress, most, least) - surely
        # A beat that only may be possible can be chosen from among the sure ones, whether or not others may be too.
        found: dict[str | None, None] = {}
        for names in (surely, *(surely | {name} for name in sorted(maybe))):
            candidates = [beat for beat in self.scenario.beats if beat.name in names]
            for tension in self._tensions if len(candidates) > 1 else self._tensions[:1]:
                beat = beats.choose(candidates, progress, tension)
                found[beat.name if beat else None] = None
            if any(name is not None and progress.times.get(name) for name in found):
                # Of beats that come again any may be the least recent.
                found.update(dict.fromkeys(beat.name for beat in candidates if progress.times.get(beat.name)))
        for name in found:
            yield (self._named(name) if name is not None else None), False
        if self._most_lines(moment) >= self.scenario.limit:
            yield next(beat for beat in self.scenario.beats if beat.closes), True

    def _possible(self, moment: Moment, progress: Progress, known: Knowledge, unknown: Knowledge) -> set[str]:
        """Names of beats that are possible when `known` is what people know, and no more than `unknown`."""
        one = beats.possible(self._asks_known, moment.present, progress, self._nobody, known)
        other = beats.possible(self._asks_unknown, moment.present, progress, self._nobody, unknown)
        return {beat.name for beat in one} & {beat.name for beat in other}

    def _play(self, beat: Beat, moment: Moment, late: bool, outlook: Outlook) -> Moment:
        """The moment after a beat, as the stage plays it: memories, entrances, what is told, exits."""
        here = moment.present | set(beat.enter)
        scripted = {line.speaker for line in beat.lines}
        bounds: list[_Held] = []
        before: list[_Held] = []
        for held in (moment.belief.least, moment.belief.most):
            knowledge = self._knowledge(held)
            for who in beat.forget:
                knowledge.forget(who)
            for who in beat.recall:
                knowledge.recall(who)
            before.append(_held(knowledge))
            for telling in beat.reveal:
                told = telling.by in scripted or (telling.by in here and not (late and held is moment.belief.least))
                if told and telling.fact in self.facts:
                    knowledge.learn(telling.fact, sorted(here), telling.by)
            bounds.append(_held(knowledge))
        name = beat.name
        outlook.here[name] = outlook.here.get(name, here) & here
        knowing = Belief(before[0], before[1])
        outlook.knowing[name] = outlook.knowing.get(name, knowing).either(knowing)
        times = dict(moment.times)
        # A beat that comes again is told apart from one that came once; more often changes nothing.
        times[name] = min(2, times.get(name, 0) + 1)
        return Moment(tuple(sorted(times.items())), here - set(beat.leave), Belief(bounds[0], bounds[1]))

    def _most_lines(self, moment: Moment) -> float:
        """How many lines the beats played so far can have had."""
        lines = 0.0
        for name, times in moment.times:
            beat = self._named(name)
            if times > 1:
                return float("inf")
            lines += len(beat.lines) + max(beat.turns[1], len(beat.reveal) + len(beat.lie) + len(beat.force))
        return lines

    def _named(self, name: str | None) -> Beat:
        return next(beat for beat in self.scenario.beats if beat.name == name)

    def _knowledge(self, held: _Held) -> Knowledge:
        data: dict[str, dict[str, dict[str, list[str]]]] = {"minds": {}, "forgotten": {}}
        for part, who, fact in held:
            data[part].setdefault(who, {"known": [], "deceived": [], "concealed": []})["known"].append(fact)
        return Knowledge.restore(self.facts.values(), data)

    def _everything(self, belief: Belief) -> _Held:
        """Whatever anybody could know after a scene of which nothing is known."""
        people = {who for _, who, _ in belief.most} | set(self.scenario.cast)
        return frozenset((part, who, fact) for part in ("minds", "forgotten") for who in people for fact in self.facts)


def _held(knowledge: Knowledge) -> _Held:
    parts: Mapping[str, Mapping[str, Mapping[str, Iterable[str]]]] = knowledge.snapshot()
    return frozenset(
        (part, who, fact) for part, minds in parts.items() for who, mind in minds.items() for fact in mind["known"]
    )


def _without(scenario: Scenario, part: str) -> Scenario:
    """The sheet without one kind of condition, and without those on feelings, which nobody can foresee."""
    drop: dict[str, object] = {part: (), "relations": (), "motif": ""}
    found = [
        beat.model_copy(update={"when": beat.when.model_copy(update=drop)}) if beat.when else beat
        for beat in scenario.beats
    ]
    return scenario.model_copy(update={"beats": tuple(found)})

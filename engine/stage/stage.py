"""The stage: plays a scene beat by beat, and yields lines and directions until it ends. Prints nothing, opens no file.

Each turn is asked for (`engine.stage.asking`), spoken by an agent, and heard: it moves the graph and teaches those
present. All randomness comes from generators derived from (seed, scene, turn, speaker): taking line 7 again leaves lines
1 to 6 as they were.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any

from engine import codes
from engine.corpus import topics
from engine.corpus.gist import gist
from engine.drama import leanings
from engine.drama.rules import Spoken
from engine.frames import Frame
from engine.performance import BidWhy, Change, Entry, Learned, Performance, Why
from engine.sheets.messages import messages
from engine.sheets.scenario import Beat
from engine.stage.asking import Asking, Turn
from engine.stage.state import SceneState
from engine.stage.steps import AS_IT_COMES, Given, Place, Steps, Take
from engine.stage.transcript import Transcript, talk
from engine.stage.world import Production
from engine.story import beats
from engine.story.beats import Progress
from engine.voices.sequences import Line

#: So many bids are kept with a line, beside the speaker's own: of fifty people most bid next to nothing.
BIDS = 6
#: What leans less than this on a frame, in nats, is no reason worth telling.
LEAST_LEANING = 0.3


class Stage:
    """One performance. Iterate `play()` for its entries; `performance()` is what was played so far."""

    def __init__(self, production: Production, turns: int | None = None, arc: str | None = None):
        self.production = production
        self.scenario, self.world = production.scenario, production.world
        self.limit = min(turns or self.scenario.limit, self.scenario.limit)
        self.asking = Asking(production)
        self.state = SceneState(self.scenario, list(self.scenario.opening()), arc)
        self.state.hands.put(self.scenario.holders)
        self.messages = messages(production.language)
        self.transcript = Transcript(production.personas, self.scenario.cast)
        self.entries: list[Entry] = []
        self.ended = ""
        self._before = self.world.relations.picture()
        #: What a beat has moved and taught, until an entry tells of it.
        self._untold: tuple[list[Change], list[Learned]] = ([], [])

    @property
    def progress(self) -> Progress:
        return self.state.progress

    # -- the scene ---------------------------------------------------------------------------------------------

    def play(self) -> Iterator[Entry]:
        """Entries one by one, until a closing beat is over, no beat is possible, or the limit is reached."""
        return (step for step in self.steps() if isinstance(step, Entry))

    def steps(self) -> Steps:
        """As `play`, with the place before each line, where the stage can be told what is said."""
        progress = self.progress
        while not self.ended:
            candidates = beats.possible(
                self.scenario, self.state.present, progress, self.world.relations, self.world.knowledge
            )
            late = progress.lines >= self.limit
            if late:
                candidates = [beat for beat in self.scenario.beats if beat.closes][:1]
            beat = beats.choose(candidates, progress, self.state.wanted_tension)
            if beat is None:
                self.ended = self.messages.no_beat
                break
            yield from self._play_beat(beat, late)
            progress.played(beat.name)
            if sum(progress.times.values()) > self.limit + len(self.scenario.beats):
                self.ended = self.messages.round_again.format(beat=beat.name)
                break
            if beat.closes:
                form = self.messages.at_limit if late else self.messages.with_beat
                self.ended = form.format(beat=beat.name, lines=progress.lines)

    def _play_beat(self, beat: Beat, late: bool) -> Steps:
        serial = sum(self.progress.times.values())
        self._untold = self._effects(beat)
        yield from self._entrances(beat)
        tellings = _tellings(beat)
        scripted = [line.speaker for line in beat.lines]
        for number, line in enumerate(beat.lines):
            due = tellings.pop(line.speaker, []) if line.speaker not in scripted[number + 1 :] else []
            yield from self._line(Place(beat, serial, line, due=due))
        yield from self._turns(beat, serial, late, tellings)
        yield from self._between(Place(beat, serial, ends=True))
        if any(self._untold):
            # A beat without directions or lines still leaves its mark in the transcript.
            yield self._keep(self._direction(beat.name, beat))
        for who in beat.leave:
            if who in self.state.present:
                self.state.present.remove(who)
                yield self._walks(self.messages.leaves, who)

    def _entrances(self, beat: Beat) -> Iterator[Entry]:
        for who in beat.enter:
            if who not in self.state.present:
                self.state.present.append(who)
                self.state.entered.add(who)
                if not beat.direction:
                    yield self._walks(self.messages.enters, who)
        for text in beat.direction:
            yield self._show(self._direction(text, beat))

    def _turns(self, beat: Beat, serial: int, late: bool, tellings: dict[str, list[tuple[str, bool]]]) -> Steps:
        """The lines that the voices add to a beat."""
        # Whoever has something to tell and no scripted line tells it in her own words.
        forced = [who for who in (*tellings, *beat.force) if who in self.state.present]
        least, most = beat.turns
        count = max(int(self.asking.generator("beat", beat.name).integers(least, most + 1)), len(forced))
        if late:
            count = min(count, least)
        for _ in range(count):
            over = self.progress.lines >= self.limit and not (forced or late or beat.closes)
            if over or not self.asking.speakers(self.state):
                break
            speaker = forced.pop(0) if forced else None
            due = tellings.pop(speaker, []) if speaker else []
            yield from self._line(Place(beat, serial, forced=speaker, due=due))

    def _effects(self, beat: Beat) -> tuple[list[Change], list[Learned]]:
        """What the beat itself does to graph and memories."""
        changes: list[Change] = []
        minds: list[Learned] = []
        self.state.hands.put(beat.holders)
        rule = f"beat: {beat.name}"
        for nudge in beat.relations:
            change = self.world.relations.move(nudge.source, nudge.target, nudge.axis, nudge.by, rule, lasting=1.0)
            changes += [change] if change else []
        for who in beat.forget:
            changes += self.world.relations.forget(who)
            minds += self.world.knowledge.forget(who)
        for who in beat.recall:
            changes += self.world.relations.recall(who)
            minds += self.world.knowledge.recall(who)
        return changes, minds

    # -- one line ----------------------------------------------------------------------------------------------

    def _line(self, place: Place) -> Steps:
        """One line, as it is written or comes, unless the stage is told otherwise."""
        told = yield from self._between(place)
        if isinstance(told, Given):
            given = told
        elif place.scripted is not None and told is None:
            given = self.written(place)
        else:
            given = self.generated(place, told or AS_IT_COMES)
        yield self._speak(place, given, place.due)

    def _between(self, place: Place) -> Generator[Entry | Place, Given | Take | None, Given | Take | None]:
        """Wait to be told; lines that take nobody's turn are spoken at once. Returns what else the stage is told."""
        told = yield place
        while told is not None and (told.between or place.ends):
            yield self._speak(place, told if isinstance(told, Given) else self.generated(place, told), ())
            told = yield place
        return told

    def written(self, place: Place) -> Given:
        """The line that the sheet has at a place. Changes nothing."""
        line = place.scripted
        assert line is not None
        to = line.to or self.asking.default_addressee(self.state, line.speaker)
        language = self.production.personas[line.speaker].language
        hidden = self.production.hidden(line.text, self.state.bound(place.beat), line.speaker, to)
        frame = Frame(line.act, line.tone, gist(hidden, language), topics.said(hidden))
        return Given(line.speaker, to, line.text, hidden, frame, Why(place.beat.name, scripted=True))

    def generated(self, place: Place, take: Take = AS_IT_COMES) -> Given:
        """The line of whose turn it is, in her voice. Changes nothing: the same take is the same line."""
        turn = self.turn(place, take)
        draw = self.asking.generator("voice", len(self.state.heard), turn.speaker, *take.seeds)
        chosen = self.production.agents[turn.speaker].speak(turn.request, draw)
        why = replace(self._why(place.beat, turn), line=chosen.why)
        if take.speaker is not None:
            # She was asked by name: no policy chose her.
            why = replace(why, policy="")
        between = take.between or place.ends
        return Given(
            turn.speaker, turn.to, chosen.text, chosen.hidden, chosen.frame, why, chosen.phrase, take.about, between
        )

    def turn(self, place: Place, take: Take = AS_IT_COMES) -> Turn:
        """Who would speak at a place, to whom, and what she would be asked to say. Changes nothing."""
        forced, due = (None, ()) if take.between else (place.owner, place.due)
        return self.asking.turn(self.state, _bound(place.beat, take.about), forced, due, take)

    def _speak(self, place: Place, given: Given, due: Sequence[tuple[str, bool]]) -> Entry:
        if given.phrase:
            self.world.phrases.setdefault(given.speaker, {})[given.phrase] = len(self.state.heard)
        beat = _bound(place.beat, given.about)
        line = self.asking.line(self.state, given.speaker, given.to, given.hidden, beat, given.frame)
        return self._hear(beat, line, given.text, given.to, given.why, due)

    def _why(self, beat: Beat, turn: Turn) -> Why:
        personas = self.production.personas
        bids = turn.floor.bids
        ranks = [rank for rank, person in enumerate(bids.people) if rank < BIDS or person == turn.speaker]
        told = bids.told(ranks)
        kept = [BidWhy(personas[bid.person].name, round(bid.probability, 3), bid.reasons) for bid in told]
        telling = sorted([(-by, code) for code, by in turn.leaning.items() if by >= LEAST_LEANING], key=itemgetter(0))
        leaning = {code[1:-1]: round(-by, 2) for by, code in telling[:BIDS]}
        policy = "" if turn.floor.by == "natural" else turn.floor.by
        return Why(beat.name, turn=tuple(kept), policy=policy, leaning=leaning)

    def _hear(
        self, beat: Beat, line: Line, text: str, to: str | None, why: Why, due: Sequence[tuple[str, bool]]
    ) -> Entry:
        """Everything that a spoken line does: the graph moves, those present learn, it is remembered."""
        world, state = self.world, self.state
        # Time passes first: what this line stirs up has not begun to wear off.
        world.relations.decay()
        spoken = Spoken(line.speaker, to if to in state.present else None, line.tone, line.act)
        changes = self.production.rules.fire(spoken, world.relations, world.knowledge, state.present)
        learned = self._taught(beat, line, to, due)
        state.tension.append({"target": round(state.wanted_tension, 3), "reached": round(self._reached(line, to), 3)})
        state.hear(line, text, to)
        phrases = state.slots(beat, self.production.personas[line.speaker].language)
        state.hands.hear(line.speaker, spoken.addressee, line.frame, phrases)
        moved, minds = self._take_untold()
        entry = Entry(
            "line",
            text,
            self.transcript.name(line.speaker),
            self.transcript.name(to),
            line.tone,
            line.act,
            str(line.gist) if line.gist else None,
            line.topics,
            why,
            self.transcript.changes([*moved, *changes]),
            self.transcript.learned([*minds, *learned]),
        )
        return self._keep(entry)

    def _taught(self, beat: Beat, line: Line, to: str | None, due: Sequence[tuple[str, bool]]) -> list[Learned]:
        """What those present learn: what the beat has her tell, and what she lets out by what she says; what is said to the
        viewer alone nobody hears."""
        knowledge, present = self.world.knowledge, self.state.present
        learned: list[Learned] = []
        for fact, lie in due:
            learned += (
                knowledge.lie(fact, line.speaker, present) if lie else knowledge.learn(fact, present, line.speaker)
            )
        slots = self.state.slots(beat, self.production.personas[line.speaker].language)
        phrases = [slots[slot] for slot in line.topics if slot in slots]
        if phrases and to != codes.VIEWER and line.gist is not None and not line.gist.negated:
            for known in knowledge.known(line.speaker):
                if known.told_by(line.act, line.gist.predicate, phrases):
                    learned += knowledge.learn(known.id, present, line.speaker)
        return learned

    def _reached(self, line: Line, to: str | None) -> float:
        """The tension of a line from 0 to 1: of its tone, and (two fifths) of the heat of the speaker for the addressee."""
        shown = leanings.tension_of(line.tone)
        other = self.state.partner(line.speaker, to)
        if other is None:
            return shown
        return 0.6 * shown + 0.4 * self.world.relations.value(line.speaker, other, "heat")

    # -- the transcript ----------------------------------------------------------------------------------------

    def _direction(self, text: str, beat: Beat) -> Entry:
        moved, minds = self._take_untold()
        return Entry(
            "direction",
            text,
            why=Why(beat.name),
            relations=self.transcript.changes(moved),
            learned=self.transcript.learned(minds),
        )

    def _walks(self, form: str, who: str) -> Entry:
        return self._show(Entry("direction", form.format(who=self.production.personas[who].name)))

    def _show(self, direction: Entry) -> Entry:
        """A stage direction: whoever speaks next has seen it."""
        self.state.seen.append(direction.text)
        return self._keep(direction)

    def _take_untold(self) -> tuple[list[Change], list[Learned]]:
        untold, self._untold = self._untold, ([], [])
        return untold

    def _keep(self, entry: Entry) -> Entry:
        self.entries.append(entry)
        return entry

    def performance(self) -> Performance:
        """What was played, so far or to the end."""
        summary = {
            "relations": {"before": self.transcript.picture(self._before), "after": self.picture()},
            "tension": list(self.state.tension),
            "talk": talk(self.entries),
            "setting": self.scenario.setting,
            "cast": [self.production.personas[who].name for who in self.scenario.cast],
        }
        return Performance(
            self.scenario.title,
            self.production.seed,
            tuple(self.entries),
            self.production.manifest,
            self.ended or self.messages.broken_off,
            summary,
            self.production.language,
        )

    def picture(self) -> dict[str, dict[str, dict[str, Any]]]:
        """The relations now, among the scene's cast."""
        return self.transcript.picture(self.world.relations.picture())


def _bound(beat: Beat, about: Mapping[str, str]) -> Beat:
    """A beat that may speak of more."""
    return beat.model_copy(update={"about": {**beat.about, **about}}) if about else beat


def _tellings(beat: Beat) -> dict[str, list[tuple[str, bool]]]:
    """By speaker: the facts that the beat has her tell, and whether each is a lie."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for lie, tellings in ((False, beat.reveal), (True, beat.lie)):
        for telling in tellings:
            found.setdefault(telling.by, []).append((telling.fact, lie))
    return found

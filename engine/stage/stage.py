"""The stage: plays a scene beat by beat, and yields lines and directions until it ends. Prints nothing, opens no file.

Each turn is asked for (`engine.stage.asking`), spoken by an agent, and heard: it moves the graph and teaches those
present. All randomness comes from generators derived from (seed, scene, turn, speaker): taking line 7 again leaves lines
1 to 6 as they were.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from engine import codes
from engine.corpus import topics
from engine.corpus.gist import gist
from engine.drama import leanings
from engine.drama.rules import Spoken
from engine.frames import Frame
from engine.performance import BidWhy, Change, Entry, Learned, Performance, Why
from engine.sheets.messages import messages
from engine.sheets.scenario import Beat, ScriptedLine
from engine.stage.asking import Asking, Turn
from engine.stage.state import SceneState
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

    def _play_beat(self, beat: Beat, late: bool) -> Iterator[Entry]:
        self._untold = self._effects(beat)
        yield from self._entrances(beat)
        tellings = _tellings(beat)
        scripted = [line.speaker for line in beat.lines]
        for number, line in enumerate(beat.lines):
            due = tellings.pop(line.speaker, []) if line.speaker not in scripted[number + 1 :] else []
            yield self._scripted(beat, line, due)
        yield from self._turns(beat, late, tellings)
        if any(self._untold):
            # A beat without directions or lines still leaves its mark in the transcript.
            yield self._direction(beat.name, beat)
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
            yield self._direction(text, beat)

    def _turns(self, beat: Beat, late: bool, tellings: dict[str, list[tuple[str, bool]]]) -> Iterator[Entry]:
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
            yield self._turn(beat, speaker, tellings.pop(speaker, []) if speaker else [])

    def _effects(self, beat: Beat) -> tuple[list[Change], list[Learned]]:
        """What the beat itself does to graph and memories."""
        changes: list[Change] = []
        minds: list[Learned] = []
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

    def _scripted(self, beat: Beat, line: ScriptedLine, due: Sequence[tuple[str, bool]]) -> Entry:
        to = line.to or self.asking.default_addressee(self.state, line.speaker)
        language = self.production.personas[line.speaker].language
        hidden = topics.hide(line.text, self.state.bound(beat), language)
        hidden = self.production.names.hide(hidden, line.speaker, to)
        frame = Frame(line.act, line.tone, gist(hidden, language), topics.said(hidden))
        said = self.asking.line(self.state, line.speaker, to, hidden, beat, frame)
        return self._hear(beat, said, line.text, to, Why(beat.name, scripted=True), due)

    def _turn(self, beat: Beat, forced: str | None, due: Sequence[tuple[str, bool]]) -> Entry:
        turn = self.asking.turn(self.state, beat, forced, due)
        number = len(self.state.heard)
        speaker = turn.speaker
        chosen = self.production.agents[speaker].speak(turn.request, self.asking.generator("voice", number, speaker))
        if chosen.phrase:
            self.world.phrases.setdefault(speaker, {})[chosen.phrase] = number
        why = replace(self._why(beat, turn), line=chosen.why)
        line = self.asking.line(self.state, speaker, turn.to, chosen.hidden, beat, chosen.frame)
        return self._hear(beat, line, chosen.text, turn.to, why, due)

    def _why(self, beat: Beat, turn: Turn) -> Why:
        personas = self.production.personas
        kept = [
            BidWhy(personas[bid.person].name, round(bid.probability, 3), dict(bid.reasons))
            for number, bid in enumerate(turn.floor.bids)
            if number < BIDS or bid.person == turn.speaker
        ]
        leaning = {
            code[1:-1]: round(by, 2)
            for code, by in sorted(turn.leaning.items(), key=lambda each: -each[1])
            if by >= LEAST_LEANING
        }
        policy = "" if turn.floor.by == "natural" else turn.floor.by
        return Why(beat.name, turn=tuple(kept), policy=policy, leaning=dict(list(leaning.items())[:BIDS]))

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
        return self._keep(
            Entry(
                "direction",
                text,
                why=Why(beat.name),
                relations=self.transcript.changes(moved),
                learned=self.transcript.learned(minds),
            )
        )

    def _walks(self, form: str, who: str) -> Entry:
        return self._keep(Entry("direction", form.format(who=self.production.personas[who].name)))

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


def _tellings(beat: Beat) -> dict[str, list[tuple[str, bool]]]:
    """By speaker: the facts that the beat has her tell, and whether each is a lie."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for lie, tellings in ((False, beat.reveal), (True, beat.lie)):
        for telling in tellings:
            found.setdefault(telling.by, []).append((telling.fact, lie))
    return found

"""The stage: plays a scene beat by beat, and yields lines and directions until it ends. Prints nothing, opens no file.

Each turn: who bids for the floor, to whom, in what tone; the agent speaks; what was said moves the graph and teaches
those present. All randomness comes from generators derived from (seed, scene, turn, speaker): taking line 7 again
leaves lines 1 to 6 as they were.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np

from engine import beats, codes
from engine.agent import Choice, Request
from engine.beats import Progress
from engine.drama import mood
from engine.drama.knowledge import Fact, Knowledge
from engine.drama.relations import Relations
from engine.drama.rules import RuleBook, Spoken
from engine.errors import ScriptError
from engine.performance import Change, Entry, Learned, Performance
from engine.sheets.persona import Persona
from engine.sheets.scenario import Beat, Scenario
from engine.turns import addressing, logit, ordering
from engine.turns.floor import Situation
from engine.turns.floor import Spoken as Heard
from engine.turns.turn_weights import Weights
from engine.turns.vocative import Forms
from engine.voices.dataset import Line
from engine.voices.ranking import Said
from engine.voices.slots import Casting, Names

#: How strongly each tone shows on the tension curve.
INTENSITY: Mapping[str | None, float] = {
    None: 0.3, "furious": 1.0, "terrified": 0.9, "shocked": 0.8, "weeping": 0.75, "triumphant": 0.75, "defiant": 0.75,
    "pleading": 0.65, "icy": 0.6, "confessing": 0.6, "mocking": 0.5, "scheming": 0.5, "joyful": 0.35, "tender": 0.3, "weary": 0.15,
}  # fmt: skip

#: So many bids are kept with a line, beside the speaker's own: of fifty people most bid next to nothing.
BIDS = 6

ENTERS = {"en": "{} enters.", "es": "Entra {}."}
LEAVES = {"en": "{} leaves.", "es": "Sale {}."}


class Speaker(Protocol):
    """What the stage needs of an agent."""

    persona: Persona

    def speak(self, request: Request, generator: np.random.Generator) -> Choice: ...


@dataclass
class World:
    """What goes on from scene to scene: the graph, who knows what, and when each signature phrase was last used."""

    relations: Relations
    knowledge: Knowledge
    phrases: dict[str, dict[str, int]] = field(default_factory=dict)

    def snapshot(self) -> dict[str, Any]:
        return {"relations": self.relations.snapshot(), "knowledge": self.knowledge.snapshot(), "phrases": self.phrases}

    @classmethod
    def restore(cls, facts: Iterable[Fact], data: Mapping[str, Any]) -> World:
        """The world of a snapshot. Raises ScriptError for data that is none, or of a story with other facts."""
        try:
            relations, knowledge = Relations.restore(data["relations"]), Knowledge.restore(facts, data["knowledge"])
            phrases = {
                str(who): {str(text): int(last) for text, last in used.items()} for who, used in data["phrases"].items()
            }
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ScriptError(f"not a saved world: {error}") from error
        return cls(relations, knowledge, phrases)


@dataclass(frozen=True)
class Production:
    """Everything that a scene is played with."""

    key: str
    scenario: Scenario
    personas: Mapping[str, Persona]
    agents: Mapping[str, Speaker]
    names: Names
    weights: Weights
    forms: Forms
    rules: RuleBook
    world: World
    seed: int
    manifest: Mapping[str, Any] = field(default_factory=dict)


class Stage:
    """One performance. Iterate `play()` for its entries; `performance()` is what was played so far."""

    def __init__(self, production: Production, turns: int | None = None, arc: str | None = None):
        self.production = production
        self.scenario, self.world = production.scenario, production.world
        self.limit = min(turns or self.scenario.limit, self.scenario.limit)
        self.arc = arc
        self.progress = Progress()
        self.entries: list[Entry] = []
        self.ended = ""
        enters_later = {who for beat in self.scenario.beats for who in beat.enter}
        start = self.scenario.present or tuple(who for who in self.scenario.cast if who not in enters_later)
        self.present: list[str] = list(start)
        self._before = self.world.relations.picture()
        self._context: list[Line] = []
        self._heard: list[Heard] = []
        self._said = Said()
        self._tension: list[dict[str, float]] = []
        self._entered: set[str] = set()

    # -- the scene ---------------------------------------------------------------------------------------------

    def play(self) -> Iterator[Entry]:
        """Entries one by one, until a closing beat is over, no beat is possible, or the limit is reached."""
        while not self.ended:
            candidates = beats.possible(
                self.scenario, self.present, self.progress, self.world.relations, self.world.knowledge
            )
            late = self.progress.lines >= self.limit
            if late:
                candidates = [beat for beat in self.scenario.beats if beat.closes][:1]
            beat = beats.choose(candidates, self.progress, self._wanted_tension())
            if beat is None:
                self.ended = "no beat was possible any more"
                break
            yield from self._play_beat(beat, late)
            self.progress.played(beat.name)
            if sum(self.progress.times.values()) > self.limit + len(self.scenario.beats):
                self.ended = f"the beat '{beat.name}' came round again without a line"
                break
            if beat.closes:
                self.ended = (
                    f"after {self.progress.lines} lines, at the limit" if late else f"with the beat '{beat.name}'"
                )

    def _play_beat(self, beat: Beat, late: bool) -> Iterator[Entry]:
        first, minds = self._effects(beat)
        for who in beat.enter:
            if who not in self.present:
                self.present.append(who)
                self._entered.add(who)
                if not beat.direction:
                    yield self._direction(ENTERS, who)
        for text in beat.direction:
            yield self._keep(
                Entry(
                    "direction",
                    text,
                    why={"beat": beat.name},
                    relations=tuple(self._named(first)),
                    learned=tuple(self._who(minds)),
                )
            )
            first, minds = [], []
        tellings = {telling.by: [] for telling in (*beat.reveal, *beat.lie)}  # type: dict[str, list[tuple[str, bool]]]
        for lie, telling in [*((False, each) for each in beat.reveal), *((True, each) for each in beat.lie)]:
            tellings[telling.by].append((telling.fact, lie))
        scripted = [line.speaker for line in beat.lines]
        for number, line in enumerate(beat.lines):
            due = tellings.pop(line.speaker, []) if line.speaker not in scripted[number + 1 :] else []
            yield self._scripted(beat, line.speaker, line.to or None, line.tone, line.text, due, first)
            first = []
        # Whoever has something to tell and no scripted line tells it in her own words.
        forced = [
            *(who for who in tellings if who in self.present),
            *(who for who in beat.force if who in self.present),
        ]
        generator = self._generator("beat", beat.name)
        least, most = beat.turns
        count = max(int(generator.integers(least, most + 1)), len(forced))
        if late:
            count = min(count, least)
        for _ in range(count):
            over = self.progress.lines >= self.limit and not (forced or late or beat.closes)
            if over or not self._speakers():
                break
            speaker = forced.pop(0) if forced else None
            yield self._turn(beat, speaker, tellings.pop(speaker, []) if speaker else [], first)
            first = []
        if first or minds:
            # A beat without directions or lines still leaves its mark in the transcript.
            yield self._keep(
                Entry(
                    "direction",
                    beat.name,
                    why={"beat": beat.name},
                    relations=tuple(self._named(first)),
                    learned=tuple(self._who(minds)),
                )
            )
        for who in beat.leave:
            if who in self.present:
                self.present.remove(who)
                yield self._direction(LEAVES, who)

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

    def _scripted(
        self,
        beat: Beat,
        speaker: str,
        to: str | None,
        tone: str | None,
        text: str,
        due: Sequence[tuple[str, bool]],
        first: list[Change],
    ) -> Entry:
        to = to or self._default_addressee(speaker)
        hidden = self.production.names.hide(text, speaker, to)
        line = self._line(speaker, to, tone, hidden, beat)
        return self._said_line(line, text, to, {"beat": beat.name, "scripted": True}, due, first)

    def _turn(self, beat: Beat, forced: str | None, due: Sequence[tuple[str, bool]], first: list[Change]) -> Entry:
        production, relations = self.production, self.world.relations
        number = len(self._heard)
        situation = self._situation(beat)
        draw = self._generator("floor", number)
        floor = ordering.choose(
            situation, production.weights, draw, self.scenario.policy, self.scenario.order, forced, number
        )
        speaker = floor.person
        to = self._addressee(situation, speaker, draw)
        persona = production.personas[speaker]
        generator = self._generator("line", number, speaker)
        tension = self._wanted_tension()
        answered = self._heard[-1] if self._heard else None
        tone = mood.choose(
            generator,
            relations.tone_pull(speaker, to) if to in self.present and to != speaker else {},
            beat.tone,
            persona.moods,
            tension,
            self._context[-1].tone if answered and answered.addressee == speaker else None,
        )
        wanted = self._wanted_words(beat, speaker, due, generator)
        request = Request(
            self._context[-codes.WINDOW :],
            answered.text if answered else "",
            self._line(speaker, to, tone.tone, "", beat),
            self._casting(speaker, to, generator),
            self._said,
            wanted,
            production.personas[to].pronoun if to is not None and to in production.personas else None,
            {text: number - last for text, last in self.world.phrases.get(speaker, {}).items()},
        )
        choice = production.agents[speaker].speak(request, generator)
        if choice.phrase:
            self.world.phrases.setdefault(speaker, {})[choice.phrase] = number
        why = {
            "beat": beat.name,
            "turn": [
                {
                    "who": production.personas[bid.person].name,
                    "bid": round(bid.probability, 3),
                    "because": dict(bid.reasons),
                }
                for number_of_bid, bid in enumerate(floor.bids)
                if number_of_bid < BIDS or bid.person == speaker
            ],
            "tone": {"chosen": tone.tone or "plain", "pull": dict(tone.shares), "because": dict(tone.because)},
            "line": {**choice.why, "words": list(wanted)},
        }
        if floor.by != "natural":
            why["policy"] = floor.by
        line = self._line(speaker, to, tone.tone, choice.hidden, beat)
        return self._said_line(line, choice.text, to, why, due, first)

    def _said_line(
        self,
        line: Line,
        text: str,
        to: str | None,
        why: dict[str, Any],
        due: Sequence[tuple[str, bool]],
        first: list[Change],
    ) -> Entry:
        """Everything that a spoken line does: the graph moves, those present learn, it is remembered."""
        production, world = self.production, self.world
        # Time passes first: what this line stirs up has not begun to wear off.
        world.relations.decay()
        spoken = Spoken(line.speaker, to if to in self.present else None, line.tone)
        changes = production.rules.fire(spoken, world.relations, world.knowledge, self.present)
        learned: list[Learned] = []
        for fact, lie in due:
            told = (
                world.knowledge.lie(fact, line.speaker, self.present)
                if lie
                else world.knowledge.learn(fact, self.present, line.speaker)
            )
            learned += told
        self._context = [*self._context[-codes.WINDOW + 1 :], line]
        self._heard.append(Heard(line.speaker, text, to))
        self._entered.discard(line.speaker)
        self._said.add(text)
        self.progress.lines += 1
        self._tension.append({"target": round(self._wanted_tension(), 3), "reached": round(self._reached(line, to), 3)})
        name = production.personas[line.speaker].name
        to_name = production.personas[to].name if to is not None and to in production.personas else to
        entry = Entry(
            "line",
            text,
            name,
            to_name,
            line.tone,
            why,
            tuple(self._named([*first, *changes])),
            tuple(self._who(learned)),
        )
        return self._keep(entry)

    def _line(self, speaker: str, to: str | None, tone: str | None, hidden: str, beat: Beat) -> Line:
        kind, pronoun = None, None
        if to == codes.VIEWER:
            kind = "audience"
        elif to in self.production.personas and to != speaker:
            assert to is not None
            kind, pronoun = self.world.relations.kind(speaker, to), self.production.personas[to].pronoun
        return Line(speaker, hidden, tone, kind, pronoun, beat.arc or self.arc or self.scenario.arc)

    def _casting(self, speaker: str, to: str | None, generator: np.random.Generator) -> Casting:
        """Who she may name: everybody of the scene whom she knows; after amnesia, only those she sees."""
        relations, personas = self.world.relations, self.production.personas
        forgotten = relations.has_forgotten(speaker)
        known = [
            who
            for who in self.scenario.cast
            if who != speaker
            and (
                who in self.present if forgotten else who in self.present or relations.kind(speaker, who) != "stranger"
            )
        ]

        def form(who: str) -> str:
            tie = personas[speaker].relations.get(who) if speaker in personas else None
            # How a scene calls somebody goes before how she is used to calling him.
            usual = tie is not None and tie.calls and not forgotten and who not in self.scenario.called
            return tie.calls if tie is not None and usual else personas[who].name

        return Casting(
            speaker,
            to if to in personas else None,
            known,
            lambda who: relations.kind(speaker, who),
            form,
            self.scenario.places or self.production.names.places,
            generator,
        )

    def _wanted_words(
        self, beat: Beat, speaker: str, due: Sequence[tuple[str, bool]], generator: np.random.Generator
    ) -> tuple[str, ...]:
        """A few words that should be heard: of the beat, of what she is about to tell, of what she knows."""
        wanted: list[str] = []
        for fact, _ in due:
            wanted += self.world.knowledge.fact(fact).words
        for words, most in ((beat.words, 3), (self.world.knowledge.topics(speaker), 1)):
            if words:
                wanted += [words[index] for index in generator.permutation(len(words))[:most]]
        return tuple(dict.fromkeys(wanted))

    # -- what the turn engine sees -----------------------------------------------------------------------------

    def _speakers(self) -> list[str]:
        return [who for who in self.present if who in self.production.agents]

    def _situation(self, beat: Beat) -> Situation:
        personas, relations, speakers = self.production.personas, self.world.relations, self._speakers()
        last = self._heard[-1].speaker if self._heard else None
        felt = [who for who in speakers if last is not None and who != last]
        return Situation(
            speakers,
            self._heard,
            self.production.forms,
            talkativeness={who: personas[who].talkativeness for who in speakers},
            heat={who: relations.value(who, str(last), "heat") for who in felt},
            affection={who: relations.value(who, str(last), "affection") for who in felt},
            entered=frozenset(self._entered),
            focus=frozenset(beat.focus),
        )

    def _addressee(self, situation: Situation, speaker: str, generator: np.random.Generator) -> str | None:
        """To whom: a narrator speaks to the viewer, unless somebody has just spoken to him."""
        last = self._heard[-1] if self._heard else None
        if self.production.personas[speaker].narrates and not (last and last.addressee == speaker):
            return codes.VIEWER
        # Who speaks to the viewer is spoken to only by those whom he has just addressed.
        heard_by = [
            who
            for who in situation.present
            if not self.production.personas[who].narrates
            or (last and last.speaker == who and last.addressee == speaker)
        ]
        relations, others = self.world.relations, [who for who in heard_by if who != speaker]
        mine = replace(
            situation,
            present=heard_by,
            heat={who: relations.value(speaker, who, "heat") for who in others},
            affection={who: relations.value(speaker, who, "affection") for who in others},
        )
        wanted = addressing.addressees(mine, speaker, self.production.weights)
        return logit.draw(wanted, generator).person if wanted else self._default_addressee(speaker)

    def _default_addressee(self, speaker: str) -> str | None:
        """The narrator speaks to the viewer, anybody else to the last other speaker on stage, or to whoever is there."""
        if self.production.personas[speaker].narrates:
            return codes.VIEWER
        for heard in reversed(self._heard[-8:]):
            if (
                heard.speaker != speaker
                and heard.speaker in self.present
                and not self.production.personas[heard.speaker].narrates
            ):
                return heard.speaker
        others = [who for who in self.present if who != speaker and not self.production.personas[who].narrates]
        return others[0] if others else None

    # -- tension, names, generators ----------------------------------------------------------------------------

    def _wanted_tension(self) -> float:
        return beats.tension_at(self.scenario.tension, self.progress.lines / beats.length(self.scenario))

    def _reached(self, line: Line, to: str | None) -> float:
        """Tension of a line: half its tone, half the heat and the enmity between the two."""
        tone = INTENSITY[line.tone]
        if to not in self.present or to == line.speaker:
            return tone
        assert to is not None
        heat = self.world.relations.value(line.speaker, to, "heat")
        return 0.6 * tone + 0.4 * heat

    def _generator(self, *key: object) -> np.random.Generator:
        text = "/".join(map(str, (self.production.key, *key)))
        return np.random.default_rng([self.production.seed, zlib.crc32(text.encode("utf-8"))])

    def _direction(self, form: Mapping[str, str], who: str) -> Entry:
        persona = self.production.personas[who]
        return self._keep(Entry("direction", form[persona.language].format(persona.name)))

    def _keep(self, entry: Entry) -> Entry:
        self.entries.append(entry)
        return entry

    def _named(self, changes: Sequence[Change]) -> list[Change]:
        personas = self.production.personas
        return [
            Change(
                personas[c.source].name, personas[c.target].name, c.axis, round(c.before, 4), round(c.after, 4), c.rule
            )
            for c in changes
        ]

    def _who(self, learned: Sequence[Learned]) -> list[Learned]:
        personas = self.production.personas
        return [
            Learned(
                personas[each.who].name,
                each.fact,
                personas[each.by].name if each.by in personas else each.by,
                each.lost,
            )
            for each in learned
        ]

    def performance(self) -> Performance:
        """What was played, so far or to the end."""
        talk: dict[str, dict[str, int]] = {}
        for entry in self.entries:
            if entry.speaker:
                told = talk.setdefault(entry.speaker, {"lines": 0, "words": 0})
                told["lines"] += 1
                told["words"] += len(entry.text.split())
        summary = {
            "relations": {"before": self._shown(self._before), "after": self._shown(self.world.relations.picture())},
            "tension": list(self._tension),
            "talk": talk,
            "setting": self.scenario.setting,
            "cast": [self.production.personas[who].name for who in self.scenario.cast],
        }
        return Performance(
            self.scenario.title,
            self.production.seed,
            tuple(self.entries),
            self.production.manifest,
            self.ended or "it was broken off",
            summary,
        )

    def picture(self) -> dict[str, dict[str, dict[str, Any]]]:
        """The relations now, among the scene's cast."""
        return self._shown(self.world.relations.picture())

    def _shown(self, picture: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, dict[str, dict[str, Any]]]:
        """The graph among the scene's cast, by shown names."""
        personas, cast = self.production.personas, set(self.scenario.cast)
        return {
            personas[source].name: {
                personas[target].name: {
                    key: round(value, 4) if isinstance(value, float) else value for key, value in edge.items()
                }
                for target, edge in targets.items()
                if target in cast
            }
            for source, targets in picture.items()
            if source in cast
        }

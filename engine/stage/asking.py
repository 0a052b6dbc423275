"""Asking for a line: who speaks, to whom, what she does with it, and the request that her agent gets.

Four verbs, in the order in which a turn is decided: `who`, `to_whom`, `what` (frames, with all that leans on them),
`request`. Nothing here changes anything.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine import codes, logit
from engine.corpus import directions
from engine.corpus.gist import gist
from engine.drama import leanings
from engine.drama.knowledge import TELLING
from engine.frames import Frame
from engine.seeds import generator
from engine.sheets.scenario import Beat
from engine.speech.casting import Casting
from engine.speech.director import Proposal
from engine.speech.pronouns import introduced
from engine.speech.request import Request
from engine.stage.state import SceneState
from engine.stage.steps import AS_IT_COMES, Take
from engine.stage.world import Production, World
from engine.turns import addressing, ordering
from engine.turns.floor import Situation
from engine.voices.sequences import Line

#: Frames that the director draws; the agent takes the first few that nothing speaks against.
FRAMES = 12
#: How much a want leans on its act and topic, and hiding a fact on denying it, in nats.
WANTS, HIDES = 1.2, 1.5
#: From this pressure on, somebody who hides a fact lets it out.
TURNS = 0.75
#: What each line since a topic was last named adds to naming it, in nats, and the most that it adds: a scene speaks of what
#: it is about, and a pronoun needs somebody to point to.
FORGOTTEN, LONGEST = 0.5, 3
#: Lines back to whom a pronoun may point, and the slots of people who are not spoken to.
POINTED = 4
_NAMED = re.compile("|".join(map(re.escape, set(codes.NAME_SLOTS) - {codes.YOU, codes.ME, codes.PLACE})))
DENYING = ("deny", "refuse", "doubt")
_ACT_CODES, _TONE_CODES = list(map(codes.act_code, codes.ACTS)), list(map(codes.tone_code, codes.TONES))


@dataclass(frozen=True)
class Turn:
    """A turn that was decided: who says what to whom, and the bids for it."""

    floor: ordering.Choice
    speaker: str
    to: str | None
    leaning: Mapping[str, float]
    request: Request


class Asking:
    """Decides the turns of one production. All randomness comes from (seed, scene, purpose, turn)."""

    def __init__(self, production: Production):
        self.production = production

    @property
    def world(self) -> World:
        return self.production.world

    def generator(self, *names: object) -> np.random.Generator:
        return generator(self.production.seed, self.production.key, *names)

    def turn(
        self,
        state: SceneState,
        beat: Beat,
        forced: str | None,
        due: Sequence[tuple[str, bool]],
        take: Take = AS_IT_COMES,
    ) -> Turn:
        """The next turn of a beat; `forced` must speak, and `due` are facts (and lies) that she is about to tell."""
        number = len(state.heard)
        draw = self.generator("floor", number)
        situation = self.situation(state, beat)
        floor = self.who(state, situation, take.speaker or forced, draw)
        speaker = floor.person
        to = take.to or self.to_whom(state, situation, speaker, draw)
        lines = self.generator("line", number, speaker, *take.seeds)
        cue = self.line(state, speaker, to, "", beat, Frame())
        leaning = self.leaning(state, beat, speaker, to, due)
        for code, by in take.leaning.items():
            leanings.add(leaning, [code], by)
        proposals = self.what(state, beat, cue, leaning, take)
        request = self.request(state, beat, cue, to, proposals, due, lines)
        return Turn(floor, speaker, to, leaning, request)

    # -- who, to whom ------------------------------------------------------------------------------------------

    def speakers(self, state: SceneState) -> list[str]:
        return [who for who in state.present if who in self.production.agents]

    def situation(self, state: SceneState, beat: Beat) -> Situation:
        """What bears on who speaks next."""
        personas, relations, speakers = self.production.personas, self.world.relations, self.speakers(state)
        last = state.heard[-1].speaker if state.heard else None
        felt = [who for who in speakers if last is not None and who != last]
        heat, affection = relations.felt_for(str(last), felt, "heat", "affection")
        return Situation(
            speakers,
            state.heard,
            self.production.forms,
            talkativeness={who: personas[who].talkativeness for who in speakers},
            heat=heat,
            affection=affection,
            entered=frozenset(state.entered),
            focus=frozenset(beat.focus),
        )

    def who(
        self, state: SceneState, situation: Situation, forced: str | None, draw: np.random.Generator
    ) -> ordering.Choice:
        """Who takes the floor."""
        scenario = state.scenario
        return ordering.choose(situation, self.production.weights, draw, scenario.policy, scenario.order, forced)

    def to_whom(self, state: SceneState, situation: Situation, speaker: str, draw: np.random.Generator) -> str | None:
        """To whom: a narrator speaks to the viewer, unless somebody has just spoken to him."""
        last, personas = state.heard[-1] if state.heard else None, self.production.personas
        if personas[speaker].narrates and not (last and last.addressee == speaker):
            return codes.VIEWER
        # Who speaks to the viewer is spoken to only by those whom he has just addressed.
        heard_by = [
            who
            for who in situation.present
            if not personas[who].narrates or (last and last.speaker == who and last.addressee == speaker)
        ]
        relations, others = self.world.relations, [who for who in heard_by if who != speaker]
        mine = situation.seen_by_speaker(heard_by, *relations.felt_by(speaker, others, "heat", "affection"))
        wanted = addressing.addressees(mine, speaker, self.production.weights)
        return logit.draw(wanted, draw) if wanted else self.default_addressee(state, speaker)

    def default_addressee(self, state: SceneState, speaker: str) -> str | None:
        """The narrator speaks to the viewer, anybody else to the last other speaker on stage, or to whoever is there."""
        personas = self.production.personas
        if personas[speaker].narrates:
            return codes.VIEWER
        for heard in reversed(state.heard[-8:]):
            if heard.speaker != speaker and heard.speaker in state.present and not personas[heard.speaker].narrates:
                return heard.speaker
        others = [who for who in state.present if who != speaker and not personas[who].narrates]
        return others[0] if others else None

    # -- what --------------------------------------------------------------------------------------------------

    def leaning(
        self, state: SceneState, beat: Beat, speaker: str, to: str | None, due: Sequence[tuple[str, bool]]
    ) -> dict[str, float]:
        """Everything that leans on her frame, in nats by code: edge, beat, temper, tension, wants, what she hides."""
        persona, relations = self.production.personas[speaker], self.world.relations
        other = state.partner(speaker, to)
        found = leanings.leaning(
            relations.away(speaker, other) if other else {},
            beat.tone,
            beat.acts,
            persona.moods,
            persona.acts,
            state.wanted_tension,
        )
        slots = state.slots(beat, persona.language)
        for want in persona.wants:
            about = [
                slot for slot, phrase in slots.items() if not want.about or phrase.casefold() == want.about.casefold()
            ]
            if about and (not want.to or want.to == to):
                leanings.add(found, [codes.act_code(want.act)], WANTS)
                leanings.add(found, [codes.topic_code(slot) for slot in about] if want.about else (), WANTS)
        for slot in slots:
            leanings.add(found, [codes.topic_code(slot)], FORGOTTEN * _since(state.context, slot))
        self._lean_on_secrets(found, state, speaker, to, slots)
        for fact, lie in due:
            acts = ("tell", "insist") if lie else TELLING
            leanings.add(found, map(codes.act_code, acts), 2 * WANTS)
            named = [slot for slot, phrase in slots.items() if phrase in self.world.knowledge.fact(fact).topics]
            leanings.add(found, map(codes.topic_code, named), 2 * WANTS)
        return found

    def _lean_on_secrets(
        self,
        found: dict[str, float],
        state: SceneState,
        speaker: str,
        to: str | None,
        slots: Mapping[str, str],
    ) -> None:
        """Who hides what the last line touched denies it, until tension, trust or having been caught turns her."""
        last = state.context[-1] if state.context else None
        if last is None or not last.topics or last.speaker == speaker:
            return
        phrases = [slots[slot] for slot in last.topics if slot in slots]
        knowledge, relations = self.world.knowledge, self.world.relations
        touched = [fact for fact in knowledge.known(speaker) if fact.comes_up(phrases)]
        hidden = [
            fact
            for fact in touched
            # From an accomplice nothing is hidden.
            if knowledge.conceals(speaker, fact.id) and not (to is not None and knowledge.knows(to, fact.id))
        ]
        if not hidden:
            return
        other = state.partner(speaker, to)
        trust = relations.value(speaker, other, "trust") if other else 0.0
        pressure = 0.7 * state.wanted_tension + 0.4 * trust + (0.5 if speaker in state.ledger.caught else 0.0)
        turned = pressure > TURNS
        leanings.add(found, map(codes.act_code, TELLING), HIDES if turned else -2 * HIDES)
        leanings.add(found, map(codes.act_code, DENYING), -HIDES if turned else HIDES)

    def what(
        self, state: SceneState, beat: Beat, cue: Line, leaning: Mapping[str, float], take: Take = AS_IT_COMES
    ) -> list[Proposal]:
        """Frames for her line, the likelier first. Without a director one of the acts that lean strongest."""
        number = len(state.heard)
        draw = self.generator("frame", number, cue.speaker, *take.seeds)
        if self.production.director is None:
            return _undirected(leaning, draw)
        language = self.production.personas[cue.speaker].language
        director = self.production.director
        return director.propose(
            state.context, cue, leaning, state.slots(beat, language), FRAMES, draw, gists=language in director.gists
        )

    # -- the request -------------------------------------------------------------------------------------------

    def request(
        self,
        state: SceneState,
        beat: Beat,
        cue: Line,
        to: str | None,
        proposals: Sequence[Proposal],
        due: Sequence[tuple[str, bool]],
        draw: np.random.Generator,
    ) -> Request:
        """What her agent is asked to say."""
        production, speaker, number = self.production, cue.speaker, len(state.heard)
        spoken_to = to if to in state.present else None
        phrases = state.slots(beat, production.personas[speaker].language)
        return Request(
            state.context[-codes.WINDOW :],
            state.heard[-1].text if state.heard else "",
            cue,
            proposals,
            self.casting(state, beat, cue, to, draw),
            state.said,
            self.wanted_words(beat, due, draw),
            production.personas[to].pronoun if to is not None and to in production.personas else "",
            {text: number - last for text, last in self.world.phrases.get(speaker, {}).items()},
            lambda frame: (
                state.ledger.objection(speaker, spoken_to, frame) or state.hands.objection(speaker, frame, phrases)
            ),
            self.referents(state, cue, to),
            self.deeds(state, cue),
        )

    def referents(self, state: SceneState, cue: Line, to: str | None) -> frozenset[str]:
        """The pronouns that somebody can be meant by: who spoke lately beside the two, and whom and what the last lines and
        directions named."""
        personas, speaker = self.production.personas, cue.speaker
        beside = {
            personas[heard.speaker].pronoun
            for heard in state.heard[-POINTED:]
            if heard.speaker not in {speaker, to} and heard.speaker in personas and not personas[heard.speaker].narrates
        }
        language = personas[speaker].language
        lately = [line.text for line in state.context[-POINTED:]] + _seen_lately(state, cue)
        named = [introduced(text, language) for text in lately]
        names = {"he", "she"} if any(map(_NAMED.search, lately)) else set()
        return frozenset(beside | names).union(*named)

    def deeds(self, state: SceneState, cue: Line) -> frozenset[str] | None:
        """The predicates of what was seen and said lately, where her voice has learned what stage directions are."""
        language = self.production.language
        if not self.production.sees(cue.speaker):
            return None
        sentences = [each for text in _seen_lately(state, cue) for each in text.split(". ")]
        gists = [gist(each, language) for each in sentences] + [line.gist for line in state.context[-POINTED:]]
        return frozenset(each.predicate for each in gists if each is not None)

    def line(self, state: SceneState, speaker: str, to: str | None, hidden: str, beat: Beat, frame: Frame) -> Line:
        """A line as networks see it."""
        kind, pronoun = None, None
        if to == codes.VIEWER:
            kind = "audience"
        elif to in self.production.personas and to != speaker:
            assert to is not None
            kind, pronoun = self.world.relations.kind(speaker, to), self.production.personas[to].pronoun
        arc = state.arc_of(beat)
        seen = self.seen(state, speaker, to, beat)
        return Line(speaker, hidden, frame.tone, kind, pronoun, arc, frame.act, frame.gist, frame.topics, seen=seen)

    def seen(self, state: SceneState, speaker: str, to: str | None, beat: Beat) -> tuple[str, ...]:
        """The stage directions since the last line as her voice hears them, if it has learned what they are."""
        if not self.production.sees(speaker):
            return ()
        about = state.bound(beat)
        return tuple(self.production.hidden(text, about, speaker, to) for text in directions.heard(state.seen))

    def casting(self, state: SceneState, beat: Beat, cue: Line, to: str | None, draw: np.random.Generator) -> Casting:
        """Whom and what she may name: everybody of the scene whom she knows, after amnesia only those she sees; and what was
        seen lately."""
        relations, personas, speaker = self.world.relations, self.production.personas, cue.speaker
        forgotten, present = relations.has_forgotten(speaker), frozenset(state.present)
        known = [
            who
            for who in state.scenario.cast
            if who != speaker and (who in present or not (forgotten or relations.kind(speaker, who) == "stranger"))
        ]

        def form(who: str) -> str:
            tie = personas[speaker].relations.get(who) if speaker in personas else None
            # How a scene calls somebody goes before how she is used to calling him.
            usual = tie is not None and tie.calls and not forgotten and who not in state.scenario.called
            return tie.calls if tie is not None and usual else personas[who].name

        return Casting(
            speaker,
            to if to in personas else None,
            known,
            lambda who: relations.kind(speaker, who),
            form,
            state.scenario.places or self.production.names.places,
            draw,
            state.slots(beat, personas[speaker].language),
            _seen_lately(state, cue),
        )

    def wanted_words(self, beat: Beat, due: Sequence[tuple[str, bool]], draw: np.random.Generator) -> tuple[str, ...]:
        """A few words that should be heard: of what she is about to tell, and of the beat."""
        wanted = [word for fact, _ in due for word in self.world.knowledge.fact(fact).words]
        wanted += [beat.words[index] for index in draw.permutation(len(beat.words))[:3]]
        return tuple(dict.fromkeys(wanted))


def _seen_lately(state: SceneState, cue: Line) -> list[str]:
    """The stage directions of the last lines and before this one."""
    return [text for line in (*state.context[-POINTED:], cue) for text in line.seen]


def _since(context: Sequence[Line], slot: str) -> int:
    """How many lines ago a topic was last named, from 0 (in the last line) to `LONGEST`."""
    for back, line in enumerate(reversed(context[-LONGEST:])):
        if slot in line.topics:
            return back
    return LONGEST


def _undirected(leaning: Mapping[str, float], draw: np.random.Generator) -> list[Proposal]:
    """Frames of an act and a tone, drawn by their leanings alone."""
    sums = []
    for coded in (_ACT_CODES, _TONE_CODES):
        weights = np.exp([leaning.get(code, 0.0) for code in coded])
        up_to = np.cumsum(weights / weights.sum())
        sums.append((up_to / up_to[-1]).tolist())
    found = []
    for _ in range(4):
        act, tone = (bisect_right(each, draw.random()) for each in sums)
        found.append(Proposal(Frame(codes.ACTS[act], codes.TONES[tone]), 0.0))
    return found

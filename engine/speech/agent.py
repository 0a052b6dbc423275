"""An agent: a persona with a voice. A request becomes a line: draw, refuse, rank.

Knows nothing of whose turn it is or what happens next. The same request with the same generator gives the same line.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.corpus import topics
from engine.corpus.gist import gist
from engine.frames import Frame
from engine.performance import Judged, LineWhy
from engine.sheets.persona import Persona
from engine.speech.copying import Copies, words
from engine.speech.director import Proposal
from engine.speech.features import total
from engine.speech.lexicon import Lexicon
from engine.speech.refusals import Bounds, Candidate, refusal, vocatives
from engine.speech.request import Chosen, Request
from engine.text import tidy
from engine.voices.sampling import Drawn, Sampler, whole_words
from engine.voices.sense import Sense
from engine.voices.sequences import cue, prompt
from engine.voices.voice import Voice

#: A name or a topic: a scene may speak of what it is about as often as it likes.
SLOT = re.compile(r"<[a-z.]+>")
#: What ends a sentence.
STOPS = tuple(".!?")
#: The share of her typical length under which a line gains nothing from being shorter.
SHORT = 0.5


@dataclass(frozen=True)
class Craft:
    """What all agents of a troupe share, and every constant of their trade."""

    lexicon: Lexicon | None = None
    copies: Copies | None = None
    #: Lines drawn at a time, over so many different frames.
    candidates: int = 32
    frames: int = 8
    #: Candidates measured by networks, of those that pass: the likeliest. Fewer are quicker, more change few choices.
    shortlist: int = 24
    #: Draws before the strict refusals fall away.
    attempts: int = 2
    #: Added to the logit of a word that the beat or the sheet asks for, while it has not been said in the line.
    wanted: float = 1.0
    #: Added to the logit of a line's end: what drifts is the second sentence.
    brevity: float = 2.2
    #: What tells a sensible line of her language by the states of the base; None where that was not learned.
    sense: Sense | None = None


class Agent:
    """A character who speaks. `reference` is the base: what is likelier in her own voice is hers."""

    def __init__(self, who: str, persona: Persona, voice: Voice, reference: Voice, craft: Craft):
        self.who, self.persona, self.voice, self.reference, self.craft = who, persona, voice, reference, craft
        avoided = tuple(_whole(phrase.casefold()) for phrase in persona.avoid if phrase)
        hers = frozenset(form.casefold() for form in persona.vocatives)
        not_hers = vocatives(persona.language) - hers if hers else frozenset()
        self._bounds = Bounds(avoided, persona.voice.max_words, craft.lexicon, craft.copies, persona.language, not_hers)

    def speak(self, request: Request, generator: np.random.Generator) -> Chosen:
        """One line. Never fails: when nothing passes, the strict refusals fall away, and `why` says what was refused."""
        refused = Counter(reason for each in request.proposals if (reason := request.objection(each.frame)))
        frames = [each for each in request.proposals if not request.objection(each.frame)] or list(request.proposals)
        frames = frames[: self.craft.frames] or [Proposal(Frame(), 0.0)]
        rejected: Counter[str] = Counter()
        drawn_in_all, ranked = 0, list[tuple[Candidate, Mapping[str, float]]]()
        for attempt in range(self.craft.attempts + 1):
            strict = attempt < self.craft.attempts
            found = self._draw(request, frames, generator)
            drawn_in_all += len(found)
            ranked = self.rank(self._pass(found, request, rejected, strict), request)
            while ranked and (reason := refusal(ranked[0][0], request, self._bounds, strict, late=True)):
                rejected[reason] += 1
                ranked.pop(0)
            if ranked:
                break
        phrase = self._phrase(request, ranked[0][0].frame.tone, generator)
        best, scores = ranked[0]
        why = LineWhy(
            tuple((_shown_frame(each.frame), round(each.nats, 3)) for each in frames),
            dict(sorted(refused.items())),
            drawn_in_all,
            dict(sorted(rejected.items())),
            _judged(best, scores),
            _judged(*ranked[1]) if len(ranked) > 1 else None,
            tuple(request.wanted),
        )
        text, hidden = best.text, best.hidden
        if phrase is not None:
            text, hidden = f"{phrase} {text}", f"{phrase} {hidden}"
        return Chosen(text, hidden, best.frame, why, phrase)

    # -- draw --------------------------------------------------------------------------------------------------

    def _draw(
        self, request: Request, frames: Sequence[Proposal], generator: np.random.Generator
    ) -> list[Candidate | None]:
        """Candidates, shared out among the frames: the likelier a frame, the earlier its turn."""
        vocabulary, settings = self.voice.vocabulary, self.persona.voice
        before, cues = self._places(request, frames)
        liked = dict(settings.favoured)
        for word in request.wanted:
            liked[word] = liked.get(word, 0.0) + self.craft.wanted
        sampler = Sampler(
            settings.temperature,
            settings.top_p,
            settings.top_k,
            settings.repetition_penalty,
            self.craft.brevity,
            max_tokens=min(72, 3 * settings.max_words // 2 + 8),
            boosts=whole_words(vocabulary, liked),
            banned=frozenset(vocabulary.special(slot) for slot in request.casting.missing),
        )
        owner = [number % len(frames) for number in range(self.craft.candidates)]
        drawn = self.voice.draw(before, [cues[number] for number in owner], sampler, generator)
        return [
            self._candidate(line, frames[number], request)
            for each, number in zip(drawn, owner, strict=True)
            for line in (each, *map(each.until, self._stops(each.ids)))
        ]

    def _stops(self, ids: Sequence[int]) -> list[int]:
        """After how many ids a sentence ends inside a line: what was said by then is a line too, and often the better one."""
        texts = [self.voice.vocabulary.text(id_) for id_ in ids]
        return [
            number
            for number in range(1, len(texts))
            if texts[number - 1][-1:] in STOPS and texts[number].startswith(" ")
        ]

    def _places(self, request: Request, frames: Sequence[Proposal]) -> tuple[list[int], list[list[int]]]:
        """The ids that all frames have in common, and the codes of each."""
        vocabulary = self.voice.vocabulary
        names = [line.speaker for line in request.context]
        before = prompt(vocabulary, request.context, request.cue, self.persona.language)
        codes = cue(vocabulary, request.cue, names)
        return before[: len(before) - len(codes)], [
            cue(vocabulary, request.cue.framed(each.frame), names) for each in frames
        ]

    def _candidate(self, drawn: Drawn, proposal: Proposal, request: Request) -> Candidate | None:
        hidden = tidy(self.voice.vocabulary.decode(drawn.ids))
        text = request.casting.fill(hidden)
        if text is None or not words(text):
            return None
        plan = proposal.frame
        frame = Frame(plan.act, plan.tone, gist(hidden, self.persona.language), topics.said(hidden))
        return Candidate(tidy(text), hidden, drawn, plan, frame, proposal.nats)

    # -- refuse ------------------------------------------------------------------------------------------------

    def _pass(
        self, found: Sequence[Candidate | None], request: Request, rejected: Counter[str], strict: bool
    ) -> list[Candidate]:
        """Those that may be spoken; when nothing is left even without the strict refusals, whatever there is."""
        passed: dict[str, Candidate] = {}
        for candidate in found:
            if candidate is not None and candidate.text in passed:
                reason = "twice"
            else:
                reason = "empty" if candidate is None else refusal(candidate, request, self._bounds, strict)
            if candidate is None or reason:
                rejected[reason] += 1
            else:
                passed[candidate.text] = candidate
        if not passed and not strict:
            spare = [candidate for candidate in found if candidate is not None]
            return spare[:1] or [Candidate("...", "...", Drawn((), (-1.0,), True), Frame(), Frame(), 0.0)]
        return list(passed.values())

    # -- rank --------------------------------------------------------------------------------------------------

    def rank(self, passed: Sequence[Candidate], request: Request) -> list[tuple[Candidate, Mapping[str, float]]]:
        """The likeliest candidates, best first, with what was measured of each; ties go to the earlier one."""
        likeliest = sorted(passed, key=lambda each: -float(np.mean(each.drawn.nats)))[: self.craft.shortlist]
        measured = self.measure(likeliest, request)
        order = sorted(range(len(likeliest)), key=lambda index: (-total(measured[index]), index))
        return [(likeliest[index], measured[index]) for index in order]

    def measure(self, candidates: Sequence[Candidate], request: Request) -> list[dict[str, float]]:
        """The features (see `engine.speech.features`) of candidates.

        What a line was asked to do is not told to the networks here: a frame that does not follow makes no line that does.
        """
        lines = [each.drawn.ids for each in candidates]
        before, nothing = (
            prompt(self.voice.vocabulary, context, start, self.persona.language)
            for context, start in ((request.context, request.cue), ((), replace(request.cue, seen=())))
        )
        here, alone = self.voice.nats(before, lines), self.voice.nats(nothing, lines)
        by_base = self.reference.nats(nothing, lines)
        sense = self.craft.sense
        sensible = [] if sense is None else sense.of(self.reference.behind(before, lines)).tolist()
        wished = {word for phrase in request.wanted for word in words(phrase)}
        wished |= {word.casefold() for word, boost in self.persona.voice.favoured.items() if boost > 0}
        found = []
        for each, told, own, base in zip(candidates, here, alone, by_base, strict=True):
            spoken = words(each.text)
            sentences = np.split(told - own, self._stops(each.drawn.ids))
            found.append(
                {
                    "fluency": float(told.mean()),
                    "relevance": min(float(sentence.mean()) for sentence in sentences),
                    "identity": float((own - base).mean()),
                    "plan": each.plan_nats,
                    "topics": named(each.plan, each.frame),
                    "beat": min(2.0, float(len(wished & set(spoken)))),
                    "repetition": request.said.worn(SLOT.sub(" ", each.hidden)),
                    "length": math.log(max(SHORT, len(spoken) / max(1.0, self.persona.length))),
                }
            )
        return [scores | {"sense": makes} for scores, makes in zip(found, sensible, strict=True)] if sensible else found

    def _phrase(self, request: Request, tone: str | None, generator: np.random.Generator) -> str | None:
        """A signature phrase whose time has come: on average once in its `every` lines, never twice running."""
        for phrase in self.persona.phrases:
            lucky = generator.random() < 1.0 / phrase.every
            fits = phrase.tone is None or phrase.tone == tone
            if (
                lucky
                and fits
                and request.since_phrase.get(phrase.text, 10**6) > phrase.every // 3
                and not request.said.again(phrase.text)
            ):
                return phrase.text
        return None


def named(plan: Frame, frame: Frame) -> float:
    """The share of the planned topics that a line names; 1 where none was planned and none is named."""
    if not plan.topics:
        return 0.5 if frame.topics else 1.0
    return len(set(plan.topics) & set(frame.topics)) / len(set(plan.topics))


def _judged(candidate: Candidate, scores: Mapping[str, float]) -> Judged:
    rounded = {name: round(value, 3) for name, value in scores.items()}
    return Judged(candidate.text, round(total(scores), 3), rounded)


def _shown_frame(frame: Frame) -> str:
    parts = [frame.act or "speak", frame.tone or "", str(frame.gist or ""), *frame.topics]
    return ", ".join(part for part in parts if part)


def _whole(phrase: str) -> re.Pattern[str]:
    """Matches a phrase as whole words; a mark such as `!` matches wherever it stands."""
    before = r"(?<!\w)" if phrase[0].isalnum() else ""
    after = r"(?!\w)" if phrase[-1].isalnum() else ""
    return re.compile(before + re.escape(phrase) + after)

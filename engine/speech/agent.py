"""An agent: a persona with a voice. Given what was said, to whom she speaks and how, it makes candidates and chooses one.

Knows nothing of whose turn it is or what happens next. The same request with the same generator gives the same line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine import codes
from engine.sheets.persona import Persona
from engine.speech.casting import Casting
from engine.speech.copying import Copies, words
from engine.speech.features import Said, Weights, content, order, surface
from engine.speech.lexicon import Lexicon
from engine.voices.critic import Critic
from engine.voices.sequences import Line, prompt
from engine.voices.voice import Drawn, Sampler, Voice, word_ids

_HERS = "mija señora señorita patrona madam hermana comadre miss ma'am lady daughter sister niña hija mother mom mamá abuela"
_HIS = "mijo señor sir compadre hermano son brother man boy caballero niño hijo padre father dad papá"
#: Words by which somebody is called that tell her or his pronoun.
GENDERED: Mapping[str, str] = {**dict.fromkeys(_HERS.split(), "she"), **dict.fromkeys(_HIS.split(), "he")}

#: Candidates that are scored by networks, of those that pass; fewer would be quicker, more changes few choices.
SHORTLIST = 8

#: What is added to the logits of words that should be heard, and of content words of the line answered: a network of
#: this size hardly hears what was said to it, real replies take up a word of it four times as often as its samples.
WANTED, ECHOED = 1.0, 2.0


@dataclass(frozen=True)
class Request:
    """What an agent is asked to say.

    `context` are the lines before, as networks see them (slots and codes); `answered` is the text of the last one.
    `wanted` are words that the beat and her knowledge bring up, `said` everything said in the scene.
    """

    context: Sequence[Line]
    answered: str
    cue: Line
    casting: Casting
    said: Said
    wanted: Sequence[str] = ()
    pronoun: str | None = None
    since_phrase: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """The line chosen: as spoken, as networks see it, and why."""

    text: str
    hidden: str
    why: Mapping[str, Any]
    phrase: str | None = None


@dataclass(frozen=True)
class Candidate:
    text: str
    hidden: str
    drawn: Drawn


@dataclass(frozen=True)
class Craft:
    """What all agents of a troupe share: known words, the copy meter, the critic, the weights of the choice, how many candidates."""

    lexicon: Lexicon | None = None
    copies: Copies | None = None
    critic: Critic | None = None
    weights: Weights = field(default_factory=Weights.fallback)
    candidates: int = 32


class Agent:
    """A character who speaks. `reference` is the voice of her show: what is likelier in her own voice is hers."""

    def __init__(self, who: str, persona: Persona, voice: Voice, reference: Voice, craft: Craft):
        self.who, self.persona, self.voice, self.reference, self.craft = who, persona, voice, reference, craft
        settings = persona.voice
        self._favoured = {
            id_: boost for word, boost in settings.favoured.items() for id_ in word_ids(voice.vocabulary, [word])
        }
        self._avoided = [_whole(phrase.casefold()) for phrase in persona.avoid if phrase]

    def speak(self, request: Request, generator: np.random.Generator) -> Choice:
        """One line. Never fails: when nothing passes, the rules are relaxed one by one, and `why` says so."""
        settings = self.persona.voice
        vocabulary = self.voice.vocabulary
        before = prompt(vocabulary, request.context[-codes.HEARD :], request.cue, self.persona.language)
        boosts = dict(self._favoured)
        for heard, boost in ((request.wanted, WANTED), (self._echoes(request.answered), ECHOED)):
            for id_ in word_ids(vocabulary, heard):
                boosts[id_] = boosts.get(id_, 0.0) + boost
        sampler = Sampler(
            settings.temperature,
            settings.top_p,
            settings.top_k,
            settings.repetition_penalty,
            settings.emphasis,
            max_tokens=min(72, 3 * settings.max_words // 2 + 8),
            boosts=boosts,
            banned=frozenset(vocabulary.special(slot) for slot in request.casting.missing),
        )
        rejected: Counter[str] = Counter()
        drawn_in_all = 0
        passed: list[Candidate] = []
        for attempt in range(3):
            drawn = self.voice.draw(before, self.craft.candidates, sampler, generator)
            drawn_in_all += len(drawn)
            found = [self._candidate(each, request) for each in drawn]
            passed = self._pass(found, request, rejected, strict=attempt < 2)
            if passed:
                break
        likeliest = sorted(passed, key=lambda each: -float(np.mean(each.drawn.nats)))[:SHORTLIST]
        scored = list(zip(likeliest, self.measure(likeliest, before, request), strict=True))
        ranking = order([scores for _, scores in scored], self.craft.weights)
        ranking = self._without_copies(scored, ranking, rejected)
        best, scores = scored[ranking[0]]
        why: dict[str, Any] = {
            "candidates": drawn_in_all,
            "rejected": dict(sorted(rejected.items())),
            "chosen": self._shown(best, scores),
        }
        if len(ranking) > 1:
            second, second_scores = scored[ranking[1]]
            why["runner_up"] = self._shown(second, second_scores)
        phrase = self._phrase(request, generator)
        text, hidden = best.text, best.hidden
        if phrase is not None:
            text, hidden = f"{phrase} {text}", f"{phrase} {hidden}"
            why["phrase"] = phrase
        return Choice(text, hidden, why, phrase)

    def _echoes(self, answered: str) -> list[str]:
        """Content words of the line answered that she may take up; names are no words."""
        lexicon = self.craft.lexicon
        return sorted(word for word in content(answered) if lexicon is None or lexicon.knows(word))

    def _candidate(self, drawn: Drawn, request: Request) -> Candidate | None:
        hidden = tidy(self.voice.vocabulary.decode(drawn.ids))
        text = request.casting.fill(hidden)
        return None if text is None or not words(text) else Candidate(tidy(text), hidden, drawn)

    def _pass(
        self, found: Sequence[Candidate | None], request: Request, rejected: Counter[str], strict: bool
    ) -> list[Candidate]:
        """Those that may be spoken. Not strict: only what would be wrong on any stage is refused."""
        passed: dict[str, Candidate] = {}
        for candidate in found:
            reason = "empty" if candidate is None else self._fault(candidate, request, strict)
            if candidate is None or reason:
                rejected[reason] += 1
            elif candidate.text in passed:
                rejected["twice"] += 1
            else:
                passed[candidate.text] = candidate
        if not passed and not strict:
            spare = [candidate for candidate in found if candidate is not None]
            return spare[:1] or [Candidate("...", "...", Drawn((), (-1.0,), True))]
        return list(passed.values())

    def _fault(self, candidate: Candidate, request: Request, strict: bool) -> str:
        """Why a candidate may not be spoken, or nothing."""
        text, hidden = candidate.text, candidate.hidden
        folded = text.casefold()
        if any(pattern.search(folded) for pattern in self._avoided):
            return "a word she avoids"
        if "\ufffd" in text or text.count('"') % 2:
            return "broken text"
        if self.craft.lexicon is not None and self.craft.lexicon.unknown(hidden):
            return "unknown word or name"
        if request.said.again(text):
            return "said before"
        if not strict:
            return ""
        if not candidate.drawn.ended or text[-1] not in '.!?"':
            return "no clean ending"
        if len(text.split()) > self.persona.voice.max_words:
            return "too long"
        if request.pronoun and misgenders(text, request.pronoun):
            return "calls a man by a woman's word or the reverse"
        if hidden.count(codes.YOU) > 1 or hidden.count(codes.ME) > 1:
            return "names piled up"
        return ""

    def measure(
        self, candidates: Sequence[Candidate], before: Sequence[int], request: Request
    ) -> list[dict[str, float]]:
        """The features (see `engine.speech.features`) of candidates that go on from the prompt `before`."""
        lines = [each.drawn.ids for each in candidates]
        show = self.reference.score(before, lines)
        found = []
        for each, of_show, of_critic in zip(candidates, show, self._judged(lines, before), strict=True):
            count = len(each.drawn.nats)
            own = float(sum(each.drawn.nats))
            networks = {
                "fluency": own / count,
                "weakest": float(min(each.drawn.nats)),
                "identity": (own - of_show) / count,
                "critic": of_critic,
            }
            typical = self.persona.length
            found.append(networks | surface(each.text, typical, request.answered, request.wanted, request.said))
        return found

    def _judged(self, lines: Sequence[Sequence[int]], before: Sequence[int]) -> list[float]:
        """The critic's scores of candidates; where there is no critic, all are the same to it."""
        if self.craft.critic is None:
            return [0.0] * len(lines)
        return self.craft.critic.judge(before, lines, self.voice.vocabulary.end)

    def _without_copies(
        self, scored: Sequence[tuple[Candidate, dict[str, float]]], ranking: Sequence[int], rejected: Counter[str]
    ) -> list[int]:
        """The ranking without lines that stand in a script. Looked up from the top down, since a look-up is dear;
        when all are copies (a writer who overfits), the least likely one is spoken after all."""
        copies = self.craft.copies
        if copies is None:
            return list(ranking)
        kept: list[int] = []
        for number, index in enumerate(ranking):
            if copies.copied(scored[index][0].text):
                rejected["stands in a script"] += 1
            else:
                kept.append(index)
            if len(kept) == 2:
                return [*kept, *ranking[number + 1 :]]
        return kept or [ranking[-1]]

    def _phrase(self, request: Request, generator: np.random.Generator) -> str | None:
        """A signature phrase whose time has come: on average once in its `every` lines, never twice running."""
        for phrase in self.persona.phrases:
            lucky = generator.random() < 1.0 / phrase.every
            fits = phrase.tone is None or phrase.tone == request.cue.tone
            if (
                lucky
                and fits
                and request.since_phrase.get(phrase.text, 10**6) > phrase.every // 3
                and not request.said.again(phrase.text)
            ):
                return phrase.text
        return None

    def _shown(self, candidate: Candidate, scores: Mapping[str, float]) -> dict[str, Any]:
        return {
            "text": candidate.text,
            "total": round(self.craft.weights.total(scores), 3),
            "scores": {name: round(value, 3) for name, value in scores.items()},
        }


def _whole(phrase: str) -> re.Pattern[str]:
    """Matches a phrase as whole words; a mark such as `!` matches wherever it stands."""
    before = r"(?<!\w)" if phrase[0].isalnum() else ""
    after = r"(?!\w)" if phrase[-1].isalnum() else ""
    return re.compile(before + re.escape(phrase) + after)


def tidy(text: str) -> str:
    """A capital at the start, single spaces, nothing but text."""
    text = " ".join(text.split())
    for number, char in enumerate(text):
        if char.isalpha():
            return text[:number] + char.upper() + text[number + 1 :]
        if char not in "¡¿\"'.-":
            break
    return text


def misgenders(text: str, pronoun: str) -> bool:
    """Does the text call the person spoken to by a word for somebody else? Only words set off by commas count."""
    for part in re.split(r"[,.!?;:¡¿\"-]+", text.casefold()):
        said = part.strip()
        if said.startswith("my "):
            said = said[3:]
        if GENDERED.get(said, pronoun) != pronoun:
            return True
    return False

"""A director's note in a line of plain words ("let her confess", "calmer", "about the letter"), as leanings of a frame.

What is understood: acts and tones and words for them (`engine/data/notes.yaml`), calmer and hotter, "about" and a topic,
whom it is for (a name, she, he), and "no", "less", "without". Words that are not understood are said, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import simplemma
import yaml

from engine import codes
from engine.corpus import topics
from engine.drama.leanings import tension_of
from engine.errors import StudioError
from engine.sheets.persona import Persona
from engine.stage.world import Production
from engine.turns.vocative import fold

#: How much a note leans on an act, a tone or a topic, in nats: what is asked for is rather done than not. Of fifteen takes of
#: three lines of the party, 2 confess, and 10 under "confess"; 4 are tender, and 11 under "tender".
ASKED = 3.0
#: How much "calmer" and "hotter" lean, in nats for the whole range of tension: "calmer" takes such takes from 0.68 to 0.40.
HEATED = 4.0

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ABOUT = {
    "en": re.compile(r"\b(?:about|on the subject of|mention|mentions|speak of|talk of)\s+([^,.;:!?]+)", re.IGNORECASE),
    "es": re.compile(
        r"\b(?:sobre|acerca de|de lo de|que hable de|que hablen de|menciona)\s+([^,.;:!?]+)", re.IGNORECASE
    ),
}
#: Where a topic ends: "about the letter and calmer".
_THEN = re.compile(r"(?<!\s)\s+(?:and|but|y|pero|then|luego)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Leaning:
    """Nats by code, and the topics (phrases by role) that may be spoken of besides."""

    codes: Mapping[str, float] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)

    def and_then(self, other: Leaning) -> Leaning:
        both = {code: self.codes.get(code, 0.0) + other.codes.get(code, 0.0) for code in {**self.codes, **other.codes}}
        return Leaning(both, {**self.about, **other.about})


@dataclass(frozen=True)
class Understood:
    """What a note asks, of whom (nobody named: of everybody), in words, and the words of it that say nothing here."""

    leaning: Leaning = Leaning()
    people: tuple[str, ...] = ()
    pronoun: str | None = None
    asks: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def of(self, who: str, personas: Mapping[str, Persona]) -> Leaning:
        """What it asks of one person."""
        meant = who in self.people if self.people else self.pronoun in (None, personas[who].pronoun)
        return self.leaning if meant else Leaning()

    def __str__(self) -> str:
        said = ", ".join(self.asks)
        return said + (f"; not understood: {', '.join(self.unknown)}" if self.unknown else "")


def read(text: str, production: Production) -> Understood:
    """What a note asks. Raises StudioError, with what could be said, for one of which nothing is understood."""
    found = understood(text, production)
    if not found.asks:
        raise StudioError(
            f"not understood: {', '.join(found.unknown) or 'nothing is said'}; a note may name what is done (confess, "
            "accuse ...), how (tender, icy ...), calmer or hotter, 'about the letter', and who (a name, she, he); "
            "'no' or 'less' before a word turns it round"
        )
    return found


def understood(text: str, production: Production) -> Understood:
    """What a note asks; without `asks` for one of which nothing is understood."""
    language = production.personas[production.scenario.cast[0]].language
    note = _Note(language, production)
    return note.read(" ".join(text.split()))


class _Note:
    """Reads one note, word by word."""

    def __init__(self, language: str, production: Production):
        self.language, self.production = language, production
        self.words = _table(language)
        self.codes: dict[str, float] = {}
        self.about: dict[str, str] = {}
        self.asks: list[str] = []
        self.unknown: list[str] = []

    def read(self, text: str) -> Understood:
        rest = _ABOUT.get(self.language, _ABOUT["en"]).sub(self._topic, text)
        cues = self.production.forms.read(rest)
        people = {fold(part): who for who in self.production.scenario.cast for part in self._forms(who)}
        named = list(dict.fromkeys([*cues.called, *cues.mentioned]))
        pronoun, sign = None, 1.0
        for word in _WORD.findall(rest):
            plain = fold(word.replace("’", "'"))
            meaning = self.words.get(plain) or self.words.get(fold(simplemma.lemmatize(plain, lang=self.language)))
            if plain in people:
                named.append(people[plain])
            elif meaning is None:
                self.unknown.append(word)
            elif meaning == "not":
                sign = -1.0
            elif meaning in codes.PRONOUNS:
                pronoun = meaning if meaning != "they" else None
            elif meaning in {"hotter", "calmer"}:
                self._heat(HEATED * sign * (1 if meaning == "hotter" else -1))
                self.asks.append(meaning if sign > 0 else f"not {meaning}")
                sign = 1.0
            elif meaning:
                code = codes.act_code(meaning) if meaning in codes.ACTS else codes.tone_code(meaning)
                self.codes[code] = self.codes.get(code, 0.0) + sign * ASKED
                self.asks.append(meaning if sign > 0 else f"no {meaning}")
                sign = 1.0
        return Understood(
            Leaning(self.codes, self.about),
            tuple(dict.fromkeys(named)),
            pronoun,
            tuple(self.asks),
            tuple(self.unknown),
        )

    def _forms(self, who: str) -> list[str]:
        """The words of her names, as long as they are no common ones."""
        persona = self.production.personas[who]
        words = [word for form in (who, persona.name, *persona.aliases) for word in _WORD.findall(form)]
        return [word for word in words if fold(word) not in self.words]

    def _topic(self, match: re.Match[str]) -> str:
        """Take the topic out of a note; gives what follows it."""
        phrase, *rest = _THEN.split(match[1], 1)
        phrase = phrase.strip()
        role = self._role(phrase)
        if role is None:
            self.unknown.append(f"'{phrase}' (no thing, place, person or event that a line can be about)")
        else:
            self.about[role] = phrase
            slot = topics.slot(role, phrase, self.language)
            self.codes[codes.topic_code(slot)] = ASKED
            self.asks.append(f"about {phrase}")
        return " ".join(["", *rest])

    def _role(self, phrase: str) -> str | None:
        """What sort of topic: as the scene binds it, or else by its noun."""
        scenario = self.production.scenario
        bound = [
            scenario.about,
            *(beat.about for beat in scenario.beats),
            *(fact.topics for fact in scenario.facts.values()),
        ]
        for about in bound:
            for role, known in about.items():
                if known.casefold() == phrase.casefold():
                    return str(role)
        return topics.role(phrase, self.language)

    def _heat(self, by: float) -> None:
        for tone in codes.TONES:
            code = codes.tone_code(tone)
            self.codes[code] = self.codes.get(code, 0.0) + by * (tension_of(tone) - 0.5)


@cache
def _table(language: str) -> Mapping[str, str]:
    """The meaning of each word: an act, a tone, hotter, calmer, not, a pronoun; empty for words that say nothing here."""
    path = Path(__file__).parents[1] / "data" / "notes.yaml"
    rows: Mapping[str, str] = yaml.safe_load(path.read_text(encoding="utf-8")).get(language, {})
    found = {name: name for name in (*codes.ACTS, *codes.TONES, "hotter", "calmer")}
    for meaning, words in rows.items():
        found |= {fold(word): "" if meaning == "nothing" else meaning for word in words.split()}
    return found

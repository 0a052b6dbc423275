"""Topics: what a scene is about, found in its lines and hidden as slots, so that play can bind others in their place.

A topic is a noun phrase that anybody on stage can say unchanged ("the letter"). Its slot says what sort of thing it is
(`<paper>`), because the words around it depend on that. The nouns of a language are `engine/data/topics.LANGUAGE.yaml`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from engine import codes

DATA = Path(__file__).parents[1] / "data"

_SLOT = re.compile("|".join(re.escape(slot) for slot in codes.TOPIC_SLOTS))


def parse(note: str) -> tuple[dict[str, str], list[str]]:
    """The topics of a note, "thing = the letter; third = the doctor", and what is wrong with it, a sentence a fault."""
    found: dict[str, str] = {}
    wrong: list[str] = []
    for part in filter(None, (part.strip() for part in note.split(";"))):
        role, equals, phrase = (piece.strip() for piece in part.partition("="))
        if not equals or not phrase:
            wrong.append(f"{part!r} is not a topic; write, for instance, thing = the letter")
        elif role not in codes.TOPICS:
            near = difflib.get_close_matches(role, codes.TOPICS, 1, 0.5)
            hint = f" (did you mean {near[0]!r}?)" if near else ""
            wrong.append(f"{role!r} is not one of {', '.join(codes.TOPICS)}{hint}")
        elif role in found:
            wrong.append(f"{role!r} stands here twice")
        else:
            found[role] = phrase
    return found, wrong


@lru_cache(maxsize=8)
def _nouns(language: str) -> Mapping[tuple[str, str], str]:
    """The slot's name for each (row, noun) of a language."""
    path = DATA / f"topics.{language}.yaml"
    rows: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return {
        (role, noun): name if role == name or name in codes.TOPICS[role] else f"{role}.{name}"
        for role, kinds in rows.items()
        for name, nouns in kinds.items()
        for noun in nouns.split()
    }


@lru_cache(maxsize=4096)
def slot(role: str, phrase: str, language: str = "en") -> str:
    """The slot of a topic: ("thing", "the birth certificate") -> `<paper>`."""
    words = re.findall(r"[\w-]+", phrase.casefold())
    nouns = _nouns(language)
    # "the keys of the house" is of keys; "the birth certificate" is a certificate.
    cut = next((at for at, word in enumerate(words) if word in {"of", "from", "at", "de", "del", "en"}), len(words))
    for word in [*reversed(words[:cut]), *words[cut:]]:
        if (role, word) in nouns:
            return f"<{nouns[role, word]}>"
    return f"<{codes.TOPICS[role][0]}>"


def role(phrase: str, language: str = "en") -> str | None:
    """What sort of topic a phrase is ("the birth certificate" -> thing); None where none of its nouns is known."""
    known = {noun: role for role, noun in reversed(list(_nouns(language)))}
    return next((known[word] for word in reversed(re.findall(r"[\w-]+", phrase.casefold())) if word in known), None)


def slots(topics: Mapping[str, str], language: str = "en") -> dict[str, str]:
    """The phrase for each slot of a scene's topics."""
    return {slot(role, phrase, language): phrase for role, phrase in topics.items()}


@lru_cache(maxsize=4096)
def _pattern(phrase: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=4096)
def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Finds any of some phrases, the longest that fits."""
    body = "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{body})(?!\w)", re.IGNORECASE)


def names(text: str, phrase: str) -> bool:
    """Whether a text names a topic."""
    return bool(_pattern(phrase).search(text))


def hide(text: str, topics: Mapping[str, str], language: str = "en") -> str:
    """The text with every topic as its slot."""
    if not topics:
        return text
    slots_of = {phrase.casefold(): slot(role, phrase, language) for role, phrase in topics.items()}
    return _any_of(tuple(topics.values())).sub(lambda match: slots_of[match.group().casefold()], text)


def said(hidden: str) -> tuple[str, ...]:
    """The topic slots of a text, each once, in order."""
    return tuple(dict.fromkeys(_SLOT.findall(hidden)))


@lru_cache(maxsize=8)
def _known_phrases(language: str) -> re.Pattern[str]:
    """Finds "the" and a noun that topics are made of."""
    nouns = "|".join(sorted({re.escape(noun) for _, noun in _nouns(language)}, key=len, reverse=True)) or r"(?!)"
    article = {"en": "the", "es": "el|la|los|las"}.get(language, "the")
    return re.compile(rf"(?<!\w)(?:{article})\s+({nouns})(?!\w)", re.IGNORECASE)


def unbound(hidden: str, bound: str, language: str = "en") -> bool:
    """Does a line speak of a topic ("the letter") that nobody bound? `bound` is all that the scene may speak of."""
    known = bound.casefold()
    return any(match[1].casefold() not in known for match in _known_phrases(language).finditer(hidden))

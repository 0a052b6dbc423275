"""What stands where a cue may stand -> a name and a direction, and the form it is written in. Knows no layout.

Judged letter by letter with Unicode's own properties, not by ranges: Ł, Ж and Ş are capitals, 花 has none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from engine.corpus.cues import name_of
from engine.corpus.text import word_set

#: A longer label, or one of more words, is a sentence.
LONGEST, MOST_WORDS = 60, 6


class Shape(Enum):
    """How a label is written; the earlier, the surer it is one."""

    CAPITALS = "capitals"
    PROPER = "a capital for every word"
    MIXED = "a capital for the first word"
    CASELESS = "letters without capitals"
    LOWER = "lower case"


@dataclass(frozen=True)
class Label:
    """The name in a label, what its brackets or its comma say, and how the name is written."""

    name: str
    direction: str
    shape: Shape


_SMALL = word_set(
    "a an the of in on at and de del la las los el y e o da do dos das di du des von van der den et le les"
)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|º|ª|e|er|ère)\Z", re.IGNORECASE)
_MIXED_CAPITALS = re.compile(r"(?:M[a]?c|D[ei]|O['’]|L['’])[^\W\d_]+\Z")
_BRACKETS = re.compile(r"[(\[（【]([^()\[\]（）【】]*)[)\]）】]")
#: What goes before a label and is no part of it: bullets, the number of a speech, a time or a date in any notation.
_TIME = r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,:]\d{1,3})?(?:[ ]?[AaPp]\.?[ ]?[Mm]\b\.?)?"
_DATE = r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}[-. ][^\W\d_]{3,9}\.?[-. ]\d{2,4}|[^\W\d_]{3,9} \d{1,2}, \d{4})"
STAMP = rf"[\[(]?(?:{_DATE}(?:,?[ T]{{1,2}}{_TIME})?|{_TIME})[\])]?"
#: What ends in a time that begins a row: `2/4/23, 10:02 PM - `.
DATED = re.compile(rf"[ \t]*[\[(]?{_DATE},?[ T]{{1,2}}{_TIME}[\])]?(?:[ \t]?[-–—|])?[ \t]*")
STAMPED = re.compile(rf"[ \t]*{STAMP}(?:[ \t]?[-–—|])?[ \t]*")
PREFIX = re.compile(
    rf"[ \t]*(?:[-*•·>]{{1,3}}[ \t]{{1,3}}|(?:\(?#?\d{{1,4}}[.)\]][ \t]{{0,8}}|\d{{1,4}}[ \t]{{1,8}}(?=[^\W\d_]))|{STAMP}(?:[ \t]?[-–—|])?[ \t]{{0,8}}){{0,3}}"
)
_MARKS = " \t*_'\"“”‘’«»"
_NOT_IN_A_NAME = re.compile(r"[()（）?!;…\"“”=<>{}|\\/@$%^~\[\]。、！？，]|\.\.|--|https?:")


@lru_cache(maxsize=65536)
def label_of(text: str) -> Label | None:
    """The label in a text that stands before a mark or alone; None if it has not the form of one."""
    bare = without_prefix(text).strip(_MARKS)
    if not bare or len(bare) > 3 * LONGEST:
        return None
    directions = _BRACKETS.findall(bare)
    outside = " ".join(_BRACKETS.sub(" ", bare).split()).strip(_MARKS + ".:")
    if not outside and len(directions) == 1:  # `(MARIT): ...`
        outside, directions = directions[0].strip(), []
    outside, comma, manner = outside.partition(", ")
    if comma:
        if not _shouted(outside) and not manner[:1].islower():
            return None
        if _shouted(manner):  # `MARIT, ANSELM`: two people, not a manner
            outside = f"{outside}, {manner}"
        else:
            directions.insert(0, manner)
    if not outside or len(outside) > LONGEST or len(outside.split()) > MOST_WORDS or _NOT_IN_A_NAME.search(outside):
        return None
    shape = shape_of(outside)
    if comma and shape is Shape.MIXED:
        return None  # "Desde el baúl, con todo respeto: ...": a sentence, not a name and a manner
    name = name_of(outside)
    return Label(name, f"({', '.join(directions)})" if directions else "", shape) if shape and name else None


def without_prefix(text: str) -> str:
    """A row without the bullet, number or time before its label; `3RD GUARD` keeps its number, it is a name."""
    if text[:1].isalpha():
        return text
    found = PREFIX.match(text)
    return text[found.end() :] if found and text[found.end() :].strip() else text


@lru_cache(maxsize=65536)
def shape_of(name: str) -> Shape | None:
    """How a name is written; None if there is no letter in it."""
    letters = [char for char in name if char.isalpha() and char not in "ºª"]
    if not letters:
        return None
    cased = [char for char in letters if char.isupper() or char.islower() or char.istitle()]
    if len(cased) * 2 < len(letters):
        return Shape.CASELESS
    words = name.split()
    if _shouted(name):
        return Shape.CAPITALS
    if not any(char.isupper() for char in cased):
        return Shape.LOWER
    first = next(char for char in words[0] if char.isalpha()) if any(map(str.isalpha, words[0])) else "A"
    if first.islower():
        return None
    return Shape.PROPER if all(_has_capital(word) or word.lower() in _SMALL for word in words) else Shape.MIXED


def _shouted(name: str) -> bool:
    """Whether a name is in capitals, but for small words (`MAN in a SUIT`), ordinals and `McDUCK`."""
    words = name.split()
    capital = False
    for number, word in enumerate(words):
        bare = word.strip(".,'’-&#()")
        if not any(char.islower() for char in bare if char not in "ºª"):
            capital = capital or any(map(str.isupper, bare))
        elif _ORDINAL.match(bare) or (number and bare in _SMALL):
            continue
        elif _MIXED_CAPITALS.match(bare) and bare[2:].isupper() and len(bare) > 4:
            capital = True
        else:
            return False
    return capital


def _has_capital(word: str) -> bool:
    letter = next((char for char in word if char.isalpha()), "")
    return not letter or not letter.islower()

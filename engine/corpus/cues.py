"""Cues and parentheticals, shared by most formats: `MRS. LINDE (O.S.)` -> "Mrs. Linde", `(icy, to María)` -> parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from engine import codes
from engine.corpus.text import clean, word_set

#: Lower case within a name, wherever it is not the first word.
_SMALL = word_set(
    """
    a an the of in on at and with for to by from or de del la las los el y en con da do dos das di von van der
    den
    """
)
_ROMAN = re.compile(r"[IVX]{2,}\Z")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ORDINAL = re.compile(r"\d+(ST|ND|RD|TH)\Z")
_EXTENSION = re.compile(r"[(\[（【][^()\[\]（）【】]*[)\]）】]")
_AROUND = " :-*_@^"
_ADDRESS = re.compile(r"(?:to|a|al|à)\s+(?:the\s+(?=[^\W\d_])|la\s+|el\s+)?(.+)", re.IGNORECASE | re.DOTALL)
_TITLES = word_set(
    """
    MR MRS MS DR SR SRA SRTA ST JR PHD MME MLLE MGR LT SGT
    """
)
_SEVERAL = re.compile(r" ?(?:[,;/&]|\band\b|\by\b|\be\b) ?")  # blanks are single here


#: What a parenthetical says of a line that a network said: `(weary, tell, played)`.
PLAYED = "played"


@dataclass(frozen=True)
class Manner:
    """What a parenthetical says: a tone and an act of the lists in `engine.codes`, an addressee, whether a network said the
    line (`played`), and whatever else it held."""

    tone: str | None = None
    addressee: str | None = None
    other: tuple[str, ...] = ()
    act: str | None = None
    played: bool = False


@lru_cache(maxsize=65536)
def name_of(cue: str) -> str:
    """The name in a cue: without extensions, dual mark or colon, in title case if the cue is in capitals."""
    cue = cue.strip().removesuffix("^").rstrip()
    name = clean(_EXTENSION.sub(" ", cue)).strip(_AROUND)
    if name.count('"') % 2 or name[:1] == '"' == name[-1:]:  # `PORTER "RITZ"` keeps both of its marks
        name = name.strip(_AROUND + '"')
    if name.endswith(".") and not _abbreviated(name):
        name = name[:-1].rstrip()
    return titled(name)


@lru_cache(maxsize=65536)
def titled(name: str) -> str:
    """`MAN IN A SUIT` -> "Man in a Suit", `INÉS` -> "Inés", `McDUCK` -> "McDuck"; a name in mixed case stays."""
    words = name.split(" ")
    if not any(char.islower() and char not in "ºª" for char in name):
        return " ".join(_cased(word, number in {0, len(words) - 1}) for number, word in enumerate(words))
    return " ".join(_mc(word) for word in words)


def capitalised(name: str) -> str:
    """A name in lower case with its capitals: `tyra of the lantern` -> "Tyra of the Lantern"."""
    return " ".join(_cased(word.upper(), number == 0) for number, word in enumerate(name.split(" ")))


@lru_cache(maxsize=65536)
def manner(parenthetical: str) -> Manner:
    """The parts of a parenthetical, with or without its brackets."""
    tone, act, addressee, played, other = None, None, None, False, []
    parenthetical = " ".join(parenthetical.split())
    for part in (part.strip() for part in parenthetical.strip(" ()[]").replace(";", ",").split(",")):
        match = _ADDRESS.match(part)
        if part.lower() in codes.TONES and tone is None:
            tone = part.lower()
        elif part.lower() in codes.ACTS and act is None:
            act = part.lower()
        elif part.lower() == PLAYED:
            played = True
        elif match and addressee is None and match[1][:1].isupper():
            addressee = name_of(_SEVERAL.split(match[1])[0].rstrip(" ."))
        elif part and not match:
            other.append(part)
    return Manner(tone, addressee or None, tuple(other), act, played)


def _cased(word: str, first: bool) -> str:
    if not first and word.lower() in _SMALL:
        return word.lower()
    return _WORD.sub(lambda match: _capital(match[0]), word) if not _as_it_is(word) else word


def _as_it_is(word: str) -> bool:
    """R2D2, VIII, DJ: words that are no words. (Ordinals are: `2ND` -> "2nd".)"""
    bare = word.strip(".,:;()")
    if any(char.isdigit() for char in bare) and any(char.isalpha() for char in bare):
        return not _ORDINAL.match(bare)
    if bare.upper() in _TITLES:
        return False
    return bool(_ROMAN.match(bare)) or (1 < len(bare) <= 3 and not set(bare) & set("AEIOUYÁÉÍÓÚÜ") and bare.isascii())


def _capital(word: str) -> str:
    if word in {"ST", "ND", "RD", "TH"}:  # the letters of an ordinal
        return word.lower()
    if word.startswith("MC") and len(word) > 4:
        return "Mc" + word[2:].capitalize()
    if len(word) > 3 and word[1] in "'’" and word[0] in "OD":
        return word[:2] + word[2:].capitalize()
    return word.capitalize()


def _mc(word: str) -> str:
    """`McDUCK` -> "McDuck"."""
    if word.startswith("Mc") and word[2:].isupper():
        return "Mc" + word[2:].capitalize()
    return word


def _abbreviated(name: str) -> bool:
    """True if the full stop at the end belongs to the name: `V.`, `JR.`, `J. R.`"""
    last = name.rsplit(" ", 1)[-1]
    return len(last) == 2 or last[:-1].upper() in _TITLES or "." in last[:-1]

"""One speech of plain text while its rows come in, and what of it is spoken: no directions, no marks of emphasis."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.corpus.cues import Manner, manner
from engine.corpus.text import clean, cut, sayable
from engine.corpus.turns import Turn

_BRACKETS = re.compile(r"\[[^\[\]]*\]|\([^()]*\)|（[^（）]*）|【[^【】]*】")
#: The marks of a direction right at the beginning or the end of a speech.
_FIRST = re.compile(r"\s*[_*]{0,2}(\[[^\[\]]*\]|\([^()]*\)|（[^（）]*）)")
_EMPHASIS = re.compile(r"(?<![^\W_])[_*]{1,3}(?=\S)|(?<=\S)[_*]{1,3}(?![^\W_])")
_LINK = re.compile(r"<https?:[^<>\s]*>")
_WRAPPED = re.compile(r"[^\W\d_]-\n[ \t]*(?=[^\W\d_])")
#: Brackets within brackets are undone from the inside, so many deep.
_DEEPEST = 4
#: A speech all between these is quoted.
_QUOTED = {"«": "»", "“": "”", "„": "“", "「": "」", "『": "』", '"': '"'}


@dataclass
class Speech:
    """A speech: whose (None: nobody's), on which line it begins, its rows, and the direction beside its cue."""

    name: str | None
    line: int
    rows: list[str]
    direction: str = ""

    def turn(self) -> Turn | None:
        """The speech as a turn; None if nothing in it can be said."""
        words = self.rows[0] if len(self.rows) == 1 else "\n".join(self.rows)
        direction = self.direction
        if not direction and words.lstrip()[:1] in {"(", "[", "_", "*", "（"}:
            found = _FIRST.match(words)
            direction = found[1] if found else ""
        said = manner(direction.strip("_* （）")) if direction else Manner()
        text = spoken(words)
        return Turn(self.name, text, said.tone, said.addressee, self.line) if text else None


def spoken(words: str) -> str:
    """What of a speech is spoken; empty if nothing is left that one could say."""
    if "-\n" in words:
        words = _WRAPPED.sub(_whole, words)
    if "<http" in words:
        words = _LINK.sub(" ", words)
    if "_" in words or "*" in words:
        words = _EMPHASIS.sub("", words)
    if "[" in words or "(" in words or "（" in words or "【" in words:
        words = _without_directions(words)
    text = clean(words).lstrip(".:;, ")
    if text and _QUOTED.get(text[0]) == text[-1] and len(text) > 1 and text[0] not in text[1:-1]:
        text = text[1:-1].strip()
    return text if sayable(text) else ""


def _whole(match: re.Match[str]) -> str:
    """A word that was cut at the end of a row: the hyphen stays, since "well-known" may have had one."""
    return match[0].split("\n")[0]


def _without_directions(words: str) -> str:
    for _ in range(_DEEPEST):
        before, words = words, cut(_BRACKETS, words)
        if words == before:
            break
    # A direction that is never closed: the rest of the speech from a bracket that begins a row.
    at = max(words.rfind("("), words.rfind("["))
    if at >= 0 and not words[words.rfind("\n", 0, at) + 1 : at].strip() and not set(words[at + 1 :]) & set(")]"):
        words = words[:at]
    return words

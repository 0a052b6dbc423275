"""Who a line calls and who it only mentions, told by names and punctuation. Knows nothing of casts or turns.

`Close that door, María.` calls María; `María closed that door.` mentions her. A short stretch between marks
(`mija`, `my child`, `patrona`) is an appellation: whom it calls is learned from scripts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

#: Longest stretch between punctuation marks that may call somebody by name, and longest appellation, in words.
LONGEST_CALL, LONGEST_APPELLATION = 4, 3

_MARKS = re.compile(r"\.\.\.|--|[,.;:!?¡¿\"()—…]")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
#: Parts of a name or label that name nobody on their own.
_COMMON = frozenset((
    "a", "an", "and", "the", "of", "in", "de", "del", "la", "el", "los", "las", "y", "don", "dona", "doña", "señor",
    "señora", "señorita", "mr", "mrs", "miss", "ms", "dr", "doctor", "sir", "lady", "lord", "captain", "judge",
    "father", "mother", "padre", "madre", "sister", "brother", "aunt", "uncle", "man", "woman", "suit", "hombre",
    "mujer", "traje", "old", "young", "first", "second", "third", "little", "nurse", "maid",
))  # fmt: skip


@dataclass(frozen=True)
class Cues:
    """What one line does to the floor. `called` and `mentioned` are people, in order; nobody is in both."""

    called: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()
    appellations: tuple[str, ...] = ()
    question: bool = False
    exclamation: bool = False
    broken: bool = False


def fold(text: str) -> str:
    """Lower case without accents, so that MARÍA, María and Maria are one."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


class Forms:
    """The names of some people: `people` gives for each everything that she is called by."""

    def __init__(self, people: Mapping[str, Sequence[str]]):
        self._owner: dict[str, str | None] = {}
        for who, forms in people.items():
            for word in {fold(word) for form in forms for word in _WORD.findall(form)}:
                if word not in _COMMON and len(word) > 1:
                    # A word that two people share names nobody.
                    self._owner[word] = who if word not in self._owner else None
        # A line is read when it is the last one, and once more when it is the one before.
        self.read = lru_cache(maxsize=16)(self._read)

    def _read(self, text: str) -> Cues:
        """The cues of one line of dialogue."""
        called: list[str] = []
        mentioned: list[str] = []
        appellations: list[str] = []
        for stretch in _MARKS.split(text):
            words = _WORD.findall(stretch)
            if not words:
                continue
            # "will" is a word and "Will" a name: a name in the running text has its capital.
            named = [self._owner.get(fold(word)) for word in words if word[0].isupper()]
            (called if len(words) <= LONGEST_CALL else mentioned).extend(who for who in named if who is not None)
            if len(words) <= LONGEST_APPELLATION:
                appellations.append(fold(" ".join(words)))
        tail = text.rstrip(" \"'”’)")
        return Cues(
            tuple(dict.fromkeys(called)),
            tuple(who for who in dict.fromkeys(mentioned) if who not in called),
            tuple(dict.fromkeys(appellations)),
            question=tail.endswith("?"),
            exclamation=tail.endswith("!"),
            broken=tail.endswith(("--", "—", "...", "…")),
        )

"""Which words exist: those of the training text. A subword voice can make up others, and a reader stumbles on them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from engine.codes import SLOTS
from engine.errors import VoiceError

_SLOT = re.compile("(?:" + "|".join(re.escape(slot) for slot in SLOTS) + ")(?:'s)?")
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")

_CAPITALS = (
    "I I'm I'll I'd I've God God's Lord Christ Jesus Heaven Mass Sunday Monday Tuesday Wednesday Thursday Friday Saturday "
    "January February March April May June July August September October November December Christmas Easter English Spanish "
    "French German American Don Doña Señora Señor Señorita Mr Mrs Miss Dr Sir Madam Virgin Virgencita Virgen Dios Jesús "
    "Mother Father Mom Dad Mamá Papá Abuela Abuelita Padre Comandante Licenciado Saint San Santa Santo Bible OK Biblia Navidad"
)
#: Words that are written with a capital wherever they stand, and name nobody on the stage.
CAPITALS = frozenset(_CAPITALS.split())


class Lexicon:
    """The known words of one base, in lower case, one a line in its file."""

    def __init__(self, words: Iterable[str]):
        self.words = frozenset(words)

    def unknown(self, text: str) -> list[str]:
        """Words of `text` (slots apart) that are in no training text; a capital inside a sentence must be a known one."""
        found = []
        plain = _SLOT.sub(lambda match: "," * len(match.group()), text)
        for match in _WORD.finditer(plain):
            word = match.group()
            if word in CAPITALS or (word.endswith("'s") and word[:-2] in CAPITALS):
                continue
            before = plain[: match.start()].rstrip(" ¡¿\"'")
            initial = not before or before[-1] in ".!?-:" or word.isupper()
            if (word[0].isupper() and not initial) or not self.knows(word):
                found.append(word)
        return found

    def knows(self, word: str) -> bool:
        folded = word.casefold()
        if folded in self.words or (folded.endswith("'s") and folded[:-2] in self.words):
            return True
        return "-" in folded and all(part in self.words for part in folded.split("-"))

    def to_text(self) -> str:
        return "\n".join(sorted(self.words)) + "\n"

    @classmethod
    def load(cls, path: Path) -> Lexicon:
        try:
            return cls(path.read_text(encoding="utf-8").split())
        except (OSError, UnicodeDecodeError) as error:
            raise VoiceError(
                f"{path}: the list of known words is missing or broken; python -m engine.train makes it"
            ) from error

    @classmethod
    def of(cls, texts: Iterable[str], least: int = 2) -> Lexicon:
        """Words that stand at least `least` times in lower case in the texts."""
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(_WORD.findall(_SLOT.sub(" ", text)))
        return cls(word for word, count in counts.items() if count >= least and word[0].islower())

    def __or__(self, other: Lexicon) -> Lexicon:
        return Lexicon(self.words | other.words)

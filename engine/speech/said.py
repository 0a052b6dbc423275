"""What was said in a scene, and how much of it a line says again."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from engine.speech.copying import words

_STOP = (
    "a an and are as at be been but by can did do does don't for from had has have he her here him his how i i'm if in is it it's its "
    "just me my no not of oh on or our out she so that that's the their them then there they this to up us was we were what when where who "
    "why will with would yes you you're your am all "
    "a al como con de del el ella en es esa ese eso esta este esto ha hay la las le les lo los más me mi mis muy ni no nos o para pero por "
    "que qué se si sí sin su sus te tu tú un una usted y ya yo"
)
#: Words too common to count as content, in both languages.
STOP = frozenset(_STOP.split())

#: Lines back in which a word wears out.
RECENT = 9


def content(text: str) -> frozenset[str]:
    """The words that carry meaning."""
    return frozenset(word for word in words(text) if word not in STOP)


def _once(line: str) -> tuple[str, ...]:
    """The words of a line, each that is said several times in a row once."""
    return tuple(word for word, _ in groupby(words(line)))


class Said:
    """What was said in this scene, line by line."""

    def __init__(self, lines: Iterable[str] = ()):
        self._lines: list[frozenset[str]] = []
        self._whole: set[tuple[str, ...]] = set()
        for line in lines:
            self.add(line)

    def add(self, line: str) -> None:
        self._lines.append(content(line))
        self._whole.add(_once(line))

    def again(self, line: str) -> bool:
        """Was this very line said? "Okay, okay." says what "Okay." said."""
        return _once(line) in self._whole

    def worn(self, line: str) -> float:
        """In how many of the last lines the content words of a line were heard already, on average.

        The very last one does not count: to take up a word of it is to answer.
        """
        meant = content(line)
        return sum(len(meant & earlier) for earlier in self._lines[-RECENT:-1]) / max(1, len(meant))

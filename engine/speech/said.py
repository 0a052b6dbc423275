"""What was said in a scene, and how much of it a line says again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

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


def content(text: str) -> frozenset[str]:
    """The words that carry meaning."""
    return frozenset(word for word in words(text) if word not in STOP)


class Said:
    """What was said in this scene; a line that says it again is pushed away."""

    def __init__(self, lines: Iterable[str] = ()):
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._openings: Counter[tuple[str, ...]] = Counter()
        self._lines: list[frozenset[str]] = []
        self._whole: set[str] = set()
        for line in lines:
            self.add(line)

    def add(self, line: str) -> None:
        spoken = words(line)
        self._pairs.update(pairwise(spoken))
        self._openings[tuple(spoken[:2])] += 1
        self._lines.append(content(line))
        self._whole.add(" ".join(spoken))

    def again(self, line: str) -> bool:
        """Was this very line said?"""
        return " ".join(words(line)) in self._whole

    def overlap(self, line: str) -> float:
        """0 for a line that is new, 1 and more for one that was nearly said: the largest of its shares of word pairs
        said before, of content words in one earlier line, and of its opening."""
        spoken = words(line)
        if not spoken:
            return 0.0
        pairs = list(pairwise(spoken))
        shared = sum(1 for pair in pairs if pair in self._pairs and not set(pair) <= STOP) / max(3, len(pairs))
        meant = content(line)
        alike = max((len(meant & other) / len(meant | other) for other in self._lines if meant and other), default=0.0)
        opening = 0.15 * min(2, self._openings[tuple(spoken[:2])])
        return max(shared, alike) + opening

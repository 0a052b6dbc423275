"""The copy meter: which runs of words stand in a troupe's scripts. A voice should speak like them, not from them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from engine.performance import Origin

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
#: A line this long may not stand whole in a script, and no run this long may be shared with one.
WHOLE, RUN = 6, 8


def words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


class Copies:
    """All words of some texts, line by line, as one long string in which runs are looked up."""

    def __init__(self, texts: Iterable[str]):
        self._texts = texts

    @classmethod
    def of_files(cls, paths: Iterable[Path]) -> Copies:
        """The scripts as they lie on disk. Cheaper than reading them as scripts: play starts at once."""
        return cls(path.read_text(encoding="utf-8", errors="replace") for path in paths)

    @cached_property
    def _text(self) -> str:
        """Made when it is first asked for: a scene's first line need not wait for it."""
        rows = (" ".join(row.split()) for text in self._texts for row in _plain(text).split("\n"))
        return "\n" + "\n".join(f" {row} " for row in rows) + "\n"

    def longest(self, text: str) -> int:
        """Length in words of the longest run of `text` that stands in one line of a script."""
        spoken, best, start = _plain(text).split(), 0, 0
        while start + best < len(spoken):
            if f" {' '.join(spoken[start : start + best + 1])} " in self._text:
                best += 1
            else:
                start += 1
        return best

    def copied(self, text: str) -> bool:
        """Is it a whole line of a script, or does it share too long a run with one?"""
        spoken = _plain(text).split()
        if len(spoken) < WHOLE:
            return False
        if f"\n {' '.join(spoken)} \n" in self._text:
            return True
        return any(f" {' '.join(spoken[start : start + RUN])} " in self._text for start in range(len(spoken) - RUN + 1))


#: Marks that say nothing about whose words they are; deleting them is a hundred times quicker than finding words.
_MARKS = str.maketrans("", "", '.,;:!?¡¿"()[]*_\u2026\u2014\u2013\u201c\u201d')


def _plain(text: str) -> str:
    """Lower case without marks, single spaces within a line."""
    return text.casefold().translate(_MARKS).replace("-", " ").replace("  ", " ")


class Nearest:
    """Finds the line of the scripts that shares most words with a text (Jaccard on words, ties by order)."""

    def __init__(self, lines: Iterable[tuple[str, str, int]]):
        self._lines = list(lines)
        self._index: dict[str, list[int]] = {}
        self._sets: list[frozenset[str]] = []
        for number, (text, _, _) in enumerate(self._lines):
            self._sets.append(frozenset(words(text)))
            for word in self._sets[-1]:
                self._index.setdefault(word, []).append(number)

    def find(self, text: str) -> Origin | None:
        wanted = frozenset(words(text))
        shared: dict[int, int] = {}
        for word in wanted:
            for number in self._index.get(word, ()):
                shared[number] = shared.get(number, 0) + 1
        best, score = None, 0.0
        for number in sorted(shared):
            overlap = shared[number] / len(wanted | self._sets[number])
            if overlap > score:
                best, score = number, overlap
        if best is None:
            return None
        found, path, line = self._lines[best]
        return Origin(found, path, line, score)

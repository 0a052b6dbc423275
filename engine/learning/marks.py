"""Marks: what readers said of lines that networks drew for a place in a scene. What a base learns sense from.

A file is JSON lines, one place a line; `corpora/README.md` describes it. A place stands as a network hears it: codes,
then text with slots for names and topics.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import codes
from engine.errors import TrainingError
from engine.troupe import Troupe
from engine.voices.sequences import Encodes

#: Codes that may stand in front of a text; a slot is part of it.
_CODES = frozenset(codes.SPECIAL) - frozenset(codes.SLOTS) - {codes.PAD, codes.END}
#: Sensible in its place, grammatical and senseless there, broken.
MARKS = ("G", "M", "X")


@dataclass(frozen=True)
class MarkedLine:
    """A line that was drawn, the mark that a reader gave it, act and tone that it was to have, and what was measured of it."""

    text: str
    mark: str
    act: str | None
    tone: str | None
    measures: dict[str, float]

    @property
    def sensible(self) -> bool:
        return self.mark == "G"


@dataclass(frozen=True)
class MarkedPlace:
    """A place and the lines that were drawn for it. `heard` is how the scene opens and each line before, `cue` the codes of
    who speaks to whom; those of scenes that are `held_out` teach nobody."""

    name: str
    language: str
    held_out: bool
    heard: tuple[str, ...]
    cue: str
    lines: tuple[MarkedLine, ...]

    def prompt(self, vocabulary: Encodes) -> list[int]:
        """Everything before the first token of a line."""
        before = [encoded(vocabulary, self.heard[0])]
        before += [[*encoded(vocabulary, line), vocabulary.end] for line in self.heard[1:]]
        return [id_ for line in (*before, encoded(vocabulary, self.cue)) for id_ in line]

    def replies(self, vocabulary: Encodes) -> list[list[int]]:
        """The ids of each line, without its `<end>`."""
        return [vocabulary.encode(line.text) for line in self.lines]


def encoded(vocabulary: Encodes, text: str) -> list[int]:
    """The ids of codes and, behind them, a text."""
    words, found = text.split(" "), list[int]()
    while words and words[0] in _CODES:
        found.append(vocabulary.special(words.pop(0)))
    return found + vocabulary.encode(" ".join(words))


def marked_places(troupe: Troupe, language: str) -> list[MarkedPlace]:
    """The places of a language that readers have marked; none where there is no such file. Raises TrainingError."""
    path = troupe.marks_path(language)
    try:
        rows = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(f"{path}: these marks cannot be read: {error}") from error
    return [_place(row, language, path, number) for number, row in enumerate(rows, 1) if row.strip()]


def _place(row: str, language: str, path: Path, number: int) -> MarkedPlace:
    try:
        found = json.loads(row)
        heard = _texts(found["heard"])
        lines = tuple(_line(line) for line in found["lines"])
        if not heard or not lines:
            raise ValueError("nothing was heard, or nothing drawn")
        (cue,) = _texts([found["cue"]])
        return MarkedPlace(str(found["place"]), language, bool(found.get("held_out")), heard, cue, lines)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise TrainingError(
            f"{path}:{number}:1: not a marked place ({type(error).__name__}: {error}); corpora/README.md shows one"
        ) from error


def _line(found: dict[str, Any]) -> MarkedLine:
    (text,) = _texts([found["text"]])
    if found["mark"] not in MARKS:
        raise ValueError(f"{found['mark']!r} is no mark: {', '.join(MARKS)}")
    act, tone = found.get("act"), found.get("tone")
    if not (act is None or act in codes.ACTS) or not (tone is None or tone in codes.TONES):
        raise ValueError(f"{act!r} is no act, or {tone!r} no tone")
    measures = {name: float(value) for name, value in found.items() if name not in {"text", "mark", "act", "tone"}}
    return MarkedLine(text, found["mark"], act, tone, measures)


def _texts(found: Sequence[Any]) -> tuple[str, ...]:
    if not all(isinstance(text, str) for text in found):
        raise ValueError("a text is something else")
    return tuple(found)

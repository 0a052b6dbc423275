"""Marks: what readers said of lines that networks drew for a place in a scene. What sense is fitted to.

A file is JSON lines, one place a line; `corpora/README.md` of the project describes it. A place stands as a network hears it:
codes, then text with slots for names and topics.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import codes
from engine.errors import TrainingError
from engine.troupe import Troupe
from engine.voices.sequences import Encodes

#: Codes that may stand in front of a text; a slot is part of it.
_CODES = frozenset(codes.SPECIAL) - frozenset(codes.SLOTS) - {codes.PAD, codes.END}
_TOKEN = re.compile(r"<[^<>\s]+>")
#: Sensible in its place, grammatical and senseless there, broken.
MARKS = ("G", "M", "X")
#: What was measured of every line when it was drawn (`engine.speech.features`); beats and repetition belong to a scene.
MEASURES = ("fluency", "relevance", "identity", "plan", "topics", "length")


@dataclass(frozen=True)
class MarkedLine:
    """A line that was drawn, the mark that a reader gave it, and its MEASURES in their order."""

    text: str
    mark: str
    measures: tuple[float, ...]

    @property
    def sensible(self) -> bool:
        return self.mark == "G"


@dataclass(frozen=True)
class MarkedPlace:
    """A place and the lines that were drawn for it. `heard` is how the scene opens and each line before, `cue` the codes of
    who speaks to whom; those of scenes that are `held_out` teach nobody."""

    name: str
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
        # Not splitlines: a line of JSON may hold what else ends a line.
        rows = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(f"{path}: these marks cannot be read: {error}") from error
    return [_place(row, path, number) for number, row in enumerate(rows, 1) if row.strip()]


def _place(row: str, path: Path, number: int) -> MarkedPlace:
    try:
        found = _keys(json.loads(row), {"place", "heard", "cue", "lines"}, {"held_out"})
        heard = tuple(_text(text) for text in _list(found, "heard"))
        lines = tuple(_line(line) for line in _list(found, "lines"))
        held_out = found.get("held_out", False)
        if not isinstance(held_out, bool):
            raise ValueError("'held_out' is neither true nor false")
        return MarkedPlace(_text(found["place"]), held_out, heard, _text(found["cue"]), lines)
    except json.JSONDecodeError as error:
        reason, column = f"this is no JSON: {error.msg}", error.colno
    except (ValueError, RecursionError, OverflowError) as error:
        reason, column = str(error), 1
    raise TrainingError(
        f"{path}:{number}:{column}: not a marked place: {reason}; corpora/README.md of the project shows one"
    )


def _line(found: Any) -> MarkedLine:
    found = _keys(found, {"text", "mark", *MEASURES}, {"act", "tone"})
    if found["mark"] not in MARKS:
        raise ValueError(f"{found['mark']!r} is no mark: {', '.join(MARKS)}")
    measures = tuple(found[name] for name in MEASURES)
    for name, value in zip(MEASURES, measures, strict=True):
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(float(value)):
            raise ValueError(f"'{name}' is no number")
    return MarkedLine(_text(found["text"]), found["mark"], tuple(map(float, measures)))


def _keys(found: Any, needed: set[str], allowed: set[str]) -> Mapping[str, Any]:
    if not isinstance(found, dict):
        raise ValueError("it is no object")
    for name in sorted(needed - found.keys()):
        raise ValueError(f"'{name}' is missing")
    for name in sorted(found.keys() - needed - allowed):
        raise ValueError(f"'{name}' does not belong there")
    return found


def _list(found: Mapping[str, Any], name: str) -> list[Any]:
    value = found[name]
    if not isinstance(value, list) or not value:
        raise ValueError(f"'{name}' is no list, or an empty one")
    return value


def _text(found: Any) -> str:
    if not isinstance(found, str):
        raise ValueError(f"{found!r:.40} is no text")
    for token in _TOKEN.findall(found):
        if token not in codes.SPECIAL:
            raise ValueError(f"{token:.40} is no code and no slot")
    return found

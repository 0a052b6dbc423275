"""Lines of dialogue as token sequences: the one form that base, voices and play share.

A line is `<turn:k> [<tone:..>] [<to:kind>] [<to:pronoun>] [<arc:..>] text <end>`, where k says who speaks
without a name (the speaker of k lines ago; 0, somebody new). A scene is `<scene> <lang:..>` and its lines.
The recurrent state is zero before `<scene>`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine import codes

Ids = NDArray[np.int32]


class Encodes(Protocol):
    """What a sequence is made with: a `Vocabulary`, or something that remembers what it has encoded."""

    @property
    def scene(self) -> int: ...

    @property
    def end(self) -> int: ...

    def special(self, token: str) -> int: ...

    def encode(self, text: str) -> list[int]: ...


@dataclass(frozen=True)
class Line:
    """One line as a network sees it: names are slots already, codes may be missing (None)."""

    speaker: str
    text: str
    tone: str | None = None
    kind: str | None = None
    pronoun: str | None = None
    arc: str | None = None


@dataclass(frozen=True)
class Pair:
    """Context and reply as one sequence of ids; the loss counts from `start` on (reply text and `<end>`).

    The `codes` ids before `start` are the reply's codes.
    """

    ids: Ids
    start: int
    codes: int = 0

    @property
    def cue(self) -> Ids:
        """The reply's codes."""
        return self.ids[self.start - self.codes : self.start]

    @property
    def reply_tokens(self) -> int:
        return len(self.ids) - self.start


def turn_back(speaker: str, before: Sequence[str]) -> int:
    """How many lines ago `speaker` last spoke; 0 when not within the last `codes.WINDOW` lines."""
    for back, name in enumerate(reversed(before[-codes.WINDOW :]), 1):
        if name == speaker:
            return back
    return 0


#: The most codes that a line can have.
LONGEST_CUE = 5


def codes_of(line: Line, back: int) -> list[str]:
    """The codes in front of a line's text, in their fixed order."""
    found = [codes.turn_code(back)]
    if line.tone:
        found.append(codes.tone_code(line.tone))
    if line.kind:
        found.append(codes.kind_code(line.kind))
    if line.pronoun:
        found.append(codes.pronoun_code(line.pronoun))
    if line.arc:
        found.append(codes.arc_code(line.arc))
    return found


def encode_scene(vocabulary: Encodes, lines: Sequence[Line], language: str = "en") -> list[int]:
    """`<scene> <lang>` and every line, each with its `<end>`."""
    ids = opening(vocabulary, language)
    names = [line.speaker for line in lines]
    for number, line in enumerate(lines):
        ids += cue(vocabulary, line, names[:number])
        ids += [*vocabulary.encode(line.text), vocabulary.end]
    return ids


def opening(vocabulary: Encodes, language: str) -> list[int]:
    return [vocabulary.scene, vocabulary.special(codes.language_code(language))]


def cue(vocabulary: Encodes, line: Line, before: Sequence[str]) -> list[int]:
    """The ids of a line's codes, given the names of those who spoke before."""
    return [vocabulary.special(code) for code in codes_of(line, turn_back(line.speaker, before))]


def prompt(vocabulary: Encodes, context: Sequence[Line], reply: Line, language: str = "en") -> list[int]:
    """Everything before the first token of `reply`: up to `codes.WINDOW` lines of context, then her codes."""
    context = context[-codes.WINDOW :]
    return encode_scene(vocabulary, context, language) + cue(vocabulary, reply, [line.speaker for line in context])


def last_cue(prompt: Sequence[int], end: int) -> Sequence[int]:
    """The codes at the end of a prompt (ids, lines closed by `end`), which belong to the line to come."""
    for back, id_ in enumerate(reversed(prompt)):
        if id_ == end:
            return prompt[len(prompt) - back :]
    return prompt


def pair(vocabulary: Encodes, context: Sequence[Line], reply: Line, language: str = "en", limit: int = 0) -> Pair:
    """One training example. With `limit`, the oldest context lines go until the example fits that many ids."""
    target = [*vocabulary.encode(reply.text), vocabulary.end]
    context = list(context[-codes.WINDOW :])
    while True:
        before = prompt(vocabulary, context, reply, language)
        if not limit or len(before) + len(target) <= limit or not context:
            break
        context = context[1:]
    ids = (before + target)[:limit] if limit else before + target
    start = min(len(before), len(ids))
    return Pair(np.array(ids, np.int32), start, min(start, len(codes_of(reply, 0))))


def drop_codes(line: Line, generator: np.random.Generator, rate: float) -> Line:
    """The line with each of its codes dropped with probability `rate`, so that lines without codes work too."""
    keep = generator.random(4) >= rate
    return replace(
        line,
        tone=line.tone if keep[0] else None,
        kind=line.kind if keep[1] else None,
        pronoun=line.pronoun if keep[2] else None,
        arc=line.arc if keep[3] else None,
    )


def chunks(lines: Sequence[Line], generator: np.random.Generator, mean: int = 8) -> Iterable[Sequence[Line]]:
    """Cut a scene at random into runs of 3 to `2 * mean - 3` lines: play starts anywhere, with little context."""
    start = 0
    while start < len(lines):
        length = int(generator.integers(3, 2 * mean - 2))
        yield lines[start : start + length]
        start += length

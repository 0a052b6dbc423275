"""Lines of dialogue as token sequences: the one form that base, voices and play share.

A line is `<turn:k> [<to:kind>] [<to:pronoun>] [<act:..>] [<tone:..>] [<by:..> [<not>] <do:..>] [<say:topic> ...] text
<end>`, where k says who speaks without a name (the speaker of k lines ago; 0, somebody new). A stage direction is
`<to:audience> text <end>`: nobody speaks, and it is heard, not learned. A scene is `<scene> <lang:..> [<arc:..>]` and its lines.
The recurrent state is zero before `<scene>`, and nothing before it is attended to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.frames import Frame, Gist

Ids = NDArray[np.int32]
#: The id of `<pad>`, which stands for what is no target.
PADDING = codes.SPECIAL.index(codes.PAD)


class Encodes(Protocol):
    """What a sequence is made with: a `Vocabulary`, or something that remembers what it has encoded."""

    @property
    def scene(self) -> int: ...

    @property
    def end(self) -> int: ...

    def special(self, token: str) -> int: ...

    def encode(self, text: str) -> list[int]: ...


class FrameEncoder:
    """Encodes lines as their codes alone: what the director sees of a scene."""

    def __init__(self) -> None:
        self._ids = {token: number for number, token in enumerate(codes.SPECIAL)}
        self.scene, self.end = self._ids[codes.SCENE], self._ids[codes.END]

    def special(self, token: str) -> int:
        return self._ids[token]

    def encode(self, text: str) -> list[int]:
        return []


@dataclass(frozen=True)
class Line:
    """One line as a network sees it: names and topics are slots already, codes may be missing (None)."""

    speaker: str
    text: str
    tone: str | None = None
    kind: str | None = None
    pronoun: str | None = None
    arc: str | None = None
    act: str | None = None
    gist: Gist | None = None
    topics: tuple[str, ...] = ()
    #: A network said it: it is heard, and not learned.
    played: bool = False
    #: Stage directions right before it, with slots as its speaker sees them.
    seen: tuple[str, ...] = ()

    @property
    def frame(self) -> Frame:
        return Frame(self.act, self.tone, self.gist, self.topics)

    def framed(self, frame: Frame) -> Line:
        """This line with another plan."""
        return replace(self, act=frame.act, tone=frame.tone, gist=frame.gist, topics=frame.topics)


@dataclass(frozen=True)
class Pair:
    """Context and reply as one sequence of ids; the loss counts from `start` on (reply text and `<end>`)."""

    ids: Ids
    start: int

    @property
    def reply_tokens(self) -> int:
        return len(self.ids) - self.start


def turn_back(speaker: str, before: Sequence[str]) -> int:
    """How many lines ago `speaker` last spoke; 0 when not within the last `codes.WINDOW` lines."""
    for back, name in enumerate(reversed(before[-codes.WINDOW :]), 1):
        if name == speaker:
            return back
    return 0


def codes_of(line: Line, back: int) -> list[str]:
    """The codes in front of a line's text, in their fixed order."""
    found = [codes.turn_code(back)]
    if line.kind:
        found.append(codes.kind_code(line.kind))
    if line.pronoun:
        found.append(codes.pronoun_code(line.pronoun))
    return found + plan_codes(line.frame)


#: The parts of a frame in their order, and the codes that each may have.
PARTS: Mapping[str, tuple[str, ...]] = {
    "act": tuple(map(codes.act_code, codes.ACTS)),
    "tone": tuple(map(codes.tone_code, codes.TONES)),
    "subject": tuple(map(codes.subject_code, codes.SUBJECTS)),
    "not": (codes.NOT,),
    "predicate": tuple(map(codes.predicate_code, codes.PREDICATES)),
    "topic": tuple(map(codes.topic_code, codes.TOPIC_SLOTS)),
}
#: Every code that a frame may have.
FRAME_CODES = frozenset(code for part in PARTS.values() for code in part)


def plan_codes(frame: Frame) -> list[str]:
    """The codes of a frame: act, tone, who does what, and the topics to be said."""
    found = []
    if frame.act:
        found.append(codes.act_code(frame.act))
    if frame.tone:
        found.append(codes.tone_code(frame.tone))
    if frame.gist:
        found.append(codes.subject_code(frame.gist.subject))
        found += [codes.NOT] * frame.gist.negated
        found.append(codes.predicate_code(frame.gist.predicate))
    return found + [codes.topic_code(slot) for slot in frame.topics]


def encode_scene(vocabulary: Encodes, lines: Sequence[Line], language: str = "en") -> list[int]:
    """`<scene> <lang> [<arc>]` and every line, each with its `<end>`."""
    return opening(vocabulary, language, lines[0].arc if lines else None) + _joined(vocabulary, lines)


def taught_scene(vocabulary: Encodes, lines: Sequence[Line], language: str = "en") -> tuple[list[int], list[int]]:
    """The ids of `encode_scene`, and the same as targets: those of lines that are `played` are padding, which no loss counts."""
    ids = opening(vocabulary, language, lines[0].arc if lines else None)
    targets = list(ids)
    for line, (shown, codes_, text) in zip(lines, told(vocabulary, lines), strict=True):
        spoken = [*codes_, *text]
        ids += [*shown, *spoken]
        targets += [PADDING] * len(shown) + ([PADDING] * len(spoken) if line.played else spoken)
    return ids, targets


def opening(vocabulary: Encodes, language: str, arc: str | None) -> list[int]:
    """How a scene begins: its language and the arc of its first line that is read."""
    start = [vocabulary.scene, vocabulary.special(codes.language_code(language))]
    return [*start, vocabulary.special(codes.arc_code(arc))] if arc else start


def seen(vocabulary: Encodes, line: Line) -> list[int]:
    """The ids of the stage directions before a line; of frames alone there is nothing to see."""
    texts = (vocabulary.encode(text) for text in line.seen)
    audience = vocabulary.special(codes.kind_code("audience"))
    return [id_ for text in texts if text for id_ in (audience, *text, vocabulary.end)]


def cue(vocabulary: Encodes, line: Line, before: Sequence[str]) -> list[int]:
    """The ids of a line's codes, given the names of those who spoke before."""
    return [vocabulary.special(code) for code in codes_of(line, turn_back(line.speaker, before))]


def prompt(
    vocabulary: Encodes, context: Sequence[Line], reply: Line, language: str = "en", window: int = codes.WINDOW
) -> list[int]:
    """Everything before the first token of `reply`: up to `window` lines of context, what is seen then, and her codes."""
    context = context[-window:]
    before = opening(vocabulary, language, (context[0] if context else reply).arc) + _joined(vocabulary, context)
    return before + seen(vocabulary, reply) + cue(vocabulary, reply, [line.speaker for line in context])


def _joined(vocabulary: Encodes, lines: Sequence[Line]) -> list[int]:
    """Lines one after the other."""
    return list(chain.from_iterable(chain.from_iterable(told(vocabulary, lines))))


def told(vocabulary: Encodes, lines: Sequence[Line]) -> Iterator[tuple[list[int], list[int], list[int]]]:
    """The ids of each line of a run: what is seen before it, its codes, its text with its `<end>`."""
    names = [line.speaker for line in lines]
    for number, line in enumerate(lines):
        codes_ = cue(vocabulary, line, names[:number])
        yield seen(vocabulary, line), codes_, [*vocabulary.encode(line.text), vocabulary.end]


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
    return Pair(np.array(ids, np.int32), min(len(before), len(ids)))


def drop_codes(line: Line, generator: np.random.Generator, rate: float) -> Line:
    """The line with each of its codes dropped with probability `rate`, so that lines without codes work too.

    In half of the cases in which codes are dropped the whole plan goes: scripts from elsewhere have none.
    """
    keep = generator.random(7) >= rate
    planned = generator.random() >= rate / 2
    return replace(
        line,
        tone=line.tone if keep[0] and planned else None,
        kind=line.kind if keep[1] else None,
        pronoun=line.pronoun if keep[2] else None,
        arc=line.arc if keep[3] else None,
        act=line.act if keep[4] and planned else None,
        gist=line.gist if keep[5] and planned else None,
        topics=line.topics if keep[6] and planned else (),
    )


def chunks(lines: Sequence[Line], generator: np.random.Generator, mean: int = 8) -> Iterable[Sequence[Line]]:
    """Cut a scene at random into runs of 3 to `2 * mean - 3` lines: play starts anywhere, with little context."""
    start = 0
    while start < len(lines):
        length = int(generator.integers(3, 2 * mean - 2))
        yield lines[start : start + length]
        start += length

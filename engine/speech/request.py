"""What an agent is asked to say, and the line that comes back, with its reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.frames import Frame
from engine.performance import LineWhy
from engine.speech.casting import Casting
from engine.speech.director import Proposal
from engine.speech.said import Said
from engine.voices.sequences import Line


def no_objection(frame: Frame) -> str:
    """For places without a ledger: everything may be said."""
    return ""


@dataclass(frozen=True)
class Request:
    """What an agent is asked to say.

    `context` are the lines before, as networks see them (slots and codes); `answered` is the text of the last one.
    `cue` says who speaks, to whom and in which arc; `proposals` are the frames to choose from, likeliest first. `wanted`
    are words that the beat brings up, `said` everything said in the scene; `pronoun` is that of the person spoken to, empty
    for nobody, None where that is not known; `objection` says why a frame may not be said;
    `referents` are the pronouns (he, she, they, it) that somebody or something can be meant by; None: nobody keeps count.
    `deeds` are the predicates of what was seen and said lately; None: nobody has seen anything.
    """

    context: Sequence[Line]
    answered: str
    cue: Line
    proposals: Sequence[Proposal]
    casting: Casting
    said: Said
    wanted: Sequence[str] = ()
    pronoun: str | None = None
    since_phrase: Mapping[str, int] = field(default_factory=dict)
    objection: Callable[[Frame], str] = no_objection
    referents: frozenset[str] | None = None
    deeds: frozenset[str] | None = None


@dataclass(frozen=True)
class Chosen:
    """The line chosen: as spoken, as networks see it, what it does, and why."""

    text: str
    hidden: str
    frame: Frame
    why: LineWhy
    phrase: str | None = None

"""Where the talk stands: who has spoken when, who was called, who waits for a word. Counts, and judges nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from engine.turns.vocative import Cues, Forms

#: Lines back that are looked at. Further back everybody is equally long silent, and a scene of any length costs the
#: same for each of its turns.
REACH = 60

#: What an exchange counts for, one turn later.
FADING = 0.9

#: Talkativeness 0 divides a person's odds by this, 1 multiplies them by it, 0.5 leaves them.
TALKATIVE = 4.0

#: Names of the first places in the order of recency; further back it is "earlier".
_PLACES = ("last", "other", "third")


@dataclass(frozen=True)
class Spoken:
    """One line that was spoken. `addressee` where it was said, or chosen, to whom; None where nobody knows."""

    speaker: str
    text: str
    addressee: str | None = None


@dataclass(frozen=True)
class Situation:
    """All that bears on who speaks next. People are named by any ids, the same everywhere.

    `present` are those on stage, `history` the scene's lines so far (only the last `REACH` are read). `heat` [0, 1]
    and `affection` [-1, 1] are those of each person's edge to the last speaker. `entered` have just come on, `focus`
    are those whose beat it is. `talkativeness` [0, 1] comes from the sheets; `bend` multiplies odds as it is.
    """

    present: Sequence[str]
    history: Sequence[Spoken] = ()
    forms: Forms = field(default_factory=lambda: Forms({}))
    talkativeness: Mapping[str, float] = field(default_factory=dict)
    bend: Mapping[str, float] = field(default_factory=dict)
    heat: Mapping[str, float] = field(default_factory=dict)
    affection: Mapping[str, float] = field(default_factory=dict)
    entered: frozenset[str] = frozenset()
    focus: frozenset[str] = frozenset()

    @cached_property
    def floor(self) -> Floor:
        return Floor.of(self.history, self.forms)

    def bended(self, person: str) -> float:
        """What her odds are multiplied by, talkativeness aside."""
        return max(self.bend.get(person, 1.0), 1e-6)

    def seen_by_speaker(
        self, present: Sequence[str], heat: Mapping[str, float], affection: Mapping[str, float]
    ) -> Situation:
        """The same talk for the choice of whom to speak to: other edges bear on it, and not all need be there to hear."""
        mine = Situation(
            present, self.history, self.forms, self.talkativeness, self.bend, heat, affection, self.entered, self.focus
        )
        # The lines are the same ones: they are counted once a turn.
        mine.__dict__["floor"] = self.floor
        return mine


@dataclass(frozen=True)
class Floor:
    """`order` are those who have spoken, the last speaker first; `lags` how many turns ago each did (1: the last).

    `counts` are lines in reach, `window` how many lines that is; `run` is for how many turns two people have been
    alternating; `exchanges` how often each other person spoke right before or after the last speaker, an exchange
    counting less the longer ago it was; `waiting` were called or addressed by the line before last and have not had the floor since.
    """

    order: tuple[str, ...] = ()
    lags: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    window: int = 0
    run: int = 0
    exchanges: Mapping[str, float] = field(default_factory=dict)
    last: Spoken | None = None
    cues: Cues = field(default_factory=Cues)
    waiting: frozenset[str] = frozenset()

    @classmethod
    def of(cls, history: Sequence[Spoken], forms: Forms) -> Floor:
        lines = history[-REACH:]
        if not lines:
            return cls()
        lags: dict[str, int] = {}
        counts: dict[str, int] = {}
        for lag, line in enumerate(reversed(lines), 1):
            lags.setdefault(line.speaker, lag)
            counts[line.speaker] = counts.get(line.speaker, 0) + 1
        last = lines[-1]
        waiting: set[str] = set()
        if len(lines) > 1:
            before = lines[-2]
            waiting = {*forms.read(before.text).called, *filter(None, [before.addressee])} - {
                before.speaker,
                last.speaker,
            }
        return cls(
            tuple(lags),
            lags,
            counts,
            len(lines),
            alternation(lines),
            partners(lines),
            last,
            forms.read(last.text),
            frozenset(waiting),
        )

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """The place of each in `order`, from 0."""
        return {person: rank for rank, person in enumerate(self.order)}

    @cached_property
    def silences(self) -> list[tuple[str, float]]:
        """The log of everybody's lag, in the order of `order`."""
        return [(person, math.log(lag)) for person, lag in self.lags.items()]

    def shares(self, people: int) -> list[tuple[str, float]]:
        """The log of everybody's share of the lines, 0 when it is the mean among so many people."""
        if people not in self._shares:
            self._shares[people] = [
                (person, math.log(count * people / self.window)) for person, count in self.counts.items()
            ]
        return self._shares[people]

    @cached_property
    def _shares(self) -> dict[int, list[tuple[str, float]]]:
        return {}

    def place(self, person: str) -> str:
        """Where a person stands in the order of recency: last, other, third, earlier, or unheard."""
        rank = self.ranks.get(person)
        return "unheard" if rank is None else _PLACES[rank] if rank < len(_PLACES) else "earlier"


def partners(lines: Sequence[Spoken]) -> dict[str, float]:
    """With whom the last speaker has been talking: for each other person, neighbouring lines of the two, fading."""
    last, weight = lines[-1].speaker, 1.0
    found: dict[str, float] = {}
    for later, earlier in pairwise(reversed(lines)):
        if later.speaker != earlier.speaker and last in (later.speaker, earlier.speaker):
            other = earlier.speaker if later.speaker == last else later.speaker
            found[other] = found.get(other, 0.0) + weight
        weight *= FADING
    return found


def alternation(lines: Sequence[Spoken]) -> int:
    """For how many turns, counted from the end, each speaker has been the one of two turns before."""
    run = 0
    while run + 2 < len(lines) and lines[-1 - run].speaker == lines[-3 - run].speaker:
        run += 1
    return run

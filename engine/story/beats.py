"""Which beat comes next: preconditions, the order written, and the tension curve. Plays nothing itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from engine.drama import motifs
from engine.drama.knowledge import Knowledge
from engine.drama.relations import Relations
from engine.sheets.scenario import Beat, Requirement, Scenario


@dataclass
class Progress:
    """What has been played: beats by name with the count of the beat after which they last ran, and lines so far."""

    times: dict[str, int] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    lines: int = 0

    def played(self, beat: str) -> None:
        self.times[beat] = self.times.get(beat, 0) + 1
        self.last[beat] = sum(self.times.values())


def tension_at(curve: Sequence[float], done: float) -> float:
    """The curve's value when a share `done` (0 to 1) of the scene is over; its points are spread evenly."""
    return float(np.interp(min(1.0, max(0.0, done)), _evenly(len(curve)), curve))


@cache
def _evenly(points: int) -> NDArray[np.float64]:
    return np.linspace(0.0, 1.0, points)


def length(scenario: Scenario) -> float:
    """Lines that the scene is expected to have: scripted ones, and the middle of each beat's turns."""
    planned = sum(len(beat.lines) + (beat.turns[0] + beat.turns[1]) / 2 for beat in scenario.beats)
    return max(1.0, min(planned, float(scenario.limit)))


def unmet(
    requirement: Requirement, present: Collection[str], progress: Progress, relations: Relations, knowledge: Knowledge
) -> str:
    """The first thing that a requirement lacks, in words; nothing when it is met."""
    for who in requirement.present:
        if who not in present:
            return f"{who} is not here"
    for who in requirement.absent:
        if who in present:
            return f"{who} is here"
    for beat in requirement.after:
        if not progress.times.get(beat):
            return f"'{beat}' has not happened"
    for holding in requirement.knows:
        if not knowledge.knows(holding.who, holding.fact):
            return f"{holding.who} does not know {holding.fact}"
    for holding in requirement.ignorant:
        if knowledge.knows(holding.who, holding.fact):
            return f"{holding.who} knows {holding.fact}"
    for bound in requirement.relations:
        value = relations.value(bound.source, bound.target, bound.axis)
        if (bound.above is not None and value <= bound.above) or (bound.below is not None and value >= bound.below):
            return f"{bound.axis} of {bound.source} for {bound.target} is {value:+.2f}"
    if requirement.motif and not motifs.find(relations, sorted(present), [requirement.motif]):
        return f"no {requirement.motif} among those present"
    return ""


def possible(
    scenario: Scenario, present: Collection[str], progress: Progress, relations: Relations, knowledge: Knowledge
) -> list[Beat]:
    """The beats that could be played now, in the order written.

    A beat without `when` follows the nearest beat before it that has none either; a beat with `when` is possible
    whenever that holds. A beat is played once unless it repeats.
    """
    found = []
    before: Beat | None = None
    for beat in scenario.beats:
        fresh = beat.repeat or not progress.times.get(beat.name)
        if beat.when is None:
            follows = before is None or bool(progress.times.get(before.name))
            before = beat
            if fresh and follows:
                found.append(beat)
        elif fresh and not unmet(beat.when, present, progress, relations, knowledge):
            found.append(beat)
    return found


def choose(candidates: Sequence[Beat], progress: Progress, tension: float) -> Beat | None:
    """Of the possible beats the least played, of those the one nearest to the tension wanted, then the least recent,
    then the first written. A closing beat waits until nothing else is possible."""
    open_ended = [beat for beat in candidates if not beat.closes]
    if not candidates:
        return None

    def key(beat: Beat) -> tuple[int, float, int]:
        # Tension in steps of a quarter: a beat that serves it about as well and is written first goes first.
        distance = round(4 * abs(beat.tension - tension)) / 4
        return progress.times.get(beat.name, 0), distance, progress.last.get(beat.name, 0)

    return min(open_ended or candidates, key=key)

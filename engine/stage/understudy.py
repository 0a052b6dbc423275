"""An understudy: speaks on stage without a voice, at once, by saying the words that she is asked for.

For tests, and for measuring the story without the networks: what an understudy says holds exactly what the stage
handed her (the words that were wanted, and the names that she may use), so that her lines show what the stage knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from engine import codes
from engine.frames import Frame
from engine.performance import LineWhy
from engine.sheets.persona import Persona
from engine.speech.request import Chosen, Request

#: Words for a line for which none are wanted.
_FILLERS = ("and yet", "I know", "listen", "not tonight", "at last", "so it is", "enough", "tell me")


@dataclass
class Understudy:
    """Stands in for an agent; every third line or so names somebody."""

    persona: Persona

    def speak(self, request: Request, generator: np.random.Generator) -> Chosen:
        words = [*request.wanted] or [_FILLERS[int(generator.integers(len(_FILLERS)))]]
        parts = [", ".join(words)]
        missing = {*request.casting.missing, codes.ME}
        free = [slot for slot in codes.SLOTS if slot not in missing]
        if free and generator.random() < 0.35:
            parts.insert(int(generator.integers(2)), free[int(generator.integers(len(free)))])
        hidden = ", ".join(parts) + "."
        text = request.casting.fill(hidden) or hidden
        frame = request.proposals[0].frame if request.proposals else Frame()
        why = LineWhy(words=tuple(request.wanted))
        return Chosen(text[:1].upper() + text[1:], hidden, frame, why)


def understudies(personas: Mapping[str, Persona], people: Iterable[str]) -> dict[str, Understudy]:
    """One for each of these people."""
    return {who: Understudy(personas[who]) for who in people}

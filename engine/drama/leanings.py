"""What leans on the next frame: the edge between the two, the beat, her temper and the tension, in nats a code.

The director proposes by what lines did before (`engine.speech.director`); this is what the scene wants. Its sums are the
logarithms of weights: 1 is ordinary, 3 often, 0 never; over 3 they grow faster, to 10, nearly always.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from engine import codes

#: How much a beat's weight counts: a tone or an act of weight 1 is as likely again twice over.
ASKED = 2.0
#: What a beat that asks for acts adds to all others, in nats.
UNASKED = -0.7
#: How strongly tension heats or cools a tone, as the edge's heat does.
TENSION = 0.8
#: How much an edge counts beside what the director proposes, which has heard the tones and acts of the scene: at 1 two who
#: love each other were tender whatever was said.
EDGE = 0.6
NEVER = -math.inf
#: A weight of her temper that is heard often; each 1 over it adds so many nats, so that 10 outweighs most of what else leans.
OFTEN, BEYOND = 3.0, 1.0

Pulls = Mapping[str, Mapping[str, float]]


@cache
def _tables() -> Mapping[str, Any]:
    path = Path(__file__).parents[1] / "data" / "leanings.yaml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


@cache
def tone_pulls() -> Pulls:
    """By tone and axis: what an edge adds to the logarithm of a tone's weight."""
    return {tone: row["pull"] for tone, row in _tables()["tones"].items()}


@cache
def act_pulls() -> Pulls:
    """By act and axis: what an edge adds to the logarithm of an act's weight."""
    return {act: _tables()["acts"].get(act, {}) for act in codes.ACTS}


@cache
def _coded(pulls: Callable[[], Pulls], code: Callable[[str], str]) -> tuple[tuple[str, str, Mapping[str, float]], ...]:
    """Each name with its code and its pull."""
    return tuple((name, code(name), pull) for name, pull in pulls().items())


@cache
def tension_of(tone: str | None) -> float:
    """How strongly a tone shows on the tension curve."""
    tables = _tables()
    return float(tables["plain_tension"] if tone is None else tables["tones"][tone]["tension"])


def leaning(
    away: Mapping[str, float],
    tones: Mapping[str, float],
    acts: Mapping[str, float],
    moods: Mapping[str, float],
    habits: Mapping[str, float],
    tension: float,
) -> dict[str, float]:
    """Nats by code. `away` is how far each axis of the edge is from its default (empty: nobody is spoken to); `tones` and
    `acts` are what the beat asks for, `moods` and `habits` the temper of her sheet, `tension` goes from 0 to 1."""
    found = {}
    for tone, code, pull in _coded(tone_pulls, codes.tone_code):
        edge = EDGE * sum([by * away.get(axis, 0.0) for axis, by in pull.items()]) if away else 0.0
        beat = math.log(1.0 + ASKED * tones.get(tone, 0.0)) if tones else 0.0
        heated = TENSION * pull.get("heat", 0.0) * (tension - 0.5)
        found[code] = edge + beat + heated + (_log(moods[tone]) if tone in moods else 0.0)
    for act, code, pull in _coded(act_pulls, codes.act_code):
        edge = EDGE * sum([by * away.get(axis, 0.0) for axis, by in pull.items()]) if away else 0.0
        asked = acts.get(act, 0.0)
        beat = (math.log(1.0 + ASKED * asked) if asked else UNASKED) if acts else 0.0
        found[code] = edge + beat + (_log(habits[act]) if act in habits else 0.0)
    return found


def add(found: dict[str, float], these: Iterable[str], by: float) -> None:
    """Lean on some codes more."""
    for code in these:
        found[code] = found.get(code, 0.0) + by


def _log(weight: float) -> float:
    """The nats of a weight of her temper: its logarithm up to `OFTEN`, and from there a straight line."""
    if weight <= OFTEN:
        return math.log(weight) if weight > 0 else NEVER
    return math.log(OFTEN) + BEYOND * (weight - OFTEN)

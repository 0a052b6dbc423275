"""In what tone a line is said: pulled by the relationship, the beat, the tension and the speaker's own temper."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine import codes
from engine.drama.relations import PULL

#: Below 1 the strongest pull wins more often than its share; at 0.7 a furious woman in a furious beat said nothing
#: else, whatever she felt for whom.
SHARPNESS = 0.9
#: Weight of a line without any tone, against 1 for a tone that nothing pulls.
PLAIN = 1.5
#: How much of the next line's temper comes from the last one's: anger is answered.
ANSWERS: Mapping[str, Mapping[str, float]] = {
    "furious": {"furious": 1.6, "defiant": 1.8, "icy": 1.4, "terrified": 1.3, "pleading": 1.2},
    "tender": {"tender": 1.8, "weeping": 1.2, "confessing": 1.4, "icy": 1.1},
    "pleading": {"icy": 1.4, "tender": 1.4, "weary": 1.3, "furious": 1.1},
    "icy": {"furious": 1.4, "icy": 1.4, "defiant": 1.4, "pleading": 1.2},
    "mocking": {"furious": 1.5, "defiant": 1.4, "mocking": 1.3, "icy": 1.2},
    "terrified": {"tender": 1.3, "terrified": 1.3, "shocked": 1.3, "mocking": 1.2},
    "triumphant": {"defiant": 1.5, "furious": 1.4, "weeping": 1.2, "scheming": 1.2},
    "confessing": {"shocked": 2.0, "tender": 1.3, "weeping": 1.3, "furious": 1.3},
    "weeping": {"tender": 1.6, "weeping": 1.2, "icy": 1.2},
    "scheming": {"scheming": 1.4, "terrified": 1.2, "mocking": 1.2},
    "joyful": {"joyful": 1.5, "weary": 1.2, "mocking": 1.2},
    "weary": {"tender": 1.2, "weary": 1.2, "joyful": 1.1},
    "defiant": {"furious": 1.6, "icy": 1.4, "mocking": 1.3},
    "shocked": {"confessing": 1.4, "triumphant": 1.3, "shocked": 1.2, "weeping": 1.2},
}


@dataclass(frozen=True)
class Mood:
    """The tone chosen (None: plain), and what pulled at the strongest ones."""

    tone: str | None
    shares: Mapping[str, float]
    because: Mapping[str, Mapping[str, float]]


def choose(
    generator: np.random.Generator,
    pull: Mapping[str, float],
    beat: Mapping[str, float],
    temper: Mapping[str, float],
    tension: float,
    answered: str | None = None,
) -> Mood:
    """One tone. All maps give weights by tone: `pull` of the edge, `temper` of the sheet (1 is ordinary, 0 never);
    `beat` weights of 0 and more say what the beat asks for. `tension` (0 to 1) heats or cools as the edge's heat does."""
    parts: dict[str, dict[str, float]] = {}
    for tone in codes.TONES:
        parts[tone] = {
            "relation": pull.get(tone, 1.0),
            "beat": (1.0 + 2.0 * beat.get(tone, 0.0)) if beat else 1.0,
            "temper": temper.get(tone, 1.0),
            "tension": math.exp(0.8 * PULL[tone].get("heat", 0.0) * (tension - 0.5)),
            "answer": ANSWERS.get(answered or "", {}).get(tone, 1.0),
        }
    weights = {tone: math.prod(factors.values()) for tone, factors in parts.items()}
    # A beat that asks for tones leaves little room for lines without one.
    plain = PLAIN * (0.5 if beat else 1.0)
    names: list[str | None] = [None, *codes.TONES]
    raw = np.array([plain, *(weights[tone] for tone in codes.TONES)]) ** (1.0 / SHARPNESS)
    shares = raw / raw.sum()
    chosen = names[int(generator.choice(len(names), p=shares))]
    top = sorted(range(1, len(names)), key=lambda index: -shares[index])[:3]
    shown = {str(names[index]): round(float(shares[index]), 3) for index in top}
    if chosen is not None:
        shown.setdefault(chosen, round(float(shares[names.index(chosen)]), 3))
    because = {
        name: {factor: round(value, 2) for factor, value in parts[name].items() if abs(value - 1.0) > 0.05}
        for name in shown
    }
    return Mood(chosen, shown, because)

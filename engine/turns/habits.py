"""What scripts teach about particular people: who follows whom, who opens a scene, who is meant by `mija`.

Every habit is one ratio: how often somebody did speak in some circumstance, against how often the general rules of
turn-taking expected her to. Both counts are kept, so that a habit seen twice weighs little (a gamma-Poisson shrunk
rate) and one scene can be taken out of the counts again (the jackknife that fitting needs).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

#: A circumstance and the person in it: `("follows", "soraya > maría")`.
Key = tuple[str, str]


@dataclass
class Habits:
    """Counts by table and key. `strength` is how many expected turns the prior belief (ratio 1) is worth."""

    strength: float = 5.0
    tables: dict[str, dict[str, tuple[float, float]]] = field(default_factory=dict)

    def add(self, key: Key, spoke: float, expected: float) -> None:
        """Count one occasion: she spoke (1) or not (0), and the probability that the general rules gave her."""
        table = self.tables.setdefault(key[0], {})
        old = table.get(key[1], (0.0, 0.0))
        table[key[1]] = (old[0] + spoke, old[1] + expected)

    def ratio(self, keys: Iterable[Key], without: Habits | None = None) -> float:
        """Sum over `keys` of log((spoke + strength) / (expected + strength)); 0 for what was never seen.

        `without` holds counts to leave out: those of the scene that is being predicted.
        """
        total = 0.0
        for table, key in keys:
            counts = self.tables.get(table, {}).get(key)
            if counts is None:
                continue
            spoke, expected = counts
            if without is not None:
                own = without.tables.get(table, {}).get(key, (0.0, 0.0))
                # Rounding may leave a hair below zero.
                spoke, expected = max(spoke - own[0], 0.0), max(expected - own[1], 0.0)
            total += math.log((spoke + self.strength) / (expected + self.strength))
        return total

    def to_data(self) -> dict[str, dict[str, list[float]]]:
        """Plain data; a key that says next to nothing (a ratio within 5 % of 1) is left out to keep the file small."""
        data: dict[str, dict[str, list[float]]] = {}
        for table, counts in sorted(self.tables.items()):
            telling = {key: pair for key, pair in sorted(counts.items()) if abs(self.ratio([(table, key)])) >= 0.05}
            data[table] = {key: [round(spoke, 1), round(expected, 2)] for key, (spoke, expected) in telling.items()}
        return data

    @classmethod
    def from_data(cls, strength: float, data: Mapping[str, Mapping[str, Iterable[float]]]) -> Habits:
        """Raises ValueError, TypeError or AttributeError for data of another shape."""
        tables = {}
        for table, counts in data.items():
            tables[table] = {key: (float(spoke), float(expected)) for key, (spoke, expected) in counts.items()}
        return cls(float(strength), tables)

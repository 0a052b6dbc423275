"""Sense: how sensible a line is in its place, told by what a base makes of both. Numpy only; knows nothing of marks.

A direction in the space of the base's top states (a linear probe; Alain and Bengio 2016), fitted to what readers said of
drawn lines (`engine.learning.judging`). It reads the states of this very base only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.voices.network import Array, Arrays


@dataclass(frozen=True)
class Sense:
    """`weight` (width,) and `bias` of a logistic regression on the top state behind a line."""

    weight: Array
    bias: float

    def of(self, states: Array) -> Array:
        """How sensible lines (n,) are, in log odds, by the top states (n, width) behind them."""
        return np.asarray(states @ self.weight + np.float32(self.bias), np.float32)

    def arrays(self) -> Arrays:
        return {"sense.weight": self.weight, "sense.bias": np.array([self.bias], np.float32)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array]) -> Sense:
        """Of arrays that `engine.voices.shapes.check_sense` has passed."""
        return cls(arrays["sense.weight"], float(arrays["sense.bias"][0]))

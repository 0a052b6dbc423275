"""The critic at play: one number for each candidate, how much it sounds like a real line in its place. Numpy only.

See `engine.training.critic` for what it learned; the arrays are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engine.voices.network import Array, Network

#: Tokens before a candidate that it reads at the most (the oldest are cut off).
CONTEXT = 56


class Critic:
    """A low-rank `change` of the base, with `head.last` and `head.mean` (width,)."""

    def __init__(self, base: Mapping[str, Array], change: Mapping[str, Array]):
        self.network = Network(base, [change])
        self._last, self._mean = change["head.last"], change["head.mean"]

    def judge(self, prompt: Sequence[int], lines: Sequence[Sequence[int]], end: int) -> list[float]:
        """The score of each line (ids without `end`) after the prompt; only differences mean something."""
        if not lines:
            return []
        state = self.network.run(np.array(prompt[-CONTEXT:])[:, None], self.network.zero())[1]
        lengths = np.array([len(line) + 1 for line in lines])
        ids = np.full((int(lengths.max()), len(lines)), end)
        for column, line in enumerate(lines):
            ids[: len(line), column] = line
        flow = self.network.run(ids, state.repeat(len(lines)))[0]
        said = (np.arange(len(ids))[:, None] < lengths[None, :])[:, :, None]
        mean = (flow * said).sum(axis=0) / lengths[:, None]
        last = flow[lengths - 1, np.arange(len(lines))]
        return [float(score) for score in last @ self._last + mean @ self._mean]

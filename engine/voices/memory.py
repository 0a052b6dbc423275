"""A character's memory of her own lines: what came next, where she was in a state like this one. Numpy only.

The nearest-neighbour language model of Khandelwal et al. 2020 ("Generalization through Memorization"), with keys
projected to their principal components as He, Neubig, Berg-Kirkpatrick 2021 ("Efficient Nearest Neighbor Language
Models") do: p = (1 - share) p(network) + share p(memory). Knows nothing of files, sampling or training.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.voices.network import Array, Network, log_sum_exp
from engine.voices.replies import read
from engine.voices.sequences import Pair

#: Queries at a time: 64 by 20,000 keys are 5 MB, which stay in the cache.
QUERIES = 64
#: Keys are whole numbers from -127 to 127.
LARGEST = 127
#: Closeness is searched for the largest in groups of so many.
GROUP = 8
PREFIX = "memory."


class Memory:
    """States that a network was in, and the token that came after each.

    A state (width,) is projected to `state @ projection - centre` (dims,); a key is such a point divided by `scale`
    (dims,), rounded. An entry at squared distance d2 of the state now weighs exp(-d2 / 2), if it is one of the
    `neighbours` nearest. Raises ValueError when the arrays do not fit together.
    """

    def __init__(
        self, keys: Array, tokens: NDArray[Any], projection: Array, centre: Array, scale: Array, neighbours: int, share: float
    ):  # fmt: skip
        dims = projection.shape[-1]
        shapes = (keys.ndim, projection.ndim, keys.shape[-1], centre.shape, scale.shape, tokens.shape)
        if shapes != (2, 2, dims, (dims,), (dims,), keys.shape[:1]) or not len(keys):
            raise ValueError("the arrays of its memory do not fit together")
        if neighbours < 1 or not 0 <= share < 1:
            raise ValueError("its memory has no neighbours, or its share is not from 0 to 1")
        if not all(np.isfinite(array).all() for array in (keys, projection, centre, scale)):
            raise ValueError("its memory is not all numbers")
        self.keys, self.tokens = keys, tokens.astype(np.int64)
        self.projection, self.centre, self.scale = projection, centre, scale
        self.neighbours, self.share = neighbours, share
        # Of the squared distance |query - scale key|^2 = |query|^2 - 2 query . scale key + |scale key|^2, the first
        # part is the same for all keys, and the scale can go to the query: keys stay as they are stored.
        self._projection, self._centre = projection * scale, centre * scale
        self._halves = (0.5 * np.square(keys) @ np.square(scale)).astype(np.float32)

    @staticmethod
    def of(arrays: Mapping[str, NDArray[Any]]) -> Memory | None:
        """The memory among a voice's arrays, if there is one: see `arrays`. Raises KeyError and ValueError."""
        if f"{PREFIX}keys" not in arrays:
            return None
        names = ("keys", "tokens", "projection", "centre", "scale", "neighbours", "share")
        keys, tokens, projection, centre, scale, neighbours, share = (arrays[PREFIX + name] for name in names)
        return Memory(keys, tokens, projection, centre, scale, int(neighbours.item()), float(share.item()))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All that it is, to be stored: what has an integer type must keep it, the rest loses nothing as float16."""
        found: dict[str, NDArray[Any]] = {
            "keys": self.keys.astype(np.int8),
            "tokens": self.tokens.astype(np.uint16),
            "projection": self.projection,
            "centre": self.centre,
            "scale": self.scale,
            "neighbours": np.array([self.neighbours], np.uint16),
            "share": np.array([self.share], np.float16),
        }
        return {PREFIX + name: array for name, array in found.items()}

    def fits(self, network: Network) -> bool:
        """Whether it is a memory of states and tokens of such a network."""
        return bool(self.projection.shape[0] == network.width and self.tokens.max() < network.vocabulary)

    def mix(self, scores: Array, flow: Array) -> Array:
        """Scores (n, vocabulary), at top states (n, width), with what is remembered there mixed in; overwrites `scores`.

        Their softmax is the mixture, and they have the log-sum-exp of the scores given: a repetition penalty goes by
        the sign of a score.
        """
        total = log_sum_exp(scores.copy())
        scores += np.log1p(np.float32(-self.share))
        for start in range(0, len(flow), QUERIES):
            rows, tokens, chances = self._expected(flow[start : start + QUERIES])
            rows += start
            # What is too far off to weigh anything has a chance of 0, whose logarithm adds nothing.
            with np.errstate(divide="ignore"):
                heard = np.log(np.float32(self.share) * chances) + total[rows]
            scores[rows, tokens] = np.logaddexp(scores[rows, tokens], heard)
        return scores

    def _expected(self, flow: Array) -> tuple[NDArray[np.int64], NDArray[np.int64], Array]:
        """Chances of tokens after top states (n, width), where they are not 0: rows, tokens and chances, (m,) each."""
        near = (flow @ self._projection - self._centre) @ self.keys.T
        near -= self._halves
        columns = largest(near, min(self.neighbours, len(self.keys)))
        near, tokens = np.take_along_axis(near, columns, 1), self.tokens[columns]
        weights = np.exp(near - near.max(axis=1, keepdims=True))
        weights /= weights.sum(axis=1, keepdims=True)
        # Each token once a row, since what is written twice in one go is written once.
        most = int(self.tokens.max()) + 1
        flat = (tokens + most * np.arange(len(flow))[:, None]).ravel()
        found, index = np.unique(flat, return_inverse=True)
        return found // most, found % most, np.bincount(index, weights.ravel()).astype(np.float32)


def largest(values: Array, count: int) -> NDArray[np.intp]:
    """Columns (n, count) of the largest values of each row of (n, m), in no order; `count` is m at the most.

    They are in the `count` groups whose own largest are the largest: to look for these first takes half the time of
    one `argpartition` of everything, and a third where the processor has no AVX-512.
    """
    groups = values.shape[1] // GROUP
    if groups <= count:
        return np.argpartition(values, -count, axis=1)[:, -count:]
    grouped = groups * GROUP
    tops = values[:, :grouped].reshape(-1, GROUP, groups).max(axis=1)
    first = np.argpartition(tops, -count, axis=1)[:, -count:]
    members = (first[:, None, :] + groups * np.arange(GROUP)[:, None]).reshape(len(values), -1)
    # What is left over after the last whole group is looked at in any case.
    rest = np.broadcast_to(np.arange(grouped, values.shape[1]), (len(values), values.shape[1] - grouped))
    columns = np.concatenate([members, rest], axis=1)
    found = np.argpartition(np.take_along_axis(values, columns, 1), -count, axis=1)[:, -count:]
    return np.take_along_axis(columns, found, 1)


def remember(
    network: Network, pairs: Sequence[Pair], dims: int, neighbours: int, sharpness: float, share: float
) -> Memory:
    """The network's states before each token of the replies, and these tokens.

    States are projected to their `dims` principal components (Pearson 1901); an entry will weigh exp(-sharpness d2)
    at a squared distance d2 there. Raises ValueError when there is no token.
    """
    replies = [each for each in read(network, pairs) if len(each.tokens)]
    if not replies:
        raise ValueError("nothing to remember")
    states = np.concatenate([each.states for each in replies])
    mean = states.mean(axis=0)
    centred = states - mean
    axes = np.linalg.eigh((centred.T @ centred).astype(np.float64))[1][:, ::-1][:, :dims]
    # An axis has no direction of its own: its largest entry is made positive.
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    # The sharpness is in the unit of distance. Rounded before the keys are made, so that storing loses nothing.
    projection = _rounded(axes * np.sqrt(2 * sharpness))
    centre = _rounded(mean @ projection)
    points = states @ projection - centre
    scale = _rounded(np.abs(points).max(axis=0) / LARGEST)
    # A dimension in which nothing differs, or by less than float16 can say, tells nothing.
    keys = np.divide(points, scale, out=np.zeros_like(points), where=scale > 0)
    keys = np.clip(np.rint(keys), -LARGEST, LARGEST)
    tokens = np.concatenate([each.tokens for each in replies])
    return Memory(keys, tokens, projection, centre, scale, neighbours, float(np.float16(share)))


def _rounded(array: NDArray[Any]) -> Array:
    """To what float16 can say."""
    return array.astype(np.float16).astype(np.float32)

"""What a network thinks before each token of many replies: like lengths are read side by side. Knows nothing of voices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.voices.network import Array, Network
from engine.voices.sequences import Pair

#: Pairs side by side: 49 GFLOP/s on one core where 64 make 40, and at 256 the gates leave the cache.
BATCH = 128
#: Time steps at a time: the gates of 16 steps are 16 MB, which the next 16 use again; all at once are fetched from the
#: system anew each time.
STEPS = 16


@dataclass(frozen=True)
class Replies:
    """Replies of the pairs `chosen` (indices), token by token: the top states (n, width) before the `tokens` (n,), and
    the position in `chosen` (n,) of the pair that each belongs to."""

    chosen: list[int]
    states: Array
    tokens: NDArray[np.int64]
    owners: NDArray[np.intp]


def read(network: Network, pairs: Sequence[Pair], batch: int = BATCH) -> Iterator[Replies]:
    """All replies, after their contexts, in batches of (time, batch); shorter pairs are filled up after their end,
    which the recurrence never sees."""
    order = sorted(range(len(pairs)), key=lambda index: len(pairs[index].ids))
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        yield _batch(network, chosen, [pairs[index] for index in chosen])


def _batch(network: Network, chosen: list[int], pairs: Sequence[Pair]) -> Replies:
    longest = max(len(pair.ids) for pair in pairs)
    ids = np.zeros((longest, len(pairs)), np.int64)
    reply = np.zeros((longest - 1, len(pairs)), bool)
    for column, pair in enumerate(pairs):
        ids[: len(pair.ids), column] = pair.ids
        reply[pair.start - 1 : len(pair.ids) - 1, column] = True
    state = network.zero(len(pairs))
    kept = []
    for start in range(0, longest - 1, STEPS):
        now = slice(start, min(start + STEPS, longest - 1))
        flow, state = network.run(ids[now], state)
        kept.append(flow[reply[now]])
    return Replies(chosen, np.concatenate(kept), ids[1:][reply], np.nonzero(reply)[1])

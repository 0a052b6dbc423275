"""Likelihoods of many pairs of context and reply at once: like lengths side by side, on as many cores as there are.

Knows nothing of characters. One network reads a batch as (time, batch); shorter pairs are filled up after their
end, which the recurrence never sees.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.voices.dataset import Pair
from engine.voices.network import Network, log_sum_exp

#: Pairs side by side: 49 GFLOP/s on one core where 64 make 40, and at 256 the gates leave the cache.
BATCH = 128
#: Time steps at a time: the gates of 16 steps are 16 MB, which the next 16 use again; all at once are fetched from the
#: system anew each time.
STEPS = 16
#: Rows of logits at a time: 1,024 by a vocabulary of 8,192 are 32 MB.
ROWS = 1024

Nats = NDArray[np.float64]
Item = TypeVar("Item")
Result = TypeVar("Result")


def reply_nats(network: Network, pairs: Sequence[Pair], batch: int = BATCH) -> Nats:
    """Nats (pairs,) that each whole reply costs after its context: minus its log-likelihood, `<end>` included.

    Divide by `pair.reply_tokens` for the mean of a token.
    """
    costs = np.zeros(len(pairs), np.float64)
    order = sorted(range(len(pairs)), key=lambda index: len(pairs[index].ids))
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        costs[chosen] = _batch(network, [pairs[index] for index in chosen])
    return costs


def _batch(network: Network, pairs: Sequence[Pair]) -> Nats:
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
    tops, targets, columns = np.concatenate(kept), ids[1:][reply], np.nonzero(reply)[1]
    costs = np.zeros(len(pairs), np.float64)
    for start in range(0, len(tops), ROWS):
        scores = network.logits(tops[start : start + ROWS])
        chosen = scores[np.arange(len(scores)), targets[start : start + ROWS]]
        np.add.at(costs, columns[start : start + ROWS], (log_sum_exp(scores) - chosen).astype(np.float64))
    return costs


def parallel(task: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """`task` of each item, in order, in as many threads as there are cores: numpy lets go of the interpreter while it
    multiplies. The results do not depend on the number of threads, since no two tasks share anything that changes."""
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        return list(pool.map(task, items))

"""Likelihoods of many pairs of context and reply at once, on as many cores as there are. Knows nothing of characters."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.voices.network import log_sum_exp
from engine.voices.replies import BATCH, Replies, read
from engine.voices.sequences import Pair
from engine.voices.voice import LSTMVoice

#: Rows of logits at a time: 1,024 by a vocabulary of 8,192 are 32 MB.
ROWS = 1024

Nats = NDArray[np.float64]
Item = TypeVar("Item")
Result = TypeVar("Result")


def reply_nats(
    voice: LSTMVoice, pairs: Sequence[Pair], batch: int = BATCH, advance: Callable[[float], None] = lambda lines: None
) -> Nats:
    """Nats (pairs,) that each whole reply costs after its context: minus its log-likelihood, `<end>` included.

    Divide by `pair.reply_tokens` for the mean of a token. `advance` hears how many more have been read.
    """
    costs = np.zeros(len(pairs), np.float64)
    for replies in read(voice.network, pairs, batch):
        costs[replies.chosen] = _batch(voice, len(replies.chosen), replies)
        advance(len(replies.chosen))
    return costs


def _batch(voice: LSTMVoice, count: int, replies: Replies) -> Nats:
    costs = np.zeros(count, np.float64)
    for start in range(0, len(replies.states), ROWS):
        now = slice(start, start + ROWS)
        scores = voice.network.logits(replies.states[now])
        chosen = scores[np.arange(len(scores)), replies.tokens[now]]
        np.add.at(costs, replies.owners[now], (log_sum_exp(scores) - chosen).astype(np.float64))
    return costs


def parallel(task: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """`task` of each item, in order, in as many threads as there are cores: numpy lets go of the interpreter while it
    multiplies. The results do not depend on the number of threads, since no two tasks share anything that changes."""
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        return list(pool.map(task, items))

"""How the time of a piece of work grows with its input, measured on a machine that does other things beside."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

Work = Callable[[], object]

#: Twice the input may take this many times as long. Linear is 2; the square is 4.
MOST_DOUBLED = 2.2
#: Seconds under which a time says nothing, and over which nothing is measured again.
LEAST, LONG = 0.012, 1.0
#: How often a growth that is too much is measured again.
ROUNDS = 12


def seconds(work: Work) -> float:
    """Processor time of one run, without garbage collection, as `timeit` measures."""
    gc.disable()
    try:
        started = time.process_time()
        work()
        return time.process_time() - started
    finally:
        gc.enable()


def growth(small: Work, large: Work, most: float) -> float:
    """How many times as long the larger work takes; 0 where it takes no time at all.

    Others on the machine only ever add to a time. While the growth is more than `most` both are measured again, and the
    least of all counts: what is linear comes out as that, and a square stays one.
    """
    first = seconds(small)
    if first > LONG:
        return first / LEAST
    longer = seconds(large)
    if longer < LEAST:
        return 0.0
    for _ in range(ROUNDS):
        if longer <= most * first or longer > LONG:
            break
        first, longer = min(first, seconds(small)), min(longer, seconds(large))
    return longer / first

"""Waiting for what comes next: a thread works it out while the last is looked at, a spinner says that it comes."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from threading import Timer
from typing import TypeVar

from rich.console import Console

#: Seconds of waiting after which something moves.
PATIENCE = 0.5
#: Seconds between two looks at the keyboard while the next item is waited for.
GLANCE = 0.05

Item = TypeVar("Item")


def ahead(source: Iterable[Item], pause: Callable[[float], bool]) -> Generator[Item, None, None]:
    """The items of `source`, in order; while one is looked at, the next is worked out in a thread.

    An item has to hold whatever is to be seen of its source, which is one item further on by then. `pause(0)` is called
    all the while that one waits, so that whoever looks on can end it. What `source` raises comes out in the place of the
    item. Who leaves early does not wait for the item that is being worked out; the process does, before it ends.
    """
    items = iter(source)
    worker = ThreadPoolExecutor(1)
    try:
        coming = worker.submit(lambda: list(islice(items, 1)))
        while True:
            while wait([coming], GLANCE).not_done:
                pause(0.0)
            found = coming.result()
            if not found:
                return
            coming = worker.submit(lambda: list(islice(items, 1)))
            yield found[0]
    finally:
        worker.shutdown(wait=False, cancel_futures=True)


@contextmanager
def spinner(console: Console) -> Iterator[None]:
    """A spinner after a while, in a terminal; gone without a trace when the body is done."""
    if not console.is_terminal:
        yield
        return
    status = console.status("")
    timer = Timer(PATIENCE, status.start)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        status.stop()

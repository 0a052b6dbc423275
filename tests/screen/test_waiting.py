from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Event, get_ident

import pytest

from engine.screen.keys import Quit
from engine.screen.playback import sleep
from engine.screen.waiting import ahead


def test_the_items_are_those_of_the_source_in_order() -> None:
    assert list(ahead(range(50), sleep)) == list(range(50))
    assert list(ahead((), sleep)) == []


def test_the_next_item_is_worked_out_while_the_last_is_looked_at() -> None:
    begun = [Event() for _ in range(4)]
    threads = set()

    def source() -> Iterator[int]:
        for number in range(4):
            threads.add(get_ident())
            begun[number].set()
            yield number

    coming = ahead(source(), sleep)
    assert next(coming) == 0
    assert begun[1].wait(10.0)
    # One ahead, and no more.
    time.sleep(0.05)
    assert not begun[2].is_set()
    assert next(coming) == 1
    assert begun[2].wait(10.0)
    coming.close()
    assert get_ident() not in threads


def test_what_the_source_raises_comes_in_its_place() -> None:
    def source() -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    coming = ahead(source(), sleep)
    assert next(coming) == 1
    with pytest.raises(ValueError, match="no more"):
        next(coming)


def test_who_waits_can_end_it_and_does_not_wait_for_what_was_begun() -> None:
    go_on = Event()

    def source() -> Iterator[int]:
        go_on.wait(30.0)
        yield 1

    def pause(seconds: float) -> bool:
        raise Quit

    start = time.monotonic()
    with pytest.raises(Quit):
        next(ahead(source(), pause))
    assert time.monotonic() - start < 10.0
    go_on.set()

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

import pytest

from engine.screen.keys import Keys, Quit

RIGHT, PAGE_DOWN = b"\x1b[C", b"\x1b[6~"

needs_terminals = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")


@contextmanager
def keyboard() -> Iterator[tuple[int, Keys]]:
    """A descriptor to type at, and the keys that are read at its other end."""
    master, slave = os.openpty()
    try:
        with os.fdopen(slave, "r") as stream, Keys(stream) as keys:
            yield master, keys
    finally:
        os.close(master)


def timed(keys: Keys, seconds: float) -> tuple[bool, float]:
    """What a wait says, and how long it took."""
    start = time.monotonic()
    return keys.wait(seconds), time.monotonic() - start


def test_without_a_terminal_a_wait_is_a_wait() -> None:
    with Keys(io.StringIO()) as keys:
        assert not keys.active
        wanted, took = timed(keys, 0.01)
    assert not wanted
    assert took >= 0.009


@needs_terminals
@pytest.mark.parametrize("key", [RIGHT, b"\x1bOC", PAGE_DOWN, b"xy" + RIGHT * 3])
def test_a_next_line_that_is_wanted_cuts_a_wait_short(key: bytes) -> None:
    with keyboard() as (typed, keys):
        assert keys.active
        assert not keys.wait(0.01)
        os.write(typed, key)
        wanted, took = timed(keys, 30.0)
        assert wanted
        assert took < 10.0
        assert not keys.wait(0.01)


@needs_terminals
@pytest.mark.parametrize("key", [b"x", b"\n", b"\x1b[A", b"\x1b", b"\xc3\xb1", b"\xff"])
def test_other_keys_do_nothing(key: bytes) -> None:
    with keyboard() as (typed, keys):
        os.write(typed, key)
        wanted, took = timed(keys, 0.1)
        assert not wanted
        assert took >= 0.09


@needs_terminals
@pytest.mark.parametrize(("key", "goes_on"), [(b" ", False), (RIGHT, True)])
def test_space_holds_until_the_next_key(key: bytes, goes_on: bool) -> None:
    with keyboard() as (typed, keys):
        os.write(typed, b" ")
        Timer(0.3, os.write, (typed, b"x")).start()
        Timer(0.6, os.write, (typed, key)).start()
        wanted, took = timed(keys, 0.0)
        assert wanted == goes_on
        assert took >= 0.5


@needs_terminals
@pytest.mark.parametrize("typed_first", [b"", b" ", b" " + RIGHT])
def test_q_ends_even_a_pause(typed_first: bytes) -> None:
    with keyboard() as (typed, keys):
        os.write(typed, typed_first + b"q")
        with pytest.raises(Quit):
            keys.wait(30.0)


@needs_terminals
def test_the_terminal_is_as_before_and_one_that_is_gone_is_read_no_more() -> None:
    import termios

    master, slave = os.openpty()
    with os.fdopen(slave, "r") as stream:
        before = termios.tcgetattr(slave)
        with Keys(stream):
            assert termios.tcgetattr(slave) != before
        assert termios.tcgetattr(slave) == before
        with Keys(stream) as keys:
            os.write(master, b" ")
            Timer(0.2, os.close, (master,)).start()
            # The pause ends with the terminal.
            assert not keys.wait(0.0)
            assert not keys.active

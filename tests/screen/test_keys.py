from __future__ import annotations

import io
import os
import sys
import time

import pytest

from engine.screen.keys import Keys


def test_without_a_terminal_a_pause_is_a_pause() -> None:
    with Keys(io.StringIO()) as keys:
        start = time.monotonic()
        assert not keys.wait(0.01)
        assert time.monotonic() - start >= 0.009


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_a_key_cuts_a_pause_short_and_the_terminal_is_as_before() -> None:
    import termios

    master, slave = os.openpty()
    with os.fdopen(slave, "r") as stream:
        before = termios.tcgetattr(slave)
        with Keys(stream) as keys:
            assert not keys.wait(0.01)
            os.write(master, b"xyz")
            start = time.monotonic()
            assert keys.wait(30.0)
            assert time.monotonic() - start < 10.0
            assert not keys.wait(0.01)
        assert termios.tcgetattr(slave) == before
    os.close(master)

"""A pause that any key cuts short. Knows nothing of what is being shown."""

from __future__ import annotations

import os
import select
import sys
import time
from types import TracebackType
from typing import IO, Any


class Keys:
    """Reads single key presses while in use as a context manager; the terminal is as before when it is left.

    Where there is no terminal to read from, or no termios (Windows), a pause is a plain sleep. Ctrl-C stays
    what it is.
    """

    def __init__(self, stream: IO[str] | None = None) -> None:
        self._stream: IO[str] | None = stream if stream is not None else sys.stdin
        self._descriptor: int | None = None
        self._saved: list[Any] = []

    def __enter__(self) -> Keys:
        try:
            import termios
            import tty
        except ImportError:
            return self
        try:
            descriptor = self._stream.fileno() if self._stream is not None else -1
            self._saved = termios.tcgetattr(descriptor)
            tty.setcbreak(descriptor)
        except (OSError, ValueError, termios.error):
            return self
        self._descriptor = descriptor
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            import termios

            termios.tcsetattr(self._descriptor, termios.TCSADRAIN, self._saved)
            self._descriptor = None

    def wait(self, seconds: float) -> bool:
        """Wait `seconds`, or less if a key is pressed; whether one was."""
        if self._descriptor is None:
            time.sleep(seconds)
            return False
        ready, _, _ = select.select([self._descriptor], [], [], seconds)
        # What was typed ahead counts as one key, or a held key would hurry line after line.
        return bool(ready and os.read(self._descriptor, 4096))

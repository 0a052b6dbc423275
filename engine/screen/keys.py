"""The keys of whoever looks on: pause, next line, end. Knows nothing of what is being shown."""

from __future__ import annotations

import os
import re
import select
import sys
import time
from contextlib import suppress
from enum import Enum
from types import TracebackType
from typing import IO, Any

#: What the keys do, as it is shown before a scene begins; it goes on with what is kept at the end.
HELP = "space: pause, go on · right: next line · q: end"


class Quit(Exception):
    """The viewer has seen enough."""


class _Key(Enum):
    PAUSE, NEXT, QUIT = range(3)


#: What terminals send. Page down is what the remote control of a presenter sends for "next".
_KEYS = {
    " ": _Key.PAUSE, "q": _Key.QUIT, "Q": _Key.QUIT, "\x1b[C": _Key.NEXT, "\x1bOC": _Key.NEXT, "\x1b[6~": _Key.NEXT,
}  # fmt: skip
#: One key of what was read: a sequence with its end, or a letter.
_ONE = re.compile(r"\x1b[\[O][0-?]*[ -/]*[@-~]|.", re.DOTALL)


class Keys:
    """Reads single key presses while in use as a context manager; the terminal is as before when it is left.

    Where there is no terminal to read from, or no termios (Windows), a wait is a plain sleep. Ctrl-C stays
    what it is.
    """

    def __init__(self, stream: IO[str] | None = None) -> None:
        self._stream: IO[str] | None = stream if stream is not None else sys.stdin
        self._descriptor: int | None = None
        self._saved: list[Any] = []

    @property
    def active(self) -> bool:
        """Whether there is a keyboard to read from."""
        return self._descriptor is not None

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

            with suppress(termios.error):  # a closed window
                termios.tcsetattr(self._descriptor, termios.TCSADRAIN, self._saved)
            self._descriptor = None

    def wait(self, seconds: float) -> bool:
        """Wait `seconds`, or less when the next line is wanted; whether it is. A pause lasts until the next key.

        Raises Quit.
        """
        key = self._pressed(seconds)
        if key is _Key.PAUSE:
            key = self._pressed(None)
        if key is _Key.QUIT:
            raise Quit
        return key is _Key.NEXT

    def _pressed(self, seconds: float | None) -> _Key | None:
        """The key that is pressed within `seconds` (None: however long it takes); other keys than ours are nothing."""
        until = None if seconds is None else time.monotonic() + seconds
        while True:
            left = None if until is None else max(0.0, until - time.monotonic())
            if self._descriptor is None:
                time.sleep(left or 0.0)
                return None
            if not select.select([self._descriptor], [], [], left)[0]:
                return None
            found = self._read()
            if found:
                # What was typed ahead counts as one key, or a held key would hurry line after line.
                return max(found, key=lambda key: (key is _Key.QUIT, key is _Key.PAUSE))

    def _read(self) -> list[_Key]:
        """Which of our keys have been typed. A terminal that has gone away is read no more."""
        try:
            typed = os.read(self._descriptor or 0, 4096)
        except OSError:
            typed = b""
        if not typed:
            self._descriptor = None
        return [_KEYS[key] for key in _ONE.findall(typed.decode("utf-8", errors="replace")) if key in _KEYS]

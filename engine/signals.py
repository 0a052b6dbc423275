"""What ends a command from outside: Ctrl-C, SIGTERM, a window that is closed. Never a traceback, never half a file.

While a command is still being imported there is nothing to keep, and a signal ends the process by itself. While it
works, a signal is `Ended`, a KeyboardInterrupt: what was played is saved on its way out. Only a process that was started
as a command is touched: a program that imports the engine keeps its own handlers.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

#: Exit statuses, as shells give them: 128 and the signal. A closed window ends a command as SIGTERM does.
INTERRUPTED, TERMINATED = 130, 143


class Ended(KeyboardInterrupt):
    """Somebody ended the command; `status` is what it exits with."""

    def __init__(self, status: int = INTERRUPTED):
        super().__init__(status)
        self.status = status


class _Watch:
    """Whether the process is ours, and signals that came while something was being saved."""

    ours = False
    held = 0
    waiting: int | None = None


def command() -> bool:
    """Whether this process was started as one of the engine's commands."""
    if sys.argv[:1] != ["-m"]:
        return os.path.basename(sys.argv[0] if sys.argv else "") in {"telenovela", "telenovela.exe"}
    given = sys.orig_argv
    place = next((number for number, word in enumerate(given) if number and word.startswith("-m")), len(given))
    module = "".join([given[place][2:], *given[place + 1 : place + 2]]) if place < len(given) else ""
    return module.startswith("engine.")


def guard() -> None:
    """From now on a signal ends the process, at once and without a word of Python's."""
    _Watch.ours = True
    _handle(_leave)


@contextmanager
def heeded() -> Iterator[None]:
    """While a command works: a signal raises `Ended`."""
    if not _Watch.ours:
        yield
        return
    _handle(_raise)
    try:
        yield
    finally:
        _handle(_leave)


@contextmanager
def held() -> Iterator[None]:
    """While something is saved: a signal waits until that is done."""
    _Watch.held += 1
    try:
        yield
    finally:
        _Watch.held -= 1
        status, _Watch.waiting = _Watch.waiting, None if not _Watch.held else _Watch.waiting
        if status is not None and not _Watch.held:
            raise Ended(status)


def _numbers() -> dict[int, int]:
    """The signals that this system has, with their statuses."""
    wanted = {"SIGINT": INTERRUPTED, "SIGTERM": TERMINATED, "SIGHUP": TERMINATED}
    return {int(getattr(signal, name)): status for name, status in wanted.items() if hasattr(signal, name)}


def _handle(handler: object) -> None:
    for number in _numbers():
        # What is ignored stays so: nohup and background jobs mean it.
        if signal.getsignal(number) not in {signal.SIG_IGN, None}:
            signal.signal(number, handler)  # type: ignore[arg-type]


def _leave(number: int, frame: FrameType | None) -> None:
    os._exit(_numbers()[number])


def _raise(number: int, frame: FrameType | None) -> None:
    if _Watch.held:
        _Watch.waiting = _numbers()[number]
        return
    raise Ended(_numbers()[number])

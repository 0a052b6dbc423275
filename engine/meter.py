"""Says on stderr what a command is at, and how long that still takes: a bar in a terminal, elsewhere a line now and then."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import TypeVar

from rich.progress import BarColumn, Progress, SpinnerColumn, Task, TextColumn
from rich.progress_bar import ProgressBar
from rich.text import Text

from engine.console import console
from engine.text import one_line

#: Seconds between two lines where no terminal shows a bar.
TELLS = 10.0
#: Seconds of work and a share of it that have to be done before the time left is worth saying.
_SOON, _SOME = 2.0, 0.01

Item = TypeVar("Item")


class Meter:
    """How far some work has come: `what` it is at, and how much of how much is `done` (a `total` of 0: nobody knows).

    `tell` hears of every change; several threads may do the work.
    """

    def __init__(self, what: str = "", tell: Callable[[Meter], None] = lambda meter: None):
        self.what, self.done, self.total = what, 0.0, 0.0
        self._tell, self._lock, self._began = tell, Lock(), time.monotonic()

    def at(self, what: str) -> None:
        """From now on it is at something else."""
        self.what = what
        self._tell(self)

    def expect(self, work: float) -> None:
        """So much work, in whatever unit, is ahead; the time left is judged from now on."""
        self.done, self.total, self._began = 0.0, work, time.monotonic()

    def advance(self, work: float = 1.0) -> None:
        """So much of it is done."""
        with self._lock:
            self.done += work
        self._tell(self)

    def over(self, what: str, items: Sequence[Item]) -> Iterator[Item]:
        """The items one by one, each as long a piece of work as the next."""
        self.at(what)
        self.expect(len(items))
        for item in items:
            yield item
            self.advance()

    @property
    def left(self) -> float | None:
        """Seconds, if it goes on as it went; None while that cannot be told."""
        spent = time.monotonic() - self._began
        if spent < _SOON or self.done < _SOME * self.total or not self.total:
            return None
        return spent * max(0.0, self.total / self.done - 1.0)

    @property
    def time_left(self) -> str:
        """The same in words; nothing while it cannot be told."""
        left = self.left
        return "" if left is None else f"{minutes(left)} left"

    def __str__(self) -> str:
        share = f" {min(1.0, self.done / self.total):.0%}" if self.total else ""
        return ", ".join(filter(None, [f"{one_line(self.what)}{share}", self.time_left]))


@contextmanager
def waiting(what: str) -> Iterator[Meter]:
    """Show what a command is at, and a bar as soon as it is known how much work there is; gone when the body is done."""
    screen = console(stderr=True)
    if not screen.is_terminal:
        told = time.monotonic()

        def line(meter: Meter) -> None:
            nonlocal told
            if time.monotonic() - told >= TELLS:
                told = time.monotonic()
                screen.print(str(meter))

        yield Meter(what, line)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        _Bar(),
        TextColumn("{task.fields[left]}"),
    )
    with Progress(*columns, console=screen, transient=True) as progress:
        task = progress.add_task(one_line(what), total=None, left="")

        def bar(meter: Meter) -> None:
            total = meter.total or None
            progress.update(
                task, description=one_line(meter.what), total=total, completed=meter.done, left=meter.time_left
            )

        yield Meter(what, bar)


class _Bar(BarColumn):
    """A bar where it is known how much work there is."""

    def render(self, task: Task) -> ProgressBar | Text:  # type: ignore[override]
        return Text() if task.total is None else super().render(task)


def minutes(seconds: float) -> str:
    """`40 s`, `3 min`, `2 h 05 min`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    whole = round(seconds / 60)
    return f"{whole} min" if whole < 90 else f"{whole // 60} h {whole % 60:02} min"

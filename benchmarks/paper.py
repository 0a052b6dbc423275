"""Workers, a network and a clock on paper: an executor under which the real dispatcher hands out jobs in simulated time.

`engine.jobs.dispatch.run` decides what goes out when, and with which files; here it is only worked out when that arrives,
how long it takes, and when the answer is back. A byte stands for a kilobyte, so that ten thousand characters fit.
"""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Any

from engine.jobs.crew import Crew
from engine.jobs.worker import LIFE

#: Bytes that a byte on paper stands for.
UNIT = 1000


@dataclass(frozen=True)
class Costs:
    """What things cost, measured by `python -m benchmarks.scale --measure`; seconds, unless it says bytes.

    `start`: a child until its first voice begins (TensorFlow imported, graphs compiled). `voices`: lines and seconds of voices
    that were trained. `read`: parsing a megabyte of script. `base`, `scripts`, `back`: bytes of base and sheets, of the
    scripts of a show, of a weights file. `hand_out`: a job through client and scheduler; `copy`: a megabyte on that way.
    `keep`: checking and writing a voice; `pack`: getting a job ready.
    """

    start: float
    voices: Sequence[tuple[int, float]]
    read: float
    base: int
    scripts: int
    scripts_raw: int
    back: int
    hand_out: float
    copy: float
    keep: float
    pack: float


@dataclass
class Tally:
    """What happened: bytes out and back, seconds that hands worked, and that the coordinator and the network were busy."""

    out: int = 0
    back: int = 0
    lacks: int = 0
    worked: float = 0.0
    coordinator: float = 0.0
    network: float = 0.0


@dataclass
class _Worker:
    """One hand: what it was sent, what its child has read, and how many jobs it has done."""

    number: int
    files: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    done: int = 0


@dataclass(frozen=True)
class _Order:
    future: Future[Any]
    function: str
    names: Mapping[str, str]
    sent: frozenset[str]


class Paper(Executor):
    """So many workers behind one network of `link` bytes a second. `seconds(function)` is how long a job works;
    `reads(name)` the seconds that a file takes which a worker has not read before, by its name in the job."""

    def __init__(
        self,
        workers: int,
        link: float,
        costs: Costs,
        seconds: Callable[[str], float],
        reads: Callable[[str], float] = lambda name: 0.0,
    ):
        self.costs, self.seconds, self.reads, self.link = costs, seconds, reads, link
        self.now, self.tally = 0.0, Tally()
        self._free = deque(_Worker(number) for number in range(workers))
        self._queue: deque[_Order] = deque()
        #: Those that are back, and of which the coordinator does not know yet.
        self._came: list[Future[Any]] = []
        self._events: list[tuple[float, int, Callable[[float], None]]] = []
        self._order, self._network_free = itertools.count(), 0.0
        self.workers = workers

    def crew(self) -> Crew:
        return Crew(self, lambda: self.workers, 1, self.wait, lambda: self.now)

    def spend(self, seconds: float) -> None:
        """Time that the coordinator is busy: nothing else of what it does goes on meanwhile."""
        self.now += seconds
        self.tally.coordinator += seconds

    def submit(self, fn: Any, /, *args: Any, **named: Any) -> Future[Any]:
        _, function, names, sent, _ = args
        size = UNIT * sum(map(len, sent.values()))
        self.tally.out += size
        self.spend(self.costs.hand_out + self.costs.copy * size / 1e6)
        order = _Order(Future(), function, names, frozenset(sent))
        self._at(self._moved(self.now, size), lambda time: self._arrives(order, time))
        return order.future

    def wait(self, futures: Collection[Future[Any]], seconds: float) -> Collection[Future[Any]]:
        """Let time pass until one of them is done, or so many seconds have passed."""
        limit = self.now + seconds
        while not self._came:
            if not self._events or self._events[0][0] > limit:
                self.now = max(self.now, limit)
                return []
            self._next()
        # What has happened while the coordinator was busy.
        while self._events and self._events[0][0] <= self.now:
            self._next()
        came, self._came = self._came, []
        return came

    def _next(self) -> None:
        time, _, happen = heapq.heappop(self._events)
        self.now = max(self.now, time)
        happen(time)

    def _at(self, time: float, happen: Callable[[float], None]) -> None:
        heapq.heappush(self._events, (time, next(self._order), happen))

    def _moved(self, time: float, size: int) -> float:
        """When so many bytes have gone over the network, one after the other with all else."""
        took = size / self.link
        self._network_free = max(self._network_free, time) + took
        self.tally.network += took
        return self._network_free

    def _arrives(self, order: _Order, time: float) -> None:
        self._queue.append(order)
        self._begin(time)

    def _begin(self, time: float) -> None:
        while self._queue and self._free:
            worker, order = self._free.popleft(), self._queue.popleft()
            worker.files |= order.sent
            lacking = sorted(set(order.names.values()) - worker.files)
            if lacking:
                self.tally.lacks += 1
                self._free.append(worker)
                self._back(order, ("lacks", "\n".join(lacking).encode()), 0, time)
                continue
            took = self.seconds(order.function)
            if worker.done % LIFE == 0:
                # Another child, which has read nothing.
                worker.read.clear()
                took += self.costs.start
            took += sum(self.reads(name) for name, digest in order.names.items() if digest not in worker.read)
            worker.done += 1
            worker.read |= set(order.names.values())
            self.tally.worked += took
            self._at(time + took, lambda time, worker=worker, order=order: self._done(worker, order, time))  # type: ignore[misc]

    def _done(self, worker: _Worker, order: _Order, time: float) -> None:
        self._free.append(worker)
        self._back(order, ("done", b""), self.costs.back, time)
        self._begin(time)

    def _back(self, order: _Order, answer: tuple[str, bytes], size: int, time: float) -> None:
        self.tally.back += size
        order.future.set_result(answer)
        self._at(self._moved(time, size), lambda _: self._came.append(order.future))

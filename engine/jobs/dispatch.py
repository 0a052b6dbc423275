"""Hands jobs out and takes what they made: the longest first, those that were lost again, the others all the same.

So many are out as there are hands, and a few more, so that nobody waits for the next: ten thousand jobs are never at a
scheduler at once. A file goes with the first job that needs it; from then on jobs are handed out without it, and a worker
that lacks it says so. The job goes out again with that and with all that went with it before, since it may come to another
worker. With W workers a base is so sent about W times, not once a job.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Future
from dataclasses import dataclass
from itertools import islice

from engine import __version__
from engine.errors import JobError
from engine.jobs.crew import Crew
from engine.jobs.job import Job
from engine.jobs.worker import carry_out

#: How often a job is handed out before it counts as one that kills its worker.
TRIES = 3
#: Seconds after which it is looked whether workers have come or gone.
LOOK = 2.0

Answer = tuple[str, bytes]


@dataclass(frozen=True)
class Progress:
    """What is true now. `done` of `jobs` are back; `out` are with the workers, of whom there are `hands`; `lost` is how often
    a job came to nothing with its worker; `share` of the work (by the jobs' sizes) is done. The rest should take `left`
    seconds, by what those that are back took (0: none is)."""

    done: int
    jobs: int
    out: int
    hands: int
    lost: int
    share: float
    left: float

    def __str__(self) -> str:
        said = [f"{self.done} of {self.jobs} done", f"{min(self.out, self.hands)} at work"]
        if self.hands == 0:
            said[-1] = "no worker is there"
        if self.lost:
            said.append(f"{self.lost} lost and begun again")
        if self.left:
            said.append(f"left {self.left / 60:.0f} min" if self.left >= 90 else f"left {self.left:.0f} s")
        return ", ".join(said)


def run(jobs: Sequence[Job], crew: Crew, tell: Callable[[Progress], None] | None = None) -> Iterator[tuple[Job, bytes]]:
    """Do all jobs, and give each with what it made as soon as that is here, in whatever order.

    A job that fails stops no other. Raises JobError at the end, naming those that failed; or at once when the executor
    itself is broken. What was given until then is done.
    """
    desk = _Desk(jobs, crew)
    if tell is not None:
        tell(desk.progress())
    while desk.waiting or desk.out:
        desk.hand_out()
        yield from desk.take_in()
        if tell is not None:
            tell(desk.progress())
    if desk.failed:
        raise JobError("\n".join(f"{name}: {reason}" for name, reason in desk.failed.items()))


class _Desk:
    """The jobs that wait, those that are out, and what became of the others."""

    def __init__(self, jobs: Sequence[Job], crew: Crew):
        self.crew = crew
        self.jobs = len(jobs)
        self.waiting = deque(sorted(jobs, key=lambda job: -job.size))
        self.out: dict[Future[Answer], Job] = {}
        #: When those out were begun: the first that were handed out, as many as there are hands.
        self._begun: dict[Future[Answer], float] = {}
        self.failed: dict[str, str] = {}
        self.lost: Counter[str] = Counter()
        self.done, self.work_done, self.work = 0, 0.0, sum(job.size for job in jobs)
        #: Seconds that those took which are back.
        self.took = 0.0
        self.hands = crew.hands()
        #: Files that some worker has been sent; and by job those that go with it whoever has them.
        self._sent: set[str] = set()
        self._with: dict[str, set[str]] = {}

    def hand_out(self) -> None:
        """Give out jobs until there is one for each hand, and a few more."""
        self.hands = self.crew.hands()
        most = self.hands + self.hands // 8 + 1
        while self.waiting and len(self.out) < most:
            job = self.waiting.popleft()
            names = {name: file.digest for name, file in job.files.items()}
            along = self._with.setdefault(job.name, set())
            along |= {digest for digest in names.values() if digest not in self._sent}
            sent = {file.digest: file.data for file in job.files.values() if file.digest in along}
            self._sent |= along
            try:
                future = self.crew.executor.submit(carry_out, __version__, job.function, names, sent, self.crew.threads)
            except (BrokenExecutor, RuntimeError) as error:
                raise _broken(error) from error
            self.out[future] = job
        for future in islice(self.out, len(self._begun), self.hands):
            self._begun[future] = self.crew.clock()

    def take_in(self) -> Iterator[tuple[Job, bytes]]:
        """What has come back: what was made, to be kept; the rest is dealt with."""
        for future in self.crew.wait(list(self.out), LOOK):
            job, began = self.out.pop(future), self._begun.pop(future, self.crew.clock())
            kind, data = self._answer(future)
            if kind == "done":
                del self._with[job.name]
                self.done += 1
                self.work_done += job.size
                self.took += self.crew.clock() - began
                yield job, data
            elif kind == "lacks":
                self._with[job.name] |= set(data.decode().split("\n"))
                self.waiting.appendleft(job)
            elif kind == "lost":
                self.lost[job.name] += 1
                if self.lost[job.name] < TRIES:
                    self.waiting.appendleft(job)
                else:
                    self._fail(job, f"lost {TRIES} times; the last time {data.decode()}")
            else:
                self._fail(job, data.decode())

    def _fail(self, job: Job, reason: str) -> None:
        self.failed[job.name] = reason
        self.work -= job.size

    def _answer(self, future: Future[Answer]) -> Answer:
        """What a worker answers; whatever happens to the worker on the way is `lost`."""
        try:
            return future.result()
        except BrokenExecutor as error:
            raise _broken(error) from error
        except ImportError as error:
            return "failed", f"a worker cannot import telenovela ({error}): install it there".encode()
        except (Exception, CancelledError) as error:
            # In one line: dask's own words for a scheduler that lacks this package are four.
            reason = " ".join(str(error).split())
            return "lost", f"it did not come back ({type(error).__name__}: {reason})".encode()

    def progress(self) -> Progress:
        return Progress(
            self.done,
            self.jobs,
            len(self.out),
            self.hands,
            self.lost.total(),
            self.work_done / self.work if self.work else 1.0,
            self._left(),
        )

    def _left(self) -> float:
        """Seconds until all is done, if the rest goes as what is done went: those out have part of it behind them."""
        if not self.work_done:
            return 0.0
        now, pace = self.crew.clock(), self.took / self.work_done
        begun = {
            future: max(0.0, self.out[future].size * pace - (now - began)) for future, began in self._begun.items()
        }
        waiting = self.work - self.work_done - sum(self.out[future].size for future in self._begun)
        return max((sum(begun.values()) + pace * waiting) / max(1, self.hands), max(begun.values(), default=0.0))


def _broken(error: BaseException) -> JobError:
    return JobError(f"the executor takes no more jobs ({error}); what is done stays done, run it again for the rest")

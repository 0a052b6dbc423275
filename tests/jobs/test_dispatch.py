"""Handing out jobs, with an executor that does what it is told; and with real ones."""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
import signal
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from engine.errors import JobError
from engine.jobs import worker
from engine.jobs.crew import Crew, crew
from engine.jobs.dispatch import TRIES, Progress, run
from engine.jobs.job import File, Job

Answer = tuple[str, bytes] | BaseException


class Told(Executor):
    """An executor whose answers are given: `answer(name of the job, digests sent)`. Nothing is done until it is waited for."""

    def __init__(self, answer: Callable[[str, set[str]], Answer], hands: int = 2):
        self.answer, self.hands = answer, hands
        self.orders: list[tuple[str, set[str]]] = []
        self.most = 0
        self.clock = 0.0

    def submit(self, fn: Any, /, *args: Any, **named: Any) -> Future[Any]:
        assert fn is worker.carry_out
        _, function, _, sent, _ = args
        self.orders.append((function, set(sent)))
        future: Future[Any] = Future()
        future.order = self.orders[-1]  # type: ignore[attr-defined]
        return future

    def wait(self, futures: Collection[Future[Any]], seconds: float) -> Collection[Future[Any]]:
        """The first that was handed out comes back first, a second later."""
        self.most = max(self.most, len(futures))
        self.clock += 1.0
        first = next(iter(futures))
        found = self.answer(*first.order)  # type: ignore[attr-defined]
        if isinstance(found, BaseException):
            first.set_exception(found)
        else:
            first.set_result(found)
        return [first]

    def crew(self) -> Crew:
        return Crew(self, lambda: self.hands, 1, self.wait, lambda: self.clock)


def job(name: str, size: float = 1.0, files: Mapping[str, File] | None = None) -> Job:
    return Job(name, name, files or {}, size)


def made(executor: Told, jobs: list[Job]) -> list[str]:
    return [each.name for each, _ in run(jobs, executor.crew())]


def test_the_longest_are_handed_out_first_and_all_are_done() -> None:
    told = Told(lambda name, sent: ("done", name.encode()))
    assert made(told, [job("b", 2), job("a", 5), job("c", 1), job("d", 3)]) == ["a", "d", "b", "c"]
    assert [(each.name, data) for each, data in run([job("x")], Told(lambda *_: ("done", b"y")).crew())] == [
        ("x", b"y")
    ]


def test_there_are_never_many_more_out_than_hands() -> None:
    told = Told(lambda name, sent: ("done", b""), hands=16)
    assert len(made(told, [job(str(number)) for number in range(500)])) == 500
    assert told.most == 16 + 2 + 1


def test_a_file_goes_out_with_the_first_job_and_then_only_to_those_who_lack_it() -> None:
    base, own = File(b"base"), [File(bytes([number])) for number in range(3)]
    jobs = [job(str(number), 3 - number, {"base": base, "own": own[number]}) for number in range(3)]
    asked: list[str] = []

    def answer(name: str, sent: set[str]) -> Answer:
        if name == "1" and base.digest not in sent:
            asked.append(name)
            return "lacks", base.digest.encode()
        return "done", b""

    told = Told(answer)
    assert sorted(made(told, jobs)) == ["0", "1", "2"]
    assert asked == ["1"]
    sent = dict(told.orders[:1] + told.orders[2:])
    # What was lacked goes with what was sent before: the next worker may lack that.
    assert sent == {"0": {base.digest, own[0].digest}, "1": {base.digest, own[1].digest}, "2": {own[2].digest}}


def test_what_is_lost_is_begun_again_and_said() -> None:
    deaths = iter([("lost", b"died"), RuntimeError("the worker was killed")])
    told = Told(lambda name, sent: next(deaths, ("done", b"")) if name == "a" else ("done", b""))
    progress: list[Progress] = []
    assert sorted(each.name for each, _ in run([job("a"), job("b")], told.crew(), progress.append)) == ["a", "b"]
    assert (progress[-1].done, progress[-1].lost, progress[-1].share) == (2, 2, 1.0)
    assert str(progress[-1]) == "2 of 2 done, 0 at work, 2 lost and begun again"


def test_a_job_that_kills_every_worker_is_given_up_and_the_others_are_done() -> None:
    told = Told(lambda name, sent: ("lost", b"its process died") if name == "bad" else ("done", b""))
    found, error = until_the_end(told, [job("bad"), *(job(str(number)) for number in range(5))])
    assert (sorted(found), error) == (list("01234"), f"bad: lost {TRIES} times; the last time its process died")
    assert sum(name == "bad" for name, _ in told.orders) == TRIES


def test_a_failure_is_told_at_the_end_with_its_reason() -> None:
    told = Told(lambda name, sent: ("failed", f"no lines for {name}".encode()) if name in "bd" else ("done", b""))
    found, error = until_the_end(told, [job(name) for name in "abcde"])
    assert (found, error) == (list("ace"), "b: no lines for b\nd: no lines for d")


def until_the_end(told: Told, jobs: list[Job]) -> tuple[list[str], str]:
    """The names of what was done, and what was said at the end."""
    found = []
    try:
        for each, _ in run(jobs, told.crew()):
            found.append(each.name)
    except JobError as error:
        return found, str(error)
    return found, ""


@pytest.mark.parametrize("error", [BrokenExecutor("a process died"), BrokenProcessPool("a process died")])
def test_a_broken_executor_stops_it_with_a_sentence(error: BaseException) -> None:
    with pytest.raises(JobError, match=r"the executor takes no more jobs .*what is done stays done"):
        made(Told(lambda *_: error), [job("a")])


def test_a_worker_without_the_package_is_told_of() -> None:
    with pytest.raises(JobError, match=r"a: a worker cannot import telenovela \(No module named 'engine'\)"):
        made(Told(lambda *_: ModuleNotFoundError("No module named 'engine'")), [job("a")])


def test_progress_never_runs_ahead_and_its_estimate_comes_down() -> None:
    told = Told(lambda name, sent: ("done", b""), hands=1)
    said: list[Progress] = []
    for _ in run([job(str(number), 10) for number in range(6)], told.crew(), said.append):
        pass
    assert [each.done for each in said] == [0, 1, 2, 3, 4, 5, 6]
    assert [each.share for each in said] == [number / 6 for number in range(7)]
    assert all(each.done + each.out <= each.jobs for each in said)
    left = [each.left for each in said[1:]]
    assert left == sorted(left, reverse=True)
    assert (said[0].left, left[-1]) == (0.0, 0.0)


def test_no_worker_is_said() -> None:
    assert str(Progress(3, 9, 1, 0, 0, 0.3, 0.0)) == "3 of 9 done, no worker is there"
    assert str(Progress(3, 9, 2, 2, 1, 0.3, 600.0)) == "3 of 9 done, 2 at work, 1 lost and begun again, left 10 min"


def test_processes_here_do_jobs_and_leave_nothing(tmp_path: Path) -> None:
    files = [{"word": File(f"word {number}".encode())} for number in range(5)]
    with crew(workers=2) as two:
        assert two is not None
        jobs = [Job(str(number), "tests.jobs.work:shout", each) for number, each in enumerate(files)]
        found = {each.name: data for each, data in run(jobs, two)}
        dying = [Job("d", "tests.jobs.work:die", {"mark": File(str(tmp_path / "mark").encode())})]
        assert [data for _, data in run(dying, two)] == [b"alive"]
    assert found == {str(number): f"WORD {number}".encode() for number in range(5)}
    assert not worker._idle
    with crew() as nobody:
        assert nobody is None


@pytest.fixture
def pool() -> Iterator[concurrent.futures.ProcessPoolExecutor]:
    """An executor that is not ours: processes by spawn, as a program may have them."""
    with concurrent.futures.ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as executor:
        yield executor


def test_any_executor_will_do(pool: concurrent.futures.ProcessPoolExecutor) -> None:
    jobs = [Job(str(number), "tests.jobs.work:join", {"a": File(b"1"), "b": File(b"2")}) for number in range(4)]
    assert [data for _, data in run(jobs, Crew(pool, lambda: 2))] == [b"12"] * 4
    for process in pool._processes.values():
        os.kill(process.pid or 0, signal.SIGKILL)
    with pytest.raises(JobError, match="the executor takes no more jobs"):
        list(run(jobs, Crew(pool, lambda: 2)))


def test_a_cluster_that_is_not_there_is_a_sentence() -> None:
    with (
        pytest.raises(JobError, match=r"--cluster tcp://127\.0\.0\.1:9: no dask scheduler answers there"),
        crew("tcp://127.0.0.1:9"),
    ):
        pass

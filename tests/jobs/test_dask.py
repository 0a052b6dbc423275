"""Jobs on a dask cluster: two workers on this machine, with nothing in common but their scheduler."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.errors import JobError
from engine.jobs.crew import crew
from engine.jobs.dispatch import Progress, run
from engine.jobs.job import File, Job

pytestmark = pytest.mark.slow
distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0", silence_logs="CRITICAL"
    ) as found:
        yield found


def slow(name: str, log: Path, seconds: float) -> Job:
    files = {"name": name, "log": str(log), "seconds": str(seconds)}
    return Job(name, "tests.jobs.work:slow", {key: File(value.encode()) for key, value in files.items()})


def test_a_worker_killed_at_work_loses_nothing(cluster: Any, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.touch()
    killed: list[int] = []
    found: dict[str, bytes] = {}

    def at_work() -> list[int]:
        """The workers that are at a job, and from which everything else that they made is back, the latest first."""
        rows = [row.split() for row in log.read_text(encoding="utf-8").splitlines()]
        done = {name: pid for what, name, pid in rows if what == "done"}
        owing = {pid for name, pid in done.items() if name not in found}
        return [
            int(pid) for what, name, pid in reversed(rows) if what == "begun" and name not in done and pid not in owing
        ]

    progress: list[Progress] = []
    with crew(cluster.scheduler_address) as dask:
        assert dask is not None
        assert dask.hands() == 2
        for job, data in run([slow(str(n), log, 1.5) for n in range(6)], dask, progress.append):
            found[job.name] = data
            # A worker keeps what it has made until it is fetched: what it still owes would be made again too.
            if not killed and (pids := at_work()):
                killed.append(pids[0])
                os.kill(pids[0], signal.SIGKILL)
    assert killed
    assert found == {str(number): str(number).encode() for number in range(6)}
    rows = [row.split() for row in log.read_text(encoding="utf-8").splitlines()]
    done = [name for what, name, _ in rows if what == "done"]
    begun = [name for what, name, _ in rows if what == "begun"]
    (again,) = {name for name in begun if begun.count(name) == 2}
    # What the killed worker was at was begun once more, elsewhere; everything else was done once.
    assert sorted(done) == [str(number) for number in range(6)]
    assert ["begun", again, str(killed[0])] in rows
    assert ["done", again, str(killed[0])] not in rows
    assert [each.done for each in progress] == sorted(each.done for each in progress)
    assert (progress[-1].done, progress[-1].share) == (6, 1.0)


def test_a_base_goes_to_each_worker_about_once(cluster: Any, tmp_path: Path) -> None:
    """Sixteen megabytes with every job, and dask, which warns of large graphs, says nothing."""
    base = File(os.urandom(1 << 24))
    jobs = [Job(str(n), "tests.jobs.work:join", {"base": base, "own": File(str(n).encode())}) for n in range(12)]
    with crew(cluster.scheduler_address) as dask:
        assert dask is not None
        sent: list[int] = []
        submit = dask.executor.submit

        def counted(*args: Any) -> Any:
            sent.append(sum(map(len, args[4].values())))
            return submit(*args)

        dask.executor.submit = counted  # type: ignore[method-assign]
        found = {job.name: data for job, data in run(jobs, dask)}
    assert found == {str(n): base.data + str(n).encode() for n in range(12)}
    assert sum(size >= len(base.data) for size in sent) <= 4


def test_a_worker_without_the_package_is_told_of_before_anything_is_sent() -> None:
    lacking = "import sys\nsys.modules['engine'] = None\n"
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs="CRITICAL", preload=lacking
        ) as found,
        pytest.raises(JobError, match=r"telenovela is not installed for tcp://\S+ \(1 of 2 lack it\): pip install"),
        crew(found.scheduler_address),
    ):
        pass

"""Who does the jobs: an executor, and how many hands it has. Here that is processes; beyond, a dask cluster."""

from __future__ import annotations

import concurrent.futures
import importlib
import os
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from engine.errors import JobError
from engine.jobs import worker

#: Seconds that a cluster is given to answer.
PATIENCE = 15

Waits = Callable[[Collection["Future[Any]"], float], Collection["Future[Any]"]]


def first_done(futures: Collection[Future[Any]], seconds: float) -> Collection[Future[Any]]:
    """Those that are done, once one of them is or so many seconds have passed."""
    return concurrent.futures.wait(futures, seconds, concurrent.futures.FIRST_COMPLETED).done


@dataclass(frozen=True)
class Crew:
    """An executor and what must be known of it: how many jobs it does at a time now, and the threads that each may use.

    Any `concurrent.futures.Executor` will do whose workers can import this package. `wait` and `clock` are another's where
    time is simulated.
    """

    executor: Executor
    hands: Callable[[], int]
    threads: int = 1
    wait: Waits = first_done
    clock: Callable[[], float] = time.monotonic


@contextmanager
def crew(cluster: str = "", workers: int = 1, always: bool = False) -> Iterator[Crew | None]:
    """The workers of the dask cluster at an address, else so many processes here; None for one of them (do it yourself),
    unless there is `always` to be a crew.

    Raises JobError when dask is not installed, or no cluster answers.
    """
    if cluster:
        with _dask(cluster) as found:
            yield found
    elif workers > 1 or always:
        with _here(workers) as found:
            yield found
    else:
        yield None


@contextmanager
def _here(workers: int) -> Iterator[Crew]:
    """Threads that do nothing but wait, each for its child process."""
    threads = max(1, (os.cpu_count() or 1) // workers)
    with concurrent.futures.ThreadPoolExecutor(workers, "telenovela-worker") as executor:
        try:
            yield Crew(executor, lambda: workers, threads)
        finally:
            executor.shutdown(wait=False, cancel_futures=True)
            worker.end_children()


@contextmanager
def _dask(address: str) -> Iterator[Crew]:
    """A thread of a dask worker is a hand, and so is a core: it works with one thread."""
    try:
        # Untyped for most of what is called here, and not installed everywhere.
        dask, distributed = (importlib.import_module(name) for name in ("dask", "distributed"))
    except ImportError as error:
        raise JobError("--cluster needs dask: pip install 'telenovela[cluster]'") from error
    # A base is sent to each worker once, and is larger than dask thinks wise.
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"}):
        try:
            client = distributed.Client(address, timeout=PATIENCE, set_as_default=False, name="telenovela")
        except (OSError, ValueError, TypeError) as error:
            raise JobError(f"--cluster {address}: no dask scheduler answers there ({error})") from error
        with client:
            _installed(client, address)
            # Equal jobs are not one job: a job that was lost is sent again.
            executor = client.get_executor(pure=False)
            try:
                yield Crew(executor, lambda: sum(client.nthreads().values()))
            finally:
                executor.shutdown(wait=False)


def _installed(client: Any, address: str) -> None:
    """Raises JobError where the scheduler or a worker lacks this package: dask says nothing of it, and starts such a worker
    again and again. Those that come later are not asked."""
    package = __name__.partition(".")[0]
    found = {"the scheduler": client.run_on_scheduler(find_spec, package), **client.run(find_spec, package)}
    lacking = [where for where, spec in found.items() if spec is None]
    if lacking:
        raise JobError(
            f"--cluster {address}: telenovela is not installed for {lacking[0]} ({len(lacking)} of {len(found)} lack it): "
            "pip install 'telenovela[cluster]' there, in the version that is here"
        )

"""A worker and its children: real processes, each started once and used again."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from engine import __version__
from engine.jobs import worker
from engine.jobs.child import THREADS, Child
from engine.jobs.job import File
from tests.conftest import ROOT


@pytest.fixture(autouse=True)
def _no_child_is_left() -> Iterator[None]:
    yield
    worker.end_children()


def order(function: str, files: Mapping[str, bytes], version: str = __version__, threads: int = 1) -> tuple[str, bytes]:
    wrapped = {name: File(data) for name, data in files.items()}
    names = {name: file.digest for name, file in wrapped.items()}
    sent = {file.digest: file.data for file in wrapped.values()}
    return worker.carry_out(version, f"tests.jobs.work:{function}", names, sent, threads)


def test_a_job_is_done_in_another_process_which_stays_for_the_next() -> None:
    first, second = order("process", {}), order("process", {})
    assert first == second
    assert first != ("done", str(os.getpid()).encode())


def test_files_arrive_as_they_were_however_large() -> None:
    large = os.urandom(1 << 20)
    assert order("join", {"b": large, "a": b"", "c": b"end"}) == ("done", large + b"end")


def test_what_a_job_prints_is_no_answer() -> None:
    assert order("shout", {"word": b"cake"}) == ("done", b"CAKE")


@pytest.mark.parametrize("name", THREADS)
def test_threads_are_set_before_anything_is_imported(name: str) -> None:
    assert order("environment", {"name": name.encode()}, threads=3) == ("done", b"3")


def test_a_child_has_the_threads_that_were_asked_for() -> None:
    name = {"name": b"OMP_NUM_THREADS"}
    assert [order("environment", name, threads=count)[1] for count in (1, 2, 1)] == [b"1", b"2", b"1"]


def test_what_a_person_can_mend_comes_back_as_a_sentence() -> None:
    assert order("refuse", {}) == ("failed", b"there is no voice like that")


def test_a_fault_of_the_program_comes_back_with_its_kind_and_leaves_the_child_alive(
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = order("process", {})
    assert order("stumble", {}) == ("failed", b"KeyError: 'soraya'")
    assert order("process", {}) == before
    # Its traceback is in the worker's log.
    assert "in stumble" in capfd.readouterr().err


def test_a_child_that_dies_is_lost_and_the_next_job_has_another() -> None:
    before = order("process", {})
    kind, reason = order("always_die", {})
    assert (kind, b"died" in reason) == ("lost", True)
    assert order("process", {})[0] == "done"
    assert order("process", {}) != before


def test_a_file_is_sent_once() -> None:
    file = File(b"only once, please")
    names = {"a": file.digest, "b": file.digest}
    job = ("tests.jobs.work:join", names)
    assert worker.carry_out(__version__, *job, {}, 1) == ("lacks", file.digest.encode())
    assert worker.carry_out(__version__, *job, {file.digest: file.data}, 1) == ("done", 2 * file.data)
    assert worker.carry_out(__version__, *job, {}, 1) == ("done", 2 * file.data)


def test_a_worker_keeps_so_many_bytes_and_no_more() -> None:
    store = worker._Store(most=10)
    assert store.take({"a": "1"}, {"1": b"12345"}) == {"a": b"12345"}
    assert store.take({"b": "2"}, {"2": b"12345"}) == {"b": b"12345"}
    # The one that was not used for longest goes, and is missed when it is needed again.
    assert store.take({"a": "1"}, {}) == {"a": b"12345"}
    assert store.take({"c": "3"}, {"3": b"1"}) == {"c": b"1"}
    assert store.take({"a": "1", "b": "2"}, {}) == {"a": b"12345"}
    # A job has its files even where they are more than are kept.
    assert store.take({"d": "4"}, {"4": b"x" * 20}) == {"d": b"x" * 20}


def test_another_version_is_refused() -> None:
    kind, reason = order("join", {}, version="0.0.1")
    assert (kind, reason.decode()) == (
        "failed",
        f"a worker has telenovela {__version__}, and this is 0.0.1: install the same there",
    )


@pytest.mark.parametrize("at_work", [True, False])
def test_a_child_ends_with_its_worker(at_work: bool) -> None:
    """A worker that is killed says nothing to anybody: its pipe closes, and that is enough."""
    job = "c.work('tests.jobs.work:slow', {'log': b'/dev/null', 'name': b'x', 'seconds': b'600'})"
    code = (
        "import time; from engine.jobs.child import Child; c = Child(1); print(c._process.pid, c._folder, flush=True); "
    )
    code += job if at_work else "time.sleep(600)"
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    number, folder = parent.stdout.readline().split()
    child = int(number)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            assert not Path(folder).exists()
            return
        time.sleep(0.05)
    os.kill(child, 9)
    pytest.fail("the child outlived its worker")


def test_temporary_files_of_a_child_go_with_it() -> None:
    kind, name = order("folder", {})
    folder = Path(os.fsdecode(name))
    assert (kind, folder.is_dir()) == ("done", True)
    worker.end_children()
    assert not folder.exists()


def test_ending_a_child_twice_is_no_error() -> None:
    child = Child(1)
    child.end()
    child.end()

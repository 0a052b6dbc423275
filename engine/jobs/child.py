"""`python -m engine.jobs.child FOLDER`: a process in which jobs are done, one after the other, until its standard input ends.

It is started and not forked (TensorFlow hangs in a fork), by `subprocess` and not by `multiprocessing` (dask's workers are
daemons, which may have no such children), with the number of its threads in the environment, where TensorFlow and BLAS
read it when they are imported. It stays for the next job: importing TensorFlow and compiling graphs takes longer than a
small voice. When its worker dies, whatever it dies of, the pipe closes and the child ends at once. Its temporary files lie in
a folder of its own, which goes with it.
"""

from __future__ import annotations

import importlib
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from engine.errors import TelenovelaError
from engine.jobs.pipe import receive, send
from engine.quiet import hush

#: What TensorFlow, OpenMP and BLAS read their number of threads from.
THREADS = (
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
)

Message = tuple[dict[str, str], dict[str, bytes]]


class Child:
    """A worker's end of a child: started with so many threads to use, and asked to do one job after the other."""

    def __init__(self, threads: int):
        root = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
        self._folder = tempfile.mkdtemp(prefix="telenovela-")
        environment = {
            **os.environ,
            **dict.fromkeys(THREADS, str(threads)),
            "PYTHONPATH": path,
            "TMPDIR": self._folder,
        }
        self.threads, self.done = threads, 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "engine.jobs.child", self._folder],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment,
        )  # fmt: skip

    def work(self, function: str, files: Mapping[str, bytes]) -> tuple[str, bytes]:
        """`done` and what the job returned, or `failed` and a sentence. Raises EOFError or OSError when the child dies."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        send(self._process.stdin, {"function": function}, files)
        words, answer = receive(self._process.stdout)
        self.done += 1
        return words["is"], answer[""]

    def end(self) -> None:
        """End the process, at work or not."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            # What was still to be written goes nowhere.
            with suppress(OSError):
                stream.close()
        # A child that is killed cleans nothing up.
        shutil.rmtree(self._folder, ignore_errors=True)


def main(folder: str) -> int:
    # What a job prints goes to stderr, so that nothing but answers stands in the pipe.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # Ctrl-C in a terminal reaches everybody; the worker is who decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    hush()
    waiting: queue.Queue[Message] = queue.Queue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, waiting, folder), daemon=True).start()
    while True:
        words, files = waiting.get()
        kind, data = done(words["function"], files)
        send(answers, {"is": kind}, {"": data})


def done(function: str, files: Mapping[str, bytes]) -> tuple[str, bytes]:
    """Do a job here: `done` and what it returns, or `failed` and a sentence."""
    module, name = function.split(":")
    try:
        return "done", bytes(getattr(importlib.import_module(module), name)(files))
    except TelenovelaError as error:
        return "failed", str(error).encode()
    except Exception as error:
        # A fault of the program: the worker's log has all of it, the one who waits for the job gets its last line.
        traceback.print_exc()
        return "failed", f"{type(error).__name__}: {error}".encode()


def _listen(stream: IO[bytes], waiting: queue.Queue[Message], folder: str) -> None:
    """Take in messages while a job is done; when there are no more, nobody waits for its answer."""
    try:
        while True:
            waiting.put(receive(stream))
    finally:
        # A worker that is killed cleans nothing up.
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))

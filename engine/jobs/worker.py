"""What runs on a worker: it keeps the files that it was sent and the children that it started, and lets them do jobs.

An executor calls `carry_out` in a thread or process of its own; a job is done in a child, so that a worker answers its
scheduler while TensorFlow holds the interpreter (dask drops a worker that is silent for five minutes), and so that a job
that dies takes nothing with it but the child.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping

from engine import __version__
from engine.jobs.child import Child

#: Bytes of files that a worker keeps, the latest used. A base with its tokenizer and sheets is some 8 MB.
KEPT = 1 << 29
#: Jobs that a child does before another takes its place: what a library leaks goes with it.
LIFE = 200


class _Store:
    """Files by digest; when there are too many, those go that were not used for longest."""

    def __init__(self, most: int = KEPT):
        self.most = most
        self._files: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, names: Mapping[str, str], sent: Mapping[str, bytes]) -> dict[str, bytes]:
        """The files of a job by name (`names`: name -> digest); those that are not here are left out."""
        with self._lock:
            self._files.update(sent)
            found = {name: self._files[digest] for name, digest in names.items() if digest in self._files}
            for digest in names.values():
                if digest in self._files:
                    self._files.move_to_end(digest)
            while sum(map(len, self._files.values())) > self.most:
                self._files.popitem(last=False)
        return found


_store = _Store()
_idle: list[Child] = []
_busy: set[Child] = set()
_lock = threading.Lock()


def carry_out(
    version: str, function: str, names: Mapping[str, str], sent: Mapping[str, bytes], threads: int
) -> tuple[str, bytes]:
    """Do a job in a child of this process, which may use so many threads. `names` has the digest of each of its files,
    `sent` those files by digest that come with it.

    Returns `done` and what it made; `failed` and why; `lacks` and the digests of files that are not here and did not come with
    it; or `lost` when the child died.
    """
    if version != __version__:
        return (
            "failed",
            f"a worker has telenovela {__version__}, and this is {version}: install the same there".encode(),
        )
    files = _store.take(names, sent)
    lacking = {digest for name, digest in names.items() if name not in files}
    if lacking:
        return "lacks", "\n".join(sorted(lacking)).encode()
    child = _child(threads)
    try:
        kind, data = child.work(function, files)
    except (EOFError, OSError) as error:
        _gone(child)
        return "lost", f"the process that worked on it died ({error})".encode()
    except BaseException:
        _gone(child)
        raise
    if child.done >= LIFE:
        _gone(child)
    else:
        with _lock:
            _busy.discard(child)
            _idle.append(child)
    return kind, data


def end_children() -> None:
    """End every child of this process; jobs that they are at are lost."""
    with _lock:
        children = [*_idle, *_busy]
        _idle.clear()
    for child in children:
        child.end()


def _child(threads: int) -> Child:
    with _lock:
        fitting = next((child for child in _idle if child.threads == threads), None)
        if fitting is not None:
            _idle.remove(fitting)
        else:
            fitting = Child(threads)
        _busy.add(fitting)
        return fitting


def _gone(child: Child) -> None:
    with _lock:
        _busy.discard(child)
    child.end()

"""The folder where a troupe is put: built beside its place, under a lock, and changed for the old one in one step.

Killed at any moment, a run leaves the old troupe or the new one; what else it leaves (`.NAME.part`) the next run clears
away. Knows nothing of what is in a troupe.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from engine import signals
from engine.errors import TroupeError
from engine.files import NotWritten

if sys.platform != "win32":
    import fcntl

#: renameat2 (Linux 3.15): relative to the working folder, two names change places.
_HERE, _EXCHANGE = -100, 2


@contextmanager
def claimed(to: Path) -> Iterator[Path]:
    """An empty folder beside `to`, for as long as nobody else writes there; gone afterwards, unless it was `put`.

    Raises TroupeError where another run is at work on the same troupe, NotWritten where nothing can be written.
    """
    target = to.resolve()
    part = _beside(target, "part")
    with ExitStack() as stack:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _claim(part, to, stack)
            if target.is_dir():
                _claim(target, to, stack)
        except OSError as error:
            raise NotWritten.of(error, to) from error
        stack.callback(_clear, part)
        # A run that was killed left it so.
        _empty(part)
        shutil.rmtree(_beside(target, "old"), ignore_errors=True)
        yield part


def recovered(to: Path) -> bool:
    """Put back the old troupe where a run was killed before the new one stood in its place; whether there was one.

    Raises as `claimed` does.
    """
    target = to.resolve()
    old = _beside(target, "old")
    try:
        if target.exists() or not old.is_dir():
            return False
    except OSError as error:
        raise NotWritten.of(error, to) from error
    with ExitStack() as stack:
        _claim(old, to, stack)
        os.rename(old, target)
    return True


def put(part: Path, to: Path) -> None:
    """Let the finished folder take the place of `to`; what stood there is thrown away."""
    target = to.resolve()
    with signals.held():
        if not target.exists() or not any(target.iterdir()):
            with suppress(FileNotFoundError):
                target.rmdir()
            os.rename(part, target)
        elif not _exchanged(part, target):
            _in_two_steps(part, target)


def _in_two_steps(part: Path, target: Path) -> None:
    """Where folders cannot change places: `recovered` mends what is broken off between the steps."""
    old = _beside(target, "old")
    os.rename(target, old)
    try:
        os.rename(part, target)
    except BaseException:
        os.rename(old, target)
        raise
    os.rename(old, part)


def _exchanged(one: Path, other: Path) -> bool:
    """Let two folders change places at once; whether this system can."""
    if sys.platform != "linux":
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0)


def _beside(target: Path, suffix: str) -> Path:
    return target.parent / f".{target.name}.{suffix}"


def _claim(folder: Path, to: Path, stack: ExitStack) -> None:
    """Lock a folder, made if need be, until the stack is left; the lock goes with it where it is renamed to."""
    while True:
        folder.mkdir(exist_ok=True)
        if sys.platform == "win32":
            return
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        stack.callback(os.close, handle)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise TroupeError(f"{to}: another engine.adopt is at work on this troupe; wait until it is done") from error
        except OSError:
            return  # some network folders know no locks
        # The other run may have been done just now: then this name is another folder's, or nobody's.
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), os.lstat(folder)):
                return


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _clear(part: Path) -> None:
    shutil.rmtree(part, ignore_errors=True)

"""The journal of a session: a file of JSON lines that only grows. Knows nothing of what the entries mean.

An entry is on the disk before anything else is told of it. Several processes may write one journal: whoever writes holds
its lock and has read what the others wrote. A line that was cut off when a process was killed is dropped, and said so.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from engine.errors import ScriptError
from engine.files import NotWritten

if sys.platform != "win32":
    import fcntl

#: The most that is read of an entry's line, in bytes.
LONGEST = 1_000_000


class Journal:
    """A journal file. `read()` gives the entries that were not read yet; `dropped` says what was cut off, once."""

    def __init__(self, path: Path, writes: bool = True):
        self.path = path
        self.dropped = ""
        self._offset = 0
        self._lines = 0
        self._held = False
        try:
            if writes:
                path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND if writes else os.O_RDONLY
            self._file = os.open(path, flags | getattr(os, "O_CLOEXEC", 0), 0o666)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise NotWritten.of(error, path) from error

    def close(self) -> None:
        with suppress(OSError):
            os.close(self._file)

    @property
    def grown(self) -> bool:
        """Whether there is more in the file than was read."""
        return os.fstat(self._file).st_size != self._offset

    def read(self) -> list[dict[str, Any]]:
        """The whole entries since the last call. Raises ScriptError for a line that is none, with its place."""
        data = self._rest()
        whole = data[: data.rfind(b"\n") + 1]
        entries = []
        for line in whole.splitlines():
            self._lines += 1
            try:
                entry = json.loads(line) if len(line) <= LONGEST else None
            except (ValueError, RecursionError):
                entry = None
            if not isinstance(entry, dict):
                raise ScriptError(
                    f"{self.path}:{self._lines}: not an entry of a journal; remove this line, or begin anew with --new"
                )
            entries.append(entry)
        self._offset += len(whole)
        return entries

    def append(self, entry: Mapping[str, Any]) -> None:
        """Write an entry, whole, to the disk. Only while the journal is `held`. Raises NotWritten, and nothing is written."""
        assert self._held, "hold the journal before writing"
        data = json.dumps(entry, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        end = os.fstat(self._file).st_size
        try:
            if os.write(self._file, data) != len(data):
                raise OSError(28, "the disk is full")
            os.fsync(self._file)
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(self._file, end)
            raise NotWritten.of(error, self.path) from error
        self._offset += len(data)
        self._lines += 1

    @contextmanager
    def held(self) -> Iterator[list[dict[str, Any]]]:
        """While a process writes: the others wait. Yields what they wrote since."""
        if self._held:
            yield []
            return
        if sys.platform != "win32":
            with suppress(OSError):  # some network folders know no locks
                fcntl.flock(self._file, fcntl.LOCK_EX)
        self._held = True
        try:
            found = self.read()
            torn = len(self._rest())
            if torn:
                # Only who holds the lock writes: nobody will write the rest of this line.
                os.ftruncate(self._file, self._offset)
                self.dropped = (
                    f"{self.path}: its last line was cut off ({torn} bytes: the session was killed) and is left out"
                )
            yield found
        finally:
            self._held = False
            if sys.platform != "win32":
                with suppress(OSError):
                    fcntl.flock(self._file, fcntl.LOCK_UN)

    def _rest(self) -> bytes:
        size = os.fstat(self._file).st_size
        if size < self._offset:
            raise ScriptError(f"{self.path}: the journal was cut while it was in use; open the session again")
        pieces, at = [], self._offset
        while at < size:
            os.lseek(self._file, at, os.SEEK_SET)
            piece = os.read(self._file, size - at)
            if not piece:
                break
            pieces.append(piece)
            at += len(piece)
        return b"".join(pieces)

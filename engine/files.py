"""Writing and hashing files: whole or not at all. Knows nothing of what is in them."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl


class NotWritten(OSError):
    """A file or folder that cannot be written: with its name, and the system's reason."""

    @classmethod
    def of(cls, error: OSError, path: Path) -> NotWritten:
        return cls(error.errno, error.strerror or str(error), str(path))


def is_file(path: Path) -> bool:
    """Whether there is such a file; a name from a sheet may be one that no file system takes."""
    try:
        return path.is_file()
    except OSError:
        return False


def write_bytes(path: Path, data: bytes) -> None:
    """Write `path` atomically: a reader, or a run that is killed, finds the old file or the new one, never half.

    A link stays a link and a private file private. Raises NotWritten.
    """
    try:
        _write(Path(os.path.realpath(path)), data)
    except OSError as error:
        raise NotWritten.of(error, path) from error


def write_text(path: Path, text: str) -> None:
    write_bytes(path, text.encode("utf-8"))


def from_here(path: Path) -> Path:
    """A path as one would type it in this folder."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def check_folder(folder: Path) -> None:
    """Raises NotWritten for a folder in which nothing can be written; to be asked before hours of work."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x" * 4096)
    except OSError as error:
        raise NotWritten.of(error, folder) from error


def write_bytes_somewhere(path: Path, data: bytes) -> None:
    """Write `path`, or where that fails a file in the temporary folder: it took long to make.

    Raises NotWritten all the same, and says where it is now.
    """
    try:
        write_bytes(path, data)
    except NotWritten as error:
        try:
            kept = Path(tempfile.mkdtemp(prefix="telenovela-")) / path.name
            write_bytes(kept, data)
        except OSError:
            raise error from None
        raise NotWritten(error.errno, f"{error.strerror}; what was trained is kept as {kept}", str(path)) from error


def digest(*parts: bytes | str) -> str:
    """Twelve hex digits of SHA-256 over the parts, each set off by its length."""
    state = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8") if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "big") + data)
    return state.hexdigest()[:12]


def _write(path: Path, data: bytes) -> None:
    mode = _mode(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = _part(path)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(part, mode)
            if sys.platform == "win32":
                file.close()
            # While the handle is open, its lock keeps others from the part.
            os.replace(part, path)
        _settle(path.parent)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def _mode(path: Path) -> int:
    """The permissions that a file has, or would have. Raises OSError for what is there and no file."""
    try:
        found = path.stat().st_mode
    except FileNotFoundError:
        return 0o666 & ~_umask()
    if not stat.S_ISREG(found):
        kind = errno.EISDIR if stat.S_ISDIR(found) else errno.EINVAL
        raise OSError(kind, "there is a folder of this name" if kind == errno.EISDIR else "not a plain file")
    return stat.S_IMODE(found)


def _part(path: Path) -> tuple[int, str]:
    """A new file beside `path`, open and empty. A killed run leaves at most one, and the next one takes it over."""
    if sys.platform == "win32":
        return tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    name = str(path.parent / f".{path.name}.part")
    while True:
        handle = os.open(name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            # Whoever else writes this file is waited for; then the name may be another file's, and we begin again.
            with suppress(OSError):  # some network folders know no locks
                fcntl.flock(handle, fcntl.LOCK_EX)
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(handle), os.lstat(name)):
                    os.ftruncate(handle, 0)
                    return handle, name
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _settle(folder: Path) -> None:
    """Have the renames in a folder on the disk, where the system does that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

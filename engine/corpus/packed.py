"""Files in a zip, opened with care: no more is unpacked than a script can have. Knows no format."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from engine.errors import ScriptError

#: A script of a thousand pages has 2 MB of text; whatever unpacks to more than this is an attack or a film.
MOST = 128 * 2**20
#: A test of a file's bytes and suffix.
Test = Callable[[bytes, str], bool]
MAGIC = b"PK\x03\x04"


def names(data: bytes) -> list[str]:
    """The names of the files in a zip; none for whatever is no zip."""
    if not data.startswith(MAGIC):
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.namelist()[:10_000]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return []


def checked(data: bytes, path: Path) -> zipfile.ZipFile:
    """A zip whose files all together are not too large. Raises ScriptError for any other."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise ScriptError(f"{path}: this file is damaged: {error}; save it again, or export it as text") from error
    if sum(info.file_size for info in archive.infolist()) > MOST:
        raise ScriptError(f"{path}: unpacks to more than {MOST >> 20} MB, which no script does")
    return archive


def member(archive: zipfile.ZipFile, name: str, path: Path) -> bytes:
    """One file of a zip. Raises ScriptError if it is locked or damaged."""
    try:
        return archive.read(name)
    except (KeyError, RuntimeError, zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError) as error:
        raise ScriptError(f"{path}: {name} in it cannot be unpacked: {error} (locked with a password?)") from error

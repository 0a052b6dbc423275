"""Files of a folder as one zip and back: the same files give the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from engine.errors import JobError


def pack(files: Mapping[str, bytes]) -> bytes:
    """A zip of files by their path, in order, with no dates in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name)
            # Permissions of a plain file: without them it is unpacked as one that nobody may read.
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def files_of(folder: Path, paths: Iterable[Path]) -> dict[str, bytes]:
    """What stands in those of `paths` that are files, by their paths in the folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if path.is_file()}


def unpack(data: bytes, folder: Path) -> None:
    """Write the files of a zip below a folder. Raises JobError for what is no such zip, or would lie elsewhere."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                write_below(folder, entry.filename, archive.read(entry))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError) as error:
        raise JobError(f"what came is no parcel ({error})") from error


def write_below(folder: Path, name: str, data: bytes) -> None:
    """Write a file at a relative path below a folder. Raises ValueError for a path that leads elsewhere."""
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts or "\\" in name or ":" in name:
        raise ValueError(f"{name!r:.80} lies outside of the folder")
    path = folder / parts
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)

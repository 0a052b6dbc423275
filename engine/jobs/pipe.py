"""Messages over a pipe: a few words of JSON, and bytes. No pickle: what comes in is data, whoever sends it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO


def send(stream: IO[bytes], words: Mapping[str, str], files: Mapping[str, bytes]) -> None:
    """Write one message. Raises OSError when the other end is gone."""
    head = json.dumps({"words": dict(words), "files": {name: len(data) for name, data in files.items()}}).encode()
    stream.write(len(head).to_bytes(8, "big") + head)
    for data in files.values():
        stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, str], dict[str, bytes]]:
    """Read one message. Raises EOFError when the other end is gone."""
    head = json.loads(_read(stream, int.from_bytes(_read(stream, 8), "big")))
    return head["words"], {name: _read(stream, size) for name, size in head["files"].items()}


def _read(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError("the other end is gone")
    return data

"""Writes weights files: safetensors, float16 for the most part, that are named by their content. Knows nothing of how arrays are trained."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from engine.files import digest, write_bytes


def write_weights(path: Path, arrays: Mapping[str, NDArray[Any]], header: Mapping[str, str]) -> None:
    """Write arrays, as float16 but where they are integers, and a header to which their `fingerprint` (twelve hex digits) is added.

    The file is written whole or not at all; `engine.voices.voice.Library` reads it back as float32.
    """
    stored = {name: np.ascontiguousarray(_half(arrays[name])) for name in sorted(arrays)}
    fingerprint = digest(*(part for name, value in stored.items() for part in (name, value.tobytes())))
    write_bytes(path, _in_order(save(stored, {**header, "fingerprint": fingerprint})))


def _half(array: NDArray[Any]) -> NDArray[Any]:
    return array if np.issubdtype(array.dtype, np.integer) else array.astype(np.float16)


def _in_order(data: bytes) -> bytes:
    """The file with its header's fields sorted: the library writes them in another order each time."""
    size = int.from_bytes(data[:8], "little")
    found = json.loads(data[8 : 8 + size])
    metadata = dict(sorted(found.pop("__metadata__").items()))
    text = json.dumps({"__metadata__": metadata, **found}, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + data[8 + size :]

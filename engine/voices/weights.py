"""Writes weights files: float16 safetensors that are named by their content. Knows nothing of how arrays are trained."""

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
    """Write arrays as float16, and a header to which their `fingerprint` (twelve hex digits) is added.

    The file is written whole or not at all; `engine.voices.voice.Library` reads it back as float32.
    """
    half = {name: np.ascontiguousarray(arrays[name].astype(np.float16)) for name in sorted(arrays)}
    fingerprint = digest(*(part for name, value in half.items() for part in (name, value.tobytes())))
    write_bytes(path, _in_order(save(half, {**header, "fingerprint": fingerprint})))


def _in_order(data: bytes) -> bytes:
    """The file with its header's fields sorted: the library writes them in another order each time."""
    size = int.from_bytes(data[:8], "little")
    found = json.loads(data[8 : 8 + size])
    metadata = dict(sorted(found.pop("__metadata__").items()))
    text = json.dumps({"__metadata__": metadata, **found}, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + data[8 + size :]

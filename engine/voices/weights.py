"""Weights files: safetensors named by their content, matrices as int8 rows with a scale each. Knows nothing of training.

A row of eight-bit numbers and one float16 costs a quarter of float32 and next to nothing in likelihood (docs/voices.md).
Vectors stay float16; integers stay as they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from engine.files import digest, write_bytes, write_bytes_somewhere

#: The name of a matrix's scales is its own with this behind it.
SCALE = ":scale"
#: Matrices with fewer numbers than this are not worth a scale a row.
SMALL = 256
_NORMAL = np.finfo(np.float16).smallest_normal
#: What arrays may be stored as.
_TYPES = (np.int8, np.int32, np.int64, np.float16, np.float32)


def write_weights(
    path: Path, arrays: Mapping[str, NDArray[Any]], header: Mapping[str, str], *, precious: bool = True
) -> None:
    """Write arrays and a header to which their `fingerprint` (twelve hex digits) is added.

    The file is written whole or not at all; `unpacked` gives the arrays back as float32. Raises NotWritten where it cannot
    be written there; what is `precious` (it was trained) is then kept elsewhere, and the error says where.
    """
    stored = packed(arrays)
    write = write_bytes_somewhere if precious else write_bytes
    write(path, _in_order(save(stored, {**header, "fingerprint": fingerprint(stored)})))


def fingerprint(stored: Mapping[str, NDArray[Any]]) -> str:
    """Twelve hex digits that name stored arrays, whatever order they come in."""
    order = sorted(stored, key=lambda name: (name.removesuffix(SCALE), name))
    return digest(*(part for name in order for part in (name, stored[name].tobytes())))


def packed(arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Arrays as they are stored, in the order of their names."""
    found: dict[str, NDArray[Any]] = {}
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        if np.issubdtype(array.dtype, np.integer):
            found[name] = array
        elif array.ndim == 2 and array.size >= SMALL:
            scale = (np.abs(array).max(axis=1) / 127).astype(np.float16)
            # Among the smallest numbers of float16 rounding down would cut off the largest of a row.
            short = (scale < _NORMAL) & (scale * np.float32(127) < np.abs(array).max(axis=1))
            scale = np.where(short, np.nextafter(scale, np.float16(1)), scale)
            # float16 rounds: what is stored is divided by the scale that is read back.
            divisor = np.where(scale > 0, scale, np.float16(1)).astype(np.float32)[:, None]
            found[name] = np.clip(np.rint(array / divisor), -127, 127).astype(np.int8)
            found[name + SCALE] = scale
        else:
            found[name] = array.astype(np.float16)
    return found


def unpacked(stored: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[np.float32]]:
    """Stored arrays as float32. Raises ValueError for types and scales that fit no matrix, and for numbers that are not
    finite."""
    found = {}
    for name, array in stored.items():
        if name.endswith(SCALE):
            if name.removesuffix(SCALE) not in stored:
                raise ValueError(f"{name} belongs to nothing")
            continue
        value, scale = _floats(name, array), stored.get(name + SCALE)
        if scale is not None:
            if array.ndim != 2 or array.dtype != np.int8 or scale.shape != array.shape[:1]:
                raise ValueError(f"the scales of {name} do not fit")
            value *= _floats(name, scale)[:, None]
        elif array.dtype == np.int8:
            raise ValueError(f"{name} has no scales")
        if not np.isfinite(value).all():
            raise ValueError(f"{name} holds numbers that are not finite")
        found[name] = value
    return found


def _floats(name: str, array: NDArray[Any]) -> NDArray[np.float32]:
    """An array as float32; what is too large becomes infinite, and is refused for that."""
    if array.dtype not in _TYPES:
        raise ValueError(f"{name} is stored as {array.dtype}")
    with np.errstate(all="ignore"):
        return array.astype(np.float32)


def _in_order(data: bytes) -> bytes:
    """The file with its header's fields sorted: the library writes them in another order each time."""
    size = int.from_bytes(data[:8], "little")
    found = json.loads(data[8 : 8 + size])
    metadata = dict(sorted(found.pop("__metadata__").items()))
    text = json.dumps({"__metadata__": metadata, **found}, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + data[8 + size :]

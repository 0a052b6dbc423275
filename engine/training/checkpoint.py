"""The state of an unfinished training, kept in one file so that a killed run goes on where it was."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from engine.files import NotWritten, write_bytes
from engine.text import printable


class Checkpoint:
    """A safetensors file with the arrays of a run, and in its header the settings that they belong to."""

    def __init__(self, path: Path):
        self.path = path

    def save(self, arrays: Mapping[str, np.ndarray], run: Mapping[str, Any]) -> None:
        """Write the state of a run; a run that cannot be kept goes on all the same, and says so."""
        try:
            write_bytes(self.path, save(dict(arrays), {"run": json.dumps(run, sort_keys=True)}))
        except NotWritten as error:
            print(printable(f"{self.path}: cannot be written, training goes on: {error.strerror}"), file=sys.stderr)

    def load(self, run: Mapping[str, Any]) -> dict[str, np.ndarray] | None:
        """The arrays, or None when there is no file, a broken one, or one of another run."""
        try:
            with safe_open(str(self.path), framework="numpy") as file:
                if (file.metadata() or {}).get("run") != json.dumps(run, sort_keys=True):
                    return None
                return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
        except (OSError, SafetensorError):
            return None

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)

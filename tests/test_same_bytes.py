"""The same scene with the same seed is the same file, whatever the hash seed, threads, folder, locale and width."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

#: What may differ from one machine to the next.
ELSEWHERE = {
    "hash seed": {"PYTHONHASHSEED": "12345"},
    "threads": {"OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2", "MKL_NUM_THREADS": "2"},
    "locale": {"LC_ALL": "C", "LANG": "C", "TZ": "Pacific/Auckland"},
    "width": {"COLUMNS": "37", "TERM": "dumb"},
    "ascii": {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
}


def played(folder: Path, changed: dict[str, str], name: str, where: Path = ROOT) -> bytes:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"} | changed
    saved = folder / f"{name.replace(' ', '-')}.json"
    command = [sys.executable, "-m", "engine.scene", str(ROOT / "scenes" / "party.yaml"), "--plain", "--seed", "3"]
    done = subprocess.run(
        [*command, "--turns", "14", "--save", str(saved)], cwd=where, env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return saved.read_bytes()


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes_everywhere(tmp_path: Path) -> None:
    here = played(tmp_path, {}, "here")
    found = {name: played(tmp_path, changed, name) == here for name, changed in ELSEWHERE.items()}
    found["folder"] = played(tmp_path, {}, "folder", where=tmp_path) == here
    assert found == dict.fromkeys(found, True)

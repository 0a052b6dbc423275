from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.voices.library import Library
from engine.voices.weights import write_weights
from tests.conftest import toy_change


def test_weights_files_are_named_by_what_is_in_them(tmp_path: Path) -> None:
    one, other = tmp_path / "one.safetensors", tmp_path / "other.safetensors"
    write_weights(one, toy_change(20), {"parent": "base"})
    write_weights(other, dict(reversed(toy_change(20).items())), {"parent": "base"})
    assert one.read_bytes() == other.read_bytes()
    write_weights(other, toy_change(20, seed=2), {"parent": "base"})
    library = Library(tmp_path)
    assert library.file("one").fingerprint != library.file("other").fingerprint
    np.testing.assert_allclose(library.arrays("one")["bias"], toy_change(20)["bias"], atol=2e-3)


def test_numbers_that_are_whole_stay_so(tmp_path: Path) -> None:
    path = tmp_path / "one.safetensors"
    write_weights(path, {"counts": np.array([1, 70_000]), "bias": np.array([0.5, 2.0])}, {})
    arrays = Library(tmp_path).arrays("one")
    assert arrays["counts"].tolist() == [1.0, 70_000.0]
    assert arrays["bias"].tolist() == [0.5, 2.0]

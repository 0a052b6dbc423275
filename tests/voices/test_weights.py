from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from engine.voices.registry import Registry
from engine.voices.weights import SMALL, packed, unpacked, write_weights
from tests.conftest import toy_change


def test_weights_files_are_named_by_what_is_in_them(tmp_path: Path) -> None:
    one, other = tmp_path / "one.safetensors", tmp_path / "other.safetensors"
    write_weights(one, toy_change(20), {"parent": "base"})
    write_weights(other, dict(reversed(toy_change(20).items())), {"parent": "base"})
    assert one.read_bytes() == other.read_bytes()
    write_weights(other, toy_change(20, seed=2), {"parent": "base"})
    registry = Registry(tmp_path)
    assert registry.file("one").fingerprint != registry.file("other").fingerprint
    np.testing.assert_allclose(registry.arrays("one")["bias"], toy_change(20)["bias"], atol=2e-3)


def test_numbers_that_are_whole_stay_so(tmp_path: Path) -> None:
    path = tmp_path / "one.safetensors"
    write_weights(path, {"counts": np.array([1, 70_000]), "bias": np.array([0.5, 2.0])}, {})
    arrays = Registry(tmp_path).arrays("one")
    assert arrays["counts"].tolist() == [1.0, 70_000.0]
    assert arrays["bias"].tolist() == [0.5, 2.0]


matrices = arrays(np.float32, st.tuples(st.integers(1, 9), st.integers(64, 90)), elements=st.floats(-9, 9, width=32))


@given(matrices)
def test_large_matrices_are_rows_of_eight_bits(matrix: NDArray[np.float32]) -> None:
    stored = packed({"x": matrix})
    again = unpacked(stored)["x"]
    assert set(stored) == ({"x", "x:scale"} if matrix.size >= SMALL else {"x"})
    # Half a step of a row's own scale, or what float16 rounds.
    step = np.abs(matrix).max(axis=1, keepdims=True) / 127
    assert (np.abs(again - matrix) <= 0.51 * step + 2e-3 * np.abs(matrix) + 1e-6).all()


def test_scales_that_fit_no_matrix_and_numbers_without_end_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^the scales of x do not fit$"):
        unpacked({"x": np.zeros((3, 4), np.int8), "x:scale": np.zeros(2, np.float16)})
    with pytest.raises(ValueError, match=r"^x holds numbers that are not finite$"):
        unpacked({"x": np.array([np.inf], np.float16)})

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.voices.network import Arrays, Network, State, log_sum_exp
from tests.conftest import toy_arrays, toy_change

#: Width 2, three words, one layer: every number can be followed by hand.
TINY: Arrays = {
    "embedding": np.array([[0.5, -0.5], [1.0, 0.25], [-0.75, 0.1]], np.float32),
    "bias": np.array([0.1, 0.0, -0.1], np.float32),
    "lstm.0.kernel": np.arange(16, dtype=np.float32).reshape(2, 8) / 10,
    "lstm.0.recurrent": np.arange(16, dtype=np.float32)[::-1].reshape(2, 8) / 20,
    "lstm.0.bias": np.array([0, 0, 1, 1, 0, 0, 0, 0], np.float32),
}


def slow_step(arrays: Arrays, word: int, hidden: np.ndarray, cell: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The equations of Hochreiter and Schmidhuber, gate by gate, in float64."""

    def sigmoid(value: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-value))

    gates = arrays["embedding"][word].astype(float) @ arrays["lstm.0.kernel"].astype(float)
    gates = gates + hidden @ arrays["lstm.0.recurrent"].astype(float) + arrays["lstm.0.bias"]
    into, forget, new, out = np.split(gates, 4)
    cell = sigmoid(forget) * cell + sigmoid(into) * np.tanh(new)
    return sigmoid(out) * np.tanh(cell), cell


def test_golden_numbers() -> None:
    network = Network(TINY)
    flow, _ = network.run(np.array([[0], [1], [2]]), network.zero())
    np.testing.assert_allclose(
        flow[:, 0], [[-0.06072153, -0.06072153], [0.13100207, 0.17918807], [0.0407997, 0.03930356]], atol=1e-6
    )
    np.testing.assert_allclose(network.logits(flow[-1]), [[0.10074807, 0.05062559, -0.12666942]], atol=1e-6)


def test_the_equations() -> None:
    network = Network(TINY)
    hidden, cell = np.zeros(2), np.zeros(2)
    state = network.zero()
    for word in (0, 1, 2, 1, 1, 0):
        hidden, cell = slow_step(TINY, word, hidden, cell)
        flow, state = network.step(np.array([word]), state)
        np.testing.assert_allclose(flow[0], hidden, atol=1e-6)
        np.testing.assert_allclose(state.cell[0, 0], cell, atol=1e-6)


@given(st.lists(st.integers(0, 19), min_size=1, max_size=12), st.integers(1, 3))
def test_all_at_once_and_step_by_step_are_the_same(words: list[int], batch: int) -> None:
    network = Network(toy_arrays(20), [toy_change(20)])
    ids = np.array(words)[:, None].repeat(batch, 1)
    together, last = network.run(ids, network.zero(batch))
    state = network.zero(batch)
    for step, word in enumerate(ids):
        flow, state = network.step(word, state)
        np.testing.assert_allclose(flow, together[step], atol=1e-5)
    np.testing.assert_allclose(state.cell, last.cell, atol=1e-5)
    np.testing.assert_allclose(state.hidden, last.hidden, atol=1e-5)


def test_running_leaves_weights_and_states_as_they_were() -> None:
    arrays = toy_arrays(20)
    copies = {name: array.copy() for name, array in arrays.items()}
    network = Network(arrays, [toy_change(20)])
    zero = network.zero(2)
    network.run(np.array([[1, 2], [3, 4]]), zero)
    network.step(np.array([1, 2]), zero)
    assert not zero.hidden.any()
    assert not zero.cell.any()
    assert all(np.array_equal(arrays[name], copies[name]) for name in arrays)


def test_a_low_rank_change_is_the_merged_network() -> None:
    arrays, first, second = toy_arrays(20), toy_change(20), toy_change(20, seed=5)
    whole = dict(arrays)
    for change in (first, second):
        whole["bias"] = whole["bias"] + change["bias"]
        whole["embedding"] = whole["embedding"] + change["words.down"] @ change["words.up"]
        whole["lstm.0.bias"] = whole["lstm.0.bias"] + change["lstm.0.bias"]
        for name in ("lstm.0.kernel", "lstm.1.recurrent"):
            whole[name] = whole[name] + change[f"{name}.down"] @ change[f"{name}.up"]
    ids = np.arange(12).reshape(6, 2)
    changed, merged = Network(arrays, [first, second]), Network(whole)
    flow, expected = changed.run(ids, changed.zero(2))[0], merged.run(ids, merged.zero(2))[0]
    np.testing.assert_allclose(flow, expected, atol=1e-4)
    np.testing.assert_allclose(changed.logits(flow[-1]), merged.logits(expected[-1]), atol=1e-3)


def test_log_sum_exp_does_not_overflow() -> None:
    assert log_sum_exp(np.array([[1000.0, 1000.0], [-1000.0, -1000.0]], np.float32)).tolist() == pytest.approx(
        [1000.6931, -999.3069], abs=1e-3
    )


def test_streams_are_taken_and_repeated() -> None:
    state = State(np.arange(4, dtype=np.float32).reshape(1, 2, 2), np.zeros((1, 2, 2), np.float32))
    assert state.take(np.array([1])).hidden.tolist() == [[[2.0, 3.0]]]
    assert state.take(np.array([1])).repeat(3).hidden.shape == (1, 3, 2)

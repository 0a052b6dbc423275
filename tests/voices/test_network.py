from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.voices.network import Arrays, Attention, Network, Past, State, log_sum_exp
from tests.conftest import toy_arrays, toy_change

#: Width 2, three words, one layer: every number can be followed by hand.
TINY: Arrays = {
    "embedding": np.array([[0.5, -0.5], [1.0, 0.25], [-0.75, 0.1]], np.float32),
    "bias": np.array([0.1, 0.0, -0.1], np.float32),
    "lstm.0.kernel": np.arange(16, dtype=np.float32).reshape(2, 8) / 10,
    "lstm.0.recurrent": np.arange(16, dtype=np.float32)[::-1].reshape(2, 8) / 20,
    "lstm.0.bias": np.array([0, 0, 1, 1, 0, 0, 0, 0], np.float32),
}


#: What a head in front of it (`LOOKING`) makes of the words 0, 1, 2, 1.
GOLDEN = [[-0.06072153, -0.06072153], [0.07741353, 0.2863651], [0.1124676, -0.10403228], [0.34515858, 0.2287461]]


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


# -- attention -----------------------------------------------------------------------------------------------------

#: The same network with a head of one key and one value that looks two states back.
LOOKING: Arrays = TINY | {
    "attention.query": np.array([[4.0], [2.0]], np.float32),
    "attention.key": np.array([[1.0], [-3.0]], np.float32),
    "attention.value": np.array([[2.0], [1.0]], np.float32),
    "attention.out": np.array([[0.5, -1.0]], np.float32),
    "attention.near": np.array([0.25, -0.5], np.float32),
}


def slow_look(arrays: Arrays, flow: np.ndarray) -> np.ndarray:
    """Top states (n, width) with what attention adds, state by state and in float64: after a scene's beginning."""
    query, key, value, out, near = (
        arrays[f"attention.{part}"].astype(float) for part in ("query", "key", "value", "out", "near")
    )
    found = []
    for at, state in enumerate(flow.astype(float)):
        before = range(max(0, at - len(near)), at)
        scores = [0.0] + [
            float((state @ query) @ (flow[each].astype(float) @ key)) / np.sqrt(query.shape[1]) + near[at - each - 1]
            for each in before
        ]
        shares = np.exp(scores) / np.exp(scores).sum()
        values = [np.zeros(value.shape[1]), *(flow[each].astype(float) @ value for each in before)]
        found.append(state + sum(share * each for share, each in zip(shares, values, strict=True)) @ out)
    return np.array(found)


def test_golden_numbers_with_attention() -> None:
    network = Network(LOOKING)
    flow, _ = network.run(np.array([[0], [1], [2], [1]]), network.zero())
    np.testing.assert_allclose(flow[:, 0], GOLDEN, atol=1e-6)


def test_the_equations_of_attention() -> None:
    arrays, words = toy_arrays(20), np.random.default_rng(4).integers(0, 20, 25)
    plain = Network({name: array for name, array in arrays.items() if not name.startswith("attention")})
    flow, _ = plain.run(words[:, None], plain.zero())
    looking = Network(arrays)
    np.testing.assert_allclose(
        looking.run(words[:, None], looking.zero())[0][:, 0], slow_look(arrays, flow[:, 0]), atol=1e-5
    )


def test_the_first_state_looks_at_nothing() -> None:
    plain, looking = Network(TINY), Network(LOOKING)
    ids = np.array([[0], [1]])
    without, with_it = plain.run(ids, plain.zero())[0], looking.run(ids, looking.zero())[0]
    assert np.array_equal(without[0], with_it[0])
    assert not np.allclose(without[1], with_it[1])


def test_nothing_further_back_than_the_span_is_seen() -> None:
    head = Attention(toy_arrays(20, span=3))
    generator = np.random.default_rng(0)
    flow = generator.normal(size=(1, 8, 16)).astype(np.float32)
    other = flow.copy()
    other[:, :4] = generator.normal(size=(1, 4, 16))
    looked, otherwise = (head.look(each, None, None, head.past(each)) for each in (flow, other))
    # State 7 sees 4, 5 and 6; state 6 sees 3 too, which is another one.
    np.testing.assert_allclose(looked[:, 7], otherwise[:, 7], atol=1e-6)
    assert not np.allclose(looked[:, 6], otherwise[:, 6])


@pytest.mark.parametrize("prompt", [1, 4, 15])
def test_a_common_past_is_the_same_as_ones_own(prompt: int) -> None:
    network = Network(toy_arrays(20), [toy_change(20)])
    ids = np.random.default_rng(1).integers(0, 20, (prompt, 1))
    after = np.random.default_rng(2).integers(0, 20, (12, 3))
    alone = [
        network.run(np.concatenate([ids, after[:, row : row + 1]]), network.zero())[0][prompt:] for row in range(3)
    ]
    _, state = network.run(ids, network.zero())
    common = state.repeat(3)
    assert common.own is None
    assert common.shared is not None
    assert common.shared.keys.shape == (prompt, 4)
    flow, _ = network.run(after, common)
    for row in range(3):
        np.testing.assert_allclose(flow[:, row], alone[row][:, 0], atol=1e-5)
    # Step by step, and the rows taken in another order on the way.
    state, order = common, np.array([2, 0])
    for step in range(12):
        now, state = network.step(after[step] if step < 6 else after[step, order], state)
        expected = flow[step] if step < 6 else flow[step, order]
        np.testing.assert_allclose(now, expected, atol=1e-5)
        if step == 5:
            state = state.take(order)


def test_a_state_that_is_repeated_again_keeps_its_whole_past() -> None:
    network = Network(toy_arrays(20))
    ids = np.random.default_rng(3).integers(0, 20, (9, 1))
    whole, _ = network.run(ids, network.zero())
    _, state = network.run(ids[:3], network.zero())
    _, state = network.run(ids[3:6], state.repeat(1))
    flow, _ = network.run(ids[6:].repeat(2, 1), state.repeat(2))
    np.testing.assert_allclose(flow, whole[6:].repeat(2, 1), atol=1e-5)


def test_past_and_what_came_after_it() -> None:
    one = Past(np.zeros((2, 3, 4), np.float32), np.zeros((2, 3, 5), np.float32))
    other = Past(np.ones((2, 1, 4), np.float32), np.ones((2, 1, 5), np.float32))
    both = one.then(other)
    assert (both.keys.shape, both.values.shape) == ((2, 4, 4), (2, 4, 5))
    assert both.keys[0, :, 0].tolist() == [0, 0, 0, 1]


def test_a_head_that_gives_out_nothing_is_the_plain_network() -> None:
    arrays = toy_arrays(20)
    arrays["attention.out"] = np.zeros_like(arrays["attention.out"])
    plain = Network({name: array for name, array in arrays.items() if not name.startswith("attention")})
    ids = np.arange(12).reshape(6, 2)
    looking = Network(arrays)
    assert plain.attention is None
    np.testing.assert_allclose(looking.run(ids, looking.zero(2))[0], plain.run(ids, plain.zero(2))[0], atol=1e-6)


def test_the_arrays_of_a_merged_network_make_it_again() -> None:
    merged = Network(toy_arrays(20), [toy_change(20)])
    again = Network(merged.arrays())
    ids = np.arange(12).reshape(6, 2)
    np.testing.assert_allclose(again.run(ids, again.zero(2))[0], merged.run(ids, merged.zero(2))[0], atol=1e-5)
    assert set(merged.arrays()) == set(toy_arrays(20))

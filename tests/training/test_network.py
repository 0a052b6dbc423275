"""TensorFlow's network gives the numbers of numpy's, and numpy's those of Keras."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.voices.network import Network
from tests.conftest import toy_arrays, toy_change

pytestmark = [
    pytest.mark.slow,
    # TensorFlow and what it brings warn of their own future.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


def keras_logits(arrays: dict[str, Any], ids: Any) -> Any:
    """(batch, time, vocabulary) scores of `ids` (batch, time) by stock Keras layers with the same weights."""
    import keras

    size, width = arrays["embedding"].shape
    inputs = keras.Input((None,), dtype="int32")
    embedding = keras.layers.Embedding(size, width)
    flow = embedding(inputs)
    layers = [keras.layers.LSTM(width, return_sequences=True) for _ in range(2)]
    for layer in layers:
        flow = layer(flow)
    model = keras.Model(inputs, flow)
    embedding.set_weights([arrays["embedding"]])
    for number, layer in enumerate(layers):
        layer.set_weights([arrays[f"lstm.{number}.{part}"] for part in ("kernel", "recurrent", "bias")])
    return np.asarray(model(ids)) @ arrays["embedding"].T + arrays["bias"]


def test_numpy_and_keras_agree() -> None:
    arrays = toy_arrays(300, width=64, span=0)
    ids = np.random.default_rng(0).integers(0, 300, (4, 48))
    network = Network(arrays)
    flow, _ = network.run(ids.T, network.zero(4))
    ours = network.logits(flow.reshape(-1, 64)).reshape(48, 4, 300).transpose(1, 0, 2)
    theirs = keras_logits(arrays, ids)
    assert np.abs(ours - theirs).max() <= 1e-4
    assert np.array_equal(ours.argmax(2), theirs.argmax(2))


def _with_words(arrays: dict[str, Any]) -> Network:
    words = {name: array for name, array in arrays.items() if name.startswith("words.")}
    return Network({name: array for name, array in arrays.items() if name not in words}, [words])


def test_the_training_network_agrees_with_numpy() -> None:
    import tensorflow as tf

    from engine.training import network as training

    arrays = {**toy_arrays(50), **{n: a for n, a in toy_change(50).items() if n.startswith("words.")}}
    ids = np.random.default_rng(0).integers(0, 50, (12, 3)).astype(np.int32)
    weights = {name: tf.constant(array) for name, array in arrays.items()}
    flow, states, _ = training.hidden_states(
        tf.constant(ids), tf.ones((12, 1, 1)), tf.zeros((2, 2, 3, 16)), weights, 2, half=False
    )
    ours = _with_words(arrays)
    expected, last = ours.run(ids, ours.zero(3))
    np.testing.assert_allclose(flow.numpy(), expected, atol=1e-5)
    np.testing.assert_allclose(states.numpy()[:, 1], last.cell, atol=1e-5)
    scores = training.logits(flow[-1], weights, half=False).numpy()
    np.testing.assert_allclose(scores, ours.logits(expected[-1]), atol=1e-4)
    targets = tf.constant(ids[0])
    nats = training.losses(flow[-1], targets, weights, half=False).numpy()
    chosen = scores - np.log(np.exp(scores).sum(1, keepdims=True))
    np.testing.assert_allclose(nats, -chosen[np.arange(3), ids[0]], atol=1e-4)


def _states(arrays: dict[str, Any], ids: Any, keep: Any, past: Any = None, states: Any = None) -> tuple[Any, Any, Any]:
    """Top states of TensorFlow's network, its states and its past."""
    import tensorflow as tf

    from engine.training import network as training

    weights = {name: tf.constant(array) for name, array in arrays.items()}
    states = tf.zeros((2, 2, ids.shape[1], 16)) if states is None else states
    return training.hidden_states(
        tf.constant(ids.astype(np.int32)), tf.constant(keep), states, weights, 2, half=False, past=past
    )


def test_attention_over_windows_is_attention_at_once() -> None:
    """Three windows of a stream, each with the past of those before: numpy reads it all at once."""
    arrays = toy_arrays(50, span=5)
    ids = np.random.default_rng(1).integers(0, 50, (24, 3))
    keep = np.ones((8, 3, 1), np.float32)
    past, states, parts = None, None, []
    for start in (0, 8, 16):
        flow, states, past = _states(arrays, ids[start : start + 8], keep, past, states)
        parts.append(flow.numpy())
    network = Network(arrays)
    expected, _ = network.run(ids, network.zero(3))
    np.testing.assert_allclose(np.concatenate(parts), expected, atol=1e-5)


def test_nothing_is_attended_to_across_the_beginning_of_a_scene() -> None:
    """One stream begins a scene in the middle of a window, the other where a window begins."""
    arrays = toy_arrays(50, span=6)
    ids = np.random.default_rng(2).integers(0, 50, (16, 2))
    keep = np.ones((16, 2, 1), np.float32)
    keep[5, 0] = keep[8, 1] = 0
    past, states, parts = None, None, []
    for start in (0, 8):
        flow, states, past = _states(arrays, ids[start : start + 8], keep[start : start + 8], past, states)
        parts.append(flow.numpy())
    found = np.concatenate(parts)
    network = Network(arrays)
    for column, cut in ((0, 5), (1, 8)):
        for part in (slice(0, cut), slice(cut, 16)):
            expected, _ = network.run(ids[part, column : column + 1], network.zero())
            np.testing.assert_allclose(found[part, column], expected[:, 0], atol=1e-5)


def test_fresh_attention_adds_nothing_and_is_counted() -> None:
    from engine.training.network import Shape, initial

    shape = Shape(30, width=16, layers=1, span=8, key=4, value=6)
    arrays = initial(shape, 0)
    assert shape.weights == sum(array.size for array in arrays.values())
    assert not arrays["attention.out"].any()
    plain = Shape(30, width=16, layers=1, span=0)
    assert plain.weights == sum(array.size for array in initial(plain, 0).values())
    assert not any(name.startswith("attention") for name in initial(plain, 0))


def test_a_fresh_low_rank_change_changes_nothing() -> None:
    import tensorflow as tf

    from engine.training.network import low_rank, with_low_rank

    arrays = toy_arrays(20)
    merged = with_low_rank(
        {name: tf.constant(each) for name, each in arrays.items()},
        {name: tf.constant(each) for name, each in low_rank(16, 2, 3, 0).items()},
        2,
    )
    for name, array in arrays.items():
        np.testing.assert_array_equal(merged[name].numpy(), array)

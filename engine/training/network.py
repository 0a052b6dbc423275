"""The trainable network: a tied-weight LSTM language model in TensorFlow, built for two cores without a GPU.

What makes it fast, against `keras.layers.LSTM` (figures: `benchmarks/training.py`): the input products of all
time steps are one matrix product before the loop, the loop is unrolled, products run in bfloat16 while state
and weights stay float32, and the softmax of the first training phase is sampled (Jean et al. 2015).

The equations are those of `keras.layers.LSTM` (gates in the order input, forget, cell, output), so that
`engine.voices.network` plays and Keras checks the same arrays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

Arrays = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Shape:
    """The size of a network: `vocabulary` ids, `layers` LSTM layers of `width` units, embedding of `width`."""

    vocabulary: int
    width: int = 512
    layers: int = 2

    @property
    def weights(self) -> int:
        """How many numbers the network learns."""
        return self.vocabulary * (self.width + 1) + self.layers * (8 * self.width**2 + 4 * self.width)


def initial(shape: Shape, seed: int) -> Arrays:
    """Fresh weights: uniform embedding, Glorot kernels, orthogonal recurrence, forget bias 1."""
    generator = np.random.default_rng(seed)
    width = shape.width
    arrays: Arrays = {
        "embedding": generator.uniform(-0.1, 0.1, (shape.vocabulary, width)).astype(np.float32),
        "bias": np.zeros(shape.vocabulary, np.float32),
    }
    limit = np.sqrt(6.0 / (5 * width))
    for layer in range(shape.layers):
        bias = np.zeros(4 * width, np.float32)
        bias[width : 2 * width] = 1.0
        square = [np.linalg.qr(generator.normal(size=(width, width)))[0] for _ in range(4)]
        arrays[f"lstm.{layer}.kernel"] = generator.uniform(-limit, limit, (width, 4 * width)).astype(np.float32)
        arrays[f"lstm.{layer}.recurrent"] = np.concatenate(square, 1).astype(np.float32)
        arrays[f"lstm.{layer}.bias"] = bias
    return arrays


def count_layers(arrays: Mapping[str, object]) -> int:
    return sum(name.endswith(".recurrent") for name in arrays)


def low_rank(shape: Shape, rank: int, seed: int) -> Arrays:
    """A low-rank change of the LSTM (Hu et al. 2021) that changes nothing yet: `down` small and random, `up` zero."""
    generator = np.random.default_rng([seed, 1])
    width = shape.width
    change: Arrays = {}
    for number in range(shape.layers):
        change[f"lstm.{number}.bias"] = np.zeros(4 * width, np.float32)
        for part in ("kernel", "recurrent"):
            down = generator.normal(size=(width, rank)) / np.sqrt(width)
            change[f"lstm.{number}.{part}.down"] = down.astype(np.float32)
            change[f"lstm.{number}.{part}.up"] = np.zeros((rank, 4 * width), np.float32)
    return change


def with_low_rank(
    weights: Mapping[str, tf.Tensor], change: Mapping[str, tf.Tensor], layers: int
) -> dict[str, tf.Tensor]:
    """Weights with a low-rank change of the LSTM merged in."""
    merged = dict(weights)
    for number in range(layers):
        merged[f"lstm.{number}.bias"] = weights[f"lstm.{number}.bias"] + change[f"lstm.{number}.bias"]
        for part in ("kernel", "recurrent"):
            name = f"lstm.{number}.{part}"
            merged[name] = weights[name] + change[f"{name}.down"] @ change[f"{name}.up"]
    return merged


def product(left: tf.Tensor, right: tf.Tensor, half: bool) -> tf.Tensor:
    """A matrix product, in bfloat16 with float32 in and out when `half`."""
    if not half:
        return left @ right
    return tf.cast(tf.cast(left, tf.bfloat16) @ tf.cast(right, tf.bfloat16), tf.float32)


def layer(
    inputs: tf.Tensor,
    keep: tf.Tensor,
    state: tuple[tf.Tensor, tf.Tensor],
    weights: Mapping[str, tf.Tensor],
    number: int,
    half: bool,
) -> tuple[tf.Tensor, tuple[tf.Tensor, tf.Tensor]]:
    """One LSTM layer over `inputs` (time, batch, width).

    `keep` (time, batch, 1) is 0 where a scene begins: the state before that step is forgotten. The loop is
    unrolled, so the number of time steps must be known when the graph is built.
    """
    steps, batch, width = inputs.shape[0], tf.shape(inputs)[1], inputs.shape[2]
    kernel, recurrent = weights[f"lstm.{number}.kernel"], weights[f"lstm.{number}.recurrent"]
    gates = product(tf.reshape(inputs, (-1, width)), kernel, half) + weights[f"lstm.{number}.bias"]
    per_step = tf.unstack(tf.reshape(gates, (steps, batch, 4 * width)))
    keeps = tf.unstack(keep)
    recurrent = tf.cast(recurrent, tf.bfloat16) if half else recurrent
    hidden, cell = state
    outputs = []
    for step in range(steps):
        hidden, cell = hidden * keeps[step], cell * keeps[step]
        if half:
            gate = per_step[step] + tf.cast(tf.cast(hidden, tf.bfloat16) @ recurrent, tf.float32)
        else:
            gate = per_step[step] + hidden @ recurrent
        into, forget, new, out = tf.split(gate, 4, axis=1)
        cell = tf.sigmoid(forget) * cell + tf.sigmoid(into) * tf.tanh(new)
        hidden = tf.sigmoid(out) * tf.tanh(cell)
        outputs.append(hidden)
    return tf.stack(outputs), (hidden, cell)


def locked_dropout(tensor: tf.Tensor, rate: float, seed: tf.Tensor) -> tf.Tensor:
    """Variational dropout (Gal and Ghahramani 2016): one mask for all time steps of (time, batch, width)."""
    if rate <= 0.0:
        return tensor
    shape = tf.concat([[1], tf.shape(tensor)[1:]], 0)
    mask = tf.random.stateless_uniform(shape, seed) >= rate
    return tensor * tf.cast(mask, tf.float32) / (1.0 - rate)


def hidden_states(
    ids: tf.Tensor,
    keep: tf.Tensor,
    states: tf.Tensor,
    weights: Mapping[str, tf.Tensor],
    layers: int,
    half: bool,
    dropout: float = 0.0,
    seed: tf.Tensor | None = None,
) -> tuple[tf.Tensor, tf.Tensor]:
    """Top-layer states (time, batch, width) for `ids` (time, batch), and the new `states` (layers, 2, batch, width)."""
    seed = tf.zeros(2, tf.int32) if seed is None else seed
    flow = embed(ids, weights)
    flow = locked_dropout(flow, dropout, seed)
    after = []
    for number in range(layers):
        flow, (hidden, cell) = layer(flow, keep, (states[number, 0], states[number, 1]), weights, number, half)
        after.append(tf.stack([hidden, cell]))
        flow = locked_dropout(flow, dropout, tf.add(seed, [0, number + 1]))
    return flow, tf.stack(after)


def embed(ids: tf.Tensor, weights: Mapping[str, tf.Tensor]) -> tf.Tensor:
    """Embeddings of `ids`, with a voice's low-rank change where there is one."""
    flow = tf.gather(weights["embedding"], ids)
    if "words.down" in weights:
        flow += tf.gather(weights["words.down"], ids) @ weights["words.up"]
    return flow


def logits(
    flow: tf.Tensor, weights: Mapping[str, tf.Tensor], half: bool, steering: tf.Tensor | None = None
) -> tf.Tensor:
    """(n, vocabulary) scores of states (n, width), with `steering` (n, vocabulary) added.

    The output matrix is the embedding (Press and Wolf 2017).
    """
    scores = product(flow, tf.transpose(weights["embedding"]), half) + weights["bias"]
    if "words.down" in weights:
        scores += (flow @ tf.transpose(weights["words.up"])) @ tf.transpose(weights["words.down"])
    return scores if steering is None else scores + steering


def steer(cues: tf.Tensor, weights: Mapping[str, tf.Tensor]) -> tf.Tensor:
    """What the codes `cues` (n, k), filled up with id 0, add to the scores of their lines' words: (n, vocabulary)."""
    return tf.reduce_sum(tf.gather(weights["codes"], cues), axis=1)


def losses(
    flow: tf.Tensor,
    targets: tf.Tensor,
    weights: Mapping[str, tf.Tensor],
    half: bool,
    steering: tf.Tensor | None = None,
) -> tf.Tensor:
    """Negative log-likelihood in nats of each of `targets` (n,) given states (n, width)."""
    return tf.nn.sparse_softmax_cross_entropy_with_logits(targets, logits(flow, weights, half, steering))


def sampled_losses(
    flow: tf.Tensor, targets: tf.Tensor, sample: tf.Tensor, log_expected: tf.Tensor, weights: Mapping[str, tf.Tensor]
) -> tf.Tensor:
    """Like `losses`, against `sample` (s,) ids only, drawn with expected counts exp(`log_expected`) (vocabulary,).

    Scores are corrected by the log of the expected count, and ids of the sample that are the target are left out
    (Jean et al. 2015, "On using very large target vocabulary").
    """
    table, bias = weights["embedding"], weights["bias"] - log_expected
    true = tf.reduce_sum(flow * tf.gather(table, targets), axis=1) + tf.gather(bias, targets)
    false = product(flow, tf.transpose(tf.gather(table, sample)), half=True) + tf.gather(bias, sample)
    hit = tf.cast(tf.equal(targets[:, None], sample[None, :]), tf.float32)
    every = tf.concat([true[:, None], false - 1e9 * hit], axis=1)
    return tf.reduce_logsumexp(every, axis=1) - true

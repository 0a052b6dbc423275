"""The trainable network: a tied-weight LSTM language model in TensorFlow, built for two cores without a GPU.

What makes it fast, against `keras.layers.LSTM` (figures: `benchmarks/training.py`): the input products of all
time steps are one matrix product before the loop, the loop is unrolled, and products run in bfloat16 while state
and weights stay float32.

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
    """The size of a network: `vocabulary` ids, `layers` LSTM layers of `width` units, embedding of `width`.

    Attention looks back over `span` states (0: there is none), with keys of `key` and values of `value` numbers.
    """

    vocabulary: int
    width: int = 512
    layers: int = 2
    span: int = 96
    key: int = 128
    value: int = 256

    @property
    def weights(self) -> int:
        """How many numbers the network learns."""
        attention = 2 * self.width * (self.key + self.value) + self.span if self.span else 0
        return self.vocabulary * (self.width + 1) + self.layers * (8 * self.width**2 + 4 * self.width) + attention


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
    return arrays | attention_arrays(shape, generator)


def attention_arrays(shape: Shape, generator: np.random.Generator) -> Arrays:
    """A fresh attention head, which adds nothing yet: `out` is zero."""
    if not shape.span:
        return {}
    scale = 1 / np.sqrt(shape.width)
    return {
        "attention.query": (scale * generator.normal(size=(shape.width, shape.key))).astype(np.float32),
        "attention.key": (scale * generator.normal(size=(shape.width, shape.key))).astype(np.float32),
        "attention.value": (scale * generator.normal(size=(shape.width, shape.value))).astype(np.float32),
        "attention.out": np.zeros((shape.value, shape.width), np.float32),
        "attention.near": np.zeros(shape.span, np.float32),
    }


def count_layers(arrays: Mapping[str, object]) -> int:
    return sum(name.endswith(".recurrent") for name in arrays)


def low_rank(width: int, layers: int, rank: int, seed: int) -> Arrays:
    """A low-rank change of the LSTM (Hu et al. 2021) that changes nothing yet: `down` small and random, `up` zero."""
    generator = np.random.default_rng([seed, 1])
    change: Arrays = {}
    for number in range(layers):
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
    """A matrix product, in bfloat16 with float32 in and out when `half`; `left` may have more than two dimensions."""
    if not half:
        return tf.tensordot(left, right, 1)
    if len(left.shape) > 2:
        inner = tf.reshape(left, (-1, left.shape[-1]))
        return tf.reshape(product(inner, right, half), tf.concat([tf.shape(left)[:-1], [right.shape[-1]]], 0))
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
    past: tf.Tensor | None = None,
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor | None]:
    """Top states (time, batch, width) for `ids` (time, batch), the new `states` (layers, 2, batch, width), the new past.

    `past` (see `attend`) is needed by a network with attention; None begins with none.
    """
    seed = tf.zeros(2, tf.int32) if seed is None else seed
    flow = embed(ids, weights)
    flow = locked_dropout(flow, dropout, seed)
    after = []
    for number in range(layers):
        flow, (hidden, cell) = layer(flow, keep, (states[number, 0], states[number, 1]), weights, number, half)
        after.append(tf.stack([hidden, cell]))
        if number + 1 < layers:
            flow = locked_dropout(flow, dropout, tf.add(seed, [0, number + 1]))
    if "attention.near" in weights:
        if past is None:
            past = no_past(tf.shape(ids)[1], weights)
        flow, past = attend(flow, keep, past, weights, half)
    return locked_dropout(flow, dropout, tf.add(seed, [0, layers])), tf.stack(after), past


def no_past(batch: int | tf.Tensor, weights: Mapping[str, tf.Tensor]) -> tf.Tensor:
    """A past (span, batch, width + 1) in which nothing may be attended to; of no length for a network without attention."""
    if "attention.near" not in weights:
        return tf.zeros((0, batch, 1))
    span, width = weights["attention.near"].shape[0], weights["attention.query"].shape[0]
    return tf.zeros((span, batch, width + 1))


def attend(
    flow: tf.Tensor, keep: tf.Tensor, past: tf.Tensor, weights: Mapping[str, tf.Tensor], half: bool
) -> tuple[tf.Tensor, tf.Tensor]:
    """Top states (time, batch, width) with what attention adds, and the new past.

    `past` (span, batch, width + 1) are the top states of the windows before, with a 1 behind each that belongs to the scene
    that goes on; it is taken as it is, without a gradient. Nothing is attended to across the beginning of a scene
    (`keep` 0). The equations are those of `engine.voices.network.Attention`.
    """
    near = weights["attention.near"]
    span, steps = near.shape[0], flow.shape[0]
    before, live = past[..., :-1], past[..., -1]
    every = tf.concat([before, flow], 0)
    width = flow.shape[2]
    # The number of the scene that a state belongs to: 0 goes on from the window before, -1 was over by then.
    scene = tf.cumsum(1.0 - keep[..., 0], 0) + tf.zeros_like(flow[..., 0])
    scenes = tf.concat([tf.where(live > 0, 0.0, -1.0), scene], 0)
    to_batch = [1, 0, 2]
    query = tf.transpose(product(flow, weights["attention.query"], half), to_batch)
    key = tf.transpose(product(every, weights["attention.key"], half), to_batch)
    value = tf.transpose(product(every, weights["attention.value"], half), to_batch)
    scores = tf.matmul(query, key, transpose_b=True) / tf.sqrt(float(query.shape[2]))
    distance = (span + tf.range(steps))[:, None] - tf.range(span + steps)[None, :]
    seen = (distance >= 1) & (distance <= span)
    scores += tf.gather(near, tf.clip_by_value(distance, 1, span) - 1)
    same = tf.equal(tf.transpose(scene)[:, :, None], tf.transpose(scenes)[:, None, :])
    scores = tf.where(seen[None] & same, scores, -1e9)
    scores = tf.concat([tf.zeros_like(scores[..., :1]), scores], 2)
    found = tf.matmul(tf.nn.softmax(scores)[..., 1:], value)
    added = product(tf.reshape(found, (-1, value.shape[2])), weights["attention.out"], half)
    added = tf.transpose(tf.reshape(added, (-1, steps, width)), to_batch)
    goes_on = tf.cast(tf.equal(scenes, scenes[-1:]), tf.float32)
    now = tf.concat([every, goes_on[..., None]], 2)[-span:]
    return flow + added, tf.stop_gradient(now)


def embed(ids: tf.Tensor, weights: Mapping[str, tf.Tensor]) -> tf.Tensor:
    """Embeddings of `ids`, with a voice's low-rank change where there is one."""
    flow = tf.gather(weights["embedding"], ids)
    if "words.down" in weights:
        flow += tf.gather(weights["words.down"], ids) @ weights["words.up"]
    return flow


def logits(flow: tf.Tensor, weights: Mapping[str, tf.Tensor], half: bool) -> tf.Tensor:
    """(n, vocabulary) scores of states (n, width). The output matrix is the embedding (Press and Wolf 2017)."""
    scores = product(flow, tf.transpose(weights["embedding"]), half) + weights["bias"]
    if "words.down" in weights:
        scores += (flow @ tf.transpose(weights["words.up"])) @ tf.transpose(weights["words.down"])
    return scores


def losses(flow: tf.Tensor, targets: tf.Tensor, weights: Mapping[str, tf.Tensor], half: bool) -> tf.Tensor:
    """Negative log-likelihood in nats of each of `targets` (n,) given states (n, width)."""
    return tf.nn.sparse_softmax_cross_entropy_with_logits(targets, logits(flow, weights, half))

"""Tokens a second of the numpy voice, against the same weights in Keras. `python -m benchmarks.generating`

All three draw with the same sampler, token after token, from the state that the last one left: the numpy network; a
stock Keras model (its LSTM layers, the output tied to the embedding) through `predict`; and a step compiled with
`tf.function`, written out without layers. Weights are random ones of the recipe's size: speed does not look at them. All three
go without attention, which the stock model does not have.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

# TensorFlow reads its log level when it is imported.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# TensorFlow's idle threads spin in this process, and two of numpy's would wait for them.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from benchmarks.measuring import Figure, ratio, show
from engine.command import run
from engine.training import network as trained
from engine.troupe import Troupe
from engine.voices.network import Arrays, Network, State
from engine.voices.sampling import Sampler, pick

STREAMS = (1, 32)

#: Ids (streams,) -> logits (streams, vocabulary); keeps the states itself.
Step = Callable[[NDArray[np.int64]], NDArray[np.float32]]


class NumpyStep:
    def __init__(self, arrays: Arrays, streams: int):
        self._network = Network(arrays)
        self._state: State = self._network.zero(streams)

    def __call__(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        flow, self._state = self._network.step(ids, self._state)
        return self._network.logits(flow)


class CompiledStep:
    def __init__(self, arrays: Arrays, shape: trained.Shape, streams: int):
        weights = {name: tf.constant(value) for name, value in arrays.items()}
        keep = tf.ones((1, streams, 1))
        self._states = tf.Variable(tf.zeros((shape.layers, 2, streams, shape.width)))

        def step(ids: tf.Tensor) -> tf.Tensor:
            flow, states, _ = trained.hidden_states(ids[None], keep, self._states, weights, shape.layers, half=False)
            self._states.assign(states)
            return trained.logits(flow[0], weights, half=False)

        self._step = tf.function(step, input_signature=[tf.TensorSpec((streams,), tf.int64)])

    def __call__(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        return np.asarray(self._step(tf.constant(ids)).numpy())


class Tied(keras.layers.Layer):  # type: ignore[misc]
    """Scores of every word: the product with the embedding, and a bias."""

    def __init__(self, embedding: keras.layers.Embedding, bias: NDArray[np.float32]):
        super().__init__()
        self._embedding, self._bias = embedding, bias

    def call(self, flow: tf.Tensor) -> tf.Tensor:
        return keras.ops.matmul(flow, keras.ops.transpose(self._embedding.embeddings)) + self._bias


class PredictStep:
    def __init__(self, arrays: Arrays, shape: trained.Shape, streams: int):
        ids = keras.Input((1,), dtype="int32")
        embedding = keras.layers.Embedding(shape.vocabulary, shape.width)
        flow = embedding(ids)
        before, after = [], []
        for number in range(shape.layers):
            before += [keras.Input((shape.width,)), keras.Input((shape.width,))]
            layer = keras.layers.LSTM(shape.width, return_sequences=True, return_state=True)
            flow, *states = layer(flow, initial_state=before[-2:])
            layer.set_weights([arrays[f"lstm.{number}.{part}"] for part in ("kernel", "recurrent", "bias")])
            after += states
        embedding.set_weights([arrays["embedding"]])
        scores = Tied(embedding, arrays["bias"])(flow[:, 0])
        self._model = keras.Model([ids, *before], [scores, *after])
        self._states = [np.zeros((streams, shape.width), np.float32) for _ in before]

    def __call__(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        inputs = [ids[:, None].astype(np.int32), *self._states]
        scores, *self._states = self._model.predict(inputs, batch_size=len(ids), verbose=0)
        return np.asarray(scores)


def rate(step: Step, streams: int, tokens: int, sampler: Sampler, generator: np.random.Generator) -> float:
    """Tokens a second of all streams together, over `tokens` time steps."""
    ids = np.zeros(streams, np.int64)
    began = time.perf_counter()
    for _ in range(tokens):
        ids = pick(step(ids), sampler, generator)
    return streams * tokens / (time.perf_counter() - began)


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(
        prog="python -m benchmarks.generating", description="Tokens a second of the numpy voice and of Keras."
    )
    options.add_argument("--runs", type=int, default=5, metavar="N", help="how often all are measured in turn (5)")
    options.add_argument("--tokens", type=int, default=40, metavar="N", help="time steps of each measurement (40)")
    given = options.parse_args(arguments)

    def body() -> int:
        recipe = Troupe.around(Path()).recipe.base
        shape = trained.Shape(recipe.vocabulary, recipe.width, recipe.layers, span=0)
        arrays = trained.initial(shape, recipe.seed)
        found: list[Figure] = []
        for streams in STREAMS:
            steps: dict[str, Step] = {
                "numpy": NumpyStep(arrays, streams),
                "predict": PredictStep(arrays, shape, streams),
                "tf.function": CompiledStep(arrays, shape, streams),
            }
            generator, sampler = np.random.default_rng(recipe.seed), Sampler()
            # Once unmeasured: TensorFlow builds its graphs.
            for step in steps.values():
                rate(step, streams, 2, sampler, generator)
            rates: dict[str, list[float]] = {name: [] for name in steps}
            for _ in range(given.runs):
                for name, step in steps.items():
                    rates[name].append(rate(step, streams, given.tokens, sampler, generator))
            word = "stream" if streams == 1 else "streams"
            found += [
                Figure(f"{streams} {word}: {name}", f"{statistics.median(values):,.0f} tokens/s")
                for name, values in rates.items()
            ]
            found.append(ratio(f"{streams} {word}: numpy by predict", rates["numpy"], rates["predict"], least=20))
            found.append(
                ratio(f"{streams} {word}: numpy by tf.function", rates["numpy"], rates["tf.function"], least=1)
            )
        note = f"TensorFlow {tf.__version__}, {shape.weights / 1e6:.1f} M weights, median of {given.runs} rounds"
        show("Generating", found, note)
        return 0

    return run(body)


if __name__ == "__main__":
    raise SystemExit(main())

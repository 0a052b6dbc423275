"""The LSTM language model in numpy: states and logits. The same arrays as `engine.training.network`.

Gates are in the order of `keras.layers.LSTM` (input, forget, cell, output); the output matrix is the embedding. Above the
top layer one attention head looks back over earlier top states (SHA-RNN, Merity 2019): it lets a line take up a word of
the line before. Everything is float32. Knows nothing of words, sampling or files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Arrays = dict[str, Array]


@dataclass(frozen=True)
class Past:
    """Keys (..., n, d) and values (..., n, v) of the top states so far; a batch of streams, or one common to all."""

    keys: Array
    values: Array

    def then(self, other: Past) -> Past:
        """This past and what came after it."""
        return Past(
            np.concatenate([self.keys, other.keys], axis=-2), np.concatenate([self.values, other.values], axis=-2)
        )


@dataclass(frozen=True)
class State:
    """Hidden and cell state of every layer, two arrays (layers, batch, width), and what attention looks back at.

    `shared` is the past that all streams have in common (of the prompt that they go on from), `own` each stream's since.
    """

    hidden: Array
    cell: Array
    shared: Past | None = None
    own: Past | None = None

    def repeat(self, times: int) -> State:
        """The one stream of this state as a batch of `times`; its past becomes common to all of them."""
        shared, own = self.shared, self.own
        if own is not None:
            mine = Past(own.keys[0], own.values[0])
            shared = mine if shared is None else shared.then(mine)
        return State(np.repeat(self.hidden, times, 1), np.repeat(self.cell, times, 1), shared)

    def take(self, rows: NDArray[np.intp]) -> State:
        own = None if self.own is None else Past(self.own.keys[rows], self.own.values[rows])
        return State(self.hidden[:, rows], self.cell[:, rows], self.shared, own)


@dataclass(frozen=True)
class Layer:
    kernel: Array
    recurrent: Array
    bias: Array


class Attention:
    """One head: `query` and `key` (width, d), `value` (width, v), `out` (v, width), `near` (span,).

    A state attends to the `span` states before it, not to itself; `near` is added by distance (1 first). A score of 0
    stands for attending to nothing, so that the first state of a scene, and a line that owes nothing to what went before,
    stay as they are.
    """

    def __init__(self, arrays: Mapping[str, Array]):
        self.query, self.key, self.value, self.out, self.near = (
            arrays[f"attention.{part}"] for part in ("query", "key", "value", "out", "near")
        )
        self.span = len(self.near)

    def past(self, flow: Array) -> Past:
        """What later states will look back at: of top states (..., n, width)."""
        return Past(flow @ self.key, flow @ self.value)

    def look(self, flow: Array, shared: Past | None, own: Past | None, new: Past) -> Array:
        """What attention adds to top states (batch, n, width), whose own keys and values are `new` (batch, n, ...)."""
        batch, steps, _ = flow.shape
        query = (flow @ self.query) * np.float32(1 / np.sqrt(self.query.shape[1]))
        private = new if own is None else own.then(new)
        before = 0 if shared is None else len(shared.keys)
        kept = private.keys.shape[1]
        scores = np.concatenate(
            [
                np.zeros((batch, steps, 1), np.float32),
                *([] if shared is None else [query @ shared.keys.T]),
                query @ private.keys.transpose(0, 2, 1),
            ],
            axis=2,
        )
        at = before + kept - steps + np.arange(steps)
        distance = at[:, None] - np.arange(before + kept)[None, :]
        seen = (distance >= 1) & (distance <= self.span)
        scores[:, :, 1:] += np.where(seen, self.near[np.clip(distance, 1, self.span) - 1], np.float32(-np.inf))
        scores -= scores.max(axis=2, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=2, keepdims=True)
        found = scores[:, :, 1 + before :] @ private.values
        if shared is not None:
            found += scores[:, :, 1 : 1 + before] @ shared.values
        return np.asarray(found @ self.out, np.float32)


class Network:
    """Weights ready to run: layers with every low-rank change merged in, and the (shared) embedding.

    `arrays` holds `embedding` (vocabulary, width), `bias` (vocabulary,) and for each layer n `lstm.n.kernel`,
    `lstm.n.recurrent` (width, 4 width), `lstm.n.bias` (4 width,). Each of `changes` may add to them: low-rank
    products `X.down @ X.up` to the matrices, `words.down @ words.up` to the embedding, and differences of the biases.

    The arrays of `Attention` are optional: a network without them is the plain LSTM.
    """

    def __init__(self, arrays: Mapping[str, Array], changes: Sequence[Mapping[str, Array]] = ()):
        self.embedding = arrays["embedding"]
        self.vocabulary, self.width = self.embedding.shape
        self.bias = arrays["bias"].copy()
        self._rest = {name: value for name, value in arrays.items() if name.startswith("attention.")}
        self.attention = Attention(arrays) if "attention.query" in arrays else None
        self.layers = []
        for number in range(sum(name.endswith(".recurrent") for name in arrays)):
            parts = {part: arrays[f"lstm.{number}.{part}"] for part in ("kernel", "recurrent", "bias")}
            for change in changes:
                for part in ("kernel", "recurrent"):
                    down = change.get(f"lstm.{number}.{part}.down")
                    if down is not None:
                        parts[part] = parts[part] + down @ change[f"lstm.{number}.{part}.up"]
                if f"lstm.{number}.bias" in change:
                    parts["bias"] = parts["bias"] + change[f"lstm.{number}.bias"]
            self.layers.append(Layer(**parts))
        self._words: list[tuple[Array, Array]] = []
        for change in changes:
            if "bias" in change:
                self.bias += change["bias"]
            if "words.down" in change:
                self._words.append((change["words.down"], change["words.up"]))

    def zero(self, batch: int = 1) -> State:
        shape = (len(self.layers), batch, self.width)
        return State(np.zeros(shape, np.float32), np.zeros(shape, np.float32))

    def embed(self, ids: NDArray[np.integer]) -> Array:
        """Embeddings (..., width) of `ids`."""
        flow: Array = self.embedding[ids]
        for down, up in self._words:
            flow = flow + down[ids] @ up
        return flow

    def step(self, ids: NDArray[np.integer], state: State) -> tuple[Array, State]:
        """One time step for a batch: `ids` (batch,) -> top states (batch, width) and the new state."""
        flow = self.embed(ids)
        hidden, cell = np.empty_like(state.hidden), np.empty_like(state.cell)
        for number, layer in enumerate(self.layers):
            gates = flow @ layer.kernel
            gates += state.hidden[number] @ layer.recurrent
            gates += layer.bias
            flow = _cell(gates, state.cell[number], hidden[number], cell[number])
        flow, own = self._attended(flow[:, None], state)
        return flow[:, 0], State(hidden, cell, state.shared, own)

    def run(self, ids: NDArray[np.integer], state: State) -> tuple[Array, State]:
        """All time steps of known `ids` (time, batch): top states (time, batch, width) and the last state.

        The input products of a layer are one matrix product, which is what makes known text cheap.
        """
        flow = self.embed(ids)
        steps, batch, width = flow.shape
        hidden, cell = np.empty_like(state.hidden), np.empty_like(state.cell)
        for number, layer in enumerate(self.layers):
            gates = (flow.reshape(-1, width) @ layer.kernel + layer.bias).reshape(steps, batch, -1)
            last, memory = state.hidden[number].copy(), state.cell[number].copy()
            flow = np.empty((steps, batch, width), np.float32)
            for step in range(steps):
                gate = gates[step]
                gate += last @ layer.recurrent
                last = _cell(gate, memory, flow[step], memory)
            hidden[number], cell[number] = last, memory
        flow, own = self._attended(flow.transpose(1, 0, 2), state)
        return np.ascontiguousarray(flow.transpose(1, 0, 2)), State(hidden, cell, state.shared, own)

    def _attended(self, flow: Array, state: State) -> tuple[Array, Past | None]:
        """Top states (batch, n, width) with what attention adds, and the streams' own past with them."""
        if self.attention is None:
            return flow, None
        new = self.attention.past(flow)
        added = self.attention.look(flow, state.shared, state.own, new)
        return flow + added, new if state.own is None else state.own.then(new)

    def output(self) -> Array:
        """The output matrix (vocabulary, width): the embedding with every change merged in."""
        return np.asarray(sum((down @ up for down, up in self._words), self.embedding), np.float32)

    def arrays(self) -> Arrays:
        """The arrays of a base that is this network: every change merged in."""
        layers = {
            f"lstm.{number}.{part}": getattr(layer, part)
            for number, layer in enumerate(self.layers)
            for part in ("kernel", "recurrent", "bias")
        }
        return {"embedding": self.output(), "bias": self.bias, **layers, **self._rest}

    def logits(self, flow: Array) -> Array:
        """Scores (n, vocabulary) of top states (n, width)."""
        scores = flow @ self.embedding.T
        scores += self.bias
        for down, up in self._words:
            scores += (flow @ up.T) @ down.T
        return scores


def log_sum_exp(scores: Array) -> Array:
    """Row-wise log of the sum of exponentials of (n, k); overwrites `scores`."""
    top = scores.max(axis=1)
    scores -= top[:, None]
    np.exp(scores, out=scores)
    return np.asarray(np.log(scores.sum(axis=1)) + top, np.float32)


def _cell(gates: Array, before: Array, hidden: Array, cell: Array) -> Array:
    """Gates (batch, 4 width) and the cell before -> writes `hidden` and `cell`, returns `hidden`; overwrites `gates`."""
    width = before.shape[1]
    into, forget = gates[:, :width], gates[:, width : 2 * width]
    new, out = gates[:, 2 * width : 3 * width], gates[:, 3 * width :]
    _sigmoid(gates[:, : 2 * width])
    _sigmoid(out)
    np.tanh(new, out=new)
    forget *= before
    into *= new
    np.add(forget, into, out=cell)
    np.tanh(cell, out=hidden)
    hidden *= out
    return hidden


def _sigmoid(values: Array) -> None:
    """In place; by tanh, which is fast and does not overflow."""
    values *= 0.5
    np.tanh(values, out=values)
    values *= 0.5
    values += 0.5

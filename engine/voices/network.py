"""The LSTM language model in numpy: states and logits. The same arrays as `engine.training.network`.

Gates are in the order of `keras.layers.LSTM` (input, forget, cell, output); the output matrix is the embedding.
Everything is float32. Knows nothing of words, sampling or files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Arrays = dict[str, Array]


@dataclass(frozen=True)
class State:
    """Hidden and cell state of every layer: two arrays (layers, batch, width)."""

    hidden: Array
    cell: Array

    def repeat(self, times: int) -> State:
        """The one stream of this state as a batch of `times`."""
        return State(np.repeat(self.hidden, times, 1), np.repeat(self.cell, times, 1))

    def take(self, rows: NDArray[np.intp]) -> State:
        return State(self.hidden[:, rows], self.cell[:, rows])


@dataclass(frozen=True)
class Layer:
    kernel: Array
    recurrent: Array
    bias: Array


class Network:
    """Weights ready to run: layers with every low-rank change merged in, and the (shared) embedding.

    `arrays` holds `embedding` (vocabulary, width), `bias` (vocabulary,) and for each layer n `lstm.n.kernel`,
    `lstm.n.recurrent` (width, 4 width), `lstm.n.bias` (4 width,). Each of `changes` may add to them: low-rank
    products `X.down @ X.up` to the matrices, `words.down @ words.up` to the embedding, and differences of the biases.

    `codes` (special ids, vocabulary), where there is one, is what each control code adds to the score of every word
    of the line that it stands in front of: see `engine.training.steering`.
    """

    def __init__(self, arrays: Mapping[str, Array], changes: Sequence[Mapping[str, Array]] = ()):
        self.embedding = arrays["embedding"]
        self.vocabulary, self.width = self.embedding.shape
        self.bias = arrays["bias"].copy()
        self.codes = arrays.get("codes")
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
        return flow, State(hidden, cell)

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
        return flow, State(hidden, cell)

    def steer(self, cue: Iterable[int]) -> Array:
        """What the codes `cue` in front of a line add to the scores of its words: (vocabulary,)."""
        if self.codes is None:
            return np.zeros(self.vocabulary, np.float32)
        return np.asarray(self.codes[[id_ for id_ in cue if id_ < len(self.codes)]].sum(axis=0))

    def output(self) -> Array:
        """The output matrix (vocabulary, width): the embedding with every change merged in."""
        return np.asarray(sum((down @ up for down, up in self._words), self.embedding), np.float32)

    def logits(self, flow: Array, steering: Array | None = None) -> Array:
        """Scores (n, vocabulary) of top states (n, width), with `steering` (vocabulary,) or (n, vocabulary) added."""
        scores = flow @ self.embedding.T
        scores += self.bias
        if steering is not None:
            scores += steering
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

"""Techniques that the shipped network does without, for `benchmarks/trials.py`.

Each takes the place of a function of `engine.training` or two while one trial runs; the rest is the shipped code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from unittest.mock import patch

import numpy as np
import tensorflow as tf

from engine.sheets.recipe import BaseRecipe
from engine.training import base, network
from engine.training.base import BaseTrainer
from engine.training.network import Arrays, Shape, hidden_states, initial, layer, losses, product, sampled_losses
from engine.training.stream import Batch


@contextmanager
def instead(trainer: Callable[..., BaseTrainer] = BaseTrainer, **functions: Callable[..., object]) -> Iterator[None]:
    """Bases are trained by `trainer`, and by `functions` instead of those of `engine.training.network`."""
    # Held-out text is measured by a graph that is kept once built: each variant needs its own.
    measure = tf.function(base._nats, reduce_retracing=True)
    with patch.dict(vars(base), BaseTrainer=trainer, _measure=measure), patch.dict(vars(network), functions):
        yield


def dropconnect(rate: float) -> Callable[..., tuple[tf.Tensor, tf.Tensor]]:
    """`hidden_states` with DropConnect on the recurrent matrices (Merity et al. 2018, "Regularizing and optimizing
    LSTM language models"): weights are dropped, the same for all steps and streams of an update.
    """

    def dropped(
        ids: tf.Tensor,
        keep: tf.Tensor,
        states: tf.Tensor,
        weights: Mapping[str, tf.Tensor],
        layers: int,
        half: bool,
        dropout: float = 0.0,
        seed: tf.Tensor | None = None,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        # Only training gives a seed; nothing is dropped while held-out text is measured.
        if seed is not None and rate > 0.0:
            weights = dict(weights)
            for number in range(layers):
                name = f"lstm.{number}.recurrent"
                mask = tf.random.stateless_uniform(weights[name].shape, tf.add(seed, [1, number])) >= rate
                weights[name] = weights[name] * tf.cast(mask, tf.float32) / (1.0 - rate)
        return hidden_states(ids, keep, states, weights, layers, half, dropout, seed)

    return dropped


def mogrified(shape: Shape, seed: int, rank: int = 64) -> Arrays:
    """Fresh weights of a Mogrifier of two rounds: those of `initial`, and Glorot factors of the matrices Q and R."""
    generator = np.random.default_rng([seed, 1])
    limit = np.sqrt(6.0 / (shape.width + rank))
    arrays = initial(shape, seed)
    for number in range(shape.layers):
        for matrix in "qr":
            for part, size in (("down", (shape.width, rank)), ("up", (rank, shape.width))):
                arrays[f"lstm.{number}.{matrix}.{part}"] = generator.uniform(-limit, limit, size).astype(np.float32)
    return arrays


def mogrified_layer(
    inputs: tf.Tensor,
    keep: tf.Tensor,
    state: tuple[tf.Tensor, tf.Tensor],
    weights: Mapping[str, tf.Tensor],
    number: int,
    half: bool,
) -> tuple[tf.Tensor, tuple[tf.Tensor, tf.Tensor]]:
    """`layer` as a Mogrifier LSTM of two rounds (Melis et al. 2020): the state gates the input, x 2σ(Qh), which gates
    the state, h 2σ(Rx), before each step. Q and R are of low rank.

    The input products wait for the state, so they cannot be one product before the loop.
    """
    prefix = f"lstm.{number}."
    own = {name: value for name, value in weights.items() if name.startswith(prefix)}
    if half:  # once, and not at every step
        own = {name: value if name.endswith("bias") else tf.cast(value, tf.bfloat16) for name, value in own.items()}

    def gate(by: tf.Tensor, matrix: str) -> tf.Tensor:
        down = product(by, own[f"{prefix}{matrix}.down"], half)
        return 2.0 * tf.sigmoid(product(down, own[f"{prefix}{matrix}.up"], half))

    flows, keeps = tf.unstack(inputs), tf.unstack(keep)
    hidden, cell = state
    outputs = []
    for step in range(inputs.shape[0]):
        hidden = hidden * keeps[step]
        flow = flows[step] * gate(hidden, "q")
        hidden = hidden * gate(flow, "r")
        output, (hidden, cell) = layer(flow[None], keeps[step][None], (hidden, cell), own, number, half)
        outputs.append(output[0])
    return tf.stack(outputs), (hidden, cell)


def untied(shape: Shape, seed: int) -> Arrays:
    """Fresh weights with an output matrix apart from the embedding (what Press and Wolf 2017 argue against)."""
    output = np.random.default_rng([seed, 1]).uniform(-0.1, 0.1, (shape.vocabulary, shape.width))
    return initial(shape, seed) | {"output": output.astype(np.float32)}


def untied_losses(flow: tf.Tensor, targets: tf.Tensor, weights: Mapping[str, tf.Tensor], half: bool) -> tf.Tensor:
    """`losses` by the output matrix of `untied`."""
    return losses(flow, targets, {**weights, "embedding": weights["output"]}, half)


def untied_sampled_losses(
    flow: tf.Tensor, targets: tf.Tensor, sample: tf.Tensor, log_expected: tf.Tensor, weights: Mapping[str, tf.Tensor]
) -> tf.Tensor:
    """`sampled_losses` by the output matrix of `untied`."""
    return sampled_losses(flow, targets, sample, log_expected, {**weights, "embedding": weights["output"]})


class Averaging(BaseTrainer):
    """Ends with an average of the weights after each update of the annealing phase, which is what is measured.

    With `window` 1 all count the same (Polyak and Juditsky 1992); less is an exponential moving average (Kingma and
    Ba 2015, section 7.2) over that share of the phase. Trials are never resumed: no checkpoint holds it.
    """

    def __init__(
        self,
        settings: BaseRecipe,
        size: int,
        log_expected: np.ndarray,
        arrays: Arrays | None = None,
        window: float = 1.0,
    ):
        super().__init__(settings, size, log_expected, arrays)
        self.window = window
        self.average = self.arrays()

    def train(self, batch: Batch) -> float:
        loss = super().train(batch)
        count = self.step - self.settings.general_steps
        if count > 0:
            share = 1.0 / max(1.0, min(count, self.window * self.settings.anneal_steps))
            for name, now in self.arrays().items():
                self.average[name] += np.float32(share) * (now - self.average[name])
        if self.step == self.settings.total:
            for name, variable in self.variables.items():
                variable.assign(self.average[name])
        return loss


#: What each variant puts in place of the shipped code; the recipe is the shipped one.
VARIANTS: dict[str, Callable[[], AbstractContextManager[None]]] = {
    "DropConnect 0.3": partial(instead, hidden_states=dropconnect(0.3)),
    "Mogrifier": partial(instead, initial=mogrified, layer=mogrified_layer),
    "Polyak average": partial(instead, trainer=partial(Averaging, window=1.0)),
    "moving average": partial(instead, trainer=partial(Averaging, window=0.25)),
    "untied output": partial(instead, initial=untied, losses=untied_losses, sampled_losses=untied_sampled_losses),
}

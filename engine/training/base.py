"""The base: one language model on general dialogue, the ground that every voice is tuned from.

Two phases. `general` learns from the data folder at a constant rate, with a sampled softmax. `anneal` lowers the
rate to nothing over the same text with the project's own scripts mixed in several times over, with the full
softmax: the end of training is what a network remembers best.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import tensorflow as tf

from engine.errors import TrainingError
from engine.sheets.recipe import BaseRecipe
from engine.training import network
from engine.training.checkpoint import Checkpoint
from engine.training.stream import Batch, Dialogue, Encoder, epoch, lanes
from engine.voices.sequences import encode_scene


@dataclass(frozen=True)
class Report:
    """How training stands: `rate` in tokens a second, `loss` in nats a token, `floats` in FLOP/s (6 x weights x tokens)."""

    step: int
    total: int
    loss: float
    rate: float
    floats: float
    left: float
    held_out: Mapping[str, float] = field(default_factory=dict)


class BaseTrainer:
    """Trains a base step by step; `state()` and `restore()` carry everything a resumed run needs."""

    def __init__(self, settings: BaseRecipe, size: int, log_expected: np.ndarray, arrays: network.Arrays | None = None):
        self.settings = settings
        self.shape = network.Shape(size, settings.width, settings.layers)
        arrays = arrays or network.initial(self.shape, settings.seed)
        self.names = sorted(arrays)
        self.variables = {name: tf.Variable(arrays[name], name=name) for name in self.names}
        self.first = {name: tf.Variable(tf.zeros_like(value)) for name, value in self.variables.items()}
        self.second = {name: tf.Variable(tf.zeros_like(value)) for name, value in self.variables.items()}
        self.states = tf.Variable(tf.zeros((settings.layers, 2, settings.batch, settings.width)))
        self.step = 0
        self._general = tf.function(partial(self._update, sampled=True), reduce_retracing=True)
        self._full = tf.function(partial(self._update, sampled=False), reduce_retracing=True)
        self._log_expected = tf.constant(log_expected.astype(np.float32))
        self._unigram = np.exp(log_expected - log_expected.max())
        self._unigram /= self._unigram.sum()

    def arrays(self) -> network.Arrays:
        return {name: variable.numpy() for name, variable in self.variables.items()}

    def state(self) -> dict[str, np.ndarray]:
        saved = {f"weights/{name}": variable.numpy() for name, variable in self.variables.items()}
        saved |= {f"first/{name}": variable.numpy() for name, variable in self.first.items()}
        saved |= {f"second/{name}": variable.numpy() for name, variable in self.second.items()}
        return saved | {"states": self.states.numpy(), "step": np.array([self.step], np.int64)}

    def restore(self, saved: Mapping[str, np.ndarray]) -> None:
        for group, variables in (("weights", self.variables), ("first", self.first), ("second", self.second)):
            for name, variable in variables.items():
                variable.assign(saved[f"{group}/{name}"])
        self.states.assign(saved["states"])
        self.step = int(saved["step"][0])

    def train(self, batch: Batch) -> float:
        """One step; returns the mean loss in nats (of the sampled softmax in the general phase)."""
        settings = self.settings
        general = self.step < settings.general_steps
        generator = np.random.default_rng([settings.seed, self.step])
        if general:
            sample = generator.choice(self.shape.vocabulary, settings.sample, replace=True, p=self._unigram).astype(
                np.int32
            )
        else:
            sample = np.zeros(1, np.int32)
        seed = generator.integers(0, 2**31 - 1, 2).astype(np.int32)
        rate = settings.rate_at(self.step)
        run = self._general if general else self._full
        loss = run(
            tf.constant(batch.ids), tf.constant(batch.targets), tf.constant(batch.keep), tf.constant(sample),
            tf.constant(seed), tf.constant(rate, tf.float32), tf.constant(float(self.step + 1)),
        )  # fmt: skip
        self.step += 1
        return float(loss)

    def _update(
        self,
        ids: tf.Tensor,
        targets: tf.Tensor,
        keep: tf.Tensor,
        sample: tf.Tensor,
        seed: tf.Tensor,
        rate: tf.Tensor,
        time_step: tf.Tensor,
        sampled: bool,
    ) -> tf.Tensor:
        settings = self.settings
        ids.set_shape((settings.steps, settings.batch))
        with tf.GradientTape() as tape:
            weights = {name: variable.value() for name, variable in self.variables.items()}
            for value in weights.values():
                tape.watch(value)
            flow, states = network.hidden_states(
                ids, keep, self.states, weights, settings.layers, half=True, dropout=settings.dropout, seed=seed
            )
            flow = tf.reshape(flow, (-1, settings.width))
            target = tf.reshape(targets, (-1,))
            if sampled:
                each = network.sampled_losses(flow, target, sample, self._log_expected, weights)
            else:
                each = network.losses(flow, target, weights, half=True)
            loss = tf.reduce_mean(each)
        gradients = tape.gradient(loss, [weights[name] for name in self.names])
        gradients, _ = tf.clip_by_global_norm([tf.convert_to_tensor(gradient) for gradient in gradients], settings.clip)
        self.states.assign(states)
        for name, gradient in zip(self.names, gradients, strict=True):
            adamw(self.variables[name], gradient, self.first[name], self.second[name], rate, time_step, settings.decay)
        return loss


def adamw(
    variable: tf.Variable,
    gradient: tf.Tensor,
    first: tf.Variable,
    second: tf.Variable,
    rate: tf.Tensor,
    time_step: tf.Tensor,
    decay: float,
    beta1: float = 0.9,
    beta2: float = 0.99,
) -> None:
    """AdamW (Loshchilov and Hutter 2019) on one variable; biases are not decayed."""
    first.assign(beta1 * first + (1 - beta1) * gradient)
    second.assign(beta2 * second + (1 - beta2) * tf.square(gradient))
    scaled = rate * tf.sqrt(1 - beta2**time_step) / (1 - beta1**time_step)
    change = scaled * first / (tf.sqrt(second) + 1e-8)
    if len(variable.shape) > 1 and decay:
        change += rate * decay * variable
    variable.assign_sub(change)


class Meter:
    """Held-out loss: nats of a fixed set of sequences, full softmax, float32."""

    def __init__(
        self,
        settings: BaseRecipe,
        encoder: Encoder,
        dialogues: Sequence[Dialogue],
        batch: int = 32,
        limit: int = 40_000,
    ):
        self.settings = settings
        flat: list[int] = []
        self.characters = 0
        for dialogue in dialogues:
            for start in range(0, len(dialogue.lines), 8):
                run = dialogue.lines[start : start + 8]
                flat += encode_scene(encoder, run, dialogue.language)
                self.characters += sum(len(line.text) + 1 for line in run)
            if len(flat) > limit:
                break
        self.flat = np.array(flat, np.int32)
        self.scene = encoder.scene
        # Few held-out scenes fill few lanes; too few for one lane are no measure.
        self.batch = min(batch, (len(flat) - 1) // settings.steps)

    def bits(self, variables: Mapping[str, tf.Variable]) -> float:
        """Bits a character (codes and line ends are paid for, characters are those of the text and one an end)."""
        settings = self.settings
        states = tf.zeros((settings.layers, 2, self.batch, settings.width))
        total, count = 0.0, 0
        for batch in lanes(self.flat, self.batch, settings.steps, self.scene):
            nats, states = _measure(
                tf.constant(batch.ids),
                tf.constant(batch.targets),
                tf.constant(batch.keep),
                states,
                dict(variables),
                settings.layers,
            )
            total += float(nats)
            count += batch.ids.size
        return total / math.log(2) / self.characters * (len(self.flat) / max(1, count))


def _nats(
    ids: tf.Tensor,
    targets: tf.Tensor,
    keep: tf.Tensor,
    states: tf.Tensor,
    weights: Mapping[str, tf.Variable],
    layers: int,
) -> tuple[tf.Tensor, tf.Tensor]:
    flow, states = network.hidden_states(ids, keep, states, weights, layers, half=True)
    flow = tf.reshape(flow, (-1, flow.shape[2]))
    return tf.reduce_sum(network.losses(flow, tf.reshape(targets, (-1,)), weights, half=True)), states


_measure = tf.function(_nats, reduce_retracing=True)


def batches(
    settings: BaseRecipe, encoder: Encoder, general: Sequence[Dialogue], scripts: Sequence[Dialogue], first: int
) -> Iterator[Batch]:
    """Batches from step `first` on: a resumed run sees what the unbroken run would have seen.

    Raises TrainingError when there is less text than one batch takes.
    """
    for phase, (start, stop, dialogues) in enumerate(
        [(0, settings.general_steps, list(general)), (settings.general_steps, settings.total, [*general, *scripts])]
    ):
        step, number = start, 0
        while step < stop:
            before = step
            for batch in epoch(encoder, dialogues, settings.batch, settings.steps, [settings.seed, phase, number]):
                if step >= stop:
                    break
                if step >= first:
                    yield batch
                step += 1
            if step == before:
                raise TrainingError(
                    f"too little text for one update of the base, which takes batch x steps = {settings.batch} x"
                    f" {settings.steps} tokens: write more scripts, or lower 'batch' in cast/training.yaml"
                )
            number += 1


def train(
    settings: BaseRecipe,
    encoder: Encoder,
    size: int,
    general: Sequence[Dialogue],
    scripts: Sequence[Dialogue],
    held_out: Mapping[str, Sequence[Dialogue]],
    checkpoint: Checkpoint,
    report: Callable[[Report], None],
    save_every: float = 240.0,
    measure_every: int = 500,
    clock: Callable[[], float] = time.monotonic,
) -> network.Arrays:
    """Train to the end, resuming from `checkpoint` if it holds this very run; returns the weights."""
    counts = np.ones(size)
    for dialogue in general:
        counts += np.bincount(encode_scene(encoder, dialogue.lines, dialogue.language), minlength=size)
    expected = settings.sample * counts**0.75 / (counts**0.75).sum()
    trainer = BaseTrainer(settings, size, np.log(expected))
    saved = checkpoint.load(settings.model_dump())
    if saved is not None:
        trainer.restore(saved)
    meters = {name: Meter(settings, encoder, dialogues) for name, dialogues in held_out.items()}
    meters = {name: meter for name, meter in meters.items() if meter.batch > 0}
    weights = trainer.shape.weights
    mean, started, since, last = 0.0, clock(), trainer.step, clock()
    for batch in batches(settings, encoder, general, scripts, trainer.step):
        if trainer.step == settings.general_steps:
            mean = 0.0
        loss = trainer.train(batch)
        mean = loss if not mean else 0.98 * mean + 0.02 * loss
        speed = (trainer.step - since) * settings.batch * settings.steps / (clock() - started)
        left = (settings.total - trainer.step) * settings.batch * settings.steps / speed
        bits = {}
        if trainer.step % measure_every == 0 or trainer.step == settings.total:
            bits = {name: meter.bits(trainer.variables) for name, meter in meters.items()}
        report(Report(trainer.step, settings.total, mean, speed, 6 * weights * speed, left, bits))
        if clock() - last > save_every or trainer.step == settings.general_steps:
            checkpoint.save(trainer.state(), settings.model_dump())
            last = clock()
    checkpoint.save(trainer.state(), settings.model_dump())
    return trainer.arrays()

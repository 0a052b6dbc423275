"""A language model trained from a stream of dialogues: the base, the ground that every voice is tuned from.

Two phases. `general` learns at a constant rate from the data folder and the project's own scripts. `anneal` lowers the
rate to nothing over the scripts and a share of the general text: the end of training is what a network remembers best.
The loss counts text, not codes: a frame is given, never guessed (the director guesses it, `engine.training.director`).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import tensorflow as tf
from tokenizers import Tokenizer

from engine import codes
from engine.errors import TrainingError
from engine.sheets.recipe import BaseRecipe
from engine.training import network
from engine.training.checkpoint import Checkpoint
from engine.training.optimiser import Optimiser
from engine.training.stream import Batch, Dialogue, epoch, lanes
from engine.voices.sequences import Encodes, taught_scene
from engine.voices.vocabulary import Vocabulary

#: Lines of a scene that held-out loss is measured over, at the most.
RUN = 12


@dataclass(frozen=True)
class Report:
    """How training stands: `rate` in tokens a second, `loss` in nats a text token, `left` in seconds."""

    step: int
    total: int
    loss: float
    rate: float
    left: float
    held_out: Mapping[str, float] = field(default_factory=dict)


def text_ids(size: int) -> np.ndarray:
    """Which of `size` ids are text (1.0) and which are codes (0.0); slots and `<end>` are text."""
    mask = np.ones(size, np.float32)
    mask[: len(codes.SPECIAL)] = [token in {codes.END, *codes.SLOTS} for token in codes.SPECIAL]
    return mask


class Trainer:
    """Trains a language model step by step; `state()` and `restore()` carry everything a resumed run needs.

    `counts` (vocabulary,) says how much each target weighs in the loss: 1 for text, 0 for what is given.
    """

    def __init__(self, settings: BaseRecipe, arrays: network.Arrays, counts: np.ndarray):
        self.settings = settings
        self.names = sorted(arrays)
        self.variables = {name: tf.Variable(arrays[name], name=name) for name in self.names}
        self.optimiser = Optimiser(self.variables, settings.decay, settings.clip)
        self.layers = network.count_layers(arrays)
        self.states = tf.Variable(tf.zeros((self.layers, 2, settings.batch, settings.width)))
        self.past = tf.Variable(network.no_past(settings.batch, arrays))
        self.counts = tf.constant(counts, tf.float32)
        self.step = 0
        self._run = tf.function(self._update, reduce_retracing=True)

    def arrays(self) -> network.Arrays:
        return {name: variable.numpy() for name, variable in self.variables.items()}

    def state(self) -> dict[str, np.ndarray]:
        saved = {f"weights/{name}": variable.numpy() for name, variable in self.variables.items()}
        carried = {"states": self.states.numpy(), "past": self.past.numpy(), "step": np.array([self.step], np.int64)}
        return saved | self.optimiser.state() | carried

    def restore(self, saved: Mapping[str, np.ndarray]) -> None:
        for name, variable in self.variables.items():
            variable.assign(saved[f"weights/{name}"])
        self.optimiser.restore(saved)
        self.states.assign(saved["states"])
        self.past.assign(saved["past"])
        self.step = int(saved["step"][0])

    def train(self, batch: Batch) -> float:
        """One step; returns the mean loss in nats a counted token."""
        generator = np.random.default_rng([self.settings.seed, self.step])
        seed = generator.integers(0, 2**31 - 1, 2).astype(np.int32)
        rate = self.settings.rate_at(self.step)
        loss = self._run(
            tf.constant(batch.ids), tf.constant(batch.targets), tf.constant(batch.keep),
            tf.constant(seed), tf.constant(rate, tf.float32), tf.constant(float(self.step + 1)),
        )  # fmt: skip
        self.step += 1
        return float(loss)

    def _update(
        self,
        ids: tf.Tensor,
        targets: tf.Tensor,
        keep: tf.Tensor,
        seed: tf.Tensor,
        rate: tf.Tensor,
        time_step: tf.Tensor,
    ) -> tf.Tensor:
        settings = self.settings
        ids.set_shape((settings.steps, settings.batch))
        with tf.GradientTape() as tape:
            weights = {name: variable.value() for name, variable in self.variables.items()}
            for value in weights.values():
                tape.watch(value)
            flow, states, past = network.hidden_states(
                ids, keep, self.states, weights, self.layers, half=True, dropout=settings.dropout, seed=seed,
                past=self.past,
            )  # fmt: skip
            each, count = counted(flow, targets, weights, self.counts)
            loss = tf.reduce_sum(each) / tf.maximum(count, 1.0)
        gradients = tape.gradient(loss, [weights[name] for name in self.names])
        self.states.assign(states)
        self.past.assign(past)
        self.optimiser.apply(gradients, self.names, rate, time_step)
        return loss


def counted(
    flow: tf.Tensor, targets: tf.Tensor, weights: Mapping[str, tf.Tensor], counts: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """Weighted nats of the targets that count, and the sum of their weights. What does not count is not scored."""
    flow, target = tf.reshape(flow, (-1, flow.shape[2])), tf.reshape(targets, (-1,))
    weight = tf.gather(counts, target)
    chosen = tf.where(weight > 0)[:, 0]
    each = network.losses(tf.gather(flow, chosen), tf.gather(target, chosen), weights, half=True)
    weight = tf.gather(weight, chosen)
    return each * weight, tf.reduce_sum(weight)


class Meter:
    """Held-out loss of a fixed set of dialogues in bits a character, in float32 but for the products."""

    def __init__(
        self,
        settings: BaseRecipe,
        encoder: Encodes,
        dialogues: Sequence[Dialogue],
        counts: np.ndarray,
        limit: int = 60_000,
    ):
        self.settings, self.counts = settings, tf.constant(counts, tf.float32)
        flat, taught = list[int](), list[int]()
        self.characters = 0
        for dialogue in dialogues:
            for start in range(0, len(dialogue.lines), RUN):
                run = dialogue.lines[start : start + RUN]
                ids, targets = taught_scene(encoder, run, dialogue.language)
                flat += ids
                taught += targets
                self.characters += sum(len(line.text) + 1 for line in run if not line.played)
            if len(flat) > limit:
                break
        self.flat, self.taught = np.array(flat, np.int32), np.array(taught, np.int32)
        self.scene = encoder.scene
        # Few held-out scenes fill few lanes; too few for one lane are no measure.
        self.batch = min(32, (len(flat) - 1) // settings.steps)
        # A graph of its own: another meter's windows may be of another length.
        self._measure = tf.function(_nats, reduce_retracing=True)

    def bits(self, variables: Mapping[str, tf.Variable]) -> float:
        """Bits a character: of text and line ends, codes given; characters are those of the text and one an end."""
        settings = self.settings
        weights = dict(variables)
        layers = network.count_layers(weights)
        states = tf.zeros((layers, 2, self.batch, settings.width))
        past = network.no_past(self.batch, weights)
        total, count = 0.0, 0
        for batch in lanes(self.flat, self.taught, self.batch, settings.steps, self.scene):
            nats, states, past = self._measure(
                tf.constant(batch.ids), tf.constant(batch.targets), tf.constant(batch.keep), states, past, weights,
                self.counts, layers,
            )  # fmt: skip
            total += float(nats)
            count += batch.ids.size
        return total / math.log(2) / self.characters * (len(self.flat) / max(1, count))


def _nats(
    ids: tf.Tensor,
    targets: tf.Tensor,
    keep: tf.Tensor,
    states: tf.Tensor,
    past: tf.Tensor,
    weights: Mapping[str, tf.Variable],
    counts: tf.Tensor,
    layers: int,
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    flow, states, past = network.hidden_states(ids, keep, states, weights, layers, half=True, past=past)
    each, _ = counted(flow, targets, weights, counts)
    return tf.reduce_sum(each), states, past


def grown(arrays: network.Arrays, old: Tokenizer, new: Vocabulary, shape: network.Shape) -> network.Arrays:
    """A base with another vocabulary: the layers stay, a new token begins as the mean of the old tokens it is made of.

    Codes that both know are taken over; new ones begin as the mean of all old codes, an attention head as one that adds
    nothing. `old` is the tokenizer of `arrays`. Raises TrainingError for a base of another size.
    """
    width = arrays["embedding"].shape[1]
    if width != shape.width or network.count_layers(arrays) != shape.layers:
        raise TrainingError(
            f"the base to grow from has {network.count_layers(arrays)} layers of {width}, not the recipe's"
        )
    fresh = network.initial(shape, 0)
    taken = {name: arrays.get(name, value) for name, value in fresh.items() if name not in {"embedding", "bias"}}
    known = {token.content: number for number, token in old.get_added_tokens_decoder().items()}
    table, bias = fresh["embedding"], fresh["bias"]
    mean = arrays["embedding"][sorted(known.values())].mean(0)
    for number in range(shape.vocabulary):
        special = number < len(codes.SPECIAL)
        if special:
            parts = [known[token]] if (token := new.token(number)) in known else []
        else:
            parts = old.encode(new.text(number), add_special_tokens=False).ids
        if parts:
            table[number] = arrays["embedding"][parts].mean(0)
            # A word of several old pieces is not as likely as its first piece.
            bias[number] = arrays["bias"][parts[0]] - 0.5 * (len(parts) - 1)
        elif special:
            table[number] += mean
    return taken | {"embedding": table, "bias": bias}


def batches(
    settings: BaseRecipe,
    encoder: Encodes,
    general: Sequence[Dialogue],
    scripts: Sequence[Dialogue],
    first: int,
    mean: int = 8,
) -> Iterator[Batch]:
    """Batches from step `first` on: a resumed run sees what the unbroken run would have seen.

    Raises TrainingError when there is less text than one batch takes.
    """
    shared = [each for number, each in enumerate(general) if (number * 0.618034) % 1.0 < settings.general_share]
    phases = [
        (0, settings.general_steps, [*general, *scripts]),
        (settings.general_steps, settings.total, [*shared, *scripts]),
    ]
    for phase, (start, stop, dialogues) in enumerate(phases):
        step, number = start, 0
        while step < stop:
            before = step
            seed = [settings.seed, phase, number]
            for batch in epoch(encoder, dialogues, settings.batch, settings.steps, seed, settings.code_dropout, mean):
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
    encoder: Encodes,
    start: network.Arrays,
    counts: np.ndarray,
    stream: Callable[[int], Iterator[Batch]],
    held_out: Mapping[str, Sequence[Dialogue]],
    checkpoint: Checkpoint,
    report: Callable[[Report], None],
    first: int = 0,
    save_every: float = 240.0,
    measure_every: int = 400,
    clock: Callable[[], float] = time.monotonic,
) -> network.Arrays:
    """Train from `start` to the end, resuming from `checkpoint` if it holds this very run; returns the weights.

    `stream(step)` gives the batches from a step on; a grown base begins at step `first`.
    """
    trainer = Trainer(settings, start, counts)
    trainer.step = first
    saved = checkpoint.load(settings.model_dump())
    if saved is not None:
        trainer.restore(saved)
    meters = {name: Meter(settings, encoder, dialogues, counts) for name, dialogues in held_out.items()}
    meters = {name: meter for name, meter in meters.items() if meter.batch > 0}
    mean, started, since, last = 0.0, clock(), trainer.step, clock()
    for batch in stream(trainer.step):
        try:
            loss = trainer.train(batch)
        except KeyboardInterrupt:
            # Broken off between two steps: nothing of what was learned is lost.
            checkpoint.save(trainer.state(), settings.model_dump())
            raise
        mean = loss if not mean else 0.98 * mean + 0.02 * loss
        speed = (trainer.step - since) * settings.batch * settings.steps / (clock() - started)
        left = (settings.total - trainer.step) * settings.batch * settings.steps / speed
        bits = {}
        if trainer.step % measure_every == 0 or trainer.step == settings.total:
            bits = {name: meter.bits(trainer.variables) for name, meter in meters.items()}
        report(Report(trainer.step, settings.total, mean, speed, left, bits))
        if clock() - last > save_every:
            checkpoint.save(trainer.state(), settings.model_dump())
            last = clock()
    checkpoint.save(trainer.state(), settings.model_dump())
    return trainer.arrays()

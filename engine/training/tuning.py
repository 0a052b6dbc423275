"""Fine-tuning: a show or a character learned as a low-rank change of its parent, from pairs of context and reply.

Every weight matrix W of the LSTM becomes W + down @ up (Hu et al. 2021, LoRA), the embedding (and with it the
output) likewise, and the biases move freely. What is trained is what is stored: nothing is lost by compressing
afterwards, and a voice takes a twentieth of the base. The loss counts the reply only; the best epoch is kept by
the loss on validation scenes, and the parent itself, unchanged, is epoch 0.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import tensorflow as tf

from engine import codes
from engine.sheets.recipe import TuningRecipe
from engine.training import network
from engine.training.base import adamw
from engine.voices.network import Arrays
from engine.voices.sequences import LONGEST_CUE, Pair

#: Lengths in tokens that pairs are padded to: the graph is unrolled once for each.
LENGTHS = (56, 96)
#: With fewer validation lines than this, so many epochs are trained and the last is kept: what most voices need.
LEAST_VALIDATION, BLIND_EPOCHS = 10, 3


@dataclass(frozen=True)
class EpochReport:
    """How tuning stands: `loss` and `validation` in nats a token, `rate` in tokens a second, `left` in seconds at the most."""

    epoch: int
    epochs: int
    done: float
    loss: float
    validation: float
    rate: float
    left: float


@dataclass(frozen=True)
class Tuned:
    """The change that was best on the validation scenes (empty: none was better than the parent)."""

    change: Arrays
    epoch: int
    parent_loss: float
    loss: float
    history: list[float] = field(default_factory=list)


class Tuner:
    """Holds the graphs, compiled once, and tunes one voice after the other."""

    def __init__(self, shape: network.Shape, settings: TuningRecipe):
        self.shape, self.settings = shape, settings
        steering = {"codes": np.zeros((len(codes.SPECIAL), shape.vocabulary), np.float32)}
        frozen = {**network.initial(shape, 0), **steering}
        self.frozen = {name: tf.Variable(value, trainable=False) for name, value in frozen.items()}
        self.change = {name: tf.Variable(value) for name, value in self._fresh(0).items()}
        self.names = sorted(self.change)
        self.first = {name: tf.Variable(tf.zeros_like(value)) for name, value in self.change.items()}
        self.second = {name: tf.Variable(tf.zeros_like(value)) for name, value in self.change.items()}
        self._step = tf.function(self._update)
        self._measure = tf.function(self._nats)

    def _fresh(self, seed: int) -> Arrays:
        """A change that changes nothing yet: `down` small and random, `up` zero."""
        width, words = self.shape.width, self.settings.words_rank
        generator = np.random.default_rng([seed, 2])
        change: Arrays = {
            "bias": np.zeros(self.shape.vocabulary, np.float32),
            "words.down": np.zeros((self.shape.vocabulary, words), np.float32),
            "words.up": (generator.normal(size=(words, width)) / math.sqrt(width)).astype(np.float32),
        }
        return change | network.low_rank(self.shape, self.settings.rank, seed)

    def tune(
        self,
        parent: Arrays,
        pairs: Callable[[int], Sequence[Pair]],
        validation: Sequence[Pair],
        report: Callable[[EpochReport], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> Tuned:
        """Tune from `parent` (its changes merged in); `pairs(epoch)` gives the epoch's pairs, codes dropped anew."""
        settings = self.settings
        self._begin(parent)
        # With next to nothing to validate on, the best epoch cannot be told: a few are trained, and kept.
        blind = len(validation) < LEAST_VALIDATION
        epochs = BLIND_EPOCHS if blind else settings.epochs
        start = self.loss(validation)
        best, best_epoch, kept = start, 0, {}
        history, step, started, seen = [start], 0, clock(), 0
        expected = max(1, epochs * math.ceil(len(pairs(0)) / settings.batch))
        for epoch in range(1, epochs + 1):
            generator = np.random.default_rng([settings.seed, epoch])
            losses: list[float] = []
            for ids, mask, cues in batches(pairs(epoch), settings.batch, generator):
                rate = settings.rate * min(1.0, (step + 1) / 30) * (1 - 0.9 * min(1.0, step / expected))
                seed = generator.integers(0, 2**31 - 1, 2).astype(np.int32)
                losses.append(float(self._step(ids, mask, cues, seed, np.float32(rate), np.float32(step + 1))))
                step, seen = step + 1, seen + ids.size
                speed = seen / max(1e-9, clock() - started)
                left = (expected - step) * settings.batch * 90 / speed
                report(
                    EpochReport(
                        epoch, settings.epochs, step / expected, float(np.mean(losses)), best, speed, max(0.0, left)
                    )
                )
            now = self.loss(validation)
            history.append(now)
            if now < best or blind:
                best, best_epoch = now, epoch
                kept = {name: variable.numpy() for name, variable in self.change.items()}
            elif epoch - best_epoch >= settings.patience:
                break
        return Tuned(kept, best_epoch, start, best, history)

    def _begin(self, parent: Arrays) -> None:
        """Take up a parent, with a change that changes nothing."""
        for name, value in parent.items():
            self.frozen[name].assign(value)
        for name, value in self._fresh(self.settings.seed).items():
            self.change[name].assign(value)
            self.first[name].assign(np.zeros_like(value))
            self.second[name].assign(np.zeros_like(value))

    def loss_of(self, arrays: Arrays, pairs: Sequence[Pair]) -> float:
        """Mean nats a reply token of weights as they are."""
        self._begin(arrays)
        return self.loss(pairs)

    def loss(self, pairs: Sequence[Pair]) -> float:
        """Mean nats a reply token of the frozen weights with the present change."""
        total, count = 0.0, 0
        for ids, mask, cues in batches(pairs, self.settings.batch, None):
            total += float(self._measure(ids, mask, cues))
            count += int(mask.sum())
        return total / max(1, count)

    def _weights(self, frozen: dict[str, tf.Tensor], change: dict[str, tf.Tensor]) -> dict[str, tf.Tensor]:
        weights = network.with_low_rank(frozen, change, self.shape.layers)
        weights["bias"] = frozen["bias"] + change["bias"]
        weights["embedding"] = frozen["embedding"] + change["words.down"] @ change["words.up"]
        return weights

    def _replies(
        self,
        ids: tf.Tensor,
        mask: tf.Tensor,
        cues: tf.Tensor,
        weights: dict[str, tf.Tensor],
        dropout: float,
        seed: tf.Tensor | None,
    ) -> tf.Tensor:
        """Nats of every reply token: `ids` (time + 1, batch), `mask` (time, batch) is True where the target is reply,
        `cues` (batch, codes) are the reply's codes."""
        inputs, targets = ids[:-1], ids[1:]
        states = tf.zeros((self.shape.layers, 2, tf.shape(ids)[1], self.shape.width))
        keep = tf.ones((inputs.shape[0], 1, 1))
        flow, _ = network.hidden_states(
            inputs, keep, states, weights, self.shape.layers, half=True, dropout=dropout, seed=seed
        )
        flow, targets = tf.boolean_mask(flow, mask), tf.boolean_mask(targets, mask)
        steering = tf.gather(network.steer(cues, weights), tf.where(mask)[:, 1])
        return network.losses(flow, targets, weights, half=True, steering=steering)

    def _update(
        self,
        ids: tf.Tensor,
        mask: tf.Tensor,
        cues: tf.Tensor,
        seed: tf.Tensor,
        rate: tf.Tensor,
        time_step: tf.Tensor,
    ) -> tf.Tensor:
        settings = self.settings
        with tf.GradientTape() as tape:
            change = {name: variable.value() for name, variable in self.change.items()}
            tape.watch(list(change.values()))
            weights = self._weights({name: variable.value() for name, variable in self.frozen.items()}, change)
            loss = tf.reduce_mean(self._replies(ids, mask, cues, weights, settings.dropout, seed))
        gradients = tape.gradient(loss, [change[name] for name in self.names])
        gradients, _ = tf.clip_by_global_norm(gradients, settings.clip)
        for name, gradient in zip(self.names, gradients, strict=True):
            adamw(self.change[name], gradient, self.first[name], self.second[name], rate, time_step, settings.decay)
        return loss

    def _nats(self, ids: tf.Tensor, mask: tf.Tensor, cues: tf.Tensor) -> tf.Tensor:
        weights = self._weights(
            {name: variable.value() for name, variable in self.frozen.items()},
            {name: variable.value() for name, variable in self.change.items()},
        )
        return tf.reduce_sum(self._replies(ids, mask, cues, weights, 0.0, None))


def batches(
    pairs: Sequence[Pair], size: int, generator: np.random.Generator | None
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Pairs of like length as (time + 1, batch) ids, (time, batch) reply masks and (batch, codes) ids of the replies'
    codes, filled up with 0; shuffled when there is a generator.

    Every batch is full (short ones are filled with empty columns), so that few graph shapes exist.
    """
    buckets: dict[int, list[Pair]] = {}
    order = generator.permutation(len(pairs)) if generator is not None else np.arange(len(pairs))
    ready = []
    for index in order:
        pair = pairs[index]
        length = next((length for length in LENGTHS if len(pair.ids) <= length + 1), LENGTHS[-1])
        bucket = buckets.setdefault(length, [])
        bucket.append(pair)
        if len(bucket) == size:
            ready.append((length, buckets.pop(length)))
    ready += sorted(buckets.items())
    for length, chosen in ready:
        ids = np.zeros((length + 1, size), np.int32)
        mask = np.zeros((length, size), bool)
        cues = np.zeros((size, LONGEST_CUE), np.int32)
        for column, pair in enumerate(chosen):
            cut = max(0, len(pair.ids) - length - 1)
            kept = pair.ids[cut:]
            ids[: len(kept), column] = kept
            mask[max(0, pair.start - cut - 1) : len(kept) - 1, column] = True
            cues[column, : pair.codes] = pair.cue
        yield ids, mask, cues

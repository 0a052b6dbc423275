"""Fine-tuning: a show or a character learned as a low-rank change of its parent, from excerpts of its scenes.

Every weight matrix W of the LSTM becomes W + down @ up (Hu et al. 2021, LoRA), the embedding (and with it the
output) likewise, and the biases move freely; the attention head stays the base's. What is trained is what is stored:
nothing is lost by compressing afterwards, and a voice takes a twentieth of the base. The loss counts her own words only; the best epoch is kept by
the loss on validation scenes, and the parent itself, unchanged, is epoch 0.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import tensorflow as tf

from engine.learning.excerpts import Excerpt
from engine.sheets.recipe import TuningRecipe
from engine.training import network
from engine.training.optimiser import Optimiser
from engine.voices.network import Arrays

#: Lengths in tokens that excerpts are padded to: the graph is unrolled once for each. A longer one loses its beginning.
LENGTHS = (96, 160, 256, 352)
#: With fewer validation excerpts than this, so many epochs are trained and the last is kept: what most voices need.
LEAST_VALIDATION, BLIND_EPOCHS = 10, 3


@dataclass(frozen=True)
class EpochReport:
    """How tuning stands: `loss` of the epoch so far in nats a token, `rate` in tokens a second, `left` in seconds at the most.

    At the end of an epoch it is `over` and has the loss on `validation` scenes, where there are such; epoch 0 is the
    parent, which has no loss of its own.
    """

    epoch: int
    epochs: int
    done: float
    loss: float | None = None
    rate: float = 0.0
    left: float = 0.0
    over: bool = False
    validation: float | None = None


@dataclass(frozen=True)
class Tuned:
    """The change that was best on the validation scenes (empty: none was better than the parent)."""

    change: Arrays
    epoch: int
    parent_loss: float
    loss: float
    history: list[float] = field(default_factory=list)


class Tuner:
    """Holds the graphs, compiled once, and tunes one voice after the other. `base` gives the shapes."""

    def __init__(self, base: Arrays, settings: TuningRecipe):
        self.settings = settings
        self.layers = network.count_layers(base)
        self.vocabulary, self.width = base["embedding"].shape
        self.frozen = {name: tf.Variable(value, trainable=False) for name, value in base.items()}
        self.change = {name: tf.Variable(value) for name, value in self._fresh(0).items()}
        self.names = sorted(self.change)
        self.optimiser = Optimiser(self.change, settings.decay, settings.clip)
        self._step = tf.function(self._update)
        self._measure = tf.function(self._nats)

    def _fresh(self, seed: int) -> Arrays:
        """A change that changes nothing yet: `down` small and random, `up` zero."""
        words = self.settings.words_rank
        generator = np.random.default_rng([seed, 2])
        change: Arrays = {
            "bias": np.zeros(self.vocabulary, np.float32),
            "words.down": np.zeros((self.vocabulary, words), np.float32),
            "words.up": (generator.normal(size=(words, self.width)) / math.sqrt(self.width)).astype(np.float32),
        }
        return change | network.low_rank(self.width, self.layers, self.settings.rank, seed)

    def tune(
        self,
        parent: Arrays,
        excerpts: Callable[[int], Sequence[Excerpt]],
        validation: Sequence[Excerpt],
        report: Callable[[EpochReport], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> Tuned:
        """Tune from `parent` (its changes merged in); `excerpts(epoch)` gives the epoch's, cut anew."""
        settings = self.settings
        self._begin(parent)
        # With next to nothing to validate on, the best epoch cannot be told: a few are trained, and kept.
        blind = len(validation) < LEAST_VALIDATION
        epochs = BLIND_EPOCHS if blind else settings.epochs
        start = self.loss(validation)
        best, best_epoch, kept = start, 0, {}
        report(EpochReport(0, epochs, 0.0, over=True, validation=start if validation else None))
        history, step, seen, started = [start], 0, 0, clock()
        chosen = excerpts(1)
        expected = max(1, epochs * math.ceil(len(chosen) / settings.batch))
        for epoch in range(1, epochs + 1):
            chosen = chosen if epoch == 1 else excerpts(epoch)
            generator = np.random.default_rng([settings.seed, epoch])
            losses: list[float] = []
            standing = EpochReport(epoch, epochs, 0.0)
            for ids, counted in batches(chosen, settings.batch, generator):
                rate = settings.rate * min(1.0, (step + 1) / 30) * (1 - 0.9 * min(1.0, step / expected))
                seed = generator.integers(0, 2**31 - 1, 2).astype(np.int32)
                losses.append(float(self._step(ids, counted, seed, np.float32(rate), np.float32(step + 1))))
                step, seen = step + 1, seen + ids.size
                spent = clock() - started
                left = spent / step * max(0, expected - step)
                done, speed = min(1.0, step / expected), seen / max(1e-9, spent)
                standing = EpochReport(epoch, epochs, done, float(np.mean(losses)), speed, left)
                report(standing)
            now = self.loss(validation)
            report(replace(standing, over=True, validation=now if validation else None))
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
        self.optimiser.reset()

    def arrays(self) -> Arrays:
        """The weights as they are now, the change merged in."""
        frozen, change = (
            {name: variable.value() for name, variable in each.items()} for each in (self.frozen, self.change)
        )
        return {name: weight.numpy() for name, weight in self._weights(frozen, change).items()}

    def loss_of(self, arrays: Arrays, excerpts: Sequence[Excerpt]) -> float:
        """Mean nats a counted token of weights as they are."""
        self._begin(arrays)
        return self.loss(excerpts)

    def loss(self, excerpts: Sequence[Excerpt]) -> float:
        """Mean nats a counted token of the frozen weights with the present change."""
        total, count = 0.0, 0
        for ids, counted in batches(excerpts, self.settings.batch, None):
            total += float(self._measure(ids, counted))
            count += int(counted.sum())
        return total / max(1, count)

    def _weights(self, frozen: dict[str, tf.Tensor], change: dict[str, tf.Tensor]) -> dict[str, tf.Tensor]:
        weights = network.with_low_rank(frozen, change, self.layers)
        weights["bias"] = frozen["bias"] + change["bias"]
        weights["embedding"] = frozen["embedding"] + change["words.down"] @ change["words.up"]
        return weights

    def _replies(
        self,
        ids: tf.Tensor,
        counted: tf.Tensor,
        weights: dict[str, tf.Tensor],
        dropout: float,
        seed: tf.Tensor | None,
    ) -> tf.Tensor:
        """Nats of every counted token: `ids` (time + 1, batch), `counted` (time, batch) is True where the target counts."""
        inputs, targets = ids[:-1], ids[1:]
        states = tf.zeros((self.layers, 2, tf.shape(ids)[1], self.width))
        keep = tf.ones((inputs.shape[0], 1, 1))
        flow, _, _ = network.hidden_states(
            inputs, keep, states, weights, self.layers, half=True, dropout=dropout, seed=seed
        )
        flow, targets = tf.boolean_mask(flow, counted), tf.boolean_mask(targets, counted)
        return network.losses(flow, targets, weights, half=True)

    def _update(
        self, ids: tf.Tensor, counted: tf.Tensor, seed: tf.Tensor, rate: tf.Tensor, time_step: tf.Tensor
    ) -> tf.Tensor:
        with tf.GradientTape() as tape:
            change = {name: variable.value() for name, variable in self.change.items()}
            tape.watch(list(change.values()))
            weights = self._weights({name: variable.value() for name, variable in self.frozen.items()}, change)
            loss = tf.reduce_mean(self._replies(ids, counted, weights, self.settings.dropout, seed))
        gradients = tape.gradient(loss, [change[name] for name in self.names])
        self.optimiser.apply(gradients, self.names, rate, time_step)
        return loss

    def _nats(self, ids: tf.Tensor, counted: tf.Tensor) -> tf.Tensor:
        weights = self._weights(
            {name: variable.value() for name, variable in self.frozen.items()},
            {name: variable.value() for name, variable in self.change.items()},
        )
        return tf.reduce_sum(self._replies(ids, counted, weights, 0.0, None))


def batches(
    excerpts: Sequence[Excerpt], size: int, generator: np.random.Generator | None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Excerpts of like length as (time + 1, batch) ids and (time, batch) marks of the targets that count; shuffled when
    there is a generator.

    Every batch is full (short ones are filled with empty columns), so that few graph shapes exist.
    """
    buckets: dict[int, list[Excerpt]] = {}
    order = generator.permutation(len(excerpts)) if generator is not None else np.arange(len(excerpts))
    ready = []
    for index in order:
        excerpt = excerpts[index]
        length = next((length for length in LENGTHS if len(excerpt.ids) <= length + 1), LENGTHS[-1])
        bucket = buckets.setdefault(length, [])
        bucket.append(excerpt)
        if len(bucket) == size:
            ready.append((length, buckets.pop(length)))
    ready += sorted(buckets.items())
    for length, chosen in ready:
        ids = np.zeros((length + 1, size), np.int32)
        counted = np.zeros((length, size), bool)
        for column, excerpt in enumerate(chosen):
            kept = excerpt.ids[-length - 1 :]
            ids[: len(kept), column] = kept
            counted[: len(kept) - 1, column] = excerpt.counted[-length - 1 :][1:]
        yield ids, counted

"""What the control codes do to words: fitted to the scripts once a base is trained, and again when its voices are.

A recurrent network of this size soon forgets the code in front of a line, and the voice of one speaker hardly needs to
know whom she speaks to. So each code also has a score for every word, added to the logits throughout the line: a
log-linear model beside the LSTM (as topics in Mikolov and Zweig 2012). The scores lower the loss of the lines, and at the
same time tell right codes from wrong ones by the lines' likelihoods, which is the generative and discriminative training
of Krause et al. (2020, GeDi). The LSTMs stay as they are.

The first fit is on the base, and kept in its file: voices are trained with it. On the base, the words of a tone are also
those of whoever is often in it; the second fit is on everybody's own voice, which knows the speaker already.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from engine import codes
from engine.sheets.recipe import SteeringRecipe
from engine.training import network
from engine.training.base import adamw
from engine.voices.network import Array, Network
from engine.voices.replies import read
from engine.voices.sequences import LONGEST_CUE, Pair
from engine.voices.vocabulary import Vocabulary

Ids = NDArray[np.int32]


@dataclass(frozen=True)
class Lines:
    """Replies without their contexts: of all tokens the top states before them (tokens, width) and their ids; of each
    line the first token, the number of tokens, and the codes (lines, codes), filled up with 0."""

    flow: NDArray[np.float16]
    targets: Ids
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]
    cues: Ids


def replies(voice: Network, pairs: Sequence[Pair]) -> Lines:
    """Run the network over the pairs, and keep the states from which the replies are said."""
    flows, targets, starts = [], [], np.zeros(len(pairs), np.int64)
    lengths = np.array([pair.reply_tokens for pair in pairs])
    seen = 0
    for found in read(voice, pairs):
        # Token by token they come for all lines of a batch side by side: sorted, they stand line by line.
        order = np.argsort(found.owners, kind="stable")
        flows.append(found.states[order].astype(np.float16))
        targets.append(found.tokens[order].astype(np.int32))
        ends = seen + np.cumsum(lengths[found.chosen])
        starts[found.chosen] = ends - lengths[found.chosen]
        seen = int(ends[-1])
    cues = np.zeros((len(pairs), LONGEST_CUE), np.int32)
    for row, pair in enumerate(pairs):
        cues[row, : pair.codes] = pair.cue
    return Lines(np.concatenate(flows), np.concatenate(targets), starts, lengths, cues)


def fit(
    sources: Sequence[tuple[Network, Sequence[Pair]]],
    vocabulary: Vocabulary,
    settings: SteeringRecipe,
    start: Array | None = None,
    report: Callable[[int, float, float], None] = lambda epoch, loss, told: None,
) -> Array:
    """Scores (special ids, vocabulary) of all codes, from `start` (nothing: zeros) on; each network says its own pairs.

    `report` hears the epoch, the nats a token, and the nats that telling the right code costs a line (log 3 at chance,
    with two wrong ones).
    """
    said = [replies(voice, pairs) for voice, pairs in sources if pairs]
    networks = [voice for voice, pairs in sources if pairs]
    kinds = [
        np.array([vocabulary.special(code) for code in map(name, values)])
        for name, values in (
            (codes.tone_code, codes.TONES),
            (codes.kind_code, codes.KINDS),
            (codes.arc_code, codes.ARCS),
        )
    ]
    steered = np.zeros((len(codes.SPECIAL), 1), np.float32)
    steered[np.concatenate(kinds)] = 1.0
    model = _Model(len(vocabulary), steered, settings, start)
    steps = settings.epochs * sum(math.ceil(len(lines.lengths) / settings.batch) for lines in said)
    step = 0
    for epoch in range(settings.epochs):
        generator = np.random.default_rng([settings.seed, epoch])
        seen = []
        for source, chosen in _parts([len(lines.lengths) for lines in said], settings.batch, generator):
            model.speak_with(networks[source].output(), networks[source].bias)
            rate = settings.rate * (1 - 0.9 * step / steps)
            step += 1
            seen.append(model.update(*_batch(said[source], chosen, kinds, settings.wrong, generator), rate, step))
        report(epoch + 1, *np.mean(seen, axis=0).tolist())
    return np.asarray(model.scores.numpy(), np.float32)


def _parts(sizes: Sequence[int], batch: int, generator: np.random.Generator) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Batches of an epoch, each of one source's lines (of `sizes`): the source and the lines, all in a random order."""
    parts = []
    for source, size in enumerate(sizes):
        order = generator.permutation(size)
        parts += [(source, order[start : start + batch]) for start in range(0, size, batch)]
    for index in generator.permutation(len(parts)):
        yield parts[index]


def _batch(
    lines: Lines, chosen: NDArray[np.int64], kinds: Sequence[Ids], wrong: int, generator: np.random.Generator
) -> tuple[Array, Ids, Ids, Ids]:
    """States, targets and line numbers of the chosen lines' tokens; and cues (lines, 1 + wrong, codes), the right one
    first, the others with one code of a line changed."""
    rows = np.concatenate([np.arange(lines.starts[line], lines.starts[line] + lines.lengths[line]) for line in chosen])
    cues = np.repeat(lines.cues[chosen][:, None], 1 + wrong, axis=1)
    for each in cues:
        places = [(place, kind) for place, id_ in enumerate(each[0]) for kind in kinds if id_ in kind]
        if places:
            place, kind = places[generator.integers(len(places))]
            others = kind[kind != each[0, place]]
            each[1:, place] = generator.choice(others, wrong, replace=False)
    columns = np.repeat(np.arange(len(chosen), dtype=np.int32), lines.lengths[chosen])
    return lines.flow[rows].astype(np.float32), lines.targets[rows], columns, cues


class _Model:
    """The scores, and one step of training them."""

    def __init__(self, vocabulary: int, steered: Array, settings: SteeringRecipe, start: Array | None):
        self.settings = settings
        self.steered = tf.constant(steered)
        self.scores, self.first, self.second = (tf.Variable(tf.zeros((len(steered), vocabulary))) for _ in range(3))
        if start is not None:
            self.scores.assign(start)
        self._step = tf.function(self._update, reduce_retracing=True)

    def speak_with(self, output: Array, bias: Array) -> None:
        """Whose words are to come: output matrix (vocabulary, width) and bias (vocabulary,)."""
        self.output, self.bias = tf.constant(output), tf.constant(bias)

    def update(self, flow: Array, targets: Ids, columns: Ids, cues: Ids, rate: float, step: int) -> tuple[float, float]:
        """One step; returns the nats a token and the nats of telling a line's right code."""
        loss, told = self._step(
            self.output, self.bias, flow, targets, columns, cues, np.float32(rate), np.float32(step)
        )
        return float(loss), float(told)

    def _update(
        self,
        output: tf.Tensor,
        bias: tf.Tensor,
        flow: tf.Tensor,
        targets: tf.Tensor,
        columns: tf.Tensor,
        cues: tf.Tensor,
        rate: tf.Tensor,
        step: tf.Tensor,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        settings, lines = self.settings, tf.shape(cues)[0]
        with tf.GradientTape() as tape:
            scores = self.scores.value()
            tape.watch(scores)
            plain = network.product(flow, tf.transpose(output), half=True) + bias
            nats = [
                tf.nn.sparse_softmax_cross_entropy_with_logits(
                    targets, plain + tf.gather(tf.reduce_sum(tf.gather(scores, cues[:, each]), axis=1), columns)
                )
                for each in range(1 + settings.wrong)
            ]
            loss = tf.reduce_mean(nats[0])
            of_lines = tf.stack([-tf.math.unsorted_segment_sum(each, columns, lines) for each in nats], axis=1)
            # Lines without a code have nothing to be told.
            coded = tf.cast(tf.reduce_any(cues[:, 0] != cues[:, 1], axis=1), tf.float32)
            told = -tf.reduce_sum(tf.nn.log_softmax(of_lines)[:, 0] * coded) / tf.maximum(1.0, tf.reduce_sum(coded))
            total = loss + settings.weight * told
        gradient = tf.convert_to_tensor(tape.gradient(total, scores)) * self.steered
        adamw(self.scores, gradient, self.first, self.second, rate, step, settings.decay)
        return loss, told

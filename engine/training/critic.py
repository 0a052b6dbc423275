"""The critic: trained to tell a script's real line, in its place, from what voices say there and from another line of hers.

Residual energy-based reranking (Deng et al. 2020): a low-rank change of the base reads the lines before and the
candidate, and a linear layer on its last state and on the mean of the candidate's states gives one number. It learns by
noise contrast: the real line among samples of the speaker's show, drawn whole (temperature 1, nothing cut off: cut
samples lack rare words, and a critic would learn no more than that rare words are real) and drawn as in play, and
among real lines that she says elsewhere, which only the lines before can tell from the right one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from engine import codes
from engine.learning.passages import Passage
from engine.sheets.recipe import CriticRecipe
from engine.training import network
from engine.training.base import adamw
from engine.voices.critic import CONTEXT
from engine.voices.network import Array, Arrays, Network, State
from engine.voices.sequences import last_cue, prompt
from engine.voices.voice import LSTMVoice, Sampler, pick

Ids = NDArray[np.int32]

#: Tokens of a candidate with its end, at the most, and samples that are drawn at a time.
REPLY, SIDE_BY_SIDE = 40, 128


@dataclass(frozen=True)
class Group:
    """One place: the `prompt` that the critic reads, and the candidates, the real line first; all as ids."""

    prompt: Sequence[int]
    candidates: Sequence[Sequence[int]]


def read_each(net: Network, prompts: Sequence[Sequence[int]]) -> tuple[State, Array]:
    """States and top states (n, width) after `prompts` of different lengths, side by side."""
    order = sorted(range(len(prompts)), key=lambda index: -len(prompts[index]))
    longest = len(prompts[order[0]])
    starts = np.array([longest - len(prompts[index]) for index in order])
    ids = np.zeros((longest, len(order)), np.int64)
    for column, index in enumerate(order):
        ids[starts[column] :, column] = prompts[index]
    state, flow = net.zero(len(order)), np.zeros((len(order), net.width), np.float32)
    for step in range(longest):
        # The longest began first: those that have begun are a growing block of columns.
        begun = int((starts <= step).sum())
        flow, after = net.step(ids[step, :begun], State(state.hidden[:, :begun], state.cell[:, :begun]))
        state.hidden[:, :begun], state.cell[:, :begun] = after.hidden, after.cell
    back = np.argsort(order)
    return state.take(back), flow[back]


def sample_each(
    net: Network,
    prompts: Sequence[Sequence[int]],
    silent: NDArray[np.intp],
    end: int,
    sampler: Sampler,
    generator: np.random.Generator,
) -> list[list[int]]:
    """One line for each prompt, without its end; `silent` ids are never said."""
    state, flow = read_each(net, prompts)
    steering = np.stack([net.steer(last_cue(prompt, end)) for prompt in prompts])
    rows = np.arange(len(prompts))
    lines: list[list[int]] = [[] for _ in prompts]
    for step in range(sampler.max_tokens):
        scores = net.logits(flow, steering[rows])
        scores[:, silent] = -np.inf
        if step == 0:
            scores[:, end] = -np.inf
        chosen = pick(scores, sampler, generator)
        for row, id_ in zip(rows, chosen.tolist(), strict=True):
            if id_ != end:
                lines[row].append(id_)
        going = np.flatnonzero(chosen != end)
        rows = rows[going]
        if not len(rows):
            break
        flow, state = net.step(chosen[going], state.take(going))
    return lines


def gather(
    voice: LSTMVoice,
    places: Sequence[tuple[str, tuple[Passage, int]]],
    spoken: Mapping[str, Sequence[tuple[Passage, int]]],
    generator: np.random.Generator,
) -> list[Group]:
    """Groups for places (speaker, (passage, number of the line)), with samples of `voice`; `spoken` are all places of
    each speaker, from which another line of hers is drawn."""
    vocabulary = voice.vocabulary
    prompts: list[list[int]] = []
    shown: list[list[int]] = []
    for _, (passage, number) in places:
        for window, found in ((codes.WINDOW, prompts), (codes.HEARD, shown)):
            context = passage.lines[max(0, number - window) : number]
            found.append(prompt(vocabulary, context, passage.lines[number], passage.language))
    samples = [
        sample_each(voice.network, prompts, voice.silent, vocabulary.end, sampler, generator)
        for sampler in (Sampler(1.0, 1.0, len(vocabulary), max_tokens=REPLY), Sampler(max_tokens=REPLY))
    ]
    groups = []
    for index, (who, (passage, number)) in enumerate(places):
        others = [place for place in spoken[who] if place != (passage, number)]
        other, at = others[generator.integers(len(others))]
        said = [passage.lines[number].text, other.lines[at].text]
        real, elsewhere = (vocabulary.encode(text) for text in said)
        groups.append(Group(shown[index], [real, samples[0][index], samples[1][index], elsewhere]))
    return groups


@dataclass(frozen=True)
class EpochReport:
    """How the critic stands after an epoch: its loss, and how often the real line comes first in validation groups."""

    epoch: int
    epochs: int
    loss: float
    first: float


class CriticTrainer:
    """Trains the critic on a frozen base."""

    def __init__(self, arrays: Mapping[str, Array], settings: CriticRecipe, end: int):
        self.settings, self.end = settings, end
        self.frozen = {name: tf.constant(value) for name, value in arrays.items() if name != "codes"}
        vocabulary, self.width = arrays["embedding"].shape
        self.layers = network.count_layers(arrays)
        shape = network.Shape(vocabulary, self.width, self.layers)
        fresh = network.low_rank(shape, settings.rank, settings.seed)
        fresh |= {"head.last": np.zeros(self.width, np.float32), "head.mean": np.zeros(self.width, np.float32)}
        self.change = {name: tf.Variable(value) for name, value in sorted(fresh.items())}
        self.first = {name: tf.Variable(tf.zeros_like(value)) for name, value in self.change.items()}
        self.second = {name: tf.Variable(tf.zeros_like(value)) for name, value in self.change.items()}
        self._step = tf.function(self._update, reduce_retracing=True)
        self._read = tf.function(self._judged, reduce_retracing=True)

    def train(
        self, groups: Sequence[Group], validation: Sequence[Group], report: Callable[[EpochReport], None]
    ) -> Arrays:
        """The critic's arrays after the epoch in which most validation groups had the real line first."""
        settings, step = self.settings, 0
        steps = settings.epochs * math.ceil(len(groups) / settings.batch)
        self.best, kept = -1.0, {name: variable.numpy() for name, variable in self.change.items()}
        for epoch in range(1, settings.epochs + 1):
            generator = np.random.default_rng([settings.seed, epoch])
            losses = []
            for batch in self._batches(groups, generator):
                rate = settings.rate * min(1.0, (step + 1) / 50) * (1 - 0.9 * step / steps)
                step += 1
                seed = generator.integers(0, 2**31 - 1, 2).astype(np.int32)
                losses.append(float(self._step(*batch, seed, np.float32(rate), np.float32(step))))
            now = self.first_share(validation)
            report(EpochReport(epoch, settings.epochs, float(np.mean(losses)), now))
            if now > self.best:
                self.best, kept = now, {name: variable.numpy() for name, variable in self.change.items()}
        return kept

    def first_share(self, groups: Sequence[Group]) -> float:
        """How often the real line has the highest score of its group."""
        change, seed = dict(self.change), np.zeros(2, np.int32)
        scores = [self._read(change, *batch, 0.0, seed).numpy() for batch in self._batches(groups, None)]
        found = np.concatenate(scores)[: len(groups)]
        return float((found.argmax(axis=1) == 0).mean()) if len(found) else 0.0

    def _batches(
        self, groups: Sequence[Group], generator: np.random.Generator | None
    ) -> Iterator[tuple[Ids, Array, Ids, Ids]]:
        """Prompts (time, batch) at the right, what is kept of the state before each, candidates (time, batch x size)
        at the left and their lengths. The last batch is filled up with the first group."""
        size, batch = len(groups[0].candidates), self.settings.batch
        order = generator.permutation(len(groups)) if generator is not None else np.arange(len(groups))
        for start in range(0, len(order), batch):
            chosen = [groups[index] for index in order[start : start + batch]]
            chosen += [groups[0]] * (batch - len(chosen))
            prompts, keep = np.zeros((CONTEXT, batch), np.int32), np.ones((CONTEXT, batch, 1), np.float32)
            replies, lengths = np.zeros((REPLY, batch * size), np.int32), np.zeros(batch * size, np.int32)
            for column, group in enumerate(chosen):
                prompt = group.prompt[-CONTEXT:]
                prompts[CONTEXT - len(prompt) :, column] = prompt
                keep[: CONTEXT - len(prompt) + 1, column] = 0.0
                for number, line in enumerate(group.candidates):
                    ids = [*line[: REPLY - 1], self.end]
                    replies[: len(ids), column * size + number] = ids
                    lengths[column * size + number] = len(ids)
            yield prompts, keep, replies, lengths

    def _judged(
        self,
        change: Mapping[str, tf.Tensor],
        prompts: tf.Tensor,
        keep: tf.Tensor,
        replies: tf.Tensor,
        lengths: tf.Tensor,
        dropout: float,
        seed: tf.Tensor,
    ) -> tf.Tensor:
        """Scores (batch, size)."""
        prompts.set_shape((CONTEXT, None))
        keep.set_shape((CONTEXT, None, 1))
        replies.set_shape((REPLY, None))
        weights = network.with_low_rank(self.frozen, change, self.layers)
        batch, all_replies = tf.shape(prompts)[1], tf.shape(replies)[1]
        zero = tf.zeros((self.layers, 2, batch, self.width))
        _, states = network.hidden_states(prompts, keep, zero, weights, self.layers, True, dropout, seed)
        states = tf.repeat(states, all_replies // batch, axis=2)
        ones = tf.ones((REPLY, 1, 1))
        flow, _ = network.hidden_states(replies, ones, states, weights, self.layers, True, dropout, seed + 1)
        said = tf.transpose(tf.sequence_mask(lengths, REPLY, tf.float32))[:, :, None]
        mean = tf.reduce_sum(flow * said, axis=0) / tf.reduce_sum(said, axis=0)
        last = tf.gather_nd(flow, tf.stack([lengths - 1, tf.range(all_replies)], axis=1))
        scores = tf.linalg.matvec(last, change["head.last"]) + tf.linalg.matvec(mean, change["head.mean"])
        return tf.reshape(scores, (batch, -1))

    def _update(
        self,
        prompts: tf.Tensor,
        keep: tf.Tensor,
        replies: tf.Tensor,
        lengths: tf.Tensor,
        seed: tf.Tensor,
        rate: tf.Tensor,
        step: tf.Tensor,
    ) -> tf.Tensor:
        settings = self.settings
        with tf.GradientTape() as tape:
            change = {name: variable.value() for name, variable in self.change.items()}
            tape.watch(list(change.values()))
            scores = self._judged(change, prompts, keep, replies, lengths, settings.dropout, seed)
            loss = -tf.reduce_mean(tf.nn.log_softmax(scores)[:, 0])
        names = list(change)
        gradients = tape.gradient(loss, [change[name] for name in names])
        gradients, _ = tf.clip_by_global_norm(gradients, settings.clip)
        for name, gradient in zip(names, gradients, strict=True):
            adamw(self.change[name], gradient, self.first[name], self.second[name], rate, step, settings.decay)
        return loss

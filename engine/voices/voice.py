"""Voices: saved weights -> candidate lines as token ids. Numpy only; knows nothing of characters or scenes.

A voice is a network on the shared base, changed by its show's low-rank difference and by its own. `ScriptedVoice`
stands in for a voice in tests and demonstrations: it says given lines, with the same interface.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.voices.network import Array, Network, State, log_sum_exp
from engine.voices.sampling import Drawn, Sampler, adjusted, cut, pick
from engine.voices.vocabulary import UNKNOWN, Vocabulary

#: When this share of the candidates has ended, the rest is cut off: the last few cost as much as all before them.
ENOUGH = 2 / 3


class Voice(Protocol):
    """What an agent needs of a voice."""

    name: str
    vocabulary: Vocabulary

    def draw(
        self, prompt: Sequence[int], cues: Sequence[Sequence[int]], sampler: Sampler, generator: np.random.Generator
    ) -> list[Drawn]:
        """A candidate line for each of `cues`, the codes with which it goes on from the prompt."""

    def nats(self, prompt: Sequence[int], lines: Sequence[Sequence[int]]) -> list[Array]:
        """Log-likelihood in nats of each token of each line and of its `<end>`, after the prompt."""

    def behind(self, prompt: Sequence[int], lines: Sequence[Sequence[int]]) -> Array:
        """The top state (lines, width) behind each line after the prompt: what the network makes of place and line."""


class LSTMVoice:
    """A voice on an LSTM network."""

    def __init__(self, name: str, network: Network, vocabulary: Vocabulary):
        self.name, self.network, self.vocabulary = name, network, vocabulary
        text_from = len(codes.SPECIAL)
        speakable = {vocabulary.end, *(vocabulary.special(slot) for slot in codes.SLOTS)}
        self.silent = np.array([id_ for id_ in range(text_from) if id_ not in speakable])
        if text_from < len(vocabulary) and vocabulary.token(text_from) == UNKNOWN:
            self.silent = np.append(self.silent, text_from)
        self._read: tuple[tuple[int, ...], State, Array] | None = None

    def copy(self) -> LSTMVoice:
        """Another voice on the same weights: each remembers the last prompt that it read."""
        return LSTMVoice(self.name, self.network, self.vocabulary)

    def read(self, prompt: Sequence[int]) -> tuple[State, Array]:
        """State and top state (1, width) after the prompt; the last prompt is remembered."""
        key = tuple(prompt)
        if self._read is not None and self._read[0] == key:
            return self._read[1], self._read[2]
        flow, state = self.network.run(np.array(prompt)[:, None], self.network.zero())
        self._read = (key, state, flow[-1])
        return state, flow[-1]

    def draw(
        self, prompt: Sequence[int], cues: Sequence[Sequence[int]], sampler: Sampler, generator: np.random.Generator
    ) -> list[Drawn]:
        state, top = self.read(prompt)
        count, end = len(cues), self.vocabulary.end
        state, flow = state.repeat(count), np.repeat(top, count, 0)
        # Rows go side by side: each is fed its codes first, and says its own words from there on.
        given = np.array([len(each) for each in cues])
        longest = int(given.max(initial=0))
        fed = np.full((count, longest), end)
        for row, each in enumerate(cues):
            fed[row, : len(each)] = each
        banned = [*self.silent.tolist(), *sampler.banned]
        ids = np.full((count, sampler.max_tokens), end)
        nats, ends = np.zeros((2, count, sampler.max_tokens), np.float32)
        rows, step = np.arange(count), 0
        while len(rows) > (1.0 - ENOUGH) * count and step < longest + sampler.max_tokens:
            token = np.empty(len(rows), np.int64)
            at = step - given[rows]
            reading = at < 0
            token[reading] = fed[rows[reading], step] if step < longest else end
            speaking = np.flatnonzero(~reading)
            if len(speaking):
                who, place = rows[speaking], at[speaking]
                logits = self.network.logits(flow[speaking])
                wished = adjusted(logits, ids[who, : max(place)] if place.max() else ids[who, :0], sampler, end)
                wished[:, banned] = -np.inf
                wished[place == 0, end] = -np.inf
                chosen = pick(wished, sampler, generator)
                kept = place < sampler.max_tokens
                ids[who[kept], place[kept]] = chosen[kept]
                # The likelihood is that of the voice, whatever the sampler prefers.
                said, ended = logits[np.arange(len(who)), chosen], logits[:, end].copy()
                whole = log_sum_exp(logits)
                nats[who[kept], place[kept]] = (said - whole)[kept]
                ends[who[kept], place[kept]] = (ended - whole)[kept]
                token[speaking] = np.where(kept, chosen, end)
            going = np.flatnonzero(reading | (token != end))
            rows, step = rows[going], step + 1
            if len(rows):
                flow, state = self.network.step(token[going], state.take(going))
        # What was cut off must not look as if it had ended.
        drawn = [cut(*each, end) for each in zip(ids.tolist(), nats.tolist(), ends.tolist(), strict=True)]
        for row in rows.tolist():
            told = min(max(0, step - int(given[row])), sampler.max_tokens)
            line, likely, stops = (tuple(array[row, :told].tolist()) for array in (ids, nats, ends))
            drawn[int(row)] = Drawn(line, likely or (-1.0,), False, stops)
        return drawn

    def nats(self, prompt: Sequence[int], lines: Sequence[Sequence[int]]) -> list[Array]:
        """Log-likelihood in nats of each token of each line and of its `<end>`, after the prompt."""
        if not lines:
            return []
        flow, ids = self._told(prompt, lines)
        lengths = np.array([len(line) + 1 for line in lines])
        real = np.arange(len(ids))[:, None] < lengths[None, :]
        scores = self.network.logits(flow[real])
        chosen = scores[np.arange(len(scores)), ids[real]]
        each = np.zeros(ids.shape, np.float32)
        each[real] = chosen - log_sum_exp(scores)
        return [each[:length, column] for column, length in enumerate(lengths)]

    def behind(self, prompt: Sequence[int], lines: Sequence[Sequence[int]]) -> Array:
        """The top state (lines, width) behind each line after the prompt: what the network makes of place and line."""
        if not lines:
            return np.zeros((0, self.network.width), np.float32)
        flow, _ = self._told(prompt, lines)
        return flow[[len(line) for line in lines], np.arange(len(lines))]

    def _told(self, prompt: Sequence[int], lines: Sequence[Sequence[int]]) -> tuple[Array, NDArray[np.int64]]:
        """The top states (time, lines, width) before each token of lines after a prompt, and the ids (time, lines), short
        lines filled up with `<end>`."""
        state, top = self.read(prompt)
        longest = max(map(len, lines)) + 1
        ids = np.full((longest, len(lines)), self.vocabulary.end)
        for column, line in enumerate(lines):
            ids[: len(line), column] = line
        flow = np.repeat(top[None], len(lines), 1)
        if longest > 1:
            flow = np.concatenate([flow, self.network.run(ids[:-1], state.repeat(len(lines)))[0]])
        return flow, ids


class ScriptedVoice:
    """Says the given lines over and over, in a seeded order; every line is equally likely."""

    def __init__(self, name: str, vocabulary: Vocabulary, lines: Sequence[str]):
        self.name, self.vocabulary = name, vocabulary
        self._lines = [tuple(vocabulary.encode(line)) for line in lines]

    def draw(
        self, prompt: Sequence[int], cues: Sequence[Sequence[int]], sampler: Sampler, generator: np.random.Generator
    ) -> list[Drawn]:
        order = generator.permutation(len(self._lines))
        picked = [self._lines[order[number % len(order)]] for number in range(len(cues))]
        return [Drawn(ids, (-1.0,) * (len(ids) + 1), True, (-1.0,) * len(ids)) for ids in picked]

    def nats(self, prompt: Sequence[int], lines: Sequence[Sequence[int]]) -> list[Array]:
        return [np.full(len(line) + 1, -1.0, np.float32) for line in lines]

    def behind(self, prompt: Sequence[int], lines: Sequence[Sequence[int]]) -> Array:
        return np.zeros((len(lines), 1), np.float32)

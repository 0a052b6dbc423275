"""Voices: saved weights -> candidate lines as token ids. Numpy only; knows nothing of characters or scenes.

A voice is a network on the shared base, changed by its show's low-rank difference and by its own. `ScriptedVoice`
stands in for a voice in tests and demonstrations: it says given lines, with the same interface.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from engine import codes
from engine.errors import VoiceError
from engine.voices.critic import Critic
from engine.voices.memory import Memory
from engine.voices.network import Array, Arrays, Network, State, log_sum_exp
from engine.voices.sequences import last_cue
from engine.voices.vocabulary import UNKNOWN, Vocabulary

BASE = "base"
CRITIC, STEERING = "critic", "steering"
TOKENIZER = "tokenizer.json"


#: Weights that are not trained by their name, but by what follows `engine.train`.
OWN_COMMANDS = {BASE: "--base", CRITIC: "", STEERING: ""}

#: When this share of the candidates has ended, the rest is cut off: the last few cost as much as all before them.
ENOUGH = 2 / 3


@dataclass(frozen=True)
class Sampler:
    """How tokens are drawn. `boosts` are added to logits of token ids while they are not yet in the line; `banned` ids never
    appear; codes count `emphasis` times what they were learned to (as in GeDi, Krause et al. 2020)."""

    temperature: float = 0.85
    top_p: float = 0.95
    top_k: int = 200
    repetition_penalty: float = 1.15
    emphasis: float = 1.0
    max_tokens: int = 48
    boosts: Mapping[int, float] = field(default_factory=dict)
    banned: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Drawn:
    """One sampled line: ids without `<end>`, the log-likelihood in nats of each and of `<end>`, and whether it ended."""

    ids: tuple[int, ...]
    nats: tuple[float, ...]
    ended: bool


class Voice(Protocol):
    """What an agent needs of a voice."""

    name: str
    vocabulary: Vocabulary

    def draw(self, prompt: Sequence[int], count: int, sampler: Sampler, generator: np.random.Generator) -> list[Drawn]:
        """`count` candidate lines that go on from the prompt."""

    def score(self, prompt: Sequence[int], lines: Sequence[Sequence[int]]) -> list[float]:
        """Log-likelihood in nats of each line (with its `<end>`) after the prompt."""


class LSTMVoice:
    """A voice on an LSTM network, with a memory of her own lines or none."""

    def __init__(self, name: str, network: Network, vocabulary: Vocabulary, memory: Memory | None = None):
        self.name, self.network, self.vocabulary, self.memory = name, network, vocabulary, memory
        text_from = len(codes.SPECIAL)
        speakable = {vocabulary.end, *(vocabulary.special(slot) for slot in codes.SLOTS)}
        self.silent = np.array([id_ for id_ in range(text_from) if id_ not in speakable])
        if text_from < len(vocabulary) and vocabulary.token(text_from) == UNKNOWN:
            self.silent = np.append(self.silent, text_from)
        self._read: tuple[tuple[int, ...], State, Array, Array] | None = None

    def again(self) -> LSTMVoice:
        """Another voice on the same weights: each remembers the last prompt that it read."""
        return LSTMVoice(self.name, self.network, self.vocabulary, self.memory)

    def read(self, prompt: Sequence[int]) -> tuple[State, Array, Array]:
        """State, top state (1, width) and steering (vocabulary,) after the prompt; the last prompt is remembered."""
        key = tuple(prompt)
        if self._read is None or self._read[0] != key:
            flow, state = self.network.run(np.array(prompt)[:, None], self.network.zero())
            self._read = (key, state, flow[-1], self.network.steer(last_cue(key, self.vocabulary.end)))
        return self._read[1], self._read[2], self._read[3]

    def scores(self, flow: Array, steering: Array) -> Array:
        """Scores (n, vocabulary) of what comes after top states (n, width), what she remembers there mixed in.

        `steering` is (vocabulary,) or (n, vocabulary).
        """
        scores = self.network.logits(flow, steering)
        return scores if self.memory is None else self.memory.mix(scores, flow)

    def draw(self, prompt: Sequence[int], count: int, sampler: Sampler, generator: np.random.Generator) -> list[Drawn]:
        state, top, steering = self.read(prompt)
        state, flow = state.repeat(count), np.repeat(top, count, 0)
        end = self.vocabulary.end
        leaning = np.float32(sampler.emphasis - 1.0) * steering
        leaning[[*self.silent.tolist(), *sampler.banned]] = -np.inf
        ids = np.full((count, sampler.max_tokens), end)
        nats = np.zeros((count, sampler.max_tokens), np.float32)
        rows = np.arange(count)
        for step in range(sampler.max_tokens):
            logits = self.scores(flow, steering)
            adjusted = _adjusted(logits, ids[rows, :step], sampler)
            adjusted += leaning
            if step == 0:
                adjusted[:, end] = -np.inf
            chosen = pick(adjusted, sampler, generator)
            ids[rows, step] = chosen
            # The likelihood is that of the voice, whatever the sampler prefers.
            nats[rows, step] = logits[np.arange(len(rows)), chosen] - log_sum_exp(logits)
            going = np.flatnonzero(chosen != end)
            rows = rows[going]
            if len(rows) <= (1.0 - ENOUGH) * count:
                break
            flow, state = self.network.step(chosen[going], state.take(going))
        # What was cut off must not look as if it had ended.
        drawn = [_drawn(line, each, end) for line, each in zip(ids.tolist(), nats.tolist(), strict=True)]
        for row in rows:
            drawn[row] = Drawn(tuple(ids[row, : step + 1].tolist()), tuple(nats[row, : step + 1].tolist()), False)
        return drawn

    def score(self, prompt: Sequence[int], lines: Sequence[Sequence[int]]) -> list[float]:
        return [float(nats.sum()) for nats in self.nats(prompt, lines)]

    def nats(self, prompt: Sequence[int], lines: Sequence[Sequence[int]]) -> list[Array]:
        """Log-likelihood in nats of each token of each line and of its `<end>`, after the prompt."""
        if not lines:
            return []
        state, top, steering = self.read(prompt)
        lengths = np.array([len(line) + 1 for line in lines])
        longest = int(lengths.max())
        ids = np.full((longest, len(lines)), self.vocabulary.end)
        for column, line in enumerate(lines):
            ids[: len(line), column] = line
        flow = np.repeat(top[None], len(lines), 1)
        if longest > 1:
            flow = np.concatenate([flow, self.network.run(ids[:-1], state.repeat(len(lines)))[0]])
        real = np.arange(longest)[:, None] < lengths[None, :]
        scores = self.scores(flow[real], steering)
        chosen = scores[np.arange(len(scores)), ids[real]]
        each = np.zeros(ids.shape, np.float32)
        each[real] = chosen - log_sum_exp(scores)
        return [each[:length, column] for column, length in enumerate(lengths)]


def _drawn(ids: list[int], nats: list[float], end: int) -> Drawn:
    """One row of what was drawn: the line goes to its first `end`, whose likelihood counts."""
    if end not in ids:
        return Drawn(tuple(ids), tuple(nats), False)
    length = ids.index(end)
    return Drawn(tuple(ids[:length]), tuple(nats[: length + 1]), True)


def _adjusted(logits: Array, used: NDArray[np.int64], sampler: Sampler) -> Array:
    """A copy of `logits` (n, vocabulary) as the sampler wants them, after the ids (n, k) that each row has `used`.

    Boosts, which are spent once their word is said, and the repetition penalty of CTRL (Keskar et al. 2019).
    """
    adjusted = logits.copy()
    if sampler.boosts:
        adjusted[:, list(sampler.boosts)] += np.array(list(sampler.boosts.values()), np.float32)
    values = np.take_along_axis(logits, used, 1)
    penalty = np.float32(sampler.repetition_penalty)
    np.put_along_axis(adjusted, used, np.where(values > 0, values / penalty, values * penalty), 1)
    return adjusted


def pick(logits: Array, sampler: Sampler, generator: np.random.Generator) -> NDArray[np.int64]:
    """One id a row of (n, vocabulary): temperature, then the likeliest `top_k`, of those the `top_p` nucleus."""
    rows, size = logits.shape
    kept = min(sampler.top_k, size)
    top = (
        np.argpartition(logits, size - kept, axis=1)[:, size - kept :]
        if kept < size
        else np.tile(np.arange(size), (rows, 1))
    )
    values = np.take_along_axis(logits, top, 1)
    if sampler.top_p < 1.0:
        # Only a nucleus needs them in order.
        order = np.argsort(-values, axis=1, kind="stable")
        top, values = np.take_along_axis(top, order, 1), np.take_along_axis(values, order, 1)
    weights = np.exp((values - values.max(axis=1, keepdims=True)) / sampler.temperature)
    weights /= weights.sum(axis=1, keepdims=True)
    if sampler.top_p < 1.0:
        before = np.cumsum(weights, axis=1) - weights
        weights[before >= sampler.top_p] = 0.0
    edges = np.cumsum(weights, axis=1)
    # float32 sums end a little off 1: draw below each row's own last edge.
    drawn = generator.random((rows, 1)) * edges[:, -1:]
    index = np.minimum((edges <= drawn).sum(axis=1), kept - 1)
    return np.asarray(np.take_along_axis(top, index[:, None], 1)[:, 0], np.int64)


class ScriptedVoice:
    """Says the given lines over and over, in a seeded order; every line is equally likely."""

    def __init__(self, name: str, vocabulary: Vocabulary, lines: Sequence[str]):
        self.name, self.vocabulary = name, vocabulary
        self._lines = [tuple(vocabulary.encode(line)) for line in lines]

    def draw(self, prompt: Sequence[int], count: int, sampler: Sampler, generator: np.random.Generator) -> list[Drawn]:
        order = generator.permutation(len(self._lines))
        picked = [self._lines[order[number % len(order)]] for number in range(count)]
        return [Drawn(ids, tuple([-1.0] * (len(ids) + 1)), True) for ids in picked]

    def score(self, prompt: Sequence[int], lines: Sequence[Sequence[int]]) -> list[float]:
        return [-1.0 * (len(line) + 1) for line in lines]


@dataclass(frozen=True)
class VoiceFile:
    """What a weights file says of itself: see `engine.training.card`."""

    name: str
    path: Path
    metadata: Mapping[str, str]

    @property
    def parent(self) -> str:
        return self.metadata.get("parent", "")

    @property
    def fingerprint(self) -> str:
        return self.metadata.get("fingerprint", "")

    @property
    def figures(self) -> dict[str, Any]:
        return dict(json.loads(self.metadata.get("figures", "{}")))


class Library:
    """The voices of a folder: base, tokenizer, and every `NAME.safetensors` beside them."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._arrays: dict[str, Arrays] = {}
        self._voices: dict[str, LSTMVoice] = {}
        self._vocabulary: Vocabulary | None = None

    @property
    def names(self) -> list[str]:
        return sorted(path.stem for path in self.folder.glob("*.safetensors") if path.stem not in OWN_COMMANDS)

    def file(self, name: str) -> VoiceFile:
        """The header of a weights file. Raises VoiceError when it is missing or broken."""
        path = self.folder / f"{name}.safetensors"
        train = _training(name)
        try:
            with safe_open(str(path), framework="numpy") as file:
                return VoiceFile(name, path, file.metadata() or {})
        except FileNotFoundError as error:
            raise VoiceError(f"{path}: the voice '{name}' is not there; train it: {train}") from error
        except (OSError, SafetensorError) as error:
            raise VoiceError(f"{path}: the voice '{name}' is corrupt ({error}); train it again: {train}") from error

    @property
    def vocabulary(self) -> Vocabulary:
        if self._vocabulary is None:
            level: Any = self.file(BASE).metadata.get("level", "subword")
            self._vocabulary = Vocabulary.load(self.folder / TOKENIZER, level)
            known = self.file(BASE).metadata.get("vocabulary")
            if known != self._vocabulary.fingerprint:
                raise VoiceError(
                    f"{self.folder / TOKENIZER}: not the tokenizer of this base; python -m engine.train --base"
                )
        return self._vocabulary

    def arrays(self, name: str) -> Arrays:
        """All arrays of a file, as float32."""
        if name not in self._arrays:
            header = self.file(name)
            try:
                with safe_open(str(header.path), framework="numpy") as file:
                    self._arrays[name] = {key: file.get_tensor(key).astype(np.float32) for key in file.keys()}  # noqa: SIM118 - no mapping
            except (OSError, SafetensorError) as error:
                raise VoiceError(f"{header.path}: the voice '{name}' is corrupt ({error}); train it again") from error
        return self._arrays[name]

    def lineage(self, name: str) -> list[str]:
        """The files that make a voice, base first. Raises VoiceError when one of them is of another base."""
        chain, header = [name], self.file(name)
        while header.name != BASE:
            parent = self.file(header.parent or BASE)
            if header.metadata.get("grown_from") != parent.fingerprint:
                raise VoiceError(
                    f"{header.path}: trained on another '{parent.name}' than the one here; train it again: {_training(name)}"
                )
            if parent.name in chain:
                raise VoiceError(f"{header.path}: its parents go round in a circle; train it again")
            chain.append(parent.name)
            header = parent
        return chain[::-1]

    def load(self, name: str) -> LSTMVoice:
        """The voice `name`, ready to speak. Raises VoiceError."""
        if name not in self._voices:
            base, *changes = self.lineage(name)
            try:
                network = Network(self.arrays(base), [self.arrays(change) for change in changes])
                if network.vocabulary != len(self.vocabulary):
                    raise ValueError("its vocabulary is of another size")
                network.codes = self._codes(network)
                memory = Memory.of(self.arrays(name))
                if memory is not None and not memory.fits(network):
                    raise ValueError("its memory is of another size")
            except (KeyError, ValueError) as error:
                raise VoiceError(f"{self.folder / name}.safetensors: not a voice ({error}); train it again") from error
            self._voices[name] = LSTMVoice(name, network, self.vocabulary, memory)
        return self._voices[name]

    def _codes(self, network: Network) -> Array | None:
        """What codes do to words: fitted to these voices, or as yet only to their base."""
        if not (self.folder / f"{STEERING}.safetensors").exists():
            return network.codes
        self.lineage(STEERING)
        codes = self.arrays(STEERING)["codes"]
        if codes.ndim != 2 or codes.shape[1] != network.vocabulary:
            raise ValueError("its steering is of another size")
        return codes

    def critic(self) -> Critic | None:
        """The critic of this base, where there is one. Raises VoiceError when it is broken or of another base."""
        if not (self.folder / f"{CRITIC}.safetensors").exists():
            return None
        base, _ = self.lineage(CRITIC)
        try:
            return Critic(self.arrays(base), self.arrays(CRITIC))
        except (KeyError, ValueError) as error:
            raise VoiceError(
                f"{self.folder / CRITIC}.safetensors: not a critic ({error}); python -m engine.train trains it again"
            ) from error


def _training(name: str) -> str:
    """The command that trains these weights."""
    return f"python -m engine.train {OWN_COMMANDS.get(name, name)}".rstrip()


def word_ids(vocabulary: Vocabulary, words: Iterable[str]) -> list[int]:
    """Token ids with which words begin, at a line's start and inside it, for boosts.

    A first piece of one or two letters begins too many other words ("P" of "Pearls"), and is left out.
    """
    ids = set[int]()
    for word in words:
        for form in (word, f" {word}", word[:1].upper() + word[1:]):
            # A leading space is kept only inside a line.
            encoded = vocabulary.encode(f"x{form}")[1:] if form.startswith(" ") else vocabulary.encode(form)
            if encoded and len(vocabulary.decode(encoded[:1]).strip()) >= min(3, len(word)):
                ids.add(encoded[0])
    return sorted(ids)

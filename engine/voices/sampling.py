"""How tokens are drawn from logits: temperature, nucleus, boosts and penalties. Knows no network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.voices.network import Array
from engine.voices.vocabulary import Vocabulary


@dataclass(frozen=True)
class Sampler:
    """How tokens are drawn. `boosts` are added to logits of token ids while they are not yet in the line; `banned` ids never
    appear; `brevity` is added to the end of a line."""

    temperature: float = 0.85
    top_p: float = 0.95
    top_k: int = 200
    repetition_penalty: float = 1.15
    brevity: float = 0.0
    max_tokens: int = 48
    boosts: Mapping[int, float] = field(default_factory=dict)
    banned: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Drawn:
    """One sampled line: ids without `<end>`, the log-likelihood in nats of each and of `<end>`, and whether it ended.

    `ends` is the log-likelihood of `<end>` in the place of each id: what the line would cost had it stopped there.
    """

    ids: tuple[int, ...]
    nats: tuple[float, ...]
    ended: bool
    ends: tuple[float, ...] = ()

    def until(self, length: int) -> Drawn:
        """The line had it ended after its first `length` ids."""
        return Drawn(self.ids[:length], (*self.nats[:length], self.ends[length]), True, self.ends[:length])


def cut(ids: list[int], nats: list[float], ends: list[float], end: int) -> Drawn:
    """One row of what was drawn: the line goes to its first `end`, whose likelihood counts."""
    if end not in ids:
        return Drawn(tuple(ids), tuple(nats), False, tuple(ends))
    length = ids.index(end)
    return Drawn(tuple(ids[:length]), tuple(nats[: length + 1]), True, tuple(ends[:length]))


def adjusted(logits: Array, used: NDArray[np.int64], sampler: Sampler, end: int) -> Array:
    """A copy of `logits` (n, vocabulary) as the sampler wants them, after the ids (n, k) that each row has `used`.

    Rows that have used fewer are filled up with `end`, which is never penalised. Boosts, which are spent once their word is said, and the repetition penalty of CTRL (Keskar et al. 2019).
    """
    changed = logits.copy()
    if sampler.boosts:
        changed[:, list(sampler.boosts)] += np.array(list(sampler.boosts.values()), np.float32)
    values = np.take_along_axis(logits, used, 1)
    penalty = np.float32(sampler.repetition_penalty)
    np.put_along_axis(changed, used, np.where(values > 0, values / penalty, values * penalty), 1)
    changed[:, end] = logits[:, end] + np.float32(sampler.brevity)
    return changed


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


def whole_words(vocabulary: Vocabulary, boosts: Mapping[str, float]) -> dict[int, float]:
    """Boosts by token id for the words that are tokens of their own, at a line's start and inside it.

    A boost on the first piece of a longer word would raise every word that begins so: such words are not boosted while a
    line is drawn, they only count when lines are chosen (`is_whole` tells which).
    """
    found: dict[int, float] = {}
    for word, boost in boosts.items():
        for id_ in _as_tokens(vocabulary, word):
            found[id_] = found.get(id_, 0.0) + boost
    return found


def is_whole(vocabulary: Vocabulary, word: str) -> bool:
    """Whether a word inside a line is one token, so that it can be boosted."""
    return bool(_as_tokens(vocabulary, word))


def _as_tokens(vocabulary: Vocabulary, word: str) -> set[int]:
    forms = {word, word[:1].upper() + word[1:]}
    # A leading space is kept only inside a line.
    inside = [vocabulary.encode(f"x {form}")[1:] for form in forms]
    return {ids[0] for ids in [*map(vocabulary.encode, forms), *inside] if len(ids) == 1}

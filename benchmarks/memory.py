"""Would a memory help the voices? `python -m benchmarks.memory`

Held-out lines of all characters who have a voice of their own, read by that voice, and mixed with what a memory
expects: p = (1 - share) p(voice) + share p(memory). Every memory is a list of entries, a state of the network and the
token that came after it; an entry weighs exp(sharpness * closeness to the state now). It differs what is kept:

- a cache of the scene so far (Grave, Joulin, Usunier 2017, "Improving Neural Language Models with a Continuous Cache"),
  of the lines that the voice sees anyway or of all; with sharpness 0 it is the unigram cache of Kuhn and De Mori (1990);
- the base, which costs a second network: a control;
- the character's own training lines, of which the k nearest count (Khandelwal et al. 2020, "Generalization through
  Memorization: Nearest Neighbor Language Models"), at full width or projected to 64 principal components as float16
  (as He, Neubig, Berg-Kirkpatrick 2021, "Efficient Nearest Neighbor Language Models", do); with sharpness 0 and all
  entries, how often she says a token at all, which is a control.

The validation scenes choose settings, the same for all characters; the test scenes are reported, with a bootstrap over
whole scenes. Where all lines of the scene count, the voice has read the scene once, from its beginning. Takes about four minutes.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

# Read when numpy is imported: this shares the machine with others.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from benchmarks.measuring import machine
from engine import codes
from engine.command import run
from engine.corpus.split import Part
from engine.learning.plan import Plan
from engine.report.batching import ROWS
from engine.report.subject import PRINCIPALS, Effort, Place, Subject
from engine.troupe import Troupe
from engine.voices.network import Array, Network, log_sum_exp
from engine.voices.replies import BATCH, STEPS
from engine.voices.sequences import cue, opening
from engine.voices.vocabulary import Vocabulary
from engine.voices.voice import BASE

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Closeness = Literal["dot", "distance"]

#: What is tried. A share of 0 is no memory.
SHARES = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4)
#: More than 128 neighbours lower the bits by 0.0005 at the most (512, 1,024 and 2,048 were tried).
NEAREST = (8, 32, 128)
SHARPNESS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0, 2.0)
#: Principal components of the small neighbours.
COMPONENTS = 64
#: Queries at a time: 256 by 17,000 entries are 17 MB.
QUERIES = 256
#: Times that scenes are drawn again.
DRAWS = 2000
#: Candidates of a line in play, and time steps that are timed.
CANDIDATES, TIMED = 32, 5

WHOLE = "whole scene read, no memory"
WORDS = {"window": "unigram cache, 4 lines", "scene": "unigram cache, scene"}
CACHES = {"window": "continuous cache, 4 lines", "scene": "continuous cache, scene"}
WHOLE_CACHE = "whole scene read, continuous cache"
CONTROL, MIXED = "her own words (unigram), control", "base mixed in, control"
FULL, SMALL = "nearest neighbours, 512", f"nearest neighbours, PCA {COMPONENTS}, float16"


class Setting(NamedTuple):
    """One way to use a memory, but for its share."""

    memory: str
    whose: str = ""
    closeness: str = ""
    sharpness: float = 0.0
    nearest: int = 0

    def __str__(self) -> str:
        named = [self.whose, self.closeness]
        named.append(f"k {self.nearest}" if self.nearest else "")
        named.append(f"sharpness {self.sharpness:g}" if self.sharpness else "")
        return ", ".join(part for part in named if part)


@dataclass(frozen=True)
class Entries:
    """States (n, width), the token that came after each, and whether it is one of her own lines."""

    keys: Array
    values: Ints
    hers: NDArray[np.bool_]

    def of(self, whose: str) -> Entries:
        return self if whose == "all" else Entries(self.keys[self.hers], self.values[self.hers], self.hers[self.hers])


@dataclass
class Tokens:
    """All tokens of all held-out lines of a part: probabilities under the voice and under every memory.

    A memory without entries says nothing (NaN), and leaves the token to the voice.
    """

    voice: list[Floats] = field(default_factory=list)
    whole: list[Floats] = field(default_factory=list)
    memories: dict[Setting, list[Floats]] = field(default_factory=dict)
    line: list[Ints] = field(default_factory=list)
    who: list[str] = field(default_factory=list)
    scene: list[int] = field(default_factory=list)
    letters: list[int] = field(default_factory=list)


def states(network: Network, sequences: Sequence[Ints]) -> list[Array]:
    """Top states (length, width) of the network after each id of each sequence, from zero; like lengths together."""
    found: dict[int, Array] = {}
    order = sorted(range(len(sequences)), key=lambda index: len(sequences[index]))
    for start in range(0, len(order), BATCH):
        chosen = order[start : start + BATCH]
        longest = len(sequences[chosen[-1]])
        ids = np.zeros((longest, len(chosen)), np.int64)
        for column, index in enumerate(chosen):
            ids[: len(sequences[index]), column] = sequences[index]
        state = network.zero(len(chosen))
        flows = []
        for step in range(0, longest, STEPS):
            flow, state = network.run(ids[step : step + STEPS], state)
            flows.append(flow)
        everything = np.concatenate(flows)
        for column, index in enumerate(chosen):
            found[index] = everything[: len(sequences[index]), column].copy()
    return [found[index] for index in range(len(sequences))]


def probabilities(network: Network, tops: Array, targets: Ints, steering: Array) -> Floats:
    """Probability of each target (n,) after each top state (n, width), steered by (n, vocabulary)."""
    found = np.zeros(len(tops), np.float64)
    for start in range(0, len(tops), ROWS):
        rows = slice(start, start + ROWS)
        scores = network.logits(tops[rows], steering[rows])
        chosen = scores[np.arange(len(scores)), targets[rows]]
        found[rows] = np.exp((chosen - log_sum_exp(scores)).astype(np.float64))
    return found


def close(queries: Array, keys: Array, how: Closeness) -> Array:
    """Dot products, or minus squared distances, of (n, width) and (m, width): (n, m)."""
    found: Array = queries @ keys.T
    if how == "distance":
        found *= 2.0
        found -= np.einsum("ij,ij->i", keys, keys)[None, :]
        found -= np.einsum("ij,ij->i", queries, queries)[:, None]
    return found


def best(found: Array, most: int) -> Ints:
    """Columns of the `most` largest of each row, largest first."""
    size = found.shape[1]
    top = np.argpartition(found, size - most, axis=1)[:, size - most :] if most < size else None
    if top is None:
        return np.argsort(-found, axis=1, kind="stable")
    return np.take_along_axis(top, np.argsort(-np.take_along_axis(found, top, 1), axis=1, kind="stable"), 1)


def expected(
    found: Array, hits: NDArray[np.bool_], sharpness: Sequence[float], nearest: Sequence[int]
) -> Iterator[tuple[float, int, Floats]]:
    """The target's probability (n,) by closeness (n, m) and whether an entry is the target, for each setting.

    Closeness is sorted, largest first, where not all entries count (`nearest` 0: all).
    """
    below = found - found.max(axis=1)[:, None]
    for sharp in sharpness:
        weights = np.exp(below * np.float32(sharp))
        right, everything = np.cumsum(weights * hits, axis=1), np.cumsum(weights, axis=1)
        for count in nearest:
            last = min(count or below.shape[1], below.shape[1]) - 1
            yield sharp, count, np.asarray(right[:, last] / everything[:, last], np.float64)


class Projection:
    """Principal components of keys, which are kept as float16 (Pearson 1901; no whitening, so distances shrink only)."""

    def __init__(self, keys: Array, components: int):
        self.mean = keys.mean(axis=0)
        centred = keys - self.mean
        self.axes: Array = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :components].astype(np.float32)
        self.keys = self(keys).astype(np.float16).astype(np.float32)

    def __call__(self, queries: Array) -> Array:
        found: Array = (queries - self.mean) @ self.axes
        return found


@dataclass
class Costs:
    """Seconds a line and megabytes a voice, of each memory and each voice that was timed."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    megabytes: dict[str, list[float]] = field(default_factory=dict)

    def add(self, memory: str, seconds: float, megabytes: float) -> None:
        self.seconds.setdefault(memory, []).append(seconds)
        self.megabytes.setdefault(memory, []).append(megabytes)


class Reader:
    """Reads the held-out lines of one character after another with her own voice, and asks every memory."""

    def __init__(self, plan: Plan, subject: Subject):
        self.plan, self.subject = plan, subject
        self.vocabulary: Vocabulary = plan.library.vocabulary
        slots = [self.vocabulary.special(slot) for slot in codes.SLOTS]
        self.sayable = np.arange(len(self.vocabulary)) >= len(codes.SPECIAL)
        self.sayable[[self.vocabulary.end, *slots]] = True
        self.parts: dict[Part, Tokens] = {"validation": Tokens(), "test": Tokens()}
        self.costs = Costs()
        self._scenes = {id(passage): number for number, passage in enumerate(plan.passages)}

    def places(self, who: str, part: Part) -> list[Place]:
        language = self.subject.persona(who).language
        return [
            Place(passage, number)
            for passage in self.plan.passages
            if passage.part == part and passage.language == language
            for number, line in enumerate(passage.lines)
            if line.speaker == who
        ]

    def read(self, who: str, timed: bool) -> None:
        """Measure one character; `timed`: how long her memories take in play."""
        network = self.plan.library.load(who).network
        hers = self.learned(network, who)
        small = Projection(hers.keys, COMPONENTS)
        often = np.bincount(hers.values, minlength=len(self.vocabulary)) / len(hers.values)
        for part in self.parts:
            self._part(network, who, part, hers, small, often)
        if timed:
            length = len(hers.values) / self.plan.lines[who]
            self._time(network, hers, small, length)

    def learned(self, network: Network, who: str) -> Entries:
        """Her training lines: the state before each token of each reply, after its context."""
        pairs = [place.pair(self.vocabulary) for place in self.places(who, "train")]
        found = states(network, [each.ids[:-1].astype(np.int64) for each in pairs])
        keys = np.concatenate([tops[each.start - 1 :] for tops, each in zip(found, pairs, strict=True)])
        values = np.concatenate([each.ids[each.start :] for each in pairs]).astype(np.int64)
        return Entries(keys, values, np.ones(len(values), bool))

    def _part(self, network: Network, who: str, part: Part, hers: Entries, small: Projection, often: Floats) -> None:
        places, tokens = self.places(who, part), self.parts[part]
        if not places:
            return
        pairs = [place.pair(self.vocabulary) for place in places]
        tops = states(network, [each.ids[:-1].astype(np.int64) for each in pairs])
        scenes = list({id(place.passage): place for place in places}.values())
        streams = [self._stream(place) for place in scenes]
        read = states(network, [ids for ids, _ in streams])
        whole = {id(place.passage): number for number, place in enumerate(scenes)}
        replies, long_replies, targets, lines = [], [], [], []
        for place, each, top in zip(places, pairs, tops, strict=True):
            target = each.ids[each.start :].astype(np.int64)
            ids, owner = streams[whole[id(place.passage)]]
            stream = read[whole[id(place.passage)]]
            first = int(np.flatnonzero(owner == place.number)[0])
            # What the window cuts off a long reply, the scene must not count either.
            text = first + int(np.argmax(self.sayable[ids[first:]]))
            now, long = top[each.start - 1 :], stream[text - 1 : text - 1 + len(target)]
            self._caches(tokens, place, each.start, each.ids.astype(np.int64), top, ids, owner, stream, now, long)
            replies.append(now)
            long_replies.append(long)
            targets.append(target)
            lines.append(np.full(len(target), len(tokens.who), np.int64))
            tokens.who.append(who)
            tokens.scene.append(self._scenes[id(place.passage)])
            tokens.letters.append(len(place.line.text))
        together, target = np.concatenate(replies), np.concatenate(targets)
        tokens.line += lines
        # The base's codes steer every voice on it.
        steering = np.repeat(np.stack([network.steer(each.cue) for each in pairs]), list(map(len, targets)), axis=0)
        tokens.voice.append(probabilities(network, together, target, steering))
        tokens.whole.append(probabilities(network, np.concatenate(long_replies), target, steering))
        _keep(tokens, Setting(CONTROL), often[target])
        base = self.plan.library.load(BASE).network
        tops = states(base, [each.ids[:-1].astype(np.int64) for each in pairs])
        plain = np.concatenate([top[each.start - 1 :] for top, each in zip(tops, pairs, strict=True)])
        _keep(tokens, Setting(MIXED), probabilities(base, plain, target, steering))
        self._neighbours(tokens, FULL, together, hers.keys, hers.values, target)
        self._neighbours(tokens, SMALL, small(together), small.keys, hers.values, target)

    def _stream(self, place: Place) -> tuple[Ints, Ints]:
        """The whole scene as one stream, and the line that each id belongs to (-1: the opening)."""
        passage = place.passage
        ids = opening(self.vocabulary, passage.language)
        owner = [-1] * len(ids)
        names = [line.speaker for line in passage.lines]
        for number, line in enumerate(passage.lines):
            ids += [*cue(self.vocabulary, line, names[:number]), *self.vocabulary.encode(line.text)]
            ids.append(self.vocabulary.end)
            owner += [number] * (len(ids) - len(owner))
        return np.array(ids, np.int64), np.array(owner, np.int64)

    def _caches(
        self, tokens: Tokens, place: Place, start: int, seen: Ints, top: Array,
        ids: Ints, owner: Ints, stream: Array, now: Array, long: Array,
    ) -> None:  # fmt: skip
        """Both reaches of both caches for one line. `now` and `long` are the states before its tokens."""
        target = seen[start:]
        speakers = [line.speaker for line in place.passage.lines]
        # In the window, ends count the lines: the oldest may have been left out.
        lines = np.cumsum(seen[:start] == self.vocabulary.end)
        back = place.number - int(lines[-1])
        whose = np.concatenate([[0], lines[:-1]]) + back
        reaches = {
            "window": self._entries(seen[:start], whose, top, speakers, place),
            "scene": self._entries(ids[owner < place.number], owner[owner < place.number], stream, speakers, place),
        }
        for reach, everybody in reaches.items():
            for name in ("all", "hers"):
                entries = everybody.of(name)
                # The end of a line is no word of it.
                words = entries.values[entries.values != self.vocabulary.end]
                some = np.array([(words == token).mean() for token in target]) if len(words) else None
                _keep(tokens, Setting(WORDS[reach], name), some, len(target))
                self._cache(tokens, CACHES[reach], name, now, entries, target)
                if reach == "scene":
                    self._cache(tokens, WHOLE_CACHE, name, long, entries, target)

    def _entries(self, ids: Ints, owner: Ints, tops: Array, speakers: Sequence[str], place: Place) -> Entries:
        """Of a stream that ends before the line, what was said: `tops[i]` is the state before `ids[i + 1]`."""
        said = np.flatnonzero(self.sayable[ids[1:]])
        spoken = np.array([speakers[line] == place.line.speaker for line in owner[said + 1].tolist()], bool)
        return Entries(tops[said], ids[said + 1], spoken)

    def _cache(self, tokens: Tokens, memory: str, whose: str, now: Array, entries: Entries, target: Ints) -> None:
        hits = entries.values[None, :] == target[:, None]
        kinds: tuple[Closeness, ...] = ("dot", "distance")
        for how in kinds:
            if not len(entries.values):
                for sharp in SHARPNESS:
                    _keep(tokens, Setting(memory, whose, how, sharp), None, len(target))
                continue
            for sharp, _, share in expected(close(now, entries.keys, how), hits, SHARPNESS, (0,)):
                _keep(tokens, Setting(memory, whose, how, sharp), share)

    def _neighbours(self, tokens: Tokens, memory: str, queries: Array, keys: Array, values: Ints, target: Ints) -> None:
        for start in range(0, len(queries), QUERIES):
            rows = slice(start, start + QUERIES)
            found = close(queries[rows], keys, "distance")
            columns = best(found, min(max(NEAREST), len(values)))
            found = np.take_along_axis(found, columns, 1)
            hits = values[columns] == target[rows, None]
            for sharp, count, share in expected(found, hits, SHARPNESS, NEAREST):
                _keep(tokens, Setting(memory, "", "distance", sharp, count), share)

    def _time(self, network: Network, hers: Entries, small: Projection, length: float) -> None:
        """Processor seconds of a line of her mean length in play: 32 candidates at once, token by token.

        None ends before the others, which makes this the most that it can be.
        """
        generator = np.random.default_rng(self.subject.seed)
        picked = generator.choice(len(hers.keys), CANDIDATES)
        queries, ids = hers.keys[picked], hers.values[picked]
        logits = network.logits(queries)
        state = network.zero(CANDIDATES)
        scene = Entries(hers.keys[:400], hers.values[:400], hers.hers[:400])

        def step() -> None:
            flow, _ = network.step(ids, state)
            network.logits(flow)

        def ask(queries: Array, keys: Array, values: Ints, nearest: int) -> None:
            found = close(queries, keys, "distance")
            columns = best(found, min(nearest or len(values), len(values)))
            found = np.take_along_axis(found, columns, 1)
            weights = np.exp(found - found[:, :1])
            weights /= weights.sum(axis=1, keepdims=True)
            mix(logits, values[columns], weights, 0.1)

        unigram = np.full((CANDIDATES, len(scene.values)), 1 / len(scene.values), np.float32)
        counted = np.tile(scene.values, (CANDIDATES, 1))
        width, entries = network.width, len(hers.values)
        tasks: list[tuple[Sequence[str], Callable[[], object], float]] = [
            (["no memory", MIXED], step, 0.0),
            ([*WORDS.values(), CONTROL], lambda: mix(logits, counted, unigram, 0.1), 0.0),
            ([*CACHES.values(), WHOLE_CACHE], lambda: ask(queries, scene.keys, scene.values, 0), 0.0),
            ([FULL], lambda: ask(queries, hers.keys, hers.values, max(NEAREST)), entries * (4 * width + 2) / 1e6),
            (
                [SMALL],
                lambda: ask(small(queries), small.keys, hers.values, max(NEAREST)),
                (entries * (2 * COMPONENTS + 2) + 4 * width * (COMPONENTS + 1)) / 1e6,
            ),
        ]
        for names, task, megabytes in tasks:
            task()
            began = time.process_time()
            for _ in range(TIMED):
                task()
            seconds = (time.process_time() - began) / TIMED * length
            for name in names:
                self.costs.add(name, seconds, megabytes)


def mix(logits: Array, values: Ints, weights: Array, share: float) -> Array:
    """New logits (n, vocabulary) of the voice's mixed with a memory's weights (n, k) of tokens (n, k).

    They keep the scale of the old, by whose sign a repetition penalty goes.
    """
    top = logits.max(axis=1, keepdims=True)
    found: Array = np.exp(logits - top)
    total = found.sum(axis=1, keepdims=True)
    found *= 1 - share
    rows = np.repeat(np.arange(len(values)), values.shape[1])
    np.add.at(found, (rows, values.ravel()), (share * total * weights).ravel())
    np.log(found, out=found)
    found += top
    return found


def _keep(tokens: Tokens, setting: Setting, share: Floats | None, size: int = 0) -> None:
    tokens.memories.setdefault(setting, []).append(np.full(size, np.nan) if share is None else np.asarray(share))


class Mixtures:
    """A part's tokens in one piece: nats of each line under any mixture of the voice and memories."""

    def __init__(self, tokens: Tokens):
        self.line = np.concatenate(tokens.line)
        self.voice, self.whole = np.concatenate(tokens.voice), np.concatenate(tokens.whole)
        self.memories = {setting: np.concatenate(shares) for setting, shares in tokens.memories.items()}
        self.who, self.scene = np.array(tokens.who), np.array(tokens.scene)
        self.letters = np.array(tokens.letters, np.float64)

    def nats(self, shares: Mapping[Setting, float], whole: bool = False) -> Floats:
        """Nats of each line; a memory that has nothing to say leaves its share to the voice."""
        voice = self.whole if whole else self.voice
        mixed = voice.copy()
        for setting, share in shares.items():
            found = self.memories[setting]
            mixed += np.where(np.isnan(found), 0.0, share * (found - voice))
        return np.asarray(np.bincount(self.line, -np.log(mixed), len(self.who)), np.float64)

    def choose(self, memory: str) -> dict[Setting, float]:
        """The setting of a memory and its share under which all lines together cost least."""
        tried = [({setting: share}, setting.memory) for setting in self.memories for share in SHARES]
        return min(
            (shares for shares, name in tried if name == memory),
            key=lambda shares: float(self.nats(shares, memory == WHOLE_CACHE).sum()),
        )

    def choose_both(self, one: Setting, other: Setting) -> dict[Setting, float]:
        """The shares of two memories together."""
        tried = [{one: first, other: second} for first in SHARES for second in SHARES]
        return min(tried, key=lambda shares: float(self.nats(shares).sum()))

    def bits(self, nats: Floats) -> float:
        """Bits a character over all lines; a slot counts as the name of that many letters."""
        return float(nats.sum() / np.log(2) / self.letters.sum())

    def mean_bits(self, nats: Floats, people: Sequence[str]) -> float:
        """The mean of these people's bits a character."""
        rows = [self.who == who for who in people]
        return float(np.mean([nats[row].sum() / np.log(2) / self.letters[row].sum() for row in rows if row.any()]))

    def margin(self, nats: Floats, base: Floats, generator: np.random.Generator) -> tuple[float, float]:
        """Where 95 % of the differences in bits lie when whole scenes are drawn again (Efron 1979)."""
        scenes, index = np.unique(self.scene, return_inverse=True)
        lost = np.bincount(index, nats - base) / np.log(2)
        letters = np.bincount(index, self.letters)
        drawn = generator.integers(len(scenes), size=(DRAWS, len(scenes)))
        low, high = np.quantile(lost[drawn].sum(axis=1) / letters[drawn].sum(axis=1), (0.025, 0.975))
        return float(low), float(high)


def table(reader: Reader, people: Sequence[str], seed: int) -> list[str]:
    """The Markdown table: chosen on validation, measured on test; `people` are the principals."""
    chosen_on, shown_on = Mixtures(reader.parts["validation"]), Mixtures(reader.parts["test"])
    memories = [*WORDS.values(), *CACHES.values(), WHOLE_CACHE, MIXED, CONTROL, FULL, SMALL]
    shares = {memory: chosen_on.choose(memory) for memory in memories}
    both = f"{CACHES['scene']}; {SMALL}"
    shares |= {"no memory": {}, WHOLE: {}}
    shares[both] = chosen_on.choose_both(next(iter(shares[CACHES["scene"]])), next(iter(shares[SMALL])))
    costs = reader.costs
    for given in (costs.seconds, costs.megabytes):
        given[WHOLE] = [0.0]
        given[both] = [sum(each) for each in zip(given[CACHES["scene"]], given[SMALL], strict=True)]
    base = shown_on.nats({})
    lines = [
        "| memory | settings | bits, all lines | difference (95 %) | bits, principals | difference | s a line | MB a voice |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for memory in ["no memory", WHOLE, *memories, both]:
        nats = shown_on.nats(shares[memory], memory in (WHOLE, WHOLE_CACHE))
        named = [f"{setting}, share {share:g}".removeprefix(", ") for setting, share in shares[memory].items()]
        low, high = shown_on.margin(nats, base, np.random.default_rng(seed))
        changed = f"{shown_on.bits(nats) - shown_on.bits(base):+.4f} ({low:+.4f} to {high:+.4f})"
        eight = shown_on.mean_bits(nats, people)
        cells = [
            memory,
            "; ".join(named),
            f"{shown_on.bits(nats):.4f}",
            changed if memory != "no memory" else "",
            f"{eight:.4f}",
            f"{eight - shown_on.mean_bits(base, people):+.4f}" if memory != "no memory" else "",
            f"{np.mean(costs.seconds[memory]):.3f}"
            if memory == "no memory"
            else f"+{np.mean(costs.seconds[memory]):.3f}",
            f"{np.mean(costs.megabytes[memory]):.2f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    lines.append("")
    lines.append(
        f"{len(shown_on.who):,} test lines of {len(set(shown_on.who.tolist()))} characters; settings chosen on "
        f"{len(chosen_on.who):,} validation lines. Seconds (of the processor; {CANDIDATES} candidates token by token, added "
        f"to those of the voice alone) and megabytes: mean of the {len(people)} principals."
    )
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(
        prog="python -m benchmarks.memory", description="Whether a memory lowers what held-out lines cost."
    )
    options.add_argument("--characters", nargs="+", metavar="WHO", help="these only: a first impression")
    options.add_argument("--seed", type=int, default=0, help="of the bootstrap and of the states that are timed (0)")
    given = options.parse_args(arguments)

    def body() -> int:
        began = time.perf_counter()
        plan = Plan(Troupe.around(Path()))
        reader = Reader(plan, Subject(plan, given.seed, Effort()))
        owners = [who for who in reader.subject.owners if who in (given.characters or reader.subject.owners)]
        people, console = owners[:PRINCIPALS], Console(stderr=True)
        with console.status("reading") as status:
            for who in owners:
                status.update(f"{who}: {plan.lines[who]} lines learned")
                reader.read(who, timed=who in people)
            status.update("choosing settings")
            lines = table(reader, people, given.seed)
        print("\n".join(lines))
        print(f"\n{machine()}; {time.perf_counter() - began:.0f} s in all")
        return 0

    return run(body)


if __name__ == "__main__":
    raise SystemExit(main())

"""The director: proposes what the next line does, from what the lines before it did. Knows frames and no words.

A small LSTM over the frames of a scene (`engine.training.director` trains it), drawn from code by code: act, tone, who
does what, topics. What the stage wants (the beat, the edge between the two, her temper, the tension) is added to the
scores; what cannot be (a topic that nobody bound) is barred.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.frames import Frame, Gist
from engine.voices.network import Array, Network, State, log_sum_exp
from engine.voices.sequences import PARTS, FrameEncoder, Line, plan_codes, prompt

#: Lines of the scene that the director reads: its codes are few, so it hears far more than a voice.
HEARD = 24
#: What may follow each part of a frame; a part may be left out, but for the predicate after its subject.
_NEXT: Mapping[str, tuple[str, ...]] = {
    "": ("act",),
    "act": ("tone", "subject", "topic", "end"),
    "tone": ("subject", "topic", "end"),
    "subject": ("not", "predicate"),
    "not": ("predicate",),
    "predicate": ("topic", "end"),
    "topic": ("topic", "end"),
}
#: The longest frame: act, tone, subject, not, predicate, three topics and the end.
_LONGEST = 9


@dataclass(frozen=True)
class Proposal:
    """A frame, and its log-probability in nats a code under the director with everything that leans on it."""

    frame: Frame
    nats: float


class Director:
    """Draws frames. The same lines, leanings and generator give the same proposals."""

    def __init__(self, network: Network, gists: Collection[str] = codes.LANGUAGES):
        """`gists` are the languages in which voices have learned to say who does what."""
        self.network, self.gists = network, frozenset(gists)
        self._encoder = FrameEncoder()
        part_of = {code: part for part, found in {**PARTS, "end": (codes.END,)}.items() for code in found}
        self._part = [part_of.get(token, "") for token in codes.SPECIAL]
        self._allowed = {
            part: np.array([each in following for each in self._part]) for part, following in _NEXT.items()
        }

    def propose(
        self,
        context: Sequence[Line],
        cue: Line,
        leaning: Mapping[str, float],
        topics: Collection[str],
        count: int,
        generator: np.random.Generator,
        temperature: float = 0.9,
        gists: bool = True,
    ) -> list[Proposal]:
        """At most `count` different frames for the line of `cue` (its speaker, kind and pronoun), the likelier first.

        `leaning` adds to the scores of codes; of topics only those in `topics` (slots) may be named.
        Without `gists` no frame says who does what: voices say it only in a language where they have learned to.
        """
        ids = prompt(self._encoder, context[-HEARD:], cue.framed(Frame()), window=HEARD)
        flow, state = self.network.run(np.array(ids)[:, None], self.network.zero())
        return self._draw(flow[-1], state, self._leaning(leaning, topics, gists), count, generator, temperature)

    def nats(self, context: Sequence[Line], line: Line) -> float:
        """Log-likelihood of a line's own frame, with its end: what measures the director on real scenes."""
        before = prompt(self._encoder, context[-HEARD:], line.framed(Frame()), window=HEARD)
        after = [*prompt(self._encoder, context[-HEARD:], line, window=HEARD)[len(before) :], self._encoder.end]
        ids = [*before, *after]
        flow, _ = self.network.run(np.array(ids[:-1])[:, None], self.network.zero())
        scores = self.network.logits(flow[len(before) - 1 :, 0])
        part, total = "", 0.0
        for row, id_ in zip(scores, after, strict=True):
            barred = np.where(self._allowed[part], row, -np.inf).astype(np.float32)
            total += float(row[id_] - log_sum_exp(barred[None].copy())[0])
            part = self._part[id_]
        return total

    def shares(self, context: Sequence[Line], line: Line, part: str) -> dict[str, float]:
        """Probabilities of every act of a line; of every tone, when its act is known; or of every predicate, when its act,
        tone, subject and denial are known."""
        ids = prompt(self._encoder, context[-HEARD:], line.framed(Frame()), window=HEARD)
        if part == "tone" and line.act is not None:
            ids.append(self._encoder.special(codes.act_code(line.act)))
        if part == "predicate" and line.gist is not None:
            known = plan_codes(Frame(line.act, line.tone, line.gist))
            ids += [self._encoder.special(code) for code in known[:-1]]
        flow, _ = self.network.run(np.array(ids)[:, None], self.network.zero())
        allowed = np.array([each == part for each in self._part])
        scores = np.where(allowed, self.network.logits(flow[-1])[0], -np.inf)
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        return {codes.SPECIAL[id_][1:-1].partition(":")[2]: float(shares[id_]) for id_ in np.flatnonzero(allowed)}

    def _leaning(self, leaning: Mapping[str, float], topics: Collection[str], gists: bool) -> Array:
        added = np.zeros(len(codes.SPECIAL), np.float32)
        for token, by in leaning.items():
            added[self._encoder.special(token)] += by
        for slot in codes.TOPIC_SLOTS:
            if slot not in topics:
                added[self._encoder.special(codes.topic_code(slot))] = -np.inf
        if not gists:
            added[[part == "subject" for part in self._part]] = -np.inf
        return added

    def _draw(
        self,
        flow: Array,
        state: State,
        added: Array,
        count: int,
        generator: np.random.Generator,
        temperature: float,
    ) -> list[Proposal]:
        state, flow = state.repeat(count), np.repeat(flow, count, 0)
        parts = [""] * count
        drawn: list[list[int]] = [[] for _ in range(count)]
        nats = np.zeros(count)
        going = np.arange(count)
        for step in range(_LONGEST):
            scores = self.network.logits(flow) + added
            for row, index in enumerate(going):
                allowed = self._allowed[parts[index]].copy()
                allowed[[id_ for id_ in drawn[index] if self._part[id_] == "topic"]] = False
                if step == _LONGEST - 1:
                    allowed = np.array([each == "end" for each in self._part])
                scores[row, ~allowed] = -np.inf
            chosen = _pick(scores, temperature, generator)
            likely = scores[np.arange(len(going)), chosen] - log_sum_exp(scores.copy())
            for row, index in enumerate(going):
                drawn[index].append(int(chosen[row]))
                parts[index] = self._part[chosen[row]]
                nats[index] += likely[row]
            left = np.array([row for row, index in enumerate(going) if parts[index] != "end"], np.intp)
            if not len(left):
                break
            flow, state = self.network.step(chosen[left], state.take(left))
            going = going[left]
        found = {self._frame(ids): float(nats[index]) / len(ids) for index, ids in enumerate(drawn)}
        return sorted((Proposal(*each) for each in found.items()), key=lambda each: -each.nats)

    def _frame(self, ids: Sequence[int]) -> Frame:
        """The frame that a row of codes says."""
        said = {self._part[id_]: codes.SPECIAL[id_][1:-1].partition(":")[2] for id_ in ids}
        gist = Gist(said["subject"], said["predicate"], "not" in said) if "predicate" in said else None
        topics = tuple(f"<{codes.SPECIAL[id_][5:-1]}>" for id_ in ids if self._part[id_] == "topic")
        return Frame(said.get("act"), said.get("tone"), gist, topics)


def _pick(scores: Array, temperature: float, generator: np.random.Generator) -> NDArray[np.int64]:
    """One id a row of (n, codes), by its share at a temperature."""
    shares = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
    edges = np.cumsum(shares, axis=1)
    drawn = generator.random((len(scores), 1)) * edges[:, -1:]
    return np.asarray((edges <= drawn).sum(axis=1).clip(max=scores.shape[1] - 1), np.int64)

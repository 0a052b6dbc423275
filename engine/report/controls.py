"""What the control codes are worth: does the right tone, addressee or arc explain a held-out line better than another?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.learning.pairs import LIMIT
from engine.learning.places import Place
from engine.report.batching import parallel, reply_nats
from engine.report.subject import CODE, TEN, Subject
from engine.report.table import Column, Table, margin
from engine.voices.sequences import Line, Pair, pair
from engine.voices.vocabulary import Vocabulary
from engine.voices.voice import LSTMVoice

#: Wrong codes that each right one is held against.
OTHERS = 3


@dataclass(frozen=True)
class Code:
    """One kind of code: `right(place)` is the one that stands there (None: none does, and the line is left out).

    An arc colours a whole scene, so that the lines before are given the wrong one too; a tone only the line itself.
    """

    name: str
    values: tuple[str, ...]
    right: Callable[[Place], str | None]
    set: Callable[[Line, str], Line]
    whole_scene: bool = False


CODES: tuple[Code, ...] = (
    Code("tone", codes.TONES, lambda place: place.line.tone, lambda line, value: replace(line, tone=value)),
    Code("addressee", codes.KINDS, lambda place: place.line.kind, lambda line, value: replace(line, kind=value)),
    Code(
        "arc", codes.ARCS, lambda place: place.line.arc, lambda line, value: replace(line, arc=value), whole_scene=True
    ),
)


@dataclass(frozen=True)
class Trial:
    """One line with its right code and some wrong ones: `nats` (1 + wrong,), the right one first."""

    right: str
    wrong: tuple[str, ...]
    nats: NDArray[np.float64]

    @property
    def gains(self) -> NDArray[np.float64]:
        """Nats that the right code saves against each wrong one."""
        return np.asarray(self.nats[1:] - self.nats[0])


def variant(vocabulary: Vocabulary, place: Place, code: Code, value: str) -> Pair:
    """The place with another code."""
    context = [code.set(line, value) for line in place.context] if code.whole_scene else place.context
    return pair(vocabulary, context, code.set(place.line, value), place.passage.language, LIMIT)


def trials(subject: Subject, code: Code) -> list[Trial]:
    """Held-out lines that have the code, each under its speaker's voice, with `OTHERS` wrong codes (arcs: all others)."""
    everywhere = [
        (who, place)
        for who in subject.places
        if who in subject.owners or subject.show(who)
        for place in subject.places[who]
        if code.right(place) is not None
    ]
    # A code that never varies in the scripts says nothing: a viewer is not to be mistaken for a mother.
    used = sorted({str(code.right(place)) for places in subject.learned.values() for place in places} - {"None"})
    if len(used) < 2:
        return []
    generator = subject.generator("codes", code.name)
    if len(everywhere) > subject.effort.controls:
        chosen = generator.choice(len(everywhere), subject.effort.controls, replace=False)
        everywhere = [everywhere[index] for index in sorted(chosen.tolist())]
    voices: dict[str, LSTMVoice] = {}
    work: dict[str, list[tuple[str, tuple[str, ...], list[Pair]]]] = {}
    for who, place in everywhere:
        right = str(code.right(place))
        others = [value for value in used if value != right]
        if not code.whole_scene:
            others = [others[index] for index in generator.permutation(len(others))[:OTHERS]]
        registry = subject.registry(who)
        variants = [variant(registry.vocabulary, place, code, value) for value in (right, *others)]
        voice = str(who if who in subject.owners else subject.show(who))
        voices[voice] = registry.load(voice)
        work.setdefault(voice, []).append((right, tuple(others), variants))

    def read(voice: str) -> list[Trial]:
        of_all = [each for _, _, variants in work[voice] for each in variants]
        costs = reply_nats(voices[voice], of_all, advance=lambda lines: subject.meter.advance(CODE * lines))
        ends = np.cumsum([len(variants) for _, _, variants in work[voice]])
        parts = np.split(costs, ends[:-1])
        return [Trial(right, wrong, part) for (right, wrong, _), part in zip(work[voice], parts, strict=True)]

    return [trial for found in parallel(read, sorted(work)) for trial in found]


def tens(found: Sequence[Trial], draws: int, generator: np.random.Generator) -> float | None:
    """How often the right code is the better one for ten lines taken together, of one right and one wrong code where
    there are ten such lines; else, of lines each with a wrong code of its own."""
    alike: dict[tuple[str, str], list[float]] = {}
    for trial in found:
        for wrong, gain in zip(trial.wrong, trial.gains.tolist(), strict=True):
            alike.setdefault((trial.right, wrong), []).append(gain)
    pools = [gains for _, gains in sorted(alike.items()) if len(gains) >= TEN]
    if not pools:
        pools = [[float(trial.gains[0]) for trial in found]] if len(found) >= TEN else []
    hits = [generator.choice(pool, TEN, replace=False).sum() > 0 for pool in pools for _ in range(draws)]
    return float(np.mean(hits)) if hits else None


def controls_table(subject: Subject, found: Mapping[str, Sequence[Trial]]) -> Table:
    """One row a code: `found` has the trials of each."""
    rows = []
    for name, of_code in found.items():
        gains = np.concatenate([trial.gains for trial in of_code]) if of_code else np.zeros(0)
        rate = float((gains > 0).mean()) if len(gains) else None
        ten = tens(of_code, subject.effort.draws, subject.generator("codes", "tens", name))
        rows.append(
            (
                name,
                len(of_code),
                len(gains),
                rate,
                margin(rate, len(of_code)),
                ten,
                float(gains.mean()) if len(gains) else None,
            )
        )
    columns = (
        Column("code"), Column("lines", "count"), Column("compared", "count"), Column("right is better", "share"),
        Column("give or take", "share"), Column("over ten lines", "share"), Column("nats a line", "2"),
    )  # fmt: skip
    notes = (
        "The right code against one that others in these scripts have; chance is 50 %.",
        "Ten lines share one right and one wrong code where there are ten such lines, and tens overlap.",
    )
    return Table(
        "controls",
        "Effect of the control codes",
        columns,
        tuple(rows),
        sum(len(each) for each in found.values()),
        notes,
    )

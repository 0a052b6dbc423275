"""How well voices explain lines they have never seen: perplexity, every voice on every character, attribution."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.learning.places import Place
from engine.report.batching import Nats, parallel, reply_nats
from engine.report.subject import MATRIX, OWN, TEN, Subject
from engine.report.table import Column, Table
from engine.report.tens import name_speakers, overall
from engine.speech.copying import words
from engine.voices.registry import BASE
from engine.voices.sequences import Pair


@dataclass(frozen=True)
class Cost:
    """Nats of some lines under one voice, and the words and characters that they are spread over."""

    nats: float
    words: int
    characters: int

    @property
    def perplexity(self) -> float:
        """A word, its share of the line's end included."""
        return math.exp(min(50.0, self.nats / max(1, self.words)))

    @property
    def bits(self) -> float:
        """A character of the line as networks see it: a slot counts as the name of that many letters."""
        return self.nats / math.log(2) / max(1, self.characters)


class Likelihoods:
    """Every network run that the tables below need, done once: (voice, character) -> nats of each of her lines."""

    def __init__(self, subject: Subject):
        self.subject = subject

    @cached_property
    def tasks(self) -> list[tuple[str, str]]:
        """Who is measured with what: base, show and own voice for each character."""
        subject, tasks = self.subject, list[tuple[str, str]]()
        for who in subject.places:
            names = [BASE, subject.show(who), who if who in subject.owners else None]
            tasks += [(name, who) for name in names if name is not None]
        return tasks

    @property
    def work(self) -> float:
        """What all of this costs, as the subject's meter counts."""
        owners = self.subject.owners
        read = sum(len(self.sampled[who]) for voice in owners for who in self._alike(voice))
        return OWN * sum(len(self.subject.places[who]) for _, who in self.tasks) + (
            MATRIX * read if len(owners) > 1 else 0
        )

    def _alike(self, voice: str) -> list[str]:
        """Everybody with a voice of her own in the language of this one."""
        persona = self.subject.persona
        return [who for who in self.subject.owners if persona(who).language == persona(voice).language]

    def _advance(self, cost: float) -> Callable[[float], None]:
        """Tells the meter of lines that cost so much each."""
        return lambda lines: self.subject.meter.advance(cost * lines)

    @cached_property
    def own(self) -> dict[tuple[str, str], Nats]:
        """Base, show and own voice on all held-out lines of each character."""
        subject, tasks = self.subject, self.tasks
        pairs = {who: _pairs(subject, who, places) for who, places in subject.places.items()}
        voices = {(name, who): subject.registry(who).load(name) for name, who in tasks}

        def read(task: tuple[str, str]) -> Nats:
            return reply_nats(voices[task], pairs[task[1]], advance=self._advance(OWN))

        return dict(zip(tasks, parallel(read, tasks), strict=True))

    def cost(self, voice: str, who: str) -> Cost | None:
        if (voice, who) not in self.own:
            return None
        texts = [place.line.text for place in self.subject.places[who]]
        return Cost(float(self.own[voice, who].sum()), sum(len(words(text)) for text in texts), sum(map(len, texts)))

    @cached_property
    def sampled(self) -> dict[str, tuple[Place, ...]]:
        """The lines of the matrix: at most `effort.matrix` of everybody who has a voice of her own."""
        subject = self.subject
        return {who: subject.some(subject.places[who], subject.effort.matrix, "matrix", who) for who in subject.owners}

    @cached_property
    def matrix(self) -> dict[str, dict[str, Nats]]:
        """`matrix[voice][who]`: every own voice on the sampled lines of everybody who speaks its language."""
        subject = self.subject
        everybody = {who: _pairs(subject, who, places) for who, places in self.sampled.items()}
        voices = {voice: subject.registry(voice).load(voice) for voice in subject.owners}

        def read(voice: str) -> dict[str, Nats]:
            people = self._alike(voice)
            of_all = [pair for who in people for pair in everybody[who]]
            costs = reply_nats(voices[voice], of_all, advance=self._advance(MATRIX))
            ends = np.cumsum([len(everybody[who]) for who in people])
            return dict(zip(people, np.split(costs, ends[:-1]), strict=True))

        return dict(zip(subject.owners, parallel(read, subject.owners), strict=True))

    def scores(self, people: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        """Log-likelihoods (lines, people) of each one's lines under everybody's voice."""
        return {who: np.stack([-self.matrix[voice][who] for voice in people], axis=1) for who in people}


def _pairs(subject: Subject, who: str, places: Sequence[Place]) -> list[Pair]:
    """Places of a character in the tokens of her language."""
    vocabulary = subject.registry(who).vocabulary
    return [place.pair(vocabulary) for place in places]


def voices_table(measured: Likelihoods) -> Table:
    """For each character: lines, words, perplexity and bits under base, show and own voice."""
    subject = measured.subject
    rows = []
    better: list[bool] = []
    fallen: list[str] = []
    for who in subject.by_lines:
        show, own = subject.show(who), who if who in subject.owners else None
        base_cost = measured.cost(BASE, who)
        show_cost = measured.cost(show, who) if show else None
        own_cost = measured.cost(own, who) if own else None
        best = own_cost or show_cost
        gain = 1 - best.perplexity / base_cost.perplexity if best and base_cost else None
        if own_cost and base_cost:
            better.append(own_cost.nats < base_cost.nats)
        if own and subject.registry(own).file(own).figures.get("epoch") == 0:
            fallen.append(own)
        trained = sum(len(words(place.raw)) for place in subject.learned.get(who, ()))
        rows.append(
            (
                who,
                subject.plan.lines.get(who, 0),
                trained,
                len(subject.places[who]),
                *(each.perplexity if each else None for each in (base_cost, show_cost, own_cost)),
                *(each.bits if each else None for each in (base_cost, show_cost, own_cost)),
                gain,
            )
        )
    notes = [
        "Perplexity a word and bits a character on scenes held out from all training; names count as slots.",
        "Below 30 held-out lines a figure moves by several per cent with the choice of scenes.",
    ]
    if better:
        notes.append(f"Own voice better than the base: {sum(better)} of {len(better)}.")
    if fallen:
        notes.append(f"No better than their parent in training, which they fall back to: {', '.join(fallen)}.")
    columns = (
        Column("character"), Column("lines", "count"), Column("words", "count"), Column("held out", "count"),
        Column("base", "0"), Column("show", "0"), Column("own", "0"),
        Column("base bits", "2"), Column("show bits", "2"), Column("own bits", "2"), Column("lower by", "share"),
    )  # fmt: skip
    shown = tuple(column.name for column in columns if column.name not in {"base bits", "show bits"})
    total = sum(map(len, subject.places.values()))
    return Table("voices", "Voices on held-out lines", columns, tuple(rows), total, tuple(notes), shown)


def matrix_table(measured: Likelihoods) -> Table:
    """Every voice (columns) on every character's lines (rows): nats a word above the character's own voice."""
    subject = measured.subject
    owners = subject.owners
    rows = []
    first: dict[str, bool] = {}
    for who in owners:
        others = [voice for voice in owners if who in measured.matrix[voice]]
        count = max(1, sum(len(words(place.line.text)) for place in measured.sampled[who]))
        costs = {voice: float(measured.matrix[voice][who].sum()) / count for voice in others}
        rival = min((voice for voice in others if voice != who), key=lambda voice: costs[voice], default=None)
        first[who] = rival is None or costs[who] < costs[rival]
        rows.append(
            (
                who,
                len(measured.sampled[who]),
                costs[who],
                rival or "",
                costs[rival] - costs[who] if rival else None,
                *(costs[voice] - costs[who] if voice in costs else None for voice in owners),
            )
        )
    columns = (
        Column("character"), Column("lines", "count"), Column("own", "2"), Column("nearest other"), Column("by", "2"),
        *(Column(f"+{voice}", "2") for voice in owners),
    )  # fmt: skip
    notes = (
        f"Nats a word under her own voice, and how much more under another's. Own voice best: {sum(first.values())} of {len(first)}.",
        "The terminal shows the nearest rival, JSON every voice.",
    )
    shown = tuple(column.name for column in columns[:5])
    return Table(
        "matrix",
        "Every voice on every character",
        columns,
        tuple(rows),
        sum(map(len, measured.sampled.values())),
        notes,
        shown,
    )


def attribution_table(measured: Likelihoods) -> Table:
    """Who said a held-out line: the one whose voice makes it likeliest."""
    subject = measured.subject
    rows = []
    for label, people in subject.groups(subject.owners):
        named = name_speakers(measured.scores(people), people, subject.effort.draws, subject.generator("tens", label))
        single, ten, draws = overall(named)
        rows.append((label, sum(each.lines for each in named.values()), 1 / len(people), single, draws, ten, ""))
    for language in dict.fromkeys(subject.persona(who).language for who in subject.owners):
        people = tuple(who for who in subject.owners if subject.persona(who).language == language)
        if len(people) > 1:
            named = name_speakers(
                measured.scores(people), people, subject.effort.draws, subject.generator("tens", language)
            )
            rows += [
                (who, each.lines, 1 / len(people), each.single, each.draws, each.ten, each.instead)
                for who, each in named.items()
            ]
    columns = (
        Column("speaker"), Column("lines", "count"), Column("chance", "share"), Column("one line", "share"),
        Column("tens", "count"), Column("ten lines", "share"), Column("mistaken for"),
    )  # fmt: skip
    notes = (
        "Real lines, named by the voice that makes them likeliest; rates of groups are means over people.",
        f"Single lines are weak evidence; the tens of one speaker overlap, and below {3 * TEN} lines they are nearly the same ten.",
    )
    return Table(
        "attribution_likelihood",
        "Who said it, by likelihood",
        columns,
        tuple(rows),
        sum(map(len, measured.sampled.values())),
        notes,
    )

"""Figures of scripts: how many lines and words, how long, in what tone, to whom. Judges nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from engine.corpus import Script
from engine.learning.passages import passages
from engine.troupe import Troupe

#: A word: letters, with an apostrophe inside. A possessive counts as its noun, a compound as its parts.
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s\Z")
RUN = 6
LONG = 30


@dataclass(frozen=True)
class Totals:
    """Lines of some scripts. `median` in words; `long` and `with_tone` are shares of lines, `unique_runs` of runs."""

    scripts: int
    scenes: int
    lines: int
    words: int
    median: float
    long: float
    with_tone: float
    distinct_words: int
    unique_runs: float


@dataclass(frozen=True)
class SpeakerFigures:
    """One speaker in one language; `tones` and `to` count lines, the commonest first."""

    speaker: str
    language: str
    lines: int
    words: int
    median: float
    tones: tuple[tuple[str, int], ...]
    to: tuple[tuple[str, int], ...]


def word_list(text: str) -> list[str]:
    """The words of a text, case folded."""
    return [_POSSESSIVE.sub("", word.casefold()) for word in _WORD.findall(text)]


def totals(scripts: Sequence[Script]) -> Totals:
    """The figures of some scripts together. A run of six words is unique if it stands once."""
    turns = [turn for script in scripts for turn in script.turns()]
    words = [word_list(turn.text) for turn in turns]
    lengths = [len(turn.text.split()) for turn in turns]
    runs = Counter(run for line in words for run in zip(*(line[start:] for start in range(RUN)), strict=False))
    return Totals(
        scripts=len(scripts),
        scenes=sum(len(script.scenes) for script in scripts),
        lines=len(turns),
        words=sum(lengths),
        median=median(lengths) if lengths else 0.0,
        long=_share(sum(length > LONG for length in lengths), len(turns)),
        with_tone=_share(sum(turn.tone is not None for turn in turns), len(turns)),
        distinct_words=len({word for line in words for word in line}),
        unique_runs=_share(sum(count == 1 for count in runs.values()), runs.total()) if runs else 1.0,
    )


def speaker_figures(troupe: Troupe) -> list[SpeakerFigures]:
    """Every speaker of a troupe's scripts, by language and then by lines."""
    lengths: dict[tuple[str, str], list[int]] = {}
    tones: dict[tuple[str, str], Counter[str]] = {}
    addressees: dict[tuple[str, str], Counter[str]] = {}
    for passage in passages(troupe):
        for line, raw, to in zip(passage.lines, passage.raw, passage.addressees, strict=True):
            key = (passage.language, line.speaker)
            lengths.setdefault(key, []).append(len(raw.split()))
            _count(tones, key, line.tone)
            _count(addressees, key, to)
    found = [
        SpeakerFigures(
            who, language, len(counts), sum(counts), median(counts), _common(tones, key), _common(addressees, key)
        )
        for key, counts in lengths.items()
        for language, who in (key,)
    ]
    return sorted(found, key=lambda speaker: (speaker.language, -speaker.lines, speaker.speaker))


def _count(counters: dict[tuple[str, str], Counter[str]], key: tuple[str, str], value: str | None) -> None:
    counter = counters.setdefault(key, Counter())
    if value:
        counter[value] += 1


def _common(counters: dict[tuple[str, str], Counter[str]], key: tuple[str, str]) -> tuple[tuple[str, int], ...]:
    return tuple(counters[key].most_common())


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def shares(counts: Iterable[tuple[str, int]], whole: int, most: int) -> str:
    """`icy 31 %, furious 20 %`: the first few of some counts as shares of a whole."""
    return ", ".join(f"{name} {_share(count, whole):.0%}" for name, count in list(counts)[:most])

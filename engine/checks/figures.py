"""Figures of scripts: how many lines and words, how long, what they do, in what tone, about what. Judges nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise
from statistics import median

from engine import codes
from engine.corpus import topics
from engine.corpus.turns import Scene, Script
from engine.learning.passages import passages
from engine.sheets.names import Names
from engine.speech.said import STOP
from engine.troupe import Troupe

#: A word: letters, with an apostrophe inside. A possessive counts as its noun, a compound as its parts.
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s\Z")
_ENDING = re.compile(r"(?<=\w{3})(?:s|es|ed|ing)\Z")
#: A line over so many words is long; a scene has between so many lines; a line may stand so often.
LONG, SCENE, OFTEN = 25, (18, 30), 3


@dataclass(frozen=True)
class Figure:
    """One figure of a library, as `corpora/standards.yaml` names it."""

    name: str
    meaning: str
    form: str = "{:.0%}"


FIGURES: tuple[Figure, ...] = (
    Figure("words", "words of dialogue", "{:,.0f}"),
    Figure("scenes", "scenes", "{:,.0f}"),
    Figure("lines", "lines", "{:,.0f}"),
    Figure("median_words", "words in the median line", "{:g}"),
    Figure("long_lines", f"lines over {LONG} words", "{:.1%}"),
    Figure("distinct_words", "different words", "{:,.0f}"),
    Figure("repeated_lines", f"lines that stand more than {OFTEN} times", "{:.1%}"),
    Figure("acts", "lines with an act"),
    Figure("tones", "lines with a tone"),
    Figure("topics", "lines naming a topic"),
    Figure("uptake", "lines taking up a content word of the line before"),
    Figure("scene_lines", f"scenes of {SCENE[0]} to {SCENE[1]} lines", "{:.1%}"),
    Figure("second_takes", "scenes in a second take"),
    Figure("pairs", "pairs of people of a show that meet twice or more in every arc"),
)
NAMES = tuple(figure.name for figure in FIGURES)


@dataclass(frozen=True)
class SpeakerFigures:
    """One speaker in one language; `tones`, `acts` and `to` count lines, the commonest first."""

    speaker: str
    language: str
    lines: int
    words: int
    median: float
    tones: tuple[tuple[str, int], ...]
    acts: tuple[tuple[str, int], ...]
    to: tuple[tuple[str, int], ...]


def word_list(text: str) -> list[str]:
    """The words of a text, case folded."""
    return [_word(word) for word in _WORD.findall(text)]


@cache
def _word(word: str) -> str:
    return _POSSESSIVE.sub("", word.casefold())


@cache
def _stem(word: str) -> str:
    return _ENDING.sub("", word)


def library_figures(scripts: Sequence[Script], names: Names) -> dict[str, float]:
    """The figures (`FIGURES`) of some scripts of one language together; shares from 0 to 1."""
    scenes = [scene for script in scripts for scene in script.scenes]
    turns = [turn for scene in scenes for turn in scene.turns]
    lengths = [len(turn.text.split()) for turn in turns]
    stand = Counter(turn.text for turn in turns)
    called = {word.casefold() for persona in names.personas.values() for word in persona.name.split()}
    spoken = [[word_list(turn.text) for turn in scene.turns] for scene in scenes]
    # What each line is about: stems of its content words that are no names.
    light = STOP | called
    meant = [[{_stem(word) for word in words if word not in light} for words in scene] for scene in spoken]
    pairs = [pair for scene in meant for pair in pairwise(scene)]
    return {
        "words": float(sum(lengths)),
        "scenes": float(len(scenes)),
        "lines": float(len(turns)),
        "median_words": float(median(lengths)) if lengths else 0.0,
        "long_lines": _share(sum(length > LONG for length in lengths), len(turns)),
        "distinct_words": float(len({word for scene in spoken for words in scene for word in words})),
        "repeated_lines": _share(sum(count for count in stand.values() if count > OFTEN), len(turns)),
        "acts": _share(sum(turn.act is not None for turn in turns), len(turns)),
        "tones": _share(sum(turn.tone is not None for turn in turns), len(turns)),
        "topics": _share(sum(_topical(scene) for scene in scenes), len(turns)),
        "uptake": _share(sum(not one.isdisjoint(other) for one, other in pairs), len(pairs)),
        "scene_lines": _share(sum(SCENE[0] <= len(scene.turns) <= SCENE[1] for scene in scenes), len(scenes)),
        "second_takes": _share(sum(scene.take > 1 for scene in scenes), len(scenes)),
        "pairs": _pairs(scenes, names),
    }


def _topical(scene: Scene) -> int:
    """How many lines of a scene name one of its topics."""
    return sum(any(topics.names(turn.text, phrase) for phrase in scene.topics.values()) for turn in scene.turns)


def _pairs(scenes: Iterable[Scene], names: Names) -> float:
    """Of all pairs of people of a show, in every arc: the share that is together in two scenes or more."""
    shows: dict[str, list[str]] = {}
    for who, persona in names.personas.items():
        if not persona.narrates:
            shows.setdefault(persona.show, []).append(who)
    met: Counter[tuple[str, str, str]] = Counter()
    for scene in scenes:
        present = sorted({names.owner(turn.speaker) or "" for turn in scene.turns if turn.speaker} - {""})
        met.update((one, other, scene.arc or "") for one, other in combinations(present, 2))
    wanted = [
        (*pair, arc) for people in shows.values() for pair in combinations(sorted(people), 2) for arc in codes.ARCS
    ]
    return _share(sum(met[key] > 1 for key in wanted), len(wanted))


def speaker_figures(troupe: Troupe) -> list[SpeakerFigures]:
    """Every speaker of a troupe's scripts, by language and then by lines."""
    lengths: dict[tuple[str, str], list[int]] = {}
    counts: dict[str, dict[tuple[str, str], Counter[str]]] = {"tone": {}, "act": {}, "to": {}}
    for passage in passages(troupe):
        for line, raw, to in zip(passage.lines, passage.raw, passage.addressees, strict=True):
            key = (passage.language, line.speaker)
            lengths.setdefault(key, []).append(len(raw.split()))
            for name, value in (("tone", line.tone), ("act", line.act), ("to", to)):
                counter = counts[name].setdefault(key, Counter())
                counter.update([value] if value else [])
    found = [
        SpeakerFigures(
            who, language, len(words), sum(words), median(words),
            *(tuple(counts[name][language, who].most_common()) for name in ("tone", "act", "to")),
        )
        for (language, who), words in lengths.items()
    ]  # fmt: skip
    return sorted(found, key=lambda speaker: (speaker.language, -speaker.lines, speaker.speaker))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def shares(counts: Iterable[tuple[str, int]], whole: int, most: int) -> str:
    """`icy 31 %, furious 20 %`: the first few of some counts as shares of a whole."""
    return ", ".join(f"{name} {_share(count, whole):.0%}" for name, count in list(counts)[:most])


def judged(
    found: Mapping[str, float], wanted: Mapping[str, tuple[float, float]]
) -> list[tuple[Figure, str, str, bool]]:
    """A row a figure: what was measured, what is wanted of it (or nothing), and whether it is so."""
    rows = []
    for figure in FIGURES:
        value, form = found[figure.name], figure.form.format
        bounds = wanted.get(figure.name)
        asked = "" if bounds is None else _range(bounds, form)
        rows.append((figure, form(value), asked, bounds is None or bounds[0] <= value <= bounds[1]))
    return rows


def _range(bounds: tuple[float, float], form: Callable[[float], str]) -> str:
    least, most = bounds
    if least <= 0:
        return f"at most {form(most)}"
    return f"{form(least)} or more" if most >= 1e9 or least == most == 1 else f"{form(least)} to {form(most)}"

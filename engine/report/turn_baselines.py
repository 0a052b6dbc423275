"""Four simple guesses at who speaks next, against which the turn engine is measured. Each knows who is present.

Each is fitted on the same training scenes as the engine, its free numbers by likelihood, so that the comparison is
with the baseline at its best.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

#: One scene as a list of speakers, in order; everybody in it is present throughout.
Speakers = Sequence[str]
Floats = NDArray[np.float64]

#: The start of a scene, as the speaker before the first.
_START = ""


@dataclass(frozen=True)
class Choices:
    """All turns of some scenes as one table with a row for each person present at each turn.

    `lags` (rows,): turns since she spoke, 1 for the last speaker, 0 for nobody yet; `other` (rows,): is she the last
    other speaker; `starts` (turns,): each turn's first row; `chosen` (turns,): the row of who spoke.
    """

    names: tuple[str, ...]
    last: tuple[str, ...]
    lags: Floats
    other: NDArray[np.bool_]
    starts: NDArray[np.intp]
    chosen: NDArray[np.intp]

    @classmethod
    def of(cls, scenes: Sequence[Speakers]) -> Choices:
        names: list[str] = []
        last: list[str] = []
        lags: list[int] = []
        other: list[bool] = []
        starts: list[int] = []
        chosen: list[int] = []
        for scene in scenes:
            present = list(dict.fromkeys(scene))
            spoke: dict[str, int] = {}
            before = _START
            latest_other: str | None = None
            for turn, name in enumerate(scene):
                starts.append(len(names))
                chosen.append(len(names) + present.index(name))
                names += present
                last += [before] * len(present)
                lags += [turn - spoke[person] if person in spoke else 0 for person in present]
                other += [person == latest_other for person in present]
                spoke[name] = turn
                if name != before:
                    before, latest_other = name, before or None
        return cls(
            tuple(names),
            tuple(last),
            np.array(lags, np.float64),
            np.array(other, bool),
            np.array(starts),
            np.array(chosen),
        )

    def normalise(self, odds: Floats) -> Floats:
        """Probabilities (rows,) that sum to 1 within each turn."""
        sums = np.add.reduceat(odds, self.starts)
        return np.asarray(odds / np.repeat(sums, np.diff(np.append(self.starts, len(odds)))), np.float64)

    def surprise(self, odds: Floats) -> float:
        """Minus the log likelihood of what happened."""
        return -float(np.log(self.normalise(odds)[self.chosen]).sum())


#: A table of choices -> odds (rows,), above 0.
Baseline = Callable[[Choices], Floats]


def uniform(scenes: Sequence[Speakers]) -> Baseline:
    """Everybody alike; the scenes are not looked at."""
    return lambda choices: np.ones(len(choices.names))


def speaker_before_last(scenes: Sequence[Speakers]) -> Baseline:
    """The last other speaker answers: odds of her, of the last speaker going on, and of anybody else (1)."""

    def make(answers: float, goes_on: float) -> Baseline:
        return lambda choices: np.where(choices.lags == 1, goes_on, np.where(choices.other, answers, 1.0))

    grids = [(1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 20.0, 32.0), (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)]
    return _best(make, grids, scenes)


def kneser_ney_bigram(scenes: Sequence[Speakers]) -> Baseline:
    """An interpolated Kneser-Ney bigram over speakers (Ney, Essen and Kneser 1994), renormalised over those present.

    Its discount is chosen on one half of the scenes with counts of the other, both ways.
    """
    halves = scenes[::2], scenes[1::2]
    if not halves[1]:
        return _bigram(scenes, 0.75)
    tables = [(fitted, Choices.of(tried)) for fitted, tried in (halves, halves[::-1])]

    def loss(discount: float) -> float:
        return sum(tried.surprise(_bigram(fitted, discount)(tried)) for fitted, tried in tables)

    return _bigram(scenes, min((0.1, 0.3, 0.5, 0.75, 0.9, 0.97), key=loss))


def talkativeness_and_recency(scenes: Sequence[Speakers]) -> Baseline:
    """After SPEAK (Stasser and Taylor 1991): stable differences in speaking rate, times a recency that fades.

    Odds of a person: her rate (lines a turn that she was present) to a power, times 1 + boost * fade ** (turns since she
    spoke - 2); for the last speaker herself a factor of her own in place of the recency.
    """
    lines = Counter(name for scene in scenes for name in scene)
    turns = Counter[str]()
    for scene in scenes:
        for name in set(scene):
            turns[name] += len(scene)

    def make(power: float, boost: float, fade: float, goes_on: float) -> Baseline:
        def odds(choices: Choices) -> Floats:
            # A few turns are added, so that somebody never seen before has a rate.
            rates = {name: (lines[name] + 1) / (turns[name] + 4) for name in set(choices.names)}
            rate = np.array([rates[name] for name in choices.names]) ** power
            fading = 1.0 + boost * fade ** np.maximum(choices.lags - 2, 0)
            recency = np.where(choices.lags == 1, goes_on, np.where(choices.lags == 0, 1.0, fading))
            return np.asarray(rate * recency, np.float64)

        return odds

    grids = [
        (0.0, 0.3, 0.6, 0.8, 1.0, 1.3),
        (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0),
        (0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85),
        (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
    ]
    return _best(make, grids, scenes)


#: By the name that a table shows.
BASELINES: dict[str, Callable[[Sequence[Speakers]], Baseline]] = {
    "uniform": uniform,
    "speaker before last": speaker_before_last,
    "Kneser-Ney bigram": kneser_ney_bigram,
    "talkativeness + recency": talkativeness_and_recency,
}


def _bigram(scenes: Sequence[Speakers], discount: float) -> Baseline:
    followers: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for scene in scenes:
        for last, name in pairwise([_START, *scene]):
            followers[last][name] += 1
    # Kneser-Ney's lower order counts after how many different speakers somebody has spoken.
    kinds = Counter(name for counts in followers.values() for name in counts)
    total = sum(kinds.values())

    def chance(last: str, name: str) -> float:
        # One kind more for everybody, so that nobody is impossible.
        lower = (kinds[name] + 1) / (total + len(kinds) + 1)
        counts = followers.get(last)
        if counts is None:
            return lower
        return (max(counts[name] - discount, 0.0) + discount * len(counts) * lower) / counts.total()

    def odds(choices: Choices) -> Floats:
        pairs = list(zip(choices.last, choices.names, strict=True))
        chances = {pair: chance(*pair) for pair in set(pairs)}
        return np.array([chances[pair] for pair in pairs])

    return odds


def _best(make: Callable[..., Baseline], grids: Sequence[Sequence[float]], scenes: Sequence[Speakers]) -> Baseline:
    """The likeliest point of a grid, found one coordinate after the other, three times round."""
    choices = Choices.of(scenes)
    best = [grid[len(grid) // 2] for grid in grids]
    for _ in range(3):
        for place, grid in enumerate(grids):
            points = [[*best[:place], value, *best[place + 1 :]] for value in grid]
            best = min(points, key=lambda point: choices.surprise(make(*point)(choices)))
    return make(*best)

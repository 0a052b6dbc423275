"""The choice among candidates: what is measured of each, and the fitted weights that add it up.

A conditional logit over the candidates of a line: the weights are those under which real lines of the scripts,
among samples of their own speaker's voice in the same place, come out first. This is the residual energy of Deng
et al. (2020) with features that can be read instead of a second network. `engine.turns.fitting` fits them.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.errors import VoiceError
from engine.speech.copying import words


@dataclass(frozen=True)
class Feature:
    """One number of a candidate. `fallback` is its weight where none was fitted.

    `held` features are never fitted. Of a beat's words and of repetition scripts can say nothing. Of likelihoods they
    say the wrong thing: a sampler that is cut to the likely tokens never draws the rare word that most real lines
    have, so that a fit makes rarity itself a virtue and picks nonsense (docs/voices.md).
    """

    name: str
    meaning: str
    fallback: float
    held: bool = False


FEATURES: tuple[Feature, ...] = (
    Feature("fluency", "mean log-likelihood of a token in her own voice", 1.0, held=True),
    Feature("weakest", "log-likelihood of the least likely token", 0.15, held=True),
    Feature(
        "identity", "own voice minus the voice of her whole show, a token: what only she would say", 3.0, held=True
    ),
    Feature("critic", "how much it sounds like a real line in its place, by the critic", 0.5),
    Feature("unusual", "distance of the length from her typical one, in logarithms, squared", -0.5),
    Feature("echo", "content words shared with the line answered", 0.5),
    Feature("beat", "words of the beat and of what she wants or knows", 0.9, held=True),
    Feature("repetition", "runs of words and words shared with what was said in this scene", -6.0, held=True),
)
_NAMES = tuple(feature.name for feature in FEATURES)

_STOP = (
    "a an and are as at be been but by can did do does don't for from had has have he her here him his how i i'm if in is it it's its "
    "just me my no not of oh on or our out she so that that's the their them then there they this to up us was we were what when where who "
    "why will with would yes you you're your am all "
    "a al como con de del el ella en es esa ese eso esta este esto ha hay la las le les lo los más me mi mis muy ni no nos o para pero por "
    "que qué se si sí sin su sus te tu tú un una usted y ya yo"
)
#: Words too common to count as content, in both languages.
STOP = frozenset(_STOP.split())


@dataclass(frozen=True)
class Weights:
    """How much each feature counts."""

    values: Mapping[str, float]

    @classmethod
    def fallback(cls) -> Weights:
        return cls({feature.name: feature.fallback for feature in FEATURES})

    def total(self, scores: Mapping[str, float]) -> float:
        return math.fsum(self.values.get(name, 0.0) * scores[name] for name in _NAMES if name in scores)

    def to_json(self) -> str:
        return json.dumps({"weights": {name: round(self.values[name], 6) for name in _NAMES}}, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Weights:
        try:
            values = json.loads(text)["weights"]
            return cls({feature.name: float(values.get(feature.name, feature.fallback)) for feature in FEATURES})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise VoiceError(f"not the weights of a choice: {error}") from error


def content(text: str) -> frozenset[str]:
    """The words that carry meaning."""
    return frozenset(word for word in words(text) if word not in STOP)


def surface(text: str, typical: float, answered: str, wanted: Iterable[str], said: Said) -> dict[str, float]:
    """The features that need no network. `typical` is her usual length in words."""
    spoken = words(text)
    count = max(1, len(spoken))
    meant = content(text)
    answer = content(answered)
    wished = {word for phrase in wanted for word in words(phrase)}
    return {
        "unusual": min(4.0, (math.log(count) - math.log(max(1.0, typical))) ** 2),
        "echo": min(2.0, float(len(meant & answer))),
        "beat": min(2.0, float(len(wished & set(spoken)))),
        "repetition": said.overlap(text),
    }


class Said:
    """What was said in this scene; a line that says it again is pushed away."""

    def __init__(self, lines: Iterable[str] = ()):
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._openings: Counter[tuple[str, ...]] = Counter()
        self._lines: list[frozenset[str]] = []
        self._whole: set[str] = set()
        for line in lines:
            self.add(line)

    def add(self, line: str) -> None:
        spoken = words(line)
        self._pairs.update(pairwise(spoken))
        self._openings[tuple(spoken[:2])] += 1
        self._lines.append(content(line))
        self._whole.add(" ".join(spoken))

    def again(self, line: str) -> bool:
        """Was this very line said?"""
        return " ".join(words(line)) in self._whole

    def overlap(self, line: str) -> float:
        """0 for a line that is new, 1 and more for one that was nearly said: the largest of its shares of word pairs
        said before, of content words in one earlier line, and of its opening."""
        spoken = words(line)
        if not spoken:
            return 0.0
        pairs = list(pairwise(spoken))
        shared = sum(1 for pair in pairs if pair in self._pairs and not set(pair) <= STOP) / max(3, len(pairs))
        meant = content(line)
        alike = max((len(meant & other) / len(meant | other) for other in self._lines if meant and other), default=0.0)
        opening = 0.15 * min(2, self._openings[tuple(spoken[:2])])
        return max(shared, alike) + opening


def order(scores: Sequence[Mapping[str, float]], weights: Weights) -> list[int]:
    """Indices of candidates, best first; ties go to the earlier one."""
    totals = [weights.total(each) for each in scores]
    return sorted(range(len(scores)), key=lambda index: (-totals[index], index))

"""What is measured of a candidate, and how much each measure counts: the one table behind the choice of a line.

The weights are near those of a logistic regression on the marks of readers, who judged lines in their places
(`python -m benchmarks.choosing`, docs/voices.md): beside sense, where a language has learned it, and without it. Ranking by
likelihood alone ends in "I do not know": the commonest line is the likeliest. So a line counts for how much likelier it is after
these lines than after none (pointwise mutual information over her own network; Li et al. 2016), in its weakest sentence; too much
of that ends in echoes. Whether it says who does what as it was planned does not count: given a plan that does not follow, the
line that says it best does not follow either.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Feature:
    """One number of a candidate, its weight in the sum, and its weight where sense was not learned."""

    name: str
    weight: float
    alone: float
    meaning: str


FEATURES: tuple[Feature, ...] = (
    Feature("sense", 1.0, 0.0, "how sensible the line is in its place, in log odds, by what the base makes of both"),
    Feature(
        "fluency", 1.7, 1.1, "mean log-likelihood of a token in her own voice after these lines, with no frame given"
    ),
    Feature(
        "relevance", 0.2, 0.3, "how much likelier a token is after these lines than after none; the weakest sentence"
    ),
    Feature("identity", 0.2, 0.2, "how much likelier a token is in her own voice than in the base, by itself"),
    Feature("plan", 0.5, 0.6, "log-probability of a code of its frame, under the director"),
    Feature("topics", 0.2, 0.3, "share of the topics asked for that it names"),
    Feature("beat", 0.5, 0.5, "words of the beat, and words that she likes"),
    Feature(
        "repetition", -0.8, -0.8, "in how many of the last lines, but for the very last, its words were heard already"
    ),
    Feature("length", -1.3, -2.0, "logarithm of its words by her typical number; under half of it nothing is gained"),
)


def total(scores: Mapping[str, float], features: Sequence[Feature] = FEATURES) -> float:
    """The sum by which candidates are ranked: with the weights beside sense where it was measured."""
    judged = "sense" in scores
    return math.fsum(
        (feature.weight if judged else feature.alone) * scores.get(feature.name, 0.0) for feature in features
    )

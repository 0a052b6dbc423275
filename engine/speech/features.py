"""What is measured of a candidate, and how much each measure counts: the one table behind the choice of a line.

Ranking by likelihood alone ends in "I do not know": the commonest line is the likeliest. So a line counts for how much
likelier it is after these lines than with the same frame after none (pointwise mutual information over her own network;
Li et al. 2016), and for saying what it was asked to say (over-generate and rerank by slot errors, RNNLG, Wen et
al. 2015). docs/voices.md has the ablation of every row.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Feature:
    """One number of a candidate, and its weight in the sum."""

    name: str
    weight: float
    meaning: str


FEATURES: tuple[Feature, ...] = (
    Feature("fluency", 1.0, "mean log-likelihood of a token in her own voice, in this place"),
    Feature("relevance", 1.5, "how much likelier a token is after these lines than with the same frame after none"),
    Feature("identity", 0.5, "how much likelier a token is in her own voice than in the base, by itself"),
    Feature("plan", 0.3, "log-probability of a code of its frame, under the director"),
    Feature("gist", 1.5, "says who does what as it was asked to: 1, half of it: 0.5"),
    Feature("topics", 1.5, "share of the topics asked for that it names"),
    Feature("beat", 0.5, "words of the beat, and words that she likes"),
    Feature("unusual", -0.3, "distance of the length from her typical one, in logarithms, squared"),
    Feature("repetition", -2.5, "runs of words and words shared with what was said in this scene"),
)


def total(scores: Mapping[str, float], features: Sequence[Feature] = FEATURES) -> float:
    """The sum by which candidates are ranked."""
    return math.fsum(feature.weight * scores.get(feature.name, 0.0) for feature in features)

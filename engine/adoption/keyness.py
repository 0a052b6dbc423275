"""What somebody says more than the others: log-odds with an informative Dirichlet prior.

Monroe, Colaresi and Quinn (2008), "Fightin' Words", equations 16 and 22: the prior is the whole script, so that a word
must be hers by more than chance, and rare words do not win by being rare.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

#: How many words the prior is worth.
PRIOR = 500.0
#: Standard deviations that count as sure (two-sided, 5 %).
SURE = 1.96


@dataclass(frozen=True)
class Key:
    """Something somebody says `count` times, and by how many standard deviations it is hers."""

    text: str
    count: int
    z: float


def keys(own: Counter[str], everybody: Counter[str], least: int = 3, prior: float = PRIOR) -> list[Key]:
    """What is in `own` more than in the rest of `everybody` (which includes it), the surest first; only what is sure."""
    total, own_total = sum(everybody.values()), sum(own.values())
    rest_total = total - own_total
    if not own_total or not rest_total:
        return []
    found = []
    for text, count in own.items():
        if count < least:
            continue
        alpha = prior * everybody[text] / total
        rest = everybody[text] - count
        mine = math.log((count + alpha) / (own_total + prior - count - alpha))
        theirs = math.log((rest + alpha) / (rest_total + prior - rest - alpha))
        z = (mine - theirs) / math.sqrt(1 / (count + alpha) + 1 / (rest + alpha))
        if z > SURE:
            found.append(Key(text, count, z))
    return sorted(found, key=lambda key: (-key.z, key.text))


def runs(words: Iterable[str], length: int) -> list[str]:
    """All runs of so many words."""
    row = list(words)
    return [" ".join(row[start : start + length]) for start in range(len(row) - length + 1)]

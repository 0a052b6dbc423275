"""Does the director know what comes next? Perplexity and top-1 of act, predicate and whole frame, on held-out scenes.

    python -m benchmarks.director [--lines 3000]

Beside it what knows as much: a bigram over frames (act after act; predicate after predicate, its act and subject known; backed off), and a
conditional logit (multinomial logistic regression on the last two frames, who speaks and to whom; scikit-learn). Of predicates
all know the line's own act, tone, subject and denial. The one
that wins plays (`engine.speech.director`).
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from engine.learning.plan import Plan
from engine.report.extras import extra
from engine.speech.director import Director
from engine.troupe import Troupe
from engine.voices.sequences import Line, turn_back

#: A probability is never less than this: a model that is sure and wrong is not infinitely wrong.
LEAST = 1e-4


@dataclass(frozen=True)
class Place:
    """A line with an act, and the lines before it."""

    context: tuple[Line, ...]
    line: Line

    @property
    def act(self) -> str:
        return str(self.line.act)

    @property
    def predicate(self) -> str:
        return self.line.gist.predicate if self.line.gist else "none"


#: Gives the probability of every value of one part of the frame at a place.
Model = Callable[[Place], Mapping[str, float]]


def places(plan: Plan, part: str) -> list[Place]:
    """All lines with acts in a part of the split."""
    return [
        Place(passage.lines[:number], line)
        for passage in plan.passages
        if passage.part == part
        for number, line in enumerate(passage.lines)
        if line.act
    ]


def bigram(train: Sequence[Place], value: Callable[[Place], str], given: Callable[[Place], str]) -> Model:
    """Counts of a value after what is given, backed off to the value alone (Witten and Bell 1991)."""
    alone: Counter[str] = Counter(map(value, train))
    after: dict[str, Counter[str]] = {}
    for place in train:
        after.setdefault(given(place), Counter())[value(place)] += 1
    total = alone.total()

    def model(place: Place) -> Mapping[str, float]:
        seen = after.get(given(place), Counter())
        weight = seen.total() / (seen.total() + len(seen)) if seen else 0.0
        return {
            name: weight * seen[name] / max(1, seen.total()) + (1 - weight) * count / total
            for name, count in alone.items()
        }

    return model


def features(place: Place, with_act: bool) -> dict[str, int]:
    """What a conditional logit may look at: the last three frames, who speaks and to whom; the line's own act or not."""
    found = {"bias": 1, f"kind {place.line.kind}": 1}
    found[f"turn {turn_back(place.line.speaker, [line.speaker for line in place.context])}"] = 1
    for back, line in enumerate(reversed(place.context[-3:]), 1):
        found[f"act {back} {line.act}"] = 1
        found[f"tone {back} {line.tone}"] = 1
        if line.gist:
            found[f"predicate {back} {line.gist.predicate}"] = 1
            found[f"subject {back} {line.gist.subject} {line.gist.negated}"] = 1
    if len(place.context) > 1:
        found[f"acts {place.context[-1].act} {place.context[-2].act}"] = 1
    if with_act and place.line.gist is not None:
        gist = place.line.gist
        for known in (place.act, place.line.tone, gist.subject, gist.negated, f"{place.act} {gist.subject}"):
            found[f"own {known}"] = 1
        last = place.context[-1] if place.context else None
        if last is not None and last.gist:
            found[f"own {place.act} {last.gist.predicate}"] = 1
    return found


def conditional_logit(train: Sequence[Place], value: Callable[[Place], str], with_act: bool) -> Model:
    """Multinomial logistic regression on `features`."""
    linear, extraction = extra("sklearn.linear_model"), extra("sklearn.feature_extraction")
    vectorizer = extraction.DictVectorizer()
    rows = vectorizer.fit_transform([features(place, with_act) for place in train])
    fitted: Any = linear.LogisticRegression(C=0.3, max_iter=200).fit(rows, [value(place) for place in train])
    names = list(fitted.classes_)

    def model(place: Place) -> Mapping[str, float]:
        row = vectorizer.transform([features(place, with_act)])
        return dict(zip(names, fitted.predict_proba(row)[0].tolist(), strict=True))

    return model


def measured(model: Model, test: Sequence[Place], value: Callable[[Place], str]) -> tuple[float, float]:
    """Perplexity and top-1 of a model of one part."""
    nats, first = 0.0, 0
    for place in test:
        found = model(place)
        nats -= math.log(max(LEAST, found.get(value(place), 0.0)))
        first += max(found, key=lambda name: found[name]) == value(place)
    return math.exp(nats / len(test)), first / len(test)


def by_network(director: Director, test: Sequence[Place]) -> dict[str, tuple[float, float]]:
    """Perplexity and top-1 of act and predicate (given the act), and perplexity of the whole frame."""
    found: dict[str, tuple[float, float]] = {}
    for part in ("act", "predicate"):
        nats, first = 0.0, 0
        chosen = [place for place in test if part == "act" or place.line.gist]
        for place in chosen:
            shares = director.shares(place.context, place.line, part)
            value = place.act if part == "act" else place.predicate
            nats -= math.log(max(LEAST, shares.get(value, 0.0)))
            first += max(shares, key=lambda name: shares[name]) == value
        found[part] = (math.exp(nats / len(chosen)), first / len(chosen))
    whole = [director.nats(place.context, place.line) for place in test]
    found["whole frame"] = (math.exp(-float(np.mean(whole))), float("nan"))
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--troupe", type=Path, default=Path())
    options.add_argument("--lines", type=int, default=3000, help="held-out lines at the most")
    options.add_argument(
        "--logit", type=int, default=20_000, help="lines that the conditional logits learn from at the most"
    )
    given = options.parse_args()
    plan = Plan(Troupe.around(given.troupe))
    train, test = places(plan, "train"), places(plan, "test")
    draw = np.random.default_rng(0)
    test = [test[index] for index in sorted(draw.permutation(len(test))[: given.lines].tolist())]
    gists = [place for place in train if place.line.gist]
    few = [gists[index] for index in draw.permutation(len(gists))[: given.logit].tolist()]
    network = plan.grounds.shared.director()
    table = Table("part", "model", title=f"{len(test)} held-out lines", title_justify="left")
    for heading in ("perplexity", "top-1"):
        table.add_column(heading, justify="right")
    models: list[tuple[str, str, Model, Callable[[Place], str]]] = [
        ("act", "commonest", bigram(train, lambda p: p.act, lambda p: ""), lambda p: p.act),
        ("act", "bigram", bigram(train, lambda p: p.act, lambda p: _last(p).act or ""), lambda p: p.act),
        ("act", "conditional logit", conditional_logit(few, lambda p: p.act, False), lambda p: p.act),
        ("predicate", "commonest", bigram(gists, lambda p: p.predicate, lambda p: ""), lambda p: p.predicate),
        (
            "predicate", "bigram",
            bigram(gists, lambda p: p.predicate, lambda p: f"{p.act} {p.line.gist and p.line.gist.subject} {_predicate(_last(p))}"), lambda p: p.predicate,
        ),
        ("predicate", "conditional logit", conditional_logit(few, lambda p: p.predicate, True), lambda p: p.predicate),
    ]  # fmt: skip
    for part, name, model, value in models:
        known = [place for place in test if part == "act" or place.line.gist]
        perplexity, first = measured(model, known, value)
        table.add_row(part, name, f"{perplexity:.1f}", f"{first:.1%}")
    if network is not None:
        for part, (perplexity, first) in by_network(Director(network), test).items():
            table.add_row(part, "director", f"{perplexity:.1f}", "" if math.isnan(first) else f"{first:.1%}")
    Console(highlight=False, width=100).print(table)


def _last(place: Place) -> Line:
    return place.context[-1] if place.context else Line("", "")


def _predicate(line: Line) -> str:
    return line.gist.predicate if line.gist else "none"


if __name__ == "__main__":
    main()

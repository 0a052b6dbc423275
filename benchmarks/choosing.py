"""What makes a line sensible to an audience? Fits the weights of the choice of a line to the marks of readers.

    python -m benchmarks.choosing [--marks FILE]

`benchmarks/marks/candidates.jsonl` has candidates of the voices as they are: 383 places of 64 scenes that were played on from held-out
openings of the novela (up to six a place: the best two by what played, the longest, and others of the shortlist), the lines before,
what was measured of each, and the mark that a reader gave it in its place (G sensible here, M senseless here, X broken).
`earlier.jsonl` has those of the voices before, without the lines before them. Prints, a feature: how well it alone tells G from the
rest (area under the curve), its weight in a logistic regression of all, and the weight that plays (`engine/speech/features.py`); and how often the best candidate of a place is a
G when places are left out in turn.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from engine.report.extras import extra
from engine.speech.features import FEATURES

MARKS = Path(__file__).parent / "marks"
#: What was measured of every candidate; beats and repetition belong to a scene, not to a place.
MEASURED = ("fluency", "relevance", "identity", "plan", "gist", "topics", "length")
#: Strength of the regularisation (scikit-learn's C), and parts that are left out in turn.
STRENGTH, PARTS = 0.1, 10


def best_of(scores: np.ndarray, good: np.ndarray, places: Sequence[str]) -> float:
    """The share of places whose best candidate, by its score, is a good one."""
    best: dict[str, int] = {}
    for number, place in enumerate(places):
        if place not in best or scores[number] > scores[best[place]]:
            best[place] = number
    return float(np.mean([good[number] for number in best.values()]))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--marks", type=Path, default=MARKS / "candidates.jsonl", metavar="FILE")
    given = options.parse_args()
    rows: list[dict[str, Any]] = [json.loads(row) for row in given.marks.read_text(encoding="utf-8").splitlines()]
    places = [row["place"] for row in rows]
    good = np.array([row["mark"] == "G" for row in rows])
    values = np.array([[row[name] for name in MEASURED] for row in rows])
    spread = values.std(axis=0)
    scaled = (values - values.mean(axis=0)) / spread
    linear, metrics = extra("sklearn.linear_model"), extra("sklearn.metrics")

    def fitted(chosen: np.ndarray) -> Any:
        return linear.LogisticRegression(C=STRENGTH, max_iter=500).fit(scaled[chosen], good[chosen])

    part = np.array([sorted(set(places)).index(place) % PARTS for place in places])
    left_out = np.zeros(len(rows))
    for number in range(PARTS):
        left_out[part == number] = fitted(part != number).decision_function(scaled[part == number])
    weights = fitted(np.ones(len(rows), bool)).coef_[0] / spread
    played = {feature.name: feature.weight for feature in FEATURES}
    table = Table("feature", title=f"{len(rows)} candidates, {good.mean():.0%} G", title_justify="left")
    for heading in ("alone", "fitted", "plays"):
        table.add_column(heading, justify="right")
    for column, name in enumerate(MEASURED):
        alone = metrics.roc_auc_score(good, values[:, column])
        table.add_row(name, f"{alone:.2f}", f"{weights[column]:+.2f}", f"{played.get(name, 0.0):+.2f}")
    table.add_row("all", f"{metrics.roc_auc_score(good, left_out):.2f}", "", "")
    now = values @ np.array([played.get(name, 0.0) for name in MEASURED])
    console = Console(highlight=False, width=100)
    console.print(table)
    some = np.mean([any(good[np.array(places) == place]) for place in sorted(set(places))])
    console.print(
        f"best of its place is a G: by what plays {best_of(now, good, places):.0%}, by the fit with its place left out"
        f" {best_of(left_out, good, places):.0%}; some candidate is one in {some:.0%} of the places"
    )


if __name__ == "__main__":
    main()

"""What makes a line sensible to an audience? The measures of the choice of a line beside the marks of readers.

    python -m benchmarks.choosing [--language en]

`corpora/marks/LANGUAGE.jsonl` has places of scenes that were played on from openings of the novela, up to eight lines that were
drawn for each, what was measured of them, and the mark that a reader gave each in its place (G sensible here, M senseless
here, X broken). The base reads all of them, in a minute or two; sense (`engine/voices/sense.py`) is fitted to the places of
learned scenes, and everything is measured on those held out. Prints, a measure: how well it alone tells G from the rest (area
under the curve), its weight in the regression beside sense, and the weights that play, beside sense and without it
(`engine/speech/features.py`; beats and repetition belong to a scene, not to a place); and how often the best line of a place is
a G by each.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from engine.errors import TelenovelaError, TrainingError
from engine.learning.judging import Evidence, Matrix, evidence, fitted
from engine.learning.marks import MEASURES, marked_places
from engine.report.extras import extra
from engine.speech.features import FEATURES
from engine.troupe import Troupe
from engine.voices.grounds import Grounds
from engine.voices.registry import BASE


def best_of(scores: Matrix, found: Evidence) -> float:
    """The share of places whose best line, by its score, is sensible."""
    best: dict[int, int] = {}
    for number, place in enumerate(found.place.tolist()):
        if place not in best or scores[number] > scores[best[place]]:
            best[place] = number
    return float(np.mean([found.sensible[number] for number in best.values()]))


def measured(language: str, console: Console) -> None:
    """Print the table of a language. Raises TrainingError where no places are marked, or none held out."""
    troupe = Troupe.here(Path())
    places = marked_places(troupe, language)
    held_out = np.array([place.held_out for place in places], bool)
    if not held_out.any() or held_out.all():
        raise TrainingError(f"{troupe.marks_path(language)}: it takes marked places to learn from and some held out")
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("the base reads", total=1.0)
        base = Grounds(troupe).of(language).load(BASE)
        read = evidence(places, base, lambda done: bar.update(task, completed=done))
    learned, found = read.of(~held_out), read.of(held_out)
    sense, weights = fitted(learned)
    sensible = sense.of(found.states.astype(np.float32)).astype(np.float64)
    metrics = extra("sklearn.metrics")

    def area(values: Matrix) -> str:
        return f"{float(metrics.roc_auc_score(found.sensible, values)):.2f}"

    played = {feature.name: feature for feature in FEATURES}
    title = f"{len(found.sensible)} lines of {held_out.sum()} places held out, {found.sensible.mean():.0%} G"
    table = Table("measure", title=f"{title}; fitted to {len(learned.sensible)}", title_justify="left")
    for heading in ("alone", "fitted", "plays", "without sense"):
        table.add_column(heading, justify="right")
    table.add_row("sense", area(sensible), "+1.00", f"{played['sense'].weight:+.2f}", "")
    for column, name in enumerate(MEASURES):
        row = (f"{weights[name]:+.2f}", f"{played[name].weight:+.2f}", f"{played[name].alone:+.2f}")
        table.add_row(name, area(found.measures[:, column]), *row)
    fit, beside, without = (
        found.measures @ np.array([weight(name) for name in MEASURES])
        for weight in (weights.__getitem__, lambda name: played[name].weight, lambda name: played[name].alone)
    )
    ways = {
        "what plays": beside + played["sense"].weight * sensible,
        "what plays without sense": without,
        "the regression": fit + sensible,
    }
    console.print(table)
    for way, scores in ways.items():
        console.print(
            f"best of its place by {way}: a G in {best_of(scores, found):.0%} of the places; area {area(scores)}"
        )
    some = np.mean([found.sensible[found.place == place].any() for place in np.unique(found.place)])
    console.print(f"some line is a G in {some:.0%} of the places")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--language", default="en")
    try:
        measured(options.parse_args().language, Console(highlight=False, width=100))
    except TelenovelaError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

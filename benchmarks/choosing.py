"""What makes a line sensible to an audience? The measures of the choice of a line beside the marks of readers.

    python -m benchmarks.choosing [--language en]

`corpora/marks/LANGUAGE.jsonl` has places of scenes that were played on from openings of the novela, up to eight lines that were drawn for each, what
was measured of them, and the mark that a reader gave each in its place (G sensible here, M senseless here, X broken). A
base reads all of them, in a minute or two; sense (`engine/voices/sense.py`) is fitted to the places of learned scenes, and everything is
measured on those of scenes held out. Prints, a measure: how well it alone tells G from the rest (area under the curve), its
weight in the regression beside sense, and the weight that plays (`engine/speech/features.py`); and how often the best line of a place
is a G: without sense, by what plays, and by the regression.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from engine.learning.judging import Judged, Matrix, fitted, judged
from engine.learning.marks import MarkedPlace, marked_places
from engine.report.extras import extra
from engine.speech.features import FEATURES
from engine.troupe import Troupe
from engine.voices.grounds import Grounds
from engine.voices.registry import BASE
from engine.voices.voice import LSTMVoice


def best_of(scores: Matrix, found: Judged) -> float:
    """The share of places whose best line, by its score, is sensible."""
    best: dict[int, int] = {}
    for number, place in enumerate(found.place.tolist()):
        if place not in best or scores[number] > scores[best[place]]:
            best[place] = number
    return float(np.mean([found.sensible[number] for number in best.values()]))


def read(places: list[MarkedPlace], base: LSTMVoice, console: Console) -> Judged:
    """What the base makes of marked places; a bar says how far it is."""
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("the base reads", total=1.0)
        return judged(places, base, lambda done: bar.update(task, completed=done))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--language", default="en")
    given = options.parse_args()
    console, troupe = Console(highlight=False, width=100), Troupe.here(Path())
    base = Grounds(troupe).of(given.language).load(BASE)
    places = marked_places(troupe, given.language)
    learned, held_out = (
        read([place for place in places if place.held_out == kept], base, console) for kept in (False, True)
    )
    sense, weights = fitted(learned)
    sensible = sense.of(held_out.states.astype(np.float32)).astype(np.float64)
    metrics = extra("sklearn.metrics")

    def area(values: Matrix) -> float:
        return float(metrics.roc_auc_score(held_out.sensible, values))

    played = {feature.name: feature.weight for feature in FEATURES}
    title = (
        f"{len(held_out.sensible)} lines of {held_out.place[-1] + 1} places held out, {held_out.sensible.mean():.0%} G"
    )
    table = Table("measure", title=f"{title}; fitted to {len(learned.sensible)}", title_justify="left")
    for heading in ("alone", "fitted", "plays"):
        table.add_column(heading, justify="right")
    table.add_row("sense", f"{area(sensible):.2f}", "+1.00", f"{played['sense']:+.2f}")
    for column, name in enumerate(held_out.names):
        alone = area(held_out.measures[:, column])
        table.add_row(name, f"{alone:.2f}", f"{weights[name]:+.2f}", f"{played.get(name, 0.0):+.2f}")
    without = held_out.measures @ np.array([played.get(name, 0.0) for name in held_out.names])
    by_fit = sensible + held_out.measures @ np.array([weights[name] for name in held_out.names])
    plays = without + played["sense"] * sensible
    table.add_row(
        "all that play; the same without sense; fitted", f"{area(plays):.2f}; {area(without):.2f}; {area(by_fit):.2f}"
    )
    console.print(table)
    some = np.mean([held_out.sensible[held_out.place == place].any() for place in np.unique(held_out.place)])
    console.print(
        f"best of its place is a G: by what plays {best_of(plays, held_out):.0%}, without sense"
        f" {best_of(without, held_out):.0%}, by the regression {best_of(by_fit, held_out):.0%}; some line is one in {some:.0%} of the places"
    )


if __name__ == "__main__":
    main()

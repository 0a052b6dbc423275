"""Can an ordinary classifier tell what a line does? `python -m benchmarks.acts [--language en]`

TF-IDF of words and characters with logistic regression (that of `benchmarks.speakers`) learns the acts of all lines but
those of the scenes held out for the test, and names the act of each of those lines by itself. Needs scikit-learn (extra
`evaluate`).
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.speakers import Sample, log_probabilities
from engine import codes
from engine.command import run
from engine.learning.passages import passages
from engine.troupe import Troupe

TARGET = 0.55


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(
        prog="python -m benchmarks.acts", description="How well the act of a line can be told by its words."
    )
    options.add_argument("--language", choices=codes.LANGUAGES, default="en")
    given = options.parse_args(arguments)

    def body() -> int:
        parts: dict[bool, list[Sample]] = {True: [], False: []}
        for passage in passages(Troupe.around(Path())):
            if passage.language == given.language:
                parts[passage.part == "test"] += [Sample(line.act, line.text) for line in passage.lines if line.act]
        held_out, learned = parts[True], parts[False]
        classes, found = log_probabilities(learned, held_out)
        acts = np.array([sample.label for sample in held_out])
        right = np.array(classes)[found.argmax(axis=1)] == acts
        [(commonest, count)] = Counter(acts.tolist()).most_common(1)
        print(
            f"{len(held_out):,} held-out lines of {len(classes)} acts, {len(learned):,} learned from: {right.mean():.0%}"
            f" named rightly (target {TARGET:.0%}); '{commonest}' alone is {count / len(acts):.0%}"
        )
        for act in sorted(classes, key=lambda each: -np.mean(right[acts == each]) if (acts == each).any() else 0):
            print(
                f"    {act:<10} {(acts == act).sum():>5} {right[acts == act].mean() if (acts == act).any() else 0:.0%}"
            )
        return 0

    return run(body)


if __name__ == "__main__":
    raise SystemExit(main())

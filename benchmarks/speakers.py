"""Can an ordinary classifier tell the principal voices apart? `python -m benchmarks.speakers`

TF-IDF of words and characters with logistic regression learns who says what from all scenes but those held out for
the test (`engine.corpus.split`), and names the speaker of held-out lines: of one, and of ten together. Every name is the
same slot, so that it is the voice that is recognised and not whom she calls. Needs scikit-learn (extra `evaluate`).
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from engine import codes
from engine.command import run
from engine.learning.passages import passages
from engine.troupe import Troupe

TOGETHER = 10
TARGET = 0.90
_SLOT = re.compile("|".join(re.escape(slot) for slot in codes.SLOTS))
_NAME = "<name>"


@dataclass(frozen=True)
class Sample:
    """One line, and what is to be told by it: who said it, say."""

    label: str
    text: str


@dataclass(frozen=True)
class Score:
    """How often a speaker is named rightly: from one line, and from ten; `tens` is how many tens were drawn."""

    speaker: str
    lines: int
    single: float
    tens: int
    together: float


def samples(troupe: Troupe, language: str) -> tuple[list[Sample], list[Sample]]:
    """Lines to learn from and held-out lines of everybody in a language who has a sheet."""
    learned: list[Sample] = []
    held_out: list[Sample] = []
    for passage in passages(troupe):
        if passage.language != language:
            continue
        part = held_out if passage.part == "test" else learned
        part += [
            Sample(line.speaker, _SLOT.sub(_NAME, line.text))
            for line in passage.lines
            if line.speaker in troupe.personas
        ]
    return learned, held_out


def log_probabilities(learned: Sequence[Sample], asked: Sequence[Sample]) -> tuple[list[str], NDArray[np.float64]]:
    """The classes, and for each line asked about the logarithm of each class's probability: (lines, classes)."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    features = make_union(
        TfidfVectorizer(
            ngram_range=(1, 2), sublinear_tf=True, min_df=2, token_pattern=r"<name>|[^\W\d_]+|[!?¡¿,;:\"]|\.+|--"
        ),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=3),
    )
    # Principals have ten times the lines of others: without weights every short line would be theirs.
    model = make_pipeline(features, LogisticRegression(C=4.0, max_iter=300, class_weight="balanced"))
    model.fit([sample.text for sample in learned], [sample.label for sample in learned])
    found: NDArray[np.float64] = model.predict_log_proba([sample.text for sample in asked])
    return [str(name) for name in model.classes_], found


def score(
    speaker: str, classes: Sequence[str], found: NDArray[np.float64], generator: np.random.Generator, shuffles: int
) -> Score:
    """The score of one speaker from the log probabilities of her held-out lines, (lines, classes).

    Her lines are shuffled `shuffles` times and cut into tens, what is left over at the end left out.
    """
    right = classes.index(speaker)
    single = float(np.mean(found.argmax(axis=1) == right)) if len(found) else 0.0
    named: list[bool] = []
    for _ in range(shuffles):
        order = generator.permutation(len(found))
        for start in range(0, len(order) - TOGETHER + 1, TOGETHER):
            named.append(bool(found[order[start : start + TOGETHER]].sum(axis=0).argmax() == right))
    return Score(speaker, len(found), single, len(named), float(np.mean(named)) if named else 0.0)


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(
        prog="python -m benchmarks.speakers", description="How well voices can be told apart by their lines."
    )
    options.add_argument("--language", choices=codes.LANGUAGES, default="en")
    options.add_argument("--principals", type=int, default=8, metavar="N", help="those with the most lines (8)")
    options.add_argument(
        "--among-everybody",
        action="store_true",
        help="she may be anybody with a sheet, not only a principal (takes some minutes)",
    )
    options.add_argument(
        "--shuffles", type=int, default=20, metavar="N", help="how often her lines are shuffled and cut into tens (20)"
    )
    options.add_argument("--seed", type=int, default=2019)
    given = options.parse_args(arguments)

    def body() -> int:
        began = time.perf_counter()
        learned, held_out = samples(Troupe.around(Path()), given.language)
        counts = Counter(sample.label for sample in [*learned, *held_out])
        principals = [who for who, _ in counts.most_common(given.principals)]
        if not given.among_everybody:
            learned = [sample for sample in learned if sample.label in principals]
        asked = [sample for sample in held_out if sample.label in principals]
        classes, found = log_probabilities(learned, asked)
        generator = np.random.default_rng(given.seed)
        speakers = np.array([sample.label for sample in asked])
        scores = [score(who, classes, found[speakers == who], generator, given.shuffles) for who in principals]
        _print(
            scores, f"{len(learned):,} lines of {len(classes)} speakers learned, {time.perf_counter() - began:.0f} s"
        )
        return 0

    return run(body)


def _print(scores: Sequence[Score], note: str) -> None:
    table = Table("speaker", title="Who said it?", title_justify="left")
    for heading in ("held-out lines", "one line", "tens", "ten lines"):
        table.add_column(heading, justify="right")
    for one in scores:
        table.add_row(one.speaker, str(one.lines), f"{one.single:.0%}", str(one.tens), f"{one.together:.0%}")
    lines, tens = sum(one.lines for one in scores), sum(one.tens for one in scores)
    single = sum(one.single * one.lines for one in scores) / max(1, lines)
    together = sum(one.together * one.tens for one in scores) / max(1, tens)
    table.add_section()
    table.add_row("all", str(lines), f"{single:.0%}", str(tens), f"{together:.1%}")
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 100)
    console.print(table)
    console.print(
        f"target for ten lines together: {TARGET:.0%}, {'reached' if together >= TARGET else 'missed'}; {note}"
    )


if __name__ == "__main__":
    raise SystemExit(main())

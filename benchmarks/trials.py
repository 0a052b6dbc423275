"""Short trials of base settings: the same number of tokens for each, one row of a Markdown table a setting.

    python -m benchmarks.trials --data FOLDER [--tokens 1500000] [--only NAME ...]

Trains each setting from scratch (both phases, two thirds and one third) and prints weights, seconds and held-out bits
a character; then techniques that the shipped network does without (`benchmarks/variants.py`). Short trials rank
settings that learn at the same pace; they say nothing of how a setting ends.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

from benchmarks.variants import VARIANTS
from engine.learning.plan import Plan
from engine.sheets.recipe import BaseRecipe
from engine.training.base import Report, train
from engine.training.build import text_for_base
from engine.training.checkpoint import Checkpoint
from engine.training.stream import Encoder
from engine.troupe import Troupe
from engine.voices.vocabulary import Vocabulary

#: What each trial changes in the shipped recipe.
TRIALS: dict[str, dict[str, object]] = {
    "as shipped": {},
    "one layer": {"layers": 1},
    "width 256": {"width": 256},
    "vocabulary 4,096": {"vocabulary": 4096},
    "vocabulary 16,384": {"vocabulary": 16384},
    "no dropout": {"dropout": 0.0},
    "dropout 0.3": {"dropout": 0.3},
    "half the rate": {"rate": 1.25e-3},
    "half the batch": {"batch": 64},
    "full softmax throughout": {"general_steps": 0},
    "level: word": {"level": "word"},
    "level: character": {"level": "character", "vocabulary": 400},
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--tokens", type=int, default=1_500_000)
    options.add_argument("--only", nargs="*", choices=(*TRIALS, *VARIANTS))
    given = options.parse_args()
    plan = Plan(Troupe.around(Path()))
    text = text_for_base(plan, given.data)
    lines = [line.text for dialogue in [*text.general, *text.scripts] for line in dialogue.lines]
    names = list(text.held_out)
    print("| setting | weights | seconds | tokens/s | " + " | ".join(names) + " |")
    print("|---|---|---|---|" + "---|" * len(names))
    vocabularies: dict[tuple[str, int], Vocabulary] = {}
    for name in given.only or (*TRIALS, *VARIANTS):
        changes = TRIALS.get(name, {})
        recipe = plan.troupe.recipe.base.model_copy(update=changes)
        steps = given.tokens // (recipe.batch * recipe.steps)
        anneal = steps if "general_steps" in changes else steps // 3
        recipe = recipe.model_copy(
            update={"general_steps": steps - anneal, "anneal_steps": anneal, "warmup": steps // 10}
        )
        with VARIANTS.get(name, nullcontext)():
            print(row(name, recipe, text, lines, vocabularies, given.tokens), flush=True)


def row(name: str, recipe: BaseRecipe, text, lines, vocabularies, tokens: int) -> str:  # type: ignore[no-untyped-def]
    key = (recipe.level, recipe.vocabulary)
    if key not in vocabularies:
        vocabularies[key] = Vocabulary.train(lines, recipe.level, recipe.vocabulary)
    vocabulary = vocabularies[key]
    last: dict[str, float] = {}

    def watch(report: Report) -> None:
        last.update(report.held_out)

    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        checkpoint = Checkpoint(Path(folder) / "trial")
        arrays = train(
            recipe,
            Encoder(vocabulary),
            len(vocabulary),
            text.general,
            text.scripts,
            text.held_out,
            checkpoint,
            watch,
            save_every=1e9,
            measure_every=10**9,
        )
        seconds = time.monotonic() - started
    weights = sum(array.size for array in arrays.values())
    bits = " | ".join(f"{value:.3f}" for value in last.values())
    return f"| {name} | {weights / 1e6:.1f} M | {seconds:.0f} | {tokens / seconds:,.0f} | {bits} |"


if __name__ == "__main__":
    main()

"""How fast the base learns, against a matrix product and against stock Keras. `python -m benchmarks.training`

Floating-point operations are counted as 6 x weights x tokens. Ours has attention, which the stock model has not.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

# TensorFlow reads its log level when it is imported.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf

from benchmarks.measuring import Figure, ratio, show
from engine.command import run
from engine.sheets.recipe import BaseRecipe
from engine.training.base import Trainer
from engine.training.network import Shape, initial
from engine.training.stream import Batch
from engine.troupe import Troupe

SIDE = 2048


def seconds(work: Callable[[], object], times: int) -> float:
    """Seconds for one call of `work`, over `times` of them."""
    began = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - began) / times


def random_batch(recipe: BaseRecipe, generator: np.random.Generator) -> Batch:
    shape = (recipe.steps, recipe.batch)
    ids, targets = (generator.integers(0, recipe.vocabulary, shape, np.int32) for _ in range(2))
    return Batch(ids, targets, np.ones((*shape, 1), np.float32))


def stock(recipe: BaseRecipe) -> keras.Model:
    """What Keras offers for the same task: full softmax, Adam, float32."""
    layers = [keras.layers.LSTM(recipe.width, return_sequences=True) for _ in range(recipe.layers)]
    model = keras.Sequential(
        [
            keras.Input((recipe.steps,), recipe.batch, dtype="int32"),
            keras.layers.Embedding(recipe.vocabulary, recipe.width),
            *layers,
            keras.layers.Dense(recipe.vocabulary),
        ]
    )
    model.compile(keras.optimizers.Adam(recipe.rate), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(
        prog="python -m benchmarks.training", description="How fast the base learns, against Keras and the machine."
    )
    options.add_argument("--runs", type=int, default=3, metavar="N", help="how often all are measured in turn (3)")
    options.add_argument("--updates", type=int, default=2, metavar="N", help="updates of each measurement (2)")
    given = options.parse_args(arguments)

    def body() -> int:
        recipe = Troupe.around(Path()).recipe.base
        generator = np.random.default_rng(recipe.seed)
        batch = random_batch(recipe, generator)
        shape = Shape(recipe.vocabulary, recipe.width, recipe.layers, recipe.span)
        trainer = Trainer(recipe, initial(shape, recipe.seed), np.ones(shape.vocabulary, np.float32))
        model = stock(recipe)
        left, right = (tf.constant(generator.normal(size=(SIDE, SIDE)).astype(np.float32)) for _ in range(2))

        work: dict[str, Callable[[], object]] = {
            "ours": lambda: trainer.train(batch),
            "stock": lambda: model.train_on_batch(batch.ids.T, batch.targets.T),
            "product": lambda: (left @ right).numpy(),
        }
        # Once unmeasured: TensorFlow builds its graphs.
        for each in work.values():
            each()
        took: dict[str, list[float]] = {name: [] for name in work}
        for _ in range(given.runs):
            for name, each in work.items():
                took[name].append(seconds(each, given.updates * (10 if name == "product" else 1)))
        note = f"TensorFlow {tf.__version__}, width {recipe.width}, batch {recipe.batch} x {recipe.steps}"
        show("Training the base", figures(recipe, shape.weights, took), f"{note}, median of {given.runs} rounds")
        return 0

    return run(body)


def figures(recipe: BaseRecipe, weights: int, took: dict[str, list[float]]) -> list[Figure]:
    """`took` has the seconds of an update of ours and of stock Keras, and of one matrix product."""
    tokens = recipe.batch * recipe.steps
    found = []
    for name, times in (("ours", took["ours"]), ("stock Keras", took["stock"])):
        speed = tokens / statistics.median(times)
        found.append(Figure(name, f"{speed:,.0f} tokens/s, {6 * weights * speed / 1e9:.0f} GFLOP/s"))
    product = [2 * SIDE**3 / each for each in took["product"]]
    found.append(Figure(f"float32 product, {SIDE} x {SIDE}", f"{statistics.median(product) / 1e9:.0f} GFLOP/s"))
    ours = [6 * weights * tokens / each for each in took["ours"]]
    return [
        *found,
        ratio("ours by product", ours, product, least=1),
        ratio("ours by stock Keras", took["stock"], took["ours"], least=2),
    ]


if __name__ == "__main__":
    raise SystemExit(main())

"""Makes weights files: the base from general text and scripts, then shows and characters, each from its parent.

Every file is written whole or not at all; what was done stays done when a run is killed, and the base goes on
from its last checkpoint.
"""

from __future__ import annotations

import json
import os
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# TensorFlow reads its log level when it is imported.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from engine.files import write_text
from engine.plan import Job, Plan, base_digest
from engine.sheets.recipe import TuningRecipe
from engine.training import general
from engine.training.base import Report, train
from engine.training.checkpoint import Checkpoint
from engine.training.network import Shape
from engine.training.stream import Dialogue, Encoder
from engine.training.tuning import EpochReport, Tuner
from engine.voices.lexicon import Lexicon
from engine.voices.network import Arrays, Network
from engine.voices.vocabulary import Vocabulary
from engine.voices.voice import BASE, TOKENIZER, Library
from engine.voices.weights import write_weights

LEXICON = "lexicon.txt"
CHECKPOINT = ".base.checkpoint"
#: One dialogue in so many is kept from the base, to measure it on.
HELD_OUT_ONE_IN = 60


@dataclass(frozen=True)
class Text:
    """What a base is trained on: dialogues, and those held out by the name of their source."""

    general: list[Dialogue]
    scripts: list[Dialogue]
    held_out: Mapping[str, list[Dialogue]]
    sources: list[str]

    def words(self) -> int:
        return sum(len(line.text.split()) for dialogue in self.general for line in dialogue.lines)


def text_for_base(plan: Plan, data: Path | None) -> Text:
    """General text from the folder `data` (None: the scripts alone) and the troupe's scripts. Raises TrainingError."""
    dialogues: list[Dialogue] = []
    held_out: dict[str, list[Dialogue]] = {}
    for source in general.SOURCES if data is not None else ():
        assert data is not None
        for name, turns in general.read(data, source):
            dialogue = Dialogue(general.lines(turns, source), source.language)
            if zlib.crc32(name.encode()) % HELD_OUT_ONE_IN == 0:
                held_out.setdefault(source.name, []).append(dialogue)
            else:
                dialogues.append(dialogue)
    times = plan.troupe.recipe.base.script_times if data is not None else 1
    scripts = [Dialogue(p.lines, p.language, times) for p in plan.passages if p.part == "train"]
    held_out["scripts"] = [Dialogue(p.lines, p.language) for p in plan.passages if p.part == "validation"]
    if data is None:
        dialogues = scripts
    sources = [source.name for source in general.SOURCES] if data is not None else []
    return Text(dialogues, scripts, held_out, [*sources, "the scripts of corpora/"])


def make_base(plan: Plan, data: Path | None, report: Callable[[Report], None]) -> None:
    """Tokenizer, base and list of words of a troupe; goes on from a checkpoint of the same recipe."""
    recipe, folder = plan.troupe.recipe.base, plan.troupe.voices
    started = time.monotonic()
    text = text_for_base(plan, data)
    checkpoint = Checkpoint(folder / CHECKPOINT)
    # The tokenizer of an unfinished base is kept beside its checkpoint: scripts may change while it is trained.
    kept = folder / f"{CHECKPOINT}.tokenizer"
    if kept.exists() and checkpoint.load(recipe.model_dump()) is not None:
        vocabulary = Vocabulary.load(kept, recipe.level)
    else:
        lines = [line.text for dialogue in text.general for line in dialogue.lines]
        own = [line.text for dialogue in text.scripts for line in dialogue.lines] * (recipe.script_times if data else 1)
        vocabulary = Vocabulary.train([*lines, *own], recipe.level, recipe.vocabulary)
        write_text(kept, vocabulary.to_json())
    last: dict[str, float] = {}

    def watch(each: Report) -> None:
        last.update(each.held_out)
        report(each)

    arrays = train(
        recipe, Encoder(vocabulary), len(vocabulary), text.general, text.scripts, text.held_out, checkpoint, watch
    )
    lexicon = Lexicon.of(line.text for dialogue in text.general for line in dialogue.lines)
    figures = {
        "held_out_bits_a_character": {name: round(bits, 4) for name, bits in last.items()},
        "seconds": round(time.monotonic() - started),
        "words": text.words(),
        "sources": text.sources,
        "weights": Shape(len(vocabulary), recipe.width, recipe.layers).weights,
    }
    write_text(folder / TOKENIZER, vocabulary.to_json())
    write_text(folder / LEXICON, lexicon.to_text())
    header = {
        "level": recipe.level,
        "vocabulary": vocabulary.fingerprint,
        "inputs": base_digest(recipe),
        "recipe": recipe.model_dump_json(),
        "figures": json.dumps(figures),
    }
    write_weights(folder / f"{BASE}.safetensors", arrays, header)
    checkpoint.remove()
    kept.unlink(missing_ok=True)


def tune(plan: Plan, job: Job, tuner: Tuner, report: Callable[[EpochReport], None]) -> dict[str, Any]:
    """Train one show or character and write its file; returns its figures."""
    library = Library(plan.troupe.voices)
    vocabulary = library.vocabulary
    train_pairs, validation = plan.pairs(job, vocabulary)
    started = time.monotonic()
    tuned = tuner.tune(
        merged(library, job.parent), lambda epoch: plan.pairs(job, vocabulary, epoch)[0], validation, report
    )
    figures = {
        "lines": len(train_pairs),
        "validation_lines": len(validation),
        "parent_nats": round(tuned.parent_loss, 4),
        "nats": round(tuned.loss, 4),
        "epoch": tuned.epoch,
        "history": [round(loss, 4) for loss in tuned.history],
        "seconds": round(time.monotonic() - started),
        "speakers": list(job.speakers),
    }
    header = {
        "parent": job.parent,
        "grown_from": library.file(job.parent).fingerprint,
        "vocabulary": vocabulary.fingerprint,
        "inputs": plan.job_digest(job, vocabulary),
        "recipe": job.recipe.model_dump_json(),
        "figures": json.dumps(figures),
    }
    # Nothing better than the parent was found: the voice is its parent, and its header says so.
    change = tuned.change or {"bias": np.zeros(len(vocabulary), np.float32)}
    write_weights(plan.troupe.voices / f"{job.name}.safetensors", change, header)
    return figures


def tuner_for(plan: Plan, recipe: TuningRecipe) -> Tuner:
    """A tuner for voices on the troupe's base."""
    network = Network(Library(plan.troupe.voices).arrays(BASE))
    return Tuner(Shape(network.vocabulary, network.width, len(network.layers)), recipe)


def merged(library: Library, name: str) -> Arrays:
    """All arrays of a voice with its changes merged in, as training starts from them."""
    base, *changes = library.lineage(name)
    arrays = dict(library.arrays(base))
    network = Network(arrays, [library.arrays(change) for change in changes])
    arrays["bias"] = network.bias
    for change in changes:
        extra = library.arrays(change)
        if "words.down" in extra:
            arrays["embedding"] = arrays["embedding"] + extra["words.down"] @ extra["words.up"]
    for number, layer in enumerate(network.layers):
        arrays[f"lstm.{number}.kernel"] = layer.kernel
        arrays[f"lstm.{number}.recurrent"] = layer.recurrent
        arrays[f"lstm.{number}.bias"] = layer.bias
    return arrays

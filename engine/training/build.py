"""Makes weights files: base and director from text and scripts, then shows and characters, each from its parent.

Every file is written whole or not at all; what was done stays done when a run is killed, and the base goes on
from its last checkpoint.
"""

from __future__ import annotations

import json
import os
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

# TensorFlow reads its log level when it is imported.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from tokenizers import Tokenizer

from engine import codes
from engine.corpus.split import Part
from engine.errors import TrainingError, VoiceError
from engine.files import write_text
from engine.learning.passages import Passage
from engine.learning.plan import Job, Plan, base_name, recipe_digest
from engine.sheets.recipe import BaseRecipe
from engine.speech.lexicon import Lexicon
from engine.training import general
from engine.training.base import Report, batches, grown, text_ids, train
from engine.training.checkpoint import Checkpoint
from engine.training.director import proposed
from engine.training.network import Arrays, Shape, initial
from engine.training.stream import Batch, Dialogue, Encoder
from engine.training.tuning import LEAST_VALIDATION, EpochReport, Tuned, Tuner
from engine.voices.network import Network
from engine.voices.registry import BASE, DIRECTOR, LEXICON, TOKENIZER, Registry
from engine.voices.sequences import FrameEncoder, Line
from engine.voices.vocabulary import Vocabulary
from engine.voices.weights import write_weights

CHECKPOINT = ".base.checkpoint"
#: One dialogue in so many is kept from the base, to measure it on.
HELD_OUT_ONE_IN = 60
#: How often the scripts count when the vocabulary is learned: it is to be theirs.
SCRIPTS_IN_VOCABULARY = 4
#: A base that is grown keeps its vocabulary if the scripts take at most so many times the tokens that they take in one learned anew.
SUITS = 1.03
#: From this share of lines with stage directions on, voices learn what those are.
LEAST_SEEN = 0.01


@dataclass(frozen=True)
class Text:
    """What a base is trained on: dialogues, and those held out by the name of their source."""

    general: list[Dialogue]
    scripts: list[Dialogue]
    held_out: Mapping[str, list[Dialogue]]
    sources: list[str]

    def words(self) -> int:
        return sum(len(line.text.split()) for each in (*self.general, *self.scripts) for line in each.lines)


def dialogues(passages: Iterable[Passage], part: Part) -> list[Dialogue]:
    """The scenes of a part of the split."""
    return [Dialogue(each.lines, each.language) for each in passages if each.part == part]


def learned(plan: Plan) -> list[Dialogue]:
    """The scenes to learn from: of the scripts, and those that were played and taken up."""
    return dialogues([*plan.passages, *plan.continuations], "train")


def text_for_base(plan: Plan, data: Path | None, language: str = "") -> Text:
    """General text from the folder `data` (None: none) and the troupe's scripts: of the base of a language, or of the
    shared one (""). Raises TrainingError.
    """
    kept: list[Dialogue] = []
    held_out: dict[str, list[Dialogue]] = {}
    fitting = [source for source in general.SOURCES if plan.ground_of(source.language) == language]
    sources = fitting if data is not None else []
    for source in sources:
        assert data is not None
        for name, turns in general.read(data, source):
            dialogue = Dialogue(general.lines(turns, source), source.language)
            if zlib.crc32(name.encode()) % HELD_OUT_ONE_IN == 0:
                held_out.setdefault(source.name, []).append(dialogue)
            else:
                kept.append(dialogue)
    scripts = [each for each in learned(plan) if plan.ground_of(each.language) == language]
    if not kept and not scripts:
        spoken = f"in '{language}'" if language else "in a language without a base of its own"
        raise TrainingError(
            f"{plan.troupe.scripts_folder}: no scene {spoken}: {base_name(language)} has nothing to learn from"
        )
    for name, passages in (("scripts", plan.passages), ("continuations", plan.continuations)):
        validation = [each for each in dialogues(passages, "validation") if plan.ground_of(each.language) == language]
        for spoken in sorted({each.language for each in validation}):
            held_out[f"{name} {spoken}"] = [each for each in validation if each.language == spoken]
    return Text(kept, scripts, held_out, [*(source.name for source in sources), "the scripts of corpora/"])


def make_base(
    plan: Plan,
    data: Path | None,
    report: Callable[[Report], None],
    grow_from: Path | None = None,
    language: str = "",
) -> None:
    """Tokenizer, base and list of words of a language, or of all that have no base of their own (""); goes on from a
    checkpoint of the same recipe.

    `grow_from` is a folder with the base and tokenizer of other codes, another vocabulary or another language: the new base
    begins with its layers and leaves out the first phase. `report` hears how training stands. Raises TrainingError.
    """
    recipe, folder = plan.troupe.recipe.base_of(language), plan.troupe.ground(language)
    started = time.monotonic()
    text = text_for_base(plan, data, language)
    checkpoint = Checkpoint(folder / CHECKPOINT)
    # The tokenizer of an unfinished base is kept beside its checkpoint: scripts may change while it is trained.
    kept = folder / f"{CHECKPOINT}.tokenizer"
    if kept.exists() and checkpoint.load(recipe.model_dump()) is not None:
        vocabulary = Vocabulary.load(kept, recipe.level)
    else:
        vocabulary = _vocabulary(text, recipe, grow_from)
        write_text(kept, vocabulary.to_json())
    shape = Shape(len(vocabulary), recipe.width, recipe.layers, recipe.span)
    start, ancestor = initial(shape, recipe.seed), ""
    if grow_from is not None:
        start, ancestor = _grown(grow_from, vocabulary, shape)
    last: dict[str, float] = {}

    def watch(each: Report) -> None:
        last.update(each.held_out)
        report(each)

    encoder = Encoder(vocabulary)
    arrays = train(
        recipe, encoder, start, text_ids(len(vocabulary)),
        partial(batches, recipe, encoder, text.general, text.scripts), text.held_out, checkpoint, watch,
        first=recipe.general_steps if grow_from is not None else 0,
    )  # fmt: skip
    lexicon = Lexicon.of(line.text for each in (*text.general, *text.scripts) for line in each.lines)
    figures = {
        "held_out_bits_a_character": {name: round(bits, 4) for name, bits in last.items()},
        "seconds": round(time.monotonic() - started),
        "words": text.words(),
        "sources": text.sources,
        "weights": shape.weights,
        "grown_from": ancestor,
    }
    write_text(folder / TOKENIZER, vocabulary.to_json())
    write_text(folder / LEXICON, lexicon.to_text())
    header = {
        "level": recipe.level,
        "vocabulary": vocabulary.fingerprint,
        "gists": _languages(text, lambda line: line.gist is not None),
        "directions": _languages(text, lambda line: bool(line.seen), LEAST_SEEN),
        "inputs": recipe_digest(recipe),
        "recipe": recipe.model_dump_json(),
        "figures": json.dumps(figures),
    }
    write_weights(folder / f"{BASE}.safetensors", arrays, header)
    checkpoint.remove()
    kept.unlink(missing_ok=True)


def _languages(text: Text, having: Callable[[Line], bool], least: float = 0.0) -> str:
    """The languages of the scripts in which some lines are such, and at least that share of all."""
    such, lines = Counter[str](), Counter[str]()
    for each in text.scripts:
        such[each.language] += sum(map(having, each.lines))
        lines[each.language] += len(each.lines)
    return " ".join(sorted(each for each in such if such[each] > least * lines[each]))


def _vocabulary(text: Text, recipe: BaseRecipe, grow_from: Path | None) -> Vocabulary:
    """A vocabulary learned from the text; or the one of the base that is grown from, as long as it suits the scripts nearly as
    well, since every new token must be learned anew."""
    lines = [line.text for dialogue in text.general for line in dialogue.lines]
    own = [line.text for dialogue in text.scripts for line in dialogue.lines]
    new = Vocabulary.train([*lines, *own * SCRIPTS_IN_VOCABULARY], recipe.level, recipe.vocabulary)
    # Of words and characters a text takes as many whether they are known or not.
    if grow_from is None or recipe.level != "subword" or not own:
        return new
    try:
        level = Registry(grow_from).file(BASE).metadata.get("level", recipe.level)
        old = Vocabulary.load(grow_from / TOKENIZER, recipe.level)
    except VoiceError:  # of other codes, or none: whoever grows from it says so
        return new
    if level != recipe.level or len(old) != len(new):
        return new
    needed = [sum(len(each.encode(line)) for line in own) for each in (old, new)]
    return old if needed[0] <= SUITS * needed[1] else new


def _grown(folder: Path, vocabulary: Vocabulary, shape: Shape) -> tuple[Arrays, str]:
    """The weights that a grown base begins with, and the fingerprint of the base that they come from."""
    registry = Registry(folder)
    try:
        old = Tokenizer.from_file(str(folder / TOKENIZER))
    except Exception as error:  # tokenizers raises bare Exception
        raise TrainingError(f"{folder / TOKENIZER}: no tokenizer to grow from: {error}") from error
    return grown(registry.arrays(BASE), old, vocabulary, shape), registry.file(BASE).fingerprint


def make_director(plan: Plan, report: Callable[[Report], None]) -> None:
    """The director of a troupe, from the frames of its scripts. Writes nothing where no script has acts."""
    recipe, folder = plan.troupe.recipe.director, plan.troupe.voices
    started = time.monotonic()
    scripts, validation = (
        [each for each in part if _planned(each)] for part in (learned(plan), dialogues(plan.passages, "validation"))
    )
    if not scripts:
        return
    encoder = FrameEncoder()
    shape = Shape(len(codes.SPECIAL), recipe.width, recipe.layers, recipe.span, recipe.width // 2, recipe.width)
    checkpoint = Checkpoint(folder / ".director.checkpoint")
    arrays = train(
        recipe, encoder, initial(shape, recipe.seed), proposed(), partial(_frame_batches, recipe, encoder, scripts),
        {"scripts": validation}, checkpoint, report,
    )  # fmt: skip
    header = {
        "inputs": plan.director_digest(),
        "recipe": recipe.model_dump_json(),
        "figures": json.dumps({"scenes": len(scripts), "seconds": round(time.monotonic() - started)}),
    }
    write_weights(folder / f"{DIRECTOR}.safetensors", arrays, header)
    checkpoint.remove()


def _planned(dialogue: Dialogue) -> bool:
    """Whether the lines of a scene have acts."""
    return any(line.act for line in dialogue.lines)


def _frame_batches(
    recipe: BaseRecipe, encoder: FrameEncoder, scripts: Sequence[Dialogue], first: int
) -> Iterator[Batch]:
    wordless = [replace(each, lines=[replace(line, text="") for line in each.lines]) for each in scripts]
    return batches(recipe, encoder, [], wordless, first, mean=16)


def tune(plan: Plan, job: Job, tuner: Tuner, report: Callable[[EpochReport], None]) -> dict[str, Any]:
    """Train one show or character and write its file; returns its figures.

    Nothing of when, where or how fast stands in the file: the same troupe gives the same bytes.
    """
    registry = plan.grounds.of(job.language)
    vocabulary = registry.vocabulary
    encoder = Encoder(vocabulary)
    validation = plan.excerpts(job, encoder, "validation")
    tuned = tuner.tune(
        merged(registry, job.parent), lambda epoch: plan.excerpts(job, encoder, "train", epoch), validation, report
    )
    # A voice that explains her validation lines no better than the base is the base, and its header says so.
    parent = job.parent
    base_loss = tuned.parent_loss if parent == BASE else tuner.loss_of(registry.arrays(BASE), validation)
    if len(validation) >= LEAST_VALIDATION and base_loss <= tuned.loss:
        parent, tuned = BASE, Tuned({}, 0, tuned.parent_loss, base_loss, tuned.history)
    # Nothing better than the parent was found: the voice is its parent, and its header says so.
    change = tuned.change or {"bias": np.zeros(len(vocabulary), np.float32)}
    figures = {
        "parent": parent,
        "base_nats": round(base_loss, 4),
        "lines": sum(plan.lines[who] for who in job.speakers),
        "validation_excerpts": len(validation),
        "parent_nats": round(tuned.parent_loss, 4),
        "nats": round(tuned.loss, 4),
        "epoch": tuned.epoch,
        "history": [round(loss, 4) for loss in tuned.history],
        "speakers": list(job.speakers),
    }
    header = {
        "parent": parent,
        "grown_from": registry.file(parent).fingerprint,
        "vocabulary": vocabulary.fingerprint,
        "inputs": plan.job_digest(job),
        "recipe": job.recipe.model_dump_json(),
        "figures": json.dumps(figures),
    }
    write_weights(registry.folder / f"{job.name}.safetensors", change, header)
    registry.forget(job.name)
    return figures


def tuner_for(plan: Plan, job: Job) -> Tuner:
    """A tuner for voices of this job's recipe, on the base of its language."""
    return Tuner(plan.grounds.of(job.language).arrays(BASE), job.recipe)


def merged(registry: Registry, name: str) -> Arrays:
    """All arrays of a voice with its changes merged in, as training starts from them."""
    base, *changes = registry.lineage(name)
    return Network(registry.arrays(base), [registry.arrays(change) for change in changes]).arrays()

"""Makes weights files: the base from general text and scripts, then shows and characters, each from its parent.

Every file is written whole or not at all; what was done stays done when a run is killed, and the base goes on
from its last checkpoint.
"""

from __future__ import annotations

import json
import os
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# TensorFlow reads its log level when it is imported.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from engine.corpus.split import Part
from engine.files import write_text
from engine.learning.pairs import pairs
from engine.learning.passages import Passage
from engine.learning.plan import Job, Plan, base_digest, show_voice
from engine.sheets.recipe import MemoryRecipe, SteeringRecipe, TuningRecipe
from engine.speech.lexicon import Lexicon
from engine.training import critic, general, steering
from engine.training.base import Report, train
from engine.training.checkpoint import Checkpoint
from engine.training.network import Shape
from engine.training.stream import Dialogue, Encoder
from engine.training.tuning import LEAST_VALIDATION, EpochReport, Tuned, Tuner
from engine.voices.memory import Memory, remember
from engine.voices.network import Array, Arrays, Network
from engine.voices.sequences import Pair
from engine.voices.vocabulary import Vocabulary
from engine.voices.voice import BASE, CRITIC, STEERING, TOKENIZER, Library
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


def make_base(
    plan: Plan, data: Path | None, report: Callable[[Report], None], note: Callable[[str], None] = lambda _: None
) -> None:
    """Tokenizer, base and list of words of a troupe; goes on from a checkpoint of the same recipe.

    `report` hears how training stands, `note` what comes after it.
    """
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
    arrays["codes"] = steer(plan, arrays, vocabulary, note)
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
    # What was fitted to another base is void.
    for name in (CRITIC, STEERING):
        (folder / f"{name}.safetensors").unlink(missing_ok=True)
    checkpoint.remove()
    kept.unlink(missing_ok=True)


def steer(plan: Plan, arrays: Arrays, vocabulary: Vocabulary, note: Callable[[str], None]) -> Array:
    """What the codes do to words, learned from the scripts of all shows."""
    recipe = plan.troupe.recipe.steering

    said = pairs(vocabulary, plan.passages, "train")
    return steering.fit([(Network(arrays), said)], vocabulary, recipe, report=_epochs(recipe, note))


def _epochs(recipe: SteeringRecipe, note: Callable[[str], None]) -> Callable[[int, float, float], None]:
    """Tells how the steering stands, an epoch a sentence."""
    return lambda epoch, loss, told: note(
        f"steering: epoch {epoch} of {recipe.epochs}, {loss:.3f} nats a token, {told:.3f} to tell a line's code"
    )


def make_steering(plan: Plan, note: Callable[[str], None]) -> None:
    """What codes do to words in the mouths of those who have voices: the base's steering fitted on. Writes its file."""
    library, recipe = Library(plan.troupe.voices), plan.troupe.recipe.steering
    vocabulary = library.vocabulary
    jobs = [job for job in plan.jobs.values() if job.name in library.names]
    own = {job.name for job in jobs if job.parent != BASE}
    sources = []
    for job in jobs:
        known = [passage for passage in plan.passages if passage.language == job.language]
        # A show speaks for those of its people who have no voice of their own.
        speakers = {job.name} if job.name in own else set(job.speakers) - own
        sources.append((library.load(job.name).network, pairs(vocabulary, known, "train", speakers)))

    scores = steering.fit(sources, vocabulary, recipe, library.arrays(BASE).get("codes"), _epochs(recipe, note))
    _write_grown(plan, STEERING, {"codes": scores}, {})


def make_critic(plan: Plan, report: Callable[[critic.EpochReport], None], note: Callable[[str], None]) -> None:
    """The critic: samples of the shows' voices in the scripts' places, then training. Writes its file.

    `note` hears how far the sampling is, `report` how training stands.
    """
    library, recipe = Library(plan.troupe.voices), plan.troupe.recipe.critic
    vocabulary, started = library.vocabulary, time.monotonic()
    generator = np.random.default_rng([recipe.seed, 5])
    train_groups = critic_groups(plan, library, "train", recipe.places, generator, note)
    validation = critic_groups(plan, library, "validation", recipe.places, generator, note)
    trainer = critic.CriticTrainer(library.arrays(BASE), recipe, vocabulary.end)
    arrays = trainer.train(train_groups, validation, report)
    figures = {
        "groups": len(train_groups),
        "validation_groups": len(validation),
        "first": round(trainer.best, 4),
        "seconds": round(time.monotonic() - started),
    }
    _write_grown(plan, CRITIC, arrays, figures)


def _write_grown(plan: Plan, name: str, arrays: Arrays, figures: Mapping[str, Any]) -> None:
    """Write what has grown on the base for all voices: the critic, or the steering."""
    library = Library(plan.troupe.voices)
    header = {
        "parent": BASE,
        "grown_from": library.file(BASE).fingerprint,
        "vocabulary": library.vocabulary.fingerprint,
        "inputs": plan.grown_digest(name),
        "figures": json.dumps(figures),
    }
    write_weights(plan.troupe.voices / f"{name}.safetensors", arrays, header)


def critic_groups(
    plan: Plan,
    library: Library,
    part: Part,
    most: int,
    generator: np.random.Generator,
    note: Callable[[str], None],
) -> list[critic.Group]:
    """For lines of a part of the split: the real line, two samples of the speaker's show, another line of hers."""
    personas = plan.troupe.personas
    spoken: dict[str, list[tuple[Passage, int]]] = {}
    for passage in plan.passages:
        if passage.part == part:
            for number, line in enumerate(passage.lines):
                if line.speaker in personas and personas[line.speaker].language == passage.language:
                    spoken.setdefault(line.speaker, []).append((passage, number))
    places = [(who, place) for who, of_one in sorted(spoken.items()) if len(of_one) > 1 for place in of_one]
    kept = sorted(generator.permutation(len(places))[:most].tolist())
    by_show: dict[str, list[tuple[str, tuple[Passage, int]]]] = {}
    for index in kept:
        who, place = places[index]
        by_show.setdefault(show_voice(personas[who].show, personas[who].language), []).append((who, place))
    groups = []
    for show, chosen in sorted(by_show.items()):
        voice = library.load(show)
        for start in range(0, len(chosen), critic.SIDE_BY_SIDE):
            groups += critic.gather(voice, chosen[start : start + critic.SIDE_BY_SIDE], spoken, generator)
        note(f"critic: samples for {len(groups):,} of {len(kept):,} {part} lines")
    return groups


def tune(plan: Plan, job: Job, tuner: Tuner, report: Callable[[EpochReport], None]) -> dict[str, Any]:
    """Train one show or character and write its file; returns its figures."""
    library = Library(plan.troupe.voices)
    vocabulary = library.vocabulary
    train_pairs, validation = plan.pairs(job, vocabulary)
    started = time.monotonic()
    tuned = tuner.tune(
        merged(library, job.parent), lambda epoch: plan.pairs(job, vocabulary, epoch)[0], validation, report
    )
    # A voice that explains her validation lines no better than the base is the base, and its header says so.
    parent = job.parent
    base_loss = tuner.loss_of(library.arrays(BASE), validation)
    if len(validation) >= LEAST_VALIDATION and base_loss <= tuned.loss:
        parent, tuned = BASE, Tuned({}, 0, tuned.parent_loss, base_loss, tuned.history)
    # Nothing better than the parent was found: the voice is its parent, and its header says so.
    change = tuned.change or {"bias": np.zeros(len(vocabulary), np.float32)}
    memory = memory_of(library, job.memory, parent, change, train_pairs)
    figures = {
        "parent": parent,
        "base_nats": round(base_loss, 4),
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
        "parent": parent,
        "grown_from": library.file(parent).fingerprint,
        "vocabulary": vocabulary.fingerprint,
        "inputs": plan.job_digest(job, vocabulary),
        "recipe": job.recipe.model_dump_json(),
        "figures": json.dumps(figures),
    }
    arrays = {**change, **(memory.arrays() if memory else {})}
    write_weights(plan.troupe.voices / f"{job.name}.safetensors", arrays, header)
    return figures


def memory_of(
    library: Library, recipe: MemoryRecipe | None, parent: str, change: Arrays, train_pairs: Sequence[Pair]
) -> Memory | None:
    """What a voice, its parent with `change`, remembers of the pairs that it was trained on, if the recipe wants that."""
    if recipe is None or not recipe.share:
        return None
    base, *parents = library.lineage(parent)
    network = Network(library.arrays(base), [*map(library.arrays, parents), change])
    return remember(network, train_pairs, recipe.dims, recipe.neighbours, recipe.sharpness, recipe.share)


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

"""The talk's own comparison: characters, words and subwords, one model a show and one on all, on the same scripts.

    python -m benchmarks.talk --to FOLDER

Trains a language model for each row (plain text, nothing but who speaks; a plain LSTM) for thirty epochs, keeps the weights
that were best on the validation scenes, measures them on scenes held out from both, and has each go on from the same words
for 100 characters. Prints a Markdown table. Each row is saved in FOLDER when it is done, each epoch of an unfinished one
too: a run that was broken off goes on where it was. With the sizes that it comes with it takes many hours on two cores.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from engine import codes
from engine.command import run, whole
from engine.errors import TelenovelaError
from engine.files import digest, write_text
from engine.learning.passages import Passage, passages
from engine.meter import Meter, waiting
from engine.seeds import generator
from engine.sheets.recipe import BaseRecipe
from engine.text import one_line
from engine.training.checkpoint import Checkpoint
from engine.training.stream import Batch, Dialogue, Encoder, epoch
from engine.troupe import Troupe
from engine.voices.network import Arrays, Network
from engine.voices.sampling import Sampler
from engine.voices.sequences import Line, prompt
from engine.voices.vocabulary import Level, Vocabulary
from engine.voices.voice import LSTMVoice

LEVELS: tuple[Level, ...] = ("character", "word", "subword")
#: What every model goes on from, for so many characters.
PROMPT, LENGTH = "I know what you did", 100
ALL = "all"
#: A penalty for what was said before would forbid a character model its letters. Slots are of the game, not of the text.
SAMPLER = Sampler(
    temperature=0.7, repetition_penalty=1.0, max_tokens=2 * LENGTH,
    banned=frozenset(codes.SPECIAL.index(slot) for slot in codes.SLOTS),
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One model and what came of it.

    `bits` a character on held-out scenes, by the show that they are of (`ALL`: of any); `unknown` is the share of their
    pieces that the vocabulary does not have.
    """

    level: str
    show: str
    vocabulary: int
    weights: int
    tokens: int
    epoch: int
    bits: dict[str, float]
    unknown: float
    minutes: float
    says: str


@dataclass
class Best:
    """How far a training has come: epochs done, seconds spent, and the weights that were best on the validation scenes."""

    arrays: Arrays
    bits: float = math.inf
    epoch: int = 0
    done: int = 0
    seconds: float = 0.0

    def state(self) -> Arrays:
        """As arrays, for the checkpoint."""
        numbers = np.array([self.bits, self.epoch, self.done, self.seconds])
        return {"best": numbers, **{f"best/{name}": array for name, array in self.arrays.items()}}

    @classmethod
    def restored(cls, saved: Arrays) -> Best:
        arrays = {name[5:]: array for name, array in saved.items() if name.startswith("best/")}
        bits, number, done, seconds = saved["best"].tolist()
        return cls(arrays, bits, int(number), int(done), seconds)


class Text:
    """The scripts of one language as plain lines: what the models of one level learn from, choose by and are measured on."""

    def __init__(self, found: Sequence[Passage], shows: Sequence[str]):
        self._found, self.shows = found, shows

    def part(self, part: str, show: str) -> list[Dialogue]:
        """The scenes of a part of the split, of one show or of all."""
        return [
            Dialogue([Line(line.speaker, text) for line, text in zip(each.lines, each.raw, strict=True)], each.language)
            for each in self._found
            if each.part == part and show in (ALL, each.show)
        ]

    @property
    def digest(self) -> str:
        return digest(*(f"{each.part} {each.show} {text}" for each in self._found for text in each.raw))


def read(troupe: Troupe, language: str) -> Text:
    """The scripts of a troupe. A show is one that somebody of the cast is of; scenes across shows are learned by the one
    model on all."""
    found = [each for each in passages(troupe) if each.language == language]
    cast = {persona.show for persona in troupe.personas.values()}
    shows = sorted({each.show for each in found} & cast)
    if not shows:
        raise TelenovelaError(
            f"{troupe.scripts_folder}: no script in '{language}' of a show that somebody in cast/ is of"
        )
    return Text(found, shows)


class Spelling:
    """What it costs to spell a piece by the characters of a text and their frequencies: a model that writes `<unk>` for a
    word has not said the word, and would win without this."""

    def __init__(self, texts: Iterable[str]):
        self._counts = Counter[str]()
        for text in texts:
            self._counts.update(text)
        # A word ends with whatever is no letter, most often a space.
        self._total = sum(self._counts.values()) + len(self._counts) + 1

    def bits(self, piece: str) -> float:
        """Bits of the piece and of its end; a character never seen costs a code point more."""
        seen = sum(-math.log2((self._counts[each] + 1) / self._total) for each in [*piece, " "])
        return seen + 21 * sum(each not in self._counts for each in piece)


def texts(dialogues: Sequence[Dialogue]) -> list[str]:
    return [line.text for each in dialogues for line in each.lines]


def trained(
    recipe: BaseRecipe,
    epochs: int,
    vocabulary: Vocabulary,
    learn: Sequence[Dialogue],
    validation: Sequence[Dialogue],
    checkpoint: Checkpoint,
    meter: Meter,
) -> tuple[Best, int]:
    """The best weights of so many epochs, and the tokens of one. Goes on from a checkpoint of the same text and recipe.

    Raises TelenovelaError for too little text.
    """
    # Here, when TensorFlow has been told to be quiet.
    from engine.training.base import Meter as Measure
    from engine.training.base import Trainer, text_ids
    from engine.training.network import Shape, initial

    encoder, counts, name = Encoder(vocabulary), text_ids(len(vocabulary)), meter.what

    def batches(number: int) -> Iterable[Batch]:
        return epoch(encoder, learn, recipe.batch, recipe.steps, [recipe.seed, number], code_dropout=0.0)

    steps = sum(1 for _ in batches(0))
    recipe = recipe.model_copy(update={"anneal_steps": epochs * steps})
    shape = Shape(len(vocabulary), recipe.width, recipe.layers, recipe.span)
    trainer = Trainer(recipe, initial(shape, recipe.seed), counts)
    best = Best(trainer.arrays())
    run = {**recipe.model_dump(), "epochs": epochs, "vocabulary": vocabulary.fingerprint, "name": name}
    if (saved := checkpoint.load(run)) is not None:
        trainer.restore(saved)
        best = Best.restored(saved)
    measure = Measure(recipe, encoder, validation, counts, limit=sys.maxsize)
    if not steps or measure.batch < 1:
        raise TelenovelaError(f"{name}: too little text for batch x steps = {recipe.batch} x {recipe.steps} tokens")
    meter.expect((epochs - best.done) * steps)
    for number in range(best.done, epochs):
        began = time.monotonic()
        for batch in batches(number):
            trainer.train(batch)
            meter.advance()
        bits = measure.bits(trainer.variables)
        if bits < best.bits:
            best.bits, best.epoch, best.arrays = bits, number + 1, trainer.arrays()
        best.done, best.seconds = number + 1, best.seconds + time.monotonic() - began
        checkpoint.save(trainer.state() | best.state(), run)
        meter.at(f"{name}, epoch {number + 1} of {epochs}: {bits:.3f} bits (best {best.bits:.3f})")
    return best, steps * recipe.batch * recipe.steps


def row(
    text: Text, recipe: BaseRecipe, epochs: int, level: Level, show: str, checkpoint: Checkpoint, meter: Meter
) -> Row:
    """Train and measure one model."""
    from engine.training.base import Meter as Measure
    from engine.training.base import text_ids
    from engine.training.network import Shape

    learn, validation = text.part("train", show), text.part("validation", show)
    recipe = recipe.model_copy(update={"level": level})
    vocabulary = Vocabulary.train(texts(learn), level, recipe.vocabulary)
    best, tokens = trained(recipe, epochs, vocabulary, learn, validation, checkpoint, meter)
    spelling, encoder = Spelling(texts(learn)), Encoder(vocabulary)
    bits, lost, pieces = dict[str, float](), 0, 0
    for part in [show, *(text.shows if show == ALL else ())]:
        held_out = text.part("test", part)
        measure = Measure(recipe, encoder, held_out, text_ids(len(vocabulary)), limit=sys.maxsize)
        if measure.batch < 1:
            continue
        unknown = [piece for each in texts(held_out) for piece in vocabulary.unknown(each)]
        spelled = sum(map(spelling.bits, unknown)) / measure.characters
        bits[part] = round(measure.bits(best.arrays) + spelled, 4)
        if part == show:
            lost, pieces = len(unknown), sum(len(vocabulary.encode(each)) for each in texts(held_out))
    shape = Shape(len(vocabulary), recipe.width, recipe.layers, recipe.span)
    voice = LSTMVoice(f"{level}-{show}", Network(best.arrays), vocabulary)
    return Row(
        level, show, len(vocabulary) - len(codes.SPECIAL), shape.weights, tokens, best.epoch, bits, lost / max(1, pieces),
        round(best.seconds / 60, 2), continued(voice, learn[0].language, recipe.seed),
    )  # fmt: skip


def continued(voice: LSTMVoice, language: str, seed: int) -> str:
    """What follows `PROMPT`, for `LENGTH` characters: the rest of the line, then the lines of two in turn."""
    vocabulary, draw = voice.vocabulary, generator(seed, "talk", voice.name)
    begun, said, lines = vocabulary.encode(PROMPT), "", list[Line]()
    for number in range(LENGTH):
        ids = [*prompt(vocabulary, lines, Line("ab"[number % 2], ""), language), *begun]
        drawn = vocabulary.decode([*begun, *voice.draw(ids, [[]], SAMPLER, draw)[0].ids])
        lines.append(Line("ab"[number % 2], drawn))
        said += f" / {drawn}" if number else drawn[len(vocabulary.decode(begun)) :]
        begun = []
        if len(said) >= LENGTH:
            break
    return said[:LENGTH]


def shown(each: Row) -> str:
    """A row of the table."""
    bits = [f"{each.bits[each.show]:.3f}" if each.show in each.bits else "-"]
    bits += [f"{show} {value:.3f}" for show, value in each.bits.items() if show != each.show]
    cells = (
        each.level, each.show, f"{each.vocabulary:,}", f"{each.weights / 1e6:.2f} M", f"{each.tokens:,}", str(each.epoch),
        ", ".join(bits), f"{each.unknown:.1%}", f"{each.minutes:.1f}", one_line(each.says).replace("|", "\\|"),
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


HEAD = (
    "| level | learned from | vocabulary | weights | tokens an epoch | best epoch | held-out bits a character | unknown "
    f"| minutes | {PROMPT} ... |\n|{'---|' * 10}"
)


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument(
        "--to", type=Path, required=True, metavar="FOLDER", help="where rows and unfinished epochs are kept"
    )
    options.add_argument("--troupe", type=Path, default=Path(), metavar="DIR")
    options.add_argument("--language", choices=codes.LANGUAGES, default="en")
    options.add_argument("--levels", nargs="+", choices=LEVELS, default=LEVELS)
    options.add_argument("--shows", nargs="+", metavar="SHOW", help=f"only these, or '{ALL}' (default: each, and all)")
    options.add_argument("--epochs", type=whole(1), default=30, metavar="N")
    options.add_argument("--width", type=whole(8), default=256, metavar="N", help="units of a layer")
    options.add_argument("--layers", type=whole(1), default=2, metavar="N")
    options.add_argument("--vocabulary", type=whole(100), default=4096, metavar="N", help="tokens, at the most")
    options.add_argument("--batch", type=whole(1), default=64, metavar="N", help="streams side by side")
    options.add_argument("--steps", type=whole(4), default=64, metavar="N", help="tokens of each that an update sees")
    given = options.parse_args(arguments)
    return run(lambda: compare(given))


def compare(given: argparse.Namespace) -> int:
    """Print the table, row by row; what is in the folder already is not trained again. Raises TelenovelaError."""
    with waiting("reading the scripts") as meter:
        text = read(Troupe.here(given.troupe), given.language)
        wanted = given.shows or [*text.shows, ALL]
        if unknown := set(wanted) - {*text.shows, ALL}:
            raise TelenovelaError(
                f"--shows: {', '.join(sorted(unknown))}: the shows are {', '.join(text.shows)}, and '{ALL}'"
            )
        settings = {
            name: getattr(given, name) for name in ("epochs", "width", "layers", "vocabulary", "batch", "steps")
        }
        _same_run(given.to / "run.json", {**settings, "text": text.digest})
        epochs = settings.pop("epochs")
        recipe = BaseRecipe(**settings, span=0, general_steps=0)
        print(HEAD, flush=True)
        for level in given.levels:
            for show in wanted:
                path = given.to / f"{level}-{show}.json"
                if not path.exists():
                    meter.at(f"{level}, {show}")
                    checkpoint = Checkpoint(given.to / f".{level}-{show}.checkpoint")
                    made = row(text, recipe, epochs, level, show, checkpoint, meter)
                    write_text(path, json.dumps(asdict(made), ensure_ascii=False, indent=1) + "\n")
                    checkpoint.remove()
                print(shown(Row(**json.loads(path.read_text(encoding="utf-8")))), flush=True)
    return 0


def _same_run(path: Path, run: dict[str, object]) -> None:
    """Begin a folder of rows, or go on with one of the same sizes and text. Raises TelenovelaError for any other."""
    if not path.exists():
        write_text(path, json.dumps(run, indent=1) + "\n")
    elif (known := json.loads(path.read_text(encoding="utf-8"))) != run:
        other = ", ".join(f"{name} {known.get(name)}" for name in run if known.get(name) != run[name])
        raise TelenovelaError(f"{path.parent}: its rows are of another run ({other}); give another folder")


if __name__ == "__main__":
    raise SystemExit(main())

"""What each technique is worth: the generated lines of the report card again, each time with one thing taken out.

    python -m benchmarks.ablation [--seed 0] [--quick] [--only NAME ...]
    python -m benchmarks.ablation --codes

The same places, the same seeds, the same trained voices: only what happens at play changes, and the weights of the
choice are not fitted again. Prints one Markdown table: for each variant the figures of the report card that its lines
decide. With `--codes`, what control codes explain of held-out lines, with their steering and without. What only training
can take out is measured by `benchmarks/stages.py`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

from engine.learning.plan import Plan
from engine.report import generated
from engine.report.aims import records
from engine.report.answers import answers_table
from engine.report.baselines import markov
from engine.report.classifier import classifier_table
from engine.report.controls import CODES, controls_table, trials
from engine.report.generated import Source, scripts, speak, stage_places
from engine.report.subject import QUICK, Effort, Subject
from engine.report.surface import surface_table
from engine.report.table import Cell, format_cell
from engine.speech import agent
from engine.speech.agent import Craft
from engine.speech.features import Weights
from engine.speech.lexicon import Lexicon
from engine.stage.production import Company
from engine.troupe import Troupe
from engine.voices.registry import LEXICON


@dataclass(frozen=True)
class Variant:
    """One thing changed: `craft` makes another craft, `around` changes the voices or a setting while lines are said."""

    name: str
    craft: Callable[[Craft], Craft] = lambda craft: craft
    around: Callable[[Subject], object] | None = None
    base_only: bool = False


def without(*features: str) -> Callable[[Craft], Craft]:
    """The choice does not count these features."""
    return lambda craft: replace(craft, weights=Weights({**craft.weights.values, **dict.fromkeys(features, 0.0)}))


@contextmanager
def no_steering(subject: Subject) -> Iterator[None]:
    """Codes are in front of lines, but add nothing to the scores of words."""
    networks = [subject.registry.load(name).network for name in loaded(subject)]
    kept = [network.codes for network in networks]
    for network in networks:
        network.codes = None
    try:
        yield
    finally:
        for network, codes in zip(networks, kept, strict=True):
            network.codes = codes


@contextmanager
def no_codes(subject: Subject) -> Iterator[None]:
    """No tone, no addressee's relation, no arc."""
    asked = generated.request

    def bare(*arguments: object) -> agent.Request:
        request = asked(*arguments)  # type: ignore[arg-type]
        return replace(request, cue=replace(request.cue, tone=None, kind=None, arc=None))

    with patch.object(generated, "request", bare):
        yield


@contextmanager
def no_memory(subject: Subject) -> Iterator[None]:
    """No nearest neighbours among her own lines."""
    voices = [subject.registry.load(name) for name in loaded(subject)]
    kept = [voice.memory for voice in voices]
    for voice in voices:
        voice.memory = None
    try:
        yield
    finally:
        for voice, memory in zip(voices, kept, strict=True):
            voice.memory = memory


def loaded(subject: Subject) -> list[str]:
    return [*subject.registry.names, "base"]


VARIANTS: tuple[Variant, ...] = (
    Variant("as shipped"),
    Variant("no critic", lambda craft: replace(craft, critic=None)),
    Variant("no memory", around=no_memory),
    Variant("no steering", around=no_steering),
    Variant("no codes at all", around=no_codes),
    Variant("no echo (boost and score)", without("echo"), lambda _: patch.object(agent, "ECHOED", 0.0)),
    Variant("no identity", without("identity")),
    Variant("no fluency, no weakest token", without("fluency", "weakest")),
    Variant("no length", without("unusual")),
    Variant("8 candidates", lambda craft: replace(craft, candidates=8)),
    Variant("1 candidate", lambda craft: replace(craft, candidates=1)),
    Variant("base alone", base_only=True),
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--codes", action="store_true")
    options.add_argument("--only", nargs="*", choices=[variant.name for variant in VARIANTS])
    given = options.parse_args()
    troupe = Troupe(Path(__file__).resolve().parents[1])
    subject = Subject(Plan(troupe), given.seed, QUICK if given.quick else Effort())
    if given.codes:
        print_codes(subject)
        return
    craft = Company(troupe, given.seed, subject.effort.candidates).craft
    # The eight with the most lines: twelve variants of everybody would take half an hour.
    people = [who for who in subject.owners if who in subject.principals and subject.persona(who).language == "en"]
    places = stage_places(subject, people)
    sources = [scripts(places), markov(subject, places), markov(subject, places, craft.copies)]
    for variant in VARIANTS:
        if given.only and variant.name not in given.only:
            continue
        if variant.around is None:
            source = speak(subject, variant.craft(craft), places, variant.base_only)
        else:
            with variant.around(subject):  # type: ignore[attr-defined]
                source = speak(subject, variant.craft(craft), places, variant.base_only)
        sources.append(replace(source, name=variant.name))
    print_table(subject, sources)


def print_codes(subject: Subject) -> None:
    """How often the right code explains a held-out line better, with and without steering."""
    print("| steering | code | right is better | over ten lines | nats a line |")
    print("|---|---|---|---|---|")
    for name, around in (("with", nullcontext), ("without", no_steering)):
        with around(subject):
            table = controls_table(subject, {code.name: trials(subject, code) for code in CODES})
        for row in records(table):
            share = [format_cell(row[key], "share") for key in ("right is better", "over ten lines")]
            print(f"| {name} | {row['code']} | {share[0]} | {share[1]} | {format_cell(row['nats a line'], '2')} |")


def print_table(subject: Subject, sources: Sequence[Source]) -> None:
    general = Lexicon.load(subject.troupe.voices / LEXICON)
    surface = {row["said by"]: row for row in records(surface_table(subject, sources, general))}
    answers = {row["said by"]: row for row in records(answers_table(subject, sources))}
    named: dict[Cell, dict[str, Cell]] = {}
    for row in records(classifier_table(subject, sources)):
        # The first group is that of the English principals; everybody is in the second.
        named.setdefault(row["said by"], row)
    columns = (
        ("ten lines named", named, "ten lines", "share"),
        ("strictly", named, "ten, strict", "share"),
        ("one line", named, "one line", "share"),
        ("reply first of ten", answers, "first among ten", "share"),
        ("unknown words", surface, "unknown words", "share"),
        ("different words", surface, "distinct-1", "share"),
        ("different pairs", surface, "distinct-2", "share"),
        ("said twice", surface, "repeated", "count"),
        ("words a line", surface, "words a line", "1"),
        ("copied", surface, "copied", "count"),
    )
    print("| lines by | " + " | ".join(name for name, *_ in columns) + " |")
    print("|---|" + "---|" * len(columns))
    for source in sources:
        cells = [
            format_cell(table[source.name][key], kind) if source.name in table else ""
            for _, table, key, kind in columns
        ]
        print(f"| {source.name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()

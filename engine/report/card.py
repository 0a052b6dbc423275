"""The report card as a whole: which tables there are, in which order they are measured, and the card as data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import reduce
from operator import or_
from typing import Any

from engine import __version__
from engine.errors import TelenovelaError
from engine.learning.plan import Plan
from engine.report import seasons
from engine.report.aims import aims_table
from engine.report.answers import answers_table
from engine.report.baselines import markov
from engine.report.classifier import classifier_table
from engine.report.controls import CODES, controls_table, trials
from engine.report.doing import doing_table
from engine.report.extras import extra
from engine.report.generated import scripts, speak, stage_places
from engine.report.likelihood import Likelihoods, attribution_table, matrix_table, voices_table
from engine.report.subject import QUICK, Effort, Subject
from engine.report.surface import surface_table
from engine.report.table import Table
from engine.speech.company import Company
from engine.speech.lexicon import Lexicon
from engine.troupe import Troupe
from engine.voices.registry import BASE, LEXICON

Tell = Callable[[str], None]


def voices_tables(troupe: Troupe, seed: int, quick: bool = False, tell: Tell = lambda _: None) -> list[Table]:
    """All tables of a troupe's voices, the figures that decide first. `tell` hears what is being measured.

    Raises VoiceError for missing or corrupt voices, TelenovelaError when an optional library is missing.
    """
    return measure(Subject(Plan(troupe), seed, QUICK if quick else Effort()), tell)


def measure(subject: Subject, tell: Tell = lambda _: None) -> list[Table]:
    """The same with any effort."""
    for registry in subject.registries:
        registry.load(BASE)
    extra("sklearn")
    if not subject.places:
        raise TelenovelaError(
            f"{subject.troupe.scripts_folder}: no scene here is held out from training, so that nothing can be measured; add scenes"
        )
    tell("held-out lines under base, shows and voices")
    measured = Likelihoods(subject)
    tables = [voices_table(measured)]
    if len(subject.owners) > 1:
        tell("every voice on every character's lines")
        tables += [matrix_table(measured), attribution_table(measured)]
    tell("control codes")
    tables.append(controls_table(subject, {code.name: trials(subject, code) for code in CODES}))
    tables += _generated(subject, tell)
    return [aims_table(tables), *tables]


def _generated(subject: Subject, tell: Tell) -> list[Table]:
    """The tables of generated lines: of those who have voices of their own; where nobody has, of everybody."""
    places = stage_places(subject, subject.owners or subject.by_lines)
    company = Company(subject.troupe, subject.effort.candidates)
    sources = [scripts(places)]
    tell("lines by the voices")
    sources.append(speak(subject, company, places))
    tell("lines by the base alone")
    sources.append(speak(subject, company, places, base_only=True))
    tell("lines by Markov chains")
    sources += [markov(subject, places), markov(subject, places, company.copies)]
    tell("who said it, and whether it answers")
    # The agents' own list of words has those of the held-out scenes too, which no voice has learned.
    general = reduce(or_, (Lexicon.load(registry.folder / LEXICON) for registry in subject.registries))
    return [
        classifier_table(subject, sources),
        surface_table(subject, sources, general),
        answers_table(subject, sources),
        doing_table(subject, sources),
    ]


def seasons_tables(troupe: Troupe, count: int, seed: int, tell: Tell = lambda _: None) -> list[Table]:
    """How `count` seasons end, played with the seeds from `seed` on. Raises AuthoredError for a missing or faulty season."""
    return seasons.run(troupe.root / "scenes" / "season.yaml", range(seed, seed + count), tell=tell)


def as_data(troupe: Troupe, seed: int, quick: bool, tables: Sequence[Table]) -> dict[str, Any]:
    """The card as plain data: the same troupe and the same options give the same data."""
    return {
        "version": __version__,
        "troupe": troupe.root.name,
        "seed": seed,
        "effort": asdict(QUICK if quick else Effort()),
        "tables": {table.key: table.to_data() for table in tables},
    }

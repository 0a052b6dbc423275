"""The report card as a whole: which tables there are, in which order they are measured, and the card as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial, reduce
from operator import or_
from typing import Any

from engine import __version__
from engine.errors import TelenovelaError
from engine.jobs.crew import Crew
from engine.learning.places import Place
from engine.learning.plan import Plan
from engine.meter import Meter
from engine.report import away, classifier, seasons
from engine.report.aims import aims_table
from engine.report.answers import answers_table
from engine.report.baselines import markov
from engine.report.controls import CODES, OTHERS, controls_table, trials
from engine.report.doing import doing_table
from engine.report.extras import extra
from engine.report.generated import scripts, speak, stage_places
from engine.report.likelihood import Likelihoods, attribution_table, matrix_table, voices_table
from engine.report.subject import CANDIDATE, CODE, JUDGED, QUICK, Effort, Subject
from engine.report.surface import surface_table
from engine.report.table import Table
from engine.speech.company import Company
from engine.speech.lexicon import Lexicon
from engine.troupe import Troupe
from engine.voices.registry import BASE, LEXICON


def voices_tables(troupe: Troupe, seed: int, quick: bool = False, meter: Meter | None = None) -> list[Table]:
    """All tables of a troupe's voices, the figures that decide first. `meter` hears how far the measuring has come.

    Raises VoiceError for missing or corrupt voices, TelenovelaError when an optional library is missing.
    """
    return measure(Subject(Plan(troupe), seed, QUICK if quick else Effort(), meter))


def measure(subject: Subject) -> list[Table]:
    """The same with any effort."""
    meter = subject.meter
    for registry in subject.registries:
        registry.load(BASE)
    extra("sklearn")
    if not subject.places:
        raise TelenovelaError(
            f"{subject.troupe.scripts_folder}: no scene here is held out from training, so that nothing can be measured; add scenes"
        )
    measured = Likelihoods(subject)
    # Those who have no voices of their own speak where nobody has.
    places = stage_places(subject, subject.owners or subject.by_lines)
    meter.expect(measured.work + _work(subject, places))
    meter.at("held-out lines under base, shows and voices")
    tables = [voices_table(measured)]
    if len(subject.owners) > 1:
        meter.at("every voice on every character's lines")
        tables += [matrix_table(measured), attribution_table(measured)]
    meter.at("control codes")
    tables.append(controls_table(subject, {code.name: trials(subject, code) for code in CODES}))
    tables += _generated(subject, places)
    return [aims_table(tables), *tables]


def _work(subject: Subject, places: Mapping[str, Sequence[Place]]) -> float:
    """What codes and generated lines cost, about: a code that few lines have costs less."""
    people = [who for who in subject.by_lines if places.get(who)]
    codes = len(CODES) * subject.effort.controls * (1 + OTHERS)
    spoken = 2 * sum(map(len, places.values())) * subject.effort.candidates
    judged = 3 * JUDGED * sum(map(len, subject.learned.values()))
    return CODE * codes + CANDIDATE * spoken + classifier.work(subject, people) + judged


def _generated(subject: Subject, places: Mapping[str, Sequence[Place]]) -> list[Table]:
    """The tables of generated lines in these places."""
    meter = subject.meter
    company = Company(subject.troupe, subject.effort.candidates)
    sources = [scripts(places)]
    meter.at("lines by the voices")
    sources.append(speak(subject, company, places))
    meter.at("lines by the base alone")
    sources.append(speak(subject, company, places, base_only=True))
    meter.at("lines by Markov chains")
    sources += [markov(subject, places), markov(subject, places, company.copies)]
    meter.at("who said it, and whether it answers")
    # The agents' own list of words has those of the held-out scenes too, which no voice has learned.
    general = reduce(or_, (Lexicon.load(registry.folder / LEXICON) for registry in subject.registries))
    tables = [classifier.classifier_table(subject, sources)]
    for judge in (partial(surface_table, general=general), answers_table, doing_table):
        tables.append(judge(subject, sources))
        meter.advance(JUDGED * sum(map(len, subject.learned.values())))
    return tables


def seasons_tables(
    troupe: Troupe, count: int, seed: int, meter: Meter | None = None, crew: Crew | None = None
) -> list[Table]:
    """How `count` seasons end, played with the seeds from `seed` on, here or by a crew.

    Raises AuthoredError for a missing or faulty season, JobError where a crew could not play some.
    """
    season, seeds = troupe.root / "scenes" / "season.yaml", range(seed, seed + count)
    return seasons.run(season, seeds, meter=meter) if crew is None else away.seasons(season, seeds, crew, meter)


def as_data(troupe: Troupe, seed: int, quick: bool, tables: Sequence[Table]) -> dict[str, Any]:
    """The card as plain data: the same troupe and the same options give the same data."""
    return {
        "version": __version__,
        "troupe": troupe.root.name,
        "seed": seed,
        "effort": asdict(QUICK if quick else Effort()),
        "tables": {table.key: table.to_data() for table in tables},
    }

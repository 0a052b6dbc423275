"""Trains what a troupe lacks: the one function behind `engine.train`, `engine.adopt` and the Python interface.

TensorFlow is imported when the first weights are to be made, not before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import TrainingError
from engine.files import check_folder, write_text
from engine.jobs.crew import Crew
from engine.jobs.dispatch import Progress, run
from engine.learning import fits
from engine.learning.plan import Job, Plan, base_name
from engine.training.away import Luggage, keep
from engine.troupe import Troupe
from engine.voices.registry import BASE, DIRECTOR, TURNS, Registry, person_voice, sense_name
from engine.voices.weights import write_weights

if TYPE_CHECKING:
    from engine.training.base import Report
    from engine.training.hearing import Answer
    from engine.training.tuning import EpochReport


@dataclass(frozen=True)
class Epoch:
    """An epoch of a voice that is over, of so many at the most; 0 is what it grows from.

    Losses in nats a token: of what she learned from (with dropout; None for epoch 0), and of validation scenes (None where
    there are none). `answer` is what she says now, where that was asked for.
    """

    number: int
    of: int
    learned: float | None
    held_out: float | None
    answer: Answer | None = None


@dataclass(frozen=True)
class Step:
    """How the training of one file stands: `done` from 0 to 1, `loss` in nats a token, `rate` in tokens a second, `left` in
    seconds; `note` is a sentence worth keeping, `epoch` one that has just ended. The file is the `number`th of so many."""

    name: str
    done: float
    loss: float = 0.0
    rate: float = 0.0
    left: float = 0.0
    note: str = ""
    epoch: Epoch | None = None
    number: int = 1
    of: int = 1
    #: How many jobs are done, at work and lost, where others do them.
    state: str = ""


Tell = Callable[[Step], None]


def train(
    troupe: Troupe,
    names: Sequence[str] = (),
    report: Tell = lambda step: None,
    *,
    base: bool = False,
    data: Path | None = None,
    grow_from: Path | None = None,
    force: bool = False,
    crew: Crew | None = None,
    epochs: int | None = None,
    hear: bool = False,
) -> list[str]:
    """Train the voices `names` (none: all) that are missing or stale, with what they grow from; returns what was made.

    `base` trains bases that are missing or stale too, from the texts in `data`, or grown from the base in `grow_from`;
    `force` trains the named ones although they are fresh; a `crew` (`engine.jobs`) trains the voices in its processes or on
    its machines, to the same bytes. `epochs` stands in for the number in the training sheet, without an end before them: the
    best is kept, and counts as stale afterwards, since it is not what the sheet says. `hear` has each voice say a line after
    each epoch, where no crew trains it. Raises TrainingError where there is no base to grow from, JobError where a crew could
    not make some voices; what was made until then stays, and the next call makes the rest.
    """
    plan = Plan(troupe, epochs)
    made: list[str] = []
    for language, state in plan.bases(names).items():
        if base and state.state != "fresh":
            check_folder(troupe.ground(language))
            _base(plan, language, data, grow_from, report)
            made.append(state.name)
            _tell_of_lost_sense(plan, language, report)
        elif state.state != "fresh":
            report(Step(state.name, 0.0, note=_goes_on(plan, language, state.state)))
    if made:
        plan = Plan(troupe, epochs)
    # Sense reads the states of one base; faulty marks are told of before hours of training.
    changed = [language for language in plan.marked if base_name(plan.ground_of(language)) in made]
    judged = changed if names else plan.marked
    judged = [language for language in judged if plan.sense_state(language, set()).state != "fresh"]
    for language in judged:
        fits.marks(troupe, language)
    asked = {*names, *(person_voice(name) for name in names)}
    due = {each.name for each in plan.states(names, base_stays=True) if each.state != "fresh"}
    todo = [job for job in plan.chosen(names) if job.name in due or (force and job.name in asked)]
    if todo:
        for folder in {plan.grounds.of(job.language).folder for job in todo}:
            check_folder(folder)
    # Shows come before the characters who grow from them.
    if crew is None:
        _voices(plan, todo, report, hear)
    else:
        _by_crew(plan, todo, crew, report)
    made += [job.name for job in todo]
    if not names:
        made += _fitted(plan, report)
    for language in judged:
        fit_sense(plan, language, report)
        made.append(plan.sense_label(language))
    if made and troupe.voices.exists():
        from engine.training.card import write_card

        write_card(troupe)
    return made


def fit_turns(plan: Plan) -> None:
    """Fit the weights of turns to the troupe's scripts, and write them."""
    text = fits.turns(plan).to_json()
    stamped = {"inputs": plan.turns_digest(), **json.loads(text)}
    write_text(
        plan.troupe.root / "cast" / TURNS,
        json.dumps(stamped, ensure_ascii=False, indent=0, sort_keys=True) + "\n",
    )


def fit_sense(plan: Plan, language: str, report: Tell = lambda step: None) -> None:
    """Fit the sense of a language to its marks, and write it. Raises TrainingError for marks that cannot be learned from,
    VoiceError where there is no base that could read them."""
    registry, path, label = plan.grounds.of(language), plan.troupe.marks_path(language), plan.sense_label(language)
    # Named before the work: what changes meanwhile is not learned.
    header = {"inputs": plan.sense_digest(language), "grown_from": registry.file(BASE).fingerprint}
    check_folder(registry.folder)
    places = fits.marks(plan.troupe, language)
    found = fits.sense(places, registry.load(BASE), path, lambda done: report(Step(label, done)))
    write_weights(registry.folder / f"{sense_name(language)}.safetensors", found.arrays(), header)
    registry.forget(sense_name(language))


def _fitted(plan: Plan, report: Tell) -> list[str]:
    """What all voices share: the weights of turns, and the director."""
    made = []
    if plan.turns_state().state != "fresh":
        fit_turns(plan)
        made.append("turns")
    if plan.director_state().state != "fresh":
        from engine.training.build import make_director

        make_director(plan, _meter(DIRECTOR, report))
        made.append(DIRECTOR)
    return made


def _tell_of_lost_sense(plan: Plan, ground: str, report: Tell) -> None:
    """Say which sense a new base leaves unused, because there are no marks here to fit it to again."""
    for name in Registry(plan.troupe.ground(ground)).senses:
        if not plan.troupe.marks_path(name.removeprefix(sense_name(""))).is_file():
            note = f"{name} is of the base before, and there are no marks here: lines are chosen without it"
            report(Step(name, 1.0, note=note))


def _goes_on(plan: Plan, language: str, state: str) -> str:
    """What voices grow from whose base is missing or stale. Raises TrainingError where there is nothing."""
    if state == "stale":
        which = f"The base of '{language}'" if language else "The base"
        return f"{which} is stale; --base trains it anew. The voices go on with the one that is here."
    if not language or language in plan.grounds.own or plan.base_state("").state == "missing":
        folder = plan.grounds.of(language).folder
        raise TrainingError(f"{folder}: no base to tune voices from; python -m engine.train --base trains one")
    return f"'{language}' has no base of its own yet; --base trains it. Its voices go on with the shared one."


def _base(plan: Plan, language: str, data: Path | None, grow_from: Path | None, report: Tell) -> None:
    from engine.training.build import make_base

    make_base(plan, data, _meter(base_name(language), report), grow_from, language)


def _meter(name: str, report: Tell) -> Callable[[Report], None]:
    """Tells of a base or a director step by step, and of held-out text when it is measured."""

    def tell(each: Report) -> None:
        found = ", ".join(f"{source} {bits:.3f}" for source, bits in each.held_out.items())
        note = f"{name}, step {each.step}: held-out bits a character: {found}" if found and name != DIRECTOR else ""
        report(Step(name, each.step / each.total, each.loss, each.rate, each.left, note))

    return tell


def _voices(plan: Plan, jobs: Sequence[Job], report: Tell, hear: bool) -> None:
    """Train shows and characters here, those of one recipe and base with one set of graphs."""
    if not jobs:
        return
    from engine.training.build import tune, tuner_for
    from engine.training.hearing import Hearing

    hearing = Hearing(plan) if hear else None
    alike: dict[tuple[Path, str], list[Job]] = {}
    for job in jobs:
        alike.setdefault((plan.grounds.of(job.language).folder, job.recipe.model_dump_json()), []).append(job)
    for same in alike.values():
        tuner = tuner_for(plan, same[0])
        for job in same:
            step = Step(job.name, 0.0, number=jobs.index(job) + 1, of=len(jobs))
            ask = partial(hearing.answer, job, tuner.arrays) if hearing else None
            figures = tune(plan, job, tuner, _teller(step, report, ask))
            report(replace(step, done=1.0, loss=figures["nats"], note=_outcome(job, figures)))


def _teller(step: Step, report: Tell, ask: Callable[[], Answer] | None) -> Callable[[EpochReport], None]:
    """Tells of a voice step by step, and of each epoch that is over; `ask` asks her for a line then."""

    def tell(each: EpochReport) -> None:
        epoch = None
        if each.over:
            epoch = Epoch(each.epoch, each.epochs, each.loss, each.validation, ask() if ask else None)
        report(replace(step, done=each.done, loss=each.loss or 0.0, rate=each.rate, left=each.left, epoch=epoch))

    return tell


def _by_crew(plan: Plan, wanted: Sequence[Job], crew: Crew, report: Tell) -> None:
    """Let others train shows, and then the characters who grow from them; all are told of as one."""
    for kind, named in (("shows", False), ("voices", True)):
        due = {job.name: job for job in wanted if job.a_persons == named}
        if not due:
            continue
        luggage = Luggage(plan)
        told = Step(kind, 0.0)

        def tell(progress: Progress, kind: str = kind) -> None:
            nonlocal told
            told = Step(kind, progress.share, left=progress.left, state=str(progress))
            report(told)

        for done, data in run([luggage.job(job) for job in due.values()], crew, tell):
            job = due[done.name]
            report(replace(told, note=_outcome(job, keep(plan, job, data))))


def _outcome(job: Job, figures: Mapping[str, Any]) -> str:
    """What came of a voice, in a sentence."""
    kept = (
        f"epoch {figures['epoch']}"
        if figures["epoch"]
        else f"no better than {figures['parent']}, which it falls back to"
    )
    return (
        f"{job.name}: {figures['lines']} lines, validation {figures['parent_nats']:.3f} -> {figures['nats']:.3f}"
        f" nats a token ({kept})"
    )

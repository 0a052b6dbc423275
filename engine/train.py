"""`python -m engine.train [NAME ...]`: trains what is missing or stale, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from engine.command import parser, run, whole
from engine.errors import TrainingError
from engine.files import write_text
from engine.learning import fits as teaching
from engine.learning.plan import CHOICE, TURNS, Job, Plan, State
from engine.troupe import Troupe
from engine.voices.voice import BASE, CRITIC, STEERING

if TYPE_CHECKING:
    from engine.training.base import Report
    from engine.training.tuning import EpochReport


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser("train", "Train the base and the voices that are missing or stale.")
    options.add_argument(
        "names", nargs="*", metavar="NAME", help="voices to train (with their parents); all when none is named"
    )
    options.add_argument(
        "--troupe", type=Path, default=Path(), metavar="DIR", help="the troupe (default: the one around this folder)"
    )
    options.add_argument("--base", action="store_true", help="train the base too when it is stale (minutes to hours)")
    options.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="folder with the general text for --base; without it, the scripts alone",
    )
    options.add_argument("--dry-run", action="store_true", help="say what would be trained and why, and stop")
    options.add_argument("--force", action="store_true", help="train the named voices even when they are fresh")
    options.add_argument("--workers", type=whole(1), default=1, metavar="N", help="train characters in N processes")
    given = options.parse_args(arguments)
    return run(
        lambda: _train(
            Plan(Troupe.around(given.troupe)),
            given.names,
            given.base,
            given.data,
            given.dry_run,
            given.force,
            given.workers,
        )
    )


def _train(
    plan: Plan, names: Sequence[str], base: bool, data: Path | None, dry_run: bool, force: bool, workers: int = 1
) -> int:
    console = Console()
    states = plan.states(names)
    if dry_run:
        show(console, states)
        return 0
    if states[0].state == "missing" and not base:
        raise TrainingError(
            f"{plan.troupe.voices}: no base to tune voices from; python -m engine.train --base trains one"
        )
    if states[0].state == "stale" and not base:
        console.print("The base is stale; --base trains it anew. The voices go on with the one that is here.")
    with _progress(console) as progress:
        if base and states[0].state != "fresh":
            _base(plan, data, progress)
            plan = Plan(plan.troupe)
        todo = [job for job in plan.chosen(names) if (force and job.name in names) or _due(plan, job)]
        # Shows come before the characters who grow from them; only the characters can be shared out.
        shared = [job.name for job in todo if job.parent != BASE] if workers > 1 else []
        own = [job for job in todo if job.name not in shared]
        recipes = [job.recipe.model_dump_json() for job in own]
        for recipe in dict.fromkeys(recipes):
            _voices(plan, [job for job, its in zip(own, recipes, strict=True) if its == recipe], progress, console)
    if shared:
        _share_out(plan.troupe.root, shared, workers)
    fitted = [] if names else _fitted(Plan(plan.troupe), console)
    if not todo and not fitted:
        console.print("Nothing is stale.")
    if todo:
        from engine.training.card import write_card

        write_card(plan.troupe)
    return 0


def _fitted(plan: Plan, console: Console) -> list[str]:
    """Fit the weights of turns and of the choice where they are missing or stale; returns which."""
    done = []
    if plan.turns_state().state != "fresh":
        weights = teaching.turns(plan)
        write_text(plan.troupe.root / "cast" / TURNS, stamped(weights.to_json(), plan.turns_digest()))
        done.append("turns")
    for name, make in ((CRITIC, _critic), (STEERING, _steering)):
        if plan.grown_state(name).state != "fresh":
            make(plan, console)
            done.append(name)
            plan = Plan(plan.troupe)
    if plan.choice_state().state != "fresh":
        choice, before, after, groups = teaching.choice(plan)
        write_text(plan.troupe.voices / CHOICE, stamped(choice.to_json(), plan.choice_digest()))
        console.print(f"choice: of {groups} real lines among their voices' samples, first {before:.0%} -> {after:.0%}")
        done.append("choice")
    return done


def _critic(plan: Plan, console: Console) -> None:
    from engine.training.build import make_critic

    make_critic(
        plan,
        lambda each: console.print(
            f"critic: epoch {each.epoch} of {each.epochs}, loss {each.loss:.3f}, real line first in {each.first:.0%}"
        ),
        console.print,
    )


def _steering(plan: Plan, console: Console) -> None:
    from engine.training.build import make_steering

    make_steering(plan, console.print)


def stamped(text: str, inputs: str) -> str:
    """A JSON object with `inputs` added: what it was fitted to."""
    return json.dumps({"inputs": inputs, **json.loads(text)}, ensure_ascii=False, indent=0, sort_keys=True) + "\n"


def _due(plan: Plan, job: Job) -> bool:
    """Is the job to be done, seen on its own? Its parent comes before it in the same run."""
    state = {each.name: each.state for each in plan.states([job.name], base_stays=True)}
    return state[job.name] != "fresh"


def _base(plan: Plan, data: Path | None, progress: Progress) -> None:
    from engine.training.build import make_base

    task = progress.add_task("base", total=plan.troupe.recipe.base.total, loss="", rate="", left="")

    def report(each: Report) -> None:
        progress.update(
            task, completed=each.step, loss=f"{each.loss:.3f}", rate=f"{each.rate:,.0f}/s", left=_minutes(each.left)
        )
        if each.held_out:
            found = ", ".join(f"{name} {bits:.3f}" for name, bits in each.held_out.items())
            progress.console.print(f"step {each.step}: held-out bits a character: {found}")

    make_base(plan, data, report, progress.console.print)


def _voices(plan: Plan, jobs: Sequence[Job], progress: Progress, console: Console) -> None:
    from engine.training.build import tune, tuner_for

    tuner = tuner_for(plan, jobs[0].recipe)
    for job in jobs:
        task = progress.add_task(job.name, total=1.0, loss="", rate="", left="")

        def report(each: EpochReport, task: object = task) -> None:
            progress.update(
                task,  # type: ignore[arg-type]
                completed=each.done, loss=f"{each.loss:.3f}", rate=f"{each.rate:,.0f}/s", left=_minutes(each.left),
            )  # fmt: skip

        figures = tune(plan, job, tuner, report)
        progress.update(task, completed=1.0, left="")
        kept = (
            f"epoch {figures['epoch']}"
            if figures["epoch"]
            else f"no better than {figures['parent']}, which it falls back to"
        )
        console.print(
            f"{job.name}: {figures['lines']} lines, validation {figures['parent_nats']:.3f} -> {figures['nats']:.3f} nats a token ({kept}, {figures['seconds']} s)"
        )


def _share_out(root: Path, names: Sequence[str], workers: int) -> None:
    """Train voices in several processes, each with its part of the cores. Raises TrainingError when one fails."""
    threads = str(max(1, (os.cpu_count() or 1) // workers))
    environment = {**os.environ, "TF_NUM_INTRAOP_THREADS": threads, "OMP_NUM_THREADS": threads}
    command = [sys.executable, "-m", "engine.train", "--troupe", str(root), "--force"]
    parts = [part for number in range(workers) if (part := names[number::workers])]
    running = [subprocess.Popen([*command, *part], env=environment) for part in parts]
    try:
        failed = [part for part, process in zip(parts, running, strict=True) if process.wait()]
    finally:
        for process in running:
            process.terminate()
    if failed:
        raise TrainingError(
            f"not trained: {', '.join(name for part in failed for name in part)}; see the messages above"
        )


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(bar_width=24), TextColumn("loss {task.fields[loss]}"),
        TextColumn("{task.fields[rate]}"), TimeElapsedColumn(), TextColumn("left {task.fields[left]}"),
        console=console, disable=not console.is_terminal,
    )  # fmt: skip


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


def show(console: Console, states: Sequence[State]) -> None:
    """The states as a table, and a sentence that sums them up."""
    due = [state for state in states if state.state != "fresh"]
    if due:
        table = Table("voice", "state", "why")
        for state in due:
            table.add_row(state.name, state.state, state.why)
        console.print(table)
    console.print(
        f"{len(states) - len(due)} fresh, {len(due)} to train." if due else f"Nothing is stale ({len(states)} fresh)."
    )


if __name__ == "__main__":
    sys.exit(main())

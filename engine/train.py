"""`python -m engine.train [NAME ...]`: trains what is missing or stale, and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from engine import console as screen
from engine.command import callable_module, parse, parser, run, whole
from engine.learning.plan import Plan, State
from engine.text import one_line
from engine.training.run import Step, train
from engine.troupe import Troupe


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser(
        "train",
        "Train the bases and the voices that are missing or stale.",
        "--dry-run                               # what would be trained, and why",
        "soraya                                  # one voice, with what it grows from",
        "--troupe mytroupe --workers 2",
    )
    options.add_argument(
        "names", nargs="*", metavar="NAME", help="voices to train (with their parents); all when none is named"
    )
    options.add_argument(
        "--troupe", type=Path, default=Path(), metavar="DIR", help="the troupe (default: the one around this folder)"
    )
    options.add_argument(
        "--base", action="store_true", help="train bases too that are missing or stale (minutes to hours)"
    )
    options.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="folder with the general text for --base; without it, the scripts alone",
    )
    options.add_argument(
        "--from",
        dest="grow_from",
        type=Path,
        metavar="DIR",
        help="for --base: folder with a base of other codes, tokens or language to grow from, without learning general text anew",
    )
    options.add_argument("--dry-run", action="store_true", help="say what would be trained and why, and stop")
    options.add_argument("--force", action="store_true", help="train the named voices even when they are fresh")
    options.add_argument("--workers", type=whole(1), default=1, metavar="N", help="train characters in N processes")
    given = parse(options, arguments)

    def work() -> int:
        troupe, console = Troupe.here(given.troupe), screen.console()
        if given.dry_run:
            show(console, Plan(troupe).states(given.names))
            return 0
        with Bars(console) as bars:
            made = train(
                troupe, given.names, bars.tell, base=given.base, data=given.data, grow_from=given.grow_from,
                force=given.force, workers=given.workers,
            )  # fmt: skip
        if not made:
            console.print("Nothing is stale.")
        return 0

    return run(work)


class Bars:
    """Progress bars for the steps of training, one a file, and their notes above them."""

    def __init__(self, console: Console):
        self.console = console
        self._progress = Progress(
            TextColumn("{task.description}", markup=False), BarColumn(bar_width=24),
            TextColumn("{task.fields[figures]}", markup=False),
            TimeElapsedColumn(), console=console, disable=not console.is_terminal,
        )  # fmt: skip
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Bars:
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def tell(self, step: Step) -> None:
        if step.name not in self._tasks:
            self._tasks[step.name] = self._progress.add_task(one_line(step.name), total=1.0, figures="")
        figures = f"loss {step.loss:.3f} {step.rate:,.0f}/s left {_minutes(step.left)}" if step.rate else ""
        self._progress.update(self._tasks[step.name], completed=step.done, figures=figures)
        if step.note:
            self.console.print(Text(one_line(step.note)))


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


def show(console: Console, states: Sequence[State]) -> None:
    """The states as a table, and a sentence that sums them up."""
    due = [state for state in states if state.state != "fresh"]
    if due:
        table = Table("voice", "state", "why")
        for state in due:
            table.add_row(Text(one_line(state.name)), state.state, Text(one_line(state.why)))
        console.print(table)
    console.print(
        f"{len(states) - len(due)} fresh, {len(due)} to train." if due else f"Nothing is stale ({len(states)} fresh)."
    )


callable_module(__name__, train)

if __name__ == "__main__":
    sys.exit(main())

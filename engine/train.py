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
from engine.command import callable_module, crew_options, parse, parser, run, whole
from engine.errors import TelenovelaError
from engine.files import NotWritten, write_text
from engine.jobs.crew import crew
from engine.learning.plan import Plan, State
from engine.meter import Meter, minutes
from engine.performance import Entry
from engine.screen.curves import Curve, to_svg
from engine.screen.transcript import plain
from engine.text import one_line
from engine.training.run import Epoch, Step, train
from engine.troupe import Troupe


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser(
        "train",
        "Train the bases and the voices that are missing or stale.",
        "--dry-run                               # what would be trained, and why",
        "soraya                                  # one voice, with what it grows from",
        "soraya --force --show --plot loss.svg   # watch her learn",
        "--troupe mytroupe --workers 2",
        "--cluster tcp://10.0.0.1:8786           # on the machines of a dask cluster",
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
    crew_options(options, "train voices")
    options.add_argument(
        "--epochs",
        type=whole(1),
        metavar="N",
        help="train characters for N epochs this once and keep the best one, whatever cast/training.yaml says; "
        "the next training without it takes them for stale",
    )
    options.add_argument(
        "--show",
        action="store_true",
        help="after each epoch of a voice, show its losses so far as curves, and what she says to the same words",
    )
    options.add_argument(
        "--plot", type=Path, metavar="FILE.svg", help="draw the losses of each voice, after each epoch"
    )
    given = parse(options, arguments)
    if (given.workers > 1 or given.cluster) and (given.show or given.plot):
        options.error("--show and --plot watch one process: leave out --workers and --cluster")

    def work() -> int:
        troupe, console = Troupe.here(given.troupe), screen.console()
        if given.dry_run:
            show(console, Plan(troupe, given.epochs).states(given.names))
            return 0
        if given.plot is not None and (
            given.plot.suffix.lower() != ".svg" or not given.plot.absolute().parent.is_dir()
        ):
            raise TelenovelaError(f"--plot {given.plot}: curves are drawn as FILE.svg in a folder that exists")
        with crew(given.cluster, given.workers) as others, Bars(console, given.show, given.plot) as bars:
            made = train(
                troupe, given.names, bars.tell, base=given.base, data=given.data, grow_from=given.grow_from,
                force=given.force, crew=others, epochs=given.epochs, hear=given.show,
            )  # fmt: skip
        if not made:
            console.print("Nothing is stale; --force trains the voices that are named all the same.")
        return 0

    return run(work)


class Bars:
    """Progress bars for the steps of training, one a file and one for all, with their notes above them.

    With `curves`, losses and lines stand there after each epoch; with `plot`, that file always holds the curves so far.
    """

    def __init__(self, console: Console, curves: bool = False, plot: Path | None = None):
        self.console, self._show, self._plot = console, curves, plot
        self._progress = Progress(
            TextColumn("{task.description}", markup=False), BarColumn(bar_width=24),
            TextColumn("{task.fields[figures]}", markup=False),
            TimeElapsedColumn(), console=console, disable=not console.is_terminal,
        )  # fmt: skip
        self._tasks: dict[str, TaskID] = {}
        self._all = Meter()
        self._curves: dict[str, Curve] = {}

    def __enter__(self) -> Bars:
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def tell(self, step: Step) -> None:
        speed = f"loss {step.loss:.3f} {step.rate:,.0f}/s {minutes(step.left)} left" if step.rate else step.state
        self._bar(step.name, step.done, speed)
        if step.of > 1:
            if not self._all.total:
                self._all.expect(step.of)
            self._all.done = step.number - 1 + step.done
            self._bar(f"all {step.of}", self._all.done / step.of, self._all.time_left)
        if step.epoch is not None:
            self._learned(step.name, step.epoch)
        if step.note:
            self.console.print(Text(one_line(step.note)))

    def _bar(self, name: str, done: float, figures: str) -> None:
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(one_line(name), total=1.0, figures="")
        self._progress.update(self._tasks[name], completed=done, figures=figures)

    def _learned(self, name: str, epoch: Epoch) -> None:
        """Keep the losses of an epoch, and show and draw all of them so far."""
        curve = self._curves.setdefault(name, Curve(name))
        curve.add(epoch.learned, epoch.held_out)
        if self._plot is not None:
            try:
                write_text(self._plot, to_svg(list(self._curves.values())))
            except NotWritten as error:
                # No picture is worth an hour of training.
                self.console.print(
                    Text(one_line(f"{self._plot}: cannot be written, training goes on: {error.strerror}"))
                )
                self._plot = None
        if not self._show:
            return
        self.console.print(Text(one_line(f"{name}, epoch {epoch.number} of {epoch.of}"), "bold"))
        for kind, value, bars in curve.rows():
            self.console.print(Text(f"  {kind:8} {value:.3f} {bars}"), no_wrap=True, crop=True)
        if epoch.answer is not None:
            if epoch.number == 0:
                self.console.print(Text(f"  - {one_line(epoch.answer.prompt)}", "dim"))
            self.console.print(Text(f"  {plain(Entry('line', epoch.answer.says, epoch.answer.who))}"))


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

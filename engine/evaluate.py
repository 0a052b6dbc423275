"""`python -m engine.evaluate [TROUPE]`: the report card of a troupe's voices, of its turn engine, of its season."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from engine import console as screen
from engine.command import crew_options, parse, parser, run, whole
from engine.errors import TelenovelaError
from engine.files import write_text
from engine.jobs.crew import crew
from engine.meter import waiting
from engine.troupe import Troupe

if TYPE_CHECKING:
    from engine.report.table import Table


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser(
        "evaluate",
        "Measure the voices of a troupe on scenes that they have never seen. Uses no language model but its own.",
        "--quick                                 # a first impression of this troupe's voices",
        "mytroupe --json report.json",
        "--turns                                 # who speaks next, and to whom",
        "--seasons 100 --workers 2               # do all of them end, with no end loose?",
    )
    options.add_argument(
        "troupe",
        nargs="?",
        type=Path,
        default=Path(),
        metavar="TROUPE",
        help="the troupe (default: the one around this folder)",
    )
    options.add_argument("--json", type=Path, metavar="FILE", help="write everything that was measured to FILE as well")
    options.add_argument("--turns", action="store_true", help="measure the turn engine instead of the voices")
    options.add_argument(
        "--seasons",
        type=whole(1),
        metavar="N",
        help="play N seasons with different seeds, and say how they ended, instead of the voices",
    )
    options.add_argument(
        "--seed",
        type=whole(0),
        default=0,
        metavar="N",
        help="of everything drawn at random (default 0): the same seed, the same report",
    )
    options.add_argument(
        "--quick", action="store_true", help="fewer lines and candidates: a first impression, with wider margins"
    )
    crew_options(options, "play --seasons")
    given = parse(options, arguments)
    if given.seasons is None and (given.cluster or given.workers > 1):
        options.error("--workers and --cluster share out the seasons of --seasons N, and nothing else")
    return run(lambda: _evaluate(given))


def _evaluate(given: argparse.Namespace) -> int:
    if given.json is not None and (given.json.is_dir() or not given.json.absolute().parent.is_dir()):
        raise TelenovelaError(f"--json {given.json}: not a file in a folder that exists")
    # One network a core is faster than one network on all cores here: its matrices are small, and thousands of lines
    # are measured. Read when numpy is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from engine.report import card
    from engine.report.turns import turns_tables

    troupe = Troupe.here(given.troupe)
    progress = screen.console(stderr=True)
    with waiting("reading the scripts") as meter:
        if given.turns or given.seasons is not None:
            tables = turns_tables(troupe, meter) if given.turns else []
            if given.seasons is not None:
                with crew(given.cluster, given.workers) as others:
                    tables += card.seasons_tables(troupe, given.seasons, given.seed, meter, others)
        else:
            tables = card.voices_tables(troupe, given.seed, given.quick, meter)
    show(screen.console(), tables)
    if given.json is not None:
        data = card.as_data(troupe, given.seed, given.quick, tables)
        write_text(given.json, json.dumps(data, ensure_ascii=False, indent=1) + "\n")
        progress.print(f"Written: {given.json}", style="dim")
    return 0


def show(console: Console, tables: Sequence[Table]) -> None:
    """All tables, one under the other."""
    for table in tables:
        console.print(table.render())


if __name__ == "__main__":
    raise SystemExit(main())

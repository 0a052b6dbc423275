"""`python -m engine.check`: every fault of sheets, scenes, seasons and scripts at once, and figures of the scripts."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rich.table import Table
from rich.text import Text

from engine import console as screen
from engine.checks.figures import judged, shares, speaker_figures
from engine.checks.report import Examination, Report
from engine.checks.schemas import write_schemas
from engine.command import parse, parser, run
from engine.errors import AuthoredError, Fault
from engine.files import from_here
from engine.meter import waiting
from engine.text import one_line, printable
from engine.troupe import Troupe


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser(
        "check",
        "Check sheets, scenes, seasons and scripts: every fault at once, with its line.",
        "                                        # the whole troupe around this folder",
        "cast/soraya.yaml scenes                 # a sheet, and all scenes",
        "--schemas                               # write the schemas that editors complete with",
    )
    options.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="a file or folder of a troupe; none: the whole troupe around the current folder",
    )
    options.add_argument(
        "--stats",
        action="store_true",
        help="figures of the scripts, a row a speaker and a row a figure of the library, with what is wanted beside it",
    )
    options.add_argument(
        "--schemas", action="store_true", help="write the JSON Schemas that editors complete and check with"
    )
    given = parse(options, arguments)
    return run(lambda: check(given.paths, given.stats, given.schemas))


def check(paths: Sequence[Path], stats: bool = False, schemas: bool = False) -> int:
    """Check the files that `paths` stand for.

    Raises AuthoredError with all faults of all of them, TelenovelaError for a path that stands for none.
    """
    by_root: dict[Path, list[Path]] = {}
    for path in paths or [Path()]:
        by_root.setdefault(Troupe.around(path).root, []).append(path)
    faults: list[Fault] = []
    for root, asked in by_root.items():
        if schemas:
            for path in write_schemas(root):
                print(f"wrote {from_here(path)}")
        examination = Examination(root)
        # An empty list of paths asks for all of the troupe, wherever in it one stands.
        files = [file for path in asked for file in examination.within(path)] if paths else examination.everything
        with waiting("reading sheets and scripts"):
            report = examination.report(files)
        if stats:
            _print_stats(examination)
        _warn(report)
        faults += report.faults
        if not report.faults:
            for line in examination.summary(report):
                print(line)
    if faults:
        raise AuthoredError([replace(fault, path=from_here(fault.path)) for fault in faults])
    return 0


def _warn(report: Report) -> None:
    for warning in report.warnings:
        place = f"{from_here(warning.path)}:{warning.line}:{warning.column}"
        print(printable(f"{place}: warning: {warning.message}"), file=sys.stderr)


def _print_stats(examination: Examination) -> None:
    console = screen.console(wide=True)
    if len(examination.troupe.scripts) < len(examination.troupe.script_paths()):
        console.print("no figures: some scripts cannot be read")
        return
    speakers = speaker_figures(examination.troupe)
    for language, figures in examination.scripts.figures.items():
        table = Table("speaker", title=Text(one_line(f"Speakers ({language})")), title_justify="left")
        for heading in ("lines", "words", "median"):
            table.add_column(heading, justify="right")
        for heading in ("acts", "tones", "to"):
            table.add_column(heading)
        for one in (one for one in speakers if one.language == language):
            counts = (f"{one.lines:,}", f"{one.words:,}", f"{one.median:g}")
            common = (shares(of_one, one.lines, 3) for of_one in (one.acts, one.tones, one.to))
            # Labels of bit parts come from scripts: they are text, never markup.
            table.add_row(Text(one_line(one.speaker)), *counts, *(Text(one_line(each)) for each in common))
        wanted = examination.scripts.standards.figures.get(language, {})
        console.print(table, _library_table(f"The library ({language})", figures, wanted))


def _library_table(title: str, found: Mapping[str, float], wanted: Mapping[str, tuple[float, float]]) -> Table:
    """A row a figure, with what is wanted beside it."""
    table = Table("figure", title=title, title_justify="left")
    table.add_column("measured", justify="right")
    table.add_column("wanted")
    for figure, measured, asked, holds in judged(found, wanted):
        table.add_row(Text(figure.meaning), measured, asked + ("" if holds else "  (not so)"))
    return table


if __name__ == "__main__":
    raise SystemExit(main())

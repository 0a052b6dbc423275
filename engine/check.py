"""`python -m engine.check`: every fault of sheets, scenes, seasons and scripts at once, and figures of the scripts."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from engine.checks.figures import Totals, shares, speaker_figures, totals
from engine.checks.report import Examination, Report
from engine.checks.schemas import write_schemas
from engine.command import parser, run
from engine.errors import AuthoredError, Fault
from engine.text import one_line, printable
from engine.troupe import Troupe

#: A table of figures where nobody looks at a terminal: wide enough that no cell is folded.
_WIDE = 140


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser("check", "Check sheets, scenes, seasons and scripts: every fault at once, with its line.")
    options.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="a file or folder of a troupe; none: the whole troupe around the current folder",
    )
    options.add_argument(
        "--stats", action="store_true", help="figures of the scripts: lines, words, tones, addressees per speaker"
    )
    options.add_argument(
        "--schemas", action="store_true", help="write the JSON Schemas that editors complete and check with"
    )
    given = options.parse_args(arguments)
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
                print(f"wrote {_near(path)}")
        examination = Examination(root)
        # An empty list of paths asks for all of the troupe, wherever in it one stands.
        files = [file for path in asked for file in examination.within(path)] if paths else examination.everything
        report = examination.report(files)
        if stats:
            _print_stats(examination)
        _warn(report)
        faults += report.faults
        if not report.faults:
            for line in examination.summary(report):
                print(line)
    if faults:
        raise AuthoredError([replace(fault, path=_near(fault.path)) for fault in faults])
    return 0


def _warn(report: Report) -> None:
    for warning in report.warnings:
        place = f"{_near(warning.path)}:{warning.line}:{warning.column}"
        print(printable(f"{place}: warning: {warning.message}"), file=sys.stderr)


def _near(path: Path) -> Path:
    """A path as one would type it here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _print_stats(examination: Examination) -> None:
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)
    readable = examination.scripts.scripts
    if len(readable) < len(examination.troupe.script_paths()):
        console.print("no figures: some scripts cannot be read")
        return
    speakers = speaker_figures(examination.troupe)
    for language, figures in examination.scripts.totals.items():
        table = Table("speaker", title=f"Speakers ({language})", title_justify="left")
        for heading in ("lines", "words", "median"):
            table.add_column(heading, justify="right")
        table.add_column("tones")
        table.add_column("to")
        for one in (one for one in speakers if one.language == language):
            counts = (f"{one.lines:,}", f"{one.words:,}", f"{one.median:g}")
            # Labels of bit parts come from scripts: they are text, never markup.
            table.add_row(
                Text(one_line(one.speaker)),
                *counts,
                shares(one.tones, one.lines, 4),
                Text(one_line(shares(one.to, one.lines, 3))),
            )
        console.print(table, _totals_table(f"All scripts ({language})", figures))
    if len(examination.scripts.totals) > 1:
        console.print(_totals_table("All scripts together", totals(readable), mixed=True))


def _totals_table(title: str, figures: Totals, mixed: bool = False) -> Table:
    table = Table(title=title, title_justify="left", show_header=False)
    rows = [
        ("scripts, scenes", f"{figures.scripts:,}, {figures.scenes:,}"),
        ("lines", f"{figures.lines:,}"),
        ("words", f"{figures.words:,}"),
        ("words in the median line", f"{figures.median:g}"),
        ("lines over 30 words", f"{figures.long:.1%}"),
        ("lines with a tone", f"{figures.with_tone:.1%}"),
    ]
    if not mixed:
        rows += [
            ("different words", f"{figures.distinct_words:,}"),
            ("runs of six words that stand once", f"{figures.unique_runs:.1%}"),
        ]
    for row in rows:
        table.add_row(*row)
    return table


if __name__ == "__main__":
    raise SystemExit(main())

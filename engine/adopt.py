"""`python -m engine.adopt SCRIPT ... --to DIR`: turns any script into a troupe that plays."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from engine import codes
from engine import console as screen
from engine.adoption import report
from engine.adoption.away import Adoptions, Due, How
from engine.adoption.belongings import Belongings, belongings
from engine.adoption.design import MARK, Design, design
from engine.adoption.gather import MOST_VOICES, cast, gather
from engine.adoption.ground import base_recipe
from engine.adoption.place import claimed, recovered
from engine.adoption.teach import pupils, teach
from engine.adoption.trial import trials
from engine.adoption.write import refuse, write_at
from engine.command import called, crew_options, parse, parser, run
from engine.corpus.reading import FORMATS
from engine.jobs.crew import crew
from engine.learning.plan import Plan
from engine.meter import waiting
from engine.sheets.recipe import LEAST_LINES
from engine.text import one_line, short
from engine.train import Bars
from engine.training.run import Step, fit_turns
from engine.troupe import Troupe, shipped


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser(
        "adopt",
        "Turn scripts into a troupe: split by speaker, write sheets, train voices, set up a scene.",
        "script.fountain --dry-run               # what is found in it; nothing is written",
        "script.fountain --to mytroupe",
        "episodes/*.srt --to mytroupe --voices 4",
        "plays/*.txt --to troupes --each --workers 2    # a troupe for each play",
    )
    options.add_argument("scripts", nargs="+", type=Path, metavar="SCRIPT", help="a script, or all episodes of a show")
    options.add_argument("--to", type=Path, metavar="DIR", help="the folder that becomes the troupe")
    options.add_argument(
        "--format", metavar="NAME", help=f"read as this format, whatever it looks like: {', '.join(FORMATS)}"
    )
    options.add_argument("--language", choices=codes.LANGUAGES, help="the language spoken (default: guessed)")
    options.add_argument(
        "--voices",
        "--speakers",
        dest="speakers",
        type=_count,
        metavar="N",
        help=f"how many get a voice of their own, the largest parts first (default: up to {MOST_VOICES})",
    )
    options.add_argument(
        "--keep-apart",
        action="append",
        default=[],
        metavar="NAME",
        help="somebody whose lines are joined with nobody else's, however alike the names (may be given again)",
    )
    options.add_argument(
        "--min-lines",
        type=_count,
        default=LEAST_LINES,
        metavar="N",
        help="who has fewer lines shares the voice of the show (default: %(default)s)",
    )
    options.add_argument(
        "--base", type=Path, metavar="DIR", help="a troupe whose base the voices grow from (default: the shipped one)"
    )
    options.add_argument("--dry-run", action="store_true", help="show what is found, and write nothing")
    options.add_argument(
        "--no-train", action="store_true", help="stop before training; all speak with the base until then"
    )
    options.add_argument("--force", action="store_true", help="replace a troupe that engine.adopt made")
    options.add_argument(
        "--each", action="store_true", help="every script becomes a troupe of its own, in a folder of its name in DIR"
    )
    crew_options(options, "train voices, or with --each adopt scripts,")
    given = parse(options, arguments)
    if given.to is None and not given.dry_run:
        options.error("--to DIR is missing: the folder that becomes the troupe (or --dry-run)")
    return run(lambda: adopt_each(given) if given.each and not given.dry_run else adopt(given))


def adopt(given: argparse.Namespace) -> int:
    """Raises TelenovelaError: no dialogue, a folder in the way, no base."""
    console = screen.console(wide=True)
    if not given.dry_run:
        if recovered(given.to):
            console.print(
                one_line(f"A run was killed while it replaced {given.to}: the old troupe is back in its place.")
            )
        refuse(given.to, given.scripts, given.force)
    source = Troupe.around(given.base) if given.base else shipped()
    with waiting("reading the scripts") as meter:
        gathered = gather(given.scripts, given.to, given.format, given.language, given.keep_apart, meter)
    recipe = None if given.dry_run else base_recipe(source, gathered.language)
    plan = design(gathered, cast(gathered, given.speakers, given.min_lines), recipe)
    report.found(console, plan)
    if given.dry_run:
        report.first_lines(console, gathered)
        console.print("Nothing was written (--dry-run).")
        return 0
    # Until the voices are trained: nobody may replace the troupe meanwhile.
    with claimed(given.to) as part:
        refuse(given.to, given.scripts, given.force)
        _made(console, given, plan, source, part)
    console.print(one_line(f"Play it: {called('scene')} {given.to / 'scenes' / 'first.yaml'}"))
    return 0


def _made(console: Console, given: argparse.Namespace, plan: Design, source: Troupe, part: Path) -> None:
    """Write the troupe, say what it replaces, and train it."""
    replaced = belongings(given.to) if (given.to / MARK).is_file() else Belongings()
    if replaced.own:
        console.print(one_line(f"Replaces the troupe in {given.to}: {len(replaced.own)} files."))
    if replaced.edited:
        console.print(one_line(f"Changed since it was made, and lost with it: {short(replaced.edited)}."))
    troupe, moved = write_at(part, plan, given.to, source)
    if replaced.foreign:
        console.print(one_line(f"Not of the troupe, and kept: {short(replaced.foreign)}."))
    if moved:
        console.print(one_line(f"Kept under another name: {short(moved)}."))
    console.print(
        one_line(f"Wrote {given.to}: {len(plan.names)} sheets, {len(plan.scripts)} scripts, scenes/first.yaml.")
    )
    if given.no_train:
        console.print(one_line(f"Not trained yet: {called('train')} --troupe {given.to}"))
        return
    people = pupils(plan)
    console.print(one_line(f"Training; if it is broken off, {called('train')} --troupe {given.to} goes on."))
    with crew(given.cluster, given.workers) as others, Bars(console) as bars:
        teach(troupe, people, bars.tell, others)
    with waiting("learning who speaks after whom") as meter:
        fit_turns(Plan(troupe))
        found = trials(Plan(troupe), people or list(troupe.personas)[:1], meter=meter)
    report.trials(console, found)


def adopt_each(given: argparse.Namespace) -> int:
    """Many scripts, many troupes: each a job. Raises TelenovelaError; what was made until then stays."""
    console = screen.console(wide=True)
    how = How(
        given.format, given.language, given.speakers, tuple(given.keep_apart), given.min_lines, not given.no_train
    )
    adoptions = Adoptions(given.scripts, given.to, how, Troupe.around(given.base) if given.base else shipped())
    due = adoptions.due(given.force)
    done = len(adoptions.all) - len(due)
    if done:
        console.print(f"{done} of {len(adoptions.all)} troupes are there already.")

    def made(each: Due) -> None:
        sheets = len(Troupe(each.to.resolve()).sheets)
        console.print(one_line(f"{each.script.name}: {sheets} sheets, in {each.to}"))

    with crew(given.cluster, given.workers, always=True) as others, Bars(console) as bars:
        assert others is not None
        adoptions.make(
            due, given.force, others,
            lambda progress: bars.tell(Step("troupes", progress.share, state=str(progress))), made,
        )  # fmt: skip
    return 0


def _count(text: str) -> int:
    try:
        count = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
    if count < 1:
        raise argparse.ArgumentTypeError(f"{count} is not 1 or more")
    return count


if __name__ == "__main__":
    sys.exit(main())

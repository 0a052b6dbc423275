"""`telenovela list`: who and what there is in a troupe: characters with a line of theirs, scenes, seasons."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

from rich.table import Table
from rich.text import Text

from engine import console as screen
from engine.command import parse, parser, run
from engine.errors import AuthoredError
from engine.learning.passages import passages
from engine.meter import waiting
from engine.sheets.authored import Model, load
from engine.sheets.plot import Season
from engine.sheets.scenario import Scenario
from engine.story.facts import scene_paths, season_paths
from engine.text import one_line
from engine.troupe import Troupe
from engine.voices.grounds import Grounds
from engine.voices.registry import person_voice


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser(
        "list",
        "Who and what there is: characters with their lines and voices, scenes with their casts, seasons.",
        "                                        # the troupe around this folder, or the shipped one",
        "mytroupe",
    )
    options.add_argument(
        "troupe", nargs="?", type=Path, default=Path(), metavar="TROUPE", help="a troupe (default: the one around here)"
    )
    given = parse(options, arguments)
    return run(lambda: show(Troupe.here(given.troupe)))


def show(troupe: Troupe) -> int:
    """Print the three tables; a scene that cannot be read stands there as faulty. Raises TelenovelaError."""
    with waiting("reading the scripts"):
        tables = (characters(troupe), scenes(troupe), seasons(troupe))
    console = screen.console(wide=True)
    for table in tables:
        if table.row_count:
            console.print(table)
    console.print(f"{troupe.root}", style="dim")
    return 0


def characters(troupe: Troupe) -> Table:
    """A row a sheet: name, language, lines in the scripts, the voice that speaks, a line of hers."""
    table = Table("sheet", "name", "speaks", title="Characters", title_justify="left")
    table.add_column("lines", justify="right")
    table.add_column("voice")
    table.add_column("a line of hers", ratio=1)
    spoken, grounds = _spoken(troupe), Grounds(troupe)
    for who, persona in troupe.personas.items():
        lines = spoken.get(who, [])
        voice = grounds.voice_of(who)
        shown = "her own" if voice == person_voice(who) else grounds.label(persona.language, voice)
        table.add_row(
            who, Text(one_line(persona.name)), persona.language, f"{len(lines):,}", shown, Text(typical(lines))
        )
    return table


def scenes(troupe: Troupe) -> Table:
    """A row a scene: the name that `telenovela scene` takes, its title, its cast."""
    table = Table("scene", "title", "cast", title="Scenes", title_justify="left")
    for path, scenario in _sound(table, scene_paths(troupe), Scenario):
        table.add_row(path.stem, Text(one_line(scenario.title)), Text(", ".join(scenario.cast)))
    return table


def seasons(troupe: Troupe) -> Table:
    """A row a season: its name, its title, how many episodes and scenes."""
    table = Table("season", "title", "episodes", title="Seasons", title_justify="left")
    for path, season in _sound(table, season_paths(troupe), Season):
        count = sum(len(episode.scenes) for episode in season.episodes)
        table.add_row(path.stem, Text(one_line(season.title)), f"{len(season.episodes)}, of {count} scenes")
    return table


def _sound(table: Table, paths: Iterable[Path], model: type[Model]) -> Iterator[tuple[Path, Model]]:
    """The sheets that can be read; one that cannot gets a row that says so."""
    for path in paths:
        try:
            document = load(path, model)
        except AuthoredError as error:
            table.add_row(path.stem, Text(f"{len(error.faults)} faults: telenovela check", "red"), "")
        else:
            yield path, document.value


def typical(lines: Sequence[str]) -> str:
    """The first line of a median number of words; none for nobody."""
    if not lines:
        return ""
    middle = median(len(line.split()) for line in lines)
    return one_line(min(lines, key=lambda line: abs(len(line.split()) - middle)))


def _spoken(troupe: Troupe) -> Mapping[str, list[str]]:
    """Everybody's lines in the scripts, by sheet."""
    found: dict[str, list[str]] = {}
    for passage in passages(troupe):
        for line, raw in zip(passage.lines, passage.raw, strict=True):
            found.setdefault(line.speaker, []).append(raw)
    return found


if __name__ == "__main__":
    sys.exit(main())

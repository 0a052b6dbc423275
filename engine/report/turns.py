"""The turn engine on held-out scenes, beside its baselines, as tables. Measures nothing itself: see `engine.report.turn_measures`."""

from __future__ import annotations

from collections.abc import Sequence

from engine.corpus.split import held_out
from engine.corpus.turns import Script
from engine.meter import Meter
from engine.report import turn_measures as turns_report
from engine.report.table import Cell, Column, Table
from engine.report.turn_baselines import BASELINES
from engine.report.turn_measures import ENGINE, Material, Row
from engine.troupe import Troupe
from engine.turns.scenes import scenes_in

#: A troupe with fewer held-out scenes than this is measured on all of its scenes, each guessed from the others.
LEAST_SCENES, FOLDS = 5, 5


def turns_tables(troupe: Troupe, meter: Meter | None = None) -> list[Table]:
    """Next speaker and addressee, by show. `meter` hears how far the measuring has come."""
    return tables(turns_report.report(materials(troupe), meter=meter))


def materials(troupe: Troupe) -> list[Material]:
    """The scenes of a troupe: one material a language, since two casts may share names."""
    found = []
    for language in sorted({script.language for script in troupe.scripts}):
        shows: dict[str, list[Script]] = {}
        for script in troupe.scripts:
            if script.language == language:
                shows.setdefault(troupe.show_of(script.path) or script.title, []).append(script)
        scenes = {show: scenes_in(scripts, troupe.names_in(language)) for show, scripts in shows.items()}
        kept = sum(held_out(scene.key) for each in scenes.values() for scene in each)
        found.append(Material(scenes, 0 if kept >= LEAST_SCENES else FOLDS))
    return found


def tables(measured: Sequence[Row]) -> list[Table]:
    """The next speaker, a row a script and guesser; the addressee, a row a script."""
    speakers: list[tuple[Cell, ...]] = []
    for row in measured:
        for name in (ENGINE, *BASELINES):
            figure = row.speakers[name]
            speakers.append((row.script, name, row.scenes, row.turns, figure.perplexity, figure.accuracy))
    better = sum(row.better for row in measured)
    columns = (
        Column("script"), Column("guessed by"), Column("scenes", "count"), Column("turns", "count"),
        Column("perplexity", "2"), Column("right", "share"),
    )  # fmt: skip
    notes = (
        "On held-out scenes; every guesser knows who is present. Perplexity: among how many it is in doubt.",
        "Below 100 turns a rate moves by several per cent with the choice of scenes.",
        f"The engine is better than every baseline in both figures: {better} of {len(measured)}.",
    )
    total = sum(row.turns for row in measured)
    named = [row for row in measured if row.named]
    rows = tuple((row.script, row.named, row.addressee, row.last_other) for row in named)
    to = (
        Column("script"),
        Column("lines", "count"),
        Column("turn engine", "share"),
        Column("last other speaker", "share"),
    )
    warning = (
        "Lines whose addressee the script names, where three or more are present, and how often each guesser is right.",
        "Below 100 lines that is a rough figure.",
    )
    return [
        Table("turns", "Who speaks next", columns, tuple(speakers), total, notes),
        Table("addressees", "To whom", to, rows, sum(row.named for row in named), warning),
    ]

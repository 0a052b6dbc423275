"""The turn engine on held-out scenes, beside its baselines, as a table. Measures nothing itself: see `engine.turns.turns_report`."""

from __future__ import annotations

from engine.corpus import Script
from engine.report.table import Cell, Column, Table
from engine.split import held_out
from engine.troupe import Troupe
from engine.turns import turns_report
from engine.turns.baselines import BASELINES
from engine.turns.turn_scenes import TurnScene, from_scripts
from engine.turns.turns_report import ENGINE, Material, Row
from engine.turns.vocative import Forms

#: A troupe with fewer held-out scenes than this is measured on all of its scenes, each guessed from the others.
LEAST_SCENES, FOLDS = 5, 5


def turns_table(troupe: Troupe) -> Table:
    """Next speaker and addressee, a row a show and guesser."""
    return table(turns_report.report(materials(troupe)))


def materials(troupe: Troupe) -> list[Material]:
    """The scenes of a troupe: one material a language, since two casts may share names."""
    found = []
    for language in sorted({script.language for script in troupe.scripts}):
        shows: dict[str, list[Script]] = {}
        for script in troupe.scripts:
            if script.language == language:
                shows.setdefault(troupe.show_of(script.path) or script.title, []).append(script)
        scenes = {show: _scenes(troupe, scripts, language) for show, scripts in shows.items()}
        kept = sum(held_out(scene.key) for each in scenes.values() for scene in each)
        found.append(Material(scenes, 0 if kept >= LEAST_SCENES else FOLDS))
    return found


def _scenes(troupe: Troupe, scripts: list[Script], language: str) -> list[TurnScene]:
    names = troupe.names_in(language)
    people = {who: (persona.name, *persona.aliases) for who, persona in names.personas.items()}
    labels = {turn.speaker for script in scripts for turn in script.turns() if turn.speaker}
    strangers = {label.casefold(): (label,) for label in sorted(labels) if not names.owner(label)}
    return from_scripts(scripts, names.owner, Forms({**people, **strangers}))


def table(measured: list[Row]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for row in measured:
        for name in (ENGINE, *BASELINES):
            figure = row.speakers[name]
            # The rule for the addressee is a baseline of its own: "the last other speaker".
            addressee = row.addressee if name == ENGINE else None
            last = row.last_other if name == ENGINE else None
            named = row.named or None
            rows.append(
                (
                    row.script, name, row.scenes, row.turns, figure.perplexity, figure.accuracy,
                    named if name == ENGINE else None, addressee if named else None, last if named else None,
                )
            )  # fmt: skip
    better = sum(row.better for row in measured)
    columns = (
        Column("script"), Column("guessed by"), Column("scenes", "count"), Column("turns", "count"), Column("perplexity", "2"),
        Column("next speaker", "share"), Column("named", "count"), Column("addressee", "share"), Column("last other", "share"),
    )  # fmt: skip
    notes = (
        "Who speaks next, on held-out scenes; every guesser knows who is present. Perplexity: among how many it is in doubt.",
        "Addressee: of lines whose addressee the script names, beside the rule that it is the last other speaker.",
        "Below 100 turns a rate moves by several per cent with the choice of scenes.",
        f"Better than every baseline in both figures: {better} of {len(measured)}.",
    )
    return Table("turns", "Who speaks next", columns, tuple(rows), sum(row.turns for row in measured), notes)

"""The figures that decide: read out of the tables of a report card, each beside what a good troupe reaches."""

from __future__ import annotations

from collections.abc import Sequence

from engine.report.subject import PRINCIPALS
from engine.report.table import Cell, Column, Table, format_cell


def aims_table(tables: Sequence[Table]) -> Table:
    """One row a figure that these tables have: what was measured, the aim, and what to hold it against."""
    rows: list[tuple[Cell, ...]] = []
    by_key = {table.key: table for table in tables}
    matrix, controls, surface, answers = (by_key.get(key) for key in ("matrix", "controls", "generated", "answers"))
    likelihood, classifier = by_key.get("attribution_likelihood"), by_key.get("attribution_classifier")
    if matrix and by_key.get("voices"):
        rows += _best(matrix, by_key["voices"])
    if likelihood and likelihood.rows:
        row = records(likelihood)[0]
        rows.append(
            (
                "speaker of ten real lines, by likelihood",
                _share(row["ten lines"]),
                "95 %",
                f"{row['speaker']}; one line {_share(row['one line'])}",
            )
        )
    if classifier and classifier.rows:
        found = records(classifier)
        group = found[0]["speaker"]
        ten = {str(row["said by"]): _share(row["ten lines"]) for row in found if row["speaker"] == group}
        if "voices" in ten:
            beside = ", ".join(f"{name} {rate}" for name, rate in ten.items() if name != "voices")
            rows.append(("speaker of ten generated lines, by a classifier", ten["voices"], "90 %", beside))
    for row in records(controls) if controls else []:
        if row["code"] == "tone":
            rows.append(
                (
                    "right tone better than another",
                    _share(row["right is better"]),
                    "75 %",
                    f"addressees {_share(_of(controls, 'addressee'))}",
                )
            )
        if row["code"] == "arc":
            rows.append(
                (
                    "right arc better, over ten lines",
                    _share(row["over ten lines"]),
                    "80 %",
                    f"one line {_share(row['right is better'])}",
                )
            )
    if surface:
        for row in records(surface):
            if row["said by"] == "voices":
                rows.append(
                    (
                        "generated lines that stand in a script",
                        format_cell(row["copied"], "count"),
                        "0",
                        f"longest run {row['longest run']} words",
                    )
                )
                rows.append(("names out of place", format_cell(row["wrong names"], "count"), "0", ""))
                rows.append(("words of no training text", _share(row["unknown words"]), "0.5 %", ""))
    if answers:
        rates = {str(row["said by"]): _share(row["first among ten"]) for row in records(answers)}
        if "voices" in rates:
            beside = ", ".join(f"{name} {rate}" for name, rate in rates.items() if name != "voices")
            rows.append(("reply ranks first among ten", rates["voices"], "30 %", beside))
    doing = by_key.get("doing")
    if doing:
        rows += _doing(doing)
    columns = (Column("figure"), Column("measured"), Column("aim"), Column("beside"))
    lines = max((table.lines for table in tables), default=0)
    return Table(
        "aims",
        "In short",
        columns,
        tuple(rows),
        lines,
        ("Each figure is explained, and warned of, under its table below.",),
    )


def records(table: Table) -> list[dict[str, Cell]]:
    return [dict(zip([column.name for column in table.columns], row, strict=True)) for row in table.rows]


def _best(matrix: Table, voices: Table) -> list[tuple[Cell, ...]]:
    """Of the principals (those with the most lines come first in the matrix): whose own voice beats base and all others?"""
    base = {row["character"]: row for row in records(voices)}
    people = records(matrix)[:PRINCIPALS]
    best = [
        row["character"]
        for row in people
        if float(row["by"] or 0) > 0
        and float(base[row["character"]]["own"] or 0) < float(base[row["character"]]["base"] or 0)
    ]
    gains = [float(base[row["character"]]["lower by"] or 0) for row in people]
    beside = f"perplexity below the base's by {_share(sum(gains) / len(gains))} on average" if gains else ""
    return (
        [("own voice better than base and every other", f"{len(best)} of {len(people)}", "all", beside)]
        if people
        else []
    )


def _of(controls: Table | None, code: str) -> Cell:
    return (
        next((row["right is better"] for row in records(controls) if row["code"] == code), None) if controls else None
    )


def _share(value: Cell) -> str:
    return format_cell(value, "share")


def _doing(doing: Table) -> list[tuple[Cell, ...]]:
    """Whether generated lines do their act, say their gist and name their topics."""
    found = {str(row["said by"]): row for row in records(doing)}
    if "voices" not in found or "scripts" not in found:
        return []
    voices, scripts = found["voices"], found["scripts"]
    rows: list[tuple[Cell, ...]] = []
    mine, real = voices["act"], scripts["act"]
    if isinstance(mine, float) and isinstance(real, float) and real > 0:
        beside = f"{_share(mine)} of generated, {_share(real)} of real lines"
        rows.append(("act of a generated line, as a share of real lines' rate", _share(mine / real), "95 %", beside))
    rows.append(("gist asked for is said", _share(voices["gist"]), "80 %", ""))
    rows.append(("topic asked for is said", _share(voices["topics"]), "95 %", ""))
    rows.append(("a topic nobody bound is named", format_cell(voices["unbound"], "count"), "0", ""))
    return rows

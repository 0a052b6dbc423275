"""A table of the report card: typed columns, rows, and the warnings that its figures deserve. To a terminal or to JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich import box
from rich.console import Group
from rich.table import Table as Drawn
from rich.text import Text

from engine.text import one_line

#: Characters of a text that is never broken over lines.
LONGEST_NAME = 24

Cell = str | int | float | None
#: How a column is shown: words, a count, a share as a percentage, or a number with so many decimals.
Kind = Literal["text", "count", "share", "0", "1", "2", "3"]


@dataclass(frozen=True)
class Column:
    name: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Table:
    """One table. `key` names it in JSON, `lines` is how many lines it rests on; every row has a cell for each column.

    `shown`, where it is given, are the columns that a terminal has room for; JSON has them all. A table that is `turned`
    is drawn with its rows side by side: few rows of many figures fit a narrow terminal that way.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    lines: int
    notes: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    turned: bool = False

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"table '{self.key}': a row of {len(row)} cells for {len(self.columns)} columns")

    def to_data(self) -> dict[str, object]:
        """Plain data: rows as mappings from column names; shares between 0 and 1, four decimals."""
        names = [column.name for column in self.columns]
        rows = [dict(zip(names, map(_plain, row), strict=True)) for row in self.rows]
        return {"title": self.title, "lines": self.lines, "notes": list(self.notes), "rows": rows}

    def render(self) -> Group:
        """For a rich console: the table, and under it its number of lines and its warnings."""
        drawn = Drawn(
            title=self.title, title_justify="left", title_style="bold", header_style="bold", box=box.SIMPLE_HEAD
        )
        kept = [column for column in self.columns if not self.shown or column.name in self.shown]
        numbers = [self.columns.index(column) for column in kept]
        cells = [[format_cell(row[number], self.columns[number].kind) for number in numbers] for row in self.rows]
        grid = [[column.name for column in kept], *cells]
        left = [column.kind == "text" for column in kept]
        if self.turned:
            grid = [list(column) for column in zip(*grid, strict=True)]
            left = [True, *(False for _ in self.rows)]
        for number, heading in enumerate(grid[0]):
            cells_here = [row[number] for row in grid[1:]]
            is_name = left[number] and max(map(len, [heading, *cells_here])) <= LONGEST_NAME
            # Names and numbers stay whole and headings wrap between words; only sentences give way.
            needed = 0 if left[number] else max(map(len, [*heading.split(), *cells_here]), default=0)
            drawn.add_column(
                Text(one_line(heading)),
                justify="left" if left[number] else "right",
                no_wrap=is_name,
                min_width=needed,
                overflow="fold",
            )
        for row in grid[1:]:
            drawn.add_row(*map(Text, row))
        count = f"{self.lines:,} line{'' if self.lines == 1 else 's'}. "
        return Group(drawn, Text(count + " ".join(self.notes), style="dim"), Text())


def format_cell(value: Cell, kind: Kind) -> str:
    """A cell as shown; what could not be measured is a dash."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "-"
    if isinstance(value, str):
        return one_line(value)
    if kind == "share":
        percent = 100 * value
        # A rate of one line in two hundred must not read as none at all.
        return f"{percent:.1f} %" if 0 < abs(percent) < 2 else f"{percent:.0f} %"
    if kind == "count":
        return f"{value:,.0f}"
    return f"{value:,.{int(kind)}f}" if kind.isdigit() else f"{value:g}"


def share(hits: Sequence[bool]) -> float | None:
    """The share of hits; None of nothing."""
    return sum(hits) / len(hits) if hits else None


def margin(rate: float | None, count: int) -> float | None:
    """Half the width of the 95 % interval of a rate seen on `count` independent lines (Agresti and Coull 1998)."""
    if rate is None or not count:
        return None
    trials = count + 4
    middle = (rate * count + 2) / trials
    return 1.96 * math.sqrt(middle * (1 - middle) / trials)


def _plain(value: Cell) -> Cell:
    if isinstance(value, float):
        return round(value, 4) if math.isfinite(value) else None
    return value

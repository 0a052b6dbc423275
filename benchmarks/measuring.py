"""What the benchmarks share: a figure with its target, the table, and the line that names the machine.

Figures are ratios within one run: what is compared is measured in turn, round after round, so that a machine that is
busy or slow is so for both. Knows nothing of what is measured.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One row: `value` as it is shown; `number` is held against `least` or `most`, where there is a target."""

    name: str
    value: str
    number: float = 0.0
    least: float | None = None
    most: float | None = None

    @property
    def target(self) -> str:
        if self.least is not None:
            return f">= {self.least:g}"
        return f"<= {self.most:g}" if self.most is not None else ""

    @property
    def verdict(self) -> str:
        if not self.target:
            return ""
        below = self.least is not None and self.number < self.least
        above = self.most is not None and self.number > self.most
        return "missed" if below or above else "reached"


def ratio(
    name: str, left: Sequence[float], right: Sequence[float], least: float | None = None, most: float | None = None
) -> Figure:
    """The median over the rounds of `left` by `right`, both measured in each round."""
    number = statistics.median(one / other for one, other in zip(left, right, strict=True))
    return Figure(name, f"{number:.2f}", number, least, most)


def machine() -> str:
    """Cores, processor, and how busy it was: a figure from a busy machine is worth less."""
    model = platform.processor() or platform.machine()
    described = Path("/proc/cpuinfo")
    if described.is_file():
        names = [
            line.split(":", 1)[1].strip()
            for line in described.read_text().splitlines()
            if line.startswith("model name")
        ]
        model = names[0] if names else model
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores, {model}, Python {platform.python_version()}{load}"


def show(title: str, figures: Sequence[Figure], note: str) -> None:
    """Print the table, the machine, and how it was measured."""
    table = Table("figure", title=title, title_justify="left")
    for heading in ("measured", "target", ""):
        table.add_column(heading, justify="right")
    for figure in figures:
        table.add_row(figure.name, figure.value, figure.target, figure.verdict)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 100)
    console.print(table)
    console.print(f"{machine()}; {note}")

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console, RenderableType

from engine.performance import Performance
from engine.screen.pictures import closing_pictures, relation_changes, talk_time, tension_curve, thread_table
from engine.screen.summary import Edge, Shift, Summary, Talk, Tension, Thread


def drawn(picture: RenderableType, width: int = 60) -> list[str]:
    console = Console(file=io.StringIO(), width=width)
    with console.capture() as capture:
        console.print(picture)
    return [row.rstrip() for row in capture.get().splitlines()]


def test_relation_changes() -> None:
    shifts = [
        Shift("María", "Soraya", Edge("boss", trust=0.1), Edge("enemy", trust=-0.4)),
        Shift("Soraya", "María", Edge("servant", 0.0, 0.2), Edge("servant", 0.5, 0.2)),
    ]
    assert drawn(relation_changes(shifts, {})) == [
        "María to Soraya  boss → enemy, trust +0.10 → -0.40",
        "Soraya to María  affection +0.00 → +0.50",
    ]
    assert drawn(relation_changes([], {})) == ["Nothing has changed between anybody."]


def test_many_changes_are_counted() -> None:
    shifts = [Shift(f"P{number}", "Q", Edge(), Edge(heat=1.0)) for number in range(20)]
    rows = drawn(relation_changes(shifts, {}))
    assert len(rows) == 13
    assert rows[-1] == "and 8 more"


def test_tension_curve() -> None:
    points = [Tension(0.0, 0.0), Tension(0.5, 0.25), Tension(1.0, 1.0)]
    assert drawn(tension_curve(points, width=18, height=4)) == [
        "  1.0         ••••",
        "          ••••████",
        "              ████",
        "  0.0 ••••████████",
        "      █ reached  • target",
    ]


@given(st.lists(st.builds(Tension, st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=300), st.integers(20, 130))
def test_a_tension_curve_of_any_length_fits(points: list[Tension], width: int) -> None:
    plot = tension_curve(points, width).plain.splitlines()
    assert all(cell_len(row) <= max(width, 25) for row in plot)
    assert sum(row.count("•") for row in plot[:-1]) == min(
        width - 6, max(len(points), len(points) * min(4, (width - 6) // len(points)))
    )


def test_talk_time() -> None:
    rows = drawn(talk_time([Talk("María", 1, 10), Talk("Soraya", 3, 30), Talk("Alma", 0, 0)], {"María": "red"}, 40))
    assert rows == [
        "Soraya  ████████  3 lines, 30 words (75%)",
        "María   ███        1 line, 10 words (25%)",
        "Alma    █           0 lines, 0 words (0%)",
    ]


def test_threads() -> None:
    rows = drawn(thread_table([Thread("the key", "inheritance", "1", "8"), Thread("the twin", "secret-twin", "2", "")]))
    assert rows == [
        "thread    arc          opened  closed",
        "the key   inheritance  1       8",
        "the twin  secret-twin  2       loose",
    ]


def test_only_pictures_with_data_are_shown() -> None:
    rows = drawn(closing_pictures(Summary.of(Performance("The Party", 7, ())), {}))
    assert rows == ["", "Between them", "Nothing has changed between anybody."]


def test_loose_ends_are_counted() -> None:
    threads = [{"name": "the key", "closed": "8"}, {"name": "the twin"}]
    rows = drawn(closing_pictures(Summary.of(Performance("The Party", 7, (), summary={"threads": threads})), {}))
    assert rows[-1] == "loose ends: 1"

"""Pictures of a finished performance for the terminal: relations, tension, talk, threads.

Each takes checked data (`engine.screen.summary`) and gives a rich renderable; text goes in as `Text`, never as markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text

from engine.screen.summary import Shift, Summary, Talk, Tension, Thread
from engine.sheets.messages import Messages, messages

#: Moves below this are left out of the closing picture; so many edges are shown at the most.
LEAST, MOST = 0.05, 12

RISE, FALL = "green", "red"
_EIGHTHS = " ▁▂▃▄▅▆▇█"


def relation_changes(shifts: Sequence[Shift], colours: Mapping[str, str], language: str = "en") -> RenderableType:
    """A table of what changed between whom, from before to after; the largest moves first."""
    said = messages(language)
    if not shifts:
        return Text(said.unchanged, "italic")
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    for shift in shifts[:MOST]:
        pair = Text.assemble(name(shift.source, colours), f" {said.to} ", name(shift.target, colours))
        moves = Text(", ").join(_moves(shift, said))
        table.add_row(pair, moves)
    if len(shifts) > MOST:
        table.add_row(Text(said.more.format(count=len(shifts) - MOST), "dim"), Text(""))
    return table


def _moves(shift: Shift, said: Messages) -> list[Text]:
    kinds = (said.kind(shift.before.kind) or "?", said.kind(shift.after.kind) or "?")
    found = [Text(f"{kinds[0]} → {kinds[1]}", "bold")] if kinds[0] != kinds[1] else []
    for axis, old, new in shift.moved(LEAST):
        found.append(Text.assemble(f"{said.axis(axis)} {old:+.2f} → ", (f"{new:+.2f}", RISE if new > old else FALL)))
    return found


def tension_curve(points: Sequence[Tension], width: int = 60, height: int = 6, language: str = "en") -> Text:
    """The tension reached as bars of eighths, the target as dots over them; `height` rows, at most `width` cells."""
    said = messages(language)
    columns = _resampled(points, max(8, width - 6))
    plot = Text(no_wrap=True)
    for row in reversed(range(height)):
        plot.append("  1.0 " if row == height - 1 else "  0.0 " if row == 0 else "      ", "dim")
        for point in columns:
            if min(height - 1, int(point.target * height)) == row:
                plot.append("•", "bold")
            else:
                eighths = round((point.reached * height - row) * 8)
                plot.append(_EIGHTHS[min(8, max(0, eighths))], "magenta")
        plot.append("\n")
    return plot.append(f"      █ {said.reached}  • {said.target}", "dim")


def _resampled(points: Sequence[Tension], width: int) -> list[Tension]:
    """As many points as fit: each point widened to some cells, or neighbours averaged."""
    if len(points) <= width:
        cells = min(4, width // len(points))
        return [point for point in points for _ in range(cells)]
    found = []
    for column in range(width):
        part = points[column * len(points) // width : (column + 1) * len(points) // width]
        found.append(
            Tension(sum(point.target for point in part) / len(part), sum(point.reached for point in part) / len(part))
        )
    return found


def talk_time(
    talk: Sequence[Talk], colours: Mapping[str, str], width: int = 60, language: str = "en"
) -> RenderableType:
    """A bar of words for each speaker, most talkative first."""
    said = messages(language)
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(overflow="fold")
    table.add_column(no_wrap=True)
    table.add_column(justify="right")
    total = max(1, sum(count.words for count in talk))
    longest = max([1, *(count.words for count in talk)])
    cells = max(4, min(30, width - 32))
    for count in sorted(talk, key=lambda count: -count.words):
        bar = Text("█" * max(1, round(count.words / longest * cells)), _style(colours.get(count.name)))
        counts = f"{_counted(count.lines, said.lines)}, {_counted(count.words, said.words)}"
        figures = f"{counts} ({count.words / total:.0%})"
        table.add_row(name(count.name, colours), bar, Text(figures, "dim"))
    return table


def thread_table(threads: Sequence[Thread], language: str = "en") -> RenderableType:
    """The threads of the plot: their arc, where each opened and where it closed."""
    said = messages(language)
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in (said.thread, said.arc, said.opened, said.closed):
        # At 40 columns a thread's name breaks between words rather than an arc's within one.
        table.add_column(title, overflow="fold", no_wrap=title == said.arc)
    for thread in threads:
        closed = Text(thread.closed) if thread.closed else Text(said.loose, "bold red")
        table.add_row(Text(thread.name), Text(said.plot(thread.arc)), Text(thread.opened or "-"), closed)
    return table


def closing_pictures(summary: Summary, colours: Mapping[str, str], width: int = 72) -> RenderableType:
    """Every picture for which there is data, each under its heading."""
    said = messages(summary.language)
    parts: list[RenderableType] = [
        _heading(said.between),
        relation_changes(summary.shifts(LEAST), colours, summary.language),
    ]
    if summary.tension:
        parts += [_heading(said.tension), tension_curve(summary.tension, width, language=summary.language)]
    if summary.talk:
        parts += [_heading(said.talk), talk_time(summary.talk, colours, width, summary.language)]
    if summary.threads:
        loose = sum(not thread.closed for thread in summary.threads)
        ends = Text(said.loose_ends.format(count=loose))
        parts += [_heading(said.threads), thread_table(summary.threads, summary.language), ends]
    return Group(*parts)


def name(who: str, colours: Mapping[str, str]) -> Text:
    """A name in its character's colour."""
    return Text(who, _style(colours.get(who)))


def _heading(title: str) -> Text:
    return Text(f"\n{title}", "bold")


def _style(colour: str | None) -> Style:
    return Style(color=colour) if colour else Style.null()


def _counted(number: int, forms: tuple[str, str]) -> str:
    return forms[number != 1].format(count=number)

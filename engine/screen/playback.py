"""Shows a performance in the terminal as it is played: a screenplay in colour, or plain lines.

Knows nothing of how lines are made: it is handed entries one by one. Everything from scripts and sheets is made
printable first and never read as markup.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import zip_longest
from typing import IO, Literal, TypeVar

from rich import box
from rich.align import Align
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.style import Style
from rich.table import Table
from rich.text import Text

from engine.performance import Change, Entry, Performance
from engine.screen import palette, pictures, summary, transcript
from engine.screen.keys import Quit
from engine.screen.waiting import spinner
from engine.screen.why import explain
from engine.sheets.messages import Messages, messages
from engine.text import one_line

Pace = Literal["instant", "normal", "slow"]
#: Seconds for a character that is typed, and of rest after an entry.
PACES: Mapping[Pace, tuple[float, float]] = {"instant": (0.0, 0.0), "normal": (0.025, 0.5), "slow": (0.06, 1.2)}

Awaited = TypeVar("Awaited")

#: The screenplay is never wider; from WIDE columns on, the relations stand beside it.
COLUMN, WIDE = 72, 110
_MARGIN = "   "


@dataclass(frozen=True)
class Player:
    """Who is on the title card: the name as shown, a colour the terminal knows, a line about her."""

    name: str
    colour: str = ""
    description: str = ""


def sleep(seconds: float) -> bool:
    """The pause that no key cuts short (see `engine.screen.keys` for the one that does)."""
    time.sleep(seconds)
    return False


class Playback:
    """Writes to one console. `pause(seconds)` waits and says whether the viewer wants the next line at once."""

    def __init__(
        self,
        console: Console,
        *,
        plain: bool = False,
        pace: Pace = "instant",
        why: bool = False,
        pause: Callable[[float], bool] = sleep,
    ) -> None:
        self.console = console
        self.plain = plain
        self.why = why
        self._letter, self._rest = PACES[pace]
        self._pause = pause
        self._messages = messages("en")
        self._wanted: dict[str, str] = {}
        self._colours: dict[str, str] = {}

    @classmethod
    def on(
        cls,
        stream: IO[str],
        *,
        plain: bool = False,
        pace: Pace = "normal",
        why: bool = False,
        pause: Callable[[float], bool] = sleep,
    ) -> Playback:
        """Playback on a stream; plain and instant by itself where that is no terminal. NO_COLOR is respected."""
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that knows no accents gets question marks instead of ending the scene.
            stream.reconfigure(errors="replace")
        plain = plain or not stream.isatty()
        console = Console(file=stream, markup=False, highlight=False, emoji=False)
        return cls(console, plain=plain, pace="instant" if plain else pace, why=why, pause=pause)

    def title_card(self, title: str, setting: str, cast: Sequence[Player], language: str = "en") -> None:
        """The title, the place, and who plays; in plain form one direction, `(Title. Setting)`. From here on in `language`."""
        self._messages = messages(language)
        self._wanted = {one_line(player.name): one_line(player.colour) for player in cast}
        self._colours = palette.assign(self._wanted, self._wanted)
        title, setting = one_line(title), one_line(setting)
        if self.plain:
            stop = "" if title.endswith((".", "!", "?", "…")) else "."
            self._write_plain(transcript.direction(f"{title}{stop} {setting}" if setting else title))
            return
        people = Table.grid(padding=(0, 2))
        people.add_column(overflow="fold")
        people.add_column(overflow="fold")
        for player in cast:
            who = Text(one_line(player.name), self._style(one_line(player.name), bold=True))
            people.add_row(who, Text(one_line(player.description)))
        parts: list[RenderableType] = [Text(title, "bold", justify="center")]
        if setting:
            parts.append(Text(setting, "italic", justify="center"))
        if cast:
            parts += [Text(), Align.center(people)]
        self.console.print(Panel(Group(*parts), box=box.DOUBLE, padding=(1, 2), width=self._column))

    def note(self, text: str) -> None:
        """Something that does not belong to what is played."""
        self.console.print(Text(text, "dim"), width=self._column, justify="center")

    def show(self, entry: Entry, relations: summary.Snapshot | None = None) -> None:
        """One entry, typed at the pace; with `relations` (a snapshot, names as shown) beside it where there is room.

        Raises ScriptError for relations in another form. An interrupt leaves the terminal at the start of a line.
        """
        if self.plain:
            self._write_plain(transcript.plain(entry))
            if self.why:
                self._write_plain(*(f"    {reason}" for reason in explain(entry)))
            return
        rows = self._screenplay(entry)
        side = self._side(entry, relations) if relations is not None and self.console.width >= WIDE else []
        hurried = self._type(rows, side)
        if self.why:
            for reason in explain(entry):
                for number, row in enumerate(self._wrapped(Text(reason, "dim"), self.console.width - 6)):
                    self._put(Text.assemble(" " * (6 if number else 4), row, "\n"))
        if self._rest and not hurried:
            self._pause(self._rest)

    def waited(self, source: Iterable[Awaited]) -> Iterator[Awaited]:
        """What comes from `source`, with a spinner in a terminal whenever it lets one wait."""
        waiting = iter(source)
        while True:
            with nullcontext() if self.plain else spinner(self.console):
                try:
                    awaited = next(waiting)
                except StopIteration:
                    return
            yield awaited

    def close(self, performance: Performance) -> None:
        """What changed between whom, the closing pictures, and why the scene ended."""
        data, said = summary.Summary.of(performance), messages(performance.language)
        ended = said.the_end.format(why=one_line(performance.ended)) if performance.ended else ""
        if self.plain:
            for shift in data.shifts(pictures.LEAST):
                self._write_plain(transcript.direction(_shifted(shift, said)))
            if ended:
                self._write_plain(transcript.direction(ended))
            return
        for talk in data.talk:
            self._style(talk.name)
        self.console.print(pictures.closing_pictures(data, self._colours, self._column), width=self._column)
        if ended:
            self.console.print(Text(f"\n{ended}", "italic"), width=self._column)

    @property
    def _column(self) -> int:
        return min(self.console.width, COLUMN)

    def _style(self, name: str, *, bold: bool = False) -> Style:
        """The style of a character; one who is not on the title card gets the next free colour."""
        if name not in self._colours:
            self._colours = palette.assign([*self._colours, name], self._colours)
        return Style(color=self._colours[name], bold=bold or None)

    def _screenplay(self, entry: Entry) -> list[tuple[Text, bool]]:
        """The rows of an entry and whether each is typed: direction at the left; cue, tone and speech indented."""
        column = self._column
        if entry.kind == "direction":
            text = Text(transcript.direction(entry.text), "italic")
            return [(Text(), False), *((row, True) for row in self._wrapped(text, column))]
        # The proportions of the American page: speech in the middle, the tone under the cue, the cue further in.
        indent = column // 7 if column >= 30 else 0
        style = self._style(one_line(entry.speaker or ""))
        rows = [(Text(), False)]
        parts = [(Text(transcript.cue(entry.speaker), style + Style(bold=True)), indent * 2, False)]
        if entry.tone:
            parts.append((Text(f"({one_line(entry.tone)})", "italic"), indent * 3 // 2, False))
        parts.append((Text(one_line(entry.text), style), indent, True))
        for text, left, typed in parts:
            for row in self._wrapped(text, column - indent - left):
                rows.append((Text.assemble(" " * left, row), typed))
        return rows

    def _wrapped(self, text: Text, width: int) -> list[Text]:
        """Rows of at most `width` cells without spaces at their ends; a word that is longer is cut."""
        rows = list(text.wrap(self.console, max(1, width)))
        for row in rows:
            row.rstrip()
        return rows

    def _side(self, entry: Entry, relations: summary.Snapshot) -> list[Text]:
        """What stands beside an entry: the edges between speaker and addressee, and the others that it moved."""
        edges = summary.read_graph(relations)
        pairs = dict.fromkeys((one_line(change.source), one_line(change.target)) for change in entry.relations)
        if entry.speaker and entry.to:
            speaker, to = one_line(entry.speaker), one_line(entry.to)
            pairs = {(speaker, to): None, (to, speaker): None} | pairs
        rows = [Text()]
        for source, target in pairs:
            if (source, target) in edges:
                moved = [c for c in entry.relations if (one_line(c.source), one_line(c.target)) == (source, target)]
                rows += self._edge(source, target, edges[source, target], moved)
        return rows if len(rows) > 1 else []

    def _edge(self, source: str, target: str, edge: summary.Edge, moved: Sequence[Change]) -> list[Text]:
        """Three rows for an edge: who to whom and as what; the axes, with an arrow at those that have just moved."""
        said = self._messages
        head = Text.assemble((source, self._style(source)), f" {said.to} ", (target, self._style(target)))
        if edge.kind:
            head.append(f", {said.kind(edge.kind)}", "dim")
        deltas = {change.axis: change.after - change.before for change in moved}
        rows = [head]
        pairs = (summary.AXES[:2], summary.AXES[2:])
        widths = [max(len(said.axis(axis)) for axis in column) for column in zip(*pairs, strict=True)]
        for axes in pairs:
            row = Text(" ")
            for axis, width in zip(axes, widths, strict=True):
                delta = deltas.get(axis, 0.0)
                arrow, style = (("▲", pictures.RISE) if delta > 0 else ("▼", pictures.FALL)) if delta else (" ", "dim")
                label = said.axis(axis).ljust(width)
                row.append(f" {label} {edge.value(axis):+.2f}{arrow}", style)
            rows.append(row)
        return rows

    def _type(self, rows: Sequence[tuple[Text, bool]], side: Sequence[Text]) -> bool:
        """Rows one below the other, typed where they are to be, each followed by what stands beside it; whether the viewer
        wants the next line at once."""
        room = self.console.width - COLUMN - len(_MARGIN)
        hurried = False
        try:
            for row, typed, beside in _paired(rows, side):
                if typed and self._letter and not hurried:
                    hurried = self._type_row(row)
                else:
                    self._put(row)
                if beside is not None:
                    gap = " " * (COLUMN - row.cell_len) + _MARGIN
                    line = Text.assemble(gap, ("│ ", "dim"), beside)
                    line.truncate(cell_len(gap) + room, overflow="ellipsis")
                    line.rstrip()
                    self._put(line)
                self._put(Text("\n"))
        except (KeyboardInterrupt, Quit):
            self._put(Text("\n"))
            raise
        return hurried

    def _type_row(self, row: Text) -> bool:
        """Type a row character by character; whether the viewer wanted its rest at once."""
        for position, letters in enumerate(clusters := _clusters(row)):
            self._put(letters)
            if self._pause(self._letter):
                self._put(Text().join(clusters[position + 1 :]))
                return True
        return False

    def _put(self, text: Text) -> None:
        self.console.print(text, end="", soft_wrap=True)

    def _write_plain(self, *lines: str) -> None:
        """Past rich, which would wrap: exact lines, each shown as soon as it is there."""
        self.console.file.write("".join(f"{line}\n" for line in lines))
        self.console.file.flush()


def _paired(rows: Sequence[tuple[Text, bool]], side: Sequence[Text]) -> Iterator[tuple[Text, bool, Text | None]]:
    """Rows with what stands beside them; the shorter of the two is filled up with nothing."""
    for row, beside in zip_longest(rows, side):
        text, typed = row or (Text(), False)
        yield text, typed, beside


def _clusters(row: Text) -> list[Text]:
    """A row in parts to be typed one by one: a character with the accents and joiners that have no width.

    The indent comes with the first.
    """
    indent = len(row.plain) - len(row.plain.lstrip())
    return list(row.divide(place for place, letter in enumerate(row.plain) if place > indent and cell_len(letter) > 0))


def _shifted(shift: summary.Shift, said: Messages) -> str:
    """`Soraya to María: ally now rival, affection +0.10 to -0.40`."""
    moves = [f"{said.axis(axis)} {old:+.2f} {said.to} {new:+.2f}" for axis, old, new in shift.moved(pictures.LEAST)]
    if shift.before.kind != shift.after.kind:
        was, now = (said.kind(edge.kind) or said.unknown for edge in (shift.before, shift.after))
        moves.insert(0, f"{was} {said.now} {now}")
    return f"{shift.source} {said.to} {shift.target}: {', '.join(moves)}"

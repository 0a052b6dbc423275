"""The parts of the room's screen: the scene with a widget a line, and beside it five panels. They show and ask nothing."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group
from rich.padding import Padding
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import OptionList, Static, TabbedContent, TabPane

from engine.screen.palette import is_colour
from engine.studio import views
from engine.studio.rehearsal import Shown, Upcoming
from engine.studio.script import Spoken
from engine.studio.session import Session
from engine.text import one_line, printable


class Line(Static):
    """An entry of the scene: who says it to whom, what she does with it and how, and the line."""

    class Chosen(Message):
        """Somebody clicked on a line."""

        def __init__(self, number: int):
            super().__init__()
            self.number = number

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.number: int | None = None
        self.plain = ""
        self._content: tuple[object, ...] = ()
        self._current = False

    def show(self, shown: Shown, spoken: Spoken | None, colour: str, current: bool) -> None:
        """What stands here from now on."""
        content = (shown, spoken.pinned if spoken else False, len(spoken.takes) if spoken else 0, colour, current)
        if content == self._content:
            return
        self._content, self.number = content, shown.line
        entry = shown.entry
        if shown.line is None:
            text = Text(f"({one_line(entry.text)})", style="italic dim")
        else:
            # The mark, not the colour alone, says which line is worked on.
            text = Text(f"{'▶' if current else ' '}{shown.line:>2} ")
            name = one_line(str(entry.speaker)).upper()
            text.append(name, style=f"bold {colour}" if is_colour(colour) else "bold")
            doing = views.frame(entry.act, entry.tone, entry.to)
            text.append(f" {one_line(doing)}" if doing else "", style="dim")
            if spoken is not None and len(spoken.takes) > 1:
                text.append(f" take {spoken.chosen + 1}/{len(spoken.takes)}", style="dim")
            if spoken is not None and spoken.pinned:
                text.append(" pinned", style="bold")
        said = Text(one_line(entry.text)) if shown.line is not None else Text("")
        self.set_class(current, "current")
        self.plain = f"{text.plain} {said.plain}".strip()
        self.update(Group(text, Padding(said, (0, 0, 0, 4))) if said else Padding(text, (0, 0, 0, 1)))

    def on_click(self) -> None:
        if self.number is not None:
            self.post_message(self.Chosen(self.number))


class Scene(VerticalScroll):
    """The scene as it plays. One line is the current one."""

    BINDINGS = [  # noqa: RUF012 - as Textual declares it
        Binding("up,k", "app.move(-1)", "line before", show=False),
        Binding("down,j", "app.move(1)", "line after", show=False),
        Binding("home", "app.move(-9999)", "first line", show=False),
        Binding("end", "app.move(9999)", "last line", show=False),
    ]

    can_focus = True

    def show(self, session: Session, current: int) -> None:
        """Bring the widgets into line with what is played: those that are as they were are not touched."""
        shown, lines = list(session.rehearsal.shown), session.branch.lines
        personas = session.production.personas
        colours = {personas[who].name: personas[who].colour for who in session.production.scenario.cast}
        widgets = list(self.query(Line))
        for surplus in widgets[len(shown) :]:
            surplus.remove()
        fresh = [Line() for _ in range(len(shown) - len(widgets))]
        for widget, each in zip([*widgets, *fresh], shown, strict=False):
            spoken = lines[each.line - 1] if each.line is not None and each.line <= len(lines) else None
            widget.show(each, spoken, colours.get(str(each.entry.speaker), ""), each.line == current)
        if fresh:
            self.mount_all(fresh)
        self.call_after_refresh(self.reveal, current)

    def reveal(self, current: int) -> None:
        """Have the current line on the screen; the last one with all that follows it."""
        lines = [widget for widget in self.query(Line) if widget.number is not None]
        if not lines or lines[-1].number == current:
            self.scroll_end(animate=False)
            return
        for widget in lines:
            if widget.number == current:
                widget.scroll_visible(animate=False)


class Panels(Widget):
    """Takes, what comes next, ties and tension, facts, sheets."""

    TABS = (("takes", "Takes"), ("next", "Next"), ("ties", "Ties"), ("facts", "Facts"), ("cast", "Cast"))

    def compose(self) -> ComposeResult:
        with TabbedContent(id="tabs"):
            with TabPane("Takes", id="takes"), VerticalScroll():
                yield Static(id="takes-head", markup=False)
                yield OptionList(id="takes-list", markup=False)
                yield Static(id="takes-why", markup=False)
            with TabPane("Next", id="next"), VerticalScroll():
                yield Static(id="next-head", markup=False)
                yield OptionList(id="next-list", markup=False)
                yield Static(id="next-frames", markup=False)
            with TabPane("Ties", id="ties"), VerticalScroll():
                yield Static(id="ties-text", markup=False)
            with TabPane("Facts", id="facts"), VerticalScroll():
                yield Static(id="facts-text", markup=False)
            with TabPane("Cast", id="cast"), VerticalScroll(), Vertical(id="cast-list"):
                yield Static(id="cast-text", markup=False)

    def show_takes(self, session: Session, number: int) -> None:
        """The takes of the current line, with their scores, and why the one that is said is as it is."""
        head, options = self.query_one("#takes-head", Static), self.query_one("#takes-list", OptionList)
        why = self.query_one("#takes-why", Static)
        options.clear_options()
        if not 1 <= number <= len(session.branch.lines):
            head.update("Nothing has been said yet.")
            why.update("")
            return
        first, *rest = views.takes(session, number)
        head.update(first)
        options.add_options([Text(each) for each in rest])
        line = session.line(number)
        options.highlighted = line.chosen
        why.update(Text("\n".join(views.reasons(line.take))))

    def show_next(self, session: Session, up: Upcoming | None) -> None:
        """The bids for the next turn; one that is chosen speaks."""
        lines = views.upcoming(session, up)
        bids = [bid.person for bid in up.turn.floor.bids[:8]] if up and up.turn else []
        self.query_one("#next-head", Static).update(Text(lines[0]))
        options = self.query_one("#next-list", OptionList)
        options.clear_options()
        options.add_options([Text(each) for each in lines[1 : 1 + len(bids)]])
        options.display = bool(bids)
        self.query_one("#next-frames", Static).update(Text("\n".join(lines[1 + len(bids) :])))

    def show_state(self, session: Session) -> None:
        """Relations, tension, facts and sheets as they stand."""
        bars, ties = "\n".join(views.tension_bars(session, 24)), "\n".join(views.relations(session, short=True))
        self._text("ties-text", f"tension\n{bars}\n\n{ties}")
        self._text("facts-text", "\n\n".join(views.threads(session)))
        cast: Sequence[str] = ["\n".join(views.cast(session, who)) for who in session.production.scenario.cast]
        self._text("cast-text", "\n\n".join(cast))

    def _text(self, name: str, text: str) -> None:
        self.query_one(f"#{name}", Static).update(Text("\n".join(printable(line) for line in text.split("\n"))))

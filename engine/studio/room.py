"""The writers' room on a screen (Textual): the scene, the takes of a line, what comes next, ties, facts and sheets.

Every action has a key and a place to click. What is done is done by the session, in a thread: the screen never waits.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.text import Text
from textual import work
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import OptionList, Static, TabbedContent
from watchfiles import watch

from engine.command import printable_lines
from engine.errors import StudioError, TelenovelaError
from engine.stage.steps import Given
from engine.studio import views
from engine.studio.dialogs import Ask, Help, Pick, SideBySide
from engine.studio.panels import Line, Panels, Scene
from engine.studio.plain import SUFFIXES, save
from engine.studio.rehearsal import Upcoming
from engine.studio.session import Event, Following, Session
from engine.text import one_line


@dataclass(frozen=True)
class Key:
    """A key, the action it does, its word in the footer, and what it does in a sentence."""

    key: str
    shown: str
    action: str
    word: str
    meaning: str


KEYS: tuple[Key, ...] = (
    Key("space", "space", "play", "play", "Play on, or pause after the line that is being made."),
    Key("n,right", "n", "step", "next", "The next line."),
    Key("r", "r", "again('keep')", "again", "Take the current line again; what follows stays as it is."),
    Key("f", "f", "five", "5 takes", "Take the current line again five times."),
    Key("R", "R", "again('replay')", "and after", "Take the current line again, and play all that follows anew."),
    Key("e", "e", "edit", "edit", "Other words for the current line."),
    Key("p", "p", "pin", "pin", "Keep the current line whatever comes before it, or no longer."),
    Key("d", "d", "note", "note", "A director's note for the next beat: let her confess; calmer; about the letter."),
    Key("b", "b", "branch", "branch", "Go on another way after the current line, and keep this way."),
    Key("w", "w", "ways", "ways", "The ways there are; work on another one."),
    Key("backspace", "bksp", "rewind", "back", "Go back to the current line: what follows it is taken away."),
    Key("a", "a", "part", "part", "Play a part yourself, or give it back."),
    Key("y", "y", "say", "say", "Say a line; it may begin with (furious, accuse, to Alma)."),
    Key("s", "s", "suggest", "suggest", "Five lines that she could say, to pick from."),
    Key("c", "c", "compare", "compare", "The last line with the old and the new sheets, side by side."),
    Key("u", "u", "undo", "undo", "Take the last action back."),
    Key("x", "x", "save", "save", "Save the scene as a file."),
    Key("question_mark", "?", "help", "help", "This page."),
    Key("q", "q", "quit", "quit", "Leave. All that was done is kept in the journal."),
)

PLAYING = "playing"
#: So many actions may be asked for while another one is going on.
QUEUE = 20
#: What is said meanwhile, the action, and what is done with what it gives.
Asked = tuple[str, Callable[[], Any], Callable[[Any], None] | None]

_STYLE = """
#title { height: 1; background: $primary; color: $text; padding: 0 1; }
#fault { height: auto; max-height: 6; background: $error; color: $text; padding: 0 1; display: none; }
#fault.shown { display: block; }
#body { height: 1fr; }
Scene { width: 1fr; border-right: solid $primary; scrollbar-size-vertical: 1; }
Scene:focus { border-right: heavy $accent; }
Line { height: auto; padding: 0 1 0 0; }
Line.current { background: $boost; text-style: bold; }
Panels { width: 38; }
#takes-list, #next-list { height: auto; max-height: 12; border: none; padding: 0; }
TabPane { padding: 0 0 0 1; }
Tab { padding: 0; margin: 0 1 0 0; }
#status { height: 1; padding: 0 1; background: $boost; }
#keys { height: auto; max-height: 4; padding: 0 1; background: $panel; }
Ask, Pick, SideBySide, Help { align: center middle; }
.dialog { width: 72; max-width: 95%; height: auto; max-height: 90%; border: round $accent; background: $surface; padding: 0 1; }
.dialog OptionList { height: auto; max-height: 14; border: none; }
.buttons { height: 1; }
.buttons Button { margin: 0 2 0 0; }
#sides { height: auto; }
.side { width: 1fr; height: auto; padding: 0 1; }
"""


class Footer(Static):
    """All keys with a word each; a click does what the key does. A key and its word are never torn apart."""

    def __init__(self) -> None:
        super().__init__(id="keys")

    def on_resize(self, event: Resize) -> None:
        rows, used = [""], 0
        for key in KEYS:
            width = len(f"{key.shown} {key.word}") + 1
            if used + width > self.size.width + 1:
                rows.append("")
                used = 0
            rows[-1] += f"[@click=app.{key.action}][b]{key.shown}[/b] {key.word}[/] "
            used += width
        self.update("\n".join(row.rstrip() for row in rows))


class Room(App[None]):
    """The room of one session."""

    TITLE = "Telenovela"
    CSS = _STYLE
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [  # noqa: RUF012 - as Textual declares it
        *(Binding(key.key, key.action, key.word, show=False) for key in KEYS),
        *(Binding(f"f{number + 2}", f"panel('{name}')", show=False) for number, (name, _) in enumerate(Panels.TABS)),
        *(Binding(str(number), f"take({number})", show=False) for number in range(1, 10)),
    ]

    def __init__(self, session: Session, watches: bool = True):
        super().__init__()
        self.session = session
        #: The number of the line that is worked on; 0 before the first.
        self.current = len(session.branch.lines)
        self.status = ""
        self.working = ""
        self._asked: deque[Asked] = deque()
        self._watches = watches
        self._left = threading.Event()
        self._upcoming: Upcoming | None = None
        self._home = threading.get_ident()
        session.listen(self._heard)

    def compose(self) -> ComposeResult:
        yield Static(id="title", markup=False)
        yield Static(id="fault", markup=False)
        with Horizontal(id="body"):
            yield Scene()
            yield Panels()
        yield Static(id="status", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        self._home = threading.get_ident()
        self.base.query_one(Scene).focus()
        self._show()
        said = self.session.journal.dropped or "space plays; ? lists the keys; --plain is this room for a screen reader"
        self._say(said)
        self._run("", self._look_ahead)
        self.set_interval(0.5, self._follow)
        if self._watches:
            self._watch()

    def on_unmount(self) -> None:
        self._left.set()
        self.session.pause()

    @property
    def base(self) -> Screen[Any]:
        """The screen under whatever is asked at the moment."""
        return self.screen_stack[0]

    # -- what is shown -------------------------------------------------------------------------------------------

    def _show(self) -> None:
        """Everything, as it stands now."""
        count = len(self.session.branch.lines)
        self.current = min(self.current, count) or min(1, count)
        self._title()
        self.base.query_one(Scene).show(self.session, self.current)
        panels = self.base.query_one(Panels)
        panels.show_takes(self.session, self.current)
        panels.show_state(self.session)

    def _title(self) -> None:
        session, count = self.session, len(self.session.branch.lines)
        parts = [session.production.scenario.title, session.script.current, f"line {self.current} of {count}"]
        if session.branch.part is not None:
            parts.append(f"you play {session.name(session.branch.part)}")
        if session.over:
            parts.append("over")
        self.base.query_one("#title", Static).update(Text(one_line("  ".join(parts))))

    def _say(self, text: str) -> None:
        """Something to read, in the line above the keys."""
        self.status = one_line(text)
        self.base.query_one("#status", Static).update(Text(self.status))

    def _heard(self, event: Event) -> None:
        """What the session tells, in whichever thread: the screen shows it before anything else happens."""
        up = None
        if event.kind == "changed":
            up = self.session.upcoming()
        if threading.get_ident() == self._home:
            self._told(event, up)
        elif self.is_running and not self._left.is_set():
            self.call_from_thread(self._told, event, up)

    def _told(self, event: Event, up: Upcoming | None) -> None:
        if event.kind == "changed":
            was = len([line for line in self.base.query(Line) if line.number is not None])
            if event.at or self.current == was:
                self.current = len(self.session.branch.lines)
            self._upcoming = up
            self._show()
            self.base.query_one(Panels).show_next(self.session, up)
        elif event.kind == "ended":
            self._show()
            self.base.query_one(Panels).show_next(self.session, None)
            self._say(f"The scene is over: {event.text}.")
        elif event.kind == "yours":
            self._say(f"It is the turn of {self.session.name(event.text)}: y says a line, s suggests five")
        elif event.kind == "fault":
            fault = self.base.query_one("#fault", Static)
            # From the troupe's folder: a long path would take the room that the sentence needs.
            root = f"{self.session.sheets.theatre.troupe.root}{os.sep}"
            fault.update(Text(printable_lines(event.text.replace(root, ""))))
            fault.add_class("shown")
            self._say("a sheet has a fault; the last good one stays")
        else:
            self.base.query_one("#fault", Static).remove_class("shown")
            self._say(event.text)

    # -- doing ---------------------------------------------------------------------------------------------------

    def _run(self, what: str, action: Callable[[], Any], then: Callable[[Any], None] | None = None) -> None:
        """Do something with the session in a thread: one thing at a time, in the order asked for. Playing pauses for it."""
        if self.working:
            if len(self._asked) < QUEUE:
                self._asked.append((what, action, then))
            self.session.pause()
            return
        self.working = what or "a moment"
        if what:
            self._say(f"{what} ...")
        self._work(what, action, then)

    @work(thread=True)
    def _work(self, what: str, action: Callable[[], Any], then: Callable[[Any], None] | None) -> None:
        try:
            found, error = action(), ""
        except (TelenovelaError, OSError) as mistake:
            found, error = None, str(mistake)
        if self.is_running and not self._left.is_set():
            self.call_from_thread(self._done, what, found, error, then)

    def _done(self, what: str, found: Any, error: str, then: Callable[[Any], None] | None) -> None:
        self.working = ""
        if self.status == f"{what} ...":
            self._say("")
        if error:
            self._say(error)
        elif then is not None:
            then(found)
        if self._asked and not self.working:
            self._run(*self._asked.popleft())

    def _look_ahead(self) -> None:
        self._upcoming = self.session.upcoming()
        self.call_from_thread(self.base.query_one(Panels).show_next, self.session, self._upcoming)

    def _line(self) -> int:
        """The current line. Raises StudioError when nothing has been said."""
        self.session.line(self.current)
        return self.current

    def _with_line(self, what: str, action: Callable[[int], Any], then: Callable[[Any], None] | None = None) -> None:
        try:
            number = self._line()
        except StudioError as error:
            self._say(str(error))
            return
        self._run(what, lambda: action(number), then)

    # -- actions: the scene --------------------------------------------------------------------------------------

    def action_play(self) -> None:
        if self.working == PLAYING:
            self.session.pause()
            self._say("pausing after this line")
        else:
            self._run(PLAYING, self.session.play)

    def action_step(self, who: str | None = None) -> None:
        self._run("the next line", lambda: self.session.step(who))

    def action_move(self, by: int) -> None:
        count = len(self.session.branch.lines)
        self._go(max(min(1, count), min(count, self.current + by)))

    def _go(self, number: int) -> None:
        self.current = number
        self.base.query_one(Scene).show(self.session, number)
        self.base.query_one(Panels).show_takes(self.session, number)
        self._title()

    def on_line_chosen(self, message: Line.Chosen) -> None:
        self._go(message.number)

    # -- actions: takes ------------------------------------------------------------------------------------------

    def action_again(self, following: Following) -> None:
        line = self.current
        # What is played anew is not what is worked on.
        self._with_line("another take", lambda at: self.session.retake(at, 1, following), lambda _: self._go(line))

    def action_five(self) -> None:
        self._with_line("five takes", lambda number: self.session.retake(number, 5))

    def action_take(self, take: int) -> None:
        self._with_line("", lambda number: self.session.choose(number, take))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        if event.option_list.id == "takes-list":
            self.action_take(event.option_index + 1)
        elif event.option_list.id == "next-list" and self._upcoming and self._upcoming.turn:
            self.action_step(self._upcoming.turn.floor.bids[event.option_index].person)

    def action_edit(self) -> None:
        def ask(found: tuple[int, str]) -> None:
            number, text = found

            def reworded(other: str | None) -> None:
                if other is not None and other != text:
                    self._run("", lambda: self.session.edit(number, other))

            self.push_screen(Ask(f"Line {number} in other words", text), reworded)

        self._with_line("", lambda number: (number, self.session.line(number).given.text), ask)

    def action_pin(self) -> None:
        self._with_line("", self.session.pin, lambda on: self._say("pinned" if on else "not pinned any more"))

    def action_compare(self) -> None:
        def shown(found: tuple[Given, Given]) -> None:
            old, new = found
            self.push_screen(SideBySide(_told_take(self.session, old), _told_take(self.session, new)), chosen)

        def chosen(which: str | None) -> None:
            if which == "old":
                self._run("", lambda: self.session.choose(number, len(self.session.line(number).takes) - 1))

        number = len(self.session.branch.lines)
        self._run("the last line, by both sheets", lambda: self.session.compare(number), shown)

    # -- actions: playing a part ---------------------------------------------------------------------------------

    def action_part(self) -> None:
        cast = self.session.production.scenario.cast

        def taken(number: int | None) -> None:
            if number is not None:
                who = cast[number - 1] if number else None
                self._run("", lambda: self.session.play_as(who))

        self.push_screen(Pick("Whom do you play?", ["nobody", *map(self.session.name, cast)]), taken)

    def action_say(self) -> None:
        def speak(who: str | None) -> None:
            def said(text: str | None) -> None:
                if text:
                    self._run("saying it", lambda: self.session.speak_as(text, who))

            self.push_screen(
                Ask(
                    f"{self.session.name(who or self.session.branch.part)} says",
                    "",
                    "(furious, to Alma) Give it to me!",
                ),
                said,
            )

        self._as_whom(speak)

    def action_suggest(self) -> None:
        def suggest(who: str | None) -> None:
            found: list[Given] = []
            pick = Pick(f"{self.session.name(who or self.session.branch.part)} could say")

            def offered(given: Given) -> None:
                found.append(given)
                if pick.is_attached:
                    pick.offer(_told_take(self.session, given))

            def ask() -> None:
                for given in _until(self.session.suggest(5, who), lambda: pick.is_attached or not found):
                    self.call_from_thread(offered, given)

            def picked(number: int | None) -> None:
                if number is not None:
                    self._run("saying it", lambda: self.session.say(found[number]))

            self.push_screen(pick, picked)
            self._run("suggestions", ask)

        self._as_whom(suggest)

    def _as_whom(self, then: Callable[[str | None], None]) -> None:
        """Go on with the part that is played; without one, ask for whom."""
        if self.session.branch.part is not None:
            then(None)
            return
        state = self.session.rehearsal.stage.state
        here = [who for who in self.session.production.scenario.cast if who in state.present]

        def chosen(number: int | None) -> None:
            if number is not None:
                then(here[number])

        self.push_screen(Pick("Who speaks?", [self.session.name(who) for who in here]), chosen)

    def action_note(self) -> None:
        def noted(text: str | None) -> None:
            if text is not None:
                self._run("", lambda: self.session.note(text), lambda said: self._say(f"note: {said}"))

        self.push_screen(
            Ask("A note for the next beat (empty: take the notes back)", "", "let her confess; calmer"), noted
        )

    # -- actions: ways -------------------------------------------------------------------------------------------

    def action_branch(self) -> None:
        self._with_line(
            "", self.session.branch_off, lambda name: self._say(f"this is '{name}' now; w goes back to the other way")
        )

    def action_ways(self) -> None:
        branches = self.session.script.branches

        def chosen(number: int | None) -> None:
            if number is not None:
                self._run("", lambda: self.session.switch(list(branches)[number]))

        self.push_screen(
            Pick("Which way?", [f"{name}, {len(branch.lines)} lines" for name, branch in branches.items()]), chosen
        )

    def action_rewind(self) -> None:
        self._with_line("", self.session.rewind)

    def action_undo(self) -> None:
        self._run("", self.session.undo)

    # -- actions: the rest ---------------------------------------------------------------------------------------

    def action_panel(self, name: str) -> None:
        self.base.query_one("#tabs", TabbedContent).active = name

    def action_save(self) -> None:
        def saved(name: str | None) -> None:
            if name:
                self._run("saving", lambda: save(self.session, Path(name)), lambda path: self._say(f"saved in {path}"))

        self.push_screen(Ask(f"Save the scene as ({SUFFIXES})", f"{self.session.scene.stem}.fountain"), saved)

    def action_help(self) -> None:
        rows = [f"{key.shown:6} {key.meaning}" for key in KEYS]
        rows += ["up down The line before, the line after; or click it.", "1-9    Have that take said; or click it."]
        rows += ["F2-F6  Takes, next turn, ties and tension, facts, cast sheets; or click the tab."]
        rows += ["enter  In a panel: have that take said; have that person speak next."]
        self.push_screen(Help("\n".join(rows)))

    # -- other writers, and the sheets ---------------------------------------------------------------------------

    def _follow(self) -> None:
        if not self.working and self.session.behind:
            self._run("", self.session.follow)

    @work(thread=True)
    def _watch(self) -> None:
        """Read the sheets again when one is saved."""
        root = self.session.sheets.theatre.troupe.root
        folders = {root / "cast", root / "scenes", self.session.scene.resolve().parent}
        for changes in watch(*folders, stop_event=self._left, recursive=False, rust_timeout=500, debounce=200):
            if any(path.endswith(".yaml") for _, path in changes):
                self.session.reload()


def _told_take(session: Session, given: Given) -> str:
    doing = views.frame(given.frame.act, given.frame.tone, session.name(given.to))
    return one_line(f"({doing}) {given.text}")


def _until(found: Iterator[Given], wanted: Callable[[], bool]) -> Iterator[Given]:
    """As long as somebody wants them."""
    for each in found:
        if not wanted():
            return
        yield each

"""The writers' room without a screen of its own: a command a line, an answer in plain lines. The equal of the other room.

For screen readers, for pipes, and for whoever likes to type. Every action of the room is here, by name.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from engine.errors import StudioError, TelenovelaError
from engine.screen import export, relation_map
from engine.stage.steps import Given
from engine.studio import views
from engine.studio.session import Event, Following, Session
from engine.text import nearest, one_line, printable

#: What the scene is saved as, and its map.
SUFFIXES = ", ".join([*export.FORMATS, *(f"{suffix}: the map" for suffix in relation_map.FORMATS)])


@dataclass(frozen=True)
class Command:
    """A command: how it is written, and what it does."""

    usage: str
    meaning: str
    do: Callable[[list[str]], None]


class PlainRoom:
    """Reads commands and writes answers. Says each line of the scene as it is spoken, and each change by its number."""

    def __init__(self, session: Session, out: IO[str]):
        self.session, self.out = session, out
        self._told: list[str] = []
        self._suggested: list[Given] = []
        self._stamp = stamp(session)
        self.commands = {command.usage.split()[0]: command for command in self._commands()}
        session.listen(self._heard)

    def run(self, lines: Iterable[str]) -> None:
        """Until the lines end, or one of them is `quit`."""
        self._heard(Event("changed"))
        self.say("Type help for the commands, or play.")
        for line in lines:
            if not self.command(line):
                return

    def command(self, line: str) -> bool:
        """Do one command; errors are sentences. False when it ends the session."""
        words = line.strip().split(maxsplit=1)
        if not words:
            return True
        name, rest = words[0].casefold(), words[1:] or [""]
        if name in {"quit", "q", "exit"}:
            return False
        try:
            self._look_at_sheets()
            self.session.follow()
            if name not in self.commands:
                raise StudioError(f"'{one_line(name)}' is no command{nearest(name, self.commands)}; help lists them")
            self.commands[name].do(rest)
        except (TelenovelaError, OSError) as error:
            self.say(f"! {error}")
        return True

    def say(self, *lines: str) -> None:
        for line in lines:
            for part in line.split("\n"):
                print(printable(part), file=self.out)
        self.out.flush()

    # -- events --------------------------------------------------------------------------------------------------

    def _heard(self, event: Event) -> None:
        if event.kind == "changed":
            self._changed()
        elif event.kind == "ended":
            self.say(f"(The scene is over: {event.text}.)")
        elif event.kind == "yours":
            self.say(f"It is the turn of {self.session.name(event.text)}: say TEXT, or suggest.")
        else:
            self.say(f"! {event.text}" if event.kind == "fault" else event.text)

    def _changed(self) -> None:
        """Say what is new or other than it was; what is as it was is not read out again."""
        now = [views.shown_line(each) for each in self.session.rehearsal.shown]
        if len(now) < len(self._told) and now == self._told[: len(now)]:
            self.say(f"(Back to: {now[-1] if now else 'the beginning'})")
        self.say(*(line for number, line in enumerate(now) if line not in self._told[number : number + 1]))
        self._told = now

    def _look_at_sheets(self) -> None:
        now = stamp(self.session)
        if now != self._stamp:
            self._stamp = now
            self.session.reload()

    # -- commands ------------------------------------------------------------------------------------------------

    def _commands(self) -> list[Command]:
        session = self.session
        return [
            Command("play [LINES]", "play on, to the end or so many lines", self._play),
            Command("step [WHO]", "the next line, or one of WHO", lambda rest: self._step(rest[0])),
            Command("again LINE [TIMES] [replay]", "take a line again; replay: and all that follows", self._again),
            Command("takes LINE", "the takes of a line", lambda rest: self.say(*views.takes(session, number(rest[0])))),
            Command("take LINE NUMBER [replay]", "have another take said", self._take),
            Command("why LINE", "why a line is as it is", self._why),
            Command("edit LINE TEXT", "other words for a line", self._edit),
            Command("pin LINE", "keep a line whatever comes before it, or no longer", self._pin),
            Command("note [TEXT]", "a director's note: let her confess; calmer; about the letter", self._note),
            Command("back LINE", "take away what follows a line, and go on another way", self._back),
            Command("branch LINE [NAME]", "go on another way, and keep this one", self._branch),
            Command("branches", "the ways there are", self._branches),
            Command("switch NAME", "work on another one", lambda rest: session.switch(rest[0])),
            Command("as [WHO]", "play a part yourself; without WHO, give it back", self._as),
            Command("say TEXT", "say a line; it may begin (furious, accuse, to Alma)", lambda rest: self._say(rest[0])),
            Command("suggest [WHO]", "five lines that she could say", self._suggest),
            Command("pick NUMBER", "say one of them", self._pick),
            Command("next", "who bids for the next turn, and what she may do", self._next),
            Command("relations", "what they are to each other, and the tension", self._relations),
            Command("threads", "who knows what, and what is open", lambda rest: self.say(*views.threads(session))),
            Command("cast [WHO]", "the values of a sheet that one hears", self._cast),
            Command("compare [LINE]", "a line with the old and the new sheets", self._compare),
            Command("show", "the scene so far", self._show),
            Command("save FILE", f"save the scene ({SUFFIXES})", self._save),
            Command("undo", "take the last action back", lambda rest: session.undo()),
            Command("help", "this list", self._help),
        ]

    def _play(self, rest: list[str]) -> None:
        self.session.play(number(rest[0]) if rest[0] else None)

    def _step(self, who: str) -> None:
        self.session.step(self.session.who(who) if who else None)

    def _again(self, rest: list[str]) -> None:
        words, following = _following(rest[0])
        times = number(words[1]) if len(words) > 1 else 1
        self.session.retake(number(words[0] if words else ""), times, following)
        self.say(*views.takes(self.session, number(words[0])))

    def _take(self, rest: list[str]) -> None:
        words, following = _following(rest[0])
        if len(words) != 2:
            raise StudioError("write take, the number of the line, and the number of the take: take 7 2")
        self.session.choose(number(words[0]), number(words[1]), following)

    def _why(self, rest: list[str]) -> None:
        self.say(*views.reasons(self.session.line(number(rest[0])).take))

    def _edit(self, rest: list[str]) -> None:
        words = rest[0].split(maxsplit=1)
        line = self.session.line(number(words[0] if words else ""))
        if len(words) == 1:
            self.say(line.given.text)
        else:
            self.session.edit(number(words[0]), words[1])

    def _pin(self, rest: list[str]) -> None:
        on = self.session.pin(number(rest[0]))
        self.say(f"(Line {rest[0]} is {'pinned' if on else 'not pinned any more'}.)")

    def _note(self, rest: list[str]) -> None:
        self.say(f"(Note: {self.session.note(rest[0])})")

    def _back(self, rest: list[str]) -> None:
        self.session.rewind(number(rest[0]))

    def _branch(self, rest: list[str]) -> None:
        words = rest[0].split(maxsplit=1)
        name = self.session.branch_off(number(words[0] if words else ""), words[1] if len(words) > 1 else "")
        self.say(f"(This is '{name}' now; play goes on.)")

    def _branches(self, rest: list[str]) -> None:
        for name, branch in self.session.script.branches.items():
            self.say(f"{'>' if name == self.session.script.current else ' '} {name}: {len(branch.lines)} lines")

    def _as(self, rest: list[str]) -> None:
        self.session.play_as(rest[0] or None)
        self.say(f"(You play {self.session.name(self.session.branch.part) or 'nobody'}.)")

    def _say(self, text: str) -> None:
        self.session.speak_as(text)

    def _suggest(self, rest: list[str]) -> None:
        self._suggested = []
        for given in self.session.suggest(who=rest[0] or None):
            self._suggested.append(given)
            doing = views.frame(given.frame.act, given.frame.tone, self.session.name(given.to))
            self.say(f"{len(self._suggested)} ({doing}) {given.text}")

    def _pick(self, rest: list[str]) -> None:
        at = number(rest[0])
        if not 1 <= at <= len(self._suggested):
            raise StudioError("no such suggestion: type suggest first")
        self.session.say(self._suggested[at - 1])

    def _next(self, rest: list[str]) -> None:
        self.say(*views.upcoming(self.session, self.session.upcoming()))

    def _relations(self, rest: list[str]) -> None:
        self.say(*views.relations(self.session), *views.tension_bars(self.session))

    def _cast(self, rest: list[str]) -> None:
        people = [self.session.who(rest[0])] if rest[0] else self.session.production.scenario.cast
        for who in people:
            self.say(*views.cast(self.session, who))

    def _compare(self, rest: list[str]) -> None:
        at = number(rest[0]) if rest[0] else len(self.session.branch.lines)
        old, new = self.session.compare(at)
        self.say(f"old sheet: {old.text}", f"new sheet: {new.text}")

    def _show(self, rest: list[str]) -> None:
        self.say(*self._told)

    def _save(self, rest: list[str]) -> None:
        words = shlex.split(rest[0]) if rest[0] else []
        if not words:
            raise StudioError("write save and the name of a file: save party.fountain")
        save(self.session, Path(words[0]))
        self.say(f"(Saved in {words[0]}.)")

    def _help(self, rest: list[str]) -> None:
        self.say(*(f"{command.usage:30} {command.meaning}" for command in self.commands.values()), "quit")


def number(text: str) -> int:
    """A number that was typed. Raises StudioError."""
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise StudioError(
            f"'{one_line(text)[:40]}' is not a number of a line" if text else "which line? give its number"
        )
    return int(text)


def save(session: Session, path: Path) -> Path:
    """Save the scene, or by its suffix the map of its relations. Raises TelenovelaError, NotWritten."""
    if path.suffix.lower() in relation_map.FORMATS:
        export.write_map(session.performance(), path)
    else:
        export.check(path)
        personas = session.production.personas
        colours = {personas[who].name: personas[who].colour for who in session.production.scenario.cast}
        export.write(session.performance(), path, colours)
    return path


def stamp(session: Session) -> tuple[tuple[str, int], ...]:
    """The sheets' files and when each was written last."""
    root = session.sheets.theatre.troupe.root
    files = [*sorted((root / "cast").glob("*.yaml")), *sorted((root / "scenes").glob("*.yaml")), session.scene]
    found = []
    for file in files:
        try:
            found.append((str(file), os.stat(file).st_mtime_ns))
        except OSError:
            found.append((str(file), 0))
    return tuple(found)


def _following(text: str) -> tuple[list[str], Following]:
    words = text.split()
    return (words[:-1], "replay") if words[-1:] == ["replay"] else (words, "keep")

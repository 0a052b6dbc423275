"""What a writer has made of a scene: branches of lines, each with its takes. Immutable; knows no stage and no file.

Every action is an entry of plain JSON data, and `apply` says what it does: the same entries give the same script.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from engine.errors import ScriptError
from engine.stage.steps import Given

#: The branch that a session begins with.
MAIN = "main"
#: Takes of one line that have seeds of their own, before those of another way of playing it begin.
WAYS = 1000

By = Literal["script", "voice", "suggestion", "writer", "old sheet", "new sheet"]
Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Recorded:
    """One take of a line: the line, who made it, and the director's note it was played under."""

    given: Given
    by: By = "voice"
    note: str = ""


@dataclass(frozen=True)
class Spoken:
    """A line of the scene: its takes, which of them is said (counted from 0), and whether it stays whatever comes before."""

    takes: tuple[Recorded, ...]
    chosen: int = 0
    pinned: bool = False

    @property
    def take(self) -> Recorded:
        return self.takes[self.chosen]

    @property
    def given(self) -> Given:
        return self.take.given


@dataclass(frozen=True)
class Note:
    """A director's note, given when `at` lines were spoken. It holds for the beat of the next line."""

    text: str
    at: int


@dataclass(frozen=True)
class Branch:
    """One way in which the scene goes. `waiting` are pinned lines, by their number from 0, that have not come again yet;
    `way` sets its random choices apart from those of other ways; `part` is whom the writer plays."""

    lines: tuple[Spoken, ...] = ()
    waiting: Mapping[int, Spoken] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    way: int = 0
    part: str | None = None

    def cut(self, count: int) -> Branch:
        """Only the first `count` lines; pinned ones among the others will come again at their places."""
        after = {number: line for number, line in enumerate(self.lines) if number >= count and line.pinned}
        notes = tuple(note for note in self.notes if note.at <= count)
        return replace(self, lines=self.lines[:count], waiting={**self.waiting, **after}, notes=notes)

    def put(self, number: int, line: Spoken) -> Branch:
        """Another line in the place of one (counted from 0)."""
        return replace(self, lines=(*self.lines[:number], line, *self.lines[number + 1 :]))


@dataclass(frozen=True)
class Script:
    """All branches, and the one that is worked on."""

    branches: Mapping[str, Branch] = field(default_factory=lambda: {MAIN: Branch()})
    current: str = MAIN

    @property
    def branch(self) -> Branch:
        return self.branches[self.current]

    def with_branch(self, branch: Branch, name: str = "") -> Script:
        """With a branch as it is now; the one that is worked on, if no other is named."""
        name = name or self.current
        return Script({**self.branches, name: branch}, name)

    def another_way(self) -> int:
        return 1 + max(branch.way for branch in self.branches.values())


def apply(script: Script, entry: Entry) -> Script:
    """The script after an entry. Raises ScriptError for an entry that is none, or that does not fit."""
    try:
        return _apply(script, entry)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise ScriptError(f"not an entry that fits here: {type(error).__name__}: {error}") from error


def changes(entry: Entry) -> bool:
    """Whether an entry does something to the script: the others only tell what happened."""
    return entry.get("do") not in {"begin", "sheets"}


def _apply(script: Script, entry: Entry) -> Script:
    branch, do = script.branch, entry["do"]
    if not changes(entry):
        return script
    if do == "line":
        line = Spoken((recorded(entry["take"]),))
        waiting = {number: each for number, each in branch.waiting.items() if number != len(branch.lines)}
        return script.with_branch(replace(branch, lines=(*branch.lines, line), waiting=waiting))
    if do == "again":
        waiting = dict(branch.waiting)
        line = waiting.pop(len(branch.lines))
        return script.with_branch(replace(branch, lines=(*branch.lines, line), waiting=waiting))
    if do in {"take", "choose"}:
        number, line = _line(branch, entry)
        if do == "take":
            line = replace(line, takes=(*line.takes, recorded(entry["take"])), chosen=len(line.takes))
        else:
            line = replace(line, chosen=_within(entry["take"], 1, len(line.takes)) - 1)
        changed = branch.put(number, line)
        return script.with_branch(changed.cut(number + 1) if entry.get("following") == "replay" else changed)
    if do == "pin":
        number, line = _line(branch, entry)
        return script.with_branch(branch.put(number, replace(line, pinned=bool(entry["on"]))))
    if do == "note":
        notes = (*branch.notes, Note(str(entry["text"]), len(branch.lines))) if entry["text"] else ()
        return script.with_branch(replace(branch, notes=notes))
    if do == "part":
        return script.with_branch(replace(branch, part=entry["who"]))
    if do == "switch":
        return replace(script, current=entry["name"] if entry["name"] in script.branches else _none(entry["name"]))
    cut = replace(branch.cut(_within(entry["line"], 0, len(branch.lines))), way=script.another_way())
    if do == "rewind":
        return script.with_branch(cut)
    if do == "branch":
        return script.with_branch(cut, str(entry["name"]))
    raise ValueError(f"'{do}' is nothing that is done here")


def _line(branch: Branch, entry: Entry) -> tuple[int, Spoken]:
    number = _within(entry["line"], 1, len(branch.lines)) - 1
    return number, branch.lines[number]


def _within(number: int, low: int, high: int) -> int:
    if not isinstance(number, int) or not low <= number <= high:
        raise ValueError(f"{number!r} is not from {low} to {high}")
    return number


def _none(name: str) -> str:
    raise ValueError(f"there is no branch '{name}'")


def recorded(data: Any) -> Recorded:
    """The take of an entry. Raises ValueError."""
    try:
        return _adapter().validate_python(data)
    except ValidationError as error:
        raise ValueError(str(error).splitlines()[0]) from error


def to_data(take: Recorded) -> dict[str, Any]:
    """A take as plain JSON data; what is empty is left out."""
    return dict(_adapter().dump_python(take, mode="json", exclude_defaults=True))


@cache
def _adapter() -> TypeAdapter[Recorded]:
    return TypeAdapter(Recorded)


class History:
    """The script after each action, so that the last one can be taken back. `number` is the last action's."""

    def __init__(self) -> None:
        self.script = Script()
        self.number = 0
        self._before: list[tuple[int, Script]] = []

    def apply(self, entry: Entry) -> None:
        """Take an entry in. Entries of one action (a line taken again, and all that is played anew after it) are taken
        back together. Raises ScriptError."""
        number = entry.get("action", 0)
        if not isinstance(number, int):
            raise ScriptError("the number of an action is a whole number")
        if entry.get("do") == "undo":
            if not self._before:
                raise ScriptError("there is nothing to take back")
            _, self.script = self._before.pop()
        elif changes(entry):
            after = apply(self.script, entry)
            if not self._before or self._before[-1][0] != number:
                self._before.append((number, self.script))
            self.script = after
        self.number = max(self.number, number)

    @property
    def can_undo(self) -> bool:
        return bool(self._before)

"""A session of the writers' room without a screen: a scene that is played, taken again, edited and branched.

Each action is written to the journal before anybody hears of it; journal and files give the same scene again. Listeners
(room, plain room, page) are told what changed. Generates in the thread that calls; one action at a time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from engine import __version__
from engine.errors import ScriptError, StudioError, TelenovelaError
from engine.files import digest
from engine.performance import Performance
from engine.speech.tagging import Tagger
from engine.stage.production import Theatre
from engine.stage.steps import Given, Take
from engine.stage.world import Production, Speaker
from engine.studio import notes, typed
from engine.studio.journal import Journal
from engine.studio.rehearsal import Rehearsal, Upcoming, ids
from engine.studio.script import WAYS, Branch, By, History, Recorded, Script, Spoken, to_data
from engine.text import nearest, one_line
from engine.troupe import Troupe
from engine.voices.registry import BASE

Following = Literal["keep", "replay"]
Agents = Callable[[Troupe], Mapping[str, Speaker]]
#: Where suggestions have their random choices, among those of a line's takes.
SUGGESTED = WAYS // 2
#: The most takes that are asked for at once.
MOST_TAKES = 50


@dataclass(frozen=True)
class Event:
    """Something that listeners are told: what was done (`changed`: the scene is another one from entry `at` on), that the
    scene `ended`, whose turn it is to be played by the writer (`yours`), or something to read (`told`, `fault`)."""

    kind: Literal["changed", "ended", "yours", "told", "fault", "sheets"]
    text: str = ""
    at: int = 0


@dataclass(frozen=True)
class Sheets:
    """The sheets of the troupe as they were read once, and the scene with them."""

    theatre: Theatre
    production: Production


class Session:
    """One scene of a troupe, in one journal.

    Raises AuthoredError and VoiceError for a scene that cannot be played, StudioError for a journal of another one; actions
    raise StudioError, with a sentence, and then nothing was done.
    """

    def __init__(
        self,
        scene: Path,
        journal: Journal,
        seed: int = 1,
        turns: int | None = None,
        arc: str | None = None,
        agents: Agents | None = None,
    ):
        self.scene, self.journal = scene, journal
        self._agents = agents
        self._lock = threading.RLock()
        self._paused = threading.Event()
        self._listeners: list[Callable[[Event], None]] = []
        self._history = History()
        #: The action that is done, and how many lines there were before it.
        self._action, self._count = 0, 0
        self._faulty = False
        self.begun: Mapping[str, Any] = {
            "journal": 1, "version": __version__, "scene": scene.stem, "seed": seed, "turns": turns, "arc": arc,
        }  # fmt: skip
        with journal.held() as entries:
            for entry in entries:
                self._take_in(entry)
            #: What is played with: the sheets as they are, and as they were before they were last changed.
            self.sheets = self._read(Theatre(Troupe.around(scene)))
            self.before: Sheets | None = None
            self.rehearsal = self._rehearsed()
            if not entries:
                journal.append({"action": 0, "do": "begin", **self.begun})

    # -- what stands ---------------------------------------------------------------------------------------------

    @property
    def script(self) -> Script:
        return self._history.script

    @property
    def branch(self) -> Branch:
        return self.script.branch

    @property
    def production(self) -> Production:
        return self.sheets.production

    @property
    def seed(self) -> int:
        return int(self.begun["seed"])

    @property
    def over(self) -> bool:
        return self.rehearsal.place is None

    @property
    def can_undo(self) -> bool:
        return self._history.can_undo

    def line(self, number: int) -> Spoken:
        """A line by its number from 1. Raises StudioError."""
        if not 1 <= number <= len(self.branch.lines):
            some = len(self.branch.lines)
            there = f"there are lines 1 to {some}" if some else "nothing has been said yet"
            raise StudioError(f"there is no line {number}: {there}")
        return self.branch.lines[number - 1]

    def performance(self) -> Performance:
        """What was played, as every export takes it."""
        return self.rehearsal.stage.performance()

    def upcoming(self) -> Upcoming | None:
        """What comes next, before it is spoken; None when the scene is over."""
        with self._lock:
            there = self.rehearsal.place is not None and not self.rehearsal.place.ends
            return (self.rehearsal if there else self._rehearsed()).upcoming()

    def who(self, name: str) -> str:
        """A person of the scene by the name of the sheet or the one that is shown. Raises StudioError."""
        people = ids(self.production)
        if name.casefold() not in people:
            raise StudioError(f"there is no '{one_line(name)}' in this scene{nearest(name, people)}")
        return people[name.casefold()]

    def name(self, who: str | None) -> str:
        return self.rehearsal.name(who)

    # -- playing -------------------------------------------------------------------------------------------------

    def step(self, who: str | None = None) -> bool:
        """The next line, or one of `who`. False when the scene is over, or when it is the writer's turn."""
        with self._acting():
            return self._step(who)

    def play(self, lines: int | None = None) -> int:
        """Lines, until `lines` were spoken, the scene is over, the writer's turn comes, or somebody pauses. How many."""
        self._paused.clear()
        count = 0
        while (lines is None or count < lines) and not self._paused.is_set():
            if not self.step():
                break
            count += 1
            # Whoever waits for the session gets it between two lines.
            time.sleep(0.001)
        return count

    def pause(self) -> None:
        """`play` stops after the line that is being made. From any thread."""
        self._paused.set()

    # -- takes ---------------------------------------------------------------------------------------------------

    def retake(self, number: int, count: int = 1, following: Following = "keep", note: str = "") -> None:
        """Take a line again, `count` times, under a note if there is one; the last take is said from now on.

        The lines before it stay. Those after it stay too, or are played anew.
        """
        if not 1 <= count <= MOST_TAKES:
            raise StudioError(f"{count} takes: ask for 1 to {MOST_TAKES} at once")
        with self._acting():
            line = self._loose(number)
            asked = notes.read(note, self.production) if note else None
            rehearsal = self._at(number)
            first = line.takes[0].given
            for extra in range(count):
                again = self.branch.way * WAYS + len(line.takes) + extra
                take = rehearsal.take(again, first.speaker, first.to, first.between)
                if asked is not None:
                    leaning = notes.Leaning(take.leaning, take.about).and_then(asked.leaning)
                    take = _under(take, leaning)
                given = rehearsal.generated(take)
                last = extra == count - 1
                self._record(number, given, "voice", following if last else "keep", note)
            self._play_on(following, number)

    def choose(self, number: int, take: int, following: Following = "keep") -> None:
        """Have another take of a line said (both from 1)."""
        with self._acting():
            line = self.line(number)
            if not 1 <= take <= len(line.takes):
                raise StudioError(f"line {number} has takes 1 to {len(line.takes)}, and no take {take}")
            self._do({"do": "choose", "line": number, "take": take, "following": following})
            self._play_on(following, number)

    def edit(self, number: int, text: str, following: Following = "keep") -> None:
        """Other words for a line: a take of its own, that does what the line did."""
        with self._acting():
            line = self.line(number)
            given = typed.reworded(text, line.given, self._at(number))
            self._record(number, given, "writer", following)
            self._play_on(following, number)

    def pin(self, number: int, on: bool | None = None) -> bool:
        """Keep a line whatever is done before it (or no longer). Whether it is pinned now."""
        with self._acting():
            on = not self.line(number).pinned if on is None else on
            self._do({"do": "pin", "line": number, "on": on})
            return on

    # -- the writer plays ----------------------------------------------------------------------------------------

    def play_as(self, who: str | None) -> None:
        """Take a part: its lines are the writer's from now on. None gives it back."""
        with self._acting():
            self._do({"do": "part", "who": None if who is None else self.who(who)})

    def suggest(self, count: int = 5, who: str | None = None) -> Iterator[Given]:
        """Lines that she could say now, in her own voice, one by one; `say` speaks one."""
        who = self._part(who)
        with self._lock:
            rehearsal = self._rehearsed()
        seen: set[str] = set()
        for number in range(4 * count):
            given = rehearsal.generated(rehearsal.take(self.branch.way * WAYS + SUGGESTED + number, who))
            if given.text not in seen:
                seen.add(given.text)
                yield given
            if len(seen) == count:
                return

    def say(self, given: Given, by: By = "suggestion") -> None:
        """Have a line spoken now."""
        with self._acting():
            # Whose turn it is may have changed since the line was made.
            now = self.rehearsal.take(0, given.speaker)
            self._speak(replace(given, between=now.between), by)

    def speak_as(self, text: str, who: str | None = None) -> None:
        """Say a line oneself, as `who` or as the part that is played; it may begin with `(furious, accuse, to Alma)`."""
        with self._acting():
            self._speak(typed.read(text, self._part(who), self.rehearsal, self._tagger), "writer")

    def note(self, text: str) -> str:
        """A director's note for the beat of the next line; an empty one takes all back. What was understood of it.

        Raises StudioError for a note of which nothing is understood.
        """
        with self._acting():
            text = one_line(text)[:200]
            said = str(notes.read(text, self.production)) if text else "no notes"
            self._do({"do": "note", "text": text})
            return said

    # -- ways ----------------------------------------------------------------------------------------------------

    def rewind(self, number: int) -> None:
        """Go back to a line (0: to the beginning): what follows it is taken away, and played another way."""
        with self._acting():
            if number:
                self.line(number)
            self._do({"do": "rewind", "line": number})

    def branch_off(self, number: int, name: str = "") -> str:
        """Go on another way after a line, and keep this way too, as a branch. The name of the new one."""
        with self._acting():
            if number:
                self.line(number)
            name = one_line(name) or f"way {len(self.script.branches) + 1}"
            if name in self.script.branches:
                raise StudioError(f"there is a branch '{name}' already")
            self._do({"do": "branch", "line": number, "name": name})
            return name

    def switch(self, name: str) -> None:
        """Work on another branch."""
        with self._acting():
            if name not in self.script.branches:
                raise StudioError(f"there is no branch '{one_line(name)}'{nearest(name, self.script.branches)}")
            self._do({"do": "switch", "name": name})

    def undo(self) -> None:
        """Take the last action back. The journal keeps it."""
        with self._acting():
            if not self.can_undo:
                raise StudioError("there is nothing to take back")
            self._do({"do": "undo"})

    # -- sheets --------------------------------------------------------------------------------------------------

    def reload(self) -> bool:
        """Read the sheets again: the next line is hers as she is now. Whether they could be read; if not, the last good ones
        stay, and a `fault` event says where they are wrong."""
        with self._lock:
            try:
                sheets = self._read(self.sheets.theatre.recast(Troupe(self.sheets.theatre.troupe.root)))
            except (TelenovelaError, OSError) as error:
                self._faulty = True
                self._tell(Event("fault", str(error)))
                return False
            if _same(sheets, self.sheets):
                if self._faulty:
                    self._tell(Event("sheets", "the fault is gone: the sheets are as they were"))
                self._faulty = False
                return True
            self._faulty = False
            with self.journal.held() as entries:
                self._caught_up(entries)
                self._action = self._history.number
                self._do({"do": "sheets", "sheets": _digests(sheets)}, tell=False)
            self.before, self.sheets = self.sheets, sheets
            self.rehearsal = self._rehearsed()
            self._tell(Event("sheets", "the sheets were read again: from the next line on they hold"))
            self._tell(Event("changed"))
            return True

    def compare(self, number: int) -> tuple[Given, Given]:
        """Take a line again with the sheets as they were before the last change, and as they are, by the same chances.

        Both become takes of it; the one of the new sheets is said.
        """
        with self._acting():
            line = self._loose(number)
            if self.before is None:
                raise StudioError("no sheet has been changed since the room was opened")
            first = line.takes[0].given
            found: list[Given] = []
            again = self.branch.way * WAYS + len(line.takes)
            for sheets in (self.before, self.sheets):
                rehearsal = self._at(number, sheets)
                found.append(rehearsal.generated(rehearsal.take(again, first.speaker, first.to, first.between)))
            self._record(number, found[0], "old sheet", "keep")
            self._record(number, found[1], "new sheet", "keep")
            return found[0], found[1]

    # -- listeners, and other writers of the same journal ----------------------------------------------------------

    def listen(self, listener: Callable[[Event], None]) -> None:
        """Tell a listener what happens, in the thread in which it happens."""
        self._listeners.append(listener)

    @property
    def behind(self) -> bool:
        """Whether somebody else has written into the journal."""
        return self.journal.grown

    def follow(self) -> bool:
        """Take in what another room wrote into the same journal. Whether there was anything."""
        with self._lock:
            entries = self.journal.read()
            self._caught_up(entries)
            return bool(entries)

    # -- how -----------------------------------------------------------------------------------------------------

    @contextmanager
    def _acting(self) -> Iterator[None]:
        """One action: nobody else acts meanwhile, and what others did before is known."""
        with self._lock, self.journal.held() as entries:
            self._caught_up(entries)
            self._action = self._history.number + 1
            self._count = len(self.branch.lines)
            yield

    def _caught_up(self, entries: list[dict[str, Any]]) -> None:
        for entry in entries:
            self._take_in(entry)
        if entries:
            self.rehearsal = self._rehearsed()
            self._tell(Event("changed"))

    def _take_in(self, entry: Mapping[str, Any]) -> None:
        try:
            if entry.get("do") == "begin":
                begun = {**self.begun, **{key: entry[key] for key in ("scene", "seed", "turns", "arc")}}
                if begun["scene"] != self.scene.stem:
                    raise StudioError(
                        f"{self.journal.path}: a session of '{one_line(str(begun['scene']))}', not of "
                        f"'{self.scene.stem}'; give another --journal"
                    )
                self.begun = begun
                return
            self._history.apply(entry)
        except (ScriptError, KeyError, TypeError, AttributeError) as error:
            raise ScriptError(
                f"{self.journal.path}: entry {entry.get('action')}: {error}; begin anew with --new"
            ) from error

    def _do(self, entry: Mapping[str, Any], tell: bool = True) -> None:
        """Write an entry to the journal, and then do what it says."""
        entry = {"action": self._action, **entry}
        self.journal.append(entry)
        self._history.apply(entry)
        if not tell:
            return
        self.rehearsal = self._rehearsed()
        self._tell(Event("changed"))

    def _step(self, who: str | None) -> bool:
        shown, rehearsal = len(self.rehearsal.shown), self.rehearsal
        number = len(self.branch.lines)
        waiting = self.branch.waiting.get(number)
        if waiting is None or not waiting.given.between:
            rehearsal.reach_line()
        if len(rehearsal.shown) > shown:
            self._tell(Event("changed", at=shown))
        place = rehearsal.place
        if place is None:
            self._tell(Event("ended", rehearsal.stage.ended))
            return False
        if waiting is not None and rehearsal.on_stage(waiting.given.speaker):
            return self._heard({"do": "again"}, waiting.given)
        if place.scripted is not None and who in (None, place.scripted.speaker):
            self._speak(rehearsal.stage.written(place), "script")
            return True
        take = rehearsal.take(self.branch.way * WAYS, who)
        if who is None and self.branch.part is not None and rehearsal.stage.turn(place).speaker == self.branch.part:
            self._tell(Event("yours", self.branch.part))
            return False
        self._speak(rehearsal.generated(take), "voice", ", ".join(note.text for note in rehearsal.notes()))
        return True

    def _speak(self, given: Given, by: By, note: str = "") -> None:
        if self.over:
            raise StudioError("the scene is over: go back to an earlier line, or take the last one back")
        self._heard(
            {"do": "line", "line": len(self.branch.lines) + 1, "take": to_data(Recorded(given, by, note))}, given
        )

    def _heard(self, entry: Mapping[str, Any], given: Given) -> bool:
        shown = len(self.rehearsal.shown)
        self._do(entry, tell=False)
        self.rehearsal.give(given)
        self._tell(Event("changed", at=shown))
        return True

    def _record(self, number: int, given: Given, by: By, following: Following, note: str = "") -> None:
        take = to_data(Recorded(given, by, note))
        self._do({"do": "take", "line": number, "take": take, "following": following})

    def _play_on(self, following: Following, number: int) -> None:
        """Play again, as part of the same action, what followed a line."""
        if following == "keep":
            return
        self._paused.clear()
        while len(self.branch.lines) < self._count and not self._paused.is_set():
            if not self._step(None):
                break

    def _loose(self, number: int) -> Spoken:
        line = self.line(number)
        if line.pinned:
            raise StudioError(f"line {number} is pinned; take the pin out first")
        return line

    def _at(self, number: int, sheets: Sheets | None = None) -> Rehearsal:
        """Where a line was spoken: everything before it, and nothing after."""
        rehearsal = self._rehearsed(number - 1, sheets)
        if not self.branch.lines[number - 1].given.between:
            rehearsal.reach_line()
        return rehearsal

    def _rehearsed(self, count: int | None = None, sheets: Sheets | None = None) -> Rehearsal:
        sheets = sheets or self.sheets
        return Rehearsal(
            sheets.production,
            sheets.theatre.world(sheets.production.scenario),
            self.branch,
            count,
            self.begun["turns"],
            self.begun["arc"],
        )

    def _read(self, theatre: Theatre) -> Sheets:
        agents = self._agents(theatre.troupe) if self._agents else None
        return Sheets(theatre, theatre.production(self.scene, self.seed, agents=agents))

    def _part(self, who: str | None) -> str:
        if who is None and self.branch.part is None:
            raise StudioError("you play nobody: take a part first")
        return self.who(who if who is not None else str(self.branch.part))

    @cached_property
    def _tagger(self) -> Tagger | None:
        if self._agents is not None:
            return None
        company, production = self.sheets.theatre.company, self.production
        language = production.personas[production.scenario.cast[0]].language
        return Tagger(company.grounds.of(language).load(BASE).copy(), company.director)

    def _tell(self, event: Event) -> None:
        for listener in self._listeners:
            listener(event)


def _same(one: Sheets, other: Sheets) -> bool:
    """Whether two readings say the same of everything that a scene is played with."""
    return (
        one.production.personas == other.production.personas
        and one.production.scenario == other.production.scenario
        and one.theatre.troupe.world == other.theatre.troupe.world
    )


def _digests(sheets: Sheets) -> dict[str, str]:
    """What the sheets were, so that a reader of the journal can tell them apart."""
    troupe, cast = sheets.theatre.troupe, sheets.production.scenario.cast
    return {who: digest(troupe.sheets[who].path.read_bytes()) for who in cast}


def _under(take: Take, leaning: notes.Leaning) -> Take:
    return replace(take, leaning=leaning.codes, about=leaning.about)

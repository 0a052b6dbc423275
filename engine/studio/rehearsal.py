"""One branch of a script, played up to where it stands: a stage on which each line was given. Generates nothing by itself.

A state is never copied: it is made anew by playing the lines again, a millisecond a line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.errors import StudioError
from engine.performance import Entry
from engine.speech.director import Proposal
from engine.stage.asking import Turn
from engine.stage.stage import Stage
from engine.stage.steps import Given, Place, Take
from engine.stage.world import Production, World
from engine.studio.notes import Leaning, understood
from engine.studio.script import Branch, Note


@dataclass(frozen=True)
class Shown:
    """An entry of the transcript, and the number of its line from 1; None: a direction."""

    entry: Entry
    line: int | None = None


@dataclass(frozen=True)
class Upcoming:
    """What comes next if nobody interferes: the beat, the line that stands in the sheet, or whose turn it is and why."""

    beat: str
    speaker: str
    scripted: str = ""
    turn: Turn | None = None
    frames: tuple[Proposal, ...] = ()


class Rehearsal:
    """A stage with the first `count` lines of a branch."""

    def __init__(
        self,
        production: Production,
        world: World,
        branch: Branch,
        count: int | None = None,
        turns: int | None = None,
        arc: str | None = None,
    ):
        self.production = replace(production, world=world)
        self.stage = Stage(self.production, turns, arc)
        self.shown: list[Shown] = []
        self.place: Place | None = None
        self.spoken = 0
        self._notes: list[Note] = list(branch.notes)
        self._bound: list[tuple[int, Note]] = []
        self._steps = self.stage.steps()
        self._go(None, begin=True)
        for line in branch.lines[:count]:
            if not self.give(line.given):
                break

    def give(self, given: Given) -> bool:
        """Have a line spoken. False when the scene is over, and nobody can speak any more."""
        if not given.between:
            self.reach_line()
        if self.place is None:
            return False
        self._go(given)
        return True

    def reach_line(self) -> bool:
        """Go on to where the next line is spoken: a beat may end, and another begin. False when the scene is over."""
        while self.place is not None and self.place.ends:
            self._go(None)
        return self.place is not None

    def on_stage(self, who: str) -> bool:
        return who in self.stage.state.present

    def notes(self) -> list[Note]:
        """The director's notes that hold for a line here."""
        if self.place is None:
            return []
        waiting = [] if self.place.ends else [note for note in self._notes if note.at <= self.spoken]
        return [*(note for serial, note in self._bound if serial == self.place.serial), *waiting]

    def leaning(self, speaker: str) -> Leaning:
        """What those notes ask of one person's line."""
        found = Leaning()
        for note in self.notes():
            found = found.and_then(understood(note.text, self.production).of(speaker, self.production.personas))
        return found

    def take(self, number: int, who: str | None = None, to: str | None = None, between: bool | None = None) -> Take:
        """How to ask for the line that comes here, or for one of `who`, under the notes.

        Where it is somebody else's turn, hers comes in between. Raises StudioError when she is not there, or it is over.
        """
        place = self._place()
        if who is not None and not self.on_stage(who):
            raise StudioError(f"{self.name(who)} is not on stage")
        if between is None:
            between = place.ends or (who is not None and place.owner not in (None, who))
        take = Take(number, who, to, between=between)
        if not self.notes():
            return take
        asked = self.leaning(who or self.stage.turn(place, take).speaker)
        return replace(take, leaning=asked.codes, about=asked.about)

    def generated(self, take: Take) -> Given:
        return self.stage.generated(self._place(), take)

    def upcoming(self) -> Upcoming | None:
        """What comes next; None when the scene is over. Goes on to where the next line is spoken."""
        if not self.reach_line():
            return None
        place = self._place()
        if place.scripted is not None:
            return Upcoming(place.beat.name, place.scripted.speaker, place.scripted.text)
        turn = self.stage.turn(place)
        return Upcoming(place.beat.name, turn.speaker, "", turn, tuple(turn.request.proposals[:4]))

    def name(self, who: str | None) -> str:
        return self.stage.transcript.name(who) or ""

    def _place(self) -> Place:
        if self.place is None:
            raise StudioError("the scene is over: go back to an earlier line, or take the last one back")
        return self.place

    def _go(self, told: Given | None, begin: bool = False) -> None:
        """Tell the stage, and let it play up to the next place."""
        self.place = None
        try:
            step = next(self._steps) if begin else self._steps.send(told)
            while isinstance(step, Entry):
                self.spoken += step.kind == "line"
                self.shown.append(Shown(step, self.spoken if step.kind == "line" else None))
                step = next(self._steps)
        except StopIteration:
            return
        self.place = step
        if not step.ends:
            self._bound += [(step.serial, note) for note in self._notes if note.at <= self.spoken]
            self._notes = [note for note in self._notes if note.at > self.spoken]


def ids(production: Production) -> Mapping[str, str]:
    """The sheet's name of everybody in the scene, by the name shown and by itself."""
    found: dict[str, str] = {}
    for who in production.scenario.cast:
        found |= {who.casefold(): who, production.personas[who].name.casefold(): who}
    return found

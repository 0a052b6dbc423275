"""Any sequence of actions: undone, it gives the state before; from the journal, the same scene; earlier lines stay."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from engine.errors import StudioError
from engine.studio.script import Script
from tests.conftest import write_troupe
from tests.studio.conftest import lines, opened, shown

PEOPLE = strategies.sampled_from(["ana", "bruno", "carla", "dario"])
FOLLOWING = strategies.sampled_from(["keep", "replay"])
TEXTS = strategies.sampled_from(["Never.", "(icy) Ana, the soup.", "I stole the ring, Bruno.", "¿Qué?"])
NUMBER = strategies.integers(0, 30)


class Room(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.troupe = write_troupe(self.folder / "troupe")
        self.journal = self.folder / "a.jsonl"
        self.session = opened(self.troupe, self.journal)
        #: The script and the lines before each action.
        self.states: list[tuple[Script, list[str]]] = []

    def teardown(self) -> None:
        for _ in range(len(self.states)):
            self.undo()
        assert self.session.script == Script()
        shutil.rmtree(self.folder)

    def act(self, action: str, *given: object, **named: object) -> bool:
        """Do something; what is refused has changed nothing."""
        before, was, size = self.session.script, lines(self.session), self.journal.stat().st_size
        try:
            getattr(self.session, action)(*given, **named)
        except StudioError as error:
            assert str(error)
            assert self.session.script == before
            assert self.journal.stat().st_size == size
            return False
        if self.session.script is not before:
            self.states.append((before, was))
        return True

    @rule()
    def step(self) -> None:
        count = len(self.session.branch.lines)
        self.act("step")
        waits = self.session.over or self.session.branch.part is not None
        assert len(self.session.branch.lines) == count + 1 or waits

    @rule(who=PEOPLE)
    def step_as(self, who: str) -> None:
        if self.act("step", who) and not self.session.over:
            assert self.session.branch.lines[-1].given.speaker == who or self.session.branch.lines[-1].pinned

    @rule(number=NUMBER, count=strategies.integers(1, 3), following=FOLLOWING)
    def retake(self, number: int, count: int, following: str) -> None:
        before = lines(self.session)
        if self.act("retake", number, count, following):
            assert lines(self.session)[: number - 1] == before[: number - 1]
            if following == "keep":
                assert lines(self.session)[number:] == before[number:]

    @rule(number=NUMBER, take=strategies.integers(1, 4), following=FOLLOWING)
    def choose(self, number: int, take: int, following: str) -> None:
        if self.act("choose", number, take, following):
            assert self.session.line(number).chosen == take - 1

    @rule(number=NUMBER, text=TEXTS, following=FOLLOWING)
    def edit(self, number: int, text: str, following: str) -> None:
        if self.act("edit", number, text, following):
            assert self.session.line(number).given.text == text

    @rule(number=NUMBER)
    def pin(self, number: int) -> None:
        self.act("pin", number)

    @rule(text=strategies.sampled_from(["confess", "calmer", "let Ana plead", "nonsense xyzzy", ""]))
    def note(self, text: str) -> None:
        self.act("note", text)

    @rule(number=NUMBER)
    def rewind(self, number: int) -> None:
        before = lines(self.session)
        if self.act("rewind", number):
            assert lines(self.session) == before[:number]

    @rule(number=NUMBER)
    def branch_off(self, number: int) -> None:
        self.act("branch_off", number)

    @rule(name=strategies.sampled_from(["main", "way 2", "way 3"]))
    def switch(self, name: str) -> None:
        if self.act("switch", name):
            assert self.session.script.current == name

    @rule(who=strategies.none() | PEOPLE)
    def play_as(self, who: str | None) -> None:
        self.act("play_as", who)

    @rule(text=TEXTS, who=PEOPLE)
    def speak(self, text: str, who: str) -> None:
        if self.act("speak_as", text, who):
            assert self.session.branch.lines[-1].given.speaker == who

    @precondition(lambda self: self.states)
    @rule()
    def undo(self) -> None:
        before, was = self.states.pop()
        self.session.undo()
        assert self.session.script == before
        assert lines(self.session) == was

    @precondition(lambda self: len(self.states) % 4 == 3)
    @rule()
    def open_again(self) -> None:
        before = shown(self.session)
        self.session.journal.close()
        script = self.session.script
        self.session = opened(self.troupe, self.journal)
        assert self.session.script == script
        # The directions of the next beat have not been read out yet.
        assert shown(self.session) == before[: len(shown(self.session))]

    @invariant()
    def what_is_said_is_what_the_script_has(self) -> None:
        said = [each.entry.text for each in self.session.rehearsal.shown if each.line]
        assert said == lines(self.session)


Room.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestRoom = Room.TestCase

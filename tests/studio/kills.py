"""Kills a session in the middle of each action, and opens it again: `python -m tests.studio.kills FOLDER`.

The child of a fork is killed (SIGKILL) before, within and after the write of an entry. What was in the journal is there
afterwards, nothing half is, and the action done again gives what it would have given undisturbed.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from engine.studio import journal
from engine.studio.script import Script
from engine.studio.session import Session
from engine.troupe import Troupe
from tests.conftest import write_troupe
from tests.studio.conftest import opened, shown

ACTIONS: dict[str, Callable[[Session], object]] = {
    "step": lambda session: session.step(),
    "step of somebody": lambda session: session.step("ana"),
    "retake": lambda session: session.retake(3),
    "retake and all after": lambda session: session.retake(3, 1, "replay"),
    "choose": lambda session: session.choose(2, 1),
    "edit": lambda session: session.edit(4, "¡Escuincla babosa!"),
    "pin": lambda session: session.pin(4),
    "note": lambda session: session.note("let her confess"),
    "branch": lambda session: session.branch_off(2),
    "rewind": lambda session: session.rewind(2),
    "switch": lambda session: session.switch("main"),
    "part": lambda session: session.play_as("ana"),
    "speak": lambda session: session.speak_as("Give me the soup!", "ana"),
    "undo": lambda session: session.undo(),
}
#: Where in the write of an entry the process ends: a share of its bytes, or after it.
POINTS: tuple[float, ...] = (0.0, 0.01, 0.5, 0.99, 1.0)


def main(folder: Path) -> int:
    troupe = write_troupe(folder / "troupe")
    begun = folder / "begun.jsonl"
    session = opened(troupe, begun)
    session.play(5)
    session.retake(2, 2)
    session.branch_off(5)
    session.play(1)
    wrong = [
        f"{name}, killed at {point}: {fault}"
        for name, action in ACTIONS.items()
        for point in POINTS
        if (fault := killed(troupe, begun, folder / "killed.jsonl", action, point))
    ]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    print(f"tried {len(ACTIONS) * len(POINTS)}, broken {len(wrong)}")
    return bool(wrong)


def killed(troupe: Troupe, begun: Path, path: Path, action: Callable[[Session], object], point: float) -> str:
    """What is wrong after an action was killed; nothing is."""
    shutil.copy(begun, path)
    before = opened(troupe, path).script
    first = first_entry(troupe, begun, path.with_name("first.jsonl"), action)
    whole = opened_and(troupe, begun, path.with_name("whole.jsonl"), action)
    child = os.fork()
    if child == 0:
        victim = opened(troupe, path)
        die_within(point)
        action(victim)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGKILL:
        return "it was not killed"
    again = opened(troupe, path)
    wanted = first if point == 1.0 else before
    if again.script != wanted:
        return "another script than the journal had"
    if 0.0 < point < 1.0 and "its last line was cut off" not in again.journal.dropped:
        return "nothing was said of the line that was cut off"
    if point < 1.0:
        action(again)
        if (again.script, shown(again)) != whole:
            return "done again, it is another one"
    return ""


def opened_and(
    troupe: Troupe, begun: Path, path: Path, action: Callable[[Session], object]
) -> tuple[Script, list[str]]:
    """The script and the scene after an undisturbed action."""
    shutil.copy(begun, path)
    session = opened(troupe, path)
    action(session)
    return session.script, shown(session)


def first_entry(troupe: Troupe, begun: Path, path: Path, action: Callable[[Session], object]) -> Script:
    """The script after the first entry that an action writes."""
    opened_and(troupe, begun, path, action)
    rows = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(rows[: len(begun.read_bytes().splitlines()) + 1]))
    return opened(troupe, path).script


def die_within(point: float) -> None:
    """From now on the process ends within its next write to a journal."""
    write = os.write

    class Dying:
        def __getattr__(self, name: str) -> object:
            return getattr(os, name)

        def write(self, file: int, data: bytes) -> int:
            write(file, data[: max(point > 0, int(point * len(data)))])
            os.kill(os.getpid(), signal.SIGKILL)
            return 0

    journal.os = Dying()  # type: ignore[attr-defined]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

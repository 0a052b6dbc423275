"""A scene in a pseudo-terminal: its keys, what is shown while one waits, and what is saved when it is broken off."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

import pytest

from engine.performance import Performance
from engine.screen.keys import HELP
from engine.troupe import Troupe
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")

RIGHT = b"\x1b[C"
HINT = f"{HELP} and save"


class Stage:
    """`engine.scene` with a keyboard and a screen. `shown` is all that has been shown so far, without control sequences."""

    def __init__(self, scene: Path, folder: Path, *options: str, keyboard: bool = True):
        self._master, slave = os.openpty()
        command = [sys.executable, "-m", "engine.scene", str(scene), *options]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100", "NO_COLOR": "1"}
        self.process = subprocess.Popen(
            command,
            stdin=slave if keyboard else subprocess.DEVNULL,
            stdout=slave,
            stderr=slave,
            cwd=folder,
            env=environment,
        )
        os.close(slave)
        self._raw = b""

    def __enter__(self) -> Stage:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)

    @property
    def shown(self) -> str:
        text = self._raw.decode("utf-8", errors="replace")
        return re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", text).replace("\r", "")

    def read(self, seconds: float) -> bool:
        """Read what is shown within `seconds`; whether the screen is still there."""
        if not select.select([self._master], [], [], seconds)[0]:
            return True
        try:
            found = os.read(self._master, 65536)
        except OSError:  # what Linux says when the other end is closed
            found = b""
        self._raw += found
        return bool(found)

    def until(self, seen: Callable[[str], bool], seconds: float = 60.0) -> str:
        end = time.monotonic() + seconds
        while not seen(self.shown):
            assert time.monotonic() < end, self.shown
            assert self.read(0.1), self.shown
        return self.shown

    def quiet(self, seconds: float) -> str:
        """What is shown after `seconds` more."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read(0.05)
        return self.shown

    def type(self, keys: bytes) -> None:
        os.write(self._master, keys)

    def ended(self) -> int:
        """The exit status, once everything is shown."""
        while self.read(60.0):
            pass
        return self.process.wait(60)


@pytest.fixture
def supper(voiced: Troupe) -> Path:
    return voiced.root / "scenes" / "supper.yaml"


def begun(shown: str) -> bool:
    """Whether the first line of the voices is being typed: after the first direction and a cue."""
    return bool(re.search(r"Ana ladles\.\)\s+[A-ZÍ]{3,}\n", shown))


def test_the_keys_are_shown_once_and_space_holds_the_scene(supper: Path, tmp_path: Path) -> None:
    with Stage(supper, tmp_path, "--pace", "slow") as stage:
        assert stage.until(begun).count(HINT) == 1
        stage.type(b" ")
        held = stage.quiet(0.5)
        assert stage.quiet(1.0) == held
        stage.type(b" ")
        stage.until(lambda shown: len(shown) > len(held) + 5)
        assert stage.shown.startswith(held)


def test_right_goes_on_to_the_next_line_so_that_a_slow_scene_is_soon_over(supper: Path, tmp_path: Path) -> None:
    def next_please() -> Iterator[None]:
        while stage.process.poll() is None:
            stage.type(RIGHT)
            stage.read(0.05)
            yield

    with Stage(supper, tmp_path, "--pace", "slow") as stage:
        began = time.monotonic()
        # Typed slowly, the toy's lines take two minutes and more.
        for _ in next_please():
            assert time.monotonic() < began + 60
        assert stage.ended() == 0
        assert "The end: with the beat 'The bill'" in stage.shown


def test_keys_are_offered_where_somebody_can_press_them_and_the_scene_is_the_same_everywhere(
    supper: Path, tmp_path: Path
) -> None:
    saved = []
    for number, option in enumerate(("--plain", "--pace=instant")):
        path = tmp_path / f"{number}.json"
        with Stage(supper, tmp_path, option, "--save", str(path), keyboard=option == "--plain") as stage:
            assert stage.ended() == 0
            assert "The end" in stage.shown
            assert "space" not in stage.shown
        saved.append(path.read_bytes())
    assert saved[0] == saved[1]


def test_q_ends_the_scene_shows_how_things_stand_and_saves_it(supper: Path, tmp_path: Path) -> None:
    (tmp_path / "supper-1.fountain").write_text("somebody's", encoding="utf-8")
    with Stage(supper, tmp_path, "--pace", "slow") as stage:
        stage.until(begun)
        stage.type(b"q")
        assert stage.ended() == 0
    assert "The end: it was broken off" in stage.shown
    assert "broken off after 1 line; saved: what was played in supper-1-2.fountain" in stage.shown
    assert (tmp_path / "supper-1.fountain").read_text(encoding="utf-8") == "somebody's"
    # What was worked out and not yet shown is not part of it.
    script = (tmp_path / "supper-1-2.fountain").read_text(encoding="utf-8")
    assert script.count("\n\n") == 3


def test_ctrl_c_says_what_is_saved_and_where(supper: Path, tmp_path: Path) -> None:
    with Stage(supper, tmp_path, "--pace", "slow", "--save", "supper.json", "--map", "supper.svg") as stage:
        stage.until(begun)
        stage.process.send_signal(signal.SIGINT)
        assert stage.ended() == 130
    assert "broken off after 1 line; saved: what was played in supper.json, the relations in supper.svg" in stage.shown
    performance = Performance.from_json((tmp_path / "supper.json").read_text(encoding="utf-8"))
    assert [entry.kind for entry in performance.lines] == ["direction", "line"]
    assert performance.summary["talk"].keys() == {performance.lines[1].speaker}
    assert (tmp_path / "supper.svg").is_file()

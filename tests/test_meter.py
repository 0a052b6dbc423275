from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from rich.console import Console

from engine import meter
from engine.meter import Meter, minutes, waiting


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the clock."""
    now = [0.0]
    monkeypatch.setattr(meter.time, "monotonic", lambda: now[0])
    return lambda seconds: now.__setitem__(0, seconds)


def test_the_time_left_is_that_of_the_work_done_so_far(at: Callable[[float], None]) -> None:
    work = Meter("reading")
    at(100.0)
    assert (work.left, str(work)) == (None, "reading")
    work.expect(400)
    work.advance(10)
    at(101.0)
    # Too soon to say.
    assert (work.left, str(work)) == (None, "reading 2%")
    at(110.0)
    assert work.left == pytest.approx(390.0)
    work.at("writing\n")
    work.advance(390)
    assert (work.left, str(work)) == (0.0, "writing 100%, 0 s left")
    # More than was thought is no less than nothing.
    work.advance(100)
    assert (work.left, str(work)) == (0.0, "writing 100%, 0 s left")


def test_items_are_counted() -> None:
    told: list[str] = []
    work = Meter("", lambda now: told.append(str(now)))
    assert list(work.over("trying", ["a", "b"])) == ["a", "b"]
    assert told == ["trying", "trying 50%", "trying 100%"]
    assert list(work.over("none", [])) == []


def test_several_threads_count_together() -> None:
    work = Meter()
    work.expect(1000)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: work.advance(), range(1000)))
    assert work.done == 1000


def test_where_no_terminal_shows_it_a_line_comes_now_and_then(
    at: Callable[[float], None], capsys: pytest.CaptureFixture[str]
) -> None:
    with waiting("reading") as work:
        for seconds, stage in ((3.0, "one"), (11.0, "two"), (12.0, "three"), (25.0, "four")):
            at(seconds)
            work.at(stage)
        work.expect(4)
        at(45.0)
        work.advance()
    assert capsys.readouterr() == ("", "two\nfour\nfour 25%, 60 s left\n")


def test_a_terminal_shows_a_bar_that_goes_away(at: Callable[[float], None], monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.StringIO()
    monkeypatch.setattr(meter, "console", lambda **options: Console(file=file, force_terminal=True, width=80))
    with waiting("reading [bold]") as work:
        work.expect(4)
        at(30.0)
        work.advance()
        work.at("writing")
    shown = file.getvalue()
    assert "reading [bold]" in shown
    assert "writing" in shown
    assert "90 s left" not in shown
    assert "2 min left" in shown
    assert "━" in shown
    # The last thing that is done is to clear the row.
    assert shown.rstrip().endswith("\x1b[2K")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.4, "0 s"), (89.0, "89 s"), (90.0, "2 min"), (3600.0, "60 min"), (5399.0, "1 h 30 min"), (7500.0, "2 h 05 min")],
)
def test_times_as_they_are_said(seconds: float, said: str) -> None:
    assert minutes(seconds) == said

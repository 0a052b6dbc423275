"""Seasons of many seeds as jobs: whoever plays them, the same tables."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine import evaluate
from engine.errors import AuthoredError, JobError
from engine.jobs.crew import Crew, crew
from engine.meter import Meter
from engine.report import away, seasons
from engine.report.seasons import Company, Tally
from engine.troupe import Troupe
from tests import small_season


def test_a_tally_comes_back_as_it_was() -> None:
    tally = Tally(seasons=2, ended=1, untied=1)
    tally.faults["speaks while absent"].append("speaks while absent: Ana")
    tally.lines.update({"Ana": 7, "Bruno": 2})
    tally.tension[3].append((0.1 + 0.2, 1 / 3))
    assert away._tally(away._data(tally)) == tally


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"seasons": 1}', b'{"seasons": "x", "ended": 1}'])
def test_what_is_no_tally_is_refused(data: bytes) -> None:
    with pytest.raises(JobError, match="cannot be read"):
        away._tally(data)


def test_tallies_add_up_to_what_is_counted_at_once(tmp_path: Path) -> None:
    path = small_season.write(tmp_path)
    company, total = Company(Troupe.around(path), path), Tally()
    for seed in range(3):
        total.add(company.season(seed))
    assert seasons.tables(total) == seasons.run(path, range(3))
    assert total.seasons == 3


def test_two_processes_play_the_same_seasons(tmp_path: Path) -> None:
    path, said = small_season.write(tmp_path), list[str]()
    meter = Meter(tell=lambda now: said.append(f"{now.what} {now.done / now.total:.0%}"))
    with crew(workers=2) as two:
        assert two is not None
        assert away.seasons(path, range(5, 9), two, meter) == seasons.run(path, range(5, 9))
    assert said[0] == "playing seasons: 0 of 4 done, 0 at work 0%"
    assert said[-1] == "playing seasons: 4 of 4 done, 0 at work 100%"


def test_faults_of_sheets_are_told_before_anything_is_sent(tmp_path: Path) -> None:
    path = small_season.write(tmp_path, season=small_season.SEASON.replace("episodes", "episode"))

    def unused() -> int:
        raise AssertionError("a worker was asked for")

    with pytest.raises(AuthoredError, match=str(path)):
        away.seasons(path, range(2), Crew(ThreadPoolExecutor(1), unused))


def test_a_crew_is_for_seasons_only(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        evaluate.main(["--workers", "2"])
    assert "--workers and --cluster share out the seasons of --seasons N, and nothing else" in capsys.readouterr().err

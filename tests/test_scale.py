"""Training on paper: the dispatcher that is in use, in simulated time. Nothing is faster than it can be, and all is done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks import scale
from benchmarks.paper import Costs
from benchmarks.scale import costs_known, row, simulated
from engine.jobs.worker import LIFE
from tests.conftest import ROOT

COSTS = Costs(
    start=20.0, voices=[(600, 30.0), (2600, 60.0)], read=2.0, base=7_000_000, scripts=1_000_000, scripts_raw=3_000_000,
    back=300_000, hand_out=0.002, copy=0.004, keep=0.05, pack=0.02,
)  # fmt: skip
GIGABIT = 125e6
PAGE = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")


def test_one_voice_on_one_worker_takes_what_its_parts_take() -> None:
    found = simulated(COSTS, 1, 1, GIGABIT)
    parts = [
        COSTS.pack,
        COSTS.hand_out,
        8.008 * COSTS.copy,
        8.008e6 / GIGABIT,
        20.0 + 30.0,
        3.0 * COSTS.read,
        0.3e6 / GIGABIT,
    ]
    assert found.seconds == pytest.approx(sum(parts) + COSTS.keep, abs=1e-3)
    # A file of scripts has a number in front that tells it from the others.
    assert (found.out, found.back, found.lacks) == (8_008_000, 300_000, 0)


@pytest.mark.parametrize("people", [1, 30, 100])
@pytest.mark.parametrize("workers", [1, 2, 16, 256])
def test_nothing_is_faster_than_it_can_be(people: int, workers: int) -> None:
    found = simulated(COSTS, people, workers, GIGABIT)
    assert found.seconds >= max(found.bounds.values())
    # Each worker that has a job is sent the base, once or twice; the scripts of a show go with each of its voices at the most.
    busy = min(people, workers)
    assert found.lacks <= 2 * people
    assert busy * COSTS.base <= found.out <= 2 * busy * COSTS.base + 2.1 * people * COSTS.scripts


def test_a_child_that_ends_after_its_jobs_costs_a_start() -> None:
    light = replace(COSTS, voices=[(600, 1.0)], read=0.0)
    assert simulated(light, LIFE + 1, 1, GIGABIT).worked == LIFE + 1 + 2 * COSTS.start


def test_more_workers_are_never_slower_and_a_slow_network_becomes_the_limit() -> None:
    took = [simulated(COSTS, 100, workers, GIGABIT).seconds for workers in (1, 2, 16, 64)]
    assert took == sorted(took, reverse=True)
    assert simulated(COSTS, 100, 16, GIGABIT).limit == "the work"
    assert simulated(COSTS, 100, 16, 5e5).limit == "the network"
    assert simulated(replace(COSTS, keep=30.0), 100, 64, GIGABIT).limit == "the coordinator"
    assert simulated(COSTS, 20, 256, GIGABIT).limit == "the longest voice"


def test_it_is_the_same_again() -> None:
    assert simulated(COSTS, 50, 7, GIGABIT) == simulated(COSTS, 50, 7, GIGABIT)


def test_the_measured_costs_can_be_read() -> None:
    costs = costs_known()
    assert costs.base > costs.back > 0
    assert all(lines > 0 and seconds > 0 for lines, seconds in costs.voices)


@pytest.mark.parametrize("workers", [2, 16, 256])
def test_the_page_has_rows_as_they_are_printed(workers: int) -> None:
    assert f"| {' | '.join(row(costs_known(), 100, workers, GIGABIT))} |" in PAGE


@pytest.mark.slow
def test_the_page_has_the_whole_table_as_it_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert scale.main([]) == 0
    assert capsys.readouterr().out in PAGE

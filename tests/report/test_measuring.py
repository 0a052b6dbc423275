"""The benchmarks' own arithmetic; what they measure is the machine's affair."""

from __future__ import annotations

import pytest

from benchmarks.measuring import Figure, machine, ratio, show
from benchmarks.playing import Played, figures


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    figure = ratio("one by other", [1.0, 9.0, 4.0], [2.0, 3.0, 4.0], most=1.5)
    assert (figure.value, figure.target, figure.verdict) == ("1.00", "<= 1.5", "reached")


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        (Figure("speed", "20", 20.0, least=20), "reached"),
        (Figure("speed", "19", 19.0, least=20), "missed"),
        (Figure("memory", "601", 601.0, most=600), "missed"),
        (Figure("seconds", "4 s"), ""),
    ],
)
def test_a_figure_is_held_against_its_target(figure: Figure, verdict: str) -> None:
    assert figure.verdict == verdict


def test_a_scene_is_scaled_after_its_first_line() -> None:
    assert Played(first=1.0, whole=3.0, lines=47, memory=100.0).scaled == pytest.approx(2.0)
    assert Played(first=1.0, whole=1.5, lines=1, memory=100.0).scaled == pytest.approx(12.5)


def test_the_figures_of_playing_name_their_targets() -> None:
    found = figures([Played(1.0, 6.75, 24, 300.0)] * 3, [4.5] * 3)
    assert [(figure.value, figure.verdict) for figure in found[3:]] == [
        ("0.22", "reached"),
        ("1.50", "reached"),
        ("300", "reached"),
    ]


def test_the_table_ends_with_the_machine(capsys: pytest.CaptureFixture[str]) -> None:
    show("Figures", [Figure("speed", "21.00", 21.0, least=20)], "median of 3 rounds")
    printed = capsys.readouterr().out
    assert "speed" in printed
    assert ">= 20" in printed
    assert "median of 3 rounds" in printed.replace("\n", " ")
    assert " cores, " in machine()

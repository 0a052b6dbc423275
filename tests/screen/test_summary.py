from __future__ import annotations

from typing import Any

import pytest

from engine.errors import ScriptError
from engine.performance import Change, Entry, Performance
from engine.screen.summary import Edge, Summary, Talk, Tension, Thread, read_graph


def performance(lines: tuple[Entry, ...] = (), **summary: Any) -> Performance:
    return Performance("The Party", 7, lines, summary=summary)


def test_shifts_are_sorted_by_size_and_small_ones_left_out() -> None:
    before = {"Ana": {"Bea": {"kind": "rival", "affection": 0.25}, "Cleo": {"kind": "ally", "heat": 0.5}}}
    after = {"Ana": {"Bea": {"kind": "rival", "affection": 0.3}, "Cleo": {"kind": "ally", "heat": 0.52}}}
    after["Cleo"] = {"Ana": {"kind": "lover", "trust": 1}}
    shifts = Summary.of(performance(relations={"before": before, "after": after})).shifts(0.05)
    assert [(shift.source, shift.target) for shift in shifts] == [("Cleo", "Ana"), ("Ana", "Bea")]
    assert shifts[1].moved(0.05) == [("affection", 0.25, 0.3)]


def test_without_a_snapshot_the_changes_of_the_lines_tell() -> None:
    lines = (
        Entry("line", "one two", "Ana", relations=(Change("Ana", "Bea", "trust", 0.1, 0.2, "truth"),)),
        Entry("line", "three", "Ana", relations=(Change("Ana", "Bea", "trust", 0.15, 0.4, "truth"),)),
        Entry("direction", "It rains."),
    )
    summary = Summary.of(performance(lines))
    assert summary.before == {("Ana", "Bea"): Edge("", trust=0.1)}
    assert summary.after == {("Ana", "Bea"): Edge("", trust=0.4)}
    assert summary.talk == (Talk("Ana", 2, 3),)


def test_tension_talk_and_threads() -> None:
    summary = Summary.of(
        performance(
            tension=[{"target": 0.5, "reached": 1.7}],
            talk={"Ana\x1b[1m": {"lines": 1, "words": 2}},
            threads=[{"name": "the key", "arc": "inheritance", "opened": 1, "closed": None}],
        )
    )
    assert summary.tension == (Tension(0.5, 1.0),)
    assert summary.talk == (Talk("Ana", 1, 2),)
    assert summary.threads == (Thread("the key", "inheritance", "1", ""),)


@pytest.mark.parametrize(
    "damage",
    [
        {"relations": []},
        {"relations": {"before": {"Ana": 3}}},
        {"tension": [{"target": float("nan"), "reached": 0}]},
        {"tension": [0.5]},
        {"talk": {"Ana": {"lines": 1}}},
        {"threads": ["loose"]},
    ],
)
def test_a_damaged_summary_is_a_script_error(damage: dict[str, Any]) -> None:
    with pytest.raises(ScriptError, match="the summary of 'The Party' is damaged"):
        Summary.of(performance(**damage))


def test_relations_that_are_none_are_a_script_error() -> None:
    with pytest.raises(ScriptError, match="these are no relations"):
        read_graph({"Ana": {"Bea": {"affection": "much"}}})

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.performance import Change, Entry, Learned
from engine.screen.why import explain, plain_value


def test_everything_that_is_known() -> None:
    why = {
        "turn": [
            {"who": "María", "bid": 0.21, "because": {}},
            {"who": "Soraya", "bid": 0.62, "because": {"named": 1.2, "heat": -0.4, "recency": 0.001}},
        ],
        "tone": {"chosen": "furious", "pull": {"icy": 0.5, "furious": 2.0}},
        "beat": "the slap",
        "line": {
            "chosen": {"text": "Out!", "scores": {"voice": 0.3, "fit": 0.8}, "total": 1.1},
            "runner_up": {"text": "Kneel.", "scores": {"fit": 0.5}, "total": 0.5},
            "nearest": {"text": "Out! Out!", "file": "corpora/mansion/01.fountain", "line": 44, "overlap": 0.5},
            "candidates": 32,
            "rejected": {"repeats": 3, "foreign name": 1},
        },
    }
    entry = Entry(
        "line",
        "Out!",
        "Soraya",
        "María",
        why=why,
        learned=(Learned("María", "true-will", "Próspero"), Learned("Nadie", "name", "a blow", lost=True)),
        relations=(Change("Soraya", "María", "affection", -0.2, -0.3, "insult"),),
    )
    assert explain(entry) == [
        "turn: Soraya 0.62 (named +1.20, heat -0.40); María 0.21",
        "tone: furious (furious +2.00, icy +0.50)",
        "beat: the slap",
        "line: 32 candidates, rejected: repeats 3, foreign name 1",
        'chosen: 1.10 = fit +0.80, voice +0.30 "Out!"',
        'runner-up: 0.50 = fit +0.50 "Kneel."',
        'nearest: corpora/mansion/01.fountain:44 overlap 0.50 "Out! Out!"',
        "knows: María learns true-will (by Próspero)",
        "knows: Nadie forgets name (by a blow)",
        "relation: Soraya to María: affection -0.20 to -0.30 (insult)",
    ]


@pytest.mark.parametrize(
    ("why", "lines"),
    [
        ({}, []),
        ({"turn": []}, ["turn: nothing"]),
        ({"turn": "forced"}, ["turn: forced"]),
        ({"turn": [{"who": "Ana"}]}, ["turn: (who Ana)"]),
        ({"tone": "icy"}, ["tone: icy"]),
        (
            {"tone": {"chosen": "icy", "pull": {"icy": 0.5}, "because": {"beat": 0.2, "trust": -0.7}, "left": 2}},
            ["tone: icy (icy +0.50) because trust -0.70, beat +0.20, left 2"],
        ),
        ({"tone": {"pull": {}}}, ["tone: pull (nothing)"]),
        ({"line": {"chosen": {"text": "Out!"}, "temperature": 0.85}}, ['chosen: "Out!"', "temperature: 0.85"]),
        ({"line": "scripted"}, ["line: scripted"]),
        ({"motif": {"name": "feud", "people": ["Ana", "Bea"]}}, ["motif: name feud, people (Ana, Bea)"]),
        ({"forced": True, "by": None}, ["forced: yes", "by: none"]),
    ],
)
def test_a_part_or_something_else_is_shown_as_it_is(why: dict[str, Any], lines: list[str]) -> None:
    assert explain(Entry("line", "Out!", "Ana", why=why)) == lines


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
parts = st.sampled_from(["chosen", "runner_up", "nearest", "pull", "candidates", "rejected", "who", "bid", "text"])


@given(
    st.dictionaries(
        st.sampled_from(["turn", "tone", "line", "beat", "x\x1b"]), plain | st.dictionaries(parts, plain, max_size=4)
    )
)
def test_any_plain_data_is_explained_in_single_printable_lines(why: dict[str, Any]) -> None:
    for line in explain(Entry("line", "Out!", "Ana", why=why)):
        assert "\x1b" not in line
        assert len(line.splitlines()) <= 1


def test_plain_value() -> None:
    assert plain_value({"a": 0.5, "b": [1, "c"], "d": {}}) == "a 0.50, b (1, c), d (nothing)"

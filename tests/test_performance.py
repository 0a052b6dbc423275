from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ScriptError
from engine.performance import BidWhy, Change, Entry, Judged, Learned, LineWhy, Origin, Performance, Why

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
number = st.floats(allow_nan=False, allow_infinity=False)
maybe = st.one_of(st.none(), text)
numbers = st.dictionaries(text, number, max_size=2)
counts = st.dictionaries(text, st.integers(0, 99), max_size=2)
judged = st.builds(Judged, text, number, numbers)
line_why = st.builds(
    LineWhy,
    st.lists(st.tuples(text, number), max_size=2).map(tuple),
    counts,
    st.integers(0, 99),
    counts,
    st.one_of(st.none(), judged),
    st.one_of(st.none(), judged),
    st.lists(text, max_size=2).map(tuple),
    st.one_of(st.none(), st.builds(Origin, text, text, st.integers(0, 99), number)),
)
why = st.builds(
    Why,
    text,
    st.booleans(),
    st.lists(st.builds(BidWhy, text, number, numbers), max_size=2).map(tuple),
    text,
    numbers,
    st.one_of(st.none(), line_why),
)
entry = st.builds(
    Entry,
    st.sampled_from(["line", "direction"]),
    text,
    maybe,
    maybe,
    maybe,
    maybe,
    maybe,
    st.lists(text, max_size=2).map(tuple),
    why,
    st.lists(st.builds(Change, text, text, text, number, number, text), max_size=1).map(tuple),
    st.lists(st.builds(Learned, text, text, text, st.booleans()), max_size=1).map(tuple),
)
plain = st.recursive(
    st.one_of(text, st.integers(-99, 99), number), lambda inner: st.dictionaries(text, inner), max_leaves=4
)
performances = st.builds(
    Performance,
    text,
    st.integers(0, 2**31),
    st.lists(entry, max_size=2).map(tuple),
    st.dictionaries(text, plain, max_size=2),
    text,
    st.dictionaries(text, plain, max_size=2),
)


@given(performances)
def test_json_both_ways(performance: Performance) -> None:
    again = Performance.from_json(performance.to_json())
    assert again == performance
    assert again.to_json() == performance.to_json()


@pytest.mark.parametrize(
    "saved",
    ["", "[]", "{", "{}", '{"title": 1, "seed": 1, "lines": []}', '{"title": "x", "seed": 1, "lines": [{"kind": "song"}]}'],
)  # fmt: skip
def test_what_is_no_performance_is_refused(saved: str) -> None:
    with pytest.raises(ScriptError, match=r"^not a saved performance: "):
        Performance.from_json(saved)


def test_an_entry_is_printed_as_plain() -> None:
    assert str(Entry("direction", "Rain.")) == "(Rain.)"
    assert str(Entry("line", "Out!", "María")) == "MARÍA: Out!"
    assert str(Entry("line", "Out!", "María", tone="icy", act="order")) == "MARÍA (icy): Out!"


def test_what_is_saved_says_what_each_line_does() -> None:
    line = Entry("line", "You took the ring.", "Ana", "Bruno", "icy", "accuse", "you take", ("<jewel>",), Why("Soup"))
    saved = json.loads(Performance("Supper", 7, (line,)).to_json())["lines"][0]
    assert {key: saved[key] for key in ("speaker", "to", "tone", "act", "gist", "topics")} == {
        "speaker": "Ana", "to": "Bruno", "tone": "icy", "act": "accuse", "gist": "you take", "topics": ["<jewel>"],
    }  # fmt: skip
    assert saved["why"]["beat"] == "Soup"

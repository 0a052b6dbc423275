from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from engine import codes
from engine.corpus import topics
from engine.errors import TrainingError
from engine.learning.marks import MARKS, encoded, marked_places
from engine.troupe import Troupe
from engine.voices.vocabulary import Vocabulary
from tests.conftest import ROOT

PLACE: dict[str, Any] = {
    "place": "one-1",
    "heard": ["<scene> <lang:en>", "<turn:0> <to:servant> <act:ask> Who has <paper>, <you>?"],
    "cue": "<turn:0> <to:boss>",
    "lines": [
        {"text": "I do not know.", "mark": "G", "act": "deny", "length": -0.5},
        {"text": "<paper> is late.", "mark": "M", "length": 0.1},
    ],
}


def lay(troupe: Troupe, *rows: str) -> Path:
    path = troupe.marks_path("en")
    path.parent.mkdir()
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_a_place_stands_as_a_network_hears_it(troupe: Troupe, vocabulary: Vocabulary) -> None:
    lay(troupe, json.dumps(PLACE), "", json.dumps(PLACE | {"held_out": True}))
    place, other = marked_places(troupe, "en")
    assert (place.held_out, other.held_out) == (False, True)
    special = vocabulary.special
    before = [
        special("<scene>"),
        special("<lang:en>"),
        special("<turn:0>"),
        special("<to:servant>"),
        special("<act:ask>"),
    ]
    asked = [*vocabulary.encode("Who has <paper>, <you>?"), vocabulary.end]
    assert place.prompt(vocabulary) == [*before, *asked, special("<turn:0>"), special("<to:boss>")]
    # A line may begin with a slot, which is text.
    assert place.replies(vocabulary)[1] == vocabulary.encode("<paper> is late.")
    assert [(line.sensible, line.act, line.measures) for line in place.lines] == [
        (True, "deny", {"length": -0.5}),
        (False, None, {"length": 0.1}),
    ]


def test_a_troupe_without_marks(troupe: Troupe) -> None:
    assert marked_places(troupe, "en") == []


@pytest.mark.parametrize(
    "row",
    [
        "{",
        "[]",
        "7",
        '"place"',
        "[" * 100_000,
        json.dumps({**PLACE, "heard": []}),
        json.dumps({**PLACE, "heard": [7]}),
        json.dumps({**PLACE, "cue": None}),
        json.dumps({**PLACE, "lines": []}),
        json.dumps({**PLACE, "lines": [{"text": "No.", "mark": "Q"}]}),
        json.dumps({**PLACE, "lines": [{"text": "No.", "mark": "G", "act": "sing"}]}),
        json.dumps({**PLACE, "lines": [{"text": "No.", "mark": "G", "length": "long"}]}),
        json.dumps({key: value for key, value in PLACE.items() if key != "place"}),
    ],
)
def test_a_row_that_is_no_place(troupe: Troupe, row: str) -> None:
    path = lay(troupe, json.dumps(PLACE), row)
    with pytest.raises(TrainingError, match=re.escape(f"{path}:2:1: not a marked place (")):
        marked_places(troupe, "en")


def test_marks_that_are_not_text(troupe: Troupe) -> None:
    lay(troupe).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TrainingError, match="these marks cannot be read"):
        marked_places(troupe, "en")


def test_the_shipped_marks_are_whole() -> None:
    places = marked_places(Troupe(ROOT), "en")
    assert len({place.name for place in places}) == len(places) > 3000
    assert sum(place.held_out for place in places) == 383
    lines = [line for place in places for line in place.lines]
    assert len(lines) > 23_000
    assert {line.mark for line in lines} == set(MARKS)
    assert len({frozenset(line.measures) for line in lines}) == 1
    known = set(codes.SPECIAL)
    for place in places:
        for text in (*place.heard, place.cue, *(line.text for line in place.lines)):
            assert set(re.findall(r"<[^<>\s]+>", text)) <= known
    assert any(topics.said(line.text) for line in lines)


def test_codes_are_taken_off_a_text_and_nothing_else_is(vocabulary: Vocabulary) -> None:
    assert encoded(vocabulary, "<turn:1> <end> x") == [vocabulary.special("<turn:1>"), *vocabulary.encode("<end> x")]
    assert encoded(vocabulary, "") == []

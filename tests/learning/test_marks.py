from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from engine.errors import TrainingError
from engine.learning.marks import MARKS, MEASURES, encoded, marked_places
from engine.troupe import Troupe
from engine.voices.vocabulary import Vocabulary
from tests.conftest import ROOT

MEASURED = dict.fromkeys(MEASURES, 0.5)
LINE: dict[str, Any] = {"text": "I do not know.", "mark": "G", "act": "deny", **MEASURED}
PLACE: dict[str, Any] = {
    "place": "one-1",
    "heard": ["<scene> <lang:en>", "<turn:0> <to:servant> <act:ask> Who has <paper>, <you>?"],
    "cue": "<turn:0> <to:boss>",
    "lines": [LINE, {"text": "<paper> is late.", "mark": "M", **MEASURED, "length": -1}],
}


def lay(troupe: Troupe, *rows: str) -> Path:
    path = troupe.marks_path("en")
    path.parent.mkdir()
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_a_place_stands_as_a_network_hears_it(troupe: Troupe, vocabulary: Vocabulary) -> None:
    # What ends a line elsewhere may stand in a text.
    rare = json.dumps(PLACE | {"place": "one\u2028two", "held_out": True}, ensure_ascii=False)
    lay(troupe, json.dumps(PLACE), "", rare)
    place, other = marked_places(troupe, "en")
    assert (place.held_out, other.held_out) == (False, True)
    assert (place.name, other.name) == ("one-1", "one\u2028two")
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
    assert [(line.sensible, line.measures) for line in place.lines] == [
        (True, (0.5,) * 6),
        (False, (0.5, 0.5, 0.5, 0.5, 0.5, -1.0)),
    ]


def test_a_troupe_without_marks(troupe: Troupe) -> None:
    assert marked_places(troupe, "en") == []


def with_line(**changed: Any) -> str:
    return json.dumps({**PLACE, "lines": [{**LINE, **changed}]})


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{", ":2:2: not a marked place: this is no JSON"),
        ('{"place": ,}', ":2:11: not a marked place: this is no JSON"),
        ("[]", "it is no object"),
        ("7", "it is no object"),
        ("[" * 100_000, "recursion"),
        (json.dumps({**PLACE, "heard": []}), "'heard' is no list, or an empty one"),
        (json.dumps({**PLACE, "heard": "abc"}), "'heard' is no list, or an empty one"),
        (json.dumps({**PLACE, "heard": [7]}), "7 is no text"),
        (json.dumps({**PLACE, "heard": ["<scene>", "<to:bos> No."]}), "<to:bos> is no code and no slot"),
        (json.dumps({**PLACE, "cue": None}), "None is no text"),
        (json.dumps({**PLACE, "held_out": "false"}), "'held_out' is neither true nor false"),
        (json.dumps({**PLACE, "lines": []}), "'lines' is no list, or an empty one"),
        (json.dumps({**PLACE, "reader": 3}), "'reader' does not belong there"),
        (json.dumps({key: value for key, value in PLACE.items() if key != "place"}), "'place' is missing"),
        (json.dumps({**PLACE, "lines": ["No."]}), "it is no object"),
        (json.dumps({**PLACE, "lines": [{"text": "No.", "mark": "G"}]}), "'fluency' is missing"),
        (with_line(mark="Q"), "'Q' is no mark: G, M, X"),
        (with_line(sense=1.0), "'sense' does not belong there"),
        (with_line(length="long"), "'length' is no number"),
        (with_line(length=True), "'length' is no number"),
        (with_line(length=float("nan")), "'length' is no number"),
        (with_line(length=10**400), "too large"),
    ],
)
def test_a_row_that_is_no_place(troupe: Troupe, row: str, reason: str) -> None:
    path = lay(troupe, json.dumps(PLACE), row)
    with pytest.raises(TrainingError, match=re.escape(f"{path}:2:")) as raised:
        marked_places(troupe, "en")
    assert reason in str(raised.value)
    assert str(raised.value).endswith("; corpora/README.md of the project shows one")


def test_marks_that_are_not_text(troupe: Troupe) -> None:
    lay(troupe).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TrainingError, match="these marks cannot be read"):
        marked_places(troupe, "en")


@pytest.mark.parametrize(("language", "least"), [("en", 29_000), ("es", 4_000)])
def test_the_shipped_marks_are_whole(language: str, least: int) -> None:
    places = marked_places(Troupe(ROOT), language)
    assert len({place.name for place in places}) == len(places)
    assert any(place.held_out for place in places)
    lines = [line for place in places for line in place.lines]
    assert len(lines) > least
    assert {line.mark for line in lines} == set(MARKS)


def test_codes_are_taken_off_a_text_and_nothing_else_is(vocabulary: Vocabulary) -> None:
    assert encoded(vocabulary, "<turn:1> <end> x") == [vocabulary.special("<turn:1>"), *vocabulary.encode("<end> x")]
    assert encoded(vocabulary, "") == []

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from engine.frames import Frame, Gist
from engine.learning.passages import Passage
from engine.learning.places import Place
from engine.report.doing import doing_table, read, unbound
from engine.report.generated import Source, Utterance
from engine.report.subject import Subject
from engine.voices.sequences import Line

ASKED, TOLD = "Where is <paper>? Who has it?", "I never took <paper>. I burnt it."


def passage(*acts: str) -> Passage:
    lines = tuple(
        Line("ana", ASKED if act == "ask" else TOLD, act=act, gist=Gist("me", "take", True), topics=("<paper>",))
        for act in acts
    )
    raw = tuple(line.text.replace("<paper>", "the letter") for line in lines)
    numbers = tuple(range(len(lines)))
    return Passage("house", "en", "test", "x", None, lines, raw, numbers, (None,) * len(lines), {"thing": "the letter"})


LEARNED = passage(*["ask", "tell"] * 10)


def subject(learned: Passage = LEARNED) -> Subject:
    """As much of a subject as the table looks at."""
    places = {"ana": tuple(Place(learned, number) for number in range(len(learned.lines)))}
    found: Any = SimpleNamespace(learned=places, generator=lambda *names: np.random.default_rng(0))
    return cast(Subject, found)


def said(*hidden: str) -> dict[str, tuple[Utterance, ...]]:
    held_out = passage("ask", "tell")
    return {
        "ana": tuple(
            Utterance(Place(held_out, number % 2), each.replace("<paper>", "the letter"), each)
            for number, each in enumerate(hidden)
        )
    }


def row(source: Source) -> dict[str, Any]:
    table: Any = doing_table(subject(), [source]).to_data()
    return dict(table["rows"][0])


def test_lines_that_do_as_they_were_asked() -> None:
    found = row(Source("voices", said(ASKED, TOLD)))
    assert (found["said by"], found["lines"], found["act"], found["topics"], found["unbound"]) == ("voices", 2, 1, 1, 0)
    assert found["gist"] == pytest.approx(0.5)  # the question says another gist than its plan


def test_lines_that_do_the_other_thing() -> None:
    found = row(Source("voices", said(TOLD, ASKED)))
    assert found["act"] == 0


def test_a_topic_that_the_scene_does_not_speak_of() -> None:
    found = row(Source("voices", said("You have the ring.", "I never took the letter.")))
    assert (found["unbound"], found["topics"]) == (1, 0)
    assert unbound(said("You have the ring.")["ana"][0])
    assert not unbound(said("You have <paper>.")["ana"][0])


def test_what_a_line_says_is_read_off_its_hidden_text() -> None:
    assert read(said("I never took <paper>.")["ana"][0]) == Frame(None, None, Gist("me", "take", True), ("<paper>",))


def test_scripts_without_acts_are_not_judged() -> None:
    bare = replace(LEARNED, lines=tuple(replace(line, act=None) for line in LEARNED.lines))
    table = doing_table(subject(bare), [Source("voices", said(ASKED))])
    assert (table.rows, table.lines) == ((), 1)

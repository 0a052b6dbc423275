from __future__ import annotations

from typing import Any

import pytest

from engine import codes
from engine.frames import Gist
from engine.sheets.scenario import Scenario
from engine.stage.state import KEPT, SceneState
from engine.turns.floor import Spoken
from engine.voices.sequences import Line


def scene(**more: Any) -> Scenario:
    beats = [{"name": "Soup", "about": {"thing": "the ring"}}, {"name": "Bill", "closes": True, "arc": "revenge"}]
    sheet = {"title": "T", "cast": ["ana", "bruno"], "limit": 10, "beats": beats, **more}
    return Scenario.model_validate(sheet, strict=False)


def state(**more: Any) -> SceneState:
    return SceneState(scene(**more), ["ana", "bruno"])


def test_a_beat_binds_topics_beside_and_before_those_of_its_scene() -> None:
    found = state(about={"thing": "the letter", "third": "the nurse"})
    soup, bill = found.scenario.beats
    assert found.bound(soup) == {"thing": "the ring", "third": "the nurse"}
    assert found.bound(bill) == {"thing": "the letter", "third": "the nurse"}
    assert found.slots(soup, "en") == {"<jewel>": "the ring", "<third.she>": "the nurse"}


@pytest.mark.parametrize(
    ("of_scene", "asked", "arcs"),
    [
        (None, None, [None, "revenge"]),
        ("betrayal", None, ["betrayal", "revenge"]),
        ("betrayal", "amnesia", ["amnesia", "revenge"]),
    ],
)
def test_the_arc_of_a_beat(of_scene: str | None, asked: str | None, arcs: list[str | None]) -> None:
    found = SceneState(scene(arc=of_scene), ["ana"], asked)
    assert [found.arc_of(beat) for beat in found.scenario.beats] == arcs


def test_what_is_heard_is_remembered() -> None:
    found = state()
    found.entered.add("ana")
    line = Line("ana", "I took <jewel>.", "icy", act="confess", gist=Gist("me", "take"), topics=("<jewel>",))
    found.hear(line, "I took the ring.", "bruno")
    assert found.context == [line]
    assert found.heard == [Spoken("ana", "I took the ring.", "bruno")]
    assert found.said.again("I took the ring!")
    assert found.ledger.claims == {("ana", ("ana", "take", frozenset({"<jewel>"}))): True}
    assert found.entered == set()
    assert found.progress.lines == 1


def test_a_question_to_the_viewer_is_put_to_nobody() -> None:
    found = state()
    ask = Line("ana", "Who took <jewel>?", act="ask", gist=Gist("third", "take"), topics=("<jewel>",))
    found.hear(ask, "Who took the ring?", codes.VIEWER)
    assert found.ledger.open is None
    found.hear(ask, "Who took the ring?", "bruno")
    assert found.ledger.open is not None


def test_the_context_is_kept_to_its_length() -> None:
    found = state(limit=200)
    for number in range(KEPT + 5):
        found.hear(Line("ana", str(number)), str(number), None)
    assert [line.text for line in found.context] == [str(number) for number in range(5, KEPT + 5)]
    assert len(found.heard) == KEPT + 5


def test_the_tension_that_is_wanted_follows_the_curve() -> None:
    found = state(tension=[0.2, 0.8])
    assert found.wanted_tension == pytest.approx(0.2)
    found.progress.lines = 200
    assert found.wanted_tension == pytest.approx(0.8)

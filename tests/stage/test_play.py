"""Playing from Python: the package's public face."""

from __future__ import annotations

import pytest

from engine.errors import TroupeError
from engine.speech.agent import Agent
from engine.speech.request import Request
from engine.stage.play import play, say
from engine.troupe import Troupe


def test_a_scene_is_an_iterator_of_entries(voiced: Troupe) -> None:
    path = voiced.root / "scenes" / "supper.yaml"
    entries = list(play(path, seed=3, turns=2))
    assert str(entries[0]) == "(Ana ladles.)"
    assert "ANA: Out, all of you." in map(str, entries)
    assert [str(entry) for entry in play(str(path), seed=3, turns=2)] == [str(entry) for entry in entries]


def test_somebody_says_a_few_lines(voiced: Troupe) -> None:
    lines = say(voiced, "ana", "Who took the key?", "bruno", act="deny", tone="icy", count=3, seed=2)
    assert len(lines) == len(set(lines)) == 3
    assert lines == say(voiced, "ana", "Who took the key?", "bruno", act="deny", tone="icy", count=3, seed=2)
    assert lines != say(voiced, "ana", "Who took the key?", "bruno", act="deny", tone="icy", count=3, seed=3)


def test_a_line_may_be_about_something(voiced: Troupe) -> None:
    lines = say(voiced, "ana", "Where is it?", act="tell", about={"thing": "the ledger"}, count=2)
    assert all("<" not in line for line in lines)


def test_a_topic_with_a_name_in_it_is_one_topic(voiced: Troupe, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Request] = []
    speak = Agent.speak
    monkeypatch.setattr(
        Agent, "speak", lambda agent, request, draw: asked.append(request) or speak(agent, request, draw)
    )
    say(voiced, "ana", "Who took Bruno's key?", "bruno", act="deny", about={"thing": "Bruno's key"})
    assert [line.text for line in asked[0].context] == ["Who took <key>?"]


def test_who_and_what_is_not_on_the_lists_is_said(voiced: Troupe) -> None:
    with pytest.raises(TroupeError, match=r"^'anna' is not in cast/ \(did you mean 'ana'\?\)$"):
        say(voiced, "anna")
    with pytest.raises(ValueError, match=r"^'denies' is not one of greet, ask,"):
        say(voiced, "ana", act="denies")

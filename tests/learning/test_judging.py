from __future__ import annotations

import numpy as np
import pytest

from engine.errors import TrainingError
from engine.learning.judging import Judged, fitted, judged
from engine.learning.marks import MarkedLine, MarkedPlace
from engine.voices.network import Network
from engine.voices.vocabulary import Vocabulary
from engine.voices.voice import LSTMVoice


def drawn(lines: int, told: bool) -> Judged:
    """Lines that are sensible by one number of four in the states, which a measure tells as well when `told`."""
    generator = np.random.default_rng(1)
    states = generator.normal(size=(lines, 4))
    sensible = states[:, 2] + 0.5 * generator.normal(size=lines) > 0.5
    measures = states[:, 2:3] if told else generator.normal(size=(lines, 1))
    return Judged(states, measures, ("length",), sensible, np.arange(lines) // 4)


def test_sense_finds_what_tells_a_sensible_line() -> None:
    found = drawn(4000, told=False)
    sense, measured = fitted(found)
    assert int(np.abs(sense.weight).argmax()) == 2
    assert sense.weight[2] > 5 * np.abs(np.delete(sense.weight, 2)).max()
    scores = sense.of(found.states.astype(np.float32))
    assert np.mean((scores > 0) == found.sensible) > 0.8
    assert abs(measured["length"]) < 0.2


def test_what_a_measure_says_sense_need_not_say() -> None:
    alone, beside = fitted(drawn(4000, told=False))[0], fitted(drawn(4000, told=True))
    assert 0 < beside[0].weight[2] < alone.weight[2] / 2
    assert beside[1]["length"] > alone.weight[2] / 2


def test_lines_of_one_mark_teach_nothing() -> None:
    found = drawn(40, told=False)
    with pytest.raises(TrainingError, match="marks of one kind alone teach nothing"):
        fitted(Judged(found.states, found.measures, found.names, np.ones(40, bool), found.place))


def test_marked_lines_become_the_states_behind_them(vocabulary: Vocabulary, network: Network) -> None:
    voice = LSTMVoice("base", network, vocabulary)
    lines = (
        MarkedLine("No.", "G", None, None, {"length": 1.0, "plan": 2.0}),
        MarkedLine("Who was it?", "X", None, None, {"length": 3.0}),
    )
    place = MarkedPlace("one", "en", False, ("<scene> <lang:en>", "<turn:0> Yes."), "<turn:0>", lines)
    told: list[float] = []
    found = judged([place, place], voice, told.append)
    assert np.allclose(found.states[:2], voice.behind(place.prompt(vocabulary), place.replies(vocabulary)))
    assert found.names == ("length",)
    assert found.measures[:, 0].tolist() == [1.0, 3.0, 1.0, 3.0]
    assert found.sensible.tolist() == [True, False, True, False]
    assert found.place.tolist() == [0, 0, 1, 1]
    assert told == [0.5, 1.0]

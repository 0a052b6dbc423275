from __future__ import annotations

import numpy as np
import pytest

from engine.learning.judging import Evidence, evidence, fitted
from engine.learning.marks import MEASURES, MarkedLine, MarkedPlace
from engine.voices.network import Network
from engine.voices.vocabulary import Vocabulary
from engine.voices.voice import LSTMVoice


def drawn(lines: int, told: bool) -> Evidence:
    """Lines that are sensible by one number of four in the states, which the first measure tells as well when `told`."""
    generator = np.random.default_rng(1)
    states = generator.normal(size=(lines, 4))
    sensible = states[:, 2] + 0.5 * generator.normal(size=lines) > 0.5
    measures = generator.normal(size=(lines, len(MEASURES)))
    if told:
        measures[:, 0] = states[:, 2]
    return Evidence(states, measures, sensible, np.arange(lines) // 4)


def test_sense_finds_what_tells_a_sensible_line() -> None:
    found = drawn(4000, told=False)
    sense, measured = fitted(found)
    assert int(np.abs(sense.weight).argmax()) == 2
    assert sense.weight[2] > 5 * np.abs(np.delete(sense.weight, 2)).max()
    scores = sense.of(found.states.astype(np.float32))
    assert np.mean((scores > 0) == found.sensible) > 0.8
    assert max(map(abs, measured.values())) < 0.2


def test_what_a_measure_says_sense_need_not_say() -> None:
    alone, (beside, measured) = fitted(drawn(4000, told=False))[0], fitted(drawn(4000, told=True))
    assert 0 < beside.weight[2] < alone.weight[2] / 2
    assert measured[MEASURES[0]] > alone.weight[2] / 2


def test_lines_of_one_mark_and_numbers_that_cannot_be_right_teach_nothing() -> None:
    found = drawn(40, told=False)
    with pytest.raises(ValueError, match=r"some lines must be sensible \(G\) and some not"):
        fitted(Evidence(found.states, found.measures, np.ones(40, bool), found.place))
    with pytest.raises(ValueError, match="did not come to rest"), np.errstate(all="ignore"):
        fitted(Evidence(found.states * np.nan, found.measures, found.sensible, found.place))


def test_marked_lines_become_the_states_behind_them(vocabulary: Vocabulary, network: Network) -> None:
    voice = LSTMVoice("base", network, vocabulary)
    lines = (MarkedLine("No.", "G", (1.0,) * 6), MarkedLine("Who was it?", "X", (3.0,) * 6))
    place = MarkedPlace("one", False, ("<scene> <lang:en>", "<turn:0> Yes."), "<turn:0>", lines)
    told: list[float] = []
    found = evidence([place, place], voice, told.append)
    assert np.allclose(found.states[:2], voice.behind(place.prompt(vocabulary), place.replies(vocabulary)))
    assert found.measures[:, 0].tolist() == [1.0, 3.0, 1.0, 3.0]
    assert found.sensible.tolist() == [True, False, True, False]
    assert found.place.tolist() == [0, 0, 1, 1]
    assert told == [0.5, 1.0]
    second = found.of(np.array([False, True]))
    assert second.place.tolist() == [1, 1]
    assert np.array_equal(second.states, found.states[2:])

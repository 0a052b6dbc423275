from __future__ import annotations

import numpy as np

from engine.voices.network import Network
from engine.voices.sense import Sense
from engine.voices.vocabulary import Vocabulary
from engine.voices.voice import LSTMVoice


def test_how_sensible_a_line_is_falls_out_of_the_state_behind_it() -> None:
    sense = Sense(np.array([1.0, -2.0], np.float32), 0.5)
    assert sense.of(np.array([[1, 1], [0, 0]], np.float32)).tolist() == [-0.5, 0.5]


def test_sense_is_stored_and_read_back() -> None:
    sense = Sense(np.array([1.0, -2.0], np.float32), 0.5)
    again = Sense.from_arrays(sense.arrays())
    assert again.weight.tolist() == [1.0, -2.0]
    assert again.bias == 0.5


def test_what_stands_behind_a_line_is_the_state_after_its_last_token(vocabulary: Vocabulary, network: Network) -> None:
    voice = LSTMVoice("ana", network, vocabulary)
    prompt, lines = [vocabulary.scene, *vocabulary.encode("Who was it?")], [[80, 81, 82], [83]]
    behind = voice.behind(prompt, lines)
    assert behind.shape == (2, network.width)
    for line, state in zip(lines, behind, strict=True):
        alone = network.run(np.array([*prompt, *line])[:, None], network.zero())[0][-1, 0]
        assert np.allclose(state, alone, atol=1e-5)
    assert voice.behind(prompt, []).shape == (0, network.width)

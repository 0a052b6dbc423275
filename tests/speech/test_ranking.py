from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import VoiceError
from engine.speech.features import FEATURES, Said, Weights, content, order, surface


def test_weights_both_ways() -> None:
    weights = Weights({feature.name: feature.fallback / 3 for feature in FEATURES})
    again = Weights.from_json(weights.to_json())
    assert again.values == pytest.approx(dict(weights.values), abs=1e-6)
    assert Weights.from_json('{"weights": {}}').values == Weights.fallback().values


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"weights": {"fluency": "much"}}', '{"weights": 3}'])
def test_what_is_no_weights_file(text: str) -> None:
    with pytest.raises(VoiceError, match="not the weights of a choice"):
        Weights.from_json(text)


def test_a_line_that_was_said_is_pushed_away() -> None:
    said = Said(["The soup is cold and so are you."])
    assert said.again("the soup is cold, and so are you!")
    assert not said.again("The soup is cold.")
    assert said.overlap("The soup is cold.") > said.overlap("The soup burns.") > said.overlap("Bread first.") == 0
    assert said.overlap("") == 0.0


def test_the_features_that_need_no_network() -> None:
    features = surface("Pearls, pearls on the floor", 5, "Whose pearls?", ["pearls", "moon"], Said())
    assert features["echo"] == 1.0
    assert features["beat"] == 1.0
    assert features["unusual"] == pytest.approx(0.0)
    assert features["repetition"] == 0.0
    assert {feature.name for feature in FEATURES} >= set(features)
    assert surface("", 5, "", [], Said())["echo"] == 0.0


def test_content_words_in_both_languages() -> None:
    assert content("Where is the soup? ¿Dónde está la sopa?") == {"soup", "dónde", "está", "sopa"}


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=8))
def test_the_best_comes_first_and_the_earlier_of_equals(values: list[float]) -> None:
    ranking = order([{"fluency": value} for value in values], Weights({"fluency": 1.0}))
    assert ranking == sorted(range(len(values)), key=lambda index: (-values[index], index))

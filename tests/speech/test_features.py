from __future__ import annotations

import pytest

from engine.speech.features import FEATURES, Feature, total


def test_the_total_is_the_sum_of_the_table() -> None:
    assert total({feature.name: 1.0 for feature in FEATURES}) == pytest.approx(
        sum(feature.weight for feature in FEATURES)
    )
    assert total({"sense": 2.0, "fluency": 2.0}) == 2 * (FEATURES[0].weight + FEATURES[1].weight)


def test_without_sense_the_others_have_weights_of_their_own() -> None:
    assert total({feature.name: 1.0 for feature in FEATURES[1:]}) == pytest.approx(
        sum(feature.alone for feature in FEATURES)
    )
    assert total({"fluency": 1.0}) != total({"fluency": 1.0, "sense": 0.0})


def test_what_is_not_in_the_table_counts_nothing() -> None:
    assert total({"nobody's": 5.0}) == total({}) == 0.0


def test_another_table_may_be_given() -> None:
    assert total({"x": 3.0, "fluency": 1.0}, [Feature("x", 7.0, -0.5, "x")]) == -1.5


def test_every_row_has_a_name_of_its_own_weights_and_a_meaning() -> None:
    assert len({feature.name for feature in FEATURES}) == len(FEATURES)
    assert FEATURES[0].name == "sense"
    assert all(feature.weight and feature.meaning for feature in FEATURES)
    assert all(feature.alone for feature in FEATURES[1:])


def test_length_and_repetition_speak_against_a_line_and_all_else_for_it() -> None:
    assert {feature.name for feature in FEATURES if feature.weight < 0} == {"length", "repetition"}
    assert {feature.name for feature in FEATURES if feature.alone < 0} == {"length", "repetition"}

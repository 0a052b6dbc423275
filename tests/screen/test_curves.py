from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from engine.screen.curves import CELLS, Curve, spark, to_svg

losses = st.lists(st.floats(0.0, 20.0), min_size=1, max_size=200)


def learnt(name: str = "soraya") -> Curve:
    curve = Curve(name)
    for learned, held_out in ((None, 4.0), (3.0, 3.5), (2.5, 3.25), (2.0, 3.3)):
        curve.add(learned, held_out)
    return curve


def test_epochs_stand_one_above_the_other() -> None:
    assert learnt().rows() == [("learned", 2.0, " █▅▁"), ("held out", 3.3, "█▃▁▁")]


def test_what_is_not_measured_has_no_row() -> None:
    curve = Curve("ana")
    assert curve.rows() == []
    curve.add(None, None)
    curve.add(3.0, None)
    assert curve.rows() == [("learned", 3.0, " ▁")]


@given(losses)
def test_a_small_curve_is_small_and_runs_from_the_lowest_to_the_highest(values: list[float]) -> None:
    bars = spark(values)
    assert len(bars) == min(CELLS, len(values))
    assert "▁" in bars
    if len(values) <= CELLS and max(values) > min(values):
        assert "█" in bars


def test_a_picture_has_a_frame_for_each_voice_and_is_the_same_again() -> None:
    curves = [learnt(), learnt("maría <b>"), Curve("nobody")]
    text = to_svg(curves)
    assert text == to_svg(curves)
    root = ElementTree.fromstring(text)
    space = "{http://www.w3.org/2000/svg}"
    words = [element.text for element in root.iter(f"{space}text")]
    assert {"soraya", "maría <b>", "nobody", "held out"} <= set(words)
    assert root.findtext(f"{space}title") == "Losses by epoch: soraya, maría <b>, nobody"
    # Two frames side by side, the third below.
    assert root.get("viewBox") == "0 0 840 520"


def test_a_curve_of_one_epoch_is_drawn() -> None:
    curve = Curve("ana")
    curve.add(None, 3.2)
    assert "circle" in to_svg([curve])

from __future__ import annotations

from collections import Counter

from engine.corpus import split
from engine.corpus.turns import Scene, Turn


def test_the_parts_have_their_shares() -> None:
    counts = Counter(split.part(f"scene {number}") for number in range(20_000))
    assert abs(counts["test"] / 20_000 - split.TEST) < 0.01
    assert abs(counts["validation"] / 20_000 - split.VALIDATION) < 0.01


def test_a_scene_stays_where_it_is_whatever_comes_before_it() -> None:
    turns = (Turn("ANA", "Never.", "icy", None, 3), Turn("BRUNO", "Ask the cook."))
    scene = Scene("INT. KITCHEN", turns, "betrayal", 1)
    moved = Scene("INT. KITCHEN", (Turn("ANA", "Never.", None, None, 30), turns[1]), None, 28)
    assert split.key(scene) == split.key(moved) == "INT. KITCHEN\nANA: Never.\nBRUNO: Ask the cook."
    # Golden: a change of the rule would let training see what was held out.
    assert [split.part(str(number)) for number in range(12)].count("train") == 11
    assert split.held_out("x") == (split.part("x") == "test")


def test_takes_of_one_scene_go_together() -> None:
    about = {"third": "the nurse", "thing": "the letter"}
    first = Scene("INT. A", (Turn("Ana", "You took the letter."), Turn("Bruno", "No.")), "revenge", 3, about)
    second = Scene("INT. A", (Turn("Ana", "Where is the letter?"), Turn("Bruno", "Ask her.")), "revenge", 30, about, 2)
    assert split.key(first) == split.key(second) == "INT. A\nrevenge\nthing = the letter\nthird = the nurse\nAna\nBruno"
    other = Scene("INT. A", (Turn("Bruno", "You took it."), Turn("Ana", "No.")), "revenge", 3, about)
    assert split.key(other) != split.key(first)

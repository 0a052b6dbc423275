from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine import codes
from engine.speech.casting import Casting, fill, slots_of


def casting(speaker: str = "ana", to: str | None = "bruno", seed: int = 0) -> Casting:
    kinds = {"bruno": "sibling", "carla": "rival", "dario": "stranger"}
    return Casting(
        speaker, to, ["bruno", "carla", "dario"], kinds.__getitem__, str.title, ["the sea"], np.random.default_rng(seed)
    )


def test_slots_become_the_people_of_the_scene() -> None:
    filled = casting().fill("<you>, <me> and <rival> went to <place>. <place>!")
    assert filled == "Bruno, Ana and Carla went to the sea. The sea!"
    assert casting().fill("my <mother>") is None
    assert "<mother>" in casting().missing
    assert codes.YOU not in casting().missing
    assert codes.YOU in casting(to=None).missing


def test_a_slot_means_one_person_in_a_line() -> None:
    lines = {casting(seed=seed).fill("<other> and <other>") for seed in range(20)}
    assert lines == {"Carla and Carla", "Dario and Dario"}


texts = st.lists(st.one_of(st.sampled_from(codes.SLOTS), st.sampled_from(["No,", "they", "said.", "¡Ay!"]))).map(
    " ".join
)


@given(texts)
def test_fill_leaves_no_slot_and_asks_for_each(text: str) -> None:
    asked: list[str] = []

    def name(slot: str) -> str:
        asked.append(slot)
        return "x"

    filled = fill(text, name)
    assert filled is not None
    assert not slots_of(filled)
    assert asked == slots_of(text)
    assert fill(text, lambda slot: None) == (None if slots_of(text) else text)


def test_topics_are_filled_in_beside_names() -> None:
    bound = {"<paper>": "the letter", "<third.he>": "the doctor"}
    found = Casting("ana", "bruno", ["bruno"], lambda who: "sibling", str.title, [], np.random.default_rng(0), bound)
    assert found.fill("<third.he> has <paper>, <you>.") == "The doctor has the letter, Bruno."
    assert found.fill("<third.she> has <paper>.") is None
    assert not {"<paper>", "<third.he>"} & set(found.missing)
    assert {"<jewel>", "<third.she>", codes.OTHER, codes.PLACE} <= set(found.missing)
    assert found.topics == bound
    assert found.spoken_of == "Ana; Bruno; the letter; the doctor"

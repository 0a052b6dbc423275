from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import codes
from engine.sheets.authored import load
from engine.sheets.names import Mention, Names
from engine.sheets.persona import Persona
from engine.speech.casting import Casting, fill, slots_of
from engine.troupe import Troupe
from tests.conftest import ROOT


@pytest.fixture
def names(troupe: Troupe) -> Names:
    return troupe.names


@pytest.mark.parametrize(
    ("text", "speaker", "to", "hidden"),
    [
        ("Ana, you lied to Bruno.", "bruno", "ana", "<you>, you lied to <me>."),
        ("Ask Bruno. Ask that singer.", "ana", "dario", "Ask <sibling>. Ask that singer."),
        ("Señora Ana is at the Miramar.", "dario", "carla", "<other> is at <place>."),
        ("Don Darío and Darío's key", "carla", "bruno", "<boss> and <boss>'s key"),
        ("Anacleta and Brunor are nobody.", "ana", "bruno", "Anacleta and Brunor are nobody."),
        ("ana is a word here", "bruno", None, "ana is a word here"),
        ("BRUNO!", "carla", "ana", "<lover>!"),
    ],
)
def test_names_become_slots(names: Names, text: str, speaker: str, to: str | None, hidden: str) -> None:
    assert names.hide(text, speaker, to) == hidden


def test_mentions_have_places(names: Names) -> None:
    assert names.mentions("No, Don Bruno!") == [Mention("bruno", 4, 13, "Don Bruno")]
    assert names.owner("SEÑORA ANA") == "ana"
    assert names.owner("NOBODY") is None


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


def test_no_name_of_the_shipped_cast_survives_hiding() -> None:
    cast = {who: load(ROOT / "cast" / f"{who}.yaml", Persona).value for who in ("soraya", "maria", "prospero")}
    names = Names(cast)
    text = "Soraya, María and the Man in a Suit; Doña Soraya's, PRÓSPERO."
    for speaker in cast:
        for to in (*cast, None):
            assert not names.mentions(names.hide(text, speaker, to))

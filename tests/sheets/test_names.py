from __future__ import annotations

import pytest

from engine.sheets.authored import load
from engine.sheets.names import Mention, Names
from engine.sheets.persona import Persona
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


def test_no_name_of_the_shipped_cast_survives_hiding() -> None:
    cast = {who: load(ROOT / "cast" / f"{who}.yaml", Persona).value for who in ("soraya", "maria", "prospero")}
    names = Names(cast)
    text = "Soraya, María and the Man in a Suit; Doña Soraya's, PRÓSPERO."
    for speaker in cast:
        for to in (*cast, None):
            assert not names.mentions(names.hide(text, speaker, to))

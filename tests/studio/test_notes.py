from __future__ import annotations

import pytest

from engine import codes
from engine.drama.leanings import tension_of
from engine.errors import StudioError
from engine.stage.production import Theatre
from engine.stage.world import Production
from engine.studio import notes
from engine.studio.notes import ASKED
from engine.troupe import Troupe
from tests.studio.conftest import agents


@pytest.fixture
def production(troupe: Troupe) -> Production:
    return Theatre(troupe).production(troupe.root / "scenes" / "supper.yaml", 1, agents=agents(troupe))


@pytest.mark.parametrize(
    ("text", "codes_", "people"),
    [
        ("let her confess", {"<act:confess>": ASKED}, ()),
        ("Ana begs", {"<act:plead>": ASKED}, ("ana",)),
        ("make DARÍO beg, coldly", {"<act:plead>": ASKED}, ("dario",)),
        ("no tears", {"<tone:weeping>": -ASKED}, ()),
        ("don't let him apologize", {"<act:apologise>": -ASKED}, ()),
        ("less angry, more tender", {"<tone:furious>": -ASKED, "<tone:tender>": ASKED}, ()),
        ("she threatens him", {"<act:threaten>": ASKED}, ()),
        ("accusing", {"<act:accuse>": ASKED}, ()),
        ("about the letter", {"<say:paper>": ASKED}, ()),
    ],
)
def test_what_a_note_asks(production: Production, text: str, codes_: dict[str, float], people: tuple[str, ...]) -> None:
    found = notes.read(text, production)
    assert found.leaning.codes == codes_
    assert found.people == people


def test_calmer_leans_away_from_what_is_tense(production: Production) -> None:
    calm, hot = (notes.read(text, production).leaning.codes for text in ("calmer", "hotter"))
    tense, mild = (pick(codes.TONES, key=tension_of) for pick in (max, min))
    assert calm[f"<tone:{tense}>"] < 0 < calm[f"<tone:{mild}>"]
    assert hot == {code: -by for code, by in calm.items()}
    assert notes.read("not calmer", production).leaning.codes == hot


def test_a_note_is_for_whom_it_names(production: Production) -> None:
    personas = production.personas
    named, she, all_ = (notes.read(text, production) for text in ("Bruno lies: denial", "let her confess", "icy"))
    assert [bool(named.of(who, personas).codes) for who in ("ana", "bruno")] == [False, True]
    assert [bool(she.of(who, personas).codes) for who in ("ana", "bruno")] == [True, False]
    assert [bool(all_.of(who, personas).codes) for who in ("ana", "bruno")] == [True, True]


def test_what_is_not_understood_is_said(production: Production) -> None:
    assert str(notes.read("calmer, and kumquats", production)) == "calmer; not understood: kumquats"
    about = notes.read("icy, about the zzyzx", production)
    assert about.leaning.about == {}
    assert "'the zzyzx' (no thing, place, person or event that a line can be about)" in str(about)
    for text in ("kumquats", "the", "Ana"):
        with pytest.raises(StudioError, match="a note may name what is done"):
            notes.read(text, production)


def test_a_topic_of_the_scene_is_one_whatever_its_noun(production: Production) -> None:
    scenario = production.scenario.model_copy(update={"about": {"event": "the Zorro affair"}})
    from dataclasses import replace

    found = notes.read("about the zorro affair and icy", replace(production, scenario=scenario))
    assert found.leaning.about == {"event": "the zorro affair"}
    assert found.asks == ("about the zorro affair", "icy")

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import AuthoredError, VoiceError
from engine.speech.company import Company
from engine.stage.production import Theatre
from engine.troupe import Troupe
from engine.voices.vocabulary import Vocabulary

Edit = Callable[[Path, str, str], None]


def test_the_state_of_things_before_anything_is_played(voiced: Troupe) -> None:
    production = Theatre(voiced).production(voiced.root / "scenes" / "supper.yaml", 3)
    relations, knowledge = production.world.relations, production.world.knowledge
    assert relations.kind("bruno", "carla") == "lover"
    assert relations.value("ana", "bruno", "heat") == 0.9
    assert relations.value("ana", "bruno", "affection") == -0.4
    assert knowledge.holders("the-will") == ("ana",)
    assert knowledge.holders("the-ring") == ("carla",)
    assert "ink" not in knowledge.topics("ana")
    assert production.seed == 3
    assert set(production.agents) == {"ana", "bruno", "carla", "dario"}


def test_the_manifest_changes_with_what_is_played(voiced: Troupe, edit: Edit) -> None:
    def manifest() -> dict[str, object]:
        troupe = Troupe(voiced.root)
        return dict(Theatre(troupe).production(troupe.root / "scenes" / "supper.yaml", 1).manifest)

    before = manifest()
    assert before == manifest()
    edit(voiced.root / "cast" / "ana.yaml", "talkativeness: 0.7", "talkativeness: 0.8")
    after = manifest()
    assert after["scene"] == before["scene"]
    assert {who for who, digest in after["cast"].items() if before["cast"][who] != digest} == {"ana"}  # type: ignore[attr-defined, index]


def test_a_character_goes_by_another_name_in_a_scene(voiced: Troupe, edit: Edit) -> None:
    path = voiced.root / "scenes" / "supper.yaml"
    edit(path, "title: Supper", "title: Supper\ncalled: {dario: The Guest}")
    production = Theatre(voiced).production(path, 1)
    assert production.personas["dario"].name == "The Guest"
    assert voiced.personas["dario"].name == "Darío"


def test_who_has_no_voice_of_her_own_speaks_with_that_of_her_show(voiced: Troupe, vocabulary: Vocabulary) -> None:
    (voiced.voices / "dario.safetensors").unlink()
    company = Company(voiced)
    assert company.agent("dario").voice.name == "show.hotel.en"
    assert company.agent("ana").voice.name == "ana"
    assert company.agent("ana").reference.name == "base"


def test_a_voice_is_loaded_when_she_first_speaks_but_missed_at_once(voiced: Troupe) -> None:
    path = voiced.root / "scenes" / "supper.yaml"
    theatre = Theatre(voiced)
    loaded: list[str] = []
    load = theatre.company.grounds.shared.load
    theatre.company.grounds.shared.load = lambda name: loaded.append(name) or load(name)  # type: ignore[func-returns-value, method-assign]
    agents = theatre.production(path, 1).agents
    assert "ana" in agents
    assert "nobody" not in agents
    assert len(agents) == 4
    assert loaded == []
    assert agents["ana"] is agents["ana"]
    assert loaded == ["ana", "base"]
    with pytest.raises(KeyError):
        agents["nobody"]
    broken = voiced.voices / "carla.safetensors"
    broken.write_bytes(broken.read_bytes()[:-9])
    with pytest.raises(VoiceError, match="the voice 'carla' is corrupt"):
        Theatre(Troupe(voiced.root)).production(path, 1)


def test_a_scene_is_checked_against_the_troupe(voiced: Troupe, edit: Edit) -> None:
    path = voiced.root / "scenes" / "supper.yaml"
    edit(path, "by: ana}", "by: anna}")
    with pytest.raises(AuthoredError, match="by: 'anna' is not in the scene's cast"):
        Theatre(voiced).production(path, 1)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.performance import Entry, Performance
from engine.stage.asking import Asking
from engine.stage.production import Theatre
from engine.stage.stage import Stage
from engine.stage.world import Production
from engine.troupe import Troupe
from engine.voices.vocabulary import Vocabulary
from tests.conftest import LINES, ROOT, scripted

SHIPPED = sorted(p.stem for p in (ROOT / "scenes").glob("*.yaml") if p.stem not in ("season", "temporada", "world"))
Play = Callable[..., Performance]


def stage(troupe: Troupe, vocabulary: Vocabulary, seed: int = 1, turns: int | None = None, **more: Any) -> Stage:
    path = troupe.root / "scenes" / "supper.yaml"
    production = Theatre(troupe).production(path, seed, agents=scripted(troupe.personas, vocabulary))
    return Stage(replace(production, **more), turns)


@pytest.fixture
def play(troupe: Troupe, vocabulary: Vocabulary) -> Play:
    def played(seed: int = 1, turns: int | None = None, **more: Any) -> Performance:
        one = stage(troupe, vocabulary, seed, turns, **more)
        list(one.play())
        return one.performance()

    return played


def spoken(performance: Performance) -> list[tuple[str | None, str]]:
    return [(entry.speaker, entry.text) for entry in performance.lines if entry.kind == "line"]


def test_the_same_seed_plays_the_same_bytes_and_another_does_not(play: Play) -> None:
    assert play().to_json() == play().to_json()
    assert spoken(play()) != spoken(play(seed=2))


def test_beats_directions_scripted_lines_and_the_close(play: Play) -> None:
    performance = play()
    directions = [entry.text for entry in performance.lines if entry.kind == "direction"]
    assert directions == ["Ana ladles.", "Carla enters.", "Bruno leaves.", "A bell rings."]
    lines = [entry for entry in performance.lines if entry.kind == "line"]
    assert len(lines) == 3 + 1 + 4 + 1 + 2
    assert (lines[3].speaker, lines[3].to, lines[3].tone, lines[3].text) == (
        "Carla",
        "Ana",
        "icy",
        "Good evening, house.",
    )
    assert performance.ended == "with the beat 'The bill'"
    assert performance.lines[-1].why.beat == "The bill"
    assert performance.summary["talk"]["Ana"]["lines"] == sum(line.speaker == "Ana" for line in lines)


@pytest.mark.parametrize("seed", range(8))
def test_nobody_speaks_or_is_spoken_to_who_is_not_there(play: Play, seed: int) -> None:
    present = {"Ana", "Bruno"}
    for entry in play(seed).lines:
        if entry.text == "Carla enters.":
            present.add("Carla")
        elif entry.text == "Bruno leaves.":
            present.discard("Bruno")
        if entry.kind == "line":
            assert entry.speaker in present
            assert entry.to is None or entry.to in present
        moved = {name for change in entry.relations for name in (change.source, change.target)}
        assert moved <= present | {"Bruno"}


@pytest.mark.parametrize("seed", range(4))
def test_a_reveal_teaches_those_present_and_nobody_else(troupe: Troupe, vocabulary: Vocabulary, seed: int) -> None:
    one = stage(troupe, vocabulary, seed)
    learned = [each for entry in one.play() for each in entry.learned]
    assert sorted((each.who, each.fact, each.by) for each in learned) == [
        ("Bruno", "the-will", "Ana"), ("Carla", "the-will", "Ana"),
    ]  # fmt: skip
    assert one.world.knowledge.holders("the-will") == ("ana", "bruno", "carla")


def test_forced_turns_come_first_whoever_bids_higher(play: Play) -> None:
    for seed in range(5):
        lines = [entry for entry in play(seed).lines if entry.kind == "line"]
        assert [line.speaker for line in lines[4:7]] == ["Ana", "Ana", "Bruno"]
        assert lines[4].why.policy == "force"


def test_taking_line_seven_again_leaves_one_to_six(play: Play, troupe: Troupe, vocabulary: Vocabulary) -> None:
    first = [entry for entry in play().lines if entry.kind == "line"]

    class Retaken(Asking):
        def generator(self, *names: object) -> np.random.Generator:
            return super().generator(*names, *(["again"] if names[1] == 6 else []))

    one = stage(troupe, vocabulary)
    one.asking = Retaken(one.production)
    again = [entry for entry in one.play() if entry.kind == "line"]
    assert again[:6] == first[:6]
    assert again[6:] != first[6:]


def test_only_a_given_pair_of_lines_differs_when_an_agent_does(troupe: Troupe, vocabulary: Vocabulary) -> None:
    usual = stage(troupe, vocabulary)
    before = [entry for entry in usual.play() if entry.kind == "line"]
    agents = {**scripted(troupe.personas, vocabulary)}
    agents["carla"] = scripted(troupe.personas, vocabulary, LINES[:4])["carla"]
    after = [entry for entry in stage(troupe, vocabulary, agents=agents).play() if entry.kind == "line"]
    unscripted = (n for n, entry in enumerate(before) if entry.speaker == "Carla" and not entry.why.scripted)
    first = next(unscripted, len(before))
    assert after[:first] == before[:first]


@pytest.mark.parametrize("turns", [1, 4, 6, 100])
def test_the_limit_brings_the_closing_beat(play: Play, turns: int) -> None:
    performance = play(turns=turns)
    lines = spoken(performance)
    assert ("Ana", "Out, all of you.") in lines
    if turns < 8:
        assert performance.ended.endswith(", at the limit")
        assert len(lines) < 11
    else:
        assert performance.ended == "with the beat 'The bill'"


def test_the_shown_state_follows_the_graph(troupe: Troupe, vocabulary: Vocabulary) -> None:
    one = stage(troupe, vocabulary)
    values = one.picture()
    for entry in one.play():
        for change in entry.relations:
            assert -1 <= change.after <= 1
    assert one.performance().summary["relations"]["before"] == values
    assert one.performance().summary["relations"]["after"] == one.picture() != values


def test_a_spanish_scene_ends_in_spanish(troupe: Troupe, vocabulary: Vocabulary) -> None:
    whole = stage(troupe, vocabulary).production
    spanish = {who: persona.model_copy(update={"language": "es"}) for who, persona in whole.personas.items()}
    one = stage(troupe, vocabulary, personas=spanish)
    list(one.play())
    performance = one.performance()
    directions = [entry.text for entry in performance.lines if entry.kind == "direction"]
    assert directions == ["Ana ladles.", "Entra Carla.", "Sale Bruno.", "A bell rings."]
    assert (performance.language, performance.ended) == ("es", "con el momento «The bill»")
    assert Performance.from_json(performance.to_json()) == performance


def test_what_was_broken_off_is_a_performance_too(troupe: Troupe, vocabulary: Vocabulary) -> None:
    one = stage(troupe, vocabulary)
    entries = one.play()
    first: Entry = next(entries)
    assert one.performance().lines == (first,)
    assert one.performance().ended == "it was broken off"


def test_round_robin_and_script(troupe: Troupe, vocabulary: Vocabulary) -> None:
    production: Production = stage(troupe, vocabulary).production
    orders: dict[str, dict[str, Any]] = {
        "round-robin": {"policy": "round-robin"},
        "script": {"policy": "script", "order": ("bruno", "ana", "ana")},
    }
    expected = {"round-robin": ["Ana", "Bruno", "Ana"], "script": ["Bruno", "Ana", "Ana"]}
    for policy, update in orders.items():
        scene = Stage(replace(production, scenario=production.scenario.model_copy(update=update)))
        lines = [entry for entry in scene.play() if entry.kind == "line"]
        assert [line.speaker for line in lines[:3]] == expected[policy]


@pytest.fixture(scope="module")
def theatre(shipped: Troupe) -> Theatre:
    return Theatre(shipped)


@pytest.mark.parametrize("scene", SHIPPED)
def test_every_shipped_scene_plays_twice_the_same(theatre: Theatre, vocabulary: Vocabulary, scene: str) -> None:
    path = theatre.troupe.root / "scenes" / f"{scene}.yaml"
    played = []
    for _ in range(2):
        one = Stage(theatre.production(path, 7, agents=scripted(theatre.troupe.personas, vocabulary, candidates=4)))
        list(one.play())
        played.append(one.performance())
    assert played[0].to_json() == played[1].to_json()
    cast = {one.production.personas[who].name for who in one.scenario.cast}
    for entry in played[0].lines:
        assert entry.speaker is None or entry.speaker in cast
        assert "<" not in entry.text

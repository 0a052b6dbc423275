"""How a turn is asked for: on a toy scene about a will that Ana keeps to herself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine import codes
from engine.drama.knowledge import TELLING
from engine.frames import Frame, Gist
from engine.sheets.persona import Want
from engine.speech.director import Director
from engine.stage.asking import DENYING, HIDES, WANTS, Asking
from engine.stage.production import Theatre
from engine.stage.state import SceneState
from engine.stage.understudy import understudies
from engine.troupe import Troupe
from engine.voices.network import Network
from engine.voices.sequences import Line
from tests.conftest import toy_arrays

SCENE = """
title: The Will
cast: [ana, bruno, carla]
present: [ana, bruno]
limit: 20
tension: [0.5, 0.5]
about: {thing: the will}
facts:
  the-will: {text: The will is forged., topics: {thing: the will}, gist: forge}
relations:
  - {from: ana, to: bruno, trust: 0.0}
beats:
  - name: Soup
    turns: [4, 4]
    words: [soup, bread, salt, wine]
  - name: The bill
    closes: true
"""
TOUCHED = Line("bruno", "Where is <paper>?", "icy", act="ask", gist=Gist("it", "be"), topics=("<paper>",))


class Stand:
    """The scene before its first turn, and what asks in it."""

    def __init__(self, troupe: Troupe, **more: Any):
        path = troupe.root / "scenes" / "will.yaml"
        path.write_text(SCENE.lstrip("\n"), encoding="utf-8")
        agents = understudies(troupe.personas, troupe.personas)
        production = Theatre(troupe).production(path, 7, agents=agents)
        self.asking = Asking(replace(production, **more))
        self.state = SceneState(production.scenario, list(production.scenario.opening()))
        self.beat = production.scenario.beats[0]

    def leaning(
        self, speaker: str = "ana", to: str | None = "bruno", due: tuple[tuple[str, bool], ...] = ()
    ) -> dict[str, float]:
        return self.asking.leaning(self.state, self.beat, speaker, to, due)

    def cue(self, speaker: str = "ana", to: str | None = "bruno") -> Line:
        return self.asking.line(self.state, speaker, to, "", self.beat, Frame())

    def hear(self, line: Line = TOUCHED, text: str = "Where is the will?", to: str | None = "ana") -> None:
        self.state.hear(line, text, to)


@pytest.fixture
def stand(troupe: Troupe) -> Stand:
    return Stand(troupe)


def moved(before: dict[str, float], after: dict[str, float], acts: tuple[str, ...]) -> list[float]:
    return [round(after[codes.act_code(act)] - before[codes.act_code(act)], 6) for act in acts]


def test_a_secret_that_is_touched_leans_on_denying(stand: Stand) -> None:
    before = stand.leaning()
    stand.hear()
    after = stand.leaning()
    assert moved(before, after, DENYING) == [HIDES] * 3
    assert moved(before, after, TELLING) == [-2 * HIDES] * 2
    assert moved(before, after, ("ask", "insult")) == [0.0, 0.0]


def test_who_hides_nothing_denies_nothing(stand: Stand) -> None:
    before = stand.leaning("bruno", "ana")
    stand.hear(replace(TOUCHED, speaker="carla"), to="bruno")
    assert moved(before, stand.leaning("bruno", "ana"), DENYING) == [0.0] * 3


def test_what_she_says_herself_does_not_touch_her(stand: Stand) -> None:
    before = stand.leaning()
    stand.hear(replace(TOUCHED, speaker="ana"), to="bruno")
    assert moved(before, stand.leaning(), DENYING) == [0.0] * 3


def test_a_line_about_nothing_touches_no_secret(stand: Stand) -> None:
    before = stand.leaning()
    stand.hear(replace(TOUCHED, topics=()))
    assert moved(before, stand.leaning(), DENYING) == [0.0] * 3


@pytest.mark.parametrize("turned", ["caught", "tension and trust"])
def test_who_is_pressed_lets_it_out(stand: Stand, turned: str) -> None:
    before = stand.leaning()
    stand.hear()
    if turned == "caught":
        stand.state.ledger.caught.add("ana")
    else:
        stand.asking.world.relations.move("ana", "bruno", "trust", 1.0, "x", lasting=1.0)
        before = stand.leaning()
        stand.state.context.clear()
        before = stand.leaning()
        stand.state.context.append(TOUCHED)
        stand.state.scenario = stand.state.scenario.model_copy(update={"tension": (1.0, 1.0)})
    after = stand.leaning()
    assert moved(before, after, TELLING) == [HIDES] * 2
    assert moved(before, after, DENYING) == [-HIDES] * 3


def test_once_it_is_told_it_is_no_secret(stand: Stand) -> None:
    before = stand.leaning()
    stand.asking.world.knowledge.learn("the-will", ["ana", "bruno"], "ana")
    stand.hear()
    assert moved(before, stand.leaning(), DENYING) == [0.0] * 3


@pytest.mark.parametrize(
    ("want", "leans"),
    [
        (Want(act="order"), True),
        (Want(act="order", about="The Will"), True),
        (Want(act="order", about="the ring"), False),
        (Want(act="order", to="bruno"), True),
        (Want(act="order", to="carla"), False),
    ],
)
def test_a_want_leans_where_the_scene_is_about_it(troupe: Troupe, want: Want, leans: bool) -> None:
    before = Stand(troupe).leaning()
    personas = {**troupe.personas, "ana": troupe.personas["ana"].model_copy(update={"wants": (want,)})}
    after = Stand(troupe, personas=personas).leaning()
    assert moved(before, after, ("order",)) == [WANTS if leans else 0.0]
    said = round(after["<say:paper>"] - before.get("<say:paper>", 0.0), 6)
    assert said == (WANTS if leans and want.about else 0.0)


@pytest.mark.parametrize(("lie", "acts"), [(False, TELLING), (True, ("tell", "insist"))])
def test_a_fact_that_is_due_leans_on_telling_it(stand: Stand, lie: bool, acts: tuple[str, ...]) -> None:
    before, after = stand.leaning(), stand.leaning(due=(("the-will", lie),))
    assert moved(before, after, acts) == [2 * WANTS] * 2
    assert after["<say:paper>"] - before.get("<say:paper>", 0.0) == pytest.approx(2 * WANTS)


def test_a_line_as_networks_see_it(stand: Stand) -> None:
    frame = Frame("accuse", "icy", Gist("you", "forge"), ("<paper>",))
    line = stand.asking.line(stand.state, "ana", "bruno", "You forged <paper>.", stand.beat, frame)
    assert line == Line(
        "ana", "You forged <paper>.", "icy", "sibling", "he", None, "accuse", Gist("you", "forge"), ("<paper>",)
    )  # fmt: skip
    assert (stand.cue(to=codes.VIEWER).kind, stand.cue(to=codes.VIEWER).pronoun) == ("audience", None)
    assert (stand.cue(to=None).kind, stand.cue(to="ana").kind) == (None, None)


def test_she_names_whom_she_knows_and_what_the_scene_is_about(stand: Stand) -> None:
    draw = stand.asking.generator("line", 0, "ana")
    casting = stand.asking.casting(stand.state, stand.beat, stand.cue(), "bruno", draw)
    assert casting.fill("<you> and <rival> have <paper>.") == "Bruno and that singer have the will."
    assert "<boss>" in casting.missing
    # After a blow on the head she knows those she sees, and nobody else.
    stand.asking.world.relations.forget("ana")
    casting = stand.asking.casting(stand.state, stand.beat, stand.cue(), "bruno", draw)
    assert "<rival>" in casting.missing
    assert casting.fill("<you>?") == "Bruno?"


def test_without_a_director_frames_are_drawn_by_what_leans(stand: Stand) -> None:
    leaning = {**dict.fromkeys(map(codes.act_code, codes.ACTS), -50.0), "<act:warn>": 50.0, "<tone:icy>": 50.0}
    found = stand.asking.what(stand.state, stand.beat, stand.cue(), leaning)
    assert {each.frame for each in found} == {Frame("warn", "icy")}


def test_with_a_director_frames_name_what_is_bound_alone(troupe: Troupe) -> None:
    director = Director(Network(toy_arrays(len(codes.SPECIAL), width=8, layers=1)))
    stand = Stand(troupe, director=director)
    found = stand.asking.what(stand.state, stand.beat, stand.cue(), {"<say:paper>": 9.0, "<say:jewel>": 99.0})
    assert {slot for each in found for slot in each.frame.topics} == {"<paper>"}
    assert found == stand.asking.what(stand.state, stand.beat, stand.cue(), {"<say:paper>": 9.0, "<say:jewel>": 99.0})


@pytest.mark.parametrize(("known", "planned"), [(["en"], True), (["es"], False)])
def test_gists_are_planned_in_the_languages_that_voices_have_learned(
    troupe: Troupe, known: list[str], planned: bool
) -> None:
    stand = Stand(troupe, director=Director(Network(toy_arrays(len(codes.SPECIAL), width=8, layers=1)), known))
    found = stand.asking.what(stand.state, stand.beat, stand.cue(), {"<by:me>": 50.0})
    assert any(each.frame.gist for each in found) is planned


def test_the_request_holds_what_was_said_and_what_may_not_be(stand: Stand) -> None:
    stand.hear(
        replace(TOUCHED, speaker="ana", act="deny", gist=Gist("me", "forge", True)), "I forged no will.", "bruno"
    )
    turn = stand.asking.turn(stand.state, stand.beat, "ana", [("the-will", False)])
    assert (turn.speaker, turn.floor.by) == ("ana", "force")
    asked = turn.request
    assert asked.answered == "I forged no will."
    assert list(asked.context) == stand.state.context
    assert asked.said.again("I forged no will.")
    assert set(asked.wanted) <= {"soup", "bread", "salt", "wine"}
    assert len(asked.wanted) == 3
    forged = Frame("tell", None, Gist("me", "forge"), ("<paper>",))
    assert asked.objection(forged) == "contradicts herself"


def test_all_randomness_comes_from_seed_scene_purpose_and_turn(stand: Stand, troupe: Troupe) -> None:
    one, same = stand.asking.generator("line", 3, "ana"), Stand(troupe).asking.generator("line", 3, "ana")
    other = Stand(troupe, seed=8).asking.generator("line", 3, "ana")
    assert one.random() == same.random() != other.random()


def test_asking_changes_nothing(stand: Stand) -> None:
    stand.hear()
    before = stand.asking.world.snapshot(), list(stand.state.context), dict(stand.state.ledger.claims)
    first = stand.asking.turn(stand.state, stand.beat, None, ())
    again = stand.asking.turn(stand.state, stand.beat, None, ())
    assert (stand.asking.world.snapshot(), list(stand.state.context), dict(stand.state.ledger.claims)) == before
    assert (first.speaker, first.to, first.leaning) == (again.speaker, again.to, again.leaning)
    assert first.request.proposals == again.request.proposals

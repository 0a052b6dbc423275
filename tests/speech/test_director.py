"""The director on a small random network: what it proposes are frames, whatever its weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import codes
from engine.frames import Frame, Gist
from engine.speech.director import Director, Proposal
from engine.voices.network import Network
from engine.voices.sequences import Line, plan_codes
from tests.conftest import toy_arrays

DIRECTOR = Director(Network(toy_arrays(len(codes.SPECIAL), width=8, layers=1)))
CUE = Line("ana", "", kind="rival", pronoun="he", arc="revenge")
SCENE = [
    Line("bruno", "Who took it?", "icy", "rival", "she", "revenge", "ask", Gist("who", "take"), ("<jewel>",)),
    Line("ana", "Not I.", "defiant", "rival", "he", "revenge", "deny", Gist("me", "take", True)),
]
BOUND = ("<jewel>", "<third.he>")


def propose(
    seed: int = 0,
    count: int = 12,
    leaning: dict[str, float] | None = None,
    topics: Sequence[str] = BOUND,
    context: Sequence[Line] = SCENE,
    director: Director = DIRECTOR,
) -> list[Proposal]:
    return director.propose(context, CUE, leaning or {}, topics, count, np.random.default_rng(seed))


@given(st.integers(0, 999), st.integers(1, 12), st.sets(st.sampled_from(codes.TOPIC_SLOTS)), st.integers(0, 2))
def test_every_proposal_is_a_frame_of_the_lists(seed: int, count: int, topics: set[str], heard: int) -> None:
    found = propose(seed, count, topics=sorted(topics), context=SCENE[:heard])
    assert 1 <= len(found) <= count
    assert len({each.frame for each in found}) == len(found)
    assert [each.nats for each in found] == sorted((each.nats for each in found), reverse=True)
    for each in found:
        frame = each.frame
        assert frame.act in codes.ACTS
        assert frame.tone is None or frame.tone in codes.TONES
        assert frame.gist is None or frame.gist.subject in codes.SUBJECTS
        assert frame.gist is None or frame.gist.predicate in codes.PREDICATES
        assert set(frame.topics) <= topics
        assert len(set(frame.topics)) == len(frame.topics)
        assert -math.inf < each.nats < 0


def test_the_same_seed_gives_the_same_proposals_and_another_does_not() -> None:
    assert propose(1) == propose(1)
    assert propose(1) != propose(2)


def test_a_topic_that_nobody_bound_is_barred_however_strongly_it_is_leaned_on() -> None:
    wanted = {codes.topic_code("<paper>"): 50.0}
    for seed in range(20):
        assert all("<paper>" not in each.frame.topics for each in propose(seed, leaning=wanted))
    bound = propose(0, leaning=wanted, topics=["<paper>"])
    # It is named, and once only.
    assert all(each.frame.topics == ("<paper>",) for each in bound)


def test_what_is_leaned_on_is_proposed() -> None:
    assert {each.frame.act for each in propose(leaning={"<act:deny>": 50.0})} == {"deny"}
    assert {each.frame.tone for each in propose(leaning={"<tone:weeping>": 50.0})} == {"weeping"}
    whole = {"<by:none>": 50.0, "<not>": 90.0, "<do:steal>": 50.0}
    assert {each.frame.gist for each in propose(leaning=whole)} == {Gist("none", "steal", True)}


def test_what_is_never_done_is_never_proposed() -> None:
    never = {codes.act_code(act): -math.inf for act in codes.ACTS if act not in ("ask", "tell")}
    never |= {codes.tone_code(tone): -math.inf for tone in codes.TONES}
    found = [each.frame for seed in range(10) for each in propose(seed, leaning=never)]
    assert {frame.act for frame in found} <= {"ask", "tell"}
    assert {frame.tone for frame in found} == {None}


def test_what_was_done_before_bears_on_what_is_proposed() -> None:
    line = Line("ana", "", "icy", "rival", "he", "revenge", "deny", Gist("me", "take", True), ("<jewel>",))
    assert DIRECTOR.nats(SCENE, line) != pytest.approx(DIRECTOR.nats([], line), abs=1e-3)
    assert DIRECTOR.nats(SCENE, line) < 0


def test_what_is_drawn_is_what_is_measured() -> None:
    """Without anything that leans and with every topic bound, a proposal's nats are those of its line."""
    # A topic is not proposed twice, which shifts the shares of what follows it.
    found = [each for seed in range(20) for each in propose(seed, topics=codes.TOPIC_SLOTS) if not each.frame.topics]
    assert len(found) > 3
    for each in found:
        length = len(plan_codes(each.frame)) + 1
        assert DIRECTOR.nats(SCENE, CUE.framed(each.frame)) == pytest.approx(each.nats * length, abs=1e-3)


def test_the_words_of_a_scene_change_nothing() -> None:
    wordless = [replace(line, text="") for line in SCENE]
    assert propose(context=wordless) == propose()


def test_an_empty_frame_is_not_proposed() -> None:
    assert Frame() not in [each.frame for seed in range(10) for each in propose(seed)]


@pytest.mark.parametrize(("part", "names"), [("act", codes.ACTS), ("predicate", codes.PREDICATES)])
def test_shares_are_a_distribution_over_the_list(part: str, names: tuple[str, ...]) -> None:
    shares = DIRECTOR.shares(SCENE[:1], SCENE[1], part)
    assert list(shares) == list(names)
    assert math.fsum(shares.values()) == pytest.approx(1.0)
    assert min(shares.values()) > 0


def test_the_share_of_an_act_is_its_likelihood() -> None:
    """What the director measures of a frame of one act is that act's share and that of the end after it."""
    shares = DIRECTOR.shares(SCENE, CUE, "act")
    drawn = {each.frame.act: 0 for each in propose(count=12)}
    assert set(drawn) <= set(shares)
    measured = {act: DIRECTOR.nats(SCENE, CUE.framed(Frame(act))) for act in ("ask", "deny")}
    assert all(measured[act] <= math.log(shares[act]) for act in measured)


def test_where_gists_cannot_be_read_none_is_proposed_however_strongly_it_is_leaned_on() -> None:
    wanted = {codes.subject_code("me"): 50.0}
    for seed in range(20):
        drawn = np.random.default_rng(seed)
        found = DIRECTOR.propose(SCENE, CUE, wanted, BOUND, 12, drawn, gists=False)
        assert found
        assert all(each.frame.gist is None for each in found)

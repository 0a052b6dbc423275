from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import codes
from engine.frames import Frame, Gist
from engine.turns.ledger import CLAIMS, Ledger, key_of

RING = ("<jewel>",)
STEAL, NOT_STEAL = Gist("me", "steal"), Gist("me", "steal", True)
YOU_STEAL = Gist("you", "steal")


def frame(act: str, gist: Gist | None = None, topics: tuple[str, ...] = RING) -> Frame:
    return Frame(act, None, gist, topics)


def heard(*lines: tuple[str, str | None, Frame]) -> Ledger:
    ledger = Ledger()
    for line in lines:
        ledger.hear(*line)
    return ledger


DENIED = ("ana", "bruno", frame("deny", NOT_STEAL))
ACCUSED = ("bruno", "ana", frame("accuse", YOU_STEAL))


def test_the_same_claim_has_the_same_key_whoever_makes_it() -> None:
    mine, yours = key_of("ana", "bruno", frame("tell", STEAL)), key_of("bruno", "ana", frame("accuse", YOU_STEAL))
    assert mine == yours == ("ana", "steal", frozenset(RING))
    assert key_of("bruno", None, frame("accuse", YOU_STEAL)) is None


@pytest.mark.parametrize(
    ("gist", "topics", "keyed"),
    [
        (Gist("me", "be"), (), False),
        (Gist("me", "be"), RING, True),
        (Gist("me", "sorry"), RING, False),
        (Gist("he", "steal"), RING, False),
        (Gist("third", "steal"), (), True),
        (None, RING, False),
    ],
)
def test_what_says_too_little_is_no_claim(gist: Gist | None, topics: tuple[str, ...], keyed: bool) -> None:
    assert (key_of("ana", "bruno", frame("tell", gist, topics)) is not None) is keyed


def test_nobody_contradicts_herself() -> None:
    ledger = heard(DENIED)
    assert ledger.objection("ana", "bruno", frame("tell", STEAL)) == "contradicts herself"
    assert ledger.objection("ana", "bruno", frame("insist", NOT_STEAL)) == ""
    assert ledger.objection("ana", "bruno", frame("tell", STEAL, ("<key>",))) == ""
    # Another may say the opposite: that is what quarrels are made of.
    assert ledger.objection("bruno", "ana", frame("accuse", YOU_STEAL)) == ""


def test_who_claimed_that_it_is_so_may_not_deny_it() -> None:
    ledger = heard(("ana", "bruno", frame("tell", STEAL)))
    assert ledger.objection("ana", "bruno", frame("deny", NOT_STEAL)) == "contradicts herself"


@pytest.mark.parametrize("act", ["confess", "reveal"])
def test_a_confession_may_take_a_claim_back(act: str) -> None:
    assert heard(DENIED).objection("ana", "bruno", frame(act, STEAL)) == ""


def test_who_is_shown_what_she_denied_is_caught_and_may_turn() -> None:
    ledger = heard(DENIED, ACCUSED)
    assert ledger.caught == {"ana"}
    assert ledger.objection("ana", "bruno", frame("tell", STEAL)) == ""


def test_who_is_accused_before_she_denied_is_not_caught() -> None:
    assert heard(ACCUSED, DENIED).caught == set()


def test_who_is_agreed_with_is_not_caught() -> None:
    agreed = ("bruno", "ana", frame("reveal", Gist("you", "steal", True)))
    assert heard(DENIED, agreed).caught == set()


def test_what_was_answered_is_not_asked_again() -> None:
    asked = frame("ask", YOU_STEAL)
    ledger = heard(("bruno", "ana", asked))
    assert ledger.open == ("ana", ("ana", "steal", frozenset(RING)))
    assert ledger.objection("bruno", "ana", asked) == ""
    ledger.hear("carla", "bruno", frame("doubt"))
    assert ledger.open is not None  # it was not put to Carla
    ledger.hear("ana", "bruno", frame("refuse"))
    assert ledger.open is None
    assert ledger.objection("bruno", "ana", asked) == "asked and answered"
    assert ledger.objection("ana", "bruno", frame("ask", STEAL)) == "asked and answered"
    assert ledger.objection("bruno", "carla", asked) == ""


def test_what_somebody_claimed_unasked_need_not_be_asked() -> None:
    assert heard(DENIED).objection("bruno", "ana", frame("ask", YOU_STEAL)) == "asked and answered"


frames = st.builds(
    Frame,
    st.one_of(st.none(), st.sampled_from(codes.ACTS)),
    st.none(),
    st.one_of(
        st.none(), st.builds(Gist, st.sampled_from(codes.SUBJECTS), st.sampled_from(["steal", "be"]), st.booleans())
    ),
    st.sampled_from([(), RING]),
)
people = st.sampled_from(["ana", "bruno", "carla"])
lines = st.tuples(people, st.one_of(st.none(), people), frames)


def test_the_same_thing_is_done_once_and_insisted_on_twice() -> None:
    told, insisted = ("ana", "bruno", frame("tell", STEAL)), ("ana", "bruno", frame("insist", STEAL))
    ledger = heard(told)
    assert ledger.objection(*told) == "said already"
    assert ledger.objection(*insisted) == ""
    ledger.hear(*insisted)
    assert ledger.objection(*insisted) == ""
    ledger.hear(*insisted)
    assert ledger.objection(*insisted) == "said already"
    assert ledger.objection("bruno", "ana", frame("accuse", YOU_STEAL)) == ""


@given(st.lists(lines, max_size=12), lines)
def test_nobody_may_say_the_opposite_of_what_she_just_claimed(
    before: list[tuple[str, str | None, Frame]], line: tuple[str, str | None, Frame]
) -> None:
    ledger = heard(*before, line)
    speaker, to, said = line
    key = key_of(speaker, to, said)
    if said.act in CLAIMS and said.gist and key is not None and speaker not in ledger.caught:
        opposite = Gist(said.gist.subject, said.gist.predicate, not said.gist.negated)
        assert ledger.objection(speaker, to, Frame("tell", None, opposite, said.topics)) != ""


@given(st.lists(lines, max_size=12), lines)
def test_asking_whether_it_may_be_said_changes_nothing(
    before: list[tuple[str, str | None, Frame]], line: tuple[str, str | None, Frame]
) -> None:
    ledger = heard(*before)
    ledger.objection(*line)
    assert ledger == heard(*before)


def test_what_was_said_again_and_again_is_talked_out() -> None:
    loves = [frame("declare", Gist("me", "love"), ()), frame("doubt", Gist("you", "love"), ())]
    ledger = heard(("ana", "bruno", loves[0]), ("bruno", "ana", loves[1]), ("clara", "ana", loves[0]))
    assert ledger.objection("dario", "ana", loves[1]) == "talked out"
    assert ledger.objection("dario", "ana", frame("tell", Gist("me", "be"), ())) == ""
    for _ in range(6):
        ledger.hear("ana", "bruno", frame("tell", Gist("me", "be"), ()))
    assert ledger.objection("dario", "ana", loves[1]) == ""


def test_nobody_forgives_comforts_or_promises_without_a_cause() -> None:
    forgiven, dried = frame("tell", Gist("me", "forgive"), ()), frame("tell", Gist("imperative", "cry", True), ())
    nothing = heard(("ana", "bruno", frame("tell", None, ())))
    for line in (forgiven, dried, frame("forgive", None, ()), frame("comfort", None, ())):
        assert nothing.objection("bruno", "ana", line) == "without a cause"
    wronged = heard(("ana", "bruno", Frame("confess", "weeping")))
    for line in (forgiven, dried, frame("forgive", None, ()), frame("comfort", None, ())):
        assert wronged.objection("bruno", "ana", line) == ""
    assert wronged.objection("ana", "bruno", forgiven) == "without a cause"
    assert wronged.objection("bruno", "ana", frame("promise", None, ())) == ""
    assert nothing.objection("bruno", "ana", frame("promise", None, ())) == "without a cause"
    assert nothing.objection("bruno", "ana", frame("tell", Gist("you", "cry"), ())) == ""

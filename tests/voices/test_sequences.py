from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import codes
from engine.frames import Frame, Gist
from engine.voices.sequences import (
    FRAME_CODES,
    FrameEncoder,
    Line,
    chunks,
    codes_of,
    cue,
    drop_codes,
    encode_scene,
    pair,
    plan_codes,
    prompt,
    turn_back,
)
from engine.voices.vocabulary import Vocabulary

ICY = Line("ana", "Not tonight.", "icy", "rival", "she", "revenge")
TALK = [Line(who, f"Never {number}.") for number, who in enumerate(["bruno", "ana", "bruno", "carla", "bruno", "ana"])]


def tokens(vocabulary: Vocabulary, ids: list[int]) -> list[str]:
    """Codes as they are, and each text as one piece."""
    found: list[str] = []
    run: list[int] = []
    for id_ in [*ids, vocabulary.pad]:
        if id_ >= len(codes.SPECIAL):
            run.append(id_)
            continue
        if run:
            found.append(vocabulary.decode(run))
            run = []
        found.append(codes.SPECIAL[id_])
    return found[:-1]


def test_who_speaks_is_said_without_a_name() -> None:
    assert turn_back("ana", []) == 0
    assert turn_back("ana", ["ana", "bruno"]) == 2
    assert turn_back("ana", ["ana", "ana"]) == 1
    assert turn_back("ana", ["ana", *["bruno"] * codes.WINDOW]) == 0


PLANNED = Line(
    "ana", "You took <jewel>.", "icy", "rival", "she", "revenge", "accuse", Gist("you", "take", True), ("<jewel>", "<key>")
)  # fmt: skip


def test_codes_stand_in_one_order() -> None:
    assert codes_of(ICY, 2) == ["<turn:2>", "<to:rival>", "<to:she>", "<tone:icy>"]
    assert codes_of(Line("ana", ""), 0) == ["<turn:0>"]
    assert codes_of(PLANNED, 1) == [
        "<turn:1>", "<to:rival>", "<to:she>", "<act:accuse>", "<tone:icy>", "<by:you>", "<not>", "<do:take>",
        "<say:jewel>", "<say:key>",
    ]  # fmt: skip


def test_every_code_of_a_frame_is_known() -> None:
    assert set(plan_codes(PLANNED.frame)) <= FRAME_CODES <= set(codes.SPECIAL)
    assert plan_codes(Frame()) == []
    assert not FRAME_CODES & {"<turn:1>", "<to:rival>", "<arc:revenge>", "<you>", "<end>"}


def test_a_line_takes_another_plan() -> None:
    assert PLANNED.framed(PLANNED.frame) == PLANNED
    assert PLANNED.framed(Frame("deny")) == Line("ana", "You took <jewel>.", None, "rival", "she", "revenge", "deny")


def test_a_scene_as_tokens(vocabulary: Vocabulary) -> None:
    ids = encode_scene(vocabulary, [Line("bruno", "Never.", arc="revenge"), ICY], "es")
    assert tokens(vocabulary, ids) == [
        "<scene>", "<lang:es>", "<arc:revenge>", "<turn:0>", "Never.", "<end>",
        "<turn:0>", "<to:rival>", "<to:she>", "<tone:icy>", "Not tonight.", "<end>",
    ]  # fmt: skip
    assert tokens(vocabulary, encode_scene(vocabulary, [])) == ["<scene>", "<lang:en>"]


def test_a_scene_as_the_director_sees_it() -> None:
    encoder = FrameEncoder()
    ids = encode_scene(encoder, [Line("bruno", "Never.", act="deny"), PLANNED])
    assert [codes.SPECIAL[id_] for id_ in ids] == [
        "<scene>", "<lang:en>", "<turn:0>", "<act:deny>", "<end>",
        "<turn:0>", "<to:rival>", "<to:she>", "<act:accuse>", "<tone:icy>", "<by:you>", "<not>", "<do:take>",
        "<say:jewel>", "<say:key>", "<end>",
    ]  # fmt: skip


def test_a_cue_knows_who_spoke_before(vocabulary: Vocabulary) -> None:
    found = cue(vocabulary, Line("ana", "", act="ask"), ["ana", "bruno"])
    assert tokens(vocabulary, found) == ["<turn:2>", "<act:ask>"]
    assert prompt(vocabulary, [], Line("ana", "", act="ask"))[-2:] == cue(vocabulary, Line("ana", "", act="ask"), [])


def test_a_prompt_reads_as_many_lines_as_it_is_told() -> None:
    encoder = FrameEncoder()
    ids = prompt(encoder, TALK, Line("ana", ""), window=2)
    assert [codes.SPECIAL[id_] for id_ in ids] == [
        "<scene>", "<lang:en>", "<turn:0>", "<end>", "<turn:0>", "<end>", "<turn:1>",
    ]  # fmt: skip


def test_play_and_training_see_the_same_prompt(vocabulary: Vocabulary) -> None:
    for number in range(len(TALK)):
        before = prompt(vocabulary, TALK[:number], TALK[number])
        example = pair(vocabulary, TALK[:number], TALK[number])
        assert example.ids[: example.start].tolist() == before
        reply = example.ids[example.start :].tolist()
        assert reply == [*vocabulary.encode(TALK[number].text), vocabulary.end]
        assert example.reply_tokens == len(reply)


@given(limit=st.integers(8, 80))
def test_the_oldest_lines_go_first_when_a_pair_is_too_long(limit: int) -> None:
    vocabulary = Vocabulary.train(["Never."], "character", 400)
    example = pair(vocabulary, TALK[:-1], TALK[-1], limit=limit)
    assert len(example.ids) <= limit
    whole = pair(vocabulary, TALK[:-1], TALK[-1])
    assert example.start <= whole.start
    assert example.ids[:2].tolist() == whole.ids[:2].tolist()


def test_codes_are_dropped_at_the_rate_and_nothing_else() -> None:
    generator = np.random.default_rng(1)
    assert drop_codes(PLANNED, generator, 0.0) == PLANNED
    assert drop_codes(PLANNED, generator, 1.0) == Line("ana", "You took <jewel>.")
    found = [drop_codes(PLANNED, generator, 0.25) for _ in range(4_000)]
    given_ = [sum(getattr(line, part) is not None for line in found) / 4_000 for part in ("kind", "pronoun", "arc")]
    assert given_ == pytest.approx([0.75] * 3, abs=0.02)
    # A part of the plan goes with its own code, or with the whole plan.
    planned = [sum(bool(getattr(line, part)) for line in found) / 4_000 for part in ("tone", "act", "gist", "topics")]
    assert planned == pytest.approx([0.75 * 0.875] * 4, abs=0.02)
    bare = sum(line.frame == Frame() for line in found) / 4_000
    assert bare == pytest.approx(0.125 + 0.875 * 0.25**4, abs=0.02)


def test_codes_are_dropped_by_the_generator_alone() -> None:
    def drop(seed: int) -> list[Line]:
        generator = np.random.default_rng(seed)
        return [drop_codes(PLANNED, generator, 0.5) for _ in range(9)]

    assert drop(1) == drop(1) != drop(2)


@given(st.integers(0, 60), st.integers(0, 9))
def test_chunks_lose_no_line(count: int, seed: int) -> None:
    lines = [Line("ana", str(number)) for number in range(count)]
    runs = list(chunks(lines, np.random.default_rng(seed)))
    assert [line for run in runs for line in run] == lines
    assert all(3 <= len(run) <= 13 for run in runs[:-1])

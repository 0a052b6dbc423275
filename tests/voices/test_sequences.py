from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine import codes
from engine.voices.sequences import Line, chunks, codes_of, drop_codes, encode_scene, pair, prompt, turn_back
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


def test_codes_stand_in_one_order() -> None:
    assert codes_of(ICY, 2) == ["<turn:2>", "<tone:icy>", "<to:rival>", "<to:she>", "<arc:revenge>"]
    assert codes_of(Line("ana", ""), 0) == ["<turn:0>"]


def test_a_scene_as_tokens(vocabulary: Vocabulary) -> None:
    ids = encode_scene(vocabulary, [Line("bruno", "Never."), ICY], "es")
    assert tokens(vocabulary, ids) == [
        "<scene>", "<lang:es>", "<turn:0>", "Never.", "<end>",
        "<turn:0>", "<tone:icy>", "<to:rival>", "<to:she>", "<arc:revenge>", "Not tonight.", "<end>",
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
    assert drop_codes(ICY, generator, 0.0) == ICY
    assert drop_codes(ICY, generator, 1.0) == Line("ana", "Not tonight.")
    kept = sum(drop_codes(ICY, generator, 0.25).tone is not None for _ in range(1_000))
    assert 700 < kept < 800


@given(st.integers(0, 60), st.integers(0, 9))
def test_chunks_lose_no_line(count: int, seed: int) -> None:
    lines = [Line("ana", str(number)) for number in range(count)]
    runs = list(chunks(lines, np.random.default_rng(seed)))
    assert [line for run in runs for line in run] == lines
    assert all(3 <= len(run) <= 13 for run in runs[:-1])

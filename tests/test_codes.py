from __future__ import annotations

from engine import codes


def test_every_code_is_one_token_and_no_two_are_the_same() -> None:
    assert len(set(codes.SPECIAL)) == len(codes.SPECIAL)
    assert all(token.startswith("<") and token.endswith(">") and " " not in token for token in codes.SPECIAL)


def test_what_the_functions_make_is_in_the_list() -> None:
    made = {
        *map(codes.tone_code, codes.TONES), *map(codes.arc_code, codes.ARCS), *map(codes.kind_code, codes.KINDS),
        *map(codes.pronoun_code, codes.PRONOUNS), *map(codes.language_code, codes.LANGUAGES),
        *map(codes.turn_code, range(codes.WINDOW + 1)), *map(codes.act_code, codes.ACTS),
        *map(codes.subject_code, codes.SUBJECTS), codes.NOT, *map(codes.predicate_code, codes.PREDICATES),
        *map(codes.topic_code, codes.TOPIC_SLOTS),
    }  # fmt: skip
    assert made | {codes.PAD, codes.SCENE, codes.END, *codes.SLOTS} == set(codes.SPECIAL)


def test_ids_that_weights_files_depend_on() -> None:
    # A change here makes every trained voice useless: append, and count on training anew.
    assert codes.SPECIAL[:5] == ("<pad>", "<scene>", "<end>", "<turn:0>", "<turn:1>")
    assert len(codes.SPECIAL) == 412
    assert codes.SPECIAL[-1] == "<event.harm>"
    assert codes.SPECIAL.index(codes.NOT) == 92


def test_the_codes_of_a_line() -> None:
    assert codes.act_code("accuse") == "<act:accuse>"
    assert (codes.subject_code("me"), codes.predicate_code("steal")) == ("<by:me>", "<do:steal>")
    assert codes.topic_code("<third.she>") == "<say:third.she>"


def test_every_topic_row_has_slots_of_its_own() -> None:
    slots = [slot for names in codes.TOPICS.values() for slot in names]
    assert len(set(slots)) == len(slots)
    assert tuple(f"<{slot}>" for slot in slots) == codes.TOPIC_SLOTS
    assert not set(codes.TOPIC_SLOTS) & set(codes.NAME_SLOTS)


def test_an_axis_keeps_within_its_range() -> None:
    assert {name: (axis.clip(-9.0), axis.clip(9.0)) for name, axis in codes.AXES.items()} == {
        "affection": (-1.0, 1.0), "trust": (-1.0, 1.0), "power": (-1.0, 1.0), "heat": (0.0, 1.0),
    }  # fmt: skip

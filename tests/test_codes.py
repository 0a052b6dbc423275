from __future__ import annotations

from engine import codes


def test_every_code_is_one_token_and_no_two_are_the_same() -> None:
    assert len(set(codes.SPECIAL)) == len(codes.SPECIAL)
    assert all(token.startswith("<") and token.endswith(">") and " " not in token for token in codes.SPECIAL)


def test_what_the_functions_make_is_in_the_list() -> None:
    made = {
        *map(codes.tone_code, codes.TONES), *map(codes.arc_code, codes.ARCS), *map(codes.kind_code, codes.KINDS),
        *map(codes.pronoun_code, codes.PRONOUNS), *map(codes.language_code, codes.LANGUAGES),
        *map(codes.turn_code, range(codes.WINDOW + 1)),
    }  # fmt: skip
    assert made | {codes.PAD, codes.SCENE, codes.END, *codes.SLOTS} == set(codes.SPECIAL)


def test_ids_that_weights_files_depend_on() -> None:
    # A change here makes every trained voice useless: append, and count on training anew.
    assert codes.SPECIAL[:5] == ("<pad>", "<scene>", "<end>", "<turn:0>", "<turn:1>")
    assert len(codes.SPECIAL) == 73
    assert codes.SPECIAL[-1] == "<audience>"

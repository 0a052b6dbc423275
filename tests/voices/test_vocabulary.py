from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import codes
from engine.errors import VoiceError
from engine.text import normalise
from engine.voices.vocabulary import Level, Vocabulary
from tests.conftest import LINES

LEVELS: tuple[Level, ...] = ("subword", "word", "character")
TEXTS = [line.replace("<other>", "the cook") for line in LINES] * 4
KNOWN = sorted({word for text in TEXTS for word in text.replace("<you>", "").split()})
#: A word is known as it was read: at the start of a line, or after a space.
READ = [*TEXTS, *KNOWN, " ".join(KNOWN), *["!'s ,." for _ in range(3)], "'s", ",", ".", "!"]
SMALL = {level: Vocabulary.train(READ, level, 600) for level in LEVELS}
#: A slot stands where a name stands: with spaces around it, or with a mark after it.
slots = st.tuples(st.sampled_from(codes.SLOTS), st.sampled_from(["", ",", ".", "!", "'s"])).map("".join)


@given(st.text())
def test_subwords_give_back_any_normalised_text(text: str) -> None:
    vocabulary, text = SMALL["subword"], normalise(text)
    ids = vocabulary.encode(text)
    assert vocabulary.decode(ids) == text
    assert all(0 <= id_ < len(vocabulary) for id_ in ids)


@pytest.mark.parametrize("level", LEVELS)
@given(words=st.lists(st.one_of(st.sampled_from(KNOWN), slots), max_size=12))
def test_every_level_gives_back_words_and_slots(level: Level, words: list[str]) -> None:
    text = " ".join(words)
    ids = SMALL[level].encode(text)
    assert SMALL[level].decode(ids) == text
    assert sum(id_ < len(codes.SPECIAL) for id_ in ids) == sum("<" in word for word in words)


@given(st.text())
def test_normal_text_is_normal_and_holds_no_control_characters(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert "\x1b" not in once
    assert "\n" not in once


def test_what_normalise_does() -> None:
    assert normalise(" “No”—she\tsaid… ‘never’\u00a0\x1b[31m ") == "\"No\"--she said... 'never' [31m"
    assert normalise("e\u0301") == "é"


def test_codes_never_reach_a_reader() -> None:
    vocabulary = SMALL["subword"]
    ids = [vocabulary.scene, *vocabulary.encode("Never, <you>."), vocabulary.special("<tone:icy>"), vocabulary.end]
    assert vocabulary.decode(ids) == "Never, <you>."
    assert [vocabulary.token(id_) for id_ in ids][:1] == ["<scene>"]


@pytest.mark.parametrize("level", LEVELS)
def test_json_both_ways(level: Level, tmp_path: Path) -> None:
    vocabulary = SMALL[level]
    path = tmp_path / "tokenizer.json"
    path.write_text(vocabulary.to_json(), encoding="utf-8")
    again = Vocabulary.load(path, level)
    assert again.fingerprint == vocabulary.fingerprint
    assert [again.encode(text) for text in TEXTS] == [vocabulary.encode(text) for text in TEXTS]
    assert Vocabulary.train(READ, level, 600).fingerprint == vocabulary.fingerprint


def test_an_unknown_word_is_one_token() -> None:
    ids = SMALL["word"].encode("Bread zzz")
    assert [SMALL["word"].token(id_) for id_ in ids] == ["Bread", "<unk>"]


@pytest.mark.parametrize(
    ("level", "unknown"), [("word", [" zzz", "ß"]), ("character", ["z", "z", "z", "ß"]), ("subword", [])]
)
def test_what_has_no_id_is_named(level: str, unknown: list[str]) -> None:
    assert SMALL[level].unknown("Bread zzz <you>ß") == unknown


def test_a_missing_a_corrupt_and_a_foreign_tokenizer(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    with pytest.raises(VoiceError) as missing:
        Vocabulary.load(path, "subword")
    assert str(missing.value) == f"{path}: no tokenizer here; python -m engine.train --base makes one"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(VoiceError, match="the tokenizer file is corrupt"):
        Vocabulary.load(path, "subword")
    path.write_text(SMALL["subword"].to_json().replace("<turn:3>", "<turn:9>"), encoding="utf-8")
    with pytest.raises(VoiceError, match=r"the tokenizer has <turn:3> at another place"):
        Vocabulary.load(path, "subword")

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import codes
from engine.errors import VoiceError
from engine.troupe import Troupe
from engine.voices.library import Library
from engine.voices.network import Network, log_sum_exp
from engine.voices.sampling import Sampler, is_whole, pick, whole_words
from engine.voices.vocabulary import Vocabulary
from engine.voices.voice import LSTMVoice, ScriptedVoice
from engine.voices.weights import write_weights
from tests.conftest import LINES, toy_arrays, toy_change

PROMPT = [1, 8]


@pytest.fixture
def voice(network: Network, vocabulary: Vocabulary) -> LSTMVoice:
    return LSTMVoice("ana", network, vocabulary)


def test_the_same_seed_draws_the_same_lines_and_another_does_not(voice: LSTMVoice) -> None:
    def draw(seed: int) -> list[tuple[int, ...]]:
        return [each.ids for each in voice.draw(PROMPT, [[]] * 6, Sampler(max_tokens=10), np.random.default_rng(seed))]

    assert draw(1) == draw(1)
    assert draw(1) != draw(2)


def test_what_is_drawn_is_what_is_scored(voice: LSTMVoice) -> None:
    drawn = voice.draw(PROMPT, [[]] * 8, Sampler(max_tokens=12), np.random.default_rng(3))
    ended = [each for each in drawn if each.ended]
    assert all(len(each.nats) == len(each.ids) + each.ended for each in drawn)
    scores = voice.score(PROMPT, [each.ids for each in ended])
    assert scores == pytest.approx([sum(each.nats) for each in ended], abs=1e-2)


def test_likelihoods_of_lines_of_any_length(voice: LSTMVoice) -> None:
    flow, after = voice.network.run(np.array(PROMPT)[:, None], voice.network.zero())
    lines = [[43, 44, 45], [], [47, 48]]
    found = voice.nats(PROMPT, lines)
    assert [len(each) for each in found] == [4, 1, 3]
    for line, nats in zip(lines, found, strict=True):
        now, top = after, flow[-1]
        for token, each in zip([*line, voice.vocabulary.end], nats, strict=True):
            scores = voice.network.logits(top)
            assert each == pytest.approx(scores[0, token] - log_sum_exp(scores.copy())[0], abs=1e-4)
            top, now = voice.network.step(np.array([token]), now)
    assert voice.nats(PROMPT, []) == []


def test_no_line_is_empty_and_no_code_is_spoken(voice: LSTMVoice) -> None:
    speakable = {*range(len(codes.SPECIAL), len(voice.vocabulary)), *(voice.vocabulary.special(s) for s in codes.SLOTS)}
    for each in voice.draw(PROMPT, [[]] * 40, Sampler(max_tokens=8, temperature=2.0), np.random.default_rng(0)):
        assert each.ids
        assert set(each.ids) <= speakable
        assert len(each.ids) <= 8


def test_banned_ids_never_appear_and_boosted_ones_do(voice: LSTMVoice) -> None:
    you = voice.vocabulary.special(codes.YOU)
    banned = voice.draw(PROMPT, [[]] * 30, Sampler(max_tokens=8, banned=frozenset({you})), np.random.default_rng(0))
    assert not any(you in each.ids for each in banned)
    boosted = voice.draw(PROMPT, [[]] * 30, Sampler(max_tokens=8, boosts={you: 50.0}), np.random.default_rng(0))
    # The boost is spent once the word is said.
    assert [each.ids.count(you) for each in boosted].count(1) > 25


def test_a_repetition_penalty_holds_words_back(voice: LSTMVoice) -> None:
    def repeats(penalty: float) -> int:
        sampler = Sampler(max_tokens=30, repetition_penalty=penalty, banned=frozenset({voice.vocabulary.end}))
        drawn = voice.draw(PROMPT, [[]] * 20, sampler, np.random.default_rng(0))
        return sum(len(each.ids) - len(set(each.ids)) for each in drawn)

    assert repeats(2.0) < repeats(1.0)


@given(st.integers(1, 30), st.floats(0.05, 1.0), st.integers(0, 99))
def test_only_the_likeliest_are_picked(top_k: int, top_p: float, seed: int) -> None:
    logits = np.random.default_rng(seed).normal(size=(5, 20)).astype(np.float32)
    chosen = pick(logits, Sampler(temperature=1.0, top_k=top_k, top_p=top_p), np.random.default_rng(seed))
    for row, id_ in zip(logits, chosen, strict=True):
        above = row[row > row[id_]]
        assert len(above) < top_k
        kept = np.sort(row)[::-1][:top_k]
        # It was in the nucleus: what is likelier adds up to less than `top_p`.
        assert np.exp(above).sum() / np.exp(kept).sum() < top_p + 1e-5


def test_a_low_temperature_is_greedy() -> None:
    logits = np.array([[0.0, 3.0, 1.0], [2.0, 0.0, 1.9]], np.float32)
    assert pick(logits, Sampler(temperature=0.05, top_k=3), np.random.default_rng(0)).tolist()[0] == 1
    assert pick(logits, Sampler(top_k=1), np.random.default_rng(0)).tolist() == [1, 0]


def test_pick_follows_the_distribution() -> None:
    logits = np.log(np.tile([[0.5, 0.3, 0.2]], (20_000, 1))).astype(np.float32)
    chosen = pick(logits, Sampler(temperature=1.0, top_p=1.0, top_k=3), np.random.default_rng(0))
    assert (np.bincount(chosen) / 20_000).tolist() == pytest.approx([0.5, 0.3, 0.2], abs=0.015)


def test_a_scripted_voice_says_its_lines(vocabulary: Vocabulary) -> None:
    voice = ScriptedVoice("ana", vocabulary, LINES[:3])
    drawn = voice.draw([], [[]] * 3, Sampler(), np.random.default_rng(0))
    assert sorted(vocabulary.decode(each.ids) for each in drawn) == sorted(LINES[:3])
    assert voice.score([], [drawn[0].ids]) == [sum(drawn[0].nats)]


def test_a_library_loads_a_voice_of_base_show_and_own(voiced: Troupe, vocabulary: Vocabulary) -> None:
    library = Library(voiced.voices)
    assert library.names == ["ana", "bruno", "carla", "dario", "show.hotel.en", "show.house.en"]
    assert library.lineage("ana") == ["base", "show.house.en", "ana"]
    assert library.vocabulary.fingerprint == vocabulary.fingerprint
    voice = library.load("ana")
    assert voice is library.load("ana")
    changes = [library.arrays(name) for name in ("show.house.en", "ana")]
    expected = Network(library.arrays("base"), changes).run(np.array([[1], [2]]), voice.network.zero())[0]
    assert np.array_equal(voice.network.run(np.array([[1], [2]]), voice.network.zero())[0], expected)
    assert library.file("ana").parent == "show.house.en"
    assert library.file("ana").figures == {}


def test_a_voice_that_is_not_there(voiced: Troupe) -> None:
    path = voiced.voices / "ana.safetensors"
    path.unlink()
    with pytest.raises(VoiceError) as raised:
        Library(voiced.voices).load("ana")
    assert str(raised.value) == f"{path}: the voice 'ana' is not there; train it: python -m engine.train ana"
    (voiced.voices / "base.safetensors").unlink()
    with pytest.raises(VoiceError, match=r"the voice 'base' is not there; train it: python -m engine.train --base$"):
        Library(voiced.voices).load("bruno")


@pytest.mark.parametrize(
    "damage", [lambda data: b"", lambda data: data[:40], lambda data: data[:-7], lambda data: b"x" * 99]
)
def test_a_corrupt_voice(voiced: Troupe, damage: object) -> None:
    path = voiced.voices / "ana.safetensors"
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(VoiceError) as raised:
        Library(voiced.voices).load("ana")
    assert str(raised.value).startswith(f"{path}: the voice 'ana' is corrupt (")
    assert str(raised.value).endswith("; train it again: python -m engine.train ana")


def test_a_voice_of_another_base(voiced: Troupe, vocabulary: Vocabulary) -> None:
    header = {"level": "subword", "vocabulary": vocabulary.fingerprint}
    write_weights(voiced.voices / "base.safetensors", toy_arrays(len(vocabulary), seed=9), header)
    with pytest.raises(VoiceError, match="trained on another 'base' than the one here; train it again"):
        Library(voiced.voices).load("ana")


def test_weights_that_make_no_voice(voiced: Troupe, vocabulary: Vocabulary) -> None:
    header = {"level": "subword", "vocabulary": vocabulary.fingerprint}
    write_weights(voiced.voices / "base.safetensors", toy_arrays(7), header)
    with pytest.raises(VoiceError, match=r"not a voice \(its vocabulary is of another size\)"):
        Library(voiced.voices).load("base")
    write_weights(voiced.voices / "base.safetensors", {"x": np.zeros(3)}, header)
    with pytest.raises(VoiceError, match=r"not a voice \('embedding'\)"):
        Library(voiced.voices).load("base")


def test_a_tokenizer_of_another_base(voiced: Troupe) -> None:
    other = Vocabulary.train(["zebra zebra"], "subword", 420)
    (voiced.voices / "tokenizer.json").write_text(other.to_json(), encoding="utf-8")
    with pytest.raises(VoiceError, match=r"tokenizer\.json: not the tokenizer of this base"):
        Library(voiced.voices).load("ana")


def test_a_word_is_boosted_whole_or_not_at_all() -> None:
    vocabulary = Vocabulary.train(["the soup is soup", "Soup and soup"] * 20, "subword", 420)
    ids = whole_words(vocabulary, {"soup": 2.0})
    assert {vocabulary.text(id_) for id_ in ids} <= {"soup", " soup", "Soup"}
    assert set(ids.values()) == {2.0}
    assert is_whole(vocabulary, "soup")
    # It begins with a piece of many words: a boost of that would raise them all.
    assert not is_whole(vocabulary, "soupless")
    assert whole_words(vocabulary, {"soupless": 2.0, "": 1.0}) == {}


def test_codes_are_read_before_a_line_is_said(voice: LSTMVoice) -> None:
    """A row that is fed its codes says what it would say after a prompt with these codes."""
    cue = [20, 30, 40]
    sampler = Sampler(max_tokens=8, top_k=1)
    together = voice.draw(PROMPT, [cue, cue[:1], []], sampler, np.random.default_rng(0))
    for each, before in zip(together, (cue, cue[:1], []), strict=True):
        alone = voice.draw([*PROMPT, *before], [[]], sampler, np.random.default_rng(0))[0]
        assert each.ids == alone.ids[: len(each.ids)]
        assert each.nats == pytest.approx(alone.nats[: len(each.nats)], abs=1e-3)


def test_weights_files_are_named_by_what_is_in_them(tmp_path: Path) -> None:
    one, other = tmp_path / "one.safetensors", tmp_path / "other.safetensors"
    write_weights(one, toy_change(20), {"parent": "base"})
    write_weights(other, dict(reversed(toy_change(20).items())), {"parent": "base"})
    assert one.read_bytes() == other.read_bytes()
    write_weights(other, toy_change(20, seed=2), {"parent": "base"})
    library = Library(tmp_path)
    assert library.file("one").fingerprint != library.file("other").fingerprint
    np.testing.assert_allclose(library.arrays("one")["bias"], toy_change(20)["bias"], atol=2e-3)

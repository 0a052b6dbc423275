from __future__ import annotations

import numpy as np
import pytest

from engine import codes
from engine.voices.network import Network, log_sum_exp
from engine.voices.sampling import Sampler
from engine.voices.vocabulary import Vocabulary
from engine.voices.voice import LSTMVoice, ScriptedVoice
from tests.conftest import LINES, toy_arrays

PROMPT = [1, 8]


@pytest.fixture
def voice(network: Network, vocabulary: Vocabulary) -> LSTMVoice:
    return LSTMVoice("ana", network, vocabulary)


@pytest.fixture
def brief(vocabulary: Vocabulary) -> LSTMVoice:
    """A voice whose lines soon end."""
    arrays = toy_arrays(len(vocabulary))
    arrays["bias"][vocabulary.end] += 6.0
    return LSTMVoice("ana", Network(arrays), vocabulary)


def test_the_same_seed_draws_the_same_lines_and_another_does_not(voice: LSTMVoice) -> None:
    def draw(seed: int) -> list[tuple[int, ...]]:
        return [each.ids for each in voice.draw(PROMPT, [[]] * 6, Sampler(max_tokens=10), np.random.default_rng(seed))]

    assert draw(1) == draw(1)
    assert draw(1) != draw(2)


def test_what_is_drawn_is_what_is_scored(brief: LSTMVoice) -> None:
    drawn = brief.draw(PROMPT, [[]] * 8, Sampler(max_tokens=12), np.random.default_rng(3))
    ended = [each for each in drawn if each.ended]
    assert len(ended) > 3
    assert all(len(each.nats) == len(each.ids) + each.ended for each in drawn)
    scores = brief.nats(PROMPT, [each.ids for each in ended])
    assert [float(each.sum()) for each in scores] == pytest.approx([sum(each.nats) for each in ended], abs=1e-2)


def test_a_line_that_stops_early_costs_what_is_said(brief: LSTMVoice) -> None:
    drawn = brief.draw(PROMPT, [[]] * 8, Sampler(max_tokens=12), np.random.default_rng(3))
    shorter = [each.until(number) for each in drawn for number in range(1, len(each.ids))]
    assert shorter
    for each, nats in zip(shorter, brief.nats(PROMPT, [each.ids for each in shorter]), strict=True):
        assert nats.tolist() == pytest.approx(list(each.nats), abs=1e-2)


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


def test_a_scripted_voice_says_its_lines(vocabulary: Vocabulary) -> None:
    voice = ScriptedVoice("ana", vocabulary, LINES[:3])
    drawn = voice.draw([], [[]] * 3, Sampler(), np.random.default_rng(0))
    assert sorted(vocabulary.decode(each.ids) for each in drawn) == sorted(LINES[:3])
    assert voice.nats([], [drawn[0].ids])[0].tolist() == list(drawn[0].nats)


def test_codes_are_read_before_a_line_is_said(voice: LSTMVoice) -> None:
    """A row that is fed its codes says what it would say after a prompt with these codes."""
    cue = [20, 30, 40]
    sampler = Sampler(max_tokens=8, top_k=1)
    together = voice.draw(PROMPT, [cue, cue[:1], []], sampler, np.random.default_rng(0))
    for each, before in zip(together, (cue, cue[:1], []), strict=True):
        alone = voice.draw([*PROMPT, *before], [[]], sampler, np.random.default_rng(0))[0]
        assert each.ids == alone.ids[: len(each.ids)]
        assert each.nats == pytest.approx(alone.nats[: len(each.nats)], abs=1e-3)


def test_what_is_drawn_after_codes_is_scored_after_them(brief: LSTMVoice) -> None:
    cues = [[20, 30, 40], [20], [], [50, 60]] * 3
    drawn = brief.draw(PROMPT, cues, Sampler(max_tokens=12), np.random.default_rng(3))
    ended = [(cue, each) for cue, each in zip(cues, drawn, strict=True) if each.ended]
    assert len({len(cue) for cue, _ in ended}) > 1
    for cue, each in ended:
        [found] = brief.nats([*PROMPT, *cue], [each.ids])
        assert found.tolist() == pytest.approx(list(each.nats), abs=1e-2)


def test_no_cue_draws_no_line(voice: LSTMVoice) -> None:
    assert voice.draw(PROMPT, [], Sampler(), np.random.default_rng(0)) == []


def test_a_copy_shares_weights_and_remembers_its_own_prompt(voice: LSTMVoice) -> None:
    other = voice.copy()
    assert other.network is voice.network
    state, _ = voice.read(PROMPT)
    assert voice.read(PROMPT)[0] is state
    other.read([1, 9])
    assert voice.read(PROMPT)[0] is state

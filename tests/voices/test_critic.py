"""The critic at play, and what codes add to the scores of words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine import codes
from engine.errors import VoiceError
from engine.sheets.persona import Persona
from engine.speech.agent import Agent, Craft, Request
from engine.speech.casting import Casting
from engine.speech.features import Said, Weights
from engine.troupe import Troupe
from engine.voices.critic import CONTEXT, Critic
from engine.voices.network import Arrays, Network
from engine.voices.sequences import Line, last_cue, pair, prompt
from engine.voices.vocabulary import Vocabulary
from engine.voices.voice import Library, LSTMVoice, Sampler, ScriptedVoice
from engine.voices.weights import write_weights
from tests.conftest import LINES, fingerprint, toy_arrays, toy_change

END = 2


def critic_change(size: int) -> Arrays:
    generator = np.random.default_rng(4)
    change = {name: array for name, array in toy_change(size).items() if name.startswith("lstm.")}
    return {**change, **{f"head.{part}": generator.normal(size=16).astype(np.float32) for part in ("last", "mean")}}


@pytest.fixture
def critic() -> Critic:
    return Critic(toy_arrays(40), critic_change(40))


def test_the_critic_reads_prompt_line_and_end(critic: Critic) -> None:
    line = [7, 9, 11]
    flow, _ = critic.network.run(np.array([[5], [6], *([word] for word in line), [END]]), critic.network.zero())
    change = critic_change(40)
    said = flow[2:, 0]
    expected = said[-1] @ change["head.last"] + said.mean(axis=0) @ change["head.mean"]
    assert critic.judge([5, 6], [line], END) == pytest.approx([float(expected)], abs=1e-4)


def test_lines_of_any_length_are_judged_as_if_alone(critic: Critic) -> None:
    lines = [[7], [8, 9, 10, 11, 12], [13, 14]]
    alone = [critic.judge([5, 6], [line], END)[0] for line in lines]
    assert critic.judge([5, 6], lines, END) == pytest.approx(alone, abs=1e-4)
    assert critic.judge([5, 6], [], END) == []


def test_of_a_long_prompt_the_end_is_read(critic: Critic) -> None:
    long = [3 + number % 30 for number in range(CONTEXT + 20)]
    assert critic.judge(long, [[7]], END) == critic.judge(long[-CONTEXT:], [[7]], END)


def test_the_critic_decides_where_it_counts(vocabulary: Vocabulary) -> None:
    voice = ScriptedVoice("ana", vocabulary, LINES)
    critic = Critic(toy_arrays(len(vocabulary)), critic_change(len(vocabulary)))
    weights = Weights({"critic": 1.0})
    agent = Agent("ana", Persona(name="Ana"), voice, voice, Craft(None, None, critic, weights, candidates=10))
    casting = Casting("ana", "bruno", ["bruno"], lambda who: "sibling", str.title, [], np.random.default_rng(0))
    request = Request([Line("bruno", "Who was it?")], "Who was it?", Line("ana", ""), casting, Said())
    choice = agent.speak(request, np.random.default_rng(0))
    scores = {choice.why[who]["text"]: choice.why[who]["scores"]["critic"] for who in ("chosen", "runner_up")}
    assert len(set(scores.values())) == 2
    assert choice.why["chosen"]["scores"]["critic"] == max(scores.values())
    other = replace(agent.craft, critic=None)
    assert (
        Agent("ana", agent.persona, voice, voice, other)
        .speak(request, np.random.default_rng(0))
        .why["chosen"]["scores"]["critic"]
        == 0.0
    )


def test_a_library_with_and_without_a_critic(voiced: Troupe, vocabulary: Vocabulary) -> None:
    library = Library(voiced.voices)
    assert library.critic() is None
    base, path = voiced.voices / "base.safetensors", voiced.voices / "critic.safetensors"
    header = {"parent": "base", "grown_from": fingerprint(base)}
    write_weights(path, critic_change(len(vocabulary)), header)
    library = Library(voiced.voices)
    assert "critic" not in library.names
    found = library.critic()
    assert found is not None
    assert len(found.judge([1], [[5]], END)) == 1
    write_weights(path, {"head.last": np.zeros(16)}, header)
    with pytest.raises(VoiceError, match=r"not a critic \('head\.mean'\); python -m engine\.train trains it again"):
        Library(voiced.voices).critic()
    path.write_bytes(b"x" * 50)
    with pytest.raises(VoiceError, match=r"is corrupt .*; train it again: python -m engine\.train$"):
        Library(voiced.voices).critic()
    write_weights(path, critic_change(len(vocabulary)), {**header, "grown_from": "another"})
    with pytest.raises(VoiceError, match="trained on another 'base'"):
        Library(voiced.voices).critic()


def steered(vocabulary: Vocabulary, code: str, word: str, by: float) -> tuple[Network, int]:
    """A network in which a code adds so much to the score of a word's first token."""
    scores = np.zeros((len(codes.SPECIAL), len(vocabulary)), np.float32)
    id_ = vocabulary.encode(word)[0]
    scores[vocabulary.special(code), id_] = by
    return Network({**toy_arrays(len(vocabulary)), "codes": scores}), id_


def test_a_code_makes_its_words_likelier_in_its_own_line_only(vocabulary: Vocabulary) -> None:
    network, id_ = steered(vocabulary, codes.tone_code("icy"), "soup", 30.0)
    voice = LSTMVoice("ana", network, vocabulary)
    before = [Line("bruno", "Who was it?", tone="icy")]
    said = {
        tone: [
            each.ids.count(id_)
            for each in voice.draw(
                prompt(vocabulary, before, Line("ana", "", tone=tone)),
                8,
                Sampler(max_tokens=4),
                np.random.default_rng(0),
            )
        ]
        for tone in ("icy", "tender")
    }
    assert min(said["icy"]) > 0
    assert max(said["tender"]) == 0


def test_the_likelihood_counts_what_codes_add(vocabulary: Vocabulary) -> None:
    network, id_ = steered(vocabulary, codes.arc_code("amnesia"), "soup", 2.0)
    plain = Network(toy_arrays(len(vocabulary)))
    for arc, differs in (("amnesia", True), ("revenge", False)):
        cue = prompt(vocabulary, [], Line("ana", "", arc=arc))
        ours, theirs = (LSTMVoice("ana", each, vocabulary).nats(cue, [[id_]])[0] for each in (network, plain))
        assert bool(ours[0] > theirs[0] + 0.1) is differs


def test_the_cue_of_a_prompt_and_of_a_pair(vocabulary: Vocabulary) -> None:
    context, reply = [Line("bruno", "Who was it?", tone="icy")], Line("ana", "The cook.", tone="tender", arc="amnesia")
    cue = [vocabulary.special(code) for code in (codes.turn_code(0), codes.tone_code("tender"), "<arc:amnesia>")]
    assert list(last_cue(prompt(vocabulary, context, reply), vocabulary.end)) == cue
    assert list(pair(vocabulary, context, reply).cue) == cue
    assert list(last_cue([5, 6], vocabulary.end)) == [5, 6]


def test_emphasis_is_how_strongly_codes_are_heard(vocabulary: Vocabulary) -> None:
    network, id_ = steered(vocabulary, codes.tone_code("icy"), "soup", 6.0)
    voice = LSTMVoice("ana", network, vocabulary)
    cue = prompt(vocabulary, [], Line("ana", "", tone="icy"))

    def heard(emphasis: float) -> int:
        drawn = voice.draw(cue, 60, Sampler(max_tokens=6, emphasis=emphasis), np.random.default_rng(0))
        return sum(id_ in each.ids for each in drawn)

    assert heard(0.0) < heard(1.0) < heard(3.0)


def test_steering_fitted_to_the_voices_takes_the_place_of_the_bases(voiced: Troupe, vocabulary: Vocabulary) -> None:
    assert Library(voiced.voices).load("ana").network.codes is None
    path = voiced.voices / "steering.safetensors"
    header = {"parent": "base", "grown_from": fingerprint(voiced.voices / "base.safetensors")}
    scores = np.ones((len(codes.SPECIAL), len(vocabulary)), np.float32)
    write_weights(path, {"codes": scores}, header)
    library = Library(voiced.voices)
    assert "steering" not in library.names
    for name in ("base", "ana"):
        found = library.load(name).network.codes
        assert found is not None
        assert np.array_equal(found, scores)
    write_weights(path, {"codes": scores[:, :7]}, header)
    with pytest.raises(VoiceError, match=r"its steering is of another size"):
        Library(voiced.voices).load("ana")
    write_weights(path, {"codes": scores}, {**header, "grown_from": "another"})
    with pytest.raises(VoiceError, match=r"trained on another 'base' .*; train it again: python -m engine\.train$"):
        Library(voiced.voices).load("ana")

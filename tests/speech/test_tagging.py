from __future__ import annotations

import numpy as np
import pytest

from engine import codes
from engine.frames import Frame, Gist
from engine.speech.director import Director
from engine.speech.tagging import PRIOR, Tagger
from engine.voices.network import Network
from engine.voices.sequences import Line, cue, prompt
from engine.voices.vocabulary import Vocabulary
from engine.voices.voice import LSTMVoice
from tests.conftest import toy_arrays

SCENE = [Line("bruno", "Who took it?", act="ask"), Line("ana", "I never lied."), Line("bruno", "Ask the cook.")]


@pytest.fixture
def voice(network: Network, vocabulary: Vocabulary) -> LSTMVoice:
    return LSTMVoice("base", network, vocabulary)


def test_an_act_is_worth_what_it_makes_of_the_line(voice: LSTMVoice) -> None:
    scores = Tagger(voice).scores(SCENE[:1], SCENE[1])
    assert tuple(scores) == codes.ACTS
    for act in ("deny", "insult"):
        before = prompt(voice.vocabulary, SCENE[:1], SCENE[1].framed(Frame(act)))
        [found] = voice.nats(before, [voice.vocabulary.encode(SCENE[1].text)])
        assert scores[act] == pytest.approx(float(found.sum()), abs=1e-3)


def test_a_director_says_what_is_likely_here(voice: LSTMVoice) -> None:
    director = Director(Network(toy_arrays(len(codes.SPECIAL), width=8, layers=1)))
    alone, both = (Tagger(voice, each).scores(SCENE[:1], SCENE[1]) for each in (None, director))
    shares = director.shares(SCENE[:1], SCENE[1], "act")
    for act in codes.ACTS:
        assert both[act] - alone[act] == pytest.approx(PRIOR * np.log(shares[act]), abs=1e-3)


def test_a_scene_is_tagged_where_it_has_no_acts(voice: LSTMVoice) -> None:
    tagger = Tagger(voice)
    tagged = tagger.scene(SCENE)
    assert tagged[0] is SCENE[0]
    assert [line.text for line in tagged] == [line.text for line in SCENE]
    scores = tagger.scores(SCENE[:1], SCENE[1])
    assert tagged[1].act == max(codes.ACTS, key=scores.__getitem__)
    assert tagged[1].gist == Gist("me", "lie", True)
    # What was tagged bears on what is tagged next.
    assert tagged[2] == tagger.line(tagged[:2], SCENE[2])


def test_who_speaks_does_not_change_how_long_a_cue_is(voice: LSTMVoice) -> None:
    """Every act is one code: the scores of all of them count the same words."""
    assert len({len(cue(voice.vocabulary, SCENE[1].framed(Frame(act)), ["bruno"])) for act in codes.ACTS}) == 1


def test_a_tone_is_worth_what_it_makes_of_the_line(voice: LSTMVoice) -> None:
    director = Director(Network(toy_arrays(len(codes.SPECIAL), width=8, layers=1)))
    line = SCENE[1].framed(Frame("deny"))
    toned = Tagger(voice, director).toned(SCENE[:1], line)
    shares = director.shares(SCENE[:1], line, "tone")

    def worth(tone: str) -> float:
        before = prompt(voice.vocabulary, SCENE[:1], line.framed(Frame("deny", tone)))
        said = float(voice.nats(before, [voice.vocabulary.encode(line.text)])[0].sum())
        return float(said + PRIOR * np.log(shares[tone]))

    assert toned.act == "deny"
    assert toned.text == line.text
    assert toned.tone == max(codes.TONES, key=worth)

from __future__ import annotations

import pytest

from engine import codes
from engine.errors import StudioError
from engine.frames import Gist
from engine.speech.tagging import Tagger
from engine.studio import typed
from engine.studio.session import Session
from engine.voices.network import Network
from engine.voices.vocabulary import Vocabulary
from engine.voices.voice import LSTMVoice


def test_a_line_is_read_off_its_words(session: Session) -> None:
    session.play(2)
    given = typed.read("bruno, I never stole the letter.", "ana", session.rehearsal)
    assert given.text == "Bruno, I never stole the letter."
    assert given.to == "bruno"
    assert given.frame.gist == Gist("me", "steal", True)
    session.note("about the letter, icy")
    given = typed.read("I never stole the letter.", "ana", session.rehearsal)
    assert given.hidden == "I never stole <paper>."
    assert given.frame.topics == ("<paper>",)


def test_what_stands_in_brackets_is_taken_as_it_is(session: Session) -> None:
    session.play(2)
    given = typed.read("(Furious, accuse, to Ana) You!", "bruno", session.rehearsal)
    assert (given.frame.tone, given.frame.act, given.to, given.text) == ("furious", "accuse", "ana", "You!")
    with pytest.raises(StudioError, match=r"\(furios\) is no tone, no act and nobody .* \(did you mean 'furious'\?\)"):
        typed.read("(furios) You!", "bruno", session.rehearsal)
    with pytest.raises(StudioError, match="there is no line"):
        typed.read("(furious)", "bruno", session.rehearsal)


def test_the_networks_hear_the_act_and_the_tone(session: Session, vocabulary: Vocabulary, network: Network) -> None:
    session.play(2)
    tagger = Tagger(LSTMVoice("base", network, vocabulary))
    given = typed.read("(icy) I never lied, Bruno.", "ana", session.rehearsal, tagger)
    assert given.frame.tone == "icy"
    assert given.frame.act in codes.ACTS
    given = typed.read("(accuse) You lied, Bruno.", "ana", session.rehearsal, tagger)
    assert given.frame.act == "accuse"
    assert given.frame.tone in codes.TONES

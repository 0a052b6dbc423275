from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from engine.frames import Frame
from engine.sheets.persona import Persona
from engine.speech.agent import Agent, Craft
from engine.speech.casting import Casting
from engine.speech.copying import Copies
from engine.speech.director import Proposal
from engine.speech.lexicon import Lexicon
from engine.speech.refusals import misgenders
from engine.speech.request import Request
from engine.speech.said import Said
from engine.text import tidy
from engine.voices.sequences import Line
from engine.voices.vocabulary import Vocabulary
from engine.voices.voice import LSTMVoice, ScriptedVoice
from tests.conftest import LINES

PERSONA = Persona(name="Ana", length=6)


def agent(
    vocabulary: Vocabulary, lines: Sequence[str], persona: Persona = PERSONA, craft: Craft | None = None
) -> Agent:
    voice = ScriptedVoice("ana", vocabulary, lines)
    return Agent("ana", persona, voice, voice, craft or Craft(candidates=len(lines)))


def request(said: Sequence[str] = (), tone: str | None = None, pronoun: str | None = None) -> Request:
    casting = Casting(
        "ana", "bruno", ["bruno"], lambda who: "sibling", str.title, ["the sea"], np.random.default_rng(0)
    )
    context = [Line("bruno", "Who was it?")]
    proposals = [Proposal(Frame("tell", tone), 0.0)]
    return Request(context, "Who was it?", Line("ana", ""), proposals, casting, Said(said), pronoun=pronoun)


def spoken(found: Agent, wanted: Request, seed: int = 0) -> str:
    return found.speak(wanted, np.random.default_rng(seed)).text


def test_the_same_request_and_generator_give_the_same_line(vocabulary: Vocabulary) -> None:
    found = agent(vocabulary, LINES, craft=Craft(candidates=5))
    choices = [found.speak(request(), np.random.default_rng(seed)) for seed in (1, 1, 2, 3, 4)]
    assert choices[0] == choices[1]
    assert len({choice.text for choice in choices}) > 1


def test_names_are_filled_in_and_hidden_text_keeps_its_slots(vocabulary: Vocabulary) -> None:
    choice = agent(vocabulary, ["I saw you, <you>."]).speak(request(), np.random.default_rng(0))
    assert (choice.text, choice.hidden) == ("I saw you, Bruno.", "I saw you, <you>.")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Oh please, not the soup.", "a word she avoids"),
        ('He said "never.', "broken text"),
        ("The glorp is cold.", "unknown word or name"),
        ("It was only a small fire.", "said before"),
        ("It was never", "no clean ending"),
        ("It is cold and it is cold and it is cold and so are you.", "too long"),
        ("You burnt the letter.", "a topic nobody bound"),
        ("Never, señora.", "calls a man by a woman's word or the reverse"),
        ("<you>, <you> is cold.", "names piled up"),
        ("Ask my <mother>.", "empty"),
        ("I close every door in this house.", "stands in a script"),
    ],
)
def test_what_may_not_be_spoken(vocabulary: Vocabulary, line: str, reason: str) -> None:
    persona = PERSONA.model_copy(
        update={"avoid": ("please",), "voice": PERSONA.voice.model_copy(update={"max_words": 9})}
    )
    known = " ".join([*LINES, "oh please señora he said my close every in this house"])
    lexicon = Lexicon.of([known.casefold()], least=1)
    craft = Craft(lexicon, Copies(["I close every door in this house."]), candidates=2)
    choice = agent(vocabulary, [line, "Bread first, truth later."], persona, craft).speak(
        request(["It was only a small fire."], pronoun="he"), np.random.default_rng(0)
    )
    assert choice.text == "Bread first, truth later."
    assert choice.why.rejected == {reason: 1}


def test_an_agent_never_falls_silent(vocabulary: Vocabulary) -> None:
    assert spoken(agent(vocabulary, ["No clean ending here"]), request()) == "No clean ending here"
    choice = agent(vocabulary, ["Ask my <mother>."]).speak(request(), np.random.default_rng(0))
    assert choice.text == "..."
    assert choice.why.rejected == {"empty": 3}


def test_the_words_of_the_beat_win(vocabulary: Vocabulary) -> None:
    found = agent(vocabulary, ["The bread is cold.", "The soup is cold."])
    for word in ("bread", "soup"):
        assert word in spoken(found, replace(request(), wanted=[word]))


def test_a_signature_phrase_comes_at_its_rate_in_its_tone(vocabulary: Vocabulary) -> None:
    phrase = {"text": "Not in my house.", "every": 4, "tone": "icy"}
    persona = Persona.model_validate({"name": "Ana", "phrases": (phrase,)}, strict=False)
    found = agent(vocabulary, LINES, persona)
    icy = [found.speak(request(tone="icy"), np.random.default_rng(seed)) for seed in range(80)]
    assert 8 < sum(choice.phrase is not None for choice in icy) < 36
    assert all(choice.text.startswith("Not in my house. ") for choice in icy if choice.phrase)
    assert not any(found.speak(request(tone="tender"), np.random.default_rng(seed)).phrase for seed in range(20))
    again = request(["Not in my house."], tone="icy")
    assert not any(found.speak(again, np.random.default_rng(seed)).phrase for seed in range(20))


def test_an_agent_on_a_network(vocabulary: Vocabulary, network: object) -> None:
    voice = LSTMVoice("ana", network, vocabulary)  # type: ignore[arg-type]
    found = Agent("ana", PERSONA, voice, voice, Craft(candidates=4))
    choices = [found.speak(request(), np.random.default_rng(1)) for _ in range(2)]
    assert choices[0] == choices[1]
    assert choices[0].text


@pytest.mark.parametrize(
    ("text", "tidied"),
    [("  ¡never  mind ", "¡Never mind"), ("...so", "...So"), ("7 a", "7 a"), ("", ""), ('"no"', '"No"')],
)
def test_tidy(text: str, tidied: str) -> None:
    assert tidy(text) == tidied


def test_who_is_called_by_the_wrong_word() -> None:
    assert misgenders("No, señora.", "he")
    assert misgenders("My son, no.", "she")
    assert not misgenders("No, señor.", "he")
    assert not misgenders("The lady left.", "he")

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from engine.frames import Frame, Gist
from engine.report.doing import agreement
from engine.sheets.persona import Persona
from engine.speech.agent import Agent, Craft, named
from engine.speech.casting import Casting
from engine.speech.copying import Copies
from engine.speech.director import Proposal
from engine.speech.features import FEATURES
from engine.speech.lexicon import Lexicon
from engine.speech.refusals import Candidate
from engine.speech.request import Request
from engine.speech.said import Said
from engine.voices.network import Network
from engine.voices.sampling import Drawn
from engine.voices.sense import Sense
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
        ("<you>, <you> is cold.", "a name or a topic twice"),
        ("Ask my <mother>.", "empty"),
    ],
)
def test_what_may_not_be_spoken(vocabulary: Vocabulary, line: str, reason: str) -> None:
    persona = PERSONA.model_copy(
        update={"avoid": ("please",), "voice": PERSONA.voice.model_copy(update={"max_words": 9})}
    )
    known = " ".join([*LINES, "oh please señora he said my burnt close every in this house"])
    lexicon = Lexicon.of([known.casefold()], least=1)
    craft = Craft(lexicon, candidates=2)
    choice = agent(vocabulary, [line, "Bread first, truth later."], persona, craft).speak(
        request(["It was only a small fire."], pronoun="he"), np.random.default_rng(0)
    )
    assert choice.text == "Bread first, truth later."
    assert choice.why.rejected == {reason: 1}


def test_the_best_line_that_stands_in_no_script_is_spoken(vocabulary: Vocabulary) -> None:
    copied, longer = (
        "I close every door in this house.",
        "Bread first, truth later, and soup for all of us who are cold.",
    )
    craft = Craft(copies=Copies([copied]), candidates=2)
    choice = agent(vocabulary, [copied, longer], craft=craft).speak(request(), np.random.default_rng(0))
    assert choice.text == longer
    assert choice.why.rejected == {"stands in a script": 1}


def test_an_agent_never_falls_silent(vocabulary: Vocabulary) -> None:
    assert spoken(agent(vocabulary, ["No clean ending here"]), request()) == "No clean ending here"
    choice = agent(vocabulary, ["Ask my <mother>."]).speak(request(), np.random.default_rng(0))
    assert choice.text == "..."
    assert choice.why.rejected == {"empty": 3}


def test_the_words_of_the_beat_win(vocabulary: Vocabulary) -> None:
    found = agent(vocabulary, ["My bread is cold.", "My soup is cold."])
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


def test_what_is_sensible_by_the_states_of_the_base_is_chosen(vocabulary: Vocabulary, network: Network) -> None:
    voice = LSTMVoice("ana", network, vocabulary)

    candidates = [
        Candidate(text, text, Drawn(tuple(vocabulary.encode(text)), (-1.0,), True), Frame(), Frame(), 0.0)
        for text in LINES
    ]

    def ranked(sense: Sense | None) -> list[tuple[str, Mapping[str, float]]]:
        found = Agent("ana", PERSONA, voice, voice.copy(), Craft(sense=sense))
        return [(each.text, scores) for each, scores in found.rank(candidates, request())]

    assert not any("sense" in scores for _, scores in ranked(None))
    weight = np.random.default_rng(3).normal(size=network.width).astype(np.float32)
    one, other = (ranked(Sense(sign * 1000 * weight, 0.0)) for sign in (1, -1))
    assert all(found[0][1]["sense"] == max(scores["sense"] for _, scores in found) for found in (one, other))
    assert one[0][0] != other[0][0]


PLAN = Frame("tell", None, Gist("me", "lie", True), ("<paper>", "<jewel>"))


@pytest.mark.parametrize(
    ("gist", "agrees"),
    [
        (Gist("me", "lie", True), 1.0),
        (Gist("you", "lie", True), 0.5),
        (Gist("me", "lie"), 0.0),
        (Gist("me", "steal", True), 0.0),
        (None, 0.0),
    ],
)
def test_how_far_a_line_says_who_does_what(gist: Gist | None, agrees: float) -> None:
    assert agreement(PLAN, Frame(gist=gist)) == agrees
    assert agreement(Frame("tell"), Frame(gist=gist)) == 0.5


def test_the_share_of_the_planned_topics_that_a_line_names() -> None:
    assert named(PLAN, Frame(topics=("<jewel>", "<paper>"))) == 1.0
    assert named(PLAN, Frame(topics=("<paper>", "<key>"))) == 0.5
    assert named(PLAN, Frame()) == 0.0
    assert named(Frame(), Frame()) == 1.0
    assert named(Frame(), Frame(topics=("<key>",))) == 0.5


def test_a_frame_that_is_objected_to_gives_way_to_the_next(vocabulary: Vocabulary) -> None:
    asked, told = Proposal(Frame("ask"), 1.0), Proposal(Frame("tell"), 0.0)
    wanted = replace(
        request(), proposals=[asked, told], objection=lambda frame: "asked and answered" if frame.act == "ask" else ""
    )
    chosen = agent(vocabulary, LINES).speak(wanted, np.random.default_rng(0))
    assert chosen.frame.act == "tell"
    assert chosen.why.frames == (("tell", 0.0),)
    assert chosen.why.refused_frames == {"asked and answered": 1}
    # Where nothing else is left she says it all the same, rather than nothing.
    alone = agent(vocabulary, ["Never."]).speak(replace(wanted, proposals=[asked]), np.random.default_rng(0))
    assert (alone.text, alone.frame.act) == ("Never.", "ask")


def test_candidates_are_shared_out_among_the_first_frames(vocabulary: Vocabulary) -> None:
    proposals = [Proposal(Frame(act), -number) for number, act in enumerate(("tell", "ask", "deny", "insist", "warn"))]
    found = agent(vocabulary, LINES, craft=Craft(candidates=8, frames=4))
    why = found.speak(replace(request(), proposals=proposals), np.random.default_rng(0)).why
    assert [name for name, _ in why.frames] == ["tell", "ask", "deny", "insist"]
    assert why.candidates == 8


def test_why_tells_what_was_measured(vocabulary: Vocabulary) -> None:
    why = agent(vocabulary, ["Never.", "Bread first."]).speak(request(), np.random.default_rng(0)).why
    assert why.chosen is not None
    assert why.runner_up is not None
    assert set(why.chosen.scores) == {feature.name for feature in FEATURES} - {"sense"}
    assert why.chosen.total >= why.runner_up.total
    assert {why.chosen.text, why.runner_up.text} == {"Never.", "Bread first."}

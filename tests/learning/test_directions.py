"""Stage directions: read from a script, heard by networks before the line that follows, and never learned."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.corpus import fountain
from engine.corpus.directions import LONGEST, SEEN, heard
from engine.corpus.topics import hide, unbound
from engine.frames import Frame
from engine.learning.excerpts import excerpts
from engine.learning.passages import Passage, passages
from engine.learning.places import Place
from engine.speech.said import Said
from engine.stage.asking import Asking
from engine.stage.production import Theatre
from engine.stage.stage import Stage
from engine.troupe import Troupe
from engine.voices.sequences import PADDING, FrameEncoder, Line, encode_scene, pair, prompt, taught_scene
from engine.voices.vocabulary import Vocabulary
from tests.conftest import scripted, write_troupe

CHARACTERS = Vocabulary.train(["0123456789 abcdefghijklmnopqrstuvwxyz."], "character", 100)
SLAP = Line("ana", "why.", act="ask", seen=("<you> hits <me>.",))
TALK = [Line("bruno", "no.", act="refuse"), SLAP]
SCRIPT = """
INT. KITCHEN - NIGHT

[[arc: revenge]]

Bruno breaks a plate.

ANA
(icy, ask, to Bruno)
Why did you do that?

Bruno slaps Ana.

{more}
BRUNO
(furious, tell, to Ana)
Because you lied.

ANA
(tell, to Bruno)
I did not.

A bell rings.

INT. CHAPEL - NIGHT

ANA
(tell, to Bruno)
It is over.
"""


def tokens(ids: list[int]) -> str:
    return "".join(CHARACTERS.token(id_) for id_ in ids)


def turns(more: str = "") -> dict[str, tuple[str, ...]]:
    script = fountain.read(SCRIPT.format(more=more), Path("x.fountain"))
    return {turn.text: turn.seen for turn in script.turns()}


def test_a_speech_keeps_the_directions_before_it() -> None:
    assert turns() == {
        "Why did you do that?": ("Bruno breaks a plate.",),
        "Because you lied.": ("Bruno slaps Ana.",),
        "I did not.": (),
        "It is over.": (),  # the bell rang in another scene
    }


def test_the_last_short_ones() -> None:
    more = "".join(f"{number} plates fall.\n\n" for number in range(SEEN))
    assert turns(more)["Because you lied."] == tuple(f"{number} plates fall." for number in range(SEEN))
    assert turns("word " * (LONGEST + 1) + "\n\n")["Because you lied."] == ("Bruno slaps Ana.",)
    assert turns("> Cut to:\n\n~la la la\n\n")["Because you lied."] == ("Bruno slaps Ana.",)


def test_speech_without_an_act_has_none() -> None:
    text = SCRIPT.format(more="").replace("(furious, tell, to Ana)", "(furious)")
    found = {turn.text: turn.seen for turn in fountain.read(text, Path("x.fountain")).turns()}
    assert found["Because you lied."] == ()


def test_names_and_topics_are_slots_as_the_speaker_sees_them(tmp_path: Path) -> None:
    troupe = write_troupe(tmp_path)
    one, two = (troupe.personas[who].name for who in ("ana", "bruno"))
    about = SCRIPT.format(more="").replace("[[arc: revenge]]", "[[arc: revenge]]\n[[about: thing = the plate]]")
    about = about.replace("a plate", "the plate").replace("do that", "break the plate")
    text = about.replace("ANA", one.upper()).replace("BRUNO", two.upper()).replace("Ana", one).replace("Bruno", two)
    path = tmp_path / "corpora" / "house" / "seen.fountain"
    path.write_text(f"Title: Seen\nLanguage: en\n{text}", encoding="utf-8")
    [found, _] = [each for each in passages(Troupe(tmp_path)) if each.path.endswith("seen.fountain")]
    plate = hide("the plate", {"thing": "the plate"}, "en")
    assert [line.seen for line in found.lines] == [(f"<you> breaks {plate}.",), ("<me> slaps <you>.",), ()]


def test_they_stand_before_the_codes_of_the_line() -> None:
    told = tokens(encode_scene(CHARACTERS, TALK))
    assert told.endswith("<to:audience><you> hits<me>.<end><turn:0><act:ask>why.<end>")
    assert tokens(prompt(CHARACTERS, TALK[:1], SLAP)).endswith("<to:audience><you> hits<me>.<end><turn:0><act:ask>")


def test_they_are_heard_and_not_learned() -> None:
    ids, targets = taught_scene(CHARACTERS, TALK)
    assert ids == encode_scene(CHARACTERS, TALK)
    learned = [id_ for id_, target in zip(ids, targets, strict=True) if target != PADDING]
    assert learned == encode_scene(CHARACTERS, [replace(line, seen=()) for line in TALK])
    both = pair(CHARACTERS, TALK[:1], SLAP)
    assert tokens(both.ids[both.start :].tolist()) == "why.<end>"


def test_a_voice_hears_them_too() -> None:
    texts = tuple(line.text for line in TALK)
    scene = Passage("house", "en", "train", "x", None, tuple(TALK), texts, (1, 2), (None, None))
    [found] = excerpts(CHARACTERS, [scene], "train", ["ana"])
    assert tokens(found.ids.tolist()) == tokens(encode_scene(CHARACTERS, TALK))
    assert tokens(found.ids[found.counted].tolist()) == "why.<end>"


def test_the_director_sees_frames_alone() -> None:
    encoder = FrameEncoder()
    assert encode_scene(encoder, TALK) == encode_scene(encoder, [replace(line, seen=()) for line in TALK])


def stage(troupe: Troupe, vocabulary: Vocabulary, **more: Any) -> Stage:
    path = troupe.root / "scenes" / "supper.yaml"
    production = Theatre(troupe).production(path, 1, agents=scripted(troupe.personas, vocabulary))
    return Stage(replace(production, **more))


def test_on_stage_the_next_line_has_seen_them(troupe: Troupe, vocabulary: Vocabulary) -> None:
    one = stage(troupe, vocabulary, sighted=frozenset({"en"}))
    shown: list[str] = []
    for entry in one.play():
        if entry.kind == "direction":
            shown.append(entry.text)
        else:
            assert len(one.state.context[-1].seen) == min(len(shown), 2)
            shown = []
    assert any(line.seen for line in one.state.context)


def test_voices_that_have_not_learned_them_do_not(troupe: Troupe, vocabulary: Vocabulary) -> None:
    one = stage(troupe, vocabulary)
    list(one.play())
    assert not any(line.seen for line in one.state.context)


@pytest.mark.parametrize(("shown", "pointed"), [("Carla drops a spoon.", {"he", "she"}), ("It rains.", set())])
def test_a_pronoun_may_point_at_what_is_seen(
    troupe: Troupe, vocabulary: Vocabulary, shown: str, pointed: set[str]
) -> None:
    one = stage(troupe, vocabulary, sighted=frozenset({"en"}))
    asking: Asking = one.asking
    before = asking.referents(one.state, Line("ana", ""), "bruno")
    one.state.seen.append(shown)
    cue = asking.line(one.state, "ana", "bruno", "", one.production.scenario.beats[0], Frame())
    assert pointed <= asking.referents(one.state, cue, "bruno")
    assert pointed or asking.referents(one.state, cue, "bruno") == before


def test_scripts_and_stage_choose_them_alike() -> None:
    assert heard(["(A bell rings.)", "Cut to:", "The door “opens”."]) == ("A bell rings.", 'The door "opens".')
    assert heard(["word " * (LONGEST + 1)]) == ()
    assert heard(["one", "two", "three"]) == ("two", "three")


def test_a_place_of_a_script_is_asked_for_with_them() -> None:
    texts = tuple(line.text for line in TALK)
    scene = Passage("house", "en", "train", "x", None, tuple(TALK), texts, (1, 2), (None, None))
    place = Place(scene, 1)
    assert tokens(place.pair(CHARACTERS).ids.tolist()).count("<to:audience>") == 1
    assert place.line.seen == SLAP.seen


def test_a_thing_that_was_seen_may_be_spoken_of(troupe: Troupe, vocabulary: Vocabulary) -> None:
    one = stage(troupe, vocabulary, sighted=frozenset({"en"}))
    beat, draw = one.production.scenario.beats[0], one.asking.generator("voice")
    for shown, barred in ((None, True), ("Carla pulls a gun.", False)):
        one.state.seen = [shown] if shown else []
        cue = one.asking.line(one.state, "ana", "bruno", "", beat, Frame())
        spoken_of = one.asking.casting(one.state, beat, cue, "bruno", draw).spoken_of
        assert unbound("Put the gun away.", spoken_of, "en") is barred


def test_a_beat_that_only_has_a_name_is_not_seen(troupe: Troupe, vocabulary: Vocabulary) -> None:
    one = stage(troupe, vocabulary, sighted=frozenset({"en"}))
    names = {beat.name for beat in one.production.scenario.beats}
    list(one.play())
    assert not any(names & set(line.seen) for line in one.state.context)


def test_a_blow_must_have_been_seen(troupe: Troupe, vocabulary: Vocabulary) -> None:
    one = stage(troupe, vocabulary, sighted=frozenset({"en"}))
    beat = one.production.scenario.beats[0]
    one.state.seen = ["The bell rings. Bruno slaps Ana."]
    cue = one.asking.line(one.state, "ana", "bruno", "", beat, Frame())
    assert "slap" in (one.asking.deeds(one.state, cue) or ())
    one.state.seen = []
    assert "slap" not in (one.asking.deeds(one.state, replace(cue, seen=())) or ())
    blind = stage(troupe, vocabulary)
    assert blind.asking.deeds(blind.state, cue) is None


def test_okay_okay_is_okay() -> None:
    said = Said(["Okay, okay."])
    assert said.again("Okay.")
    assert said.again("Okay. Okay, okay!")
    assert not said.again("Okay, no.")

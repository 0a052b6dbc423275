from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import ScriptError, StudioError
from engine.stage.production import Theatre
from engine.stage.stage import Stage
from engine.studio.journal import Journal
from engine.studio.session import Event, Session
from engine.troupe import Troupe
from tests.studio.conftest import agents, lines, opened, shown

Edit = Callable[[Path, str, str], None]


def test_an_undisturbed_session_is_the_scene_that_is_played(session: Session, troupe: Troupe) -> None:
    session.play()
    path = troupe.root / "scenes" / "supper.yaml"
    stage = Stage(Theatre(troupe).production(path, 1, agents=agents(troupe)))
    list(stage.play())
    assert session.over
    assert session.performance().to_json() == stage.performance().to_json()


def test_a_journal_gives_the_same_scene_again(session: Session, troupe: Troupe, tmp_path: Path) -> None:
    session.play(5)
    session.retake(2, 3)
    session.speak_as("Carla, the soup is cold.", "carla")
    session.branch_off(4, "cold")
    session.play(2)
    again = opened(troupe, tmp_path / "supper.journal.jsonl", seed=99)
    assert again.seed == 1
    assert again.script == session.script
    assert shown(again) == shown(session)
    session.play(1)
    assert again.follow()
    assert shown(again) == shown(session)
    session.play()
    again.play()
    assert shown(again) == shown(session)
    assert again.performance() == session.performance()


def test_a_line_taken_again_leaves_the_others(session: Session) -> None:
    session.play(7)
    before = lines(session)
    session.retake(4, 2)
    line = session.line(4)
    assert [take.by for take in line.takes] == ["script", "voice", "voice"]
    assert line.takes[0].given.text == "Good evening, house."
    assert {take.given.speaker for take in line.takes} == {"carla"}
    assert line.chosen == 2
    assert lines(session)[:3] + lines(session)[4:] == before[:3] + before[4:]
    session.choose(4, 1)
    assert lines(session) == before


def test_takes_of_a_line_do_not_depend_on_how_they_were_asked_for(troupe: Troupe, tmp_path: Path) -> None:
    one, other = (opened(troupe, tmp_path / name) for name in ("one.jsonl", "other.jsonl"))
    for each in (one, other):
        each.play(6)
    one.retake(5, 4)
    for _ in range(4):
        other.retake(5)
    assert one.script == other.script
    assert len({take.given.text + str(take.given.frame) for take in one.line(5).takes}) > 1


def test_what_follows_is_played_anew_when_it_shall_be(session: Session) -> None:
    session.play(9)
    session.pin(8)
    before, pinned = lines(session), session.line(8)
    session.edit(5, "I burnt the will, and I liked it.", "replay")
    after = lines(session)
    assert after[:4] == before[:4]
    assert after[4] == "I burnt the will, and I liked it."
    assert len(after) == 9
    assert [len(session.line(number).takes) for number in (6, 7, 9)] == [1, 1, 1]
    assert session.line(8) == pinned
    session.undo()
    assert lines(session) == before


def test_a_pinned_line_is_not_taken_again(session: Session) -> None:
    session.play(3)
    assert session.pin(2)
    with pytest.raises(StudioError, match="line 2 is pinned"):
        session.retake(2)
    assert not session.pin(2)
    session.retake(2)


def test_other_words_do_the_same_and_say_what_they_say(session: Session) -> None:
    session.play(4)
    old = session.line(4).given
    session.edit(4, "I never stole it,\x1b[31m Ana.")
    new = session.line(4).given
    assert new.text == "I never stole it, Ana."
    assert new.hidden == "I never stole it, <you>."
    assert (new.to, new.frame.act, new.frame.tone) == (old.to, old.frame.act, old.frame.tone)
    assert str(new.frame.gist) == "me not steal"
    for nothing in ("", " \x07 ", "x" * 500):
        with pytest.raises(StudioError):
            session.edit(4, nothing)


def test_going_back_goes_another_way_and_a_branch_keeps_both(session: Session) -> None:
    session.play(8)
    whole = lines(session)
    assert session.branch_off(3) == "way 2"
    session.play(5)
    assert lines(session)[:3] == whole[:3]
    assert lines(session) != whole
    session.switch("main")
    assert lines(session) == whole
    session.rewind(6)
    assert lines(session) == whole[:6]
    session.rewind(0)
    assert lines(session) == []
    session.undo()
    session.undo()
    assert lines(session) == whole
    with pytest.raises(StudioError, match="did you mean 'way 2'"):
        session.switch("way2")
    with pytest.raises(StudioError, match="there is a branch 'main' already"):
        session.branch_off(1, "main")


def test_a_typed_line_moves_graph_and_knowledge_like_any_other(session: Session) -> None:
    session.play(3)
    assert session.rehearsal.place is not None
    assert session.rehearsal.place.ends
    session.speak_as("(furious, insult, to Bruno) You are a thief and a fool!", "ana")
    shown_last = session.rehearsal.shown[-1].entry
    assert (shown_last.speaker, shown_last.to, shown_last.tone, shown_last.act) == ("Ana", "Bruno", "furious", "insult")
    assert any(change.target == "Ana" and change.source == "Bruno" for change in shown_last.relations)
    # It took nobody's turn: the singer still comes, and says what the sheet has her say.
    session.play(1)
    assert lines(session)[-1] == "Good evening, house."


def test_a_part_waits_for_its_player(session: Session) -> None:
    events: list[Event] = []
    session.listen(events.append)
    session.play_as("Ana")
    session.play()
    turn = session.upcoming()
    assert turn is not None
    assert turn.speaker == "ana"
    assert events[-1] == Event("yours", "ana")
    found = list(session.suggest(3))
    assert len({given.text for given in found}) == 3
    assert {given.speaker for given in found} == {"ana"}
    session.say(found[1])
    assert lines(session)[-1] == found[1].text
    assert session.line(len(lines(session))).take.by == "suggestion"
    with pytest.raises(StudioError, match="Carla is not on stage"):
        session.speak_as("Let me in!", "carla")
    with pytest.raises(StudioError, match="there is no 'anna' in this scene \\(did you mean 'ana'\\?\\)"):
        session.play_as("anna")
    session.play_as(None)
    with pytest.raises(StudioError, match="you play nobody"):
        session.speak_as("Who is there?")
    session.play()
    assert session.over
    with pytest.raises(StudioError, match="the scene is over"):
        session.speak_as("Who is there?", "ana")


def test_a_part_still_speaks_the_lines_of_the_sheet(session: Session) -> None:
    session.play_as("carla")
    session.play(4)
    assert lines(session)[-1] == "Good evening, house."


def test_whoever_is_asked_for_speaks(session: Session) -> None:
    for who in ("bruno", "bruno", "ana", "bruno"):
        session.step(who)
        assert session.branch.lines[-1].given.speaker == who
    # The fourth came where the sheet has the singer speak: in between, and she speaks after it.
    session.step()
    assert lines(session)[-1] == "Good evening, house."


def test_a_note_bends_the_beat_that_comes(session: Session) -> None:
    session.play(1)
    assert session.note("let her confess, and about the letter") == "about the letter, confess"
    session.play(2)
    assert [line.take.note for line in session.branch.lines] == ["", *["let her confess, and about the letter"] * 2]
    # The letter may be spoken of now; nothing else bound it.
    assert session.branch.lines[-1].given.about == {"thing": "the letter"}
    # The next beat is not bent.
    session.play(3)
    assert session.branch.lines[-1].take.note == ""
    with pytest.raises(StudioError, match="not understood: xyzzy"):
        session.note("xyzzy")
    session.note("calmer")
    session.note("")
    assert session.branch.notes == ()


def test_the_same_line_under_a_note(session: Session) -> None:
    session.play(3)
    session.retake(2, 20)
    session.retake(2, 20, note="confess")
    plain, noted = session.line(2).takes[1:21], session.line(2).takes[21:]
    assert [take.note for take in (*plain, *noted)] == [""] * 20 + ["confess"] * 20
    without, under = (sum(take.given.frame.act == "confess" for take in takes) for takes in (plain, noted))
    assert under > 5 * max(1, without)


def test_a_saved_sheet_is_heard_and_a_broken_one_is_not(session: Session, troupe: Troupe, edit: Edit) -> None:
    events: list[Event] = []
    session.play(4)
    session.listen(events.append)
    before = lines(session)
    with pytest.raises(StudioError, match="no sheet has been changed"):
        session.compare(2)
    sheet = troupe.root / "cast" / "ana.yaml"
    edit(sheet, "bruno: {kind: sibling, affection: -0.4", "bruno: {kind: sibling, affection: much")
    assert not session.reload()
    assert events[-1].kind == "fault"
    assert "cast/ana.yaml:" in events[-1].text
    assert session.production.personas["ana"].relations["bruno"].affection == -0.4
    edit(sheet, "affection: much", "affection: -0.4")
    assert session.reload()
    assert events[-1] == Event("sheets", "the fault is gone: the sheets are as they were")
    edit(sheet, "bruno: {kind: sibling, affection: -0.4", "bruno: {kind: sibling, affection: 0.9")
    edit(sheet, "length: 6\n", "length: 6\nacts: {confess: 10, tell: 0}\n")
    assert session.reload()
    assert session.production.personas["ana"].relations["bruno"].affection == 0.9
    assert lines(session) == before
    number = next(n for n, line in enumerate(session.branch.lines, 1) if line.given.speaker == "ana")
    old, new = session.compare(number)
    assert old.speaker == new.speaker == "ana"
    assert [take.by for take in session.line(number).takes][-2:] == ["old sheet", "new sheet"]
    assert lines(session)[number - 1] == new.text
    count = len(events)
    assert session.reload()
    assert len(events) == count


def test_one_journal_is_one_scene(session: Session, troupe: Troupe, tmp_path: Path) -> None:
    other = troupe.root / "scenes" / "dinner.yaml"
    other.write_text((troupe.root / "scenes" / "supper.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(StudioError, match="a session of 'supper', not of 'dinner'"):
        Session(other, Journal(session.journal.path), agents=agents)


def test_an_entry_that_does_not_fit_is_named(session: Session, troupe: Troupe) -> None:
    with session.journal.held():
        session.journal.append({"action": 1, "do": "choose", "line": 4, "take": 1})
    with pytest.raises(ScriptError, match=r"jsonl: entry 1: .* begin anew with --new"):
        opened(troupe, session.journal.path)


def test_pausing_stops_after_the_line(session: Session) -> None:
    session.listen(lambda event: session.pause() if len(session.branch.lines) == 3 else None)
    assert session.play() == 3


def test_a_line_that_is_not_there(session: Session) -> None:
    with pytest.raises(StudioError, match="there is no line 1: nothing has been said yet"):
        session.retake(1)
    session.play(2)
    with pytest.raises(StudioError, match="there is no line 3: there are lines 1 to 2"):
        session.choose(3, 1)
    with pytest.raises(StudioError, match="line 2 has takes 1 to 1, and no take 2"):
        session.choose(2, 2)
    with pytest.raises(StudioError, match="ask for 1 to 50 at once"):
        session.retake(1, 1000)


def test_upcoming_changes_nothing(session: Session) -> None:
    session.play(3)
    before = shown(session)
    up = session.upcoming()
    assert up is not None
    assert (up.beat, up.speaker, up.scripted) == ("The singer", "carla", "Good evening, house.")
    assert shown(session) == before
    session.play(1)
    up = session.upcoming()
    assert up is not None
    assert up.turn is not None
    assert up.speaker == "ana"
    assert abs(sum(bid.probability for bid in up.turn.floor.bids) - 1) < 1e-6


def test_a_script_whose_scene_has_changed_still_plays(session: Session, troupe: Troupe, edit: Edit) -> None:
    session.play(9)
    said = lines(session)
    scene = troupe.root / "scenes" / "supper.yaml"
    edit(scene, '    lines:\n      - {speaker: carla, to: ana, tone: icy, text: "Good evening, house."}\n', "")
    assert session.reload()
    assert lines(session) == said
    assert [each.entry.text for each in session.rehearsal.shown if each.line] == said
    assert replace(session.script) == session.script

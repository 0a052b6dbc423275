"""The room on a screen, without a terminal (Textual's Pilot): every action, by key and by mouse."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static, TabbedContent

from engine.studio.dialogs import Help, Pick, SideBySide
from engine.studio.panels import Line
from engine.studio.room import KEYS, Room
from engine.studio.session import Session
from engine.troupe import Troupe
from tests.studio.conftest import lines, opened

Edit = Callable[[Path, str, str], None]
Acts = Callable[[Pilot[None]], Awaitable[None]]


def acted(session: Session, acts: Acts, watches: bool = False, size: tuple[int, int] = (80, 24)) -> Room:
    """A room in which something was done."""
    room = Room(session, watches)
    room.animation_level = "none"

    async def run() -> None:
        async with room.run_test(size=size) as pilot:
            await settled(pilot)
            await acts(pilot)
            await settled(pilot)

    asyncio.run(run())
    return room


def room_of(pilot: Pilot[None]) -> Room:
    assert isinstance(pilot.app, Room)
    return pilot.app


async def settled(pilot: Pilot[None]) -> None:
    """Wait until nothing goes on."""
    await pilot.pause()
    room = room_of(pilot)
    while room.working:
        await asyncio.sleep(0.005)
    await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def typed(pilot: Pilot[None], text: str) -> None:
    """Fill in what is asked for."""
    pilot.app.screen.query_one(Input).value = text
    await press(pilot, "enter")


async def click_on(pilot: Pilot[None], widget: str, word: str) -> None:
    """Click on a word that a widget shows."""
    target = pilot.app.query_one(widget)
    for row in range(target.size.height):
        text = target.render_line(row).text
        if word in text:
            await pilot.click(widget, offset=(text.index(word) + 1, row))
            await settled(pilot)
            return
    raise AssertionError(f"{word!r} is not shown")


def text_of(pilot: Pilot[None], widget: str) -> str:
    return str(pilot.app.query_one(widget, Static).render())


def on_screen(pilot: Pilot[None]) -> list[str]:
    return [line.plain for line in pilot.app.query(Line)]


def test_the_scene_plays_with_a_widget_a_line(session: Session) -> None:
    async def acts(pilot: Pilot[None]) -> None:
        assert on_screen(pilot) == ["(Ana ladles.)"]
        await press(pilot, "n", "n")
        assert len(lines(session)) == 2
        assert on_screen(pilot)[2].startswith("▶ 2 ")
        assert lines(session)[1] in on_screen(pilot)[2]
        await press(pilot, "up")
        assert on_screen(pilot)[1].startswith("▶ 1 ")
        await press(pilot, "space")
        assert session.over
        assert "The scene is over: with the beat 'The bill'" in text_of(pilot, "#status")
        shown = [each for each in on_screen(pilot) if not each.startswith("(")]
        assert len(shown) == len(lines(session))
        assert [line.split(" ")[0] for line in shown][3] != "▶"
        assert any("CARLA icy, to Ana Good evening, house." in line for line in shown)

    acted(session, acts)


def test_playing_pauses(session: Session) -> None:
    async def acts(pilot: Pilot[None]) -> None:
        room = room_of(pilot)
        paused: list[int] = []
        session.listen(
            lambda event: paused.append(room.call_from_thread(room.action_play)) if len(lines(session)) == 2 else None
        )
        await press(pilot, "space")
        assert len(lines(session)) == 2

    acted(session, acts)


def test_keys_that_come_fast_are_all_done_in_order(session: Session) -> None:
    async def acts(pilot: Pilot[None]) -> None:
        await pilot.press("n", "n", "n", "r", "u", "e")
        await settled(pilot)
        assert len(lines(session)) == 3
        assert len(session.line(3).takes) == 1
        assert pilot.app.screen.query_one(Input).value == lines(session)[2]

    acted(session, acts)


def test_takes_by_key_and_by_mouse(session: Session) -> None:
    session.play(6)

    async def acts(pilot: Pilot[None]) -> None:
        await press(pilot, "up", "up", "r")
        assert len(session.line(4).takes) == 2
        await press(pilot, "f")
        assert len(session.line(4).takes) == 7
        assert "line 4, Carla: 7 takes" in text_of(pilot, "#takes-head")
        await press(pilot, "2")
        assert session.line(4).chosen == 1
        await click_on(pilot, "#takes-list", "[the sheet]")
        assert session.line(4).chosen == 0
        assert len(lines(session)) == 6
        await pilot.click(list(pilot.app.query(Line))[1])
        await settled(pilot)
        await press(pilot, "R")
        assert len(session.line(1).takes) == 2
        assert [len(session.line(number).takes) for number in (2, 4)] == [1, 1]
        assert len(lines(session)) == 6
        await press(pilot, "u")
        assert len(session.line(4).takes) == 7

    acted(session, acts)


def test_words_pins_and_taking_back(session: Session) -> None:
    session.play(3)

    async def acts(pilot: Pilot[None]) -> None:
        await press(pilot, "e")
        assert pilot.app.screen.query_one(Input).value == lines(session)[2]
        await typed(pilot, "The soup, and nothing but the soup.")
        assert lines(session)[2] == "The soup, and nothing but the soup."
        await press(pilot, "p")
        assert "pinned" in on_screen(pilot)[3]
        await press(pilot, "r")
        assert "line 3 is pinned" in text_of(pilot, "#status")
        await press(pilot, "u", "u")
        assert lines(session)[2] != "The soup, and nothing but the soup."
        await press(pilot, "u", "u", "u", "u")
        assert "there is nothing to take back" in text_of(pilot, "#status")
        await press(pilot, "e")
        assert "nothing has been said yet" in text_of(pilot, "#status")

    acted(session, acts)


def test_a_note(session: Session) -> None:
    async def acts(pilot: Pilot[None]) -> None:
        await press(pilot, "d")
        await typed(pilot, "let her confess, kumquat")
        assert "note: confess; not understood: kumquat" in text_of(pilot, "#status")
        await press(pilot, "f3")
        assert "note: let her confess" in text_of(pilot, "#next-frames")
        await press(pilot, "d")
        await typed(pilot, "kumquat")
        assert "not understood: kumquat; a note may name" in text_of(pilot, "#status")
        await press(pilot, "d", "escape")

    acted(session, acts)


def test_ways(session: Session) -> None:
    session.play(6)
    whole = lines(session)

    async def acts(pilot: Pilot[None]) -> None:
        await press(pilot, "home", "down", "b")
        assert "this is 'way 2' now" in text_of(pilot, "#status")
        assert lines(session) == whole[:2]
        await press(pilot, "n", "n", "n")
        await press(pilot, "w", "1")
        assert lines(session) == whole
        assert "main" in text_of(pilot, "#title")
        await press(pilot, "home", "backspace")
        assert lines(session) == whole[:1]

    acted(session, acts)


def test_playing_a_part(session: Session) -> None:
    async def acts(pilot: Pilot[None]) -> None:
        await press(pilot, "a", "2")
        assert session.branch.part == "ana"
        assert "you play Ana" in text_of(pilot, "#title")
        await press(pilot, "space")
        assert "It is the turn of Ana" in text_of(pilot, "#status")
        count = len(lines(session))
        await press(pilot, "s")
        pick = pilot.app.screen
        assert isinstance(pick, Pick)
        await settled(pilot)
        offered = [str(option.prompt) for option in pick.query_one(OptionList).options]
        assert len(offered) == 5
        await press(pilot, "3")
        assert lines(session)[count] in offered[2]
        await press(pilot, "y")
        await typed(pilot, "(furious, accuse, to Bruno) You took it!")
        assert session.branch.lines[-1].given.frame.act == "accuse"
        assert lines(session)[-1] == "You took it!"
        await press(pilot, "a", "1")
        assert session.branch.part is None
        # Without a part she is asked for.
        await press(pilot, "y", "2")
        await typed(pilot, "(furios) Never!")
        assert "(furios) is no tone" in text_of(pilot, "#status")

    acted(session, acts)


def test_who_bids_and_whoever_is_picked_speaks(session: Session) -> None:
    session.play(5)

    async def acts(pilot: Pilot[None]) -> None:
        await press(pilot, "f3")
        assert pilot.app.query_one(TabbedContent).active == "next"
        assert text_of(pilot, "#next-head") == "beat: The singer"
        await click_on(pilot, "#next-list", "Carla")
        assert session.branch.lines[-1].given.speaker == "carla"

    acted(session, acts)


def test_panels(session: Session) -> None:
    session.play(5)

    async def acts(pilot: Pilot[None]) -> None:
        for key, name, said in (
            ("f4", "ties", "Ana → Bruno, sibling"),
            ("f5", "facts", "the-will: The will is forged."),
            ("f6", "cast", "never says: please"),
        ):
            await press(pilot, key)
            assert pilot.app.query_one(TabbedContent).active == name
            assert said in text_of(pilot, f"#{name}-text")
        assert "reached" in text_of(pilot, "#ties-text")

    acted(session, acts)


def test_saving_and_help(session: Session, tmp_path: Path) -> None:
    session.play(2)

    async def acts(pilot: Pilot[None]) -> None:
        await press(pilot, "x")
        await typed(pilot, str(tmp_path / "a.fountain"))
        assert "saved in" in text_of(pilot, "#status")
        await press(pilot, "x")
        await typed(pilot, str(tmp_path / "a.doc"))
        assert ".doc" in text_of(pilot, "#status")
        await press(pilot, "question_mark")
        assert isinstance(pilot.app.screen, Help)
        await press(pilot, "escape")

    acted(session, acts)
    assert lines(session)[0] in (tmp_path / "a.fountain").read_text(encoding="utf-8")


def test_a_saved_sheet_is_heard(session: Session, troupe: Troupe, edit: Edit) -> None:
    session.play(3)
    sheet = troupe.root / "cast" / "ana.yaml"

    async def until(pilot: Pilot[None], done: Callable[[], bool]) -> None:
        for _ in range(200):
            await settled(pilot)
            if done():
                return
            await asyncio.sleep(0.05)
        raise AssertionError("nothing happened")

    async def acts(pilot: Pilot[None]) -> None:
        await press(pilot, "c")
        assert "no sheet has been changed" in text_of(pilot, "#status")
        # The watcher may not look yet when the first file is saved.
        await asyncio.sleep(0.5)
        edit(sheet, "length: 6", "length: six")
        await until(pilot, lambda: "length" in text_of(pilot, "#fault"))
        assert "cast/ana.yaml:8:9: length: 'six' should be a whole number" in text_of(pilot, "#fault")
        assert pilot.app.query_one("#fault").display
        edit(sheet, "length: six", "length: 9")
        await until(pilot, lambda: not pilot.app.query_one("#fault").display)
        assert session.production.personas["ana"].length == 9
        await press(pilot, "c")
        assert isinstance(pilot.app.screen, SideBySide)
        assert [take.by for take in session.line(3).takes] == ["voice", "old sheet", "new sheet"]
        await press(pilot, "o")
        assert session.line(3).chosen == 1

    acted(session, acts, watches=True)


def test_leaving_while_it_plays(session: Session) -> None:
    spoken: list[int] = []

    def slowly(event: object) -> None:
        spoken.append(len(lines(session)))
        time.sleep(0.05)

    session.listen(slowly)

    async def acts(pilot: Pilot[None]) -> None:
        await pilot.press("space")
        while not spoken:
            await asyncio.sleep(0.01)
        await pilot.press("q")

    room = Room(session, watches=False)

    async def run() -> None:
        async with room.run_test(size=(80, 24)) as pilot:
            await acts(pilot)

    asyncio.run(asyncio.wait_for(run(), 30))
    assert 0 < len(lines(session)) < 11
    assert lines(opened(Troupe(session.scene.parents[1]), session.journal.path)) == lines(session)


def test_what_another_room_does_is_seen_behind_a_question(session: Session, troupe: Troupe) -> None:
    other = opened(troupe, session.journal.path)

    async def acts(pilot: Pilot[None]) -> None:
        await press(pilot, "question_mark")
        await asyncio.to_thread(other.play, 2)
        for _ in range(100):
            await settled(pilot)
            if len(lines(session)) == 2:
                break
            await asyncio.sleep(0.05)
        assert isinstance(pilot.app.screen, Help)
        await press(pilot, "escape")
        assert len(on_screen(pilot)) == 3

    acted(session, acts)


def test_what_another_room_does_is_seen(session: Session, troupe: Troupe) -> None:
    other = opened(troupe, session.journal.path)

    async def acts(pilot: Pilot[None]) -> None:
        await asyncio.to_thread(other.play, 4)
        for _ in range(100):
            await settled(pilot)
            if len(on_screen(pilot)) > 5:
                break
            await asyncio.sleep(0.05)
        assert lines(session) == lines(other)
        assert "Good evening, house." in "".join(on_screen(pilot))

    acted(session, acts)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.word)
def test_every_action_has_a_key_and_a_place_to_click(
    session: Session, key: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = next(each for each in KEYS if each is key)
    name = found.action.partition("(")[0]
    done: list[tuple[object, ...]] = []
    if name == "quit":

        async def leaves(room: Room) -> None:
            done.append(())

        monkeypatch.setattr(Room, "action_quit", leaves)
    else:
        monkeypatch.setattr(Room, f"action_{name}", lambda room, *given: done.append(given))

    async def acts(pilot: Pilot[None]) -> None:
        await press(pilot, *found.key.split(","))
        count = len(found.key.split(","))
        assert len(done) == count
        await click_on(pilot, "#keys", f"{found.shown} {found.word}")
        assert done == [done[0]] * (count + 1)

    acted(session, acts)


def test_nothing_is_told_by_colour_alone(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    session.play(3)

    async def acts(pilot: Pilot[None]) -> None:
        colours = {
            segment.style.color.triplet
            for row in range(24)
            for segment in pilot.app.screen._compositor.render_strips()[row]
            if segment.style is not None and segment.style.color is not None and segment.style.color.triplet
        }
        assert all(each.red == each.green == each.blue for each in colours)
        assert [line[0] for line in on_screen(pilot)[1:]].count("▶") == 1
        assert text_of(pilot, "#takes-list" if False else "#takes-head")

    acted(session, acts)


def test_it_fits_eighty_columns_by_twenty_four_rows(session: Session) -> None:
    session.play(6)

    async def acts(pilot: Pilot[None]) -> None:
        for name in ("Scene", "Panels", "#status", "#keys", "#title"):
            region = pilot.app.query_one(name).region
            assert region.right <= 80
            assert region.bottom <= 24
            assert region.area > 0
        assert pilot.app.query_one("Scene").region.height >= 16

    acted(session, acts)

"""Writes the pictures of docs/studio.md: the room at work on the party, and the page for an audience.

    python -m benchmarks.room            writes docs/pictures/room-*.svg, and page.png where a Chromium is installed

Everything is played by fixed seeds with the shipped voices; nothing is chosen. The actions are those of the page.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.pilot import Pilot

from engine.studio.journal import Journal
from engine.studio.room import Room
from engine.studio.session import Session

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
#: Textual names a font of the web in its pictures; nothing shall be fetched when a page is read.
_WEB_FONT = re.compile(r"@font-face\s*\{[^}]*\}\s*")


async def act(pilot: Pilot[None]) -> None:
    """The walk of the page, with a picture of what one sees on the way."""
    room = pilot.app
    assert isinstance(room, Room)

    async def press(*keys: str) -> None:
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
            while room.working:
                await asyncio.sleep(0.02)
            await pilot.pause()

    await asyncio.to_thread(room.session.play, 18)
    await press("end", "f", "3")
    picture(room, "room-takes")
    await press("f3")
    picture(room, "room-next")
    await press("f4")
    picture(room, "room-ties")
    await press("home", "down", "down", "down", "b", "a", "4", "s")
    picture(room, "room-part")
    await press("1", "f2")


def picture(room: Room, name: str) -> None:
    """Save what the room shows as a picture."""
    svg = _WEB_FONT.sub("", room.export_screenshot(title="python -m engine.studio party"))
    (PICTURES / f"{name}.svg").write_text(svg, encoding="utf-8")


def acted(session: Session, acts: Callable[[Pilot[None]], Awaitable[None]]) -> None:
    """Open the room without a terminal, and do something in it."""

    async def run() -> None:
        room = Room(session, watches=False)
        room.animation_level = "none"
        async with room.run_test(size=(100, 30)) as pilot:
            await acts(pilot)

    asyncio.run(run())


def page(scene: Path, journal: Path) -> None:
    """A picture of the page for an audience, by whatever Chromium there is."""
    from aiohttp import web
    from playwright.async_api import async_playwright

    from engine.studio.page import Page, Watched
    from engine.studio.web import LOCAL, port_of

    chromium = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))))

    async def run() -> None:
        shown = Page(Watched(scene, journal))
        runner = web.AppRunner(shown.app())
        await runner.setup()
        await web.TCPSite(runner, LOCAL, 0).start()
        async with async_playwright() as driver:
            browser = await driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            reader = await browser.new_page(viewport={"width": 720, "height": 640})
            await reader.goto(f"http://{LOCAL}:{port_of(runner)}/?token={shown.token}")
            await reader.wait_for_timeout(1000)
            await reader.screenshot(path=PICTURES / "page.png")
            await browser.close()
        await runner.cleanup()

    asyncio.run(run())


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        scene, journal = ROOT / "scenes" / "party.yaml", Path(folder) / "party.journal.jsonl"
        acted(Session(scene, Journal(journal)), act)
        try:
            page(scene, journal)
        except (ImportError, StopIteration):
            print("no picture of the page: it takes playwright and a Chromium")


if __name__ == "__main__":
    main()

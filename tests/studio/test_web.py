"""The served room refuses what is not ours; the page for an audience shows the scene; a real browser drives both."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import ClientSession, WSServerHandshakeError, web

from engine.studio.page import Page, Watched
from engine.studio.session import Session
from engine.studio.web import LOCAL, RoomServer, port_of, room_command
from engine.troupe import Troupe
from tests.conftest import ROOT
from tests.studio.conftest import lines, opened

Edit = Callable[[Path, str, str], None]
#: A room that only echoes that it has begun: what is tested is who gets in.
STAND_IN = shlex.join([sys.executable, "-c", "import sys; print('__GANGLION__', flush=True); sys.stdin.read(1)"])


def served(acts: Callable[[RoomServer, ClientSession, str], Awaitable[None]], visitors: int = 2) -> None:
    """A guarded server of rooms, and somebody who asks it for things."""

    async def run() -> None:
        room = RoomServer(lambda: STAND_IN, "supper", 0, visitors)
        runner = web.AppRunner(await room._make_app())
        await runner.setup()
        await web.TCPSite(runner, LOCAL, 0).start()
        room.port = port_of(runner)
        try:
            async with ClientSession() as client:
                await acts(room, client, f"{LOCAL}:{room.port}")
        finally:
            await runner.cleanup()

    asyncio.run(run())


def test_the_address_needs_its_token_and_its_own_name() -> None:
    async def acts(room: RoomServer, client: ClientSession, host: str) -> None:
        good = f"http://{host}/?token={room.token}"
        for address, headers, status in (
            (good, {}, 200),
            (f"http://{host}/", {}, 403),
            (f"http://{host}/?token={room.token}x", {}, 403),
            (f"http://{host}/?token=%C3%A9", {}, 403),
            (good, {"Host": "evil.example"}, 403),
            (good, {"Host": f"evil.example:{room.port}"}, 403),
            (good, {"Host": f"localhost:{room.port}"}, 200),
            (f"http://{host}/static/js/textual.js", {}, 200),
            (f"http://{host}/static/", {}, 403),
            (f"http://{host}/static/../server.py", {}, 404),
        ):
            async with client.get(address, headers=headers) as answer:
                assert answer.status == status, (address, headers)
                text = await answer.text()
                if status == 200 and "token" in address:
                    assert "https://" not in text
                    assert answer.headers["X-Frame-Options"] == "DENY"
                else:
                    assert room.token not in text

    served(acts)


def test_a_page_from_elsewhere_does_not_drive_the_room() -> None:
    async def acts(room: RoomServer, client: ClientSession, host: str) -> None:
        own = f"http://{host}"

        async def status(
            origin: str | None, token: str = room.token, query: str = "width=80&height=24", **headers: str
        ) -> int:
            if origin is not None:
                headers["Origin"] = origin
            try:
                async with client.ws_connect(f"ws://{host}/ws/{token}?{query}", headers=headers):
                    return 101
            except WSServerHandshakeError as error:
                return error.status

        assert await status(own) == 101
        assert await status(f"http://localhost:{room.port}") == 101
        assert await status("http://evil.example") == 403
        assert await status(None) == 403
        assert await status("null") == 403
        assert await status(f"http://{LOCAL}:{room.port + 1}") == 403
        assert await status(own, token="wrong") == 403
        assert await status(own, Host="evil.example") == 403
        assert await status(own, query="width=99999999&height=24") == 400
        assert await status(own, query="width=-1&height=24") == 400

    served(acts)


def test_so_many_are_let_in() -> None:
    async def acts(room: RoomServer, client: ClientSession, host: str) -> None:
        address, headers = f"ws://{host}/ws/{room.token}?width=80&height=24", {"Origin": f"http://{host}"}
        first = await client.ws_connect(address, headers=headers)
        second = await client.ws_connect(address, headers=headers)
        with pytest.raises(WSServerHandshakeError, match="503"):
            await client.ws_connect(address, headers=headers)
        await first.close()
        for _ in range(200):
            if room.inside < 2:
                break
            await asyncio.sleep(0.02)
        third = await client.ws_connect(address, headers=headers)
        await second.close()
        await third.close()

    served(acts)


def test_visitors_share_a_session_or_have_their_own(tmp_path: Path) -> None:
    given = argparse.Namespace(seed=3, turns=None, arc="revenge", understudies=True, own=False)
    shared = room_command(given, Path("supper.yaml"), tmp_path / "a b.jsonl")
    assert shared() == shared()
    assert shlex.split(shared())[1:] == [
        "-m", "engine.studio", "supper.yaml", "--seed", "3", "--arc", "revenge", "--understudies",
        "--journal", str(tmp_path / "a b.jsonl"),
    ]  # fmt: skip
    given.own = True
    own = room_command(given, Path("supper.yaml"), tmp_path / "a.jsonl")
    assert own() != own()


def test_the_page_shows_the_scene_and_what_is_new(
    session: Session, troupe: Troupe, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.play(3)
    session.edit(2, "<script>alert('Ana')</script> & soup")
    monkeypatch.setattr("engine.studio.page.LOOKS", 0.02)
    watched = Watched(session.scene, session.journal.path)

    async def run() -> None:
        page = Page(watched)
        runner = web.AppRunner(page.app())
        await runner.setup()
        await web.TCPSite(runner, LOCAL, 0).start()
        host = f"http://{LOCAL}:{port_of(runner)}"
        try:
            async with ClientSession() as client:
                for path in ("/", "/events", "/?token=wrong"):
                    async with client.get(f"{host}{path}") as refused:
                        assert refused.status == 403
                async with client.get(f"{host}/?token={page.token}") as answer:
                    text = await answer.text()
                    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
                assert 'role="log" aria-live="polite"' in text
                assert "&lt;script&gt;alert(&#x27;Ana&#x27;)&lt;/script&gt; &amp; soup" in text
                assert all(line in text for line in (lines(session)[0], lines(session)[2]))
                for way in (client.post, client.put, client.delete):
                    async with way(f"{host}/?token={page.token}") as refused:
                        assert refused.status == 405
                async with client.get(f"{host}/events?token={page.token}") as events:
                    first = await news(events.content)
                    assert first["at"] == 0
                    assert [entry["text"] for entry in first["entries"]][1:] == lines(session)
                    await asyncio.to_thread(session.play, 1)
                    second = await news(events.content)
                    assert second["at"] == 4
                    assert second["entries"][-1] == {
                        "name": "Carla", "how": "icy, to Ana", "text": "Good evening, house.", "colour": "#757575",
                    }  # fmt: skip
                    await asyncio.to_thread(session.rewind, 1)
                    assert (await news(events.content)) == {"at": 2, "entries": []}
        finally:
            await runner.cleanup()

    asyncio.run(run())


async def news(stream: object) -> dict[str, object]:
    """The next event that says something."""
    while True:
        row = await asyncio.wait_for(stream.readline(), 10)  # type: ignore[attr-defined]
        if row.startswith(b"data: "):
            found: dict[str, object] = json.loads(row[6:])
            return found


def test_the_page_takes_up_sheets_and_new_journals(session: Session, troupe: Troupe, edit: Edit) -> None:
    watched = Watched(session.scene, session.journal.path)
    session.play(4)
    assert watched.look()
    assert not watched.look()
    edit(troupe.root / "cast" / "carla.yaml", "name: Carla", "name: Carlota")
    session.reload()
    assert watched.look()
    assert watched.entries[-1]["name"] == "Carlota"
    path = session.journal.path
    path.rename(path.with_name("old.jsonl"))
    again = opened(troupe, path)
    again.play(1)
    assert watched.look()
    assert len(watched.entries) == 2


@pytest.mark.slow
def test_a_browser_takes_a_line_again_picks_a_take_and_plays_a_part(tmp_path: Path) -> None:
    playwright = pytest.importorskip("playwright.async_api", reason="pip install playwright")
    chromium = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))), None)
    if chromium is None:
        pytest.skip("no Chromium is installed")
    journal = tmp_path / "party.jsonl"
    command = [
        sys.executable,
        "-m",
        "engine.studio",
        "party",
        "--web",
        "--port",
        "0",
        "--understudies",
        "--journal",
        str(journal),
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True)

    def done() -> list[str]:
        return (
            [json.loads(row)["do"] for row in journal.read_text(encoding="utf-8").splitlines()]
            if journal.exists()
            else []
        )

    async def until(wanted: Callable[[], bool]) -> None:
        for _ in range(300):
            if wanted():
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"only this was done: {done()}")

    async def run(room: str, audience: str) -> None:
        async with playwright.async_playwright() as driver:
            browser = await driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = await browser.new_page(viewport={"width": 1000, "height": 640})
            await page.goto(room)
            await until(lambda: done() == ["begin"])
            await page.wait_for_selector(".xterm-helper-textarea", state="attached")
            await asyncio.sleep(2)
            await page.mouse.click(200, 300)
            for number in range(3):
                await page.keyboard.press("n")
                await until(lambda count=number: done().count("line") == count + 1)  # type: ignore[misc]
            await page.keyboard.press("r")
            await until(lambda: done().count("take") == 1)
            await asyncio.sleep(0.5)
            await page.keyboard.press("1")
            await until(lambda: done().count("choose") == 1)
            await asyncio.sleep(0.5)
            await page.keyboard.press("a")
            await asyncio.sleep(0.5)
            await page.keyboard.press("4")
            await until(lambda: done().count("part") == 1)
            await asyncio.sleep(0.5)
            await page.keyboard.press("y")
            await asyncio.sleep(0.5)
            await page.keyboard.type("(tender, to María) Hide me, María.")
            await page.keyboard.press("Enter")
            await until(lambda: done().count("line") == 4)
            reader = await browser.new_page()
            await reader.goto(audience)
            await reader.get_by_text("Hide me, María.").wait_for(timeout=10_000)
            await page.mouse.click(200, 300)
            await page.keyboard.press("u")
            await reader.get_by_text("Hide me, María.").wait_for(state="detached", timeout=10_000)
            await browser.close()

    try:
        assert server.stdout is not None
        addresses = [re.search(r"http://\S+", server.stdout.readline()) for _ in range(2)]
        room, audience = (found[0] for found in addresses if found)
        asyncio.run(run(room, audience))
        last = json.loads(journal.read_text(encoding="utf-8").splitlines()[-2])
        assert (last["take"]["given"]["speaker"], last["take"]["given"]["frame"]["tone"]) == ("nandito", "tender")
    finally:
        server.send_signal(signal.SIGINT)
        assert server.wait(30) == 130
        assert server.stdout is not None
        server.stdout.close()

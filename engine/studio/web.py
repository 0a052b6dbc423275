"""The room in the browser: textual-serve, guarded, and beside it the page for an audience.

textual-serve asks for nothing: any page in the same browser could drive what it serves. So the room is bound to this
machine, its address holds a token, requests under another name than its own and WebSockets of other origins are refused,
and so many visitors are let in. Its page loads nothing from elsewhere, and no font: the terminal measures its letters once,
before a font has come.
"""

from __future__ import annotations

import argparse
import asyncio
import hmac
import os
import secrets
import shlex
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from html import escape
from pathlib import Path

from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.server import Server

from engine.errors import StudioError
from engine.studio.page import Page, Watched
from engine.text import printable

LOCAL = "127.0.0.1"
#: The smallest and the largest terminal that a visitor may ask for.
COLUMNS, ROWS = (20, 500), (10, 200)
#: Seconds that the process of a room has to end by itself.
GRACE = 5.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_INDEX = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="/static/css/xterm.css"><script src="/static/js/textual.js"></script>
<style>
body {{ background: #0c181f; color: #eee; font-family: sans-serif; margin: 0; }}
.textual-terminal {{ width: 100vw; height: 100vh; }}
.closed {{ display: none; padding: 2em; }}
body.-closed .closed {{ display: block; }} body.-closed .textual-terminal {{ display: none; }}
</style></head>
<body>
<noscript>This room is a terminal drawn by a script. telenovela studio --plain is the same room as plain text.</noscript>
<p class="closed">The room was left; all that was done is kept. <a href="{again}" style="color: #8cf">Open it again</a></p>
<div id="terminal" class="textual-terminal" data-session-websocket-url="{socket}" data-font-size="{size}"></div>
</body></html>
"""


class RoomServer(Server):
    """Serves the room to at most `visitors` at a time, each a process of its own on the same journal, or on his own."""

    def __init__(self, command: Callable[[], str], title: str, port: int, visitors: int, token: str = ""):
        self._command = command
        super().__init__("", host=LOCAL, port=port, title=title)
        self.token = token or secrets.token_urlsafe(18)
        self.visitors = visitors
        self.inside = 0

    @property
    def command(self) -> str:
        """The command line of the next visitor's room."""
        return self._command()

    @command.setter
    def command(self, command: str) -> None:
        """The parent sets one for all; each visitor gets his own."""

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which the room is reached: under no other one, whatever a name server says."""
        return frozenset(f"{name}:{self.port}" for name in (LOCAL, "localhost"))

    async def _make_app(self) -> web.Application:
        app = web.Application(middlewares=[self._guard])
        app.add_routes(
            [
                web.get("/", self.handle_index),
                web.get("/ws/{token}", self.handle_websocket),
                web.static("/static", self.statics_path),
            ]
        )
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse what is not ours: other host names, other origins, wrong tokens."""
        if request.headers.get("Host", "") not in self.hosts:
            raise web.HTTPForbidden(text="this room is on this machine only")
        if request.path.startswith("/ws"):
            if request.headers.get("Origin", "") not in {f"http://{host}" for host in self.hosts}:
                raise web.HTTPForbidden(text="a page from elsewhere may not drive this room")
            self._ask_token(request.match_info.get("token", ""))
        response = await handler(request)
        if not response.prepared:
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["X-Frame-Options"] = "DENY"
            response.headers["Cache-Control"] = "no-store"
        return response

    def _ask_token(self, given: str) -> None:
        if not hmac.compare_digest(given.encode(), self.token.encode()):
            raise web.HTTPForbidden(
                text="the address of this room holds a token; take it from where the room was started"
            )

    async def handle_index(self, request: web.Request) -> web.Response:
        """The page with the terminal. The address has the token."""
        self._ask_token(request.query.get("token", ""))
        size = request.query.get("fontsize", "16")
        page = _INDEX.format(
            title=escape(printable(self.title)),
            socket=escape(f"ws://{request.headers['Host']}/ws/{self.token}"),
            again=escape(f"/?token={self.token}"),
            size=size if size.isascii() and size.isdigit() and len(size) < 3 else "16",
        )
        return web.Response(text=page, content_type="text/html")

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """A visitor, as long as there is room for one."""
        for name, (least, most) in (("width", COLUMNS), ("height", ROWS)):
            given = request.query.get(name, str(least))
            if not (given.isascii() and given.isdigit() and len(given) < 5 and least <= int(given) <= most):
                raise web.HTTPBadRequest(text=f"{name} is from {least} to {most}")
        if self.inside >= self.visitors:
            raise web.HTTPServiceUnavailable(text=f"the room is full: {self.visitors} are in it")
        self.inside += 1
        socket = web.WebSocketResponse(heartbeat=15)

        async def closed() -> None:
            await socket.close()

        visit = Visit(
            self.command,
            write_bytes=socket.send_bytes,
            write_str=socket.send_str,
            close=closed,
            download_manager=self.download_manager,
        )
        try:
            await socket.prepare(request)
            await visit.start(int(request.query.get("width", 80)), int(request.query.get("height", 24)))
            await self._process_messages(socket, visit)
        except (ValueError, TypeError, LookupError, AssertionError, OSError):
            # What came was no message of the terminal, or nobody is there any more.
            await socket.close()
        finally:
            self.inside -= 1
            await visit.stop()
        return socket


class Visit(AppService):
    """The process of one visitor's room. It ends with the visit, whatever it is at."""

    async def stop(self) -> None:
        process = self._process
        with suppress(TimeoutError, OSError):
            await asyncio.wait_for(super().stop(), GRACE)
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), GRACE)
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def room_command(given: argparse.Namespace, scene: Path, journal: Path) -> Callable[[], str]:
    """What makes the command line of a visitor's room: on the one journal, or each on his own."""
    command = [sys.executable, "-m", "engine.studio", str(scene), "--seed", str(given.seed)]
    command += ["--turns", str(given.turns)] if given.turns else []
    command += ["--arc", given.arc] if given.arc else []
    command += ["--understudies"] if given.understudies else []

    def line() -> str:
        own = journal.with_name(f"{journal.stem}-{secrets.token_hex(4)}{journal.suffix}") if given.own else journal
        words = [*command, "--journal", str(own)]
        return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)

    return line


def serve(given: argparse.Namespace, scene: Path, journal: Path) -> int:
    """Serve the room, and where all share one session the page for an audience, until somebody ends it.

    Raises StudioError for a port that is taken, and AuthoredError for a scene that cannot be played.
    """
    # Also where nobody will look: a scene that cannot be played is told before anybody comes.
    watched = Watched(scene, journal)
    room = RoomServer(room_command(given, scene, journal), scene.stem, given.port, given.visitors)
    page = None if given.own else Page(watched, given.audience)
    try:
        asyncio.run(_run(room, page))
    except OSError as error:
        raise StudioError(
            f"port {given.port} or the next one cannot be had: {error.strerror}; give another --port"
        ) from error
    return 0


async def _run(room: RoomServer, page: Page | None) -> None:
    """Serve both until the task is called off."""
    runners = []
    try:
        room_runner = web.AppRunner(await room._make_app())
        runners.append(room_runner)
        await room_runner.setup()
        site = web.TCPSite(room_runner, LOCAL, room.port)
        await site.start()
        room.port = port_of(room_runner)
        print(printable(f"the room: http://{LOCAL}:{room.port}/?token={room.token}"), flush=True)
        if page is not None:
            page_runner = web.AppRunner(page.app())
            runners.append(page_runner)
            await page_runner.setup()
            await web.TCPSite(page_runner, page.address, room.port + 1).start()
            shown = page.address if page.address != "0.0.0.0" else "THIS-MACHINE"
            print(printable(f"for an audience, to read only: http://{shown}:{room.port + 1}/?token={page.token}"))
        print("Ctrl-C ends both; who has an address may do in the room what you may.", flush=True)
        await asyncio.Event().wait()
    finally:
        for runner in runners:
            await runner.cleanup()


def port_of(runner: web.AppRunner) -> int:
    """The port that was given to a server that asked for any."""
    return int(runner.addresses[0][1])

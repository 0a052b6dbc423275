"""The page for an audience: the scene as it is played, in plain HTML, with live updates. To read, and nothing else.

It reads the journal as any follower would, plays the lines again on a stage, and tells browsers what is new by
server-sent events. Without a script the page is the scene so far; a screen reader announces each line as it comes.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from aiohttp import web

from engine.errors import TelenovelaError
from engine.screen import palette
from engine.stage.production import Theatre
from engine.stage.understudy import understudies
from engine.studio.journal import Journal
from engine.studio.rehearsal import Rehearsal, Shown
from engine.studio.script import History
from engine.text import one_line
from engine.troupe import Troupe

#: Seconds between two looks at the journal, and between two signs of life to a browser.
LOOKS, ALIVE = 0.5, 15.0
#: The most browsers at a time.
SEATS = 100

_PAGE = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style nonce="{nonce}">
body {{ font: 1.15rem/1.5 Georgia, serif; max-width: 38rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fdfbf7; }}
h1 {{ font-size: 1.6rem; }} .setting, .direction, .how {{ font-style: italic; color: #555; }}
b {{ font-variant: small-caps; letter-spacing: .03em; }} p {{ margin: .6rem 0; }}
@media (prefers-color-scheme: dark) {{
  body {{ color: #eee; background: #16181c; }} .setting, .direction, .how {{ color: #aaa; }} b {{ color: inherit !important; }}
}}
</style></head>
<body><main>
<h1>{title}</h1><p class="setting">{setting}</p>
<div id="scene" role="log" aria-live="polite" aria-label="{title}">{scene}</div>
<p id="state" role="status"></p>
<noscript><p>Load the page again to see what has been said since.</p></noscript>
</main>
<script nonce="{nonce}">
const scene = document.getElementById("scene"), state = document.getElementById("state");
function made(entry) {{
  const row = document.createElement("p");
  if (entry.name === null) {{ row.className = "direction"; row.textContent = entry.text; return row; }}
  const name = document.createElement("b"), how = document.createElement("span");
  name.textContent = entry.name; name.style.color = entry.colour; row.append(name, " ");
  if (entry.how) {{ how.className = "how"; how.textContent = "(" + entry.how + ")"; row.append(how, " "); }}
  row.append(entry.text);
  return row;
}}
const source = new EventSource("events" + location.search);
source.onmessage = (event) => {{
  const news = JSON.parse(event.data);
  while (scene.children.length > news.at) scene.lastElementChild.remove();
  for (const entry of news.entries) scene.append(made(entry));
  state.textContent = "";
  if (scene.lastElementChild) scene.lastElementChild.scrollIntoView({{block: "end"}});
}};
source.onerror = () => {{ state.textContent = "The connection is gone; trying again ..."; }};
</script></body></html>
"""


class Watched:
    """The scene of a journal as it stands, for whoever only looks. Needs no voices.

    Raises AuthoredError for a scene that cannot be played.
    """

    def __init__(self, scene: Path, journal: Path):
        self.scene, self.path = scene, journal
        self._journal: Journal | None = None
        self._inode = 0
        self._begun: Mapping[str, Any] = {}
        self._begin()
        self.entries: list[Mapping[str, Any]] = []
        self.look()

    def look(self) -> bool:
        """Take in what was written since. Whether the scene is another one now."""
        before = self.entries
        try:
            if self._journal is None:
                self._journal = Journal(self.path, writes=False)
            if self._journal.path.stat().st_ino != self._inode:
                # Begun anew: the old journal has another name now.
                self._journal.close()
                self._begin()
                self._journal = Journal(self.path, writes=False)
                self._inode = self.path.stat().st_ino
            for entry in self._journal.read():
                if entry.get("do") == "begin":
                    self._begun = entry
                if entry.get("do") in {"begin", "sheets"}:
                    self._read_sheets()
                if entry.get("do") != "begin":
                    self._history.apply(entry)
            self.entries = [self._told(shown) for shown in self._rehearsed().shown]
        except FileNotFoundError:
            return False
        except (TelenovelaError, OSError, KeyError, TypeError):
            # What cannot be read now (a sheet that is being written) is looked at again.
            return False
        return self.entries != before

    def _begin(self) -> None:
        self._history = History()
        self._begun = {"seed": 1, "turns": None, "arc": None}
        self._inode = self.path.stat().st_ino if self.path.exists() else 0
        self._read_sheets()

    def _read_sheets(self) -> None:
        troupe = Troupe.around(self.scene)
        self.theatre = Theatre(troupe)
        agents = understudies(troupe.personas, troupe.personas)
        self.production = self.theatre.production(self.scene, int(self._begun["seed"]), agents=agents)
        personas = [self.production.personas[who] for who in self.production.scenario.cast]
        colours = palette.assign([each.name for each in personas], {each.name: each.colour for each in personas})
        self._colours = {name: palette.page_colour(colour) for name, colour in colours.items()}

    def _rehearsed(self) -> Rehearsal:
        world = self.theatre.world(self.production.scenario)
        begun = self._begun
        return Rehearsal(self.production, world, self._history.script.branch, None, begun["turns"], begun["arc"])

    def _told(self, shown: Shown) -> Mapping[str, Any]:
        entry = shown.entry
        if entry.speaker is None:
            return {"name": None, "text": one_line(entry.text)}
        how = ", ".join(filter(None, [entry.tone, f"to {entry.to}" if entry.to else ""]))
        name = one_line(entry.speaker)
        return {
            "name": name,
            "how": one_line(how),
            "text": one_line(entry.text),
            "colour": self._colours.get(name, "#222222"),
        }


class Page:
    """The page and its events, for whoever has its token."""

    def __init__(self, watched: Watched, address: str = "127.0.0.1", token: str = ""):
        self.watched, self.address = watched, address
        self.token = token or secrets.token_urlsafe(18)
        self._news = asyncio.Condition()
        self._seats = 0

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes([web.get("/", self._page), web.get("/events", self._events)])
        app.cleanup_ctx.append(self._looking)
        return app

    async def _looking(self, app: web.Application) -> Any:
        """While the page is served, somebody looks at the journal."""
        task = asyncio.create_task(self._look())
        yield
        task.cancel()

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOKS)
            if await asyncio.to_thread(self.watched.look):
                async with self._news:
                    self._news.notify_all()

    def _ask_token(self, request: web.Request) -> None:
        if not hmac.compare_digest(request.query.get("token", "").encode(), self.token.encode()):
            raise web.HTTPForbidden(text="the address of this page holds a token; take it from where it was started")

    async def _page(self, request: web.Request) -> web.Response:
        self._ask_token(request)
        nonce = secrets.token_urlsafe(12)
        scenario = self.watched.production.scenario
        page = _PAGE.format(
            nonce=nonce,
            language=escape(self.watched.production.personas[scenario.cast[0]].language),
            title=escape(one_line(scenario.title)),
            setting=escape(one_line(scenario.setting)),
            scene="".join(map(_row, self.watched.entries)),
        )
        policy = f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'"
        headers = {
            "Content-Security-Policy": f"{policy}; base-uri 'none'; frame-ancestors 'none'",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        }
        return web.Response(text=page, content_type="text/html", headers=headers)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """What is new, from the first entry that is another one than this browser has."""
        self._ask_token(request)
        if self._seats >= SEATS:
            raise web.HTTPServiceUnavailable(text=f"the house is full: {SEATS} are looking")
        self._seats += 1
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        try:
            await response.prepare(request)
            told: list[Mapping[str, Any]] | None = None
            while True:
                entries = list(self.watched.entries)
                if told is None or entries != told:
                    at = 0 if told is None else _same(told, entries)
                    data = json.dumps({"at": at, "entries": entries[at:]}, ensure_ascii=False)
                    await response.write(f"data: {data}\n\n".encode())
                    told = entries
                else:
                    await response.write(b": still here\n\n")
                try:
                    async with asyncio.timeout(ALIVE), self._news:
                        await self._news.wait()
                except TimeoutError:
                    continue
        except ConnectionResetError:
            return response
        finally:
            self._seats -= 1


def _row(entry: Mapping[str, Any]) -> str:
    """An entry as HTML, as the page's script makes it."""
    if entry["name"] is None:
        return f'<p class="direction">{escape(entry["text"])}</p>'
    how = f'<span class="how">({escape(entry["how"])})</span> ' if entry["how"] else ""
    return f"<p><b>{escape(entry['name'])}</b> {how}{escape(entry['text'])}</p>"


def _same(told: list[Mapping[str, Any]], entries: list[Mapping[str, Any]]) -> int:
    """How many entries at the beginning are as they were."""
    return next(
        (at for at, (one, other) in enumerate(zip(told, entries, strict=False)) if one != other),
        min(len(told), len(entries)),
    )

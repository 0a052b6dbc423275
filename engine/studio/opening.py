"""Opens what the command `studio` was asked for: a session on its journal, and a room on the session."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.errors import StudioError, TelenovelaError, TroupeError
from engine.files import NotWritten
from engine.stage.understudy import understudies
from engine.stage.world import Speaker
from engine.story.facts import is_season
from engine.studio.journal import Journal
from engine.studio.plain import PlainRoom
from engine.studio.session import Session
from engine.text import printable
from engine.troupe import Troupe, find_sheet


def open_room(given: argparse.Namespace) -> int:
    """Open the room that was asked for. Raises TelenovelaError, NotWritten."""
    scene = find_sheet(given.scene or _first())
    if scene.is_file() and is_season(scene):
        raise TroupeError(f"{scene}: a season; the room plays one scene: name one of its scenes")
    journal = given.journal or Path(f"{scene.stem}.journal.jsonl")
    web = _extra("engine.studio.web") if given.web else None
    room = None if given.plain or given.web else _extra("engine.studio.room")
    served = "TEXTUAL_DRIVER" in os.environ
    if room is not None and not served and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise StudioError("the room needs a terminal; --plain needs none, and --web serves it to a browser")
    if given.new and journal.exists():
        _set_aside(journal)
    if web is not None:
        return int(web.serve(given, scene, journal))
    session = opened(given, scene, journal)
    if session.journal.dropped:
        print(printable(session.journal.dropped), file=sys.stderr)
    status = 0
    if room is None:
        PlainRoom(session, sys.stdout).run(sys.stdin)
    else:
        shown = room.Room(session)
        shown.run()
        status = shown.return_code or 0
    print(printable(f"kept in {journal}"), file=sys.stderr)
    return status


def opened(given: argparse.Namespace, scene: Path, path: Path) -> Session:
    """The session of a journal, begun or taken up again."""
    journal = Journal(path)
    try:
        return Session(scene, journal, given.seed, given.turns, given.arc, _stand_ins if given.understudies else None)
    except BaseException:
        journal.close()
        if not path.stat().st_size:
            path.unlink()
        raise


def _stand_ins(troupe: Troupe) -> Mapping[str, Speaker]:
    return understudies(troupe.personas, troupe.personas)


def _first() -> Path:
    """The scene that is opened where none is named: the party, or else the first of the troupe."""
    troupe = Troupe.here(Path())
    scenes = sorted(
        path for path in (troupe.root / "scenes").glob("*.yaml") if path.stem != "world" and not is_season(path)
    )
    if not scenes:
        raise TroupeError("there is no scene here; `telenovela new scene NAME` begins one")
    return next((path for path in scenes if path.stem == "party"), scenes[0])


def _set_aside(journal: Path) -> None:
    """Give a journal another name: nothing that was written is lost."""
    number = 1
    while (other := journal.with_name(f"{journal.name.removesuffix('.jsonl')}-{number}.jsonl")).exists():
        number += 1
    try:
        journal.rename(other)
    except OSError as error:
        raise NotWritten.of(error, journal) from error
    print(printable(f"the journal that was there is {other} now"), file=sys.stderr)


def _extra(module: str) -> Any:
    """A module that needs the optional part `telenovela[studio]`."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("engine"):
            raise
        raise TelenovelaError(
            f"the writers' room needs {error.name}: pip install 'telenovela[studio]' (--plain needs nothing)"
        ) from error

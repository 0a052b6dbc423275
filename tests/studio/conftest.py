"""A session of the toy supper, spoken by understudies: at once, and without a voice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from engine.stage.understudy import understudies
from engine.stage.world import Speaker
from engine.studio.journal import Journal
from engine.studio.session import Session
from engine.troupe import Troupe

Open = Callable[..., Session]


def agents(troupe: Troupe) -> Mapping[str, Speaker]:
    return understudies(troupe.personas, troupe.personas)


def opened(troupe: Troupe, journal: Path, **more: Any) -> Session:
    return Session(troupe.root / "scenes" / "supper.yaml", Journal(journal), agents=agents, **more)


def shown(session: Session) -> list[str]:
    """The scene as a reader sees it."""
    return [f"{each.line or ''} {each.entry}" for each in session.rehearsal.shown]


def lines(session: Session) -> list[str]:
    return [line.given.text for line in session.branch.lines]


@pytest.fixture
def session(troupe: Troupe, tmp_path: Path) -> Session:
    return opened(troupe, tmp_path / "supper.journal.jsonl")

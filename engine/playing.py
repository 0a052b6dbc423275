"""A whole scene from Python: `engine.perform("party")` plays it to its end and returns the performance."""

from __future__ import annotations

from pathlib import Path

from engine.performance import Performance
from engine.stage.production import Theatre
from engine.stage.stage import Stage
from engine.troupe import Troupe, find_sheet


def perform(scene: Path | str, seed: int = 1, turns: int | None = None, arc: str | None = None) -> Performance:
    """The performance of a scene: a sheet, or the name of one in `scenes/`. In a notebook it shows itself.

    Raises AuthoredError for a faulty sheet, VoiceError for missing voices, TroupeError for a name that is nowhere.
    """
    path = find_sheet(Path(scene))
    stage = Stage(Theatre(Troupe.around(path)).production(path, seed), turns, arc)
    for _ in stage.play():
        pass
    return stage.performance()

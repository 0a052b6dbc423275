"""Checks of what spans scenes: facts of the world, episodes and threads of a season, who can have learnt what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from engine.errors import AuthoredError, Fault
from engine.files import is_file
from engine.sheets.authored import Document, Model, load, nearest
from engine.sheets.plot import Season, World
from engine.sheets.scenario import FactSheet, Scenario
from engine.troupe import Troupe

#: What tells a season from a scene: it lists episodes.
_EPISODES = re.compile(r"^episodes\s*:", re.MULTILINE)


@dataclass(frozen=True)
class Story:
    """All scenes and seasons of a troupe, read when they are first asked for; faulty files are left out."""

    troupe: Troupe

    @cached_property
    def scenes(self) -> Mapping[Path, Scenario]:
        return {path.resolve(): value for path in scene_paths(self.troupe) if (value := _sound(path, Scenario))}

    @cached_property
    def orders(self) -> tuple[tuple[Path, ...], ...]:
        """The scenes of each season, in the order they are played."""
        seasons = [(path, _sound(path, Season)) for path in season_paths(self.troupe)]
        return tuple(
            tuple((path.parent / f"{name}.yaml").resolve() for episode in season.episodes for name in episode.scenes)
            for path, season in seasons
            if season
        )

    def could_learn(self, path: Path, who: str, fact: str) -> bool:
        """Whether an earlier scene of some season tells a fact with this person in its cast."""
        here = path.resolve()
        earlier = {scene for order in self.orders if here in order for scene in order[: order.index(here)]}
        return any(
            who in scene.cast and any(telling.fact == fact for beat in scene.beats for telling in beat.reveal)
            for place, scene in self.scenes.items()
            if place in earlier
        )


def is_season(path: Path) -> bool:
    """Whether a YAML file lists episodes; False for one that cannot be read."""
    try:
        return bool(_EPISODES.search(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError):
        return False


def scene_paths(troupe: Troupe) -> list[Path]:
    return [path for path in _sheets(troupe) if not is_season(path)]


def season_paths(troupe: Troupe) -> list[Path]:
    return [path for path in _sheets(troupe) if is_season(path)]


def world_faults(document: Document[World], troupe: Troupe) -> list[Fault]:
    """People in the world's facts who have no sheet."""
    return list(fact_faults(document, document.value.facts, troupe.personas))


def season_faults(document: Document[Season], troupe: Troupe) -> list[Fault]:
    """Scenes, beats and a narrator that a season names and that do not exist; threads tied up before they open.

    Whether each thread can be resolved in play is not asked here.
    """
    return list(_season_faults(document, troupe))


def fact_faults(document: Document[Model], facts: Mapping[str, FactSheet], people: Iterable[str]) -> Iterator[Fault]:
    """Holders and subjects of facts who have no sheet."""
    known = tuple(people)
    for fact, sheet in facts.items():
        for part, named in (("known_by", sheet.known_by), ("about", sheet.about)):
            for number, who in enumerate(named):
                if who not in known:
                    message = f"{part}: '{who}' is not in cast/{nearest(who, known)}"
                    yield document.fault(("facts", fact, part, number), message)


def _season_faults(document: Document[Season], troupe: Troupe) -> Iterator[Fault]:
    season, folder = document.value, document.path.parent
    if season.narrator not in troupe.personas:
        message = f"narrator: '{season.narrator}' is not in cast/{nearest(season.narrator, troupe.personas)}"
        yield document.fault(("narrator",), message)
    known = [path.stem for path in scene_paths(troupe)]
    played: list[str] = []
    for number, episode in enumerate(season.episodes):
        for position, name in enumerate(episode.scenes):
            place = ("episodes", number, "scenes", position)
            if not is_file(folder / f"{name}.yaml"):
                yield document.fault(place, f"scenes: there is no {name}.yaml beside this file{nearest(name, known)}")
            elif name in played:
                yield document.fault(place, f"scenes: '{name}' is played already")
            played.append(name)
    beats: dict[str, int] = {}
    for name in played:
        scene = _sound(folder / f"{name}.yaml", Scenario)
        for beat in scene.beats if scene else ():
            beats.setdefault(f"{name}/{beat.name}", len(beats))
    unread = {name for name in played if not any(key.startswith(f"{name}/") for key in beats)}
    for name, thread in season.threads.items():
        places = [(part, getattr(thread, part)) for part in ("opened_by", "resolved_by")]
        for part, beat in places:
            # Of a scene that cannot be read, its own faults are told; what beats it has nobody knows.
            if beat not in beats and beat.split("/")[0] not in unread:
                message = f"{part}: no scene of this season has the beat '{beat}'{nearest(beat, beats)}"
                yield document.fault(("threads", name, part), message)
        if all(beat in beats for _, beat in places) and beats[thread.resolved_by] < beats[thread.opened_by]:
            message = (
                f"resolved_by: '{thread.resolved_by}' is played before '{thread.opened_by}', which opens the thread"
            )
            yield document.fault(("threads", name, "resolved_by"), message)


def _sheets(troupe: Troupe) -> list[Path]:
    return sorted(path for path in (troupe.root / "scenes").rglob("*.yaml") if path.name != "world.yaml")


def _sound(path: Path, model: type[Model]) -> Model | None:
    try:
        return load(path, model).value
    except AuthoredError:
        return None

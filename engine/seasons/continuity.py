"""The save of a season: everything that was played, and all that goes on from there; written whole or not at all.

A save belongs to its season, its seed, and the very sheets and voices that it was played with: with others the rest
would not follow from what has been. Knows nothing of how a season is played.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine import __version__, codes
from engine.errors import ScriptError, TelenovelaError
from engine.files import digest, write_text
from engine.performance import Entry, Performance
from engine.seasons.serial import Chapter, Progress, Serial
from engine.stage.world import World
from engine.text import short
from engine.voices.registry import BASE, DIRECTOR

FORMAT = 1


def check(path: Path) -> None:
    """Raises TelenovelaError for a path that `write` would refuse; to be asked before anything is played."""
    if path.suffix.lower() != ".json":
        raise TelenovelaError(
            f"{path}: a season is saved as .json; play a scene with engine.scene to save it in another form"
        )
    if not path.absolute().parent.is_dir():
        raise TelenovelaError(f"{path}: there is no folder {path.parent}")


def write(path: Path, serial: Serial) -> None:
    """Save how far a season has come. Raises TelenovelaError for a place that cannot be written."""
    progress = serial.progress
    data = {
        "format": FORMAT,
        "title": serial.story.season.title,
        "seed": serial.seed,
        "manifest": manifest(serial),
        "before": progress.before,
        "world": progress.world.snapshot(),
        "chapters": [_chapter(chapter) for chapter in progress.chapters],
    }
    try:
        write_text(path, json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    except OSError as error:
        raise TelenovelaError(f"{path}: cannot be written: {error.strerror or error}") from error


def read(path: Path, serial: Serial) -> Progress:
    """The progress of a save, for this serial and no other.

    Raises ScriptError for a file that is no save, TelenovelaError for a save of another season, seed, or sheets.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise ScriptError(f"{path}: saved in format {data['format']}, and this version reads format {FORMAT}")
        _require_same(path, data, serial)
        world = World.restore(serial.story.facts, data["world"])
        chapters = [_read_chapter(chapter) for chapter in data["chapters"]]
        if [chapter.scene for chapter in chapters] != [name for _, name in serial.scenes[: len(chapters)]]:
            raise ValueError("its scenes are not those of the season")
        return Progress(world, data["before"], chapters)
    except OSError as error:
        raise TelenovelaError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OverflowError) as error:
        raise ScriptError(f"{path}: not the save of a season: {error}") from error


def manifest(serial: Serial) -> dict[str, Any]:
    """What a season is played with, by digests: version, sheets, fitted weights and voices."""
    story, troupe, grounds = serial.story, serial.story.troupe, serial.theatre.company.grounds
    shared = [
        troupe.root / "scenes" / "world.yaml",
        *sorted((troupe.root / "cast").glob("*.json")),
        *(path for registry in grounds.all.values() for path in sorted(registry.folder.glob("*.json"))),
    ]
    voices = {
        grounds.label(language, name): registry.file(name).fingerprint
        for language, registry in grounds.all.items()
        for name in (*registry.names, BASE, DIRECTOR)
        if registry.has(name)
    }
    voices |= grounds.senses(language for language in codes.LANGUAGES if grounds.of(language).has(BASE))
    return {
        "version": __version__,
        "season": digest(story.document.path.read_bytes()),
        "scenes": {name: digest(document.path.read_bytes()) for name, document in story.scenes.items()},
        "cast": {who: digest(troupe.sheets[who].path.read_bytes()) for who in (*serial.people, story.season.narrator)},
        "shared": {troupe.relative(path): digest(path.read_bytes()) for path in shared if path.is_file()},
        # Understudies have no voice that could change.
        "voices": voices if serial.agents is None else {},
    }


def _require_same(path: Path, data: Mapping[str, Any], serial: Serial) -> None:
    title, seed = serial.story.season.title, serial.seed
    if data["title"] != title:
        raise TelenovelaError(f"{path}: this is a save of '{data['title']}', not of '{title}'")
    if data["seed"] != seed:
        raise TelenovelaError(
            f"{path}: saved with seed {data['seed']}, and this is seed {seed}: go on with --seed {data['seed']}"
        )
    saved, now = data["manifest"], manifest(serial)
    changed = []
    for part, value in now.items():
        if isinstance(value, dict):
            names = sorted({*value, *saved[part]})
            changed += [f"{part} {name}" for name in names if value.get(name) != saved[part].get(name)]
        elif value != saved[part]:
            changed.append(part)
    if changed:
        raise TelenovelaError(
            f"{path}: changed since it was saved: {short(changed, 4)}; what follows would not fit. Play anew without --resume"
        )


def _chapter(chapter: Chapter) -> dict[str, Any]:
    return {
        "scene": chapter.scene,
        "recap": [asdict(entry) for entry in chapter.recap],
        "performance": asdict(chapter.performance),
        "beats": list(chapter.beats),
        "cliffhanger": [asdict(entry) for entry in chapter.cliffhanger],
    }


def _read_chapter(data: Mapping[str, Any]) -> Chapter:
    performance = Performance.from_json(json.dumps(data["performance"]))
    beats = tuple(str(beat) for beat in data["beats"])
    return Chapter(str(data["scene"]), _entries(data["recap"]), performance, beats, _entries(data["cliffhanger"]))


def _entries(data: list[Any]) -> tuple[Entry, ...]:
    return Performance.from_json(json.dumps({"title": "", "seed": 0, "lines": data})).lines

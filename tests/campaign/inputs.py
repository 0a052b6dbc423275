"""Campaigns in this process: mutated sheets, scripts, weights files and saves."""

from __future__ import annotations

import json
import random
import shutil
import warnings
from pathlib import Path

from engine.corpus.reading import FORMATS, read_script
from engine.learning.plan import Plan
from engine.screen import export
from engine.seasons import continuity
from engine.seasons.serial import Serial
from engine.sheets.authored import load
from engine.sheets.plot import Season
from engine.speech.lexicon import Lexicon
from engine.stage.production import Theatre
from engine.stage.stage import Stage
from engine.stage.understudy import understudies
from engine.story.proof import prove, read
from engine.text import printable
from engine.troupe import Troupe
from engine.turns.weights import Weights
from engine.voices.registry import Registry
from engine.voices.vocabulary import Vocabulary
from tests import small_season
from tests.campaign import mutate
from tests.campaign.count import Count
from tests.conftest import LINES, ROOT, write_troupe, write_voices

#: One in so many sheets that are accepted is played and exported.
PLAYED = 8


def sheets(count: int, seed: int, folder: Path) -> Count:
    """Sheets, scenes, seasons, worlds and recipes: loaded, cross-checked, and some of them played and exported."""
    found, generator = Count("sheets"), random.Random(seed)
    write_troupe(folder / "toy")
    small_season.write(folder / "season")
    paths = [*folder.glob("*/cast/*.yaml"), *folder.glob("*/scenes/*.yaml")]
    sources = {path: path.read_text(encoding="utf-8") for path in sorted(paths)}
    others = [*sources.values(), *(path.read_text("utf-8") for path in sorted(ROOT.glob("cast/*.yaml")))]
    for number in range(count):
        path = generator.choice(list(sources))
        harmed = mutate.text(sources[path], generator, others)
        path.write_bytes(harmed.encode("utf-8", "surrogatepass" if generator.random() < 0.1 else "replace"))
        found.attempt(f"{path.name}: {harmed!r:.400}", lambda: _sheet(path.parent.parent, number % PLAYED == 0))  # noqa: B023
        path.write_text(sources[path], encoding="utf-8")
    return found


def _sheet(root: Path, played: bool) -> None:
    troupe = Troupe.around(root)
    theatre = Theatre(troupe)
    _ = troupe.world, troupe.recipe, Plan(troupe).jobs
    season, scene = root / "scenes" / "season.yaml", root / "scenes" / "supper.yaml"
    if season.exists():
        prove(read(load(season, Season), troupe))
        scene = season.with_name("first.yaml")
    scenario = theatre.scenario(scene).value
    if played:
        agents = understudies(troupe.personas, scenario.cast)
        stage = Stage(theatre.production(scene, 1, agents=agents), 4)
        for entry in stage.play():
            assert printable(str(entry)) == str(entry), "a control character is played"
        for suffix in export.FORMATS:
            export.write(stage.performance(), scene.with_suffix(f".out{suffix}"))


def scripts(count: int, seed: int, folder: Path) -> Count:
    """Scripts of every format: by their content, and as any other format."""
    found, generator = Count("scripts"), random.Random(seed)
    fixtures = sorted(path for path in (ROOT / "tests" / "fixtures" / "scripts").rglob("*") if path.is_file())
    sources = {path: path.read_bytes() for path in fixtures}
    others = [data.decode("utf-8", "replace") for data in sources.values()]
    for _ in range(count):
        path = generator.choice(fixtures)
        if generator.random() < 0.7:
            text = mutate.text(sources[path].decode("utf-8", "replace"), generator, others)
            harmed = text.encode("utf-8", "replace")
        else:
            harmed = mutate.data(sources[path], generator)
        place = folder / path.name
        place.write_bytes(harmed)
        format = generator.choice(FORMATS) if generator.random() < 0.3 else None
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found.attempt(f"{path.name} as {format}: {harmed!r:.400}", lambda: _script(place, format))  # noqa: B023
    return found


def _script(path: Path, format: str | None) -> None:
    for turn in read_script(path, format).turns():
        for said in (turn.text, turn.speaker or ""):
            assert printable(said) == said, f"a control character is read: {said!r:.80}"


def weights(count: int, seed: int, folder: Path) -> Count:
    """Weights, tokenizer, known words and turn weights of a troupe, as they are loaded before a scene."""
    found, generator = Count("weights"), random.Random(seed)
    troupe = write_troupe(folder)
    write_voices(troupe, Vocabulary.train(LINES * 4, "subword", 420))
    Weights().save(folder / "cast" / "turns.json")
    sources = {path: path.read_bytes() for path in sorted([*troupe.voices.iterdir(), folder / "cast" / "turns.json"])}
    for _ in range(count):
        path = generator.choice(list(sources))
        path.write_bytes(mutate.data(sources[path], generator))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found.attempt(f"{path.name}: {path.read_bytes()[:200]!r}", lambda: _weights(folder))
        path.write_bytes(sources[path])
    return found


def _weights(folder: Path) -> None:
    troupe = Troupe(folder)
    registry = Registry(troupe.voices)
    for name in registry.names:
        registry.load(name)
        _ = registry.file(name).figures
    registry.director()
    Lexicon.load(troupe.voices / "lexicon.txt")
    Weights.load(folder / "cast" / "turns.json")
    _ = Plan(troupe).states()


def saves(count: int, seed: int, folder: Path) -> Count:
    """Saves of a season that was broken off: taken up again, or refused and left as they are."""
    found, generator = Count("saves"), random.Random(seed)
    season = small_season.write(folder)
    path = folder / "save.json"
    first = _serial(season)
    list(first.play(1))
    continuity.write(path, first)
    source = path.read_bytes()
    for _ in range(count):
        if generator.random() < 0.5:
            harmed = mutate.data(source, generator)
        else:
            harmed = json.dumps(_harmed(json.loads(source), generator)).encode()
        path.write_bytes(harmed)
        found.attempt(f"{harmed!r:.300}", lambda: _resumed(season, path))
        if path.read_bytes() != harmed:
            found.breaks_at("a save was changed by reading it", repr(harmed[:300]))
    return found


def _serial(season: Path) -> Serial:
    troupe = Troupe.around(season)
    story = read(load(season, Season), troupe)
    people = ["ana", "bruno", "narrator"]
    return Serial(story, Theatre(troupe), 1, agents=understudies(troupe.personas, people))


def _resumed(season: Path, path: Path) -> None:
    serial = _serial(season)
    serial.progress = continuity.read(path, serial)
    list(serial.play())
    serial.performance()


def _harmed(value: object, generator: random.Random) -> object:
    """A value of JSON with something in it of another kind, or gone."""
    if generator.random() < 0.08:
        return generator.choice((None, [], {}, "", -1, 1e308, "x", True, [[]], {"a": 1}, "\ud800", 10**30))
    if isinstance(value, dict):
        return {key: _harmed(each, generator) if generator.random() < 0.5 else each for key, each in value.items()}
    if isinstance(value, list):
        return [_harmed(each, generator) if generator.random() < 0.3 else each for each in value]
    return value


def emptied(folder: Path) -> Path:
    """The folder, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder

"""All checks over some files of a troupe: which kind each file is, every fault of them at once, and a summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from engine.checks.lenient import NOT_SHEETS, LenientTroupe
from engine.checks.scripts import ScriptChecks, standards_faults
from engine.checks.sheets import sheet_faults, sheet_warnings
from engine.checks.voices import ground_warnings, voice_warnings, word_warnings
from engine.corpus.turns import Turn
from engine.errors import AuthoredError, Fault, TelenovelaError
from engine.sheets.authored import Model, load, nearest
from engine.sheets.plot import Season, World
from engine.sheets.recipe import Recipe
from engine.sheets.scenario import Scenario
from engine.story.facts import Story, is_season, season_faults, world_faults
from engine.story.playable import scene_faults
from engine.story.proof import season_faults as plot_faults
from engine.troupe import CONTINUATIONS

#: Kinds of files in the order in which they are summed up, each with its plural.
KINDS = {
    "sheet": "sheets", "training sheet": "training sheets", "world": "worlds", "scene": "scenes", "season": "seasons",
    "standards sheet": "standards sheets", "script": "scripts", "continuation": "continuations",
}  # fmt: skip


@dataclass
class Report:
    """What was found: faults, and warnings that stop nothing; `files` of each kind that were looked at."""

    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    files: dict[str, list[Path]] = field(default_factory=dict)


class Examination:
    """One troupe under examination; files are read once, however many are asked for."""

    def __init__(self, root: Path):
        self.troupe = LenientTroupe(root)
        self.scripts = ScriptChecks(self.troupe)
        self.story = Story(self.troupe)

    @cached_property
    def everything(self) -> list[Path]:
        """Every file of the troupe that people write."""
        root = self.troupe.root
        sheets = [*root.glob("cast/*.yaml"), *root.glob("scenes/**/*.yaml"), *root.glob("corpora/standards.yaml")]
        return [*sorted(sheets), *self.troupe.script_paths(), *self.troupe.continuation_paths()]

    def within(self, path: Path) -> list[Path]:
        """The files that a path stands for. Raises TelenovelaError for one that is none of ours."""
        if not path.exists():
            near = nearest(path.name, [other.name for other in path.parent.iterdir()]) if path.parent.is_dir() else ""
            raise TelenovelaError(f"{path}: no such file or folder{near}")
        place = path.resolve()
        found = [file for file in self.everything if file == place or place in file.parents]
        if not found:
            raise TelenovelaError(
                f"{path}: nothing to check here: sheets lie in cast/, scenes in scenes/, scripts in corpora/"
            )
        return found

    def report(self, files: Sequence[Path]) -> Report:
        """All faults of these files. If all scripts are among them, they are held to the standards as well."""
        report = Report()
        for path in dict.fromkeys(files):
            report.files.setdefault(kind_of(path), []).append(path)
        chosen = set(files)
        report.faults += [fault for fault in self._faults(report.files) if fault.path in chosen]
        report.warnings += [warning for warning in self._warnings(report) if warning.path in chosen]
        return report

    def _warnings(self, report: Report) -> Iterator[Fault]:
        """What stops nothing. Voices are asked only where the sheets can be read."""
        yield from sheet_warnings(self.troupe)
        if self.troupe.sheet_faults or report.faults:
            return
        scenes = [load(path, Scenario) for path in report.files.get("scene", [])]
        yield from voice_warnings(self.troupe)
        yield from ground_warnings(self.troupe)
        yield from word_warnings(self.troupe, scenes)

    def summary(self, report: Report) -> list[str]:
        """A line for each kind of file."""
        lines = []
        for kind, plural in KINDS.items():
            files = report.files.get(kind, [])
            if files:
                lines.append(f"{len(files):,} {kind if len(files) == 1 else plural}{self._detail(kind, files)}")
        return lines

    def _detail(self, kind: str, files: Sequence[Path]) -> str:
        if kind == "script":
            return f": {_count([turn for script in self.troupe.scripts if script.path in files for turn in script.turns()])}"
        if kind == "continuation":
            turns = [turn for script in self.troupe.continuations if script.path in files for turn in script.turns()]
            written = [turn for turn in turns if not turn.played]
            return f": {_count(written)} after {len(turns) - len(written):,} lines played"
        if kind == "scene":
            scenes = [self.story.scenes[path] for path in files if path in self.story.scenes]
            return f": {sum(len(scene.beats) for scene in scenes):,} beats"
        return ""

    def _faults(self, files: dict[str, list[Path]]) -> Iterator[Fault]:
        _ = self.troupe.sheets, self.troupe.world  # reading them finds their faults
        yield from self.troupe.sheet_faults
        yield from self.troupe.world_faults
        # Where the world's sheet is faulty nobody can say which facts there are: what depends on them waits.
        sound = not self.troupe.world_faults
        yield from sheet_faults(self.troupe, facts=sound)
        for path in files.get("training sheet", []):
            yield from _loaded(path, Recipe)
        for path in files.get("world", []) if sound else []:
            yield from world_faults(load(path, World), self.troupe)
        for path in files.get("scene", []):
            yield from _loaded(path, Scenario) or (
                scene_faults(load(path, Scenario), self.troupe, self.story) if sound else []
            )
        for path in files.get("season", []):
            # A plot is proved when all that it names is there.
            yield from (
                _loaded(path, Season)
                or season_faults(load(path, Season), self.troupe)
                or plot_faults(load(path, Season), self.troupe)
            )
        yield from self._script_faults(files)

    def _script_faults(self, files: dict[str, list[Path]]) -> Iterator[Fault]:
        chosen = files.get("script", [])
        if not {"script", "continuation", "standards sheet"} & files.keys():
            return
        faulty = standards_faults(self.scripts)
        yield from faulty
        if faulty:
            return
        for path in (*chosen, *files.get("continuation", [])):
            yield from self.scripts.faults(path)
        # A stand-in has no aliases: until her sheet is mended, whose cue is whose cannot be said, nor who meets whom.
        if self.troupe.sheet_faults:
            return
        yield from self.scripts.speaker_faults()
        if set(chosen) == set(self.troupe.script_paths()):
            yield from self.scripts.library_faults()


def _count(turns: Sequence[Turn]) -> str:
    return f"{len(turns):,} lines, {sum(len(turn.text.split()) for turn in turns):,} words"


def kind_of(path: Path) -> str:
    """What a file of a troupe is: a key of `KINDS`."""
    if path.suffix == ".fountain":
        return "continuation" if path.parent.name == CONTINUATIONS else "script"
    if path.name == "standards.yaml":
        return "standards sheet"
    if path.parent.name == "cast":
        return "training sheet" if path.name in NOT_SHEETS else "sheet"
    if path.name == "world.yaml":
        return "world"
    return "season" if is_season(path) else "scene"


def _loaded(path: Path, model: type[Model]) -> list[Fault]:
    try:
        load(path, model)
    except AuthoredError as error:
        return list(error.faults)
    return []

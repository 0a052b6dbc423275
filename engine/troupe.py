"""A troupe: a folder with `cast/`, `corpora/` and `scenes/`. Finds it, and loads its sheets and scripts.

One comes with the program; it is what plays where there is no other.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import AuthoredError, Fault, ScriptError, TroupeError
from engine.files import is_file
from engine.sheets.authored import Document, load, nearest
from engine.sheets.names import Names
from engine.sheets.persona import Persona
from engine.sheets.plot import World
from engine.sheets.recipe import Recipe

if TYPE_CHECKING:
    from engine.corpus.turns import Script

#: YAML files in cast/ that are not sheets.
_NOT_SHEETS = {"training.yaml"}
#: The folder of corpora/ with scenes that networks played and writers took up: learned from, and no scripts.
CONTINUATIONS = "continuations"
#: The folder of corpora/ with lines that networks drew and readers marked.
MARKS = "marks"
FOLDERS = ("cast", "corpora", "scenes")


@dataclass(frozen=True)
class Troupe:
    """The folder, and what is in it, each loaded when it is first asked for."""

    root: Path

    @classmethod
    def around(cls, place: Path | str) -> Troupe:
        """The troupe that a file belongs to: the nearest folder above it with cast/, corpora/ and scenes/."""
        path = Path(place)
        try:
            here = path.resolve()
            for folder in [here, *here.parents]:
                if all((folder / name).is_dir() for name in FOLDERS):
                    return cls(folder)
            missing = not path.exists()
            near = _beside(path) if missing else ""
        except (OSError, RuntimeError, ValueError) as error:
            # RuntimeError: links that lead round in a circle; ValueError: a name with a NUL.
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise TroupeError(f"{path}: cannot be looked at: {reason}") from error
        if missing:
            raise TroupeError(f"{path}: no such file or folder{near}")
        raise TroupeError(
            f"{path}: no troupe here: no folder above it holds cast/, corpora/ and scenes/; "
            "`telenovela new troupe NAME` makes one, `telenovela adopt SCRIPT --to DIR` makes one out of a script"
        )

    @classmethod
    def here(cls, path: Path) -> Troupe:
        """The troupe around a folder; for the current folder, where there is none, the one that comes with the program."""
        try:
            return cls.around(path)
        except TroupeError:
            if path != Path():
                raise
            return shipped()

    def moved(self, root: Path) -> Troupe:
        """The same sheets, not read again, in a folder with scripts and voices of its own."""
        other = Troupe(root)
        for name in ("sheets", "world", "recipe"):
            other.__dict__[name] = getattr(self, name)
        return other

    @property
    def voices(self) -> Path:
        return self.root / "cast" / "voices"

    def ground(self, language: str) -> Path:
        """Where the weights of a language lie that has a base of its own; for an empty text the folder of all others."""
        return self.voices / language

    @property
    def scripts_folder(self) -> Path:
        return self.root / "corpora"

    @cached_property
    def sheets(self) -> Mapping[str, Document[Persona]]:
        """Every cast sheet by its file's name. Raises AuthoredError with the faults of all of them."""
        sheets: dict[str, Document[Persona]] = {}
        faults: list[Fault] = []
        for path in sorted((self.root / "cast").glob("*.yaml")):
            if path.name in _NOT_SHEETS:
                continue
            try:
                sheets[path.stem] = load(path, Persona)
            except AuthoredError as error:
                faults += error.faults
        for who, document in sheets.items():
            for other in document.value.relations:
                if other not in sheets and not is_file(self.root / "cast" / f"{other}.yaml"):
                    faults.append(
                        document.fault(("relations", other, ""), f"'{other}' is not in cast/{nearest(other, sheets)}")
                    )
                elif other == who:
                    faults.append(document.fault(("relations", other, ""), "a character has no relation to herself"))
        if faults:
            raise AuthoredError(faults)
        return sheets

    @cached_property
    def personas(self) -> Mapping[str, Persona]:
        return {who: document.value for who, document in self.sheets.items()}

    @cached_property
    def world(self) -> World:
        path = self.root / "scenes" / "world.yaml"
        return load(path, World).value if path.is_file() else World()

    @cached_property
    def recipe(self) -> Recipe:
        path = self.root / "cast" / "training.yaml"
        return load(path, Recipe).value if path.is_file() else Recipe()

    @cached_property
    def names(self) -> Names:
        return Names(self.personas, self.world.places)

    def names_in(self, language: str) -> Names:
        """The names of those who speak a language: two casts may share them."""
        return Names(
            {who: persona for who, persona in self.personas.items() if persona.language == language}, self.world.places
        )

    def script_paths(self) -> list[Path]:
        """Every script. Raises ScriptError for one that cannot be read: a scene must not end where it is first needed."""
        return [path for path in self._written() if self.show_of(path) != CONTINUATIONS]

    def continuation_paths(self) -> list[Path]:
        """Every file of scenes that networks played and writers took up. Raises ScriptError as `script_paths` does."""
        return [path for path in self._written() if self.show_of(path) == CONTINUATIONS]

    def marks_path(self, language: str) -> Path:
        """The file of what readers said of drawn lines of a language; few troupes have one."""
        return self.scripts_folder / MARKS / f"{language}.jsonl"

    def _written(self) -> list[Path]:
        paths = sorted(self.scripts_folder.rglob("*.fountain"))
        for path in paths:
            if not path.is_file() or not os.access(path, os.R_OK):
                reason = (
                    "it is a folder" if path.is_dir() else "no permission" if path.exists() else "a link to nothing"
                )
                raise ScriptError(f"{path}: this script cannot be read: {reason}")
        return paths

    @cached_property
    def scripts(self) -> tuple[Script, ...]:
        return _read(self.script_paths())

    @cached_property
    def continuations(self) -> tuple[Script, ...]:
        return _read(self.continuation_paths())

    def show_of(self, path: Path) -> str:
        """The show (folder of corpora/) that a script belongs to."""
        relative = path.resolve().relative_to(self.scripts_folder.resolve())
        return relative.parts[0] if len(relative.parts) > 1 else ""

    def relative(self, path: Path) -> str:
        """A path as it is shown: from the troupe's root where it lies in it."""
        try:
            return str(path.resolve().relative_to(self.root))
        except ValueError:
            return str(path)


def _read(paths: Sequence[Path]) -> tuple[Script, ...]:
    # Here, since playing reads no script: the readers of all formats take a tenth of a second to import.
    from engine.corpus.reading import read_script

    return tuple(read_script(path, "fountain") for path in paths)


def shipped() -> Troupe:
    """The troupe that comes with the program: in a clone the folder around the package, in a wheel a folder inside it."""
    inside = Path(__file__).resolve().parent / "shipped"
    return Troupe(inside if inside.is_dir() else inside.parents[1])


def find_sheet(given: Path) -> Path:
    """A scene or season as it is named on a command line: a file, or the name of one in `scenes/`.

    It is looked for from here, then in the troupe around this folder, then in the one that comes with the program. Raises
    TroupeError for a name that is nowhere and for a folder; a path that is nowhere comes back as it is, and whoever opens it
    says so.
    """
    if given.is_file():
        return given
    bare = given.name == str(given) and not given.suffix
    wanted = Path("scenes", f"{given}.yaml") if bare else given
    troupe = Troupe.here(Path())
    for root in (troupe.root, shipped().root):
        if (bare or root == shipped().root) and not wanted.is_absolute() and (root / wanted).is_file():
            return root / wanted
    if given.is_dir():
        raise TroupeError(f"{given} is a folder; name a file in it: {given / 'scenes' / 'NAME.yaml'}")
    if bare:
        known = [path.stem for path in (troupe.root / "scenes").glob("*.yaml")]
        raise TroupeError(f"there is no scene '{given}'{nearest(str(given), known)}; telenovela list names them")
    return given


def _beside(path: Path) -> str:
    """The nearest name beside a file that is not there."""
    return nearest(path.name, [other.name for other in path.parent.iterdir()]) if path.parent.is_dir() else ""

"""A troupe that goes on when a file in it is faulty, so that all faults of all files can be told at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from engine.corpus.reading import read_script
from engine.corpus.turns import Script
from engine.errors import AuthoredError, Fault, ScriptError
from engine.sheets.authored import Document, load
from engine.sheets.persona import Persona
from engine.sheets.plot import World
from engine.troupe import Troupe

#: YAML files in cast/ that are not sheets.
NOT_SHEETS = frozenset({"training.yaml"})


@dataclass(frozen=True)
class LenientTroupe(Troupe):
    """A troupe whose `sheets`, `world` and `scripts` never raise: what is wrong with the first two is in `sheet_faults` and
    `world_faults`, why a script cannot be read among the faults of its own checks."""

    sheet_faults: list[Fault] = field(default_factory=list)
    world_faults: list[Fault] = field(default_factory=list)

    @cached_property
    def sheets(self) -> Mapping[str, Document[Persona]]:
        """Every sheet; one that cannot be read is stood in for, so that nobody else is told that she is missing.

        The stand-in narrates: a narrator may know everything, and so causes no second fault.
        """
        sheets: dict[str, Document[Persona]] = {}
        for path in sorted((self.root / "cast").glob("*.yaml")):
            if path.name in NOT_SHEETS:
                continue
            try:
                sheets[path.stem] = load(path, Persona)
            except AuthoredError as error:
                self.sheet_faults.extend(error.faults)
                sheets[path.stem] = Document(path, Persona(name=path.stem, narrates=True), {}, [])
        return sheets

    @cached_property
    def world(self) -> World:
        path = self.root / "scenes" / "world.yaml"
        if not path.is_file():
            return World()
        try:
            return load(path, World).value
        except AuthoredError as error:
            self.world_faults.extend(error.faults)
            return World()

    @cached_property
    def scripts(self) -> tuple[Script, ...]:
        """The scripts that can be read."""
        return _readable(self.script_paths())

    @cached_property
    def continuations(self) -> tuple[Script, ...]:
        """The files of scenes taken up that can be read."""
        return _readable(self.continuation_paths())


def _readable(paths: Sequence[Path]) -> tuple[Script, ...]:
    found = []
    for path in paths:
        with suppress(ScriptError):
            found.append(read_script(path, "fountain"))
    return tuple(found)

"""Checks of the scripts: conventions, speakers without a sheet, and what the library as a whole is held to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from engine.checks.figures import judged, library_figures
from engine.checks.lenient import LenientTroupe
from engine.checks.standards import Standards
from engine.corpus import fountain
from engine.corpus.reading import read_script
from engine.errors import AuthoredError, Fault, ScriptError
from engine.sheets.authored import load, nearest
from engine.sheets.names import Names

#: The heading, in the README of a show, of the list of speakers who have no sheet; one `- **Name**: who` a line.
_BIT_PARTS = re.compile(
    r"^#+[ \t]*(?:Bit parts|Papeles menores)[ \t]*$(.*?)(?=^#|\Z)", re.MULTILINE | re.DOTALL | re.IGNORECASE
)
_BIT_PART = re.compile(r"^[-*][ \t]+\*\*(.+?)\*\*", re.MULTILINE)


@dataclass(frozen=True)
class ScriptChecks:
    """The checks of a troupe's scripts."""

    troupe: LenientTroupe

    @cached_property
    def standards(self) -> Standards:
        """Raises AuthoredError for a faulty `corpora/standards.yaml`."""
        path = self.standards_path
        return load(path, Standards).value if path.is_file() else Standards()

    @property
    def standards_path(self) -> Path:
        return self.troupe.scripts_folder / "standards.yaml"

    def faults(self, path: Path) -> list[Fault]:
        """What is wrong in one file, but for its speakers."""
        try:
            if self.standards.conventions:
                return fountain.faults(path)
            read_script(path, "fountain")
        except ScriptError as error:
            return [Fault(path, 1, 1, str(error).removeprefix(f"{path}: "))]
        return []

    def speaker_faults(self) -> list[Fault]:
        """Speakers who have no sheet in their language and are no bit part: once a file, where she first speaks."""
        return list(self._strangers()) if self.standards.speakers else []

    def library_faults(self) -> list[Fault]:
        """Where the scripts together fall short of the standards."""
        found = []
        for language, figures in self.figures.items():
            wanted = self.standards.figures.get(language, {})
            for figure, measured, asked, holds in judged(figures, wanted):
                if not holds:
                    message = f"{language}: {figure.meaning}: {measured}, wanted {asked} ({figure.name})"
                    found.append(Fault(self.standards_path, 1, 1, message))
        return found

    @cached_property
    def figures(self) -> Mapping[str, Mapping[str, float]]:
        """Figures of the library, by language."""
        languages = sorted({script.language for script in self.troupe.scripts})
        return {
            language: library_figures(
                [script for script in self.troupe.scripts if script.language == language],
                self.troupe.names_in(language),
            )
            for language in languages
        }

    def _strangers(self) -> Iterator[Fault]:
        names = {script.language: self.troupe.names_in(script.language) for script in self.troupe.scripts}
        bit_parts: dict[Path, frozenset[str]] = {}
        for script in self.troupe.scripts:
            known = names[script.language]
            readme = self.troupe.scripts_folder / self.troupe.show_of(script.path) / "README.md"
            small = bit_parts.setdefault(readme, read_bit_parts(readme))
            seen: set[str] = set()
            for turn in script.turns():
                label = turn.speaker or ""
                if not label or label in seen or known.owner(label) or label.casefold() in small:
                    continue
                seen.add(label)
                yield _at(script.path, turn.line, self._stranger(label, known, readme))

    def _stranger(self, label: str, known: Names, readme: Path) -> str:
        labels = [name for persona in known.personas.values() for name in (persona.name, *persona.aliases)]
        place = self.troupe.relative(readme)
        return f"'{label}' has no sheet in cast/ and is not under 'Bit parts' in {place}{nearest(label, labels)}"


def read_bit_parts(readme: Path) -> frozenset[str]:
    """The names under the heading "Bit parts" ("Papeles menores") of a show's README, case folded."""
    try:
        text = readme.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return frozenset()
    return frozenset(name.casefold() for part in _BIT_PARTS.findall(text) for name in _BIT_PART.findall(part))


def standards_faults(checks: ScriptChecks) -> list[Fault]:
    """The faults of `corpora/standards.yaml` itself."""
    try:
        checks.standards  # noqa: B018 - a faulty sheet raises
    except AuthoredError as error:
        return list(error.faults)
    return []


def _at(path: Path, line: int, message: str) -> Fault:
    rows: Sequence[str] = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return Fault(path, line, 1, message, rows[line - 1] if line <= len(rows) else "")

"""Checks of the scripts: conventions, speakers without a sheet, and what the library as a whole is held to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from engine.checks.figures import RUN, Totals, totals, word_list
from engine.checks.standards import Standards
from engine.corpus import Script, Turn, fountain, read_script
from engine.errors import AuthoredError, Fault, ScriptError
from engine.sheets.authored import load, nearest
from engine.sheets.names import Names
from engine.troupe import Troupe

#: The heading, in the README of a show, of the list of speakers who have no sheet; one `- **Name**: who` a line.
_BIT_PARTS = re.compile(
    r"^#+[ \t]*(?:Bit parts|Papeles menores)[ \t]*$(.*?)(?=^#|\Z)", re.MULTILINE | re.DOTALL | re.IGNORECASE
)
_BIT_PART = re.compile(r"^[-*][ \t]+\*\*(.+?)\*\*", re.MULTILINE)


@dataclass(frozen=True)
class ScriptChecks:
    """The checks of a troupe's scripts, which are read once."""

    troupe: Troupe

    @cached_property
    def standards(self) -> Standards:
        """Raises AuthoredError for a faulty `corpora/standards.yaml`."""
        path = self.standards_path
        return load(path, Standards).value if path.is_file() else Standards()

    @property
    def standards_path(self) -> Path:
        return self.troupe.scripts_folder / "standards.yaml"

    @cached_property
    def scripts(self) -> tuple[Script, ...]:
        """The scripts that can be read; why others cannot is among the `faults` of each."""
        found = []
        for path in self.troupe.script_paths():
            try:
                found.append(read_script(path, "fountain"))
            except ScriptError:
                continue
        return tuple(found)

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
        return [*self._repeated(), *self._fallen_short()]

    @cached_property
    def totals(self) -> Mapping[str, Totals]:
        """Figures by language."""
        languages = sorted({script.language for script in self.scripts})
        return {language: totals([s for s in self.scripts if s.language == language]) for language in languages}

    def _strangers(self) -> Iterator[Fault]:
        names = {script.language: self.troupe.names_in(script.language) for script in self.scripts}
        bit_parts: dict[Path, frozenset[str]] = {}
        for script in self.scripts:
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

    def _repeated(self) -> Iterator[Fault]:
        most = self.standards.most_repeats
        if not most:
            return
        said: dict[tuple[str, tuple[str, ...]], list[tuple[Path, Turn]]] = {}
        phrases = {
            (persona.language, tuple(word_list(phrase.text)))
            for persona in self.troupe.personas.values()
            for phrase in persona.phrases
        }
        for script in self.scripts:
            for turn in script.turns():
                said.setdefault((script.language, tuple(word_list(turn.text))), []).append((script.path, turn))
        for key, places in said.items():
            if key in phrases or len(places) <= most:
                continue
            for path, turn in places[most:]:
                others = ", ".join(f"{self.troupe.relative(other)}:{line.line}" for other, line in places[:most])
                yield _at(path, turn.line, f"'{turn.text}' stands too often, also at {others}: write another line")

    def _fallen_short(self) -> Iterator[Fault]:
        standards, place = self.standards, self.standards_path
        for language, figures in self.totals.items():
            least = standards.distinct_words.get(language, 0)
            if figures.distinct_words < least:
                message = (
                    f"{language}: {figures.distinct_words:,} different words, fewer than distinct_words: {least:,}"
                )
                yield Fault(place, 1, 1, message)
            if figures.unique_runs < standards.unique_runs:
                message = (
                    f"{language}: {figures.unique_runs:.1%} of all runs of {RUN} words stand once, "
                    f"fewer than unique_runs: {standards.unique_runs:.0%}"
                )
                yield Fault(place, 1, 1, message)
        together = totals(self.scripts)
        shortest, longest = standards.median_words
        if together.lines and not shortest <= together.median <= longest:
            message = f"the median line has {together.median:g} words, not {shortest} to {longest} (median_words)"
            yield Fault(place, 1, 1, message)
        if together.lines and together.with_tone < standards.tones:
            message = f"{together.with_tone:.1%} of all lines have a tone, fewer than tones: {standards.tones:.0%}"
            yield Fault(place, 1, 1, message)


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

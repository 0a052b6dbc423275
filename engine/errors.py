"""The exception tree. Every error that a person can cause is a `TelenovelaError`.

    TelenovelaError
    +-- AuthoredError     faults in files that people write: each with file:line:column
    +-- ScriptError       a script that cannot be read
    +-- VoiceError        a voice that is missing, corrupt, or of another base
    +-- TrainingError     training that cannot start: no material, no data
    +-- JobError          work shared out among processes or machines that was not done
    +-- TroupeError       no troupe where one was looked for, or one in the way
    +-- PlotError         a season whose threads cannot all be resolved
    +-- StudioError       what cannot be done in the writers' room as things stand

A command line prints `str(error)` on stderr and exits with status 2; nothing else is caught there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class TelenovelaError(Exception):
    """A mistake somebody can mend; its text says where, what, and how."""


class ScriptError(TelenovelaError):
    """A script that cannot be read, or that holds no dialogue."""


class VoiceError(TelenovelaError):
    """A voice that is missing, corrupt, or trained on another base."""


class TrainingError(TelenovelaError):
    """Training that cannot start."""


class JobError(TelenovelaError):
    """Work shared out among processes or machines that was not done."""


class TroupeError(TelenovelaError):
    """A folder that is not a troupe, or one that would be overwritten."""


class PlotError(TelenovelaError):
    """A season in which some thread cannot be resolved."""


class StudioError(TelenovelaError):
    """An action of the writers' room that does not fit where the scene stands."""


#: Faults that are shown of a file, and the widths that a quoted line and a message are cut to.
SHOWN, QUOTE, MESSAGE = 20, 96, 300


@dataclass(frozen=True)
class Fault:
    """One fault in an authored file, with the line it stands on (line and column count from 1)."""

    path: Path
    line: int
    column: int
    message: str
    quoted: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}: {_cut(self.message, MESSAGE)}"
        if not self.quoted.strip():
            return place
        # A long line is shown from a little before the fault, so that the mark stands under it.
        start = max(0, self.column - 1 - QUOTE // 2) if self.column > QUOTE - 4 else 0
        shown = ("..." if start else "") + _cut(self.quoted.rstrip()[start:], QUOTE)
        return f"{place}\n    {shown}\n    {' ' * (self.column - 1 - start + (3 if start else 0))}^"


class AuthoredError(TelenovelaError):
    """All faults of one or more authored files, reported at once."""

    def __init__(self, faults: Sequence[Fault]):
        self.faults = tuple(sorted(faults, key=lambda fault: (str(fault.path), fault.line, fault.column)))
        super().__init__()

    def __str__(self) -> str:
        """The first twenty faults and a count: nobody mends a hundred thousand from a terminal."""
        shown = [str(fault) for fault in self.faults[:SHOWN]]
        if len(self.faults) > SHOWN:
            shown.append(f"and {len(self.faults) - SHOWN:,} faults more")
        return "\n".join(shown)


def _cut(text: str, width: int) -> str:
    """A text cut to a width, with dots where it goes on."""
    return text if len(text) <= width else text[: width - 3] + "..."

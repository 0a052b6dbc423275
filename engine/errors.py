"""The exception tree. Every error that a person can cause is a `TelenovelaError`.

    TelenovelaError
    +-- AuthoredError     faults in files that people write: each with file:line:column
    +-- ScriptError       a script that cannot be read
    +-- VoiceError        a voice that is missing, corrupt, or of another base
    +-- TrainingError     training that cannot start: no material, no data
    +-- TroupeError       no troupe where one was looked for, or one in the way
    +-- PlotError         a season whose threads cannot all be resolved

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


class TroupeError(TelenovelaError):
    """A folder that is not a troupe, or one that would be overwritten."""


class PlotError(TelenovelaError):
    """A season in which some thread cannot be resolved."""


@dataclass(frozen=True)
class Fault:
    """One fault in an authored file, with the line it stands on (line and column count from 1)."""

    path: Path
    line: int
    column: int
    message: str
    quoted: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}: {self.message}"
        if not self.quoted.strip():
            return place
        return f"{place}\n    {self.quoted.rstrip()}\n    {' ' * (self.column - 1)}^"


class AuthoredError(TelenovelaError):
    """All faults of one or more authored files, reported at once."""

    def __init__(self, faults: Sequence[Fault]):
        self.faults = tuple(sorted(faults, key=lambda fault: (str(fault.path), fault.line, fault.column)))
        super().__init__("\n".join(str(fault) for fault in self.faults))

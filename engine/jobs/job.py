"""What a job is: a function named by its module, and the files that it is given."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class File:
    """Bytes that know their name: SHA-256, worked out once however many jobs they belong to."""

    data: bytes

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Job:
    """One piece of work: in a child process `function` (`package.module:name`) gets `files` (bytes by name), and returns bytes.

    The same files must give the same bytes, wherever and however often the job is done. `size` says how long it takes
    beside other jobs: the longest are handed out first, and progress is counted by it.
    """

    name: str
    function: str
    files: Mapping[str, File]
    size: float = 1.0

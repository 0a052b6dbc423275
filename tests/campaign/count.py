"""What every campaign counts, and what it shows of what broke."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

from engine.errors import TelenovelaError

#: Seconds that one small input may take before that alone counts as broken.
LONG = 5.0


@dataclass
class Count:
    """How a campaign stands."""

    name: str
    clean: int = 0
    refused: int = 0
    broken: dict[str, str] = field(default_factory=dict)
    breaks: int = 0

    def attempt(self, what: str, work: Callable[[], object]) -> None:
        """Do something; a TelenovelaError refuses, anything else that is raised breaks."""
        started = time.monotonic()
        try:
            work()
            self.clean += 1
        except TelenovelaError as error:
            text = str(error)
            if len(text) > 20_000:
                self.breaks_at(f"a message of {len(text)} characters", what)
            else:
                self.refused += 1
        except Exception as error:  # whatever else: that is what is looked for
            source = error.__cause__ or error
            last = traceback.extract_tb(source.__traceback__)[-1]
            self.breaks_at(f"{type(error).__name__} at {last.filename}:{last.lineno}: {error}"[:300], what)
        if time.monotonic() - started > LONG:
            self.breaks_at(f"{time.monotonic() - started:.0f} seconds", what)

    def status(self, what: str, status: int, errors: str, allowed: tuple[int, ...]) -> None:
        """Count a command by how it ended."""
        if "Traceback" in errors or "Warning" in errors or status not in (0, 2, *allowed):
            self.breaks_at(f"status {status}: {errors.strip()[-300:]}", what)
        elif status == 2:
            self.refused += 1
        else:
            self.clean += 1

    def breaks_at(self, kind: str, what: str) -> None:
        self.breaks += 1
        self.broken.setdefault(kind, what)

    def __str__(self) -> str:
        tried = self.clean + self.refused + self.breaks
        rows = [
            f"{self.name}: tried {tried:,}, clean {self.clean:,}, refused {self.refused:,}, broken {self.breaks:,}",
            *(f"    {kind}\n        {what}" for kind, what in self.broken.items()),
        ]
        return "\n".join(rows)

"""What stands above a script: title, setting, cast. Taken out of a performance, printable, on one line each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.performance import Performance
from engine.sheets.messages import Messages, messages
from engine.text import one_line


@dataclass(frozen=True)
class Bill:
    """The title, the setting ("" if none is known) and the names of the cast, those who speak first before the others."""

    title: str
    setting: str
    cast: tuple[str, ...]
    language: str = "en"

    @property
    def messages(self) -> Messages:
        """What stands before setting and cast, in the language of the scene."""
        return messages(self.language)

    @classmethod
    def of(cls, performance: Performance) -> Bill:
        """The bill of a performance; the setting and those who say nothing are in its summary."""
        setting = performance.summary.get("setting", "")
        named = performance.summary.get("cast", ())
        speak = [one_line(entry.speaker) for entry in performance.lines if entry.speaker]
        others = [one_line(name) for name in named if isinstance(name, str)] if isinstance(named, Sequence) else []
        return cls(
            one_line(performance.title),
            one_line(setting) if isinstance(setting, str) else "",
            tuple(filter(None, dict.fromkeys([*speak, *others]))),
            performance.language,
        )

"""What is learned about turns, as one file: weights of the two choices and the habits of people. JSON both ways."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import TroupeError
from engine.files import write_text
from engine.turns.habits import Habits


@dataclass(frozen=True)
class Weights:
    """`speaker` and `addressee`: feature -> weight (what is missing has its default); and the habits of each choice.

    `plain` [0, 1] is the share of turns that pick nobody out and so are for the last other speaker.
    """

    speaker: Mapping[str, float] = field(default_factory=dict)
    addressee: Mapping[str, float] = field(default_factory=dict)
    speaking: Habits = field(default_factory=Habits)
    addressing: Habits = field(default_factory=Habits)
    plain: float = 0.8

    def to_json(self) -> str:
        data: dict[str, object] = {
            part: {
                "weights": {name: round(weight, 4) for name, weight in weights.items()},
                "strength": habits.strength,
                "habits": habits.to_data(),
            }
            for part, weights, habits in (
                ("speaker", self.speaker, self.speaking),
                ("addressee", self.addressee, self.addressing),
            )
        }
        data["plain"] = round(self.plain, 4)
        return json.dumps(data, ensure_ascii=False, indent=0, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Weights:
        """Raises TroupeError for text that is not such a file."""
        try:
            data = json.loads(text)
            parts = [data["speaker"], data["addressee"]]
            weights = [{str(name): float(weight) for name, weight in part["weights"].items()} for part in parts]
            plain = float(data["plain"])
            habits = [Habits.from_data(part["strength"], part["habits"]) for part in parts]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise TroupeError(f"not a file of turn weights ({error!r}); python -m engine.train makes one") from error
        return cls(weights[0], weights[1], habits[0], habits[1], plain)

    def save(self, path: Path) -> None:
        write_text(path, self.to_json())

    @classmethod
    def load(cls, path: Path) -> Weights:
        """The weights in a file; the defaults where there is none. Raises TroupeError for a corrupt file."""
        if not path.is_file():
            return cls()
        try:
            return cls.from_json(path.read_text(encoding="utf-8"))
        except (TroupeError, UnicodeDecodeError) as error:
            raise TroupeError(f"{path}: {error}") from error

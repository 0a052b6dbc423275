"""Ids to shown names, and the closing summary: what the stage and the season both tell of what was played."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.drama.relations import Picture
from engine.performance import Change, Entry, Learned
from engine.sheets.persona import Persona


class Transcript:
    """Writes down what happens among `people`, by the names under which they are shown."""

    def __init__(self, personas: Mapping[str, Persona], people: Iterable[str]):
        self.personas, self.people = personas, frozenset(people)

    def name(self, who: str | None) -> str | None:
        """The shown name of an id; what is nobody's id stays as it is."""
        return self.personas[who].name if who is not None and who in self.personas else who

    def changes(self, found: Sequence[Change]) -> tuple[Change, ...]:
        """Changes of the graph with shown names."""
        names = self.personas
        return tuple(
            Change(names[c.source].name, names[c.target].name, c.axis, round(c.before, 4), round(c.after, 4), c.rule)
            for c in found
        )

    def learned(self, found: Sequence[Learned]) -> tuple[Learned, ...]:
        """Who learned what, with shown names."""
        return tuple(
            Learned(self.personas[each.who].name, each.fact, str(self.name(each.by)), each.lost) for each in found
        )

    def picture(self, picture: Picture) -> dict[str, dict[str, dict[str, Any]]]:
        """The graph among the people, by shown names."""
        return {
            self.personas[source].name: {
                self.personas[target].name: {
                    key: round(value, 4) if isinstance(value, float) else value for key, value in edge.items()
                }
                for target, edge in targets.items()
                if target in self.people
            }
            for source, targets in picture.items()
            if source in self.people
        }


def talk(entries: Iterable[Entry]) -> dict[str, dict[str, int]]:
    """Lines and words of each speaker."""
    found: dict[str, dict[str, int]] = {}
    for entry in entries:
        if entry.speaker:
            told = found.setdefault(entry.speaker, {"lines": 0, "words": 0})
            told["lines"] += 1
            told["words"] += len(entry.text.split())
    return found

"""Scripts as the turn engine reads them: scenes of turns between people who are there throughout.

A play without scene breaks is cut where its cast changes. Knows nothing of weights.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from engine.corpus import split
from engine.corpus.turns import Scene, Script
from engine.errors import ScriptError
from engine.sheets.names import Names
from engine.turns.floor import Situation, Spoken
from engine.turns.vocative import Forms

#: A piece of a play without scene breaks, in turns: the shortest, the ordinary, the longest.
SHORTEST, ORDINARY, LONGEST = 25, 40, 55

#: Turns on either side of a possible cut whose speakers are compared.
AROUND = 8


@dataclass(frozen=True)
class TurnScene:
    """One scene: people by ids, `key` its text (for `engine.corpus.split`), `forms` everybody's names.

    `heat` [0, 1] and `affection` [-1, 1] are those of the edge (from, to), where somebody knows them.
    """

    key: str
    turns: tuple[Spoken, ...]
    forms: Forms
    heat: Mapping[tuple[str, str], float] = field(default_factory=dict)
    affection: Mapping[tuple[str, str], float] = field(default_factory=dict)

    @cached_property
    def present(self) -> tuple[str, ...]:
        """Who speaks in the scene, in the order of their first lines."""
        return tuple(dict.fromkeys(turn.speaker for turn in self.turns))

    def situation(self, turn: int, speaker: str | None = None) -> Situation:
        """The situation before the turn of this number (from 0); with `speaker`, edges are hers to the others."""
        history = self.turns[:turn]
        if not self.heat and not self.affection:
            return Situation(self.present, history, self.forms)
        last = history[-1].speaker if history else ""
        edges = {person: (person, last) if speaker is None else (speaker, person) for person in self.present}
        heat = {person: self.heat.get(edge, 0.0) for person, edge in edges.items()}
        affection = {person: self.affection.get(edge, 0.0) for person, edge in edges.items()}
        return Situation(self.present, history, self.forms, heat=heat, affection=affection)

    def named_addressee(self, index: int) -> str | None:
        """Whom the script itself names as addressee of a turn: somebody present, in the cue or called by the line."""
        turn = self.turns[index]
        others = [person for person in self.present if person != turn.speaker]
        if turn.addressee is not None:
            return turn.addressee if turn.addressee in others else None
        return next((person for person in self.forms.read(turn.text).called if person in others), None)


def from_scripts(
    scripts: Iterable[Script], identify: Callable[[str], str | None] = lambda label: None, forms: Forms | None = None
) -> list[TurnScene]:
    """The scenes of scripts that share a cast. A script of one scene only is cut as a play without breaks is.

    `identify` gives the id of a cue's label (a sheet's name); who has none goes by the label in lower case. `forms`
    are the names of all; without them the labels are.
    """

    def who(label: str) -> str:
        return identify(label) or label.casefold()

    scripts = list(scripts)
    if forms is None:
        labels = dict.fromkeys(turn.speaker for script in scripts for turn in script.turns() if turn.speaker)
        people: dict[str, list[str]] = {}
        for label in labels:
            people.setdefault(who(label), []).append(label)
        forms = Forms(people)

    def spoken(scene: Scene) -> tuple[Spoken, ...]:
        return tuple(
            Spoken(who(turn.speaker), turn.text, who(turn.addressee) if turn.addressee else None)
            for turn in scene.turns
            if turn.speaker
        )

    found = []
    for script in scripts:
        if len(script.scenes) == 1 and len(script.scenes[0].turns) > LONGEST:
            found += pieces(spoken(script.scenes[0]), forms)
        else:
            found += [TurnScene(split.key(scene), spoken(scene), forms) for scene in script.scenes]
    return [scene for scene in found if len(scene.turns) > 1]


def scenes_in(scripts: Sequence[Script], names: Names) -> list[TurnScene]:
    """The scenes of a troupe's scripts in one language, whose `names` these are; a speaker without a sheet goes by her label."""
    people = {who: (persona.name, *persona.aliases) for who, persona in names.personas.items()}
    labels = {turn.speaker for script in scripts for turn in script.turns() if turn.speaker}
    strangers = {label.casefold(): (label,) for label in sorted(labels) if not names.owner(label)}
    return from_scripts(scripts, names.owner, Forms({**people, **strangers}))


def from_plays(path: Path) -> dict[str, list[TurnScene]]:
    """Scenes by play from gzipped JSON lines, one turn a line: `{"play", "speaker", "text"}`.

    Raises ScriptError for a file that is not that.
    """
    plays: dict[str, list[Spoken]] = {}
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                plays.setdefault(str(row["play"]), []).append(Spoken(str(row["speaker"]), str(row["text"])))
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise ScriptError(f"{path}: not a gzipped file of JSON lines with play, speaker and text ({error})") from error
    return {
        play: pieces(turns, Forms({turn.speaker: [turn.speaker] for turn in turns})) for play, turns in plays.items()
    }


def pieces(turns: Sequence[Spoken], forms: Forms) -> list[TurnScene]:
    """A play cut into pieces of about `ORDINARY` turns, where those who speak before and after differ most."""
    found, start = [], 0
    while start < len(turns):
        end = len(turns)
        if end - start > LONGEST:
            places = range(start + SHORTEST, start + LONGEST + 1)
            end = min(places, key=lambda place: (_shared(turns, place), abs(place - start - ORDINARY)))
        piece = tuple(turns[start:end])
        found.append(TurnScene("\n".join(f"{turn.speaker}: {turn.text}" for turn in piece), piece, forms))
        start = end
    return found


def _shared(turns: Sequence[Spoken], place: int) -> float:
    """The share of those around a place who speak both before and after it."""
    before = {turn.speaker for turn in turns[max(0, place - AROUND) : place]}
    after = {turn.speaker for turn in turns[place : place + AROUND]}
    return len(before & after) / max(len(before | after), 1)

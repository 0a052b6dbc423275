"""Scripts -> passages: scenes whose lines carry speaker ids, slots and codes, ready to be encoded for training."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine import codes
from engine.corpus import split, topics
from engine.corpus.gist import gist
from engine.corpus.split import Part
from engine.sheets.names import Names
from engine.sheets.persona import Persona
from engine.troupe import Troupe
from engine.voices.sequences import Line

if TYPE_CHECKING:
    from engine.corpus.turns import Scene, Script, Turn


@dataclass(frozen=True)
class Passage:
    """One scene: `lines` as networks see them, `raw` the same lines as written, `addressees` who each is for, `topics` what
    it is about."""

    show: str
    language: str
    part: Part
    path: str
    arc: str | None
    lines: tuple[Line, ...]
    raw: tuple[str, ...]
    numbers: tuple[int, ...]
    addressees: tuple[str | None, ...]
    topics: Mapping[str, str] = field(default_factory=dict)


def passages(troupe: Troupe) -> list[Passage]:
    """All scenes of a troupe's scripts."""
    return _passages(troupe, troupe.scripts)


def continuations(troupe: Troupe) -> list[Passage]:
    """Scenes that networks played and writers took up: what is `played` in them is heard, and the rest learned."""
    return _passages(troupe, troupe.continuations)


def _passages(troupe: Troupe, scripts: Sequence[Script]) -> list[Passage]:
    names = names_by_language(troupe)
    return [
        passage
        for script in scripts
        for passage in passages_of(script, troupe, names.get(script.language, troupe.names))
    ]


def names_by_language(troupe: Troupe) -> dict[str, Names]:
    """The names of those who speak each language."""
    return {language: troupe.names_in(language) for language in codes.LANGUAGES}


def passages_of(script: Script, troupe: Troupe, names: Names) -> list[Passage]:
    """The scenes of one script, in which `names` are those of its language."""
    show, path = troupe.show_of(script.path), troupe.relative(script.path)
    found = [passage(scene, script, names, show, path) for scene in script.scenes]
    return [each for each in found if each.lines]


def passage(scene: Scene, script: Script, names: Names, show: str, path: str) -> Passage:
    speakers = [speaker_id(turn, names) for turn in scene.turns]
    addressees = [addressee(scene.turns, speakers, number, names) for number in range(len(speakers))]
    lines = []
    for turn, speaker, to in zip(scene.turns, speakers, addressees, strict=True):
        lines.append(line(turn, speaker, to, scene, names, script.language))
    return Passage(
        show,
        script.language,
        split.part(split.key(scene)),
        path,
        scene.arc,
        tuple(lines),
        tuple(turn.text for turn in scene.turns),
        tuple(turn.line for turn in scene.turns),
        tuple(addressees),
        scene.topics,
    )


def line(turn: Turn, speaker: str, to: str | None, scene: Scene, names: Names, language: str) -> Line:
    """One line with slots for names and topics, and the codes of its plan and of its addressee.

    A line without an act is of a script that has none: its gist is not read off either, since it may be in any register.
    """
    kind, pronoun = relation(names.personas, speaker, to)

    def hide(text: str) -> str:
        return names.hide(topics.hide(text, scene.topics, language), speaker, to)

    hidden, shown = hide(turn.text), tuple(map(hide, turn.seen))
    who_does_what = gist(hidden, language) if turn.act else None
    return Line(
        speaker, hidden, turn.tone, kind, pronoun, scene.arc, turn.act, who_does_what, topics.said(hidden), turn.played,
        shown,
    )  # fmt: skip


def relation(personas: Mapping[str, Persona], speaker: str, to: str | None) -> tuple[str | None, str | None]:
    """What the addressee is to the speaker, and her pronoun; None where nobody knows."""
    if to == codes.VIEWER:
        return "audience", None
    if to is None or to not in personas or speaker not in personas:
        return None, None
    tie = personas[speaker].relations.get(to)
    return tie.kind if tie else "stranger", personas[to].pronoun


def speaker_id(turn: Turn, names: Names) -> str:
    """The sheet that a cue belongs to; a bit part goes by its label in lower case, nobody by an empty name."""
    if turn.speaker is None:
        return ""
    return names.owner(turn.speaker) or turn.speaker.casefold()


def addressee(turns: Sequence[Turn], speakers: Sequence[str], number: int, names: Names) -> str | None:
    """Who a line is for: as the script says; else whom it calls by name; else the last other speaker, or the next."""
    turn, speaker = turns[number], speakers[number]
    if turn.addressee:
        return names.owner(turn.addressee) or turn.addressee.casefold()
    present = set(speakers)
    for mention in names.mentions(turn.text):
        if mention.who in present and mention.who != speaker and vocative(turn.text, mention.start, mention.stop):
            return mention.who
    persona = names.personas.get(speaker)
    if persona is not None and persona.narrates:
        return codes.VIEWER
    for other in [*reversed(speakers[max(0, number - 6) : number]), *speakers[number + 1 : number + 6]]:
        if other and other != speaker and not (other in names.personas and names.personas[other].narrates):
            return other
    return None


def vocative(text: str, start: int, stop: int) -> bool:
    """Is the name at [start, stop) set off by punctuation on both sides, as when somebody is called?"""
    before, after = text[:start].rstrip(), text[stop:].lstrip()
    return (not before or before[-1] in ",.!?¡¿-:;\"'") and (not after or bool(re.match(r"[,.!?;:\"'-]", after)))

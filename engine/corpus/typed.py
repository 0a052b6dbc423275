"""Paragraphs that say what they are (cue, speech, parenthetical, heading) -> scenes of turns. Knows no file format."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from engine.corpus.cues import manner, name_of
from engine.corpus.reader import Draft
from engine.corpus.text import clean, sayable
from engine.corpus.turns import Turn

Kind = Literal["cue", "speech", "aside", "scene", "within", "other"]

_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("aside", re.compile(r"parenth|wryl|acotaci|dialogdir", re.IGNORECASE)),
    ("speech", re.compile(r"dialog|di[aá]logo|r[eé]plique|speech", re.IGNORECASE)),
    (
        "cue",
        re.compile(r"^(?:.*\s)?(?:character|personaje|personnage|figur|rolle|cue|speaker)(?:\s*name)?$", re.IGNORECASE),
    ),
    ("scene", re.compile(r"scene.?heading|slug|encabezado|sceneheader|scene_header|intitul|szenen", re.IGNORECASE)),
    ("within", re.compile(r"singing|lyric|song|note|comment", re.IGNORECASE)),
)


@dataclass(frozen=True)
class Element:
    """One paragraph, what it is, and where it stands."""

    kind: Kind
    text: str
    line: int = 0


def kind_of(style: str) -> Kind:
    """What the name of a paragraph's style says that it is."""
    return next((kind for kind, pattern in _KINDS if pattern.search(style)), "other")


def drafts(elements: Iterable[Element]) -> list[Draft]:
    """The scenes of some paragraphs; what stands within a speech and is none of its words (songs, notes) is left out."""
    found = [Draft("", 1, [])]
    name, line = "", 0
    spoken: list[str] = []
    aside = ""

    def end() -> None:
        words = clean(" ".join(spoken))
        if name and sayable(words):
            said = manner(aside)
            found[-1].turns.append(Turn(name, words, said.tone, said.addressee, line))
        spoken.clear()

    for element in elements:
        if element.kind == "speech":
            spoken.append(element.text)
        elif element.kind == "aside":
            aside = aside or element.text
        elif element.kind != "within" and element.text.strip():
            end()
            name, aside = "", ""
            if element.kind == "cue":
                name, line = name_of(element.text), element.line
            elif element.kind == "scene":
                found.append(Draft(clean(element.text), element.line, []))
    end()
    return found

"""Writes scripts in the project's own Fountain; `engine.corpus.fountain` reads back the same turns."""

from __future__ import annotations

import re

from engine.corpus.cues import manner, name_of
from engine.corpus.text import clean
from engine.corpus.turns import Scene, Script, Turn

#: Marks that mean something in Fountain; the reader takes the backslash away again.
_SPECIAL = re.compile(r"[\\*_~\[\]]")
#: Words in parentheses that Fountain takes for its own.
_OWN = re.compile(r"\((?=\s*(?:MORE|CONT['’]?D|CONTINUED|MÁS|SIGUE)\s*\))", re.IGNORECASE)
_NO_HEADING = re.compile(r"[\[\](){}*_^@\\~#\x01/<>=!|]+")
_PLACE = re.compile(r"(?:INT|EXT|EST)\. ?\S")


def heading(text: str, number: int) -> str:
    """A heading that is read back as it is: without marks, and beginning with a letter or a digit."""
    found = clean(_NO_HEADING.sub(" ", text)).lstrip(" .-'\",;:?")
    return found if re.match(r"[^\W_]", found) else f"Scene {number}"


def to_fountain(script: Script) -> str:
    """A script as the text of a file. Every speaker must be a name that `engine.adoption.naming.cue_name` gives."""
    pieces = [f"Title: {_escaped(clean(script.title))}", f"Language: {script.language}", ""]
    for scene in script.scenes:
        pieces += _scene(scene)
    return "\n".join(pieces) + "\n"


def _scene(scene: Scene) -> list[str]:
    first = scene.heading if _PLACE.match(scene.heading) else f".{scene.heading}"
    pieces = [first, ""]
    if scene.arc:
        pieces += [f"[[arc: {scene.arc}]]", ""]
    for turn in scene.turns:
        pieces += _speech(turn)
    return pieces


def _speech(turn: Turn) -> list[str]:
    assert turn.speaker
    spoken = _escaped(turn.text)
    rows = [_cue(turn.speaker)]
    parenthetical = _parenthetical(turn)
    if parenthetical:
        rows.append(parenthetical)
    return [*rows, spoken, ""]


def _cue(name: str) -> str:
    """A cue in capitals where that is read as the same name, else a forced one (`@McDuck`)."""
    capitals = name.upper()
    plain = capitals.isupper() and name_of(capitals) == name and capitals[0].isalpha()
    return (
        capitals
        if plain and not capitals.endswith(("TO:", "OUT.", "IN:")) and not _heading_like(capitals)
        else f"@{name}"
    )


def _heading_like(capitals: str) -> bool:
    return capitals[:3] in {"INT", "EXT", "EST", "I/E", "I./"}


def _parenthetical(turn: Turn) -> str:
    """The tone and the addressee as far as they are read back as they are."""
    to = f"to {turn.addressee}" if turn.addressee else ""
    if to and manner(f"({to})").addressee != turn.addressee:
        to = ""
    parts = [part for part in (turn.tone or "", to) if part]
    return f"({', '.join(parts)})" if parts else ""


def _escaped(text: str) -> str:
    escaped = _SPECIAL.sub(r"\\\g<0>", text)
    # A parenthesis cannot be escaped, but emphasis around it is taken away and leaves it where it stands.
    escaped = _OWN.sub("*(*", escaped)
    return f"*(*{escaped[1:]}" if escaped.startswith("(") else escaped

"""Trelby (.trelby) -> turns: two characters before each row say what it is and how it ends.

A reader of our own: the program is no library. The format is described in its `fileformat.txt`.
"""

from __future__ import annotations

from pathlib import Path

from engine.corpus.cues import manner, name_of
from engine.corpus.reader import Draft, Reader, no_dialogue, script
from engine.corpus.text import clean, sayable
from engine.corpus.turns import Script, Turn

EXAMPLE = "#Version 3\n#Start-Script\n.\\INT. KITCHEN - NIGHT\n._MARÍA\n.:I closed it."

#: How a row ends -> what stands between it and the next of its paragraph.
_BREAKS = {">": " ", "+": "  ", "&": "", "|": " ", ".": ""}
_KINDS = frozenset("\\._:(/=%@")


def looks_like(text: str, suffix: str) -> float:
    return 0.99 if text.startswith("#Version ") and ("#Start-Script" in text or "#Begin-Config" in text[:4000]) else 0.0


def read(text: str, path: Path) -> Script:
    """The script in a Trelby file. Raises ScriptError if nobody speaks in it."""
    drafts = [Draft("", 1, [])]
    name, line = "", 0
    spoken: list[str] = []
    asides: list[str] = []
    paragraph = ""

    def end() -> None:
        words = clean(" ".join(spoken))
        if name and sayable(words):
            said = manner(asides[0] if asides else "")
            drafts[-1].turns.append(Turn(name, words, said.tone, said.addressee, line))
        spoken.clear()
        asides.clear()

    for number, row in enumerate(text.split("\n"), 1):
        if len(row) < 2 or row[0] not in _BREAKS or row[1] not in _KINDS:
            continue
        paragraph += row[2:] + _BREAKS[row[0]]
        if row[0] != ".":
            continue
        words, kind, paragraph = paragraph, row[1], ""
        if kind == ":":
            spoken.append(words)
        elif kind == "(":
            asides.append(words)
        elif kind != "%":
            end()
            name, line = (name_of(words), number) if kind == "_" else ("", 0)
            if kind == "\\":
                drafts.append(Draft(clean(words), number, []))
    end()
    looked_for = "rows marked as characters (_) with rows of dialogue (:) below them"
    return script(path, "", drafts, no_dialogue(path, looked_for, EXAMPLE))


READER = Reader("trelby", "Trelby screenplay", (".trelby",), looks_like, read, EXAMPLE)

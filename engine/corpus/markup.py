"""Plays in XML of the PlayShakespeare kind (`<speech>`, `<speaker>`, `<line>`) -> turns."""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree

from engine.corpus import safe_xml
from engine.corpus.cues import manner, name_of
from engine.corpus.reader import Draft, Reader, no_dialogue, script
from engine.corpus.safe_xml import NOT_SPOKEN, attribute, line_of, local, text_of
from engine.corpus.text import clean
from engine.corpus.turns import Script, Turn

EXAMPLE = "<speech>\n  <speaker>María</speaker>\n  <line>I closed it.</line>\n</speech>"


def looks_like(text: str, suffix: str) -> float:
    return (
        0.93 if re.search(r"<speech\b", text, re.IGNORECASE) and re.search(r"<speaker\b", text, re.IGNORECASE) else 0.0
    )


def read(text: str, path: Path) -> Script:
    """The script in PlayShakespeare-style XML (`play`, `act`, `scene`, `speech`, `speaker`, `line`)."""
    root = safe_xml.parse(text, path)
    drafts = [Draft("", 1, [])]
    place: etree._Element | None = None
    for speech in (element for element in root.iter() if local(element) == "speech"):
        around = next((e for e in speech.iterancestors() if local(e) in {"scene", "act", "prologue", "epilogue"}), None)
        if around is not place and around is not None:
            place = around
            drafts.append(Draft(_place(around), line_of(around), []))
        name = " and ".join(name_of(text_of(child)) for child in speech if local(child) == "speaker")
        words = clean(text_of(speech, NOT_SPOKEN, frozenset(["line", "l", "p", "prose"])))
        stage = next((element for element in speech.iter() if local(element).startswith("stage")), None)
        said = manner(clean(text_of(stage))) if stage is not None else manner("")
        if words:
            drafts[-1].turns.append(Turn(name or None, words, said.tone, said.addressee, line_of(speech)))
    title = next((clean(text_of(e)) for e in root.iter() if local(e) == "title"), "")
    return script(path, title, drafts, no_dialogue(path, "<speech> elements with a <speaker>", EXAMPLE))


def _place(element: etree._Element) -> str:
    """The titles of a scene and of the act around it."""
    found: list[str] = []
    for part in [element, *element.iterancestors()]:
        if local(part) not in {"scene", "act", "prologue", "epilogue"}:
            continue
        title = next((c for c in part if local(c) in {"title", "acttitle", "scenetitle", "head"}), None)
        found.append(clean(text_of(title)) if title is not None else f"{local(part)} {attribute(part, 'num')}".strip())
    return " - ".join(reversed(found))


READER = Reader("playxml", "PlayShakespeare-style XML", (".xml",), looks_like, read, EXAMPLE)

"""Plays and scripts as web pages -> turns: elements by their classes, tables of speeches, text set by blanks, paragraphs."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from lxml import etree

from engine import codes
from engine.corpus import plain, safe_xml
from engine.corpus.columns import SPEAKERS, TEXTS, bare
from engine.corpus.cues import manner, name_of
from engine.corpus.reader import Draft, Reader, no_dialogue, script
from engine.corpus.safe_xml import NOT_SPOKEN, attribute, line_of, local, text_of
from engine.corpus.text import clean, sayable, word_set
from engine.corpus.turns import Script, Turn
from engine.errors import ScriptError

EXAMPLE = "<tr><td>María</td><td><i>To Soraya.</i> I closed it.</td></tr>"

_BLOCKS = word_set(
    """
    p div h1 h2 h3 h4 h5 h6 li tr table section blockquote pre dt dd article header footer hr
    """
)
_HEADS = frozenset(["h1", "h2", "h3", "h4"])
_STAGE = re.compile(r"stage|direction|sdir", re.IGNORECASE)
_PERSONA = re.compile(r"persona|speaker|character|charname|\bcue\b", re.IGNORECASE)
_SPEECH = re.compile(r"\b(?:dialog(?:ue)?|speech|utterance|spoken|lines?)\b", re.IGNORECASE)
_MANNER = re.compile(r"parenthetical|\btone\b|\bmanner\b|wryly", re.IGNORECASE)
_SCENE = re.compile(r"scene-?heading|slug-?line|\bslug\b|\bscene\b", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")
#: What a page must be made of to be read by its text.
_PRE = 5


def looks_like(text: str, suffix: str) -> float:
    if re.search(r"<(?:html|body|!doctype html)\b", text[:8000], re.IGNORECASE):
        return 0.92
    return 0.6 if re.search(r"<(?:table|p|div|pre)\b", text[:8000], re.IGNORECASE) else 0.0


def read(text: str, path: Path) -> Script:
    """The script in a web page. Raises ScriptError if neither classes, tables of speeches nor cues in its text are found."""
    written_as_xml = text.lstrip().startswith("<?xml") or 'xmlns="http://www.w3.org/1999/xhtml"' in text[:2000]
    root = safe_xml.parse(text, path) if written_as_xml else safe_xml.parse_html(text, path)
    language = attribute(root, "lang").lower()[:2]
    language = language if language in codes.LANGUAGES else ""
    title = next((clean(text_of(element)) for element in root.iter() if local(element) == "title"), "")
    refusal = no_dialogue(path, "a table with a name and a speech in each row, or cues in the text", EXAMPLE)
    drafts: list[Draft] = []
    for find in (_classes, _rows):
        drafts = find(root)
        if sum(len(draft.turns) for draft in drafts) >= 2:
            return script(path, title, drafts, refusal, language)
    rows, lines = _preformatted(root) or _as_text(root)
    try:
        found = plain.read("\n".join(rows), path)
    except ScriptError:
        return script(path, title, drafts, refusal, language)
    scenes = tuple(
        replace(
            scene,
            line=lines[scene.line - 1],
            turns=tuple(replace(turn, line=lines[turn.line - 1]) for turn in scene.turns),
        )
        for scene in found.scenes
    )
    # The notes of the plain reader speak of lines that the page does not have.
    return replace(found, title=title or path.stem, scenes=scenes, language=language or found.language, notes=())


def _classes(root: etree._Element) -> list[Draft]:
    """Speeches of elements whose classes say what is a cue and what is speech, as screenwriting programs export them."""
    drafts = [Draft("", 1, [])]
    name, line, direction = "", 0, ""
    for element in root.iter():
        kind = attribute(element, "class")
        if not kind or not local(element):
            continue
        inner = any(_SPEECH.search(attribute(child, "class")) for child in element.iterdescendants() if local(child))
        if _PERSONA.search(kind) and not inner:
            name, line, direction = name_of(text_of(element)), line_of(element), ""
        elif _MANNER.search(kind):
            direction = direction or clean(text_of(element))
        elif _SPEECH.search(kind) and not inner and name:
            words = clean(_spoken(element))
            said = manner(direction)
            turns = drafts[-1].turns
            if sayable(words) and turns and turns[-1].line == line and turns[-1].speaker == name:
                turns[-1] = replace(turns[-1], text=f"{turns[-1].text} {words}")
            elif sayable(words):
                turns.append(Turn(name, words, said.tone, said.addressee, line))
        elif _SCENE.search(kind) and not inner and text_of(element).strip() and len(element) < 3:
            drafts.append(Draft(clean(text_of(element)), line_of(element), []))
            name = ""
    return drafts


def _preformatted(root: etree._Element) -> tuple[list[str], list[int]] | None:
    """The text of a page whose script is set by blanks within `<pre>`, as script archives have it."""
    found = [element for element in root.iter() if local(element) == "pre"]
    rows: list[str] = []
    lines: list[int] = []
    for element in found:
        piece = text_of(element).split("\n")
        rows += piece
        lines += [line_of(element) + number for number in range(len(piece))]
    return (rows, lines) if len(rows) >= _PRE else None


def _rows(root: etree._Element) -> list[Draft]:
    """Speeches in table rows of two cells, the first a name; heads between the tables begin scenes."""
    drafts = [Draft("", 1, [])]
    for element in root.iter():
        name = local(element)
        if name in _HEADS:
            drafts.append(Draft(clean(text_of(element)), line_of(element), []))
        elif name == "tr":
            cells = [child for child in element if local(child) in {"td", "th"}]
            if len(cells) == 2 and not _is_header(cells):
                speaker = name_of(_spoken(cells[0]))
                words = clean(_spoken(cells[1]))
                if words and len(speaker) <= 60 and (speaker or _PERSONA.search(attribute(cells[0], "type"))):
                    stage = next((e for e in cells[1].iter() if _is_stage(e)), None)
                    said = manner(clean(text_of(stage)).rstrip(".")) if stage is not None else manner("")
                    turn = Turn(speaker or None, words, said.tone, said.addressee, line_of(element))
                    drafts[-1].turns.append(turn)
    return drafts


def _is_header(cells: list[etree._Element]) -> bool:
    """Whether a row holds the heads of its columns."""
    names = [bare(text_of(cell)) for cell in cells]
    return all(local(cell) == "th" for cell in cells) or (names[0] in SPEAKERS and names[1] in TEXTS)


def _spoken(element: etree._Element) -> str:
    """The words of an element without its stage directions."""
    pieces = [element.text or ""]
    for child in element:
        if local(child) and not _is_stage(child) and local(child) not in NOT_SPOKEN:
            gap = " " if local(child) in _BLOCKS or local(child) == "br" else ""
            pieces += [gap, _spoken(child), gap]
        pieces.append(child.tail or "")
    return "".join(pieces)


def _is_stage(element: etree._Element) -> bool:
    return bool(local(element)) and bool(_STAGE.search(attribute(element, "type") + " " + attribute(element, "class")))


def _as_text(root: etree._Element) -> tuple[list[str], list[int]]:
    """The page as plain text, a paragraph a line and a blank one after it, and the page's line for each of them."""
    rows: list[str] = []
    lines: list[int] = []
    at = [1]

    def end() -> None:
        rows.append("")
        lines.append(at[0])

    def add(text: str) -> None:
        rows[-1] += _BLANKS.sub(" ", text if rows[-1] else text.lstrip())

    def walk(element: etree._Element) -> None:
        name = local(element)
        if not name or name in {"script", "style", "head", "title"}:
            return
        at[0] = line_of(element) or at[0]
        block = name in _BLOCKS
        if block:
            end()
            end()
        # Italics around a bold name are how the speech of a voice on the telephone is set, say.
        slanted = name in {"i", "em"} and next(element.iter("{*}b", "{*}strong"), None) is None
        stage = _is_stage(element) or (slanted and len(text_of(element).split()) > 2)
        cue = bool(_PERSONA.search(attribute(element, "class")))
        if stage:
            add(" [")
        if element.text:
            add(element.text.upper() if cue else element.text)
        for child in element:
            walk(child)
            if child.tail:
                add(child.tail)
        if stage:
            add("] ")
        if name == "br":
            end()
        if block:
            end()
            end()

    end()
    walk(root)
    return rows, lines


READER = Reader("html", "web page of a play", (".html", ".htm", ".xhtml"), looks_like, read, EXAMPLE)

"""Plays as web pages and as XML -> turns: tables of speeches (Standard Ebooks), Gutenberg HTML, `<speech>` XML."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from lxml import etree

from engine import codes
from engine.corpus import plain, safe_xml
from engine.corpus.cues import manner, name_of
from engine.corpus.reader import Draft, Reader, no_dialogue, script
from engine.corpus.safe_xml import attribute, line_of, local, text_of
from engine.corpus.text import clean, word_set
from engine.corpus.turns import Script, Turn
from engine.errors import ScriptError

HTML_EXAMPLE = "<tr><td>María</td><td><i>To Soraya.</i> I closed it.</td></tr>"
XML_EXAMPLE = "<speech>\n  <speaker>María</speaker>\n  <line>I closed it.</line>\n</speech>"

_NOT_SPOKEN = frozenset(["stagedir", "stage", "speaker", "note", "sidenote", "comment", "script", "style"])
_BLOCKS = word_set(
    """
    p div h1 h2 h3 h4 h5 h6 li tr table section blockquote pre dt dd article header footer hr
    """
)
_HEADS = frozenset(["h1", "h2", "h3", "h4"])
_STAGE = re.compile(r"stage|direction|sdir", re.IGNORECASE)
_PERSONA = re.compile(r"persona|speaker|character|charname|\bcue\b", re.IGNORECASE)


def looks_like_xml(text: str, suffix: str) -> float:
    return 0.93 if re.search(r"<speech\b", text, re.IGNORECASE) and re.search(r"<speaker\b", text, re.IGNORECASE) else 0.0


def looks_like_html(text: str, suffix: str) -> float:
    if re.search(r"<(?:html|body|!doctype html)\b", text[:8000], re.IGNORECASE):
        return 0.92
    return 0.6 if re.search(r"<(?:table|p|div|pre)\b", text[:8000], re.IGNORECASE) else 0.0


def read_xml(text: str, path: Path) -> Script:
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
        words = clean(text_of(speech, _NOT_SPOKEN, frozenset(["line", "l", "p", "prose"])))
        stage = next((element for element in speech.iter() if local(element).startswith("stage")), None)
        said = manner(clean(text_of(stage))) if stage is not None else manner("")
        if words:
            drafts[-1].turns.append(Turn(name or None, words, said.tone, said.addressee, line_of(speech)))
    title = next((clean(text_of(e)) for e in root.iter() if local(e) == "title"), "")
    return script(path, title, drafts, no_dialogue(path, "<speech> elements with a <speaker>", XML_EXAMPLE))


def read_html(text: str, path: Path) -> Script:
    """The script in a web page. Raises ScriptError if neither a table of speeches nor cues in its text are found."""
    written_as_xml = text.lstrip().startswith("<?xml") or 'xmlns="http://www.w3.org/1999/xhtml"' in text[:2000]
    root = safe_xml.parse(text, path) if written_as_xml else safe_xml.parse_html(text, path)
    language = attribute(root, "lang").lower()[:2]
    language = language if language in codes.LANGUAGES else ""
    title = next((clean(text_of(element)) for element in root.iter() if local(element) == "title"), "")
    drafts = _rows(root)
    refusal = no_dialogue(path, "a table with a name and a speech in each row, or cues in the text", HTML_EXAMPLE)
    if sum(len(draft.turns) for draft in drafts) >= 2:
        return script(path, title, drafts, refusal, language)
    rows, lines = _as_text(root)
    try:
        read = plain.read("\n".join(rows), path)
    except ScriptError:
        return script(path, title, drafts, refusal, language)
    scenes = tuple(
        replace(
            scene,
            line=lines[scene.line - 1],
            turns=tuple(replace(turn, line=lines[turn.line - 1]) for turn in scene.turns),
        )
        for scene in read.scenes
    )
    # The notes of the plain reader speak of lines that the page does not have.
    return replace(read, title=title or path.stem, scenes=scenes, language=language or read.language, notes=())


def _rows(root: etree._Element) -> list[Draft]:
    """Speeches in table rows of two cells, the first a name; heads between the tables begin scenes."""
    drafts = [Draft("", 1, [])]
    for element in root.iter():
        name = local(element)
        if name in _HEADS:
            drafts.append(Draft(clean(text_of(element)), line_of(element), []))
        elif name == "tr":
            cells = [child for child in element if local(child) in {"td", "th"}]
            if len(cells) == 2:
                speaker = name_of(_spoken(cells[0]))
                words = clean(_spoken(cells[1]))
                if words and len(speaker) <= 60 and (speaker or _PERSONA.search(attribute(cells[0], "type"))):
                    stage = next((e for e in cells[1].iter() if _is_stage(e)), None)
                    said = manner(clean(text_of(stage)).rstrip(".")) if stage is not None else manner("")
                    turn = Turn(speaker or None, words, said.tone, said.addressee, line_of(element))
                    drafts[-1].turns.append(turn)
    return drafts


def _spoken(element: etree._Element) -> str:
    """The words of an element without its stage directions."""
    pieces = [element.text or ""]
    for child in element:
        if local(child) and not _is_stage(child) and local(child) not in _NOT_SPOKEN:
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
        rows[-1] += " ".join(text.split()) if not rows[-1] else re.sub(r"\s+", " ", text)

    def walk(element: etree._Element) -> None:
        name = local(element)
        if not name or name in {"script", "style", "head", "title"}:
            return
        at[0] = line_of(element) or at[0]
        block = name in _BLOCKS
        if block:
            end()
            end()
        stage = _is_stage(element) or (name in {"i", "em"} and len(text_of(element).split()) > 2)
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


def _place(element: etree._Element) -> str:
    """The titles of a scene and of the act around it."""
    found: list[str] = []
    for part in [element, *element.iterancestors()]:
        if local(part) not in {"scene", "act", "prologue", "epilogue"}:
            continue
        title = next((c for c in part if local(c) in {"title", "acttitle", "scenetitle", "head"}), None)
        found.append(clean(text_of(title)) if title is not None else f"{local(part)} {attribute(part, 'num')}".strip())
    return " - ".join(reversed(found))


XML_READER = Reader("playxml", "PlayShakespeare-style XML", (".xml",), looks_like_xml, read_xml, XML_EXAMPLE)
HTML_READER = Reader(
    "html", "web page of a play", (".html", ".htm", ".xhtml"), looks_like_html, read_html, HTML_EXAMPLE
)

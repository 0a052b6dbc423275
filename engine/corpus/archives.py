"""Screenwriting programs that save a zip or a data base -> turns: Celtx, Highland, Fade In, Scrite, KIT Scenarist, Story Architect.

What is inside is HTML, Fountain, Open Screenplay Format, JSON, or XML by the name of each paragraph.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

from engine.corpus import fountain, packed, pages, safe_xml, typed
from engine.corpus.reader import FileReader, Reader, no_dialogue, script
from engine.corpus.safe_xml import attribute, line_of, local, text_of
from engine.corpus.text import decode
from engine.corpus.turns import Script
from engine.corpus.typed import Element
from engine.errors import ScriptError

OSF_EXAMPLE = (
    '<document type="Open Screenplay Format document"><paragraphs>\n'
    '<para><style basestyle="Character"/><text>MARÍA</text></para>\n'
    '<para><style basestyle="Dialogue"/><text>I closed it.</text></para>\n</paragraphs></document>'
)
_LOOKED_FOR = "paragraphs of characters with paragraphs of dialogue after them"
_SQLITE = b"SQLite format 3\0"
#: Rows of a data base that are looked at.
_MOST_ROWS = 2000
_TAGS = frozenset(
    [
        "scene_heading",
        "character",
        "dialogue",
        "parenthetical",
        "lyrics",
        "action",
        "transition",
        "shot",
        "scene_description",
        "inline_note",
    ]
)


def read_celtx(data: bytes, path: Path) -> Script:
    """The script in a Celtx project, which keeps it as HTML by class."""
    return pages.read(_member(data, path, ".html", "script"), path)


def read_highland(data: bytes, path: Path) -> Script:
    """The script in a Highland file or a TextBundle, which keep it as Fountain."""
    return fountain.read(_member(data, path, (".fountain", ".md", ".txt", ".markdown"), "text"), path)


def read_fadein(data: bytes, path: Path) -> Script:
    """The script in a Fade In file, which keeps it in Open Screenplay Format."""
    return read_osf(_member(data, path, ".xml", "document"), path)


def looks_like_osf(text: str, suffix: str) -> float:
    return (
        0.97
        if "Open Screenplay Format" in text[:4000] or ("<paragraphs" in text[:20_000] and "basestyle" in text)
        else 0.0
    )


def read_osf(text: str, path: Path) -> Script:
    """The script in Open Screenplay Format, the XML of Fade In."""
    root = safe_xml.parse(text, path)
    elements = [Element(_osf_kind(para), "".join(_osf_text(para)), line_of(para)) for para in root.iter("{*}para")]
    title = next((attribute(info, "title") for info in root.iter("{*}info")), "")
    return script(path, title, typed.drafts(elements), no_dialogue(path, _LOOKED_FOR, OSF_EXAMPLE))


def _osf_kind(para: safe_xml.Tree) -> typed.Kind:
    style = next((child for child in para if local(child) == "style"), None)
    name = (
        attribute(style, "basestylename") or attribute(style, "basestyle") or attribute(style, "name")
        if style is not None
        else ""
    )
    return typed.kind_of(name)


def _osf_text(para: safe_xml.Tree) -> Iterator[str]:
    for child in para:
        if local(child) == "text":
            yield text_of(child)


def read_scrite(data: bytes, path: Path) -> Script:
    """The script in a Scrite file: JSON of scenes with typed elements."""
    with packed.checked(data, path) as archive:
        name = next((name for name in archive.namelist() if name.endswith("header.json")), "")
        text = decode(packed.member(archive, name, path))
    try:
        saved = json.loads(text, strict=False)
        scenes = [entry["scene"] for entry in saved["structure"]["elements"] if isinstance(entry.get("scene"), dict)]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ScriptError(f"{path}: this Scrite file is damaged: {error!r:.100}") from error
    return script(
        path, "", typed.drafts(_scrite(scenes)), no_dialogue(path, _LOOKED_FOR, "a scene with Character and Dialogue")
    )


def _scrite(scenes: list[dict[str, object]]) -> Iterator[Element]:
    for scene in scenes:
        heading = scene.get("heading")
        if isinstance(heading, dict):
            parts = [str(heading.get(key) or "") for key in ("locationType", "location", "moment")]
            yield Element("scene", f"{parts[0]}. {parts[1]} - {parts[2]}")
        elements = scene.get("elements")
        for element in elements if isinstance(elements, list) else ():
            if isinstance(element, dict):
                yield Element(typed.kind_of(str(element.get("type") or "")), str(element.get("text") or ""))


def read_database(data: bytes, path: Path) -> Script:
    """The script in a file of KIT Scenarist or Story Architect: a data base with the script as XML."""
    texts = list(_database(data, path))
    best: list[Element] = []
    for text in texts:
        root = safe_xml.parse(text, path)
        found = [
            Element(typed.kind_of(local(element).replace("_", " ")), text_of(element).strip())
            for element in root.iter()
            if local(element) in _TAGS
        ]
        best = max(best, found, key=lambda elements: sum(element.kind == "speech" for element in elements))
    return script(
        path, "", typed.drafts(best), no_dialogue(path, _LOOKED_FOR, "a script of KIT Scenarist or Story Architect")
    )


def _database(data: bytes, path: Path) -> Iterator[str]:
    """Every text of a data base that holds a script."""
    if not data:
        raise ScriptError(f"{path}: the file is empty")
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(data)
        connection.text_factory = bytes
        for table, column in (("scenario", "text"), ("documents", "content")):
            try:
                # The names are constants of the line above.
                rows = connection.execute(f"SELECT {column} FROM {table} LIMIT {_MOST_ROWS}").fetchall()
            except sqlite3.Error:
                continue
            for (value,) in rows:
                text = _unpacked(value)
                if "<dialogue" in text and "<character" in text:
                    yield text
    except sqlite3.Error as error:
        raise ScriptError(f"{path}: this file is damaged: {error}") from error
    finally:
        connection.close()


def _unpacked(value: object) -> str:
    """A cell as text: as it is, or packed by zlib (in Qt's way, with a length before it), or in base 64."""
    if not isinstance(value, bytes):
        return ""
    if b"<" in value[:40]:
        return value.decode("utf-8", "replace")
    for start in (0, 4):
        try:
            raw = value if start else b64decode(value, validate=True)
            unpacker = zlib.decompressobj()
            return unpacker.decompress(raw[4:], packed.MOST).decode("utf-8", "replace")
        except (ValueError, zlib.error):
            continue
    return ""


def _member(data: bytes, path: Path, suffix: str | tuple[str, ...], stem: str) -> str:
    """The text of the file in a zip that holds the script: of those with a suffix, one with a name, or the largest."""
    with packed.checked(data, path) as archive:
        found = [info for info in archive.infolist() if info.filename.lower().endswith(suffix)]
        if not found:
            raise ScriptError(f"{path}: there is no script in it; export it as Fountain or Final Draft")
        best = max(found, key=lambda info: (Path(info.filename).name.lower().startswith(stem), info.file_size))
        return decode(packed.member(archive, best.filename, path))


def _has(*wanted: str) -> packed.Test:
    """Whether a file is a zip that holds a file whose name begins and ends so."""

    def test(data: bytes, suffix: str) -> bool:
        return any(
            Path(name).name.lower().startswith(wanted[0]) and name.lower().endswith(wanted[1:])
            for name in packed.names(data)
        )

    return test


def _is_highland(data: bytes, suffix: str) -> bool:
    return _has("text", ".md", ".fountain", ".txt", ".markdown")(data, suffix) and suffix != ".odt"


OSF = Reader("osf", "Open Screenplay Format", (".osf",), looks_like_osf, read_osf, OSF_EXAMPLE)
FILE_READERS = (
    FileReader("celtx", "Celtx project", (".celtx",), _has("script", ".html"), read_celtx),
    FileReader("scrite", "Scrite screenplay", (".scrite",), _has("_header", ".json"), read_scrite),
    FileReader("fadein", "Fade In screenplay", (".fadein",), _has("document.xml", "document.xml"), read_fadein),
    FileReader(
        "highland", "Highland or TextBundle", (".highland", ".textpack", ".textbundle"), _is_highland, read_highland
    ),
    FileReader(
        "scenarist",
        "KIT Scenarist or Story Architect",
        (".kitsp", ".starc"),
        lambda data, suffix: data.startswith(_SQLITE),
        read_database,
    ),
)

"""Word processors' files -> turns: DOCX by `python-docx`, ODT by its XML, RTF by `striprtf`.

A paragraph counts by its style where a screenplay template was used (Character, Dialogue), else by its indent and its
words, as plain text. ODT is read here over lxml: `odfpy`, the one library for it, has had no release since 2020.
Loaded when first needed: `python-docx` takes a fifth of a second to import.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from engine.corpus import packed, plain, safe_xml, tables, typed
from engine.corpus.reader import FileReader, Reader, no_dialogue, script
from engine.corpus.safe_xml import attribute, local
from engine.corpus.text import tidy
from engine.corpus.turns import Script
from engine.errors import ScriptError

#: Points of a character of typewriter text, and the indent of what is centred.
_POINTS, _CENTRED = 7.2, 24
_TWIPS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75, "pc": 12.0}
_LENGTH = re.compile(r"(-?\d{1,6}(?:\.\d{1,6})?)(pt|in|cm|mm|px|pc)")
_RTF_EXAMPLE = r"{\rtf1\ansi MAR\'cdA: I closed it.\par}"


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, the name of its style, and its indent in characters."""

    text: str
    style: str = ""
    indent: int = 0


#: What a document is made of: paragraphs, and tables of rows of cells.
Part = Paragraph | list[list[str]]


def read_parts(parts: Iterable[Part], path: Path, title: str = "") -> Script:
    """The script in the paragraphs and tables of a document. Raises ScriptError if nobody speaks in it."""
    found = list(parts)
    elements = [
        typed.Element(typed.kind_of(part.style), tidy(part.text), number)
        for number, part in enumerate(found, 1)
        if isinstance(part, Paragraph)
    ]
    drafts = typed.drafts(elements)
    if sum(len(draft.turns) for draft in drafts) >= 2:
        return script(path, title, drafts, no_dialogue(path, plain.LOOKED_FOR, plain.EXAMPLE))
    rows = [part for part in found if isinstance(part, list)]
    paragraphs = [part for part in found if isinstance(part, Paragraph) and part.text.strip()]
    if rows and sum(map(len, rows)) > len(paragraphs) / 2:
        together = [row for part in rows for row in part]
        if tables.table(tables.rows_of(together)) is not None:
            return tables.read_rows(tables.rows_of(together), path)
    return plain.read(tidy("\n".join(_as_rows(found))), path)


def _as_rows(parts: Sequence[Part]) -> Iterator[str]:
    """A document as plain text. Paragraphs without blank ones between them are set apart by blank rows."""
    gaps = any(isinstance(part, Paragraph) and not part.text.strip() for part in parts[1:-1])
    for part in parts:
        if isinstance(part, Paragraph):
            yield from (f"{' ' * part.indent}{row}" if row.strip() else "" for row in part.text.split("\n"))
            if not gaps:
                yield ""
        else:
            for row in part:
                cells = [" ".join(cell.split()) for cell in row if cell.strip()]
                yield f"{cells[0].rstrip(':')}: {' '.join(cells[1:])}" if len(cells) > 1 else "".join(cells)
            yield ""


def read_docx(data: bytes, path: Path) -> Script:
    """The script in a Word file. Raises ScriptError if it is damaged, or if nobody speaks in it."""
    import docx
    import docx.opc.exceptions
    from docx.table import Table

    packed.checked(data, path).close()
    try:
        document = docx.Document(io.BytesIO(data))
        parts: list[Part] = []
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                parts.append([[cell.text for cell in row.cells] for row in block.rows])
                continue
            style = block.style.name or "" if block.style is not None else ""
            left = block.paragraph_format.left_indent or (
                block.style.paragraph_format.left_indent if block.style else None
            )
            centred = block.alignment is not None and int(block.alignment) == 1
            parts.append(
                Paragraph(block.text, style, _CENTRED if centred else max(0, round((left.pt if left else 0) / _POINTS)))
            )
        title = document.core_properties.title or ""
    except (docx.opc.exceptions.OpcError, KeyError, ValueError, AttributeError, TypeError, IndexError, etree.LxmlError, OSError, RecursionError) as error:  # fmt: skip
        raise ScriptError(
            f"{path}: this Word file is damaged ({str(error)[:120]}); save it again, or as text"
        ) from error
    return read_parts(parts, path, " ".join(title.split()))


def read_odt(data: bytes, path: Path) -> Script:
    """The script in an OpenDocument text. Raises ScriptError if it is damaged, or if nobody speaks in it."""
    with packed.checked(data, path) as archive:
        root = safe_xml.parse(packed.member(archive, "content.xml", path).decode("utf-8", "replace"), path)
        names = archive.namelist()
        styled = packed.member(archive, "styles.xml", path).decode("utf-8", "replace") if "styles.xml" in names else ""
    styles = _odt_styles([root, *([safe_xml.parse(styled, path)] if styled else [])])
    body = next((element for element in root.iter() if local(element) == "text" and len(element)), root)
    return read_parts(_odt_parts(body, styles), path)


def _odt_styles(roots: Sequence[etree._Element]) -> dict[str, tuple[str, int]]:
    """The name that a writer sees, and the indent, of each style."""
    found: dict[str, tuple[str, str, int]] = {}
    for root in roots:
        for style in root.iter("{*}style"):
            name, parent = attribute(style, "name"), attribute(style, "parent-style-name")
            shown = attribute(style, "display-name") or name
            properties = next((child for child in style if local(child) == "paragraph-properties"), None)
            left = _LENGTH.match(attribute(properties, "margin-left")) if properties is not None else None
            indent = round(float(left[1]) * _TWIPS[left[2]] / _POINTS) if left else 0
            if properties is not None and attribute(properties, "text-align") == "center":
                indent = _CENTRED
            found[name] = (shown, parent, max(0, indent))
    resolved = {}
    for name, (shown, parent, indent) in found.items():
        above = found.get(parent, ("", "", 0))
        # Automatic styles (P1, P2 ...) are called after what they change.
        resolved[name] = (above[0] if re.fullmatch(r"P\d+", name) and above[0] else shown, indent or above[2])
    return resolved


def _odt_parts(body: etree._Element, styles: dict[str, tuple[str, int]]) -> Iterator[Part]:
    for element in body:
        name = local(element)
        if name in {"p", "h"}:
            style, indent = styles.get(attribute(element, "style-name"), (attribute(element, "style-name"), 0))
            yield Paragraph(_odt_text(element), style.replace("_20_", " "), indent)
        elif name == "table":
            rows = list(element.iter("{*}table-row"))
            yield [
                ["\n".join(_odt_text(p) for p in cell.iter("{*}p")) for cell in row if local(cell) == "table-cell"]
                for row in rows
            ]
        elif name in {"section", "list", "list-item", "index-body"}:
            yield from _odt_parts(element, styles)


def _odt_text(element: etree._Element) -> str:
    pieces = [element.text or ""]
    for child in element:
        name = local(child)
        if name == "s":
            pieces.append(
                " " * min(200, int(attribute(child, "c") or 1) if (attribute(child, "c") or "1").isdecimal() else 1)
            )
        elif name == "tab":
            pieces.append("\t")
        elif name == "line-break":
            pieces.append("\n")
        elif name not in {"note", "annotation", "annotation-end", ""}:
            pieces.append(_odt_text(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def looks_like_rtf(text: str, suffix: str) -> float:
    return 1.0 if text.lstrip()[:6].startswith("{\\rtf") else 0.0


def read_rtf(text: str, path: Path) -> Script:
    """The script in rich text. Raises ScriptError if nobody speaks in it."""
    from striprtf.striprtf import rtf_to_text

    try:
        words = str(rtf_to_text(text, errors="replace"))  # type: ignore[no-untyped-call,unused-ignore]
    except (ValueError, IndexError, LookupError, TypeError, RecursionError) as error:
        raise ScriptError(f"{path}: this rich text (RTF) is damaged: {error}; save it as text") from error
    return plain.read(tidy(words), path)


DOCX = FileReader(
    "docx", "Word document", (".docx",), lambda data, suffix: "word/document.xml" in packed.names(data), read_docx
)
ODT = FileReader(
    "odt",
    "OpenDocument text",
    (".odt", ".ott"),
    lambda data, suffix: b"opendocument.text" in data[:200] and "content.xml" in packed.names(data),
    read_odt,
)
RTF = Reader("rtf", "rich text (RTF)", (".rtf",), looks_like_rtf, read_rtf, _RTF_EXAMPLE)

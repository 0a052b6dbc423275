"""XML of strangers -> a tree with line numbers: no entity is expanded, nothing outside the file is opened."""

from __future__ import annotations

import html
import html.entities
import re
from collections.abc import Container, Iterator
from pathlib import Path

from lxml import etree

from engine.errors import ScriptError

Tree = etree._Element
#: Elements of plays in XML and HTML whose text nobody speaks.
NOT_SPOKEN = frozenset(["stagedir", "stage", "speaker", "note", "sidenote", "comment", "script", "style"])

_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]*);")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[<>]{0,2000}(\[[^\[\]]{0,20000}\]\s{0,20})?>", re.IGNORECASE)
_SURROGATE = re.compile(
    r"&#(?:[xX]0*[dD][89a-fA-F][0-9a-fA-F]{2}|0*5(?:5(?:29[6-9]|[3-9]\d\d)|6\d{3}|7(?:[0-2]\d\d|3[0-3]\d|34[0-3])));"
)


def parse(text: str, path: Path) -> etree._Element:
    """The root of an XML text; what is not well-formed is mended where it can be.

    Raises ScriptError for text that declares entities (the way of every XML bomb) or that is no XML at all.
    """
    if "<!ENTITY" in text:
        line = text.count("\n", 0, text.index("<!ENTITY")) + 1
        raise ScriptError(f"{path}:{line}: this XML declares entities, which are not read; remove the declarations")
    # Without its declaration &nbsp; would be an error: HTML's names are plain characters here.
    text = _ENTITY.sub(_character, _DOCTYPE.sub(_lines, text, count=1))
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_pis=True
    )
    return _root(text.lstrip(), parser, path)


def parse_html(text: str, path: Path) -> etree._Element:
    """The root of an HTML text, however loosely written. Raises ScriptError for text without any element."""
    return _root(text, etree.HTMLParser(encoding="utf-8", no_network=True, recover=True, remove_pis=True), path)


def local(element: etree._Element) -> str:
    """An element's name without its namespace, in lower case; empty for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str:
    """An attribute by its local name, whatever its namespace or case; empty if it is not there."""
    for key, value in element.attrib.items():
        bare = str(key).rpartition("}")[2].rpartition(":")[2]
        if bare.lower() == name:
            return str(value)
    return ""


def line_of(element: etree._Element) -> int:
    return int(element.sourceline or 0)


def text_of(element: etree._Element, without: Container[str] = (), breaks: Container[str] = ()) -> str:
    """The text in an element; elements named in `without` are left out, those in `breaks` end a line."""
    return "".join(_pieces(element, without, breaks))


def _pieces(element: etree._Element, without: Container[str], breaks: Container[str]) -> Iterator[str]:
    if element.text:
        yield element.text
    for child in element:
        name = local(child)
        if name in breaks:
            yield "\n"
        if name and name not in without:
            yield from _pieces(child, without, breaks)
        if child.tail:
            yield child.tail


def _root(text: str, parser: etree.XMLParser | etree.HTMLParser, path: Path) -> etree._Element:
    try:
        # A character reference to half a character (&#xD800;) would come out of the tree as bytes that are no text.
        root = etree.fromstring(_SURROGATE.sub("\ufffd", text).encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ScriptError(f"{path}: this is not the XML that it looks like: {error}") from error
    if root is None:
        raise ScriptError(f"{path}: this is not the XML that it looks like: it has no element")
    return root


def _character(match: re.Match[str]) -> str:
    return html.unescape(match[0]).replace("<", "&lt;").replace("&", "&amp;") if match[1] + ";" in _NAMES else match[0]


def _lines(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


_NAMES = frozenset(html.entities.html5)

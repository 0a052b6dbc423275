"""Captions of broadcasting, SCC and EBU STL -> captions -> turns, read by `ttconv`, which decodes their code tables.

Of `ttconv` and `pycaption`, which read SCC both, the first reads STL too and needs no other package.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.corpus import captions
from engine.corpus.captions import Caption
from engine.corpus.reader import FileReader, Reader, no_dialogue, script
from engine.corpus.turns import Script
from engine.errors import ScriptError

SCC_EXAMPLE = "Scenarist_SCC V1.0\n\n00:00:01:00\t9420 9420 94d0 94d0 c8e5 ecec ef80 942f 942f"
_LOOKED_FOR = "captions with text"
#: What the library logs (a caption beyond the safe area of a screen) is nothing that a writer could use.
logging.getLogger("ttconv").setLevel(logging.CRITICAL)
_STL_MAGIC = re.compile(rb"\d{3}STL\d\d\.\d[012]")


def looks_like_scc(text: str, suffix: str) -> float:
    return 1.0 if text[:200].lstrip().startswith("Scenarist_SCC") else 0.0


def read_scc(text: str, path: Path) -> Script:
    """The script in SCC captions, the codes of which are line 21 of old television."""
    from ttconv.scc.reader import to_model

    lines = {number: line for line, number in _clocks(text)}
    try:
        return _script(to_model(text), path, lines, SCC_EXAMPLE)
    except ScriptError:
        raise
    except Exception as error:  # the library lets many kinds out for codes that it does not know
        raise ScriptError(
            f"{path}: these captions (SCC) are damaged: {str(error)[:120] or type(error).__name__}"
        ) from error


def read_stl(data: bytes, path: Path) -> Script:
    """The script in EBU STL captions."""
    from ttconv.stl.reader import to_model

    try:
        return _script(to_model(io.BytesIO(data)), path, {}, "a file as an EBU STL editor saves it")
    except ScriptError:
        raise
    except Exception as error:
        raise ScriptError(
            f"{path}: these captions (EBU STL) are damaged: {str(error)[:120] or type(error).__name__}"
        ) from error


def _script(document: Any, path: Path, lines: dict[float, int], example: str) -> Script:
    found = (
        sorted(_captions(document.get_body(), 0.0), key=lambda caption: caption.start or 0.0)
        if document.get_body()
        else []
    )
    numbered = [Caption(c.text, lines.get(round(c.start or 0.0, 1), 0), c.start, c.end) for c in found]
    drafts, notes = captions.drafts(numbered)
    return script(path, "", drafts, no_dialogue(path, _LOOKED_FOR, example), notes=notes)


def _captions(element: Any, base: float) -> Iterator[Caption]:
    """The paragraphs of a document with their times."""
    begin = base + float(element.get_begin() or 0)
    if type(element).__name__ == "P":
        end = base + float(element.get_end()) if element.get_end() is not None else None
        yield Caption("".join(_text(element)).strip("\n"), 0, begin, end)
        return
    for child in element:
        yield from _captions(child, begin)


def _text(element: Any) -> Iterator[str]:
    kind = type(element).__name__
    if kind == "Text":
        yield element.get_text()
    elif kind == "Br":
        yield "\n"
    for child in element:
        yield from _text(child)


def _clocks(text: str) -> Iterator[tuple[int, float]]:
    """Lines that begin with a time, and the seconds."""
    for line, row in enumerate(text.split("\n"), 1):
        match = re.match(r"(\d\d):(\d\d):(\d\d)[:;](\d\d)\t", row)
        if match:
            hours, minutes, seconds, frames = map(int, match.groups())
            yield line, round(hours * 3600 + minutes * 60 + seconds + frames / 30, 1)


SCC = Reader("scc", "SCC captions", (".scc",), looks_like_scc, read_scc, SCC_EXAMPLE)
STL = FileReader("stl", "EBU STL captions", (".stl",), lambda data, suffix: bool(_STL_MAGIC.match(data[:11])), read_stl)

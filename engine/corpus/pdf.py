"""Screenplays in PDF -> turns, read by `pdfplumber`: rows by height, margins by where a row begins.

Speech is told from action by its margin and cues by capitals, as a reader tells them (`engine.corpus.alone`).
"""

from __future__ import annotations

import io
import itertools
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from engine.corpus import plain
from engine.corpus.reader import FileReader
from engine.corpus.text import tidy
from engine.corpus.turns import Script
from engine.errors import ScriptError

#: Words whose tops differ by less stand in one row; a gap of so many usual ones is a blank row. In points.
SAME_ROW, BLANK = 3.0, 1.6
#: The width of a character that indents and gaps are counted in: that of Courier of twelve points.
CHARACTER = 7.2
#: What the library logs about fonts and colours is nothing that a writer could use.
logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
#: Scripts have no more pages.
MOST_PAGES = 2000


def read(data: bytes, path: Path) -> Script:
    """The script in a PDF. Raises ScriptError if it is locked, damaged, or holds pictures of pages instead of text."""
    import pdfplumber
    from pdfminer.pdfexceptions import PDFException

    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            pages = [page.extract_words(x_tolerance=2, y_tolerance=3) for page in document.pages[:MOST_PAGES]]
            title = str((document.metadata or {}).get("Title") or "")
    except (
        PDFException,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        AssertionError,
        OSError,
        RecursionError,
    ) as error:
        raise ScriptError(
            f"{path}: this PDF cannot be read ({str(error)[:120] or type(error).__name__}); is it locked? Export it as text"
        ) from error
    except Exception as error:
        if type(error).__module__.startswith(("pdfminer", "pdfplumber", "pypdfium2")):
            raise ScriptError(
                f"{path}: this PDF cannot be read ({type(error).__name__}); is it locked? Export it as text"
            ) from error
        raise
    if not any(pages):
        raise ScriptError(
            f"{path}: there is no text in this PDF: it holds pictures of pages; run a text recognition (OCR) over it"
        )
    return plain.read(tidy("\n".join(_rows(pages))), path, printed=True, title=title)


def _rows(pages: Sequence[Sequence[dict[str, Any]]]) -> Iterator[str]:
    """The rows of all pages with their indents, a blank one where the page has a gap; pages follow without one."""
    left = min(word["x0"] for page in pages for word in page)
    pitch = _pitch(pages)
    for page in pages:
        before: float | None = None
        for top, words in _by_row(page):
            if before is not None and top - before > BLANK * pitch:
                yield ""
            yield _row(words, left)
            before = top


def _by_row(page: Sequence[dict[str, Any]]) -> Iterator[tuple[float, list[dict[str, Any]]]]:
    row: list[dict[str, Any]] = []
    for word in sorted(page, key=lambda word: (word["top"], word["x0"])):
        if row and word["top"] - row[0]["top"] > SAME_ROW:
            yield row[0]["top"], sorted(row, key=lambda word: word["x0"])
            row = []
        row.append(word)
    if row:
        yield row[0]["top"], sorted(row, key=lambda word: word["x0"])


def _row(words: Sequence[dict[str, Any]], left: float) -> str:
    """A row as text, blanks for its indent and for its gaps."""
    pieces = [" " * round((words[0]["x0"] - left) / CHARACTER), words[0]["text"]]
    for one, other in itertools.pairwise(words):
        pieces += [" " * max(1, round((other["x0"] - one["x1"]) / CHARACTER)), other["text"]]
    return "".join(pieces)


def _pitch(pages: Sequence[Sequence[dict[str, Any]]]) -> float:
    """The usual distance of two rows."""
    gaps: Counter[float] = Counter()
    for page in pages:
        tops = [top for top, _ in _by_row(page)]
        gaps.update(round(below - above, 0) for above, below in itertools.pairwise(tops))
    return gaps.most_common(1)[0][0] if gaps else 12.0


READER = FileReader("pdf", "PDF", (".pdf",), lambda data, suffix: b"%PDF-" in data[:1024], read)

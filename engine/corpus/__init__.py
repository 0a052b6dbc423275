"""Script files of every format -> turns with file, line, scene, tone and arc: one reader a format."""

from __future__ import annotations

import difflib
from pathlib import Path

from engine.corpus import fdx, fountain, markup, plain, subtitles, tables, tei, ttml
from engine.corpus.reader import Reader
from engine.corpus.text import read_text
from engine.corpus.turns import Scene, Script, Turn
from engine.errors import ScriptError

__all__ = ["FORMATS", "READERS", "Scene", "Script", "Turn", "read_script", "read_text", "recognise"]

#: In the order in which they are tried: the surer a format's mark, the earlier.
READERS: tuple[Reader, ...] = (
    fdx.READER,
    ttml.READER,
    tei.READER,
    markup.XML_READER,
    *subtitles.READERS,
    *tables.READERS,
    fountain.READER,
    markup.HTML_READER,
    plain.READER,
)
FORMATS: tuple[str, ...] = tuple(reader.name for reader in READERS)


def read_script(path: Path, format: str | None = None) -> Script:
    """The script in a file, of the format that its content shows or of `format`, one of `FORMATS`.

    Raises ScriptError for a file that cannot be read or in which nobody speaks; it says what was looked for.
    """
    if format is not None and format not in FORMATS:
        near = difflib.get_close_matches(format, FORMATS, 1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        raise ScriptError(f"{format!r} is not a format that can be read{hint}; the formats are {', '.join(FORMATS)}")
    text = read_text(path)
    if not text.strip():
        raise ScriptError(f"{path}: the file is empty")
    reader = READERS[FORMATS.index(format)] if format else recognise(text, path)
    return reader.read(text, path)


def recognise(text: str, path: Path) -> Reader:
    """The reader for a text; what the file is called decides only where nothing in the text does."""
    suffix = path.suffix.lower()
    found = next(reader for reader in READERS if reader.looks_like(text, suffix))
    if found is not plain.READER or not suffix:
        return found
    # Nothing was recognised: a file that calls itself a subtitle gets the refusal, and the example, of subtitles.
    named = [reader for reader in READERS if suffix in reader.suffixes]
    return named[0] if len(named) == 1 else found

"""Reads a script file of any format: whichever reader's reading fits best. Imports every reader; playing needs none."""

from __future__ import annotations

import difflib
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.corpus import (
    archives,
    branching,
    broadcast,
    cards,
    convokit,
    fdx,
    fountain,
    games,
    jsons,
    markup,
    office,
    pages,
    pdf,
    plain,
    sheets,
    subs,
    subtitles,
    tables,
    tei,
    trelby,
    ttml,
)
from engine.corpus.evidence import Reading
from engine.corpus.reader import FileReader, Reader
from engine.corpus.text import bytes_of, decode
from engine.corpus.turns import Script
from engine.errors import ScriptError

#: Of two that are as sure and read as much, the earlier is taken.
READERS: tuple[Reader, ...] = (
    fdx.READER,
    office.RTF,
    broadcast.SCC,
    trelby.READER,
    *subs.READERS,
    archives.OSF,
    ttml.READER,
    tei.READER,
    markup.READER,
    *subtitles.READERS,
    convokit.READER,
    cards.JSON,
    *jsons.READERS,
    *tables.READERS,
    *games.READERS,
    *branching.READERS,
    fountain.READER,
    pages.READER,
    plain.READER,
)
FILE_READERS: tuple[FileReader, ...] = (
    pdf.READER,
    office.DOCX,
    office.ODT,
    sheets.READER,
    *archives.FILE_READERS,
    broadcast.STL,
    cards.PNG,
)
FORMATS: tuple[str, ...] = (*(reader.name for reader in READERS), *(reader.name for reader in FILE_READERS))

#: From here on a reader that reads without a fault is taken at its word; below, others are heard, too.
SURE = 0.9
#: How sure a reader is whose suffix a file has, if nothing in the text speaks for it.
BY_NAME = 0.4


def read_script(path: Path, format: str | None = None) -> Script:
    """The script in a file, of the format that its content shows or of `format`, one of `FORMATS`.

    Raises ScriptError for a file that cannot be read or in which nobody speaks; it says what was looked for.
    """
    return read_file(path, format).script


def read_file(path: Path, format: str | None = None) -> Reading:
    """What `read_script` reads, with the format it was read in and the evidence for it; raises as that does."""
    if format is not None and format not in FORMATS:
        near = difflib.get_close_matches(format, FORMATS, 1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        raise ScriptError(f"{format!r} is not a format that can be read{hint}; the formats are {', '.join(FORMATS)}")
    data = bytes_of(path)
    suffix = path.suffix.lower()
    for packed in FILE_READERS:
        if packed.name == format or (format is None and packed.looks_like(data, suffix)):
            return Reading(packed.name, packed.what, packed.read(data, path))
    text = _text(data, path)
    with _no_collection():
        return _best(text, path) if format is None else _read(READERS[FORMATS.index(format)], text, path, 1.0)


@contextmanager
def _no_collection() -> Iterator[None]:
    """The hundred thousand turns of a file hold no circles; to look for some among them takes up to a fifth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def recognise(text: str, path: Path) -> Reader:
    """The reader whose reading of a text is the best; raises ScriptError as `read_script` does."""
    return READERS[FORMATS.index(_best(text, path).name)]


def _read(reader: Reader, text: str, path: Path, certainty: float) -> Reading:
    """A text as one reader reads it. Raises ScriptError where it finds no dialogue."""
    return Reading(reader.name, reader.what, reader.read(text, path), certainty, len(text))


def _text(data: bytes, path: Path) -> str:
    try:
        text = decode(data)
    except ScriptError as error:
        raise ScriptError(f"{path}: {error}") from error
    if not text.strip():
        raise ScriptError(f"{path}: the file is empty")
    return text


def _best(text: str, path: Path) -> Reading:
    """The reading that fits best; a refusal by one reader is not the end. Raises the surest reader's refusal."""
    found: list[Reading] = []
    refusals: list[tuple[float, ScriptError]] = []
    for reader, certainty in _candidates(text, path.suffix.lower()):
        if found and certainty < found[0].certainty and found[0].certainty >= SURE:
            break
        try:
            reading = _read(reader, text, path, certainty)
        except ScriptError as error:
            refusals.append((certainty, error))
            continue
        if reading.fault:
            refusals.append((certainty, _bad(path, reading)))
        else:
            found.append(reading)
    if not found:
        raise max(refusals, key=lambda refusal: refusal[0])[1]
    return max(found, key=_score(found)) if len(found) > 1 else found[0]


def _candidates(text: str, suffix: str) -> list[tuple[Reader, float]]:
    """Readers that may fit, the surest first."""
    sure = [(reader, float(reader.looks_like(text, suffix))) for reader in READERS]
    named = [(reader, max(certainty, BY_NAME if suffix in reader.suffixes else 0.0)) for reader, certainty in sure]
    return sorted((pair for pair in named if pair[1] > 0), key=lambda pair: -pair[1])


def _score(found: list[Reading]) -> Callable[[Reading], float]:
    """Half for how sure a reader is, one for how much of the text it gives to people, of the most that any gives."""
    most = max(reading.told for reading in found) or 1.0
    return lambda reading: reading.certainty / 2 + reading.told / most


def _bad(path: Path, reading: Reading) -> ScriptError:
    """The refusal of a reading that found no people, with the format that comes nearest."""
    near = next(
        (reader for reader in READERS if path.suffix.lower() in reader.suffixes and reader.name != reading.name), None
    )
    hint = f"; by its name it should be {near.what} ({near.name}), which looks like:\n\n{near.example}" if near else ""
    formats = f"the formats that can be read are {', '.join(FORMATS)} (--format NAME insists)"
    return ScriptError(f"{path}: read as {reading.what}, {reading.fault}{hint}; {formats}")

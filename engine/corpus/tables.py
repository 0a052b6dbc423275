"""Tables of lines -> turns: CSV, TSV and their kin, with a header or without, quoted well or badly."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.corpus.columns import SPEAKERS, TEXTS, Columns, bare, columns
from engine.corpus.reader import Reader, no_dialogue
from engine.corpus.records import read_records
from engine.corpus.turns import Script
from engine.errors import ScriptError

EXAMPLE = "scene,speaker,text\n1,María,I closed it."

_DELIMITERS = (",", "\t", ";", "|", " ")
#: How much of a text tells whether it is a table.
_SAMPLE = 60_000
_LONGEST = 2**24

#: Rows with the line that each begins on.
Rows = list[tuple[int, list[str]]]


def looks_like(text: str, suffix: str) -> float:
    """Sure of a header that names a speaker and a text; less so of columns that only read like them."""
    head = text[:_SAMPLE].lstrip("\n")
    first = head.partition("\n")[0]
    if _named(first) is not None:
        return 0.92
    if "\n" not in head or not any(delimiter in first for delimiter in _DELIMITERS):
        return 0.0
    return 0.55 if suffix in {".csv", ".tsv", ".tab"} or "\t" in first or first[:1] == '"' else 0.0


def read(text: str, path: Path) -> Script:
    """The script in a table; the columns are found by names and content, whatever the delimiter."""
    first = text[:_SAMPLE].lstrip("\n").partition("\n")[0]
    delimiter = _named(first)
    tried = [delimiter] if delimiter else [mark for mark in _DELIMITERS if mark in first]
    for mark in tried:
        found = table(_parsed(text, mark, path))
        if found is not None:
            return _script(found, path)
    header = first[:200]
    raise ScriptError(
        f"{path}:1:1: no column for the speaker and one for the text in {header!r}: call them 'speaker' and 'text'"
    )


def read_rows(rows: Rows, path: Path) -> Script:
    """The script in the rows of a spreadsheet. Raises ScriptError if no columns read like speaker and speech."""
    found = table(rows)
    if found is None:
        raise no_dialogue(path, "a table with a column for the speaker and one for the text", EXAMPLE)
    return _script(found, path)


def table(rows: Rows) -> tuple[list[str], Rows, Columns] | None:
    """The keys, the rows and the columns of a table; None if no columns read like speaker and speech.

    The first row is the header if it names one of the two, or if nothing in it comes back as a speaker.
    """
    rows = [row for row in rows if any(cell.strip() for cell in row[1])]
    if len(rows) < 2:
        return None
    header = [cell.strip() for cell in rows[0][1]]
    named = any(bare(cell) in SPEAKERS or bare(cell) in TEXTS for cell in header)
    keys = header if named or len(set(header)) == len(header) else [f"column {n}" for n in range(1, len(header) + 1)]
    keys = [key or f"column {n}" for n, key in enumerate(keys, 1)]
    chosen = columns([dict(zip(keys, row, strict=False)) for _, row in rows[1:]])
    if chosen is None:
        return None
    if not named:
        speakers = {row[keys.index(chosen.speaker)] for _, row in rows[1:] if len(row) > keys.index(chosen.speaker)}
        if header[keys.index(chosen.speaker)] in speakers:  # somebody speaks in the first row, too
            plain = [f"column {n}" for n in range(1, len(keys) + 1)]
            renamed = dict(zip(keys, plain, strict=True))
            found = Columns(renamed[chosen.speaker], renamed[chosen.text])
            return plain, rows, found
    return keys, rows[1:], chosen


def _script(found: tuple[list[str], Rows, Columns], path: Path) -> Script:
    keys, rows, chosen = found
    return read_records(path, [(line, dict(zip(keys, row, strict=False))) for line, row in rows], EXAMPLE, (), chosen)


def _named(header: str) -> str | None:
    """The delimiter of a header that names a speaker and a text; None if it is no such header."""
    for delimiter in _DELIMITERS[:-1]:
        if delimiter in header:
            names = {bare(name) for name in header[:20_000].split(delimiter)}
            if any(name in names for name in SPEAKERS) and any(name in names for name in TEXTS):
                return delimiter
    return None


def _parsed(text: str, delimiter: str, path: Path) -> Rows:
    """The rows of a table with the line on which each begins; by lines where quotation marks are never closed."""
    if text.count('"') % 2 and not _closes(text):
        return list(_by_lines(text, delimiter))
    rows = list(_quoted(text, delimiter, path))
    if delimiter == "\t" and any("\n" in cell and "\t" in cell for _, row in rows for cell in row):
        return list(_by_lines(text, delimiter))
    return rows


def _closes(text: str) -> bool:
    """Whether an odd number of quotation marks may still be well: all but one are in quoted cells, as for inches."""
    return (
        text.count('"') > 40
        and text.count(',"') + text.count('\n"') > 0.3 * text.count('"')
        and text.rstrip().endswith('"')
    )


def _quoted(text: str, delimiter: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(_LONGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise ScriptError(
            f"{path}:{line}: this is not a table: {error} (a quotation mark that is never closed?)"
        ) from error


def _by_lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every line a row; a line whose quotation marks do not pair is cut at its delimiters as it is."""
    for line, row in enumerate(text.split("\n"), 1):
        if row.count('"') % 2 == 0 and (delimiter != "\t" or f'{delimiter}"' in row):
            cells = next(csv.reader([row], delimiter=delimiter, skipinitialspace=True), [])
        else:
            cells = [_unquoted(cell) for cell in row.split(delimiter)]
        if cells:
            yield line, cells


def _unquoted(cell: str) -> str:
    cell = cell.strip()
    if cell.count('"') == 1:
        return cell.strip('"')
    return cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


def rows_of(table_rows: Sequence[Sequence[str]]) -> Rows:
    """Rows of a sheet, numbered from 1."""
    return [(number, list(row)) for number, row in enumerate(table_rows, 1)]


READER = Reader("csv", "table (CSV, TSV)", (".csv", ".tsv", ".tab"), looks_like, read, EXAMPLE)
READERS = (READER,)

"""Spreadsheets (XLSX) -> turns, read by `openpyxl`: every sheet with a column of speakers and one of speech."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

from engine.corpus import packed, tables
from engine.corpus.reader import FileReader, no_dialogue
from engine.corpus.text import tidy
from engine.corpus.turns import Scene, Script
from engine.errors import ScriptError

#: Rows and columns beyond which a sheet is no script; a sheet of a few cells may claim a million rows.
MOST_ROWS, MOST_COLUMNS = 500_000, 60


def read(data: bytes, path: Path) -> Script:
    """The script in a spreadsheet. Raises ScriptError if it is damaged or has no such columns."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    packed.checked(data, path).close()
    found: list[tuple[str, Script]] = []
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for sheet in book.worksheets:
            rows = [
                (number, ["" if cell is None else tidy(str(cell)) for cell in row])
                for number, row in enumerate(
                    sheet.iter_rows(values_only=True, max_row=MOST_ROWS, max_col=MOST_COLUMNS), 1
                )
            ]
            try:
                found.append((sheet.title, tables.read_rows(rows, path)))
            except ScriptError:
                continue  # a sheet of notes beside the sheet of lines
        book.close()
    except (
        InvalidFileException,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        zipfile.BadZipFile,
    ) as error:
        raise ScriptError(
            f"{path}: this spreadsheet is damaged ({str(error)[:120]}); save it again, or as CSV"
        ) from error
    if not found:
        raise no_dialogue(path, "a sheet with a column for the speaker and one for the text", tables.EXAMPLE)
    if len(found) == 1:
        return found[0][1]
    scenes = tuple(_named(scene, title) for title, script in found for scene in script.scenes)
    return replace(found[0][1], scenes=scenes)


def _named(scene: Scene, title: str) -> Scene:
    return scene if scene.heading else replace(scene, heading=title)


READER = FileReader(
    "xlsx", "spreadsheet (XLSX)", (".xlsx", ".xlsm"), lambda data, suffix: "xl/workbook.xml" in packed.names(data), read
)

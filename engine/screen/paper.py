"""Performance -> a screenplay in PDF, set as the trade sets it: Courier of twelve points, margins that say what is what.

Drawn by `reportlab`, which has no other way of opening files than ours. Letters that Courier has not (Cyrillic, Greek,
Polish) are set in a typewriter font of the system; without one the error says so.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import TelenovelaError
from engine.performance import Performance
from engine.screen import transcript
from engine.screen.bill import Bill
from engine.text import one_line

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

#: Points; a page of US Letter, as screenplays have everywhere.
WIDTH, HEIGHT, TOP, BOTTOM, LINE, SIZE = 612.0, 792.0, 72.0, 72.0, 12.0, 12.0
#: Where each kind of paragraph begins, and how many characters of 7.2 points it has in a row.
_ACTION, _CUE, _ASIDE, _SPEECH = (108.0, 60), (252.0, 33), (216.0, 25), (180.0, 35)
_FONTS = ("DejaVuSansMono.ttf", "LiberationMono-Regular.ttf", "NotoSansMono-Regular.ttf", "FreeMono.ttf", "cour.ttf", "Courier New.ttf", "Menlo.ttc", "NotoSansMonoCJKsc-Regular.otf", "NotoSansCJK-Regular.ttc")  # fmt: skip
_PLACES = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts", "/Library/Fonts", "/System/Library/Fonts", "C:/Windows/Fonts")  # fmt: skip


@dataclass(frozen=True)
class _Block:
    """Rows that stay together, at one margin."""

    left: float
    rows: tuple[str, ...]


def to_pdf(performance: Performance) -> bytes:
    """The pages. Raises TelenovelaError for letters that no font of this machine has."""
    from reportlab.pdfgen.canvas import Canvas

    bill = Bill.of(performance)
    held = io.BytesIO()
    # The same performance gives the same bytes: no time, no random id.
    canvas = Canvas(held, pagesize=(WIDTH, HEIGHT), invariant=1)
    canvas.setTitle(bill.title)
    canvas.setAuthor("Telenovela")
    font = _font(performance, bill)
    _title_page(canvas, bill, font)
    y, page = _new_page(canvas, font, 1)
    for group in _groups(performance, bill):
        height = LINE * (1 + sum(len(block.rows) for block in group))
        if y - height < BOTTOM and y < HEIGHT - TOP:
            canvas.showPage()
            y, page = _new_page(canvas, font, page + 1)
        for block in group:
            for row in block.rows:
                if y < BOTTOM:
                    canvas.showPage()
                    y, page = _new_page(canvas, font, page + 1)
                canvas.drawString(block.left, y, row)
                y -= LINE
        y -= LINE
    canvas.showPage()
    canvas.save()
    return held.getvalue()


def _title_page(canvas: Canvas, bill: Bill, font: str) -> None:
    canvas.setFont(font, SIZE)
    y = HEIGHT - 250
    centred = [bill.title, "", bill.messages.played_by, "Telenovela", ""]
    for text in centred:
        canvas.drawCentredString(WIDTH / 2, y, text)
        y -= 2 * LINE
    cast = f"{bill.messages.cast}: {', '.join(bill.cast)}" if bill.cast else ""
    rows = [*_wrapped(bill.setting, 60), "", *_wrapped(cast, 60)]
    for text in rows:
        canvas.drawString(_ACTION[0], y, text)
        y -= LINE
    canvas.showPage()


def _new_page(canvas: Canvas, font: str, page: int) -> tuple[float, int]:
    canvas.setFont(font, SIZE)
    if page > 1:
        canvas.drawRightString(WIDTH - 72, HEIGHT - 45, f"{page}.")
    return HEIGHT - TOP, page


def _groups(performance: Performance, bill: Bill) -> Iterator[list[_Block]]:
    """What stays on one page: a heading, a direction, a cue with its speech."""
    heading = bill.title.upper()
    yield [_block(_ACTION, heading)]
    if bill.setting:
        yield [_block(_ACTION, bill.setting)]
    for entry in performance.lines:
        if entry.kind == "direction":
            yield [_block(_ACTION, transcript.direction(entry.text)[1:-1])]
        else:
            aside = [_block(_ASIDE, f"({one_line(entry.tone)})")] if entry.tone else []
            yield [_block(_CUE, transcript.cue(entry.speaker)), *aside, _block(_SPEECH, one_line(entry.text))]


def _block(place: tuple[float, int], text: str) -> _Block:
    return _Block(place[0], tuple(_wrapped(text, place[1])))


def _wrapped(text: str, width: int) -> list[str]:
    rows = [""]
    for word in one_line(text).split():
        for piece in (word[start : start + width] for start in range(0, len(word), width)):
            longer = f"{rows[-1]} {piece}" if rows[-1] else piece
            if len(longer) <= width:
                rows[-1] = longer
            else:
                rows.append(piece)
    return [row for row in rows if row]


def _font(performance: Performance, bill: Bill) -> str:
    """Courier where it has every letter, else the first typewriter font of the system that does."""
    text = "".join([bill.title, bill.setting, *bill.cast, *(one_line(entry.text) for entry in performance.lines)])
    odd = sorted({char for char in text if not _in_courier(char)})
    if not odd:
        return "Courier"
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    for file in _found():
        try:
            font: Any = TTFont(file.stem, str(file))
        except (TTFError, OSError):
            continue
        if all(ord(char) in font.face.charToGlyph for char in odd):
            pdfmetrics.registerFont(font)
            return str(file.stem)
    shown = " ".join(odd[:8])
    raise TelenovelaError(
        f"no typewriter font on this machine has the letters {shown}; install one (DejaVu Sans Mono, Noto Sans Mono), "
        "or write .fdx or .html, which leave letters to the program that opens them"
    )


def _in_courier(char: str) -> bool:
    try:
        char.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _found() -> Iterator[Path]:
    for place in _PLACES:
        folder = Path(place).expanduser()
        if folder.is_dir():
            for name in _FONTS:
                yield from sorted(folder.rglob(name))

"""Performance -> Final Draft (.fdx), with a title page, as its own versions from 8 on write it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from engine.performance import Performance
from engine.screen import transcript
from engine.screen.bill import Bill
from engine.text import one_line

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>\n<FinalDraft DocumentType="Script" Template="No" Version="5">'


def to_fdx(performance: Performance) -> str:
    """The scene as Final Draft opens it: a heading, action for directions, tone and addressee in the parenthetical."""
    bill = Bill.of(performance)
    rows = [
        _HEAD,
        "<Content>",
        *(f"  {row}" for row in _script(performance, bill)),
        "</Content>",
        "<TitlePage>",
        "<Content>",
    ]
    cast = f"{bill.messages.cast}: {', '.join(bill.cast)}" if bill.cast else ""
    page = [bill.title, bill.messages.played_by, "Telenovela", bill.setting, cast]
    rows += [f"  {_paragraph('', text, 'Center')}" for text in page if text]
    return "\n".join([*rows, "</Content>", "</TitlePage>", "</FinalDraft>"]) + "\n"


def _script(performance: Performance, bill: Bill) -> Iterator[str]:
    yield _paragraph("Scene Heading", bill.title.upper() or "A SCENE")
    if bill.setting:
        yield _paragraph("Action", bill.setting)
    for entry in performance.lines:
        if entry.kind == "direction":
            yield _paragraph("Action", transcript.direction(entry.text)[1:-1])
            continue
        yield _paragraph("Character", one_line(entry.speaker or "somebody"))
        to = f"to {one_line(entry.to)}" if entry.to else ""
        aside = ", ".join(filter(None, [one_line(entry.tone or ""), to]))
        if aside:
            yield _paragraph("Parenthetical", f"({aside})")
        yield _paragraph("Dialogue", one_line(entry.text))


def _paragraph(kind: str, text: str, alignment: str = "") -> str:
    given = "".join(f' {name}="{value}"' for name, value in (("Alignment", alignment), ("Type", kind)) if value)
    return f"<Paragraph{given}><Text>{escape(one_line(text), quote=False)}</Text></Paragraph>"

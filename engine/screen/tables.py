"""Performance -> tables and notes for people who record and edit: CSV, Markdown, a sheet for each voice (ZIP of CSV)."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence

from engine.performance import Entry, Performance
from engine.screen import transcript
from engine.screen.bill import Bill
from engine.text import one_line

#: Words a second of an actor who takes her time, and seconds before the next cue.
WORDS_A_SECOND, BREATH = 2.4, 0.4
#: What may come before a cell that a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@")
#: The time in a zip is the same for the same performance.
_TIME = (1980, 1, 1, 0, 0, 0)


def to_csv(performance: Performance) -> str:
    """A row an entry: its id, kind, speaker, addressee, tone, act and text; title, setting and cast come first."""
    bill = Bill.of(performance)
    rows: list[Sequence[str]] = [("id", "kind", "speaker", "to", "tone", "act", "text")]
    head = (("title", bill.title), ("setting", bill.setting), ("cast", ", ".join(bill.cast)))
    rows += [("", kind, "", "", "", "", text) for kind, text in head if text]
    for name, entry in zip(ids(performance), performance.lines, strict=True):
        to, tone, speaker = (one_line(value or "") for value in (entry.to, entry.tone, entry.speaker))
        text = transcript.direction(entry.text)[1:-1] if entry.kind == "direction" else one_line(entry.text)
        rows.append((name, entry.kind, speaker, to, tone, act(entry), text))
    return _table(rows)


def to_markdown(performance: Performance) -> str:
    """A page for editors of Markdown: headings, the cast as a list, directions in italics, names in bold."""
    bill = Bill.of(performance)
    blocks = [f"# {_escaped(bill.title)}"]
    if bill.setting:
        blocks.append(f"*({_escaped(bill.setting)})*")
    if bill.cast:
        blocks += [f"## {bill.messages.cast}", "\n".join(f"- {_escaped(name)}" for name in bill.cast)]
    blocks.append(f"## {bill.messages.scene}")
    for entry in performance.lines:
        if entry.kind == "direction":
            blocks.append(f"*{_escaped(transcript.direction(entry.text))}*")
        else:
            tone = f" *({_escaped(one_line(entry.tone))})*" if entry.tone else ""
            blocks.append(f"**{_escaped(transcript.cue(entry.speaker))}:**{tone} {_escaped(one_line(entry.text))}")
    return "\n\n".join(blocks) + "\n"


def to_voiceover(performance: Performance) -> bytes:
    """A zip with a table for each speaker: line id, cue before, tone, act, to whom, text, seconds it takes.

    Ids count the entries of the scene, so that a line keeps its id when another is taken again.
    """
    bill = Bill.of(performance)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        used: set[str] = set()
        for name in dict.fromkeys(one_line(entry.speaker or "") for entry in performance.lines if entry.kind == "line"):
            info = zipfile.ZipInfo(f"{_file(name, used)}.csv", _TIME)
            archive.writestr(info, "\ufeff" + _table(_part(performance, name)))
        about = "\n".join(filter(None, [bill.title, bill.setting, f"{bill.messages.cast}: {', '.join(bill.cast)}"]))
        archive.writestr(zipfile.ZipInfo("README.txt", _TIME), about + "\n")
    return held.getvalue()


def _part(performance: Performance, name: str) -> Iterable[Sequence[str]]:
    yield ("id", "cue before", "speaker", "to", "tone", "act", "text", "seconds")
    before = ""
    for line, entry in zip(ids(performance), performance.lines, strict=True):
        if entry.kind == "line" and one_line(entry.speaker or "") == name:
            text = one_line(entry.text)
            to, tone = one_line(entry.to or ""), one_line(entry.tone or "")
            yield (line, before, name, to, tone, act(entry), text, f"{seconds(text):.1f}")
        before = transcript.plain(entry)


def ids(performance: Performance) -> list[str]:
    """The id of every entry: the scene and the entry's number."""
    scene = _slug(performance.title) or "scene"
    return [f"{scene}-{number:03}" for number in range(1, len(performance.lines) + 1)]


def seconds(text: str) -> float:
    """How long a line takes to say, by its words."""
    return BREATH + len(text.split()) / WORDS_A_SECOND


def act(entry: Entry) -> str:
    """The dialogue act of a line, where the performance has one."""
    return one_line(entry.act or "")


def _table(rows: Iterable[Sequence[str]]) -> str:
    held = io.StringIO()
    csv.writer(held, lineterminator="\n").writerows([_harmless(cell) for cell in row] for row in rows)
    return held.getvalue()


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet computes: a blank goes before what begins like a formula."""
    return f" {cell}" if cell.startswith(_FORMULA) else cell


def _escaped(text: str) -> str:
    return re.sub(r"([\\*_#\[\]<>`])", r"\\\1", one_line(text))


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]


def _file(name: str, used: set[str]) -> str:
    """A file name for a speaker, no two alike."""
    first = found = _slug(name) or "speaker"
    count = 1
    while found in used:
        count += 1
        found = f"{first}-{count}"
    used.add(found)
    return found

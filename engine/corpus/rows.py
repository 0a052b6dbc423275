"""What paper and markup add to a script, taken out of its rows again: page numbers, margins, columns, wiki signs.

Every step maps rows to rows and keeps the number of the line that each came from. A step does nothing where the
file shows no sign of what it mends.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from engine.corpus.places import is_place
from engine.corpus.shapes import Label, Shape, label_of, without_prefix

#: A row of print is shorter than this.
LONGEST = 200
#: Rows with their numbers in the file, from 1.
Numbered = list[tuple[int, str]]

_START = re.compile(r"^\*\*\* ?START OF (?:THE|THIS) PROJECT GUTENBERG[^\n]*$", re.MULTILINE)
_STOP = re.compile(
    r"^\*\*\* ?END OF (?:THE|THIS) PROJECT GUTENBERG[^\n]*$|^End of (?:the )?Project Gutenberg", re.MULTILINE
)
_CONTINUED = re.compile(
    r"[ \t]*(?:\d{1,4}[A-Z]?[ \t]+)?\(?(?:CONTINUED|CONT['’]?D|CONT\.|CONTINÚA|SUITE|MORE|MÁS|SIGUE)\)?:?"
    r"(?:[ \t]*\(\d+\))?(?:[ \t]+\d{1,4}[A-Z]?)?[ \t]*+\*?+[ \t]*+$",
    re.IGNORECASE,
)
_PAGE = re.compile(r"[ \t]*(?:[-–—][ \t]*)?(?:(?:Page|Pg|p|Página|Seite)\.?[ \t]*)?\d{1,4}(?:[ \t]*(?:/|of|de)[ \t]*\d{1,4})?\.?(?:[ \t]*[-–—])?[ \t]*$", re.IGNORECASE)  # fmt: skip
_REVISED = re.compile(r"[ \t]{2,40}\*+[ \t]*$|^\*[ \t]{2,}")
_SCENE_NUMBERS = re.compile(r"^([ \t]*)(\d{1,4}[A-Z]?)([ \t]+)((?:INT|EXT|I/E|EST)\b.*?)(?<![ \t])[ \t]{2,}+\2[ \t]*$")
_HEADER_NUMBER = re.compile(r"(?<![ \t])[ \t]{2,}\d{1,4}\.[ \t]*$")
_GAP = re.compile(r"[ \t]{3,}")
_BR = re.compile(r"<br[ \t]*/?>|</?(?:p|div|span|font|center)\b[^<>]{0,80}>", re.IGNORECASE)
_LINK = re.compile(r"\[\[(?:[^\[\]|\n]{0,200}\|)?([^\[\]|\n]{1,200})\]\]")
_TEMPLATE = re.compile(r"\{\{[^{}\n]*\}\}")
_BOLD_LABEL = re.compile(r"[ \t]*(?:\*\*|__|'''|<b>|<strong>)([^*_<>'\n]{1,60})(?:\*\*|__|'''|</b>|</strong>)[ \t]*+(:?+)[ \t]*+(?=\S)", re.IGNORECASE)  # fmt: skip
#: Signs that Markdown would take for its own.
_ESCAPED = re.compile(r"\\([\[\]()*_#>.!~-])")
_SECONDS = re.compile(r"\d{1,6}\.\d{1,3}[ \t]*")
_DIRECTION = re.compile(r"^[ \t]*([*_]{1,3})([(\[].*[)\]])\1[ \t]*$")
_TAGS = re.compile(r"</?(?:b|i|u|em|strong)>", re.IGNORECASE)


@dataclass(frozen=True)
class Sheet:
    """The rows of a text, and whether they are the pages of a printed screenplay (margins that mean something)."""

    rows: Numbered
    printed: bool = False


def body(text: str) -> Numbered:
    """The rows between Project Gutenberg's header and footer."""
    start = _START.search(text) if "GUTENBERG" in text[:20_000] else None
    begin = start.end() if start else 0
    stop = _STOP.search(text, begin) if "Project Gutenberg" in text or start else None
    first = text.count("\n", 0, begin) + 1
    return list(enumerate(text[begin : stop.start() if stop else None].split("\n"), first))


def tidied(text: str, *, printed: bool = False) -> Sheet:
    """The rows of a text without page furniture, columns and markup."""
    rows = body(text)
    if "\\" in text:
        rows = [(line, _ESCAPED.sub(r"\1", row) if "\\" in row else row) for line, row in rows]
    if "# " in text:
        rows = _headed(rows)
    rows = _untimed(rows)
    printed = printed or _is_printed(text)
    if printed:
        rows = list(_unprinted(rows))
    if "   " in text:
        rows = list(_uncolumned(rows))
    tagged = "<" in text and any(tag in text.lower() for tag in ("<br", "<b>"))
    if tagged or "''" in text or "[[" in text or "{{" in text:
        rows = [(line, _unmarked(row)) for line, row in rows]
    if "**" in text or "'''" in text or "__" in text:
        rows = _labelled(rows)
    return Sheet(rows, printed)


def _untimed(rows: Numbered) -> Numbered:
    """Rows without those that hold only seconds (`26.798`), where every tenth row or more does."""
    times = {number for number, (_, row) in enumerate(rows) if row[:1].isdigit() and _SECONDS.fullmatch(row)}
    return [row for number, row in enumerate(rows) if number not in times] if len(times) * 10 > len(rows) else rows


def _headed(rows: Numbered) -> Numbered:
    """Rows of Markdown in which cues are headings (`#### MARÍA`), as plain cues, the quoted speech below them unquoted.

    Headings are cues where two people's names come back; beside those in capitals one may stand once.
    """
    found: dict[int, tuple[int, Label]] = {}
    for number, (_, row) in enumerate(rows):
        if row[:1] == "#" and len(row) < LONGEST:
            bare = row.lstrip("#")
            label = label_of(bare) if bare[:1] == " " and not is_place(bare.strip()) else None
            if label and label.shape in {Shape.CAPITALS, Shape.PROPER}:
                found[number] = (len(row) - len(bare), label)
    heard = Counter(found.values())
    names = {(depth, label.name) for (depth, label), count in heard.items() if count > 1}
    if len(names) < 2:
        return rows
    loud = {depth for (depth, label), count in heard.items() if count > 1 and label.shape is Shape.CAPITALS}
    result: Numbered = []
    for number, (line, row) in enumerate(rows):
        depth, label = found.get(number, (0, None))
        if label and ((depth, label.name) in names or (depth in loud and label.shape is Shape.CAPITALS)):
            result += [(line, ""), (line, row.lstrip("# ").upper())]
        else:
            bare = row[1:].lstrip() if row[:1] == ">" else row
            # Cues are headings: what is all bold is a note, such as where an audience laughs.
            noted = bare[:2] == "**" == bare.rstrip()[-2:] and len(bare) < LONGEST
            result.append((line, f"({bare.strip('* ')})" if noted else _DIRECTION.sub(r"\2", bare)))
    return result


def _is_printed(text: str) -> bool:
    """Whether pages were printed: `(MORE)`, `CONTINUED`, page numbers, revision marks, scene numbers at both margins."""
    signs = sum(
        bool(_CONTINUED.match(row)) + bool(_SCENE_NUMBERS.match(row)) + bool(_REVISED.search(row)) * 0.5
        for row in text.split("\n")
        if len(row) < LONGEST and (row[-1:] in ":)*0123456789 \t" or "ONT" in row)
    )
    return signs >= 1


def _unprinted(rows: Numbered) -> Iterator[tuple[int, str]]:
    """Rows without page furniture; a header that comes on page after page goes by its repetition."""
    short = (row for _, row in rows if len(row) < LONGEST)
    heads = Counter(_HEADER_NUMBER.sub("", row).strip() for row in short if _HEADER_NUMBER.search(row))
    for line, row in rows:
        bare = row.strip()
        if not bare or len(row) >= LONGEST:
            yield line, row
            continue
        header = _HEADER_NUMBER.sub("", row).strip()
        if _CONTINUED.match(row) or _PAGE.match(row) or (heads[header] > 1 and _HEADER_NUMBER.search(row)):
            continue
        numbered = _SCENE_NUMBERS.match(row)
        if numbered:
            row = numbered[1] + numbered[4]
        yield line, _REVISED.sub("", row)


def _uncolumned(rows: Numbered) -> Iterator[tuple[int, str]]:
    """Rows in which two speeches stand side by side, as dual dialogue is printed, one below the other."""
    at = 0
    while at < len(rows):
        line, row = rows[at]
        second = _two_cues(row)
        if not second:
            yield rows[at]
            at += 1
            continue
        # Both halves get the indents of the left one: margins must not tell the right one for something else.
        margin = _margin(row)
        left, right = [(line, row[:second].rstrip())], [(line, margin + row[second:].strip())]
        at += 1
        while at < len(rows) and rows[at][1].strip():
            line, row = rows[at]
            here, there = _halves(row, second)
            margin = _margin(row) if here else margin
            left += [(line, margin + here)] * bool(here)
            right += [(line, margin + there)] * bool(there)
            at += 1
        yield from left
        yield line, ""
        yield from right


def _margin(row: str) -> str:
    return row[: len(row) - len(row.lstrip())]


def _two_cues(row: str) -> int:
    """Where the second of two cues in one row begins; 0 if the row is not just two of them."""
    if not row.isupper() or len(row) > 160:
        return 0
    bare = row.strip()
    gaps = list(_GAP.finditer(bare))
    if len(gaps) != 1 or len(gaps[0][0]) < 5:
        return 0
    halves = (bare[: gaps[0].start()], bare[gaps[0].end() :])
    labels = [label_of(half) for half in halves]
    fine = all(label and label.shape is Shape.CAPITALS and not half.rstrip().endswith((".", ":", "!")) for label, half in zip(labels, halves, strict=True))  # fmt: skip
    return row.index(bare) + gaps[0].end() if fine else 0


def _halves(row: str, second: int) -> tuple[str, str]:
    """What of a row below two cues belongs to the left one, and what to the right one that begins at `second`."""
    best = min(
        (gap for gap in re.finditer(r"(?<=\S)[ \t]{2,}(?=\S)", row)),
        key=lambda gap: abs(gap.end() - second),
        default=None,
    )
    if best is not None and abs(best.end() - second) <= 16:
        return row[: best.start()].strip(), row[best.end() :].strip()
    indent = len(row) - len(row.lstrip())
    return ("", row.strip()) if indent * 4 > second * 3 else (row.strip(), "")


def _unmarked(row: str) -> str:
    """A row of a wiki or with tags in it as plain text; three quotation marks become the asterisks of Markdown."""
    if "<" in row:
        row = _TAGS.sub(lambda tag: "**" if tag[0].strip("</>").lower() in {"b", "strong"} else "", _BR.sub(" ", row))
    if "[[" in row:
        row = _LINK.sub(r"\1", row)
    if "{{" in row:
        row = _TEMPLATE.sub(" ", row)
    if "''" in row:
        row = row.replace("'''", "**").replace("''", "")
    return row


def _labelled(rows: Numbered) -> Numbered:
    """Rows that begin with a name in bold, a colon after it or not, as `NAME: ...`."""
    found = [(number, match) for number, match in ((n, _bold_label(row)) for n, (_, row) in enumerate(rows)) if match]
    bare = sum(not colon for _, (_, colon, _) in found)
    filled = sum(1 for _, row in rows if row.strip())
    if bare and (bare < 2 or bare * 4 < filled):  # a bold word at the head of a paragraph is nobody's name
        found = [(number, match) for number, match in found if match[1]]
    result = list(rows)
    for number, (name, _, rest) in found:
        result[number] = (rows[number][0], f"{name}: {rest}")
    return result


def _bold_label(row: str) -> tuple[str, bool, str] | None:
    """The name in bold that a row begins with, whether a colon follows, and what follows."""
    if "**" not in row and "__" not in row and "'''" not in row:
        return None
    bare = without_prefix(row)
    match = _BOLD_LABEL.match(bare)
    if not match or not label_of(match[1]):
        return None
    colon = bool(match[2]) or match[1].rstrip().endswith(":")
    return match[1].strip().rstrip(":"), colon, bare[match.end() :]

"""Mutations of text and bytes: a few small harms each, drawn with a generator."""

from __future__ import annotations

import random
from collections.abc import Sequence

#: What breaks readers: markup, control, bidirectional and half characters, long numbers, deep nesting, odd names.
HOSTILE = (
    "[/]", "[bold]", "\x1b[31m", "\x1b]8;;x\x07", "\x9b1m", "\u202e", "\u2066", "\ufeff", "\x00", "\r", "\u2028", "\x85",
    "\ud800", "9" * 5000, "-1e999", "nan", "[" * 300, "{" * 300, "(" * 2000, " " * 3000, "\t" * 300, "_a " * 500, "<!--",
    "&#xD800;", "&lt;", "<![CDATA[", "../../x", "CON", "%s%n", "{0}", "&a", "*a", "!x", "? a", "<<", "---", "...", "'", '"',
    "\\u0000", "\\ud800", "null", "true", "~", "é" * 200, "漢", "👩‍👩‍👧", "a\u0301" * 50, ":", "::", " #", "|", ">", "@", "`",
)  # fmt: skip


def text(source: str, generator: random.Random, others: Sequence[str] = ()) -> str:
    """A text with one to four harms done to it."""
    for _ in range(generator.choice((1, 1, 2, 4))):
        source = _harm(source, generator, others)
    return source[:60_000]


def _harm(source: str, generator: random.Random, others: Sequence[str]) -> str:
    start = generator.randint(0, len(source))
    stop = min(len(source), start + generator.choice((1, 1, 3, 10, 60, 400)))
    rows = source.split("\n")
    row = generator.randrange(len(rows))
    match generator.randrange(9):
        case 0:
            return source[:start] + generator.choice(HOSTILE) + source[start:]
        case 1:
            return source[:start] + source[stop:]
        case 2:
            return source[:start] + source[start:stop] * generator.randint(2, 40) + source[stop:]
        case 3:
            return source[:start]
        case 4:
            rows[row] = generator.choice(rows)
        case 5:
            rows.insert(row, rows[row])
        case 6:
            rows[row] = rows[row].partition(":")[0] + ": " + generator.choice(HOSTILE)
        case 7:
            rows[row] = " " * generator.randint(0, 12) + rows[row].lstrip()
        case _:
            other = generator.choice(others or (source,))
            cut = generator.randint(0, len(other))
            return source[:start] + other[cut : cut + 600] + source[stop:]
    return "\n".join(rows)


def data(source: bytes, generator: random.Random) -> bytes:
    """Bytes with one to four harms done to them, most of them near the beginning, where headers are."""
    for _ in range(generator.choice((1, 1, 2, 4))):
        most = len(source) if generator.random() < 0.4 else min(len(source), 4_000)
        start = generator.randint(0, max(0, most - 1))
        stop = start + generator.choice((1, 1, 2, 8, 100))
        match generator.randrange(5):
            case 0:
                source = source[:start] + generator.randbytes(stop - start) + source[stop:]
            case 1:
                source = source[:start] + source[stop:]
            case 2:
                source = source[:start]
            case 3:
                source = (
                    source[:start] + generator.choice((b"\x00", b"\xff" * 8, b"9", b"-", b'"', b"[")) + source[start:]
                )
            case _ if source:
                source = (
                    source[:start]
                    + bytes([source[start % len(source)] ^ 1 << generator.randrange(8)])
                    + source[start + 1 :]
                )
    return source

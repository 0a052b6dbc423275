"""One entry as the plain line that `--plain` prints and `.txt` holds: `(direction)`, `NAME (tone): text`.

Knows nothing of terminals and files. This form is a contract that scripts rely on.
"""

from __future__ import annotations

from engine.performance import Entry
from engine.text import one_line


def cue(name: str | None) -> str:
    """A name as a screenplay sets it above a speech."""
    return one_line(name or "somebody").upper()


def direction(text: str) -> str:
    """A stage direction in one pair of parentheses, whether or not it came with its own."""
    text = one_line(text)
    # "(a) and (b)" begins and ends with parentheses too, but they are not a pair.
    if text.startswith("(") and text.endswith(")") and not set(text[1:-1]) & set("()"):
        text = text[1:-1].strip()
    return f"({text})"


def plain(entry: Entry) -> str:
    """One entry as one line, without its line end."""
    if entry.kind == "direction":
        return direction(entry.text)
    tone = f" ({one_line(entry.tone)})" if entry.tone else ""
    return f"{cue(entry.speaker)}{tone}: {one_line(entry.text)}".rstrip()

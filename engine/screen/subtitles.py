"""Performance -> SubRip and WebVTT subtitles, timed by reading speed; what is read back has the same speakers and lines.

A line that takes several captions is never cut at the end of a sentence: to a reader, and to `engine.corpus`, a
sentence that goes on is one speech.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.performance import Entry, Performance
from engine.screen import transcript
from engine.screen.bill import Bill
from engine.text import one_line

#: Characters a second that a viewer reads, seconds that a caption stays at least, and the pause between two.
READING, SHORTEST, PAUSE = 15.0, 1.2, 0.15
#: Two rows of this many characters are what fits under a picture.
ROW = 42

#: Players read <b> and {\an8}, and `-->` makes a timing line: angle quotes and parentheses stand in.
_UNMARKED = str.maketrans("<>{}", "\u2039\u203a()")
_ENDS = ".!?…"


@dataclass(frozen=True)
class _Caption:
    """One caption: its times in seconds, its text in one or two rows, whose it is and whether it goes on from the last."""

    start: float
    end: float
    text: str
    entry: Entry
    goes_on: bool


def to_srt(performance: Performance) -> str:
    """SubRip subtitles; names stand before the speech, directions in italics and parentheses."""
    numbered = []
    for number, caption in enumerate(_captions(performance, named=True), 1):
        shown = f"<i>{caption.text}</i>" if caption.entry.kind == "direction" else caption.text
        numbered.append(f"{number}\n{_stamp(caption.start, ',')} --> {_stamp(caption.end, ',')}\n{shown}\n")
    return "\n".join(numbered)


def to_vtt(performance: Performance) -> str:
    """WebVTT subtitles; `<v Name>` says who speaks, title, setting and cast stand in notes."""
    bill = Bill.of(performance)
    blocks = [f"WEBVTT - {bill.title}".rstrip(" -").translate(_UNMARKED)]
    notes = [(bill.messages.setting, bill.setting), (bill.messages.cast, ", ".join(bill.cast))]
    blocks += [f"NOTE {name}: {text}".translate(_UNMARKED) for name, text in notes if text]
    for caption in _captions(performance, named=False):
        entry = caption.entry
        shown = caption.text.replace("&", "&amp;")
        if entry.kind == "direction":
            shown = f"<i>{shown}</i>"
        elif not caption.goes_on:
            name = one_line(entry.speaker or "somebody").translate(_UNMARKED).replace("&", "&amp;")
            shown = f"<v {name}>{shown}"
        blocks.append(f"{_stamp(caption.start, '.')} --> {_stamp(caption.end, '.')}\n{shown}")
    return "\n\n".join(blocks) + "\n"


def _captions(performance: Performance, *, named: bool) -> Iterator[_Caption]:
    clock = 0.0
    for entry in performance.lines:
        for number, shown in enumerate(_shown(entry, named=named)):
            end = clock + max(SHORTEST, len(shown) / READING)
            yield _Caption(clock, end, shown, entry, number > 0)
            clock = end + PAUSE


def _shown(entry: Entry, *, named: bool) -> list[str]:
    """An entry in captions of at most two rows; a direction that takes several has parentheses in each."""
    if entry.kind == "direction":
        inner = transcript.direction(entry.text)[1:-1].translate(_UNMARKED)
        return [f"({caption})" for caption in _cut(inner, ROW - 1) or [""]]
    text = transcript.plain(entry) if named else one_line(entry.text)
    return _cut(text.translate(_UNMARKED), ROW)


def _cut(text: str, width: int) -> list[str]:
    """Text in captions of two rows, none but the last of which ends a sentence."""
    words = [piece for word in text.split() for piece in _pieces(word, width)]
    result: list[str] = []
    while words:
        taken, rows = _fill(words, width)
        if taken < len(words):
            # The end of a sentence goes over to the next caption, unless nothing else would be left in this one.
            whole = taken
            while taken > 1 and words[taken - 1].rstrip("\"'”’)»")[-1:] in _ENDS:
                taken -= 1
            if words[taken - 1].rstrip("\"'”’)»")[-1:] in _ENDS:
                taken = whole
            rows = _fill(words[:taken], width)[1]
        result.append("\n".join(rows))
        words = words[taken:]
    return result


def _fill(words: list[str], width: int) -> tuple[int, list[str]]:
    """How many of the words fit into two rows, and the rows."""
    rows = [""]
    for number, word in enumerate(words):
        longer = f"{rows[-1]} {word}" if rows[-1] else word
        if len(longer) <= width:
            rows[-1] = longer
        elif len(rows) < 2:
            rows.append(word)
        else:
            return number, rows
    return len(words), rows


def _pieces(word: str, width: int) -> list[str]:
    """A word; only one that is longer than a row is cut."""
    return [word[start : start + width] for start in range(0, len(word), width)]


def _stamp(seconds: float, mark: str) -> str:
    """`00:01:02,345`."""
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}{mark}{rest % 1000:03d}"

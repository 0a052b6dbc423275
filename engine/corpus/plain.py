"""Plain text -> turns: `NAME: line`, `NAME. line`, cues on rows of their own, chats with times, cues inside paragraphs.

The layout is judged over the whole file: the way of setting cues that finds the most speeches is the file's way.
Text between speeches is a direction in a play; in a transcript where only some speech has a label it is speech
that nobody owns.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.corpus import alone, ways
from engine.corpus.chat import chat
from engine.corpus.cues import name_of
from engine.corpus.places import cast_rows, is_place
from engine.corpus.reader import Draft, Reader, no_dialogue, script
from engine.corpus.rows import Numbered, tidied
from engine.corpus.speech import Speech
from engine.corpus.text import clean, lines_of
from engine.corpus.turns import Script
from engine.corpus.ways import Cue, Way

EXAMPLE = "SORAYA: Who lit the candle?\nMARÍA: (defiant) I did, señora."
LOOKED_FOR = "NAME: line, NAME. line, or names in capitals on lines of their own"

_TITLE = re.compile(r"^Title:[ \t]*(.+)$", re.MULTILINE)
#: The head of a file: `Author: A Writer`.
_HEAD = frozenset(
    [
        "title",
        "author",
        "authors",
        "credit",
        "source",
        "date",
        "draft",
        "language",
        "translator",
        "guild",
        "channel",
        "server",
        "exported",
        "topic",
        "subject",
        "copyright",
        "contact",
        "version",
        "genre",
        "setting",
        "writer",
        "director",
        "format",
        "notes",
        "by",
        "título",
        "autor",
        "titre",
        "auteur",
    ]
)
#: Rows that tell how a text is set; of a longer one the beginning and the middle are looked at.
SAMPLE = 6000
#: Labels with a mark win over names that stand alone if they are so many of them.
NEARLY = 0.9
_Beside = Callable[[Numbered, str], Way]
_BLOCK = re.compile(r"[^\n]+(?:\n(?![ \t]*\n)[^\n]+)*")


def looks_like(text: str, suffix: str) -> float:
    """Plain text is what is left when nothing else fits."""
    return 0.3 if suffix in {".txt", ".text", ".md"} else 0.2


def read(text: str, path: Path, *, printed: bool = False, title: str = "") -> Script:
    """The script in plain text; `printed` says that it comes from pages, whose furniture is taken out.

    Raises ScriptError if no way of setting cues finds a speech.
    """
    text = lines_of(text)
    refusal = no_dialogue(path, LOOKED_FOR, EXAMPLE)
    named = _TITLE.search(text[:20_000])
    sheet = tidied(text, printed=printed)
    drafts, notes = _drafts(sheet.rows, text, printed=sheet.printed)
    return script(path, clean(named[1]) if named else clean(title), drafts, refusal, notes=notes)


def _drafts(rows: Numbered, text: str, *, printed: bool) -> tuple[list[Draft], list[str]]:
    """The scenes of the way of setting cues that finds the most speeches; of two that find as much, the earlier."""
    talk = chat(rows)
    if talk is not None:
        return talk.drafts()
    rows = _without_head(rows)
    winner = _way(rows if len(rows) <= SAMPLE else [*rows[: SAMPLE // 2], *_middle(rows)], text, printed=printed)
    if winner is None:
        return [], []
    if winner == "alone":
        return alone.drafts(rows, alone.layout(rows, printed=printed))
    if winner == "inside":
        body = "\n".join(row for _, row in rows)
        return _transcript(body, rows, ways.inside(body))
    return _beside(rows, winner(rows, text))


def _middle(rows: Numbered) -> Numbered:
    return rows[len(rows) // 2 :][: SAMPLE // 2]


def _way(rows: Numbered, text: str, *, printed: bool) -> _Beside | Literal["alone", "inside"] | None:
    """The way of setting cues that finds the most speeches in some rows; None if no way finds any."""
    found = [(way(rows, text).count, way) for way in (ways.colons, ways.stops, ways.dashes, ways.quotes)]
    best, way = max(found, key=lambda pair: pair[0])
    own = alone.layout(rows, printed=printed).count
    # Cues inside paragraphs win only if most cues are there: a few labels within speech are no layout.
    if ways.inside("\n".join(row for _, row in rows)).count > max(1.3 * max(best, own), 2):
        return "inside"
    if not best and not own:
        return None
    # A mark beside the name is the surer sign: rows that stand alone win where there are clearly more of them.
    return "alone" if best < NEARLY * own else way


def _without_head(rows: Numbered) -> Numbered:
    """The rows below the head of a file: `Title: The Kettle`, `Author: A Writer`, and rules around them."""
    at = 0
    while at < min(len(rows), 40):
        row = rows[at][1].strip()
        key = row.partition(":")[0].strip().lower() if ":" in row[:40] else ""
        words = key.split()
        if (
            row
            and not (words and (words[0] in _HEAD or words[-1] in _HEAD) and len(words) < 4)
            and set(row) - set("=-_*~")
        ):
            break
        at += 1
    return rows[at:] if any(":" in row for _, row in rows[:at]) else rows


@dataclass
class _Open:
    """The speech that rows are added to, and what is known of it."""

    speech: Speech | None = None
    depth: int = 0
    empty: bool = False


def _beside(rows: Numbered, way: Way) -> tuple[list[Draft], list[str]]:
    """Cues with the speech beside them. An unlabelled row goes on a speech only where it plainly was wrapped."""
    texts = [row for _, row in rows]
    width = _width(texts)
    listed = cast_rows(texts, lambda row: cue.name if (cue := way.find(row)) else "")
    drafts = [Draft("", rows[0][0] if rows else 1, [])]
    loose: list[Speech] = []
    order: list[tuple[Speech, bool]] = []
    open_ = _Open()
    before = ""
    labelled = total = 0
    for number, (line, row) in enumerate(rows):
        blank = not row or row.isspace()
        cue = None if blank or open_.depth > 0 or number in listed else way.find(row)
        if cue is not None:
            rest = row[cue.end :]
            open_.speech = Speech(cue.name, line, [rest], cue.direction)
            # `NAME:` alone: the speech is below, up to a blank row.
            open_.empty = not rest or rest.isspace()
            order.append((open_.speech, True))
            labelled += 1
        elif blank:
            if not (open_.empty and open_.speech and not any(map(str.strip, open_.speech.rows))):
                open_.speech = None
            open_.depth = 0
        elif open_.depth <= 0 and is_place(row):
            total += _close(order, drafts, loose)
            drafts.append(Draft(clean(row.strip(" _*=#")), line, []))
            open_.speech = None
        elif open_.speech is not None and (
            open_.empty or open_.depth > 0 or row[0].isspace() or len(before.rstrip()) >= width
        ):
            open_.speech.rows.append(row)
        elif number not in listed:
            open_.speech, open_.empty = Speech(None, line, [row]), False
            if labelled:  # what stands above all speech is a title or a setting
                order.append((open_.speech, False))
        before = row
        if open_.depth or "(" in row or "[" in row:
            open_.depth = _depth(open_, row, cue)
    total += _close(order, drafts, loose)
    return _settled(drafts, loose, total)


def _depth(state: _Open, row: str, cue: Cue | None) -> int:
    """How many brackets are open at the end of a row, of a direction that may run over a few of them."""
    if state.speech is None or len(state.speech.rows) > 12:
        return 0
    row = row[cue.end :] if cue else row
    change = row.count("(") + row.count("[") - row.count(")") - row.count("]")
    return max(0, (0 if cue else state.depth) + change)


def _close(order: list[tuple[Speech, bool]], drafts: list[Draft], loose: list[Speech]) -> int:
    """Move what has been read into the last scene; unlabelled rows wait in `loose` for the verdict. How many there were."""
    count = 0
    for speech, own in order:
        turn = speech.turn()
        if turn is not None:
            drafts[-1].turns.append(turn)
            count += 1
            if not own:
                loose.append(speech)
    order.clear()
    return count


def _settled(drafts: list[Draft], loose: list[Speech], total: int) -> tuple[list[Draft], list[str]]:
    """Unlabelled paragraphs are speech nobody owns where they are the rule, and directions where they are not."""
    if not loose:
        return drafts, []
    count = len(loose)
    if count * 10 >= 4 * max(total, 1) and total > 4:
        return drafts, [f"{count} paragraphs have no label: they are kept as speech that nobody owns"]
    for draft in drafts:
        draft.turns = [turn for turn in draft.turns if turn.speaker is not None]
    first = loose[0].line
    return drafts, [f"{count} paragraphs without a label were taken for directions (the first is on line {first})"]


def _transcript(body: str, rows: Numbered, way: Way) -> tuple[list[Draft], list[str]]:
    """Paragraphs with cues inside them; what stands before the first cue of a paragraph is nobody's."""
    draft = Draft("", rows[0][0], [])
    row, at, unowned = 0, 0, 0
    # Names that come back are labels even where the speech before them has no full stop.
    written = {head: count for head, count in way.inside.items() if name_of(head) in way.names}
    sure = "|".join(re.escape(head) for head in sorted(written, key=len, reverse=True) if written[head] > 2)
    known = (
        re.compile(rf"(?<![^\s])({sure})([ \t]?\([^()\n]{{0,80}}\)|[ \t]?\[[^\[\]\n]{{0,80}}\])?:(?=\s)")
        if sure
        else None
    )
    for block in _BLOCK.finditer(body):
        cues = [match for match in ways.INSIDE.finditer(block[0]) if name_of(match[1]) in way.names]
        if known is not None:
            ends = {match.end(1) for match in cues}
            cues += [match for match in known.finditer(block[0]) if match.end(1) not in ends]
            cues.sort(key=lambda match: match.start())
        bounds: list[tuple[str | None, int, int, str]] = [(None, 0, cues[0].start() if cues else len(block[0]), "")]
        for number, cue in enumerate(cues):
            stop = cues[number + 1].start() if number + 1 < len(cues) else len(block[0])
            bounds.append((name_of(cue[1]), cue.end(), stop, cue[2] or ""))
        for name, begin, stop, direction in bounds:
            start = block.start() + begin
            row += body.count("\n", at, start)
            at = start
            turn = Speech(name, rows[row][0], [block[0][begin:stop]], direction).turn()
            if turn is not None:
                draft.turns.append(turn)
                unowned += name is None
    notes = [f"{unowned} paragraphs have no label: they are kept as speech that nobody owns"] if unowned else []
    return [draft], notes


def _width(rows: list[str]) -> int:
    """From how many characters on a row is full, so that the next one goes on; very large if rows are not wrapped."""
    lengths = sorted(len(row.rstrip()) for row in rows if row.strip())
    if not lengths or lengths[-1] > 120:
        return 10**9
    return max(40, int(0.75 * lengths[int(0.95 * (len(lengths) - 1))]))


READER = Reader("plain", "plain text", (".txt", ".text", ".md"), looks_like, read, EXAMPLE)

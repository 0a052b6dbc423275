"""Fountain (fountain.io, syntax 1.1) -> turns, with the project's own conventions: tones, addressees, arc notes.

Our own reader: of four libraries only `fountain-py` keeps line numbers, which every message here needs, and that
one takes a cue with an accent (MARÍA) for action.
The text is cut into blocks at blank lines, once, and most blocks are told by their first line: that is what
makes it quick.
"""

from __future__ import annotations

import difflib
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from engine import codes
from engine.corpus import topics
from engine.corpus.cues import PLAYED, Manner, manner, name_of
from engine.corpus.directions import heard
from engine.corpus.reader import Reader, guess, no_dialogue
from engine.corpus.text import clean, read_text, sayable, word_set
from engine.corpus.turns import Scene, Script, Turn
from engine.errors import Fault
from engine.text import short

EXAMPLE = "INT. KITCHEN - NIGHT\n\nMARÍA\n(defiant, to Soraya)\nI closed it."

_TITLE_KEYS = word_set(
    """
    title credit author authors source notes draft date contact copyright language revision format lang
    """
) | frozenset(["draft date", "contact info", "written by", "based on"])
_TITLE_LINE = re.compile(r"([A-Za-z][A-Za-z ]*):[ \t]*(.*)")
_HEADING = re.compile(r"[ \t]*(?:(?:INT|EXT|EST|INT\.?/EXT|EXT\.?/INT|I\.?/E)[. ]|\.[^\W_])", re.IGNORECASE)
_HEADING_STARTS = frozenset(["INT", "EXT", "EST", "I/E", "I./"])
_SCENE_NUMBER = re.compile(r"#[^#\n]+#\Z")
_BONEYARD = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
#: A note may run over lines, and over a line of two spaces, but not over an empty one.
_NOTE = re.compile(r"\[\[((?:[^\n\[\]]|\](?!\])|\[(?!\[)|\n(?!\n))*)\]\]")
_KEYED = re.compile(r"\s*(arc|about|take)\s*:", re.IGNORECASE)
_EXTENSION = re.compile(r"\([^()]*\)")
_MORE = re.compile(r"\(\s*(?:MORE|CONT['’]?D|CONTINUED|MÁS|SIGUE)\s*\)", re.IGNORECASE)
_EMPHASIS = re.compile(r"(?<!\\)(\*{1,3}|_)(?=[^\s*_])(.{1,400}?)(?<=[^\s\\])\1", re.DOTALL)
#: Emphasis within emphasis is undone so many times: bold, italic and underlined, with one to spare.
_DEEPEST = 4
_ESCAPED = re.compile(r"\\([*_~@!#.>\[\]\\])")
#: A gap within a cue: two cues side by side, as they are printed.
_TWO = re.compile(r"\S[ \t]{5,}\S")
_BARE = re.compile(r"\n[ \t](?=\n)")
#: "GUARD 2º" is in capitals, whatever Unicode says of the small letter.
_ORDINALS = str.maketrans("", "", "ºª°")
_SILENT = "the cue '{}' has no speech right below it"
#: Stands where a note stood, so that the line is not blank; cleaning takes it out.
_GONE = "\x01"


@dataclass(frozen=True)
class Problem:
    """Something that `faults` reports; `word` is what was not understood, for the summary of `read`."""

    line: int
    column: int
    message: str
    word: str = ""


@dataclass
class _Reading:
    """What one pass over the text collects."""

    title: str = ""
    language: str = ""
    starts: list[tuple[int, str]] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    #: Stage directions since the last speech of the scene.
    seen: list[str] = field(default_factory=list)
    #: Notes of the project's own: line, column, `arc`, `about` or `take`, and what it says.
    notes: list[tuple[int, int, str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    #: Lines in capitals with nothing below them: cues without a speech, if somebody has that name.
    alone: list[tuple[int, str]] = field(default_factory=list)


def read(text: str, path: Path) -> Script:
    """The script in `text`. Raises ScriptError if nobody speaks in it."""
    reading = _parse(text)
    if not reading.turns:
        looked_for = "a cue in capitals on a line of its own with the speech right below it, as Fountain has it"
        raise no_dialogue(path, looked_for, EXAMPLE)
    lines = [line for line, _ in reading.starts]
    said: dict[tuple[int, str], str] = {}
    for line, _, key, value in reading.notes:
        said.setdefault((bisect_right(lines, line) - 1, key), value)
    spoken_at = [turn.line for turn in reading.turns]
    bounds = [bisect_right(spoken_at, line) for line in lines]
    scenes = [Scene("", tuple(reading.turns[: bounds[0] if bounds else None]), None, 1)]
    for number, (line, heading) in enumerate(reading.starts):
        end = bounds[number + 1] if number + 1 < len(bounds) else None
        arc, about, take = (said.get((number, key), "") for key in ("arc", "about", "take"))
        scenes.append(
            Scene(
                heading,
                tuple(reading.turns[bounds[number] : end]),
                arc.lower() if arc.lower() in codes.ARCS else None,
                line,
                topics.parse(about)[0],
                int(take) if take.isdecimal() and len(take) < 4 else 1,
            )
        )
    spoken = tuple(scene for scene in scenes if scene.turns)
    return Script(path, reading.title or path.stem, spoken, reading.language or guess(spoken), _notes(reading.problems))


def faults(path: Path) -> list[Fault]:
    """Where a script breaks the conventions of corpora/README.md; empty if it keeps them.

    Raises ScriptError for a file that cannot be read at all.
    """
    text = read_text(path)
    reading = _parse(text)
    problems = [*reading.problems, *_arc_problems(reading), *_note_problems(reading)]
    names = {turn.speaker for turn in reading.turns}
    problems += (Problem(line, 1, _SILENT.format(cue)) for line, cue in reading.alone if name_of(cue) in names)
    if not reading.turns:
        problems.append(Problem(1, 1, "no dialogue here: a cue is a name in capitals with the speech right below it"))
    lines = text.split("\n")
    problems.sort(key=lambda problem: (problem.line, problem.column))
    return [Fault(path, p.line, p.column, p.message, lines[p.line - 1]) for p in problems]


def looks_like(text: str, suffix: str = "") -> float:
    """How surely a text is Fountain: it says so, has a title page, or has scene headings."""
    if suffix in {".fountain", ".spmd"}:
        return 0.95
    head = text[:200_000]
    if head.count("\n\n") * 8 < head.count("\n"):
        return 0.0  # Fountain has a blank line before each cue; text pasted out of a PDF has none
    if re.search(r"^[ \t]{0,80}(?:INT|EXT|INT\.?/EXT|I/E)\. ?\S", head, re.MULTILINE):
        return 0.6
    first = _TITLE_LINE.match(head[:2000].lstrip())
    return 0.5 if first and first[1].lower() in {"title", "credit"} and "\n\n" in head else 0.0


def _parse(text: str) -> _Reading:
    reading = _Reading()
    text = _blank(text, reading)
    line = 1
    for number, block in enumerate(text.split("\n\n")):
        height = block.count("\n") + 2
        bare = block.lstrip("\n")
        if bare:
            rows = bare.rstrip("\n").split("\n")
            start = line + len(block) - len(bare)
            if not (number == 0 and _title_page(rows, reading)):
                _block(rows, start, reading)
        line += height
    return reading


def _blank(text: str, reading: _Reading) -> str:
    """The text without boneyard and notes, every line still in its place; the project's own notes go into `reading`."""
    if "/*" in text:
        text = _BONEYARD.sub(lambda match: _lines_only(match, text), text)
    if "\n \n" in text or "\n\t\n" in text:
        text = _BARE.sub("\n", text)
    # Two spaces on an empty line carry a speech over it; in a file full of such lines they are an editor's litter.
    littered = text.count("\n  \n")
    if littered > 20 and littered > text.count("\n\n"):
        text = re.sub(r"\n[ \t]+(?=\n)", "\n", text)
    if "[[" not in text:
        return text
    at, line = 0, 1
    pieces: list[str] = []
    for match in _NOTE.finditer(text):
        start = match.start()
        line += text.count("\n", at, start)
        keyed = _KEYED.match(match[1])
        if keyed:
            column = start - text.rfind("\n", 0, start)
            value = " ".join(match[1][keyed.end() :].split())
            reading.notes.append((line, column, keyed[1].lower(), value))
        pieces += [text[at:start], _GONE, f"\n{_GONE}" * match[0].count("\n")]
        line += match[0].count("\n")
        at = match.end()
    pieces.append(text[at:])
    return "".join(pieces)


def _lines_only(match: re.Match[str], text: str) -> str:
    """A boneyard as its line ends: blank lines where it has lines of its own, otherwise lines that run on."""
    count = match[0].count("\n")
    own = match.start() == 0 or text[match.start() - 1] == "\n"
    return "\n" * count if own else _GONE + f"\n{_GONE}" * count


def _title_page(rows: list[str], reading: _Reading) -> bool:
    """Whether the first block is a title page; its title and language go into `reading`."""
    first = _TITLE_LINE.match(rows[0])
    if not first or first[1].lower() not in _TITLE_KEYS:
        return False
    values: dict[str, list[str]] = {}
    key = ""
    for row in rows:
        entry = _TITLE_LINE.match(row)
        if entry and not row[:1].isspace():
            key = entry[1].lower()
            values[key] = [entry[2]] if entry[2] else []
        elif key:
            values[key].append(row.strip())
    reading.title = clean(_plain(" ".join(values.get("title", ()))))
    language = " ".join(values.get("language", values.get("lang", ()))).strip().lower()[:2]
    reading.language = language if language in codes.LANGUAGES else ""
    if language and language not in codes.LANGUAGES:
        line = 1 + next((n for n, row in enumerate(rows) if row.lower().startswith("lang")), 0)
        message = f"language: {language!r} is not one of {', '.join(codes.LANGUAGES)}"
        reading.problems.append(Problem(line, 1, message))
    return True


def _block(rows: list[str], line: int, reading: _Reading) -> None:
    """One block of lines without a blank one between them: heading, section, speech or action."""
    for number, first in enumerate(rows):
        if _is_heading(first):
            reading.seen.clear()
            reading.starts.append((line + number, _heading(first)))
        elif first.startswith("#"):
            reading.seen.clear()
            reading.starts.append((line + number, clean(_plain(first.lstrip("#")))))
        elif not (first.startswith("=") or first.strip() == _GONE):
            _paragraph(rows[number:] if number else rows, line + number, reading)
            return


def _paragraph(rows: list[str], line: int, reading: _Reading) -> None:
    """What of a block is no heading: a speech, a parenthetical without a cue, or action."""
    first = rows[0]
    name = _cue(first) if len(rows) > 1 else ""
    if name:
        _speech(name, rows, line, reading)
    elif first.lstrip().startswith("("):
        _orphan(rows, line, reading)
    elif len(rows) == 1 and first.isupper():
        reading.alone.append((line, first.strip()))
    else:
        reading.seen.append(" ".join(rows).replace(_GONE, ""))


def _is_heading(row: str) -> bool:
    if row[:3].upper() not in _HEADING_STARTS and row[:1] not in {".", " ", "\t"}:
        return False
    return bool(_HEADING.match(row))


def _heading(row: str) -> str:
    row = row.strip()
    return clean(_SCENE_NUMBER.sub("", row.removeprefix(".")).replace(_GONE, ""))


@lru_cache(maxsize=65536)
def _cue(row: str) -> str:
    """The name in a cue; empty if the row is none. (The same few cues come again and again.)"""
    row = row.replace(_GONE, "").strip()
    if row.startswith("@"):
        return name_of(row[1:])
    if row[:1] in {"!", ">", "~", "("}:
        return ""
    outside = _EXTENSION.sub("", row).translate(_ORDINALS).strip()
    # A mark of dual dialogue stands at the very end, or it makes no cue ("AND ^ (Dual)").
    if not outside.isupper() or "^" in row[:-1] or _TWO.search(outside) or outside.endswith(("TO:", "OUT.", "IN:")):
        return ""
    return name_of(row)


def _speech(name: str, rows: list[str], line: int, reading: _Reading) -> None:
    said = Manner()
    spoken: list[str] = []
    asked = False  # whether the first parenthetical has been seen
    for number, row in enumerate(rows[1:], 1):
        bare = row.strip()
        if bare.startswith("("):
            if bare.endswith(")"):
                if not asked and not _MORE.fullmatch(bare):
                    asked = True
                    said = manner(bare)
                    column = len(row) - len(row.lstrip()) + 1
                    reading.problems += (_unknown(other, row, line + number, column) for other in said.other)
                continue
            if bare.count("(") > bare.count(")"):  # a parenthetical over several lines
                spoken.append(row)
                continue
        if bare and not bare.startswith("~"):
            spoken.append(row)
    text = " ".join(spoken)
    if "(" in text:
        text = _MORE.sub(" ", _EXTENSION.sub(" ", text) if spoken[0].lstrip().startswith("(") else text)
    text = clean(_plain(text))
    if sayable(text):
        seen = _seen(reading.seen) if said.act or said.played else ()
        reading.turns.append(Turn(name, text, said.tone, said.addressee, line, said.act, said.played, seen))
        reading.seen.clear()
    elif not any(row.strip().startswith("~") for row in rows[1:]):
        reading.problems.append(Problem(line, 1, _SILENT.format(rows[0].strip())))


def _seen(actions: Sequence[str]) -> tuple[str, ...]:
    """The directions among some actions: no transitions, no songs."""
    return heard([_plain(action.strip().removeprefix("!")) for action in actions if action.strip()[:1] not in ">~"])


def _orphan(rows: list[str], line: int, reading: _Reading) -> None:
    """A block that begins with a parenthetical: if that is a tone, somebody's cue is missing."""
    said = manner(rows[0].strip())
    if said.tone or said.addressee or said.act:
        message = "speech without a cue: write the speaker's name in capitals on the line above"
        reading.problems.append(Problem(line, 1, message))


def _unknown(word: str, row: str, line: int, column: int) -> Problem:
    near = difflib.get_close_matches(word.lower(), [*codes.TONES, *codes.ACTS, PLAYED], 1, 0.6)
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    place = row.find(word)
    message = (
        f"{word!r} is neither a tone nor an act{hint}; the tones are {', '.join(codes.TONES)};"
        f" the acts {', '.join(codes.ACTS)}"
    )
    return Problem(line, place + 1 if place >= 0 else column, message, word)


def _arc_problems(reading: _Reading) -> Iterable[Problem]:
    """Arcs that are unknown, missing or doubled, and speech that belongs to no scene."""
    lines = [line for line, _ in reading.starts]
    found: dict[int, str] = {}
    for line, column, key, value in reading.notes:
        if key != "arc":
            continue
        arc = value.lower()
        scene = bisect_right(lines, line) - 1
        if arc not in codes.ARCS:
            near = difflib.get_close_matches(arc[:60], codes.ARCS, 1, 0.5)
            hint = f" (did you mean {near[0]!r}?)" if near else ""
            yield Problem(line, column, f"arc: {arc!r} is not one of {', '.join(codes.ARCS)}{hint}")
        if scene < 0:
            yield Problem(line, column, "arc: this note stands before the first scene heading; put it below one")
        elif scene in found:
            yield Problem(line, column, f"arc: this scene has one already, {found[scene]!r}; begin a new scene")
        found.setdefault(scene, arc)
    spoken = Counter(bisect_right(lines, turn.line) - 1 for turn in reading.turns)
    if spoken.get(-1):
        first = reading.turns[0].line
        yield Problem(first, 1, "speech before the first scene heading: begin the scene with INT. or EXT. and a place")
    for number, (line, heading) in enumerate(reading.starts):
        if number not in found and spoken.get(number):
            yield Problem(line, 1, f"the scene {heading!r} has no arc: write [[arc: NAME]] below its heading")


def _note_problems(reading: _Reading) -> Iterable[Problem]:
    """Topics that cannot be read or are never said, takes that are no number from 1, and lines to somebody absent."""
    starts = [line for line, _ in reading.starts]
    spoken: dict[int, list[Turn]] = {}
    for turn in reading.turns:
        spoken.setdefault(bisect_right(starts, turn.line) - 1, []).append(turn)
    for line, column, key, value in reading.notes:
        if key == "about":
            found, wrong = topics.parse(value)
            yield from (Problem(line, column, f"about: {each}") for each in wrong)
            text = " ".join(turn.text for turn in spoken.get(bisect_right(starts, line) - 1, []))
            for phrase in found.values():
                if not topics.names(text, phrase):
                    yield Problem(line, column, f"about: nobody says {phrase!r} in this scene")
        elif key == "take" and not (value.isdecimal() and len(value) < 4 and int(value) > 0):
            yield Problem(line, column, f"take: {value!r} is not a number from 1")
    for turns in spoken.values():
        present = {turn.speaker for turn in turns}
        for turn in turns:
            if turn.addressee and turn.act and turn.addressee not in present:
                yield Problem(turn.line, 1, f"to: {turn.addressee!r} says nothing in this scene")


def _notes(problems: Iterable[Problem]) -> tuple[str, ...]:
    """For the writer of a script that was never meant to keep our conventions: a summary, not a list."""
    words: dict[str, list[int]] = {}
    notes: list[str] = []
    for problem in problems:
        if problem.word:
            words.setdefault(problem.word.lower(), []).append(problem.line)
        else:
            notes.append(f"line {problem.line}: {problem.message}")
    if words:
        often = sorted(words, key=lambda word: (-len(words[word]), word))
        shown = short([f"{word} (line {words[word][0]}{_times(len(words[word]))})" for word in often])
        notes.append(f"parentheticals that are no tone were left out: {shown}")
    return tuple(notes)


def _times(count: int) -> str:
    return f", {count} times" if count > 1 else ""


def _plain(text: str) -> str:
    """Text without emphasis marks and with its escapes undone."""
    if "*" in text or "_" in text:
        for _ in range(_DEEPEST):
            before, text = text, _EMPHASIS.sub(r"\2", text)
            if before == text:
                break
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


READER = Reader("fountain", "Fountain", (".fountain", ".spmd"), looks_like, read, EXAMPLE)

"""Plain text -> turns: `NAME: line`, `NAME. line`, `_Name_. line`, a cue on its own line, cues inside paragraphs.

The layout is judged over the whole file: the way of setting cues that finds the most speeches is the file's way.
Text between speeches is a direction in a play; in a transcript where only some speech has a label it is speech
that nobody owns.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.corpus.cues import Manner, is_title, manner, name_of
from engine.corpus.labels import accepted, may_be_name
from engine.corpus.reader import Draft, Reader, no_dialogue, script
from engine.corpus.text import clean, cut, sayable
from engine.corpus.turns import Script, Turn

EXAMPLE = "SORAYA: Who lit the candle?\nMARÍA: (defiant) I did, señora."

#: A longer row is no cue on a line of its own.
LONGEST_CUE = 80
#: Rows that are looked at to tell how a text is set.
SAMPLE = 6000

_DIRECTION = r"[ \t]*(?:\[[^\[\]]*\]|\([^()]*\)|_\([^()]*\)_|_\[[^\[\]]*\]_)"
_CAPITALS = (
    r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ0-9'’#&-]*"
    r"(?:[.,]?[ \t]+(?:[A-ZÀ-ÖØ-Þ0-9#&][A-ZÀ-ÖØ-Þ0-9'’&ºª°-]*|[a-z]{1,3}(?=[ \t][A-ZÀ-ÖØ-Þ]))){0,5}"
)
_MIXED = r"[A-ZÀ-ÖØ-Þ](?:[^\W_]|['’-])*(?:\.?[ \t]+(?:[^\W_]|['’&-])+){0,4}"
_COLON = re.compile(
    rf"[ \t]*(?:[-*•>]+[ \t]*)?(?:\*\*|__|_)?({_CAPITALS}|{_MIXED})\.?(?:\*\*|__|_)?({_DIRECTION})?[ \t]*"
    r":(?:\*\*|__)?(?=\s|$|[¡¿\"“'A-ZÀ-Þ(\[])"
)
_DOT = re.compile(
    rf"[ \t]*(?:({_CAPITALS})|_({_CAPITALS}|{_MIXED})\.?_)"
    rf"(?:({_DIRECTION})[.:]?|(?:\.|(?<=\._))(?:[ \t]*[-–—]+)?({_DIRECTION})?[.:]?|[.:]?(?=[ \t]+_[(\[]))(?=[ \t]|$)"
)
_DASHED = re.compile(
    rf"[ \t]*({_CAPITALS}|{_MIXED})({_DIRECTION})?\.?[ \t]*(?:[-–—]{{1,2}}|\.[-–—])[ \t]*(?=[^\W\d_]|[¡¿(\"“])"
)
_OWN = re.compile(
    rf"[ \t]*(?:\*\*|__)?(?:({_CAPITALS})|_({_CAPITALS}|{_MIXED})\.?_)\.?(?:\*\*|__)?"
    rf"({_DIRECTION})*[ \t]*[.:]?[ \t]*(?:\*\*)?$"
)
_INSIDE = re.compile(rf"(?:(?<=^)|(?<=[.!?…\"”’)\]—-][ \t])|(?<=\n))({_CAPITALS}|{_MIXED})({_DIRECTION})?:[ \t\n]")
_PLACE = re.compile(
    r"[ \t_*=#]*(?:"
    r"(?:ACT|SCENE|PROLOGUE|EPILOGUE|EPISODE|PART|ACTO|ESCENA|CUADRO|JORNADA|PRÓLOGO|EPÍLOGO|EPISODIO)\b[^a-z\n]{0,60}"
    r"|(?:Act|Scene|Episode|Acto|Escena|Cuadro|Jornada|Episodio)[ \t]+"
    r"(?:[IVXLC]+|\d+|[A-Z]?[a-zé]+)\b[^\n:]{0,40}"
    r")[_*=. \t]*$|[ \t]*(?:INT|EXT)\.[ \t]?\S"
)
_BRACKETS = re.compile(r"_?\[[^\[\]]*\]_?|_?\([^()]*\)_?")
_CAST = re.compile(
    r"[ \t_*]*(?:DRAMATIS PERSON[AÆ]E?|PERSONS? (?:OF|IN) THE PLAY|CHARACTERS|PERSONAJES|PERSONAS|REPARTO)\b",
    re.IGNORECASE,
)
_START = re.compile(r"^\*\*\* ?START OF (?:THE|THIS) PROJECT GUTENBERG[^\n]*$", re.MULTILINE)
_STOP = re.compile(
    r"^\*\*\* ?END OF (?:THE|THIS) PROJECT GUTENBERG[^\n]*$|^End of (?:the )?Project Gutenberg", re.MULTILINE
)
_TITLE = re.compile(r"^Title:[ \t]*(.+)$", re.MULTILINE)
_EMPHASIS = re.compile(r"(?<![^\W_])[_*]{1,3}(?=\S)|(?<=\S)[_*]{1,3}(?![^\W_])")


@dataclass(frozen=True)
class _Cue:
    """A cue found at the beginning of a row: the name, where the speech begins, and what its brackets say."""

    name: str
    end: int
    direction: str


_Find = Callable[[str], _Cue | None]


def looks_like(text: str, suffix: str) -> bool:
    """Plain text is what is left when nothing else fits."""
    return True


def read(text: str, path: Path) -> Script:
    """The script in plain text. Raises ScriptError if no way of setting cues finds a speech."""
    rows, first = _body(text)
    body = "\n".join(rows)
    refusal = no_dialogue(path, "NAME: line, NAME. line, or names in capitals on lines of their own", EXAMPLE)
    title = _TITLE.search(text, 0, 20_000)
    name = clean(title[1]) if title else ""
    # A part of a long text shows which way it is set; the names are then gathered from all of it.
    part = "\n".join(rows[:SAMPLE])
    counts = [way(rows[:SAMPLE], part).count for way in _WAYS]
    inside = _inside(part)
    most = max(counts)
    if inside.count > 1.3 * most and inside.count >= 2:
        drafts, notes = _transcript(body, first, _inside(body).names)
    else:
        best = _WAYS[counts.index(most)](rows, body)
        if not best.count:
            raise refusal
        drafts, notes = (_below if best.own_line else _beside)(rows, first, best)
    return script(path, name, drafts, refusal, notes=notes)


@dataclass(frozen=True)
class _Way:
    """One way of setting cues, and how many speeches it finds."""

    find: _Find
    count: int
    names: frozenset[str]
    own_line: bool = False


def _body(text: str) -> tuple[list[str], int]:
    """The rows between Project Gutenberg's header and footer, and the line number of the first."""
    start = _START.search(text)
    stop = _STOP.search(text, start.end() if start else 0)
    begin = start.end() if start else 0
    return text[begin : stop.start() if stop else None].split("\n"), text.count("\n", 0, begin) + 1


def _colons(rows: list[str], body: str) -> _Way:
    found = [match for match in map(_COLON.match, (row for row in rows if ":" in row)) if match]
    found = [match for match in found if not _PLACE.match(match[0])]
    names = accepted((match[1] for match in found), body)
    count = sum(name_of(match[1]) in names for match in found)
    if count * 5 >= 3 * sum(1 for row in rows if row.strip()):
        # Nearly every row has a label: the odd ones are labels, too.
        names |= {name_of(label) for label in {match[1] for match in found} if may_be_name(label)}
    return _way(_COLON, names, count)


def _dots(rows: list[str], body: str) -> _Way:
    """`NAME. line`: a name in capitals or italics; what comes only once and has no brackets is a shout or a title."""
    found = [match for match in map(_DOT.match, rows) if match and not _PLACE.match(match[0])]
    counts = Counter(name_of(match[1] or match[2]) for match in found)
    shape = {name: may_be_name(name) for name in counts}
    names = {name for name, count in counts.items() if shape[name] and (count > 1 or len(found) > 1)}
    # A row that ends with the cue is the other way, a cue on a line of its own.
    return _way(
        _DOT,
        names,
        sum(name_of(match[1] or match[2]) in names and match.end() < len(match.string.rstrip()) for match in found),
    )


def _dashes(rows: list[str], body: str) -> _Way:
    """`NAME.- line`, `Name -- line`: only names that come back, for a dash is a common thing."""
    found = [match for match in map(_DASHED.match, rows) if match]
    counts = Counter(name_of(match[1]) for match in found)
    names = {name for name in accepted((match[1] for match in found), body) if counts[name] > 1}
    return _way(_DASHED, names, sum(counts[name] for name in names))


def _alone(rows: list[str], body: str) -> _Way:
    """A cue on a line of its own: after a blank line or at the very top, with words below it."""
    found: Counter[str] = Counter()
    before = ""
    for row, after in zip(rows, [*rows[1:], ""], strict=True):
        if not before.strip() and row.strip() and after.strip():
            match = _OWN.match(row) if len(row) < LONGEST_CUE else None
            if match and not _PLACE.match(row):
                found[name_of(match[1] or match[2])] += 1
        before = row
    names = {name for name in found if may_be_name(name)}
    return _way(_OWN, names, sum(found[name] for name in names), own_line=True)


def _way(pattern: re.Pattern[str], names: set[str], count: int, *, own_line: bool = False) -> _Way:
    def find(row: str) -> _Cue | None:
        if (pattern is _COLON and ":" not in row) or (own_line and len(row) >= LONGEST_CUE) or row[:1].islower():
            return None
        match = pattern.match(row)
        if not match:
            return None
        groups = [group for group in match.groups() if group]
        name = name_of(groups[0])
        if name not in names:
            return None
        return _Cue(name, match.end(), groups[1] if len(groups) > 1 else "")

    return _Way(find, count, frozenset(names), own_line)


#: The ways to set cues at the beginning of a row; of two that find as much, the earlier.
_WAYS: tuple[Callable[[list[str], str], _Way], ...] = (_colons, _dots, _alone, _dashes)


@dataclass
class _Speech:
    """A speech while its rows come in."""

    name: str | None
    line: int
    rows: list[str]
    direction: str = ""

    def turn(self) -> Turn | None:
        words = "\n".join(self.rows)
        direction = self.direction
        if not direction and words.lstrip()[:1] in {"(", "[", "_"}:
            found = _BRACKETS.match(words.lstrip())
            direction = found[0] if found else ""
        said = manner(direction.strip("_ ")) if direction else Manner()
        text = _spoken(words)
        return Turn(self.name, text, said.tone, said.addressee, self.line) if text else None


def _beside(rows: list[str], first: int, way: _Way) -> tuple[list[Draft], list[str]]:
    """Cues with the speech beside them. An unlabelled row goes on a speech only where it plainly was wrapped."""
    width = _width(rows)
    drafts = [Draft("", first, [])]
    loose: list[_Speech] = []
    current: _Speech | None = None
    labelled = 0
    before, open_brackets = "", False
    order: list[tuple[_Speech, bool]] = []
    for line, row, in_cast in _numbered(rows, first):
        cue = None if in_cast or (open_brackets and row.strip()) else way.find(row)
        if cue:
            current = _Speech(cue.name, line, [row[cue.end :]], cue.direction)
            order.append((current, True))
            labelled += 1
        elif not row.strip():
            current, open_brackets = None, False
        elif _PLACE.match(row) and not open_brackets:
            _close(order, drafts, loose)
            drafts.append(Draft(clean(row.strip(" _*=#")), line, []))
            current = None
        elif current is not None and (row[0].isspace() or open_brackets or len(before.rstrip()) >= width):
            current.rows.append(row)
        elif not in_cast:
            current = _Speech(None, line, [row])
            order.append((current, False))
        before = row
        if current is not None:
            held = "\n".join(current.rows[-12:])
            open_brackets = held.count("[") > held.count("]") or held.count("(") > held.count(")")
        else:
            open_brackets = False
    total = labelled + len(loose) + sum(not own for _, own in order)
    _close(order, drafts, loose)
    return _settled(drafts, loose, labelled, total)


def _close(order: list[tuple[_Speech, bool]], drafts: list[Draft], loose: list[_Speech]) -> None:
    """Move what has been read into the last scene; unlabelled rows wait in `loose` for the verdict."""
    for speech, own in order:
        turn = speech.turn()
        if turn is not None:
            drafts[-1].turns.append(turn)
            if not own:
                loose.append(speech)
    order.clear()


def _settled(drafts: list[Draft], loose: list[_Speech], labelled: int, total: int) -> tuple[list[Draft], list[str]]:
    """Unlabelled paragraphs are speech nobody owns where they are the rule, and directions where they are not."""
    if not loose:
        return drafts, []
    count = len(loose)
    if len(loose) * 10 >= 4 * max(total, 1):
        return drafts, [f"{count} paragraphs have no label: they are kept as speech that nobody owns"]
    for draft in drafts:
        draft.turns = [turn for turn in draft.turns if turn.speaker is not None]
    return drafts, [
        f"{count} paragraphs without a label were taken for directions (the first is on line {loose[0].line})"
    ]


def _below(rows: list[str], first: int, way: _Way) -> tuple[list[Draft], list[str]]:
    """Cues on lines of their own, the speech below them up to a blank line."""
    drafts = [Draft("", first, [])]
    current: _Speech | None = None
    before = ""
    skipped = 0

    def end() -> None:
        turn = current.turn() if current is not None else None
        if turn is not None:
            drafts[-1].turns.append(turn)

    for line, row, in_cast in _numbered(rows, first):
        if not row.strip():
            end()
            current = None
        elif _PLACE.match(row):
            end()
            current = None
            drafts.append(Draft(clean(row.strip(" _*=#")), line, []))
        elif not before.strip() and not in_cast and (cue := way.find(row)) is not None:
            end()
            current = _Speech(cue.name, line, [], cue.direction)
        elif current is not None:
            current.rows.append(row)
        elif not before.strip():
            skipped += not row.strip().startswith(("(", "[", "_("))
        before = row
    end()
    return drafts, [f"{skipped} paragraphs without a cue were taken for directions"] if skipped else []


def _inside(body: str) -> _Way:
    """Labels at the beginnings of sentences, wherever in a paragraph they stand."""
    found = [label for label, _ in _INSIDE.findall(body)] if ":" in body else []
    names = accepted(found, body)
    counts = Counter(name_of(label) for label in found)
    # "... Helmer Nora: ...": the end of one speech that had no full stop, and the next label.
    names = {name for name in names if not any(counts[tail] > 4 * counts[name] for tail in _tails(name))}
    return _Way(lambda row: None, sum(counts[name] for name in names), frozenset(names))


def _tails(name: str) -> list[str]:
    """What a name ends with; "Mrs. Solness" is no Solness."""
    words = name.split()
    return [] if is_title(words[0]) else [" ".join(words[start:]) for start in range(1, len(words))]


def _transcript(body: str, first: int, names: frozenset[str]) -> tuple[list[Draft], list[str]]:
    """Paragraphs with cues inside them; what stands before the first cue of a paragraph is nobody's."""
    draft = Draft("", first, [])
    line, at, unowned = first, 0, 0
    # Names that come back are labels even where the speech before them has no full stop.
    written = Counter(label for label, _ in _INSIDE.findall(body) if name_of(label) in names)
    sure = "|".join(re.escape(label) for label in sorted(written, key=len, reverse=True) if written[label] > 2)
    label = re.compile(rf"(?<![^\s])({sure})({_DIRECTION})?:(?=\s)") if sure else None
    for block in re.finditer(r"[^\n]+(?:\n(?![ \t]*\n)[^\n]+)*", body):
        cues = [match for match in _INSIDE.finditer(block[0]) if name_of(match[1]) in names]
        if label is not None:
            known = {match.end(1) for match in cues}
            cues += [match for match in label.finditer(block[0]) if match.end(1) not in known]
            cues.sort(key=lambda match: match.start())
        bounds = [(None, 0, cues[0].start() if cues else len(block[0]), "")]
        for number, cue in enumerate(cues):
            stop = cues[number + 1].start() if number + 1 < len(cues) else len(block[0])
            bounds.append((name_of(cue[1]), cue.end(), stop, cue[2] or ""))  # type: ignore[arg-type]
        for name, begin, stop, direction in bounds:
            start = block.start() + begin
            line += body.count("\n", at, start)
            at = start
            turn = _Speech(name, line, [block[0][begin:stop]], direction).turn()
            if turn is not None:
                draft.turns.append(turn)
                unowned += name is None
    notes = [f"{unowned} paragraphs have no label: they are kept as speech that nobody owns"] if unowned else []
    return [draft], notes


def _numbered(rows: list[str], first: int) -> Iterator[tuple[int, str, bool]]:
    """Rows with their line numbers, and whether they are in the list of the cast."""
    in_cast = False
    for line, row in enumerate(rows, first):
        if in_cast and _PLACE.match(row):
            in_cast = False
        elif not in_cast and row[:1] not in {"", " "} and _CAST.match(row):
            in_cast = True
        yield line, row, in_cast


def _width(rows: list[str]) -> int:
    """From how many characters on a row is full, so that the next one goes on; very large if rows are not wrapped."""
    lengths = sorted(len(row.rstrip()) for row in rows if row.strip())
    if not lengths or lengths[-1] > 120:
        return 10**9
    return max(40, int(0.75 * lengths[int(0.95 * (len(lengths) - 1))]))


def _spoken(words: str) -> str:
    """A speech without directions and emphasis marks; empty if nothing is left that one could say."""
    if "[" in words or "(" in words:
        before = ""
        while before != words:
            before, words = words, cut(_BRACKETS, words)
        words = re.sub(r"(?:^|\n)\s*[\[(][^\])]*\Z", " ", words)  # a direction that is never closed
    if "_" in words or "*" in words:
        words = _EMPHASIS.sub("", words)
    text = clean(words).lstrip(".:;, ")
    return text if sayable(text) else ""


READER = Reader("plain", "plain text", (".txt", ".text", ".md"), looks_like, read, EXAMPLE)

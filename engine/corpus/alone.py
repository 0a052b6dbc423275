"""Cues on rows of their own with the speech below: screenplays and plays, as typed, printed, pasted or exported.

Three layouts are told apart by the blank rows around the cues: a blank above each cue (as typed), one below it, too
(as word processors export), or none at all (as pasted out of a PDF). Where the rows are indented, margins say more
than blanks: action stands left of speech.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.corpus.labels import is_name
from engine.corpus.places import cast_rows, is_nobody, is_place, is_transition
from engine.corpus.reader import Draft
from engine.corpus.rows import Numbered
from engine.corpus.shapes import LONGEST, Label, Shape, label_of
from engine.corpus.speech import Speech
from engine.corpus.text import clean

#: Columns by which a cue must stand right of the action for the margins of a file to mean something.
INDENT = 4
_ASIDE = re.compile(r"[ \t]*[(\[（][^()\[\]]*[)\]）]?[ \t]*$")
_EXTENDED = re.compile(r"\((?:CONT['’]?D|CONT\.?|V\.? ?O\.?|O\.? ?S\.?|O\.? ?C\.?|OFF)\)", re.IGNORECASE)
_ENDS = frozenset('.!?…)"”’»-—')
_CASELESS_CUE = 12
_TITLED = re.compile(r"(?:[^\W\d_]{1,4}\.[ \t]?){1,3}$")


@dataclass(frozen=True)
class _Candidate:
    """A row that may be a cue: where it stands, and whether rows above and below it are blank."""

    number: int
    label: Label
    above: bool
    below: bool
    indent: int
    text: str
    #: Whether the row above ends a sentence.
    ended: bool = True


@dataclass
class Layout:
    """Cues on rows of their own, by the numbers of their rows, and how speech goes on below them."""

    cues: dict[int, Label] = field(default_factory=dict)
    below: bool = False
    tight: bool = False
    action: int = -1
    width: int = 0

    @property
    def count(self) -> int:
        return len(self.cues)


def layout(rows: Numbered, *, printed: bool = False) -> Layout:
    """How cues on rows of their own are set in a file; without any `cues` if they are not."""
    found = list(_candidates(rows))
    counts = Counter(candidate.label.name for candidate in found)
    spaced = sum(candidate.above for candidate in found)
    gapped = sum(candidate.below for candidate in found if candidate.above)
    result = Layout(below=2 * gapped > spaced > 0, tight=2 * spaced < len(found))
    indent = _margins(rows, found, result)
    loud = sum(candidate.label.shape is Shape.CAPITALS for candidate in found) * 5 >= 4 * len(found)
    for candidate in found:
        if candidate.below and not result.below:
            continue  # a title, or a slug: nothing is said right below it
        if loud and candidate.label.shape is Shape.MIXED and counts[candidate.label.name] < 2:
            continue  # "During the voice:" among cues in capitals
        if not _is_cue(candidate, counts, result, indent, printed):
            continue
        result.cues[candidate.number] = candidate.label
    result.width = _width(rows, result)
    return result


def drafts(rows: Numbered, found: Layout) -> tuple[list[Draft], list[str]]:
    """The scenes of a file in a layout, and notes on what was left out."""
    texts = [row for _, row in rows]
    listed = cast_rows(texts, lambda row: label.name if (label := _cue_label(row)) else "")
    result = [Draft("", rows[0][0] if rows else 1, [])]
    current: Speech | None = None
    state = _State()
    skipped = 0
    for number, (line, row) in enumerate(rows):
        bare = row.strip()
        label = found.cues.get(number) if number not in listed else None
        if label is not None:
            _end(current, result)
            current, state = Speech(label.name, line, [], label.direction), _State()
        elif not bare:
            if current is not None and (current.rows or not found.below) and not state.goes_over(found):
                _end(current, result)
                current = None
            state.blank = True
        elif is_place(row):
            _end(current, result)
            current = None
            result.append(Draft(clean(bare.strip(" _*=#")), line, []))
        elif current is not None and (is_transition(row) or _ends(row, current, state, found)):
            _end(current, result)
            current = None
            skipped += not is_transition(row)
        elif current is not None:
            current.rows.append(row)
            aside = _ASIDE.match(row[:200]) is not None
            state.said, state.aside, state.blank = state.said or not aside, aside, False
        elif number not in listed and (number == 0 or not texts[number - 1].strip()):
            skipped += not bare.startswith(("(", "[", "_("))
    _end(current, result)
    return result, [f"{skipped} paragraphs without a cue were taken for directions"] if skipped else []


@dataclass
class _State:
    """How far a speech has come: words, an aside last, a blank row last."""

    said: bool = False
    aside: bool = False
    blank: bool = False

    def goes_over(self, found: Layout) -> bool:
        """Whether a speech goes on after a blank row: nothing has been said yet, or it breaks off for an aside."""
        return found.below and (not self.said or self.aside)


def _end(current: Speech | None, result: list[Draft]) -> None:
    turn = current.turn() if current is not None else None
    if turn is not None:
        result[-1].turns.append(turn)


def _ends(row: str, current: Speech, state: _State, found: Layout) -> bool:
    """Whether a row that follows on a speech is no part of it: it stands at the margin of action, or begins anew."""
    if not current.rows:
        return False
    if found.action >= 0 and state.said and _indent(row) <= found.action:
        return True
    if found.below and state.blank and state.said and not state.aside:
        return not _ASIDE.match(row[:200])
    if found.tight and state.said and not _ASIDE.match(row[:200]):
        return len(current.rows[-1].strip()) + 1 + len(row.split(None, 1)[0]) <= found.width
    return False


def _candidates(rows: Numbered) -> Iterator[_Candidate]:
    """Rows that have the form of a cue, none of them right above another."""
    filled = [number for number, (_, row) in enumerate(rows) if row and not row.isspace()]
    labels: dict[str, Label | None] = {}
    before = -2
    for place, number in enumerate(filled):
        row = rows[number][1]
        if len(row) > 2 * LONGEST or not _may_be_cue(row):
            before = number
            continue
        if row not in labels:
            labels[row] = _cue_label(row)
        label = labels[row]
        if label is not None and place + 1 < len(filled):
            after = filled[place + 1]
            ended = (
                not place or rows[filled[place - 1]][1].rstrip()[-1:] in _ENDS or is_place(rows[filled[place - 1]][1])
            )
            yield _Candidate(number, label, before != number - 1, after != number + 1, _indent(row), row, ended)
        before = number


def _may_be_cue(row: str) -> bool:
    """A quick look: a word in capitals or without any comes first, or a mark of a cue stands somewhere."""
    first = row.split(None, 1)[0]
    return not first.islower() and (
        first == first.upper() or row.rstrip()[-1:] in {":", "：", "_", "*"} or first[0] in "_@*Mm"
    )


def _cue_label(row: str) -> Label | None:
    """The label of a row that holds just a cue: in capitals, in italics, with a colon, or short and without capitals."""
    bare = row.strip()
    if (
        len(bare) > LONGEST + 40
        or is_place(row)
        or is_transition(row)
        or bare[:1] in {"(", "[", "!", ">", "~", "-", "…"}
    ):
        return None
    colon = bare.rstrip("*_ ").endswith((":", "："))
    marked = bare.startswith("@") or (bare[:1] == "_" and bare.rstrip(".:")[-1:] == "_")
    text = bare.lstrip("@").removesuffix("^").rstrip().rstrip(":：")
    if bare.endswith((".", "。")) and not colon and text.count(".") > 1 and not _TITLED.match(text[:12]):
        return None
    label = label_of(text)
    if label is None or not is_name(label) or is_nobody(label.name):
        return None
    if label.shape is Shape.CAPITALS or marked or (colon and label.shape is not Shape.LOWER):
        return label
    fits = label.shape is Shape.CASELESS and len(label.name) <= _CASELESS_CUE and bare[-1:].isalpha()
    return label if fits else None


def _is_cue(one: _Candidate, counts: Counter[str], found: Layout, indent: int, printed: bool) -> bool:
    if one.label.shape is Shape.CASELESS and counts[one.label.name] < 2 and not one.text.startswith("@"):
        return False
    if found.action >= 0 and abs(one.indent - indent) > 12 and one.indent <= found.action:
        return False  # capitals at the margin of action: a heading, a sign that is read
    if one.text.rstrip().endswith((":", "：")):
        return one.above or found.action < 0 or abs(one.indent - indent) <= 3
    if one.above:
        return True
    if _EXTENDED.search(one.text):
        return True
    if found.action >= 0:
        return abs(one.indent - indent) <= 3 and one.indent > found.action
    # Among names that come back one may stand once: two words at the most, after the end of a sentence.
    single = one.ended and len(one.label.name.split()) <= 2 and max(counts.values()) > 1
    return found.tight and (counts[one.label.name] > 1 or printed or single)


def _margins(rows: Numbered, found: list[_Candidate], result: Layout) -> int:
    """The indent of most cues; sets the margin of action where cues stand well right of it."""
    cues = Counter(candidate.indent for candidate in found)
    if not cues:
        return 0
    indent = cues.most_common(1)[0][0]
    at = {candidate.number for candidate in found}
    others = Counter(_indent(row) for number, (_, row) in enumerate(rows) if row.strip() and number not in at)
    said = (_first_said(rows, one.number) for one in found if abs(one.indent - indent) <= 2)
    below = Counter(_indent(row) for row in said if row)
    if not below:
        return indent
    speech = below.most_common(1)[0][0]
    left = [column for column in others if column < min(speech, indent) - 1]
    if indent >= INDENT and left and speech > min(left) and indent - max(left) >= INDENT:
        result.action = max(column for column in left if column <= speech - 2) if min(left) <= speech - 2 else -1
    return indent


def _first_said(rows: Numbered, cue: int) -> str:
    """The first row below a cue that is no parenthetical; "" if there is none right below it."""
    for _, row in rows[cue + 1 : cue + 4]:
        if not row.strip() or not _ASIDE.match(row[:200]):
            return row if row.strip() else ""
    return ""


def _width(rows: Numbered, found: Layout) -> int:
    """The width that speech is wrapped at: the widest of its first rows, but for a few."""
    widths = sorted(
        len(rows[number + 1][1].strip())
        for number in found.cues
        if number + 1 < len(rows) and rows[number + 1][1].strip()
    )
    return widths[int(0.95 * (len(widths) - 1))] if widths else 0


def _indent(row: str) -> int:
    return len(row) - len(row.lstrip())

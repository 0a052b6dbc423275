"""The ways of setting a cue beside its speech: `NAME: line`, `NAME. line`, `NAME.- line`, `名「line」`, inside paragraphs.

Each way is tried on the whole file: what it finds is counted, its names are judged together, and the way that finds
the most speeches is the file's way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.corpus.labels import accepted, is_name
from engine.corpus.places import is_nobody, is_place
from engine.corpus.rows import Numbered
from engine.corpus.shapes import LONGEST, Label, Shape, label_of

_DASH = re.compile(
    r"(?:[ \t]?\.[ \t]?[-–—―]{1,2}|[ \t][-–—―]{1,2}|[-–—―]{2}|(?<=[^\W\d_])[—―])[ \t]{0,4}(?=[^\W\d_]|[¡¿(\"“«…])"
)
_STOP = re.compile(r"[.．。](?=[)_\s]|$)[_)]?(?:[ \t]{0,4}[-–—―](?=[ \t]))?|_\.?(?=[ \t])|\](?=[ \t])|\)[.:]?(?=[ \t])")
_QUOTE = re.compile(r"[「『]")
#: After a colon that ends a label comes a blank, a mark that begins speech, or a capital: not `http://`, not `10:30`.
_AFTER = re.compile(r"[\s¡¿\"“'«(\[*_—–-]|[^\W\d_]|$|\d(?!\d:)")
INSIDE = re.compile(
    r"(?:(?<=^)|(?<=[.!?…\"”’)\]—-][ \t])|(?<=\n))([^\W\d_][^\s:()\[\]]{0,30}(?:[ \t][^\s:()\[\]]{1,30}){0,4})"
    r"([ \t]?\([^()\n]{0,80}\)|[ \t]?\[[^\[\]\n]{0,80}\])?:[ \t\n]"
)


@dataclass(frozen=True)
class Cue:
    """A cue found in a row: whose, where the speech begins, what its brackets say."""

    name: str
    end: int
    direction: str


@dataclass
class Way:
    """One way of setting cues. `find` tells the cue of a row; `count` is how many speeches it finds."""

    find: Callable[[str], Cue | None]
    count: int = 0
    names: frozenset[str] = frozenset()
    inside: Counter[str] = field(default_factory=Counter)


def colons(rows: Numbered, text: str) -> Way:
    """`NAME: line`, with a colon of any script, whatever bullet, number or time stands before the name."""
    split = _splitter("：" in text)
    heads: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    filled = 0
    blank = True
    for _, row in rows:
        above, blank = blank, not row or row.isspace()
        if not blank:
            filled += 1
            at = split(row)
            if at > 0 and _AFTER.match(row, at + 1):
                heads[row[:at]] += 1
                if above and len(row) - at < 4 and not row[at + 1 :].strip():
                    alone[row[:at]] += 1
    below = alone.total() * 10 >= 7 * heads.total()
    if below:  # the speech stands below its label: what has words beside its colon is speech
        heads = alone
    found = _labels(heads)
    counts = Counter[str]()
    for head, label in found.items():
        counts[label.name] += heads[head]
    names = accepted(found, heads, text)
    count = sum(counts[name] for name in names)
    if below or count * 5 >= 3 * filled:  # nearly every row has a label: the odd ones are labels, too
        names |= {
            label.name for label in found.values() if (below or is_name(label)) and label.shape is not Shape.LOWER
        }
    if count * 3 < filled:
        names |= _lower_case(found, counts, filled, names)
    cues = {
        head: Cue(label.name, len(head) + 1, label.direction) for head, label in found.items() if label.name in names
    }
    wide = "：" in text

    def find(row: str) -> Cue | None:
        at = row.find(":", 0, 3 * LONGEST)
        cue = cues.get(row[:at]) if at > 0 else None
        if cue is None:
            # A time before the label, or a colon of another width: rare, and looked for only where it may be.
            if not wide and (at <= 0 or not row[at - 1].isdigit()):
                return None
            at = split(row)
            cue = cues.get(row[:at]) if at > 0 else None
        if cue is None or (below and row[at + 1 :].strip()):
            return None
        return cue if row[at + 1 : at + 2] == " " or _AFTER.match(row, at + 1) else None

    return Way(find, sum(heads[head] for head in cues), frozenset(cue.name for cue in cues.values()))


def _splitter(wide: bool) -> Callable[[str], int]:
    """Where the colon of a label may be in a row, -1 for nowhere; a time before the label holds colons of its own."""

    def split(row: str) -> int:
        at = row.find(":", 0, 3 * LONGEST)
        if at > 0 and row[at - 1].isdigit() and row[at + 1 : at + 3].isdigit():
            at = _after_times(row, at)
        if wide:
            other = row.find("：", 0, 3 * LONGEST)
            at = other if at < 0 or 0 <= other < at else at
        return at

    return split


def _after_times(row: str, at: int) -> int:
    """The first colon of a row that does not stand between two digits."""
    while at > 0 and row[at - 1].isdigit() and row[at + 1 : at + 2].isdigit():
        at = row.find(":", at + 1, 3 * LONGEST)
    return at


def _labels(heads: Mapping[str, int]) -> dict[str, Label]:
    found = {head: label for head in heads if not is_place(head) and (label := label_of(head)) is not None}
    bare = {label.name for head, label in found.items() if "," not in head}
    # "Ay, sir: ..." is a sentence; a manner stands beside a name that stands alone elsewhere, or in capitals.
    return {
        head: label
        for head, label in found.items()
        if "," not in head or label.shape is Shape.CAPITALS or label.name in bare
    }


def _lower_case(found: Mapping[str, Label], counts: Counter[str], filled: int, names: set[str]) -> set[str]:
    """Names in lower case, which count where nearly every row begins with one of a few of them."""
    low = {label.name for label in found.values() if label.shape is Shape.LOWER and len(label.name.split()) <= 3}
    total = sum(counts[name] for name in low | names)
    return low if total * 3 >= 2 * filled and 2 * total >= 3 * len(low | names) else set()


def stops(rows: Numbered, text: str) -> Way:
    """`NAME. line`, `_Name_. line`, `NAME [aside] line`: in capitals or italics, and more than one of them."""
    heads: Counter[str] = Counter()
    empty: Counter[str] = Counter()
    known: dict[str, tuple[str, int]] = {}
    for _, row in rows:
        stopped = _stopped(row)
        if stopped:
            known[row] = stopped
            heads[stopped[0]] += 1
            empty[stopped[0]] += stopped[1] >= len(row.rstrip())
    found = {head: label for head, label in _labels(heads).items() if _fits_stop(head, label)}
    counts = Counter[str]()
    for head, label in found.items():
        counts[label.name] += heads[head]
    total = sum(counts.values())
    names = {label.name for label in found.values() if is_name(label) and (counts[label.name] > 1 or total > 1)}
    # A row that ends with the cue is the other way, a cue on a line of its own.
    count = sum(heads[head] - empty[head] for head, label in found.items() if label.name in names)

    def find(row: str) -> Cue | None:
        stopped = known.get(row)
        label = found.get(stopped[0]) if stopped else None
        return Cue(label.name, stopped[1], label.direction) if stopped and label and label.name in names else None

    return Way(find, count, frozenset(names))


_ASIDE = re.compile(r"[ \t]{0,2}(\([^()\n]{1,120}\)|\[[^\[\]\n]{1,120}\])[.:]?(?=\s|$)")


def _stopped(row: str) -> tuple[str, int] | None:
    """What stands before the stop that may end a cue, and where the speech begins."""
    start = row.lstrip()[:1]
    if not start or not (start.isupper() or start in "_*(0123456789" or (start.isalpha() and not start.islower())):
        return None
    at = 0
    while (match := _STOP.search(row, at, LONGEST + 20)) is not None:
        head = row[: match.start()] + match[0][:1].replace(".", "")
        # `MRS. LINDE.`: the stop of a title does not end the cue.
        if match[0][0] != "." or not _is_title(head):
            end = match.end()
            aside = _ASIDE.match(row, end)
            return (f"{head} {aside[1]}", aside.end()) if aside else (head, end)
        at = match.end()
    return None


def _is_title(head: str) -> bool:
    last = head.rsplit(" ", 1)[-1].strip(" _*([")
    return last.upper() in {"MR", "MRS", "MS", "DR", "SR", "SRA", "SRTA", "ST", "MME", "MLLE", "M"} or (
        len(last) == 1 and last.isupper()
    )


def _fits_stop(head: str, label: Label) -> bool:
    """Only capitals and italics make a cue before a full stop: "Yes." is a sentence."""
    italic = head.lstrip().startswith("_")
    return (label.shape is Shape.CAPITALS or italic) and not is_nobody(label.name)


def dashes(rows: Numbered, text: str) -> Way:
    """`NAME.- line`, `Name -- line`: only names that come back, for a dash is a common thing."""
    return _marked(rows, text, _DASH, 2)


def quotes(rows: Numbered, text: str) -> Way:
    """`花子「…」`: a name right before the opening quotation mark of Japanese or Chinese."""
    return _marked(rows, text, _QUOTE, 2) if "「" in text or "『" in text else Way(lambda row: None)


def _marked(rows: Numbered, text: str, mark: re.Pattern[str], least: int) -> Way:
    heads: Counter[str] = Counter()
    for _, row in rows:
        match = mark.search(row, 0, LONGEST + 20)
        if match and match.start() > 0:
            heads[row[: match.start()]] += 1
    found = _labels(heads)
    counts = Counter[str]()
    for head, label in found.items():
        counts[label.name] += heads[head]
    names = accepted(found, heads, text)
    if any(counts[name] >= least for name in names):
        # Among names that come back one in capitals may stand once.
        loud = {label.name for label in found.values() if label.shape is Shape.CAPITALS and not is_nobody(label.name)}
        names = {name for name in names if counts[name] >= least or name in loud}
    else:
        names = set()

    def find(row: str) -> Cue | None:
        match = mark.search(row, 0, LONGEST + 20)
        label = found.get(row[: match.start()]) if match else None
        if not match or not label or label.name not in names:
            return None
        # The mark that opens a quotation is left to the speech, which takes off both.
        return Cue(label.name, match.start() if mark is _QUOTE else match.end(), label.direction)

    return Way(find, sum(counts[name] for name in names), frozenset(names))


def inside(text: str) -> Way:
    """Labels at the beginnings of sentences, wherever in a paragraph they stand."""
    heads = Counter(match[1] for match in INSIDE.finditer(text)) if ":" in text else Counter[str]()
    found = {
        head: label
        for head, label in _labels(heads).items()
        if label.shape in {Shape.CAPITALS, Shape.PROPER, Shape.MIXED}
    }
    names = accepted(found, heads, text)
    counts = Counter[str]()
    for head, label in found.items():
        counts[label.name] += heads[head]
    # "... Helmer Nora: ...": the end of one speech that had no full stop, and the next label.
    names = {name for name in names if not any(counts[tail] > 4 * counts[name] for tail in _tails(name))}
    return Way(lambda row: None, sum(counts[name] for name in names), frozenset(names), inside=heads)


def _tails(name: str) -> list[str]:
    """What a name ends with; "Mrs. Solness" is no Solness."""
    words = name.split()
    return [] if _is_title(words[0].rstrip(".")) else [" ".join(words[start:]) for start in range(1, len(words))]

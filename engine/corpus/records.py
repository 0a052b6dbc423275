"""Records with a speaker and a text -> turns, in scenes by their places. Knows no file format."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from engine import codes
from engine.corpus.columns import AROUND, SPEAKERS, TEXTS, Columns, Record, columns, who, words
from engine.corpus.cues import Manner, manner, name_of
from engine.corpus.reader import Draft, no_dialogue, script
from engine.corpus.text import clean, cut, sayable
from engine.corpus.turns import Script, Turn

_BRACKETS = re.compile(r"\[[^\[\]]*\]")
_EDGES = re.compile(r"\A\s*\(([^()]*)\)|\([^()]*\)\s*\Z")
#: Kinds of rows that are no speech, in chats and in tables of whole scripts.
_SILENT = re.compile(
    r"service|system|notice|^title$|setting|^cast$|event|join|leave|add|remove|pin|call|create|direction|action|stage|heading|scene|slug|transition|recipient|channel",
    re.IGNORECASE,
)
#: What programs write where a cell has no value.
_NOBODY = frozenset(["none", "null", "nan", "n/a", "undefined"])
#: Keys that say that a message is none of a person's.
_FLAGS = ("is_system", "isSystem", "is_unsent")
_TIMES = re.compile(r"time|date|\bts\b|created", re.IGNORECASE)


def read_records(
    path: Path,
    records: Sequence[tuple[int, Record]],
    example: str,
    notes: Iterable[str] = (),
    found: Columns | None = None,
    title: str = "",
) -> Script:
    """The script in records (each with the line that it begins on), its columns `found` or to be found.

    Raises ScriptError if there is no pair of columns for speaker and text, and says which there are.
    """
    chosen = found or columns([record for _, record in records])
    if chosen is None:
        keys = ", ".join(sorted({str(key).lstrip(AROUND) for _, record in records[:20] for key in record})[:12])
        have = f"; there are only: {keys}" if keys else ""
        known = f"a speaker ({', '.join(SPEAKERS[:4])} ...) and a text ({', '.join(TEXTS[:4])} ...)"
        raise no_dialogue(path, f"records with {known}{have}", example)
    flags = [flag for flag in _FLAGS if any(flag in record for _, record in records[:200])]
    spoken = (
        [(line, record) for line, record in records if not _silent(record, chosen, flags)]
        if flags or chosen.kind
        else list(records)
    )
    people = _people(spoken, chosen)
    mend = _mender(words(record.get(chosen.text)) for _, record in spoken)
    drafts: list[Draft] = []
    place: tuple[str, ...] | None = None
    for line, record in _in_time(spoken):
        here = tuple(who(record.get(key)) for key in chosen.places)
        if here != place or not drafts:
            place = here
            drafts.append(Draft(_heading(chosen, here), line, []))
        tone = who(record.get(chosen.tone)) if chosen.tone else None
        to = who(record.get(chosen.addressee)) if chosen.addressee else None
        label = who(record.get(chosen.speaker))
        label = "" if label.lower() in _NOBODY else label
        name = people.get((label, who(record.get(chosen.ident)))) if chosen.ident else None
        add(drafts[-1], name or name_of(mend(label)), mend(words(record.get(chosen.text))), line, tone, to)
    return script(path, title, drafts, no_dialogue(path, "rows with a speaker and a text", example), notes=notes)


def add(draft: Draft, speaker: str, said: str, line: int, tone: str | None, to: str | None) -> None:
    """Add a turn to a scene, if anything in `said` can be spoken; directions at its edges become its manner."""
    found = Manner()
    if "(" in said:
        edge = _EDGES.match(said)
        found = manner(edge[1] or "") if edge else found
        said = _EDGES.sub(" ", said)
    text = clean(cut(_BRACKETS, said) if "[" in said else said)
    if sayable(text):
        given = (tone or "").strip().lower()
        tone = given if given in codes.TONES else found.tone
        draft.turns.append(Turn(speaker or None, text, tone, name_of(to or "") or found.addressee, line))


def _heading(chosen: Columns, here: tuple[str, ...]) -> str:
    named = [
        f"{key.strip().lstrip(AROUND)} {value}" if value.isdigit() else value
        for key, value in zip(chosen.places, here, strict=True)
    ]
    return clean(" - ".join(name for name in named if name))


def _silent(record: Record, chosen: Columns, flags: Sequence[str]) -> bool:
    """Whether a record says itself that it is no speech: a notice of a chat, a direction."""
    if any(record.get(flag) is True for flag in flags):
        return True
    return chosen.kind is not None and bool(_SILENT.search(who(record.get(chosen.kind))))


def _people(records: Sequence[tuple[int, Record]], chosen: Columns) -> dict[tuple[str, str], str]:
    """Names for those who share one and have ids of their own: the second `John` is "John 2"."""
    if chosen.ident is None:
        return {}
    lines: Counter[tuple[str, str]] = Counter()
    for _, record in records:
        lines[who(record.get(chosen.speaker)), who(record.get(chosen.ident))] += 1
    return numbered(lines)


def numbered(lines: Counter[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """A name for each label and id; of several ids with one label the largest part keeps it, the others get numbers.

    Where ids are no more than numbers of rows, or one id has several labels, they tell nothing.
    """
    labels: dict[str, set[str]] = defaultdict(set)
    ids: dict[str, list[str]] = defaultdict(list)
    for (label, ident), _ in lines.most_common():
        labels[ident].add(name_of(label))
        if ident:
            ids[name_of(label)].append(ident)
    telling = all(len(found) == 1 for found in labels.values()) and 2 * len(lines) <= lines.total() + 4
    if not telling:
        return {}
    return {
        (label, ident): name_of(label)
        if ids[name_of(label)].index(ident) == 0
        else f"{name_of(label)} {ids[name_of(label)].index(ident) + 1}"
        for label, ident in lines
        if ident and name_of(label)
    }


def _in_time(records: Sequence[tuple[int, Record]]) -> Iterator[tuple[int, Record]]:
    """Records in the order in which they were written: some exports run backwards."""
    keys = [key for key in (records[0][1] if records else {}) if _TIMES.search(key) and not key.startswith(AROUND)]
    for key in keys:
        times = [record.get(key) for _, record in records]
        if all(isinstance(time, (int, float)) for time in times) and len(times) > 1:
            falling = sum(a > b for a, b in itertools.pairwise(times))  # type: ignore[operator]
            if falling == sum(a != b for a, b in itertools.pairwise(times)) > 0:
                yield from reversed(records)
                return
    yield from records


def _mender(texts: Iterable[str]) -> Callable[[str], str]:
    """Undoes a second encoding: some exports write the bytes of UTF-8 as letters of their own ("MarÃ­a")."""
    odd = list(itertools.islice((text for text in texts if not text.isascii()), 200))
    if not odd or any(_decoded(text) is None for text in odd):
        return lambda text: text
    return lambda text: text if text.isascii() else _decoded(text) or text


def _decoded(text: str) -> str | None:
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None

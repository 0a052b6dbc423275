"""Two corpora that many people start from: Cornell's movie-dialogs lines, and the utterances of ConvoKit."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from engine.corpus.columns import Record, who
from engine.corpus.cues import name_of
from engine.corpus.reader import Draft, Reader, no_dialogue, script
from engine.corpus.records import add, numbered
from engine.corpus.text import read_text
from engine.corpus.turns import Script
from engine.errors import ScriptError

CORNELL_EXAMPLE = "L1 +++$+++ u0 +++$+++ m0 +++$+++ MARÍA +++$+++ I closed it."

_SEPARATOR = " +++$+++ "
#: A number of a line with more digits is none.
_MOST_DIGITS = 12


def looks_like_cornell(text: str, suffix: str) -> float:
    return 1.0 if text[:2000].count(_SEPARATOR) >= 3 else 0.0


def read_cornell(text: str, path: Path) -> Script:
    """The script in Cornell's `movie_lines.txt`: lines of a film in the order of their numbers, a gap ends a scene."""
    films: dict[str, list[tuple[int, int, tuple[str, str], str]]] = defaultdict(list)
    lines: Counter[tuple[str, str]] = Counter()
    for line, row in enumerate(text.split("\n"), 1):
        fields = row.split(_SEPARATOR)
        digits = fields[0].strip()[1:]
        if len(fields) >= 5 and digits.isdecimal() and len(digits) <= _MOST_DIGITS:
            person = (fields[3].strip(), fields[1].strip())
            lines[person] += 1
            films[fields[2].strip()].append((int(digits), line, person, _SEPARATOR.join(fields[4:])))
    people = numbered(lines)
    drafts: list[Draft] = []
    for film, spoken in films.items():
        spoken.sort()
        last = None
        for number, line, person, words in spoken:
            if last is None or number - last > 1:
                drafts.append(Draft(film, line, []))
            last = number
            add(drafts[-1], people.get(person) or name_of(person[0]), words, line, None, None)
    refusal = no_dialogue(path, "lines of five fields set apart by +++$+++", CORNELL_EXAMPLE)
    return script(path, "", drafts, refusal)


def named(records: Sequence[tuple[int, Record]], path: Path) -> list[tuple[int, Record]]:
    """ConvoKit's utterances with the names of their speakers, each conversation in the order of its replies."""
    names = _convokit_names(path)
    return [(line, _renamed(record, names)) for line, record in _in_order(records)]


def is_convokit(record: Mapping[str, object]) -> bool:
    return "text" in record and bool({"conversation_id", "root", "reply_to", "reply-to"} & set(record))


def _convokit_names(path: Path) -> dict[str, str]:
    """The names of the speakers' ids, from the `speakers.json` or `users.json` beside the utterances."""
    names: dict[str, str] = {}
    for file in (path.parent / "speakers.json", path.parent / "users.json"):
        if not file.is_file():
            continue
        try:
            data = json.loads(read_text(file))
        except (ValueError, RecursionError, ScriptError):
            continue  # the ids will have to do
        for key, value in data.items() if isinstance(data, dict) else ():
            meta = value.get("meta", value) if isinstance(value, dict) else {}
            found = [meta.get(field) for field in ("character_name", "name") if isinstance(meta, dict)]
            names[key] = next((name for name in found if isinstance(name, str)), key)
    return names


def _renamed(record: Mapping[str, object], names: Mapping[str, str]) -> Mapping[str, object]:
    ident = who(record.get("speaker", record.get("user")))
    return {**record, "speaker": names.get(ident, ident), "conversation_id": _conversation(record)}


def _conversation(record: Mapping[str, object]) -> str:
    return who(record.get("conversation_id", record.get("root")))


def _in_order(records: Sequence[tuple[int, Mapping[str, object]]]) -> Iterator[tuple[int, Mapping[str, object]]]:
    """Utterances conversation by conversation, each after the one that it replies to: some files run backwards."""
    conversations: dict[str, list[tuple[int, Mapping[str, object]]]] = defaultdict(list)
    for line, record in records:
        conversations[_conversation(record)].append((line, record))
    for members in conversations.values():
        ids = {who(record.get("id")) for _, record in members}
        replies: dict[str, list[tuple[int, Mapping[str, object]]]] = defaultdict(list)
        for line, record in members:
            parent = who(record.get("reply_to", record.get("reply-to")))
            replies[parent if parent in ids and parent != who(record.get("id")) else ""].append((line, record))
        waiting, seen = list(reversed(replies[""])), set[int]()
        while waiting:
            line, record = waiting.pop()
            if line not in seen:
                seen.add(line)
                yield line, record
                waiting += reversed(replies[who(record.get("id"))] if record.get("id") else [])
        yield from ((line, record) for line, record in members if line not in seen)  # replies in a ring


READER = Reader("cornell", "Cornell movie-dialogs lines", (), looks_like_cornell, read_cornell, CORNELL_EXAMPLE)

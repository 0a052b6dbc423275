"""JSON of any shape and JSON lines -> records -> turns: lists of objects, pairs, names with lists of lines, nested scenes."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.corpus import convokit
from engine.corpus.columns import AROUND, Columns, Record, columns, who, words
from engine.corpus.reader import Reader, no_dialogue
from engine.corpus.records import read_records
from engine.corpus.text import lines_with
from engine.corpus.turns import Script
from engine.errors import ScriptError

JSON_EXAMPLE = '[{"scene": 1, "speaker": "María", "text": "I closed it."}]'
JSONL_EXAMPLE = '{"scene": 1, "speaker": "María", "text": "I closed it."}'

#: Nothing that people export is nested deeper.
DEEPEST = 14
_START = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*(?:[\[{\"\]]|\d|true\b|false\b|null\b))")
_NOT_JSON = re.compile(r"\s*\[\s*\[\s*[^\[\]{}\"\d\s-]")
_WORD = re.compile(r"[A-Za-z_][A-Za-z_ ]*\Z")


def looks_like_json(text: str, suffix: str) -> float:
    head = text[:2000]
    if not _START.match(head) or _NOT_JSON.match(head) or _is_lines(text):
        return 0.0
    return 0.92


def looks_like_jsonl(text: str, suffix: str) -> float:
    return 0.94 if text[:2000].lstrip()[:1] == "{" and _is_lines(text) else 0.0


def read_json(text: str, path: Path) -> Script:
    """The script in JSON: of all lists of records in it, however deep, those with the most speech."""
    data = parse(text, path)
    groups: dict[str, list[Record]] = defaultdict(list)
    for place, record in _records(data, "", 0, {}):
        groups[place].append(record)
    best: tuple[int, list[Record], Columns] | None = None
    for found in groups.values():
        chosen = columns(found)
        if chosen is not None:
            letters = sum(len(words(record.get(chosen.text))) for record in found if record.get(chosen.speaker))
            if best is None or letters > best[0]:
                best = (letters, found, chosen)
    if best is None:
        keys = sorted({key.lstrip(AROUND) for found in groups.values() for record in found[:5] for key in record})
        seen = f"; there are only: {', '.join(keys[:12])}" if keys else "; there are no objects in it"
        raise no_dialogue(path, f"records with a speaker and a text{seen}", JSON_EXAMPLE)
    _, found, chosen = best
    key = re.compile(re.escape(json.dumps(chosen.text, ensure_ascii=False)) + r"\s*:")
    lines = lines_with(key, text, len(found))
    title = next(
        (data[key] for key in ("title", "name") if isinstance(data, dict) and isinstance(data.get(key), str)), ""
    )
    return read_records(path, list(zip(lines, found, strict=True)), JSON_EXAMPLE, (), chosen, title)


def read_jsonl(text: str, path: Path) -> Script:
    """The script in JSON lines, ConvoKit's among them: their conversations are scenes, their replies in order."""
    records: list[tuple[int, Record]] = []
    broken: list[int] = []
    for line, row in enumerate(text.split("\n"), 1):
        if not row.strip():
            continue
        try:
            record = json.loads(row, strict=False)
        except (ValueError, RecursionError):
            broken.append(line)
            continue
        if isinstance(record, dict):
            records.append((line, record))
    notes = [f"{len(broken)} lines are not JSON and were left out (the first is line {broken[0]})"] if broken else []
    if records and convokit.is_convokit(records[0][1]):
        return read_records(path, convokit.named(records, path), JSONL_EXAMPLE, notes)
    return read_records(path, [(line, _flat(record)) for line, record in records], JSONL_EXAMPLE, notes)


def parse(text: str, path: Path) -> Any:
    """JSON, control characters within its texts forgiven. Raises ScriptError with the line."""
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise ScriptError(f"{path}:{line}: this is not JSON: {str(error)[:200]}") from error


def _flat(record: Record) -> Record:
    """A record in which a message within the record counts as its own: `{"message": {"author": ..., "content": ...}}`."""
    inner = record.get("message")
    return {**record, **inner} if isinstance(inner, Mapping) else record


def _records(data: object, place: str, depth: int, around: Record) -> Iterator[tuple[str, Record]]:
    """Every object that may be a line, with the path to it and what the objects around it say, in order of the file."""
    if depth > DEEPEST:
        return
    if isinstance(data, list):
        yield from _listed(data, place, depth, around)
    elif isinstance(data, dict):
        if _lines_by_speaker(data):
            yield from ((place, {"speaker": name, "text": text}) for name, said in data.items() for text in said)
            return
        record = _flat(data)
        own = {
            key: value
            for key, value in record.items()
            if not isinstance(value, (dict, list)) or words(value) or who(value)
        }
        if own:
            yield place, {**around, **own}
        inherited = {
            **around,
            **{AROUND + key: value for key, value in record.items() if isinstance(value, (str, int))},
        }
        many = len(data) > 8 or not all(_WORD.match(key) for key in data)
        for key, value in data.items():
            if isinstance(value, (dict, list)) and not (record is not data and key == "message"):
                yield from _records(
                    value, f"{place}.{'*' if many and isinstance(value, dict) else key}", depth + 1, inherited
                )


def _lines_by_speaker(data: dict[str, Any]) -> bool:
    """Whether an object is `{"MARIT": ["...", "..."], ...}`, and not one record in pieces."""
    lists = all(
        isinstance(value, list) and value and all(isinstance(text, str) for text in value) for value in data.values()
    )
    return lists and len(data) > 1 and columns([data]) is None


def _listed(data: list[object], place: str, depth: int, around: Record) -> Iterator[tuple[str, Record]]:
    pairs = [
        item for item in data if isinstance(item, list) and len(item) == 2 and all(isinstance(x, str) for x in item)
    ]
    single = [
        item
        for item in data
        if isinstance(item, dict) and len(item) == 1 and isinstance(next(iter(item.values())), str)
    ]
    if len(pairs) > 1 and len(pairs) == len(data) and len({pair[0] for pair in pairs}) < len(pairs):
        yield from ((place + "[]", {**around, "speaker": name, "text": said}) for name, said in pairs)
    elif len(single) > 1 and len(single) == len(data) and len({next(iter(item)) for item in single}) > 1:
        yield from (
            (place + "[]", {**around, "speaker": name, "text": said}) for item in single for name, said in item.items()
        )
    else:
        for item in data:
            if isinstance(item, (dict, list)):
                yield from _records(item, place + "[]", depth + 1, around)


def _is_lines(text: str) -> bool:
    """Whether there are several rows and each of the first is a JSON object by itself."""
    rows = [row for row in text[:200_000].split("\n")[:6] if row.strip()]
    if len(rows) < 2:
        return False
    return all(_is_object(row) for row in rows[: 1 if len(text) > 200_000 else 3])


def _is_object(row: str) -> bool:
    try:
        return isinstance(json.loads(row, strict=False), dict)
    except (ValueError, RecursionError):
        return False


JSONL = Reader("jsonl", "JSON lines", (".jsonl", ".ndjson"), looks_like_jsonl, read_jsonl, JSONL_EXAMPLE)
JSON = Reader("json", "JSON", (".json",), looks_like_json, read_json, JSON_EXAMPLE)
READERS = (JSONL, JSON)

"""Tables of lines -> turns: CSV, TSV, JSON, JSON lines, the Cornell movie-dialogs files, ConvoKit's utterances."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine import codes
from engine.corpus.cues import Manner, manner, name_of
from engine.corpus.reader import Draft, Reader, no_dialogue, script
from engine.corpus.text import clean, cut, read_text, sayable, word_list
from engine.corpus.turns import Script, Turn
from engine.errors import ScriptError

CSV_EXAMPLE = "scene,speaker,text\n1,María,I closed it."
JSON_EXAMPLE = '[{"scene": 1, "speaker": "María", "text": "I closed it."}]'
JSONL_EXAMPLE = '{"scene": 1, "speaker": "María", "text": "I closed it."}'
CORNELL_EXAMPLE = "L1 +++$+++ u0 +++$+++ m0 +++$+++ MARÍA +++$+++ I closed it."

#: Column names as people have them, without case, spaces and marks; the earlier is the better.
SPEAKERS = word_list(
    """
    speaker speakername character charactername charname cue rawcharactertext name player who said persona
    person personaje hablante personnage figur actor role rol user author from sender nombre speakerid
    characterid
    """
)
TEXTS = word_list(
    """
    text dialogue dialog line lines utterance speech spokenwords spoken linetext playerline rawtext transcript
    sentence message content quote caption subtitle body texto dialogo linea frase parlamento replica
    """
)
PLACES = (
    "season temporada",
    "episode episodeid episodenumber ep episodio play movie movieid title show",
    "act acto",
    "scene sceneid scenenumber escena conversationid conversation dialogid dialogueid dialogueno actsceneline",
)
_PLACE_NAMES = frozenset(" ".join(PLACES).split())
TONES = ("tone", "emotion", "mood", "tono")
ADDRESSEES = ("to", "addressee", "listener", "addressedto", "a")

_SEPARATOR = " +++$+++ "
_DELIMITERS = (",", "\t", ";", "|")
_BRACKETS = re.compile(r"\[[^\[\]]*\]")
_EDGES = re.compile(r"\A\s*\(([^()]*)\)|\([^()]*\)\s*\Z")


@dataclass(frozen=True)
class _Columns:
    """Which keys of a record hold what; `places` in order from the largest to the smallest."""

    speaker: str
    text: str
    places: tuple[str, ...]
    tone: str | None
    addressee: str | None


def looks_like_cornell(text: str, suffix: str) -> bool:
    return text[:2000].count(_SEPARATOR) >= 3


def looks_like_json(text: str, suffix: str) -> bool:
    start = text[:2000].lstrip()
    return (start[:1] == "{" and not _is_lines(text)) or bool(re.match(r"\[\s*[\[{]", start))


def looks_like_jsonl(text: str, suffix: str) -> bool:
    return text[:2000].lstrip()[:1] == "{" and _is_lines(text)


def looks_like_csv(text: str, suffix: str) -> bool:
    return _header(text) is not None


def read_csv(text: str, path: Path) -> Script:
    """The script in a table with a header; the columns are found by their names, whatever the delimiter."""
    delimiter = _header(text)
    if delimiter is None:
        header = text.partition("\n")[0][:200]
        raise ScriptError(
            f"{path}:1:1: no column for the speaker and one for the text in {header!r}: call them 'speaker' and 'text'"
        )
    rows = _csv_rows(text, delimiter, path)
    try:
        _, header_row = next(rows)
    except StopIteration:
        raise no_dialogue(path, "a table with a header and rows below it", CSV_EXAMPLE) from None
    keys = [key.strip() for key in header_row]
    records = [(line, dict(zip(keys, row, strict=False))) for line, row in rows if row]
    return _script(path, records, CSV_EXAMPLE)


def read_json(text: str, path: Path) -> Script:
    """The script in JSON: the lists of records in it, however deep, that have a speaker and a text."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise ScriptError(f"{path}:{line}: this is not JSON: {error}") from error
    found = list(_records(data, 0))
    columns = _columns(found[:200])
    lines = _json_lines(text, columns.text, len(found)) if columns else [0] * len(found)
    return _script(path, list(zip(lines, found, strict=True)), JSON_EXAMPLE)


def read_jsonl(text: str, path: Path) -> Script:
    """The script in JSON lines, ConvoKit's among them: their conversations are scenes, their replies in order."""
    records: list[tuple[int, Mapping[str, object]]] = []
    broken: list[int] = []
    for line, row in enumerate(text.split("\n"), 1):
        if not row.strip():
            continue
        try:
            record = json.loads(row)
        except (ValueError, RecursionError):
            broken.append(line)
            continue
        if isinstance(record, dict):
            records.append((line, record))
    notes = [f"{len(broken)} lines are not JSON and were left out (the first is line {broken[0]})"] if broken else []
    if records and _is_convokit(records[0][1]):
        names = _convokit_names(path)
        records = [(line, _named(record, names)) for line, record in _in_order(records)]
    return _script(path, records, JSONL_EXAMPLE, notes)


def read_cornell(text: str, path: Path) -> Script:
    """The script in Cornell's `movie_lines.txt`: lines of a film in the order of their numbers, a gap ends a scene."""
    films: dict[str, list[tuple[int, int, str, str]]] = defaultdict(list)
    for line, row in enumerate(text.split("\n"), 1):
        fields = row.split(_SEPARATOR)
        if len(fields) >= 5 and fields[0].strip()[1:].isdigit():
            films[fields[2].strip()].append((int(fields[0].strip()[1:]), line, fields[3], _SEPARATOR.join(fields[4:])))
    drafts: list[Draft] = []
    for film, spoken in films.items():
        spoken.sort()
        last = None
        for number, line, speaker, words in spoken:
            if last is None or number - last > 1:
                drafts.append(Draft(film, line, []))
            last = number
            _add(drafts[-1], name_of(speaker), words, line, None, None)
    refusal = no_dialogue(path, "lines of five fields set apart by +++$+++", CORNELL_EXAMPLE)
    return script(path, "", drafts, refusal)


def _script(
    path: Path, records: Sequence[tuple[int, Mapping[str, object]]], example: str, notes: Iterable[str] = ()
) -> Script:
    columns = _columns([record for _, record in records[:200]])
    if columns is None:
        keys = ", ".join(sorted({str(key) for _, record in records[:20] for key in record})[:12])
        have = f"; there are only: {keys}" if keys else ""
        known = f"a speaker ({', '.join(SPEAKERS[:4])} ...) and a text ({', '.join(TEXTS[:4])} ...)"
        looked_for = f"records with {known}{have}"
        raise no_dialogue(path, looked_for, example)
    drafts: list[Draft] = []
    place: tuple[str, ...] | None = None
    for line, record in records:
        here = tuple(_string(record.get(key)) for key in columns.places)
        if here != place or not drafts:
            place = here
            names = [
                f"{key.strip()} {value}" if value.isdigit() else value
                for key, value in zip(columns.places, here, strict=True)
            ]
            drafts.append(Draft(clean(" - ".join(name for name in names if name)), line, []))
        tone = _string(record.get(columns.tone)) if columns.tone else None
        to = _string(record.get(columns.addressee)) if columns.addressee else None
        _add(
            drafts[-1], name_of(_string(record.get(columns.speaker))), _string(record.get(columns.text)), line, tone, to
        )
    return script(path, "", drafts, no_dialogue(path, "rows with a speaker and a text", example), notes=notes)


def _add(draft: Draft, speaker: str, words: str, line: int, tone: str | None, to: str | None) -> None:
    said = Manner()
    if "(" in words:
        edge = _EDGES.match(words)
        said = manner(edge[1] or "") if edge else said
        words = _EDGES.sub(" ", words)
    text = clean(cut(_BRACKETS, words) if "[" in words else words)
    if sayable(text):
        given = (tone or "").strip().lower()
        tone = given if given in codes.TONES else said.tone
        draft.turns.append(Turn(speaker or None, text, tone, name_of(to or "") or said.addressee, line))


def _columns(records: Sequence[Mapping[str, object]]) -> _Columns | None:
    """The columns that hold speaker and text, and those that say where one is; None if there is no such pair."""
    keys: dict[str, str] = {}
    for record in records:
        for key in record:
            keys.setdefault(_bare(str(key)), str(key))
    speaker = next((keys[name] for name in SPEAKERS if name in keys and _words(records, keys[name])), None)
    texts = [keys[name] for name in TEXTS if name in keys and keys[name] != speaker and _words(records, keys[name])]
    if speaker is None or not texts:
        return None
    places = [next((keys[name] for name in level.split() if name in keys), None) for level in PLACES]
    tone = next((keys[name] for name in TONES if name in keys), None)
    addressee = next((keys[name] for name in ADDRESSEES if name in keys), None)
    chosen = tuple(place for place in places if place is not None and place not in {speaker, texts[0]})
    return _Columns(speaker, texts[0], chosen, tone, addressee)


def _words(records: Sequence[Mapping[str, object]], key: str) -> bool:
    """Whether a column holds words, not numbers ("line" may be either) or nested values."""
    values = [record.get(key) for record in records]
    return any(_string(value) and not _string(value).strip().replace(".", "").isdigit() for value in values)


def _string(value: object) -> str:
    """A cell as text; a nested speaker such as {"name": "Jane"} by its name."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return next((value[key] for key in ("name", "id", "text") if isinstance(value.get(key), str)), "")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return ""


def _bare(name: str) -> str:
    name = name.casefold().translate(str.maketrans("áéíóúàèìòùâêîôû", "aeiouaeiouaeiou"))
    return re.sub(r"[^a-z0-9]", "", name)


def _header(text: str) -> str | None:
    """The delimiter of a table whose first row names a speaker and a text column; None if it is no such table."""
    header = text[:20_000].lstrip("\n").partition("\n")[0]
    for delimiter in _DELIMITERS:
        if delimiter in header:
            names = {_bare(name) for name in header.split(delimiter)}
            if any(name in names for name in SPEAKERS) and any(name in names for name in TEXTS):
                return delimiter
    return None


def _csv_rows(text: str, delimiter: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table with the line on which each begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise ScriptError(
            f"{path}:{line}: this is not a table: {error} (a quotation mark that is never closed?)"
        ) from error


def _records(data: object, depth: int, around: Mapping[str, object] | None = None) -> Iterator[Mapping[str, object]]:
    """Every object in JSON that has a text, in the order of the file, with the scene of the objects around it."""
    around = around or {}
    if depth > 12:
        return
    if isinstance(data, list):
        for item in data:
            yield from _records(item, depth + 1, around)
    elif isinstance(data, dict):
        nested = [value for value in data.values() if isinstance(value, (list, dict))]
        if any(_bare(str(key)) in TEXTS and isinstance(value, str) for key, value in data.items()):
            yield {**around, **data}
            return
        places = {key: value for key, value in data.items() if _bare(str(key)) in _PLACE_NAMES and _string(value)}
        for value in nested:
            yield from _records(value, depth + 1, {**around, **places})


def _json_lines(text: str, key: str, count: int) -> list[int]:
    """The line of each record's text, told by its key; 0 for each if the key stands elsewhere too."""
    lines: list[int] = []
    line, at = 1, 0
    for match in re.finditer(re.escape(json.dumps(key, ensure_ascii=False)) + r"\s*:", text):
        line += text.count("\n", at, match.start())
        at = match.start()
        lines.append(line)
    return lines if len(lines) == count else [0] * count


def _is_lines(text: str) -> bool:
    """Whether each of the first rows is a JSON object by itself."""
    rows = [row for row in text[:200_000].split("\n")[:4] if row.strip()]
    if len(text) > 200_000:
        rows = rows[:1]
    return all(_is_object(row) for row in rows[:3]) and bool(rows)


def _is_object(row: str) -> bool:
    try:
        return isinstance(json.loads(row), dict)
    except (ValueError, RecursionError):
        return False


def _is_convokit(record: Mapping[str, object]) -> bool:
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


def _named(record: Mapping[str, object], names: Mapping[str, str]) -> Mapping[str, object]:
    who = _string(record.get("speaker", record.get("user")))
    return {**record, "speaker": names.get(who, who), "conversation_id": _conversation(record)}


def _conversation(record: Mapping[str, object]) -> str:
    return _string(record.get("conversation_id", record.get("root")))


def _in_order(records: Sequence[tuple[int, Mapping[str, object]]]) -> Iterator[tuple[int, Mapping[str, object]]]:
    """Utterances conversation by conversation, each after the one that it replies to: some files run backwards."""
    conversations: dict[str, list[tuple[int, Mapping[str, object]]]] = defaultdict(list)
    for line, record in records:
        conversations[_conversation(record)].append((line, record))
    for members in conversations.values():
        ids = {_string(record.get("id")) for _, record in members}
        replies: dict[str, list[tuple[int, Mapping[str, object]]]] = defaultdict(list)
        for line, record in members:
            parent = _string(record.get("reply_to", record.get("reply-to")))
            replies[parent if parent in ids and parent != _string(record.get("id")) else ""].append((line, record))
        waiting, seen = list(reversed(replies[""])), set[int]()
        while waiting:
            line, record = waiting.pop()
            if line not in seen:
                seen.add(line)
                yield line, record
                waiting += reversed(replies[_string(record.get("id"))] if record.get("id") else [])
        yield from ((line, record) for line, record in members if line not in seen)  # replies in a ring


CORNELL = Reader("cornell", "Cornell movie-dialogs lines", (), looks_like_cornell, read_cornell, CORNELL_EXAMPLE)
JSONL = Reader("jsonl", "JSON lines", (".jsonl", ".ndjson"), looks_like_jsonl, read_jsonl, JSONL_EXAMPLE)
JSON = Reader("json", "JSON", (".json",), looks_like_json, read_json, JSON_EXAMPLE)
CSV = Reader("csv", "table (CSV, TSV)", (".csv", ".tsv", ".tab"), looks_like_csv, read_csv, CSV_EXAMPLE)
READERS = (CORNELL, JSONL, JSON, CSV)

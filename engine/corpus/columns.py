"""Which column of a table, or which key of records, holds the speaker and which the speech: by name and by content.

Names of columns are hints, contents are evidence: what is short and comes back varies like a speaker, what is long and
never comes back reads like speech. A column that has the right name and is empty loses to one that is filled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.corpus.text import word_list

Record = Mapping[str, object]

#: Column names as people have them, without case, spaces and marks; the earlier is the better.
SPEAKERS = word_list(
    """
    speaker speakers speakername character characters charactername charname char cue rawcharactertext name names player
    sendername sender who said says persona person personaje hablante personnage figur nick nickname username actor role rol
    user author from nombre nom speakerid characterid
    """
)
TEXTS = word_list(
    """
    text dialogue dialog line lines utterance utterances speech spokenwords spoken linetext playerline rawtext mes transcript
    sentence sentences message content quote caption subtitle body reply replies value words fulltext narrative texto dialogo
    linea frase parlamento replica replique texte
    """
)
PLACES = (
    "season temporada",
    "episode episodeid episodenumber ep episodio play movie movieid title show",
    "act acto",
    "scene sceneid scenenumber escena conversationid conversation dialogid dialogueid dialogueno actsceneline",
)
PLACE_NAMES = frozenset(" ".join(PLACES).split())
TONES = ("tone", "emotion", "mood", "tono")
ADDRESSEES = ("to", "addressee", "listener", "addressedto", "a")
KINDS = ("kind", "type", "rowtype", "eventtype")

_SPEAKER_WORDS = frozenset(SPEAKERS) - {"said", "says", "from", "user", "role"} | {"speaking", "user", "role", "from"}
_TEXT_WORDS = frozenset(TEXTS) - {"value", "line", "lines"} | {"value", "line", "lines", "says"}
#: Words that make a column of numbers and keys out of one that sounds like speakers or speech.
_KEYS = frozenset(
    [
        "id",
        "ids",
        "no",
        "num",
        "number",
        "index",
        "count",
        "length",
        "url",
        "time",
        "date",
        "type",
        "len",
        "size",
        "hash",
    ]
)
#: So many records tell what a column holds.
SAMPLE = 300
#: Content alone decides only from so many records on, and from so clear a score.
LEAST, CLEAR = 6, 0.45
#: What a reader puts before a key that a record has from the objects around it.
AROUND = "^"
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9À-ÿ]+")
_NUMBER = re.compile(r"[\d.,:/\s-]*\Z")


@dataclass(frozen=True)
class Columns:
    """Which keys of a record hold what; `places` in order from the largest to the smallest."""

    speaker: str
    text: str
    places: tuple[str, ...] = ()
    tone: str | None = None
    addressee: str | None = None
    kind: str | None = None
    ident: str | None = None


def columns(records: Sequence[Record]) -> Columns | None:
    """The columns that hold speaker and text, and those that say where one is; None if there is no such pair."""
    step = max(1, len(records) // SAMPLE)
    sample = records[::step][:SAMPLE]
    keys = list(dict.fromkeys(key for record in sample for key in record))
    by_name = {bare(key): key for key in reversed(keys)}
    values = {key: [who(record.get(key)) for record in sample] for key in keys}
    said = {key: [words(record.get(key)) for record in sample] for key in keys}
    text = _best({key: _like_speech(key, said[key]) for key in keys})
    speaker = _best({key: _like_speaker(key, values[key]) for key in keys if key != text})
    if speaker is None or text is None:
        return None
    places = (next((by_name[name] for name in level.split() if name in by_name), None) for level in PLACES)
    chosen = tuple(place for place in places if place is not None and place not in {speaker, text})

    def first(names: Iterable[str]) -> str | None:
        return next((by_name[name] for name in names if name in by_name and by_name[name] not in {speaker, text}), None)

    return Columns(speaker, text, chosen, first(TONES), first(ADDRESSEES), first(KINDS), _ident(by_name, speaker))


def bare(name: str) -> str:
    """The name of a column without case, accents, blanks and marks."""
    name = name.casefold().translate(str.maketrans("áéíóúàèìòùâêîôû", "aeiouaeiouaeiou"))
    return re.sub(r"[^a-z0-9]", "", name)


def who(value: object) -> str:
    """A cell as a name: a nested speaker such as {"name": "Jane"} by its name, several by all of theirs."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return next(
            (value[key] for key in ("name", "nickname", "role", "id", "text") if isinstance(value.get(key), str)), ""
        )
    if isinstance(value, list):
        return " and ".join(filter(None, map(who, value[:6])))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value) if not isinstance(value, int) or abs(value) < 10**18 else ""
    return ""


def words(value: object) -> str:
    """A cell as speech: of a text in pieces every piece."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return next((words(value[key]) for key in ("text", "parts", "content", "value", "body") if key in value), "")
    if isinstance(value, list):
        pieces = [words(item) for item in value]
        styled = any(isinstance(item, Mapping) for item in value) or any(p[:1] == " " or p[-1:] == " " for p in pieces)
        return ("" if styled else " ").join(pieces)
    return who(value)


def _best(scores: Mapping[str, float]) -> str | None:
    key = max(scores, key=lambda key: scores[key], default=None)
    return key if key is not None and scores[key] > 0 else None


def _hint(key: str, exact: Sequence[str], parts: frozenset[str]) -> float:
    """How much the name of a column speaks for it: 2 for the best of the known names, about 1 for a part of one."""
    name = bare(key)
    if name in exact:
        return 2.0 - 0.01 * exact.index(name)
    pieces = {bare(piece) for piece in _CAMEL.split(key.lstrip(AROUND)) if piece}
    if pieces & _KEYS:
        return 0.0
    return 1.2 if pieces & parts else 0.0


def _like_speech(key: str, values: Sequence[str]) -> float:
    filled = [value for value in values if value.strip()]
    if not filled or all(_NUMBER.match(value) for value in filled):
        return 0.0
    share = len(filled) / len(values)
    long = sum(len(value.split()) if " " in value else len(value) / 8 for value in filled) / len(filled)
    content = share * min(long, 8.0) / 8.0 * (0.3 + 0.7 * len(set(filled)) / len(filled))
    hint = _hint(key, TEXTS, _TEXT_WORDS) * (0.4 + 0.6 * share) - (0.8 if key.startswith(AROUND) else 0.0)
    if hint > 0:
        return hint + content
    return (
        content
        if content >= CLEAR and len(values) >= LEAST and long >= 3 and _hint(key, SPEAKERS, _SPEAKER_WORDS) < 1.9
        else 0.0
    )


def _like_speaker(key: str, values: Sequence[str]) -> float:
    filled = [value for value in values if value.strip()]
    if not filled or all(_NUMBER.match(value) for value in filled):
        return 0.0
    share = len(filled) / len(values)
    long = sum(len(value.split()) for value in filled) / len(filled)
    many = len(set(filled)) / len(filled)
    again = 1 - many if len(filled) >= LEAST else 0.5
    content = share * min(1.0, 3.0 / max(1.0, long)) * again
    constant = len(set(filled)) == 1 and len(filled) > 2
    hint = _hint(key, SPEAKERS, _SPEAKER_WORDS) * (0.3 + 0.7 * share)
    if key.startswith(AROUND):
        hint -= 0.5 if not constant else 2.0
    if hint > 0 and long <= 8:
        return hint + content
    plain = bare(key) not in PLACE_NAMES and not constant and not ({bare(p) for p in _CAMEL.split(key)} & _KEYS)
    return content if content >= CLEAR and len(values) >= LEAST and plain and long <= 4 else 0.0


def _ident(by_name: Mapping[str, str], speaker: str) -> str | None:
    """The column that tells two people of one name apart."""
    for name in (
        f"{bare(speaker)}id",
        "speakerid",
        "characterid",
        "charid",
        "personid",
        "userid",
        "senderid",
        "authorid",
    ):
        if name in by_name and by_name[name] != speaker:
            return by_name[name]
    return None

"""Character cards, V1 to V3, as JSON and as pictures (PNG) -> turns, and what the card says of the character.

A card has a description, a first message and example dialogues; the user of the chat is a person called "You".
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from engine.corpus.reader import Draft, FileReader, Reader, no_dialogue, script
from engine.corpus.speech import spoken
from engine.corpus.text import clean, tidy
from engine.corpus.turns import Script, Turn
from engine.errors import ScriptError

EXAMPLE = '{"spec": "chara_card_v2", "data": {"name": "María", "first_mes": "You are late.", "mes_example": "<START>\\n{{user}}: Sorry.\\n{{char}}: Sit."}}'

USER = "You"
_PNG = b"\x89PNG\r\n\x1a\n"
_KEYS = frozenset(["first_mes", "mes_example", "personality", "scenario"])
_START = re.compile(r"<START>", re.IGNORECASE)
_ACTION = re.compile(r"\*[^*\n]{1,600}\*")
#: A card of more than this is none.
_MOST = 16 * 2**20
_ABOUT = 400


def looks_like(text: str, suffix: str) -> float:
    head = text[:200_000]
    if not head.lstrip().startswith("{"):
        return 0.0
    return (
        0.98
        if '"chara_card_v' in head or all(f'"{key}"' in head for key in ("first_mes", "mes_example", "name"))
        else 0.0
    )


def read(text: str, path: Path) -> Script:
    """The lines of a character card in JSON. Raises ScriptError if it has neither a first message nor examples."""
    try:
        data = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise ScriptError(f"{path}: this is not JSON: {str(error)[:200]}") from error
    card = data.get("data", data) if isinstance(data, dict) else {}
    if not isinstance(card, Mapping) or not isinstance(card.get("name"), str) or not _KEYS & set(card):
        raise ScriptError(f"{path}: this is no character card: it has no name, first_mes and mes_example")
    name = clean(card["name"]) or path.stem
    drafts = list(_drafts(card, name))
    refusal = no_dialogue(path, "a card with a first message or example dialogues", EXAMPLE)
    found = script(path, name, drafts, refusal)
    about = clean(" ".join(_of(card, key, name) for key in ("description", "personality", "scenario")))
    notes = (
        ["lines of the user of the card are under the name You"]
        if any(turn.speaker == USER for turn in found.turns())
        else []
    )
    return replace(found, about={name: _cut(about)} if about else {}, notes=(*found.notes, *notes))


def _cut(about: str) -> str:
    return about if len(about) <= _ABOUT else about[:_ABOUT].rsplit(" ", 1)[0] + " ..."


def _drafts(card: Mapping[str, object], name: str) -> Iterator[Draft]:
    greetings = card.get("alternate_greetings")
    others = [text for text in greetings if isinstance(text, str)] if isinstance(greetings, list) else []
    for number, text in enumerate([str(card.get("first_mes") or ""), *others], 1):
        draft = Draft(f"Greeting {number}", 1, [])
        _add(draft, name, _filled(text, name))
        yield draft
    for number, example in enumerate(_START.split(_of(card, "mes_example", name)), 1):
        draft = Draft(f"Example {number}", 1, [])
        who, rows = "", list[str]()
        for row in [*example.split("\n"), f"{name}:"]:
            head, colon, rest = row.partition(":")
            if colon and head.strip().casefold() in {name.casefold(), USER.casefold()}:
                if who:
                    _add(draft, who, "\n".join(rows))
                who, rows = (name if head.strip().casefold() == name.casefold() else USER), [rest]
            else:
                rows.append(row)
        yield draft


def _of(card: Mapping[str, object], key: str, name: str) -> str:
    return _filled(str(card.get(key) or ""), name)


def _filled(text: str, name: str) -> str:
    text = re.sub(r"\{\{char\}\}|<BOT>", name, tidy(text), flags=re.IGNORECASE)
    return re.sub(r"\{\{user\}\}|<USER>", USER, text, flags=re.IGNORECASE)


def _add(draft: Draft, who: str, text: str) -> None:
    """A message without what is done between asterisks; all of it if nothing is said besides."""
    words = spoken(_ACTION.sub(" ", text)) or spoken(text)
    if words:
        draft.turns.append(Turn(who, words, line=1))


def read_png(data: bytes, path: Path) -> Script:
    """The lines of a character card in a picture. Raises ScriptError for a picture without one."""
    found = dict(_texts(data))
    packed = found.get("ccv3") or found.get("chara")
    if packed is None:
        raise ScriptError(f"{path}: a picture, and no character card in it (a text chunk called chara or ccv3)")
    try:
        return read(base64.b64decode(packed).decode("utf-8", "replace"), path)
    except ValueError as error:
        raise ScriptError(f"{path}: the character card in this picture is damaged: {error}") from error


def _texts(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The text chunks of a PNG by their names."""
    at = len(_PNG)
    while at + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + min(length, _MOST)]
        name, _, text = body.partition(b"\0")
        if kind == b"tEXt":
            yield name.decode("latin-1").lower(), text
        elif kind == b"zTXt":
            with contextlib.suppress(zlib.error):
                yield name.decode("latin-1").lower(), zlib.decompressobj().decompress(text[1:], _MOST)
        at += 12 + length


JSON = Reader("card", "character card", (), looks_like, read, EXAMPLE)
PNG = FileReader(
    "cardpng", "character card in a picture", (".png",), lambda data, suffix: data.startswith(_PNG), read_png
)

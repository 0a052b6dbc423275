"""Chats and transcripts with times -> turns: a date before each message, a nick in brackets, a name and a time above a speech.

Phones (WhatsApp, Signal), IRC and game logs put date, name and words into one row; meetings, podcasts and Discord set
name and time on a row of their own and the speech below.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from engine.corpus.cues import name_of
from engine.corpus.reader import Draft
from engine.corpus.rows import Numbered
from engine.corpus.shapes import DATED, STAMP, STAMPED, label_of
from engine.corpus.text import clean, sayable
from engine.corpus.turns import Turn

#: What stands for a picture, a call or a message that was taken back.
_NOT_SAID = re.compile(
    r"<[^<>]*(?:omitted|attached|omitido|adjunto|omis|weggelassen|ausgeschlossen|omesso|ocultado)[^<>]*>$"
    r"|.{0,40}\b(?:omitted|omitid[oa]|omis|omise|weggelassen|omess[oa])\.?$"
    r"|(?:This message was deleted|You deleted this message|Se eliminó este mensaje|Missed (?:voice|video) call|null|Waiting for this message)\b.{0,80}$"
    r"|\{(?:Attachments|Reactions|Embed|Stickers)\}",
    re.IGNORECASE,
)
_EDITED = re.compile(r"<(?:This message was edited|Se editó este mensaje)>\s*$")
_NAMED = re.compile(
    r"[ \t]*(?:<[ \t]*[~@+%&]?([^<>\n]{1,60})>[ \t]*(?::[ \t]*)?|([^:：\n]{1,60}?)[ \t]?[:：](?=[ \t]|$|[^\s/\d]))"
)
_NICK = re.compile(r"(?:\[?(?:\d{1,2}:)?\d{1,2}:\d{2}\]?[ \t]*)?<[ \t]*[~@+%&]?([^<>\s]{1,30})>[ \t]+")
_WHEN = rf"(?:{STAMP}|(?:Today|Yesterday|Hoy|Ayer|Aujourd'hui|Heute)(?: at| a las| à| um)?(?:[ \t]{STAMP})?)"
_NAME_THEN_TIME = re.compile(rf"[ \t]*([^\n\d:]{{1,60}}?)[ \t]{{0,4}}(?:[-–—|·•,][ \t]{{0,4}})?(?:[\[(][ \t]?)?{_WHEN}(?:[ \t]?[\])])?(?:[ \t]{{0,4}}[-–—>]{{1,3}}[ \t]{{0,4}}{STAMP})?[ \t]*+:?+[ \t]*+$")  # fmt: skip
_TIME_THEN_NAME = re.compile(rf"[ \t]*{STAMP}[ \t]{{1,4}}(?:[-–—|][ \t]*+)?([^\n:]{{1,60}}?)[ \t]*+:?+[ \t]*+$")
_RULE = re.compile(r"[=\-_*~]{5,}[ \t]*$")
#: A row above this is no message's head.
_LONGEST = 160


@dataclass
class Message:
    """A message while its rows come in."""

    name: str
    line: int
    rows: list[str] = field(default_factory=list)

    def turn(self) -> Turn | None:
        """The message as a turn; None for a notice, a picture, or nothing."""
        rows = [row for row in self.rows if not _RULE.match(row.strip()[:_LONGEST])]
        cut = next(
            (n for n, row in enumerate(rows) if row.startswith(("{Attachments}", "{Embed}", "{Reactions}"))), None
        )
        text = clean(_EDITED.sub("", " ".join(rows[:cut])))
        return Turn(self.name, text, line=self.line) if sayable(text) and not _NOT_SAID.match(text[:200]) else None


@dataclass
class Chat:
    """Rows of chat read in one way, and how many messages that found."""

    messages: list[Message]
    notices: int = 0

    @property
    def names(self) -> Counter[str]:
        return Counter(message.name for message in self.messages)

    def drafts(self) -> tuple[list[Draft], list[str]]:
        draft = Draft("", self.messages[0].line, [])
        draft.turns = [turn for message in self.messages if (turn := message.turn())]
        left_out = self.notices + len(self.messages) - len(draft.turns)
        notes = [f"{left_out} notices, pictures and empty messages were left out"] if left_out else []
        return [draft], notes


def chat(rows: Numbered) -> Chat | None:
    """The messages of rows that are set as a chat or a transcript with times; None if they are not."""
    filled = [row for _, row in rows if row.strip()]
    sample = filled[:4000]
    ways = (
        (sum(bool(DATED.match(row[:_LONGEST])) for row in sample), 3, _dated),
        (sum(bool(_NICK.match(row[:_LONGEST])) for row in sample if "<" in row[:40]), 2, _nicks),
        (sum(bool(head(row)) for row in sample), 8, _headed),
    )
    for count, share, read in ways:
        if count >= 2 and count * share >= len(sample):
            found = read(rows)
            # A date before a name before a colon, once and again, is no accident; elsewhere names must come back.
            dated = read is _dated and len(found.messages) > 1 and len(found.messages) >= found.notices
            if dated or (len(found.messages) > len(found.names) and _people(found.names)):
                return found
    return None


def head(row: str) -> str:
    """The name on a row that holds just a name and a time; "" for any other row."""
    if len(row) > _LONGEST or not any(map(str.isdigit, row)):
        return ""
    match = _NAME_THEN_TIME.match(row) or _TIME_THEN_NAME.match(row)
    label = label_of(match[1]) if match else None
    return label.name if label else ""


def _people(names: Counter[str]) -> bool:
    """Whether names come back often enough to be people."""
    return sum(names.values()) >= 1.5 * len(names)


def _dated(rows: Numbered) -> Chat:
    """A date and a time before each message; rows without one go on the message before."""
    found = Chat([])
    current: Message | None = None
    for line, row in rows:
        stamp = DATED.match(row[:_LONGEST])
        if not stamp:
            if current is not None:
                current.rows.append(row)
            continue
        rest = row[stamp.end() :]
        named = _NAMED.match(rest)
        current = None
        if named and (name := name_of((named[1] or named[2]).strip(" ~*_"))):
            current = Message(name, line, [rest[named.end() :]])
            found.messages.append(current)
        elif not named and rest.strip() and len(rest) < 60 and label_of(rest):
            current = Message(name_of(rest), line)  # a name after the time, the words below
            found.messages.append(current)
        else:
            found.notices += 1
    return found


def _nicks(rows: Numbered) -> Chat:
    """`<nick> words`, as IRC and game servers log; what has no nick is a notice."""
    found = Chat([])
    for line, row in rows:
        nick = _NICK.match(row[:_LONGEST])
        if nick:
            found.messages.append(Message(name_of(nick[1]), line, [row[nick.end() :]]))
        elif row.strip():
            found.notices += 1
    return found


def _headed(rows: Numbered) -> Chat:
    """A row of name and time, and the speech below it up to the next such row; what stands above the first is a head."""
    found = Chat([])
    current: Message | None = None
    for line, row in rows:
        name = head(row)
        if name:
            current = Message(name, line)
            found.messages.append(current)
        elif current is not None:
            stamp = STAMPED.match(row[:_LONGEST]) if row[:1].isdigit() else None
            current.rows.append(row[stamp.end() :] if stamp and ":" in stamp[0] else row)
    return found

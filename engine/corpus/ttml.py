"""TTML and DFXP, whatever their time base -> captions -> turns.

A reader of our own: `ttconv` builds the whole model of styles and regions, refuses many files of the older
dialects (their namespaces of 2006 and before) and keeps no line numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from lxml import etree

from engine import codes
from engine.corpus import captions, safe_xml
from engine.corpus.captions import Caption
from engine.corpus.cues import name_of
from engine.corpus.reader import Reader, no_dialogue, script
from engine.corpus.safe_xml import attribute, line_of, local, text_of
from engine.corpus.turns import Script

EXAMPLE = '<tt><body><div>\n<p begin="00:00:01.000" end="00:00:03.500">MARÍA: I closed it.</p>\n</div></body></tt>'

#: No time has more digits than these; a number of thousands of them would only cost time.
_CLOCK = re.compile(r"(?:(\d{1,6}):)?(\d\d):(\d\d?)(?:\.(\d{1,12})|:(\d{1,6})(?:\.(\d{1,6}))?)?\Z")
_OFFSET = re.compile(r"(\d{1,15}(?:\.\d{1,12})?)(h|ms|m|s|f|t)\Z")
_SILENT_ROLES = frozenset(["sound", "music", "lyrics", "x-sound", "x-music"])
_UNITS = {"h": Fraction(3600), "m": Fraction(60), "s": Fraction(1), "ms": Fraction(1, 1000)}


@dataclass(frozen=True)
class Clock:
    """How a file counts time: frames, parts of frames and ticks in a second."""

    frames: Fraction = Fraction(30)
    parts: int = 1
    ticks: Fraction = Fraction(1)

    @classmethod
    def of(cls, root: etree._Element) -> Clock:
        """The clock that the parameters of `tt` describe; the defaults are TTML's own."""
        frames = _number(attribute(root, "framerate")) or Fraction(30)
        multiplier = re.findall(r"\d{1,9}", attribute(root, "frameratemultiplier")[:40])
        if multiplier and all(int(part) for part in multiplier):
            frames *= Fraction(int(multiplier[0]), int(multiplier[1]) if len(multiplier) > 1 else 1)
        parts = int(_number(attribute(root, "subframerate")) or 1)
        given = attribute(root, "framerate")
        ticks = _number(attribute(root, "tickrate")) or (frames * parts if given else Fraction(1))
        return cls(frames, parts, ticks)

    def seconds(self, expression: str) -> Fraction | None:
        """Seconds of a time expression (`00:01:02.5`, `00:01:02:12`, `62.5s`, `1875f`, `6250t`); None if it is none."""
        clock = _CLOCK.match(expression.strip())
        if clock:
            hours, minutes, seconds, decimals, frames, parts = clock.groups()
            whole = Fraction(int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds))
            if decimals:
                return whole + Fraction(int(decimals), 10 ** len(decimals))
            return (
                whole + Fraction(int(frames or 0)) / self.frames + Fraction(int(parts or 0), self.parts) / self.frames
            )
        offset = _OFFSET.match(expression.strip())
        if not offset:
            return None
        amount, unit = Fraction(offset[1]), offset[2]
        if unit == "f":
            return amount / self.frames
        return amount / self.ticks if unit == "t" else amount * _UNITS[unit]


def looks_like(text: str, suffix: str) -> float:
    return 0.97 if re.search(r"<(?:\w+:)?tt[\s>]", text[:8000]) else 0.0


def read(text: str, path: Path) -> Script:
    """The script in timed text. Raises ScriptError if it shows none."""
    root = safe_xml.parse(text, path)
    clock = Clock.of(root)
    agents = _agents(root)
    body = next((child for child in root.iter() if local(child) == "body"), root)
    found: list[Caption] = []
    _collect(body, clock, agents, Fraction(0), None, found)
    # Regions show things at one time in any order of the file; the earlier begins, and of two the first.
    found.sort(key=lambda caption: caption.start or 0.0)
    drafts, notes = captions.drafts(found)
    title = next((" ".join(text_of(e).split()) for e in root.iter() if local(e) == "title"), "")
    language = attribute(root, "lang").lower()[:2]
    language = language if language in codes.LANGUAGES else ""
    refusal = no_dialogue(path, "<p> elements with a begin and text", EXAMPLE)
    return script(path, title, drafts, refusal, language, notes)


def _collect(
    element: etree._Element,
    clock: Clock,
    agents: dict[str, str],
    base: Fraction,
    limit: Fraction | None,
    found: list[Caption],
) -> None:
    """Add the captions in an element whose parent begins at `base` and ends at `limit`, in seconds."""
    begin, end = _times(element, clock, base, limit)
    if local(element) == "p":
        if attribute(element, "role").lower() not in _SILENT_ROLES:
            _paragraph(element, clock, agents, begin, end, found)
        return
    sequential = attribute(element, "timecontainer") == "seq"
    at = begin
    for child in element:
        if local(child) in {"body", "div", "p"}:
            _collect(child, clock, agents, at, end, found)
            if sequential:
                at = _times(child, clock, at, end)[1] or at


def _times(
    element: etree._Element, clock: Clock, base: Fraction, limit: Fraction | None
) -> tuple[Fraction, Fraction | None]:
    begin = base + (clock.seconds(attribute(element, "begin")) or 0)
    end, duration = clock.seconds(attribute(element, "end")), clock.seconds(attribute(element, "dur"))
    stop = base + end if end is not None else begin + duration if duration is not None else limit
    return begin, stop


def _paragraph(
    element: etree._Element,
    clock: Clock,
    agents: dict[str, str],
    begin: Fraction,
    end: Fraction | None,
    found: list[Caption],
) -> None:
    """One caption, or one for each timed `span` in it."""
    voice = _voice(element, agents)
    timed = [child for child in element if local(child) == "span" and attribute(child, "begin")]
    if timed and not (element.text or "").strip() and not _word_by_word(timed, clock):
        for span in timed:
            start, stop = _times(span, clock, begin, end)
            found.append(_caption(span, _voice(span, agents) or voice, start, stop))
        return
    found.append(_caption(element, voice, begin, end))


def _word_by_word(timed: list[etree._Element], clock: Clock) -> bool:
    """Whether spans with times are the words of one caption as they are sung: each begins where the last one ends."""
    if len(timed) < 2 or any(local(child) == "br" for span in timed for child in span):
        return False
    short = all(len(text_of(span).split()) <= 2 for span in timed)
    begins = [clock.seconds(attribute(span, "begin")) for span in timed]
    ends = [clock.seconds(attribute(span, "end")) for span in timed]
    shown = sum(
        end is not None and begin is not None and begin < end for end, begin in zip(ends, begins[1:], strict=False)
    )
    return short and not shown


def _caption(element: etree._Element, voice: str | None, begin: Fraction, end: Fraction | None) -> Caption:
    # Line ends and runs of spaces of the file mean nothing; only <br/> ends a line.
    words = _shown(element)
    rows = [" ".join(row.split()) for row in words.split("\0")]
    stop = float(end) if end is not None else None
    return Caption("\n".join(rows), line_of(element), float(begin), stop, voice)


def _shown(element: etree._Element) -> str:
    """The text of an element with `\\0` for `<br/>`, without its metadata."""
    pieces = [element.text or ""]
    for child in element:
        name = local(child)
        if name == "br":
            pieces.append("\0")
        elif name and name not in {"metadata", "set"} and attribute(child, "role").lower() not in _SILENT_ROLES:
            pieces.append(_shown(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _agents(root: etree._Element) -> dict[str, str]:
    """The names of the agents that the head of the file lists."""
    names: dict[str, str] = {}
    for agent in root.iter():
        if local(agent) == "agent":
            name = next((name_of(text_of(child)) for child in agent if local(child) == "name"), "")
            if name:
                names[attribute(agent, "id")] = name
    return names


def _voice(element: etree._Element, agents: dict[str, str]) -> str | None:
    return next((agents[key] for key in attribute(element, "agent").split() if key in agents), None)


def _number(text: str) -> Fraction | None:
    match = re.match(r"\s*(\d{1,9}(?:\.\d{1,9})?)(?!\d)", text)
    value = Fraction(match[1]) if match else None
    return value or None


READER = Reader("ttml", "TTML or DFXP timed text", (".ttml", ".dfxp", ".xml"), looks_like, read, EXAMPLE)

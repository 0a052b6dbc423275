"""SubRip, WebVTT, SBV and SAMI -> captions -> turns.

Readers of our own: `pysubs2` and `webvtt-py` keep no line numbers, and the first leaves the times inside WebVTT's
captions in the text. What all of these formats share is a line of times; the rest is the text below it.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from pathlib import Path

from engine import codes
from engine.corpus import captions
from engine.corpus.captions import Caption
from engine.corpus.cues import name_of
from engine.corpus.reader import Reader, no_dialogue, script
from engine.corpus.turns import Script

SRT_EXAMPLE = "1\n00:00:01,000 --> 00:00:03,500\nMARÍA: I closed it."
VTT_EXAMPLE = "WEBVTT\n\n00:01.000 --> 00:03.500\n<v María>I closed it."
SBV_EXAMPLE = "0:00:01.000,0:00:03.500\nMARÍA: I closed it."
SAMI_EXAMPLE = "<SAMI><BODY>\n<SYNC Start=1000><P Class=ENCC>MARÍA: I closed it.\n</BODY></SAMI>"

_ARROW = re.compile(
    r"^[ \t]*((?:\d+:)?\d{1,2}:\d{1,2}[.,]\d{1,3}|(?:\d+:)?\d{1,2}:\d{2})[ \t]*-+>[ \t]*([\d:.,]+)[^\n]*$", re.MULTILINE
)
_COMMA = re.compile(r"^[ \t]*(\d+:\d{2}:\d{2}\.\d{1,3}),[ \t]*(\d+:\d{2}:\d{2}\.\d{1,3})[ \t]*$", re.MULTILINE)
_SYNC = re.compile(r"<sync\b[^<>]{0,200}?\bstart[ \t]{0,4}=[ \t]{0,4}[\"']?(\d{1,12})[^<>]{0,200}>", re.IGNORECASE)
_PARAGRAPH = re.compile(r"<p\b([^<>]*)>", re.IGNORECASE)
_CLASS = re.compile(r"\bclass\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_SOURCE = re.compile(r"\bid\s*=\s*[\"']?source\b", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]*>", re.DOTALL)
#: No film lasts as many seconds; what says so, with digits without end, is no time.
_LONGEST = 1e7
_LANGUAGE = re.compile(r"^Language:[ \t]*(\w\w)", re.MULTILINE | re.IGNORECASE)


def looks_like_vtt(text: str, suffix: str) -> float:
    return 1.0 if text[:200].lstrip().startswith("WEBVTT") else 0.0


def looks_like_srt(text: str, suffix: str) -> float:
    return 0.95 if _ARROW.search(text, 0, 100_000) else 0.0


def looks_like_sbv(text: str, suffix: str) -> float:
    return 0.94 if _COMMA.search(text, 0, 100_000) else 0.0


def looks_like_sami(text: str, suffix: str) -> float:
    head = text[:20_000].lower()
    return 0.96 if "<sami" in head or "<sync " in head else 0.0


def read_srt(text: str, path: Path) -> Script:
    """The script in SubRip subtitles, blank lines inside a caption and missing numbers forgiven."""
    return _script(path, _timed(text, _ARROW, strict=False), "lines of times with --> and text below", SRT_EXAMPLE)


def read_vtt(text: str, path: Path) -> Script:
    """The script in WebVTT; `<v Name>` names the speaker, notes, styles and regions are left out."""
    found = _LANGUAGE.search(text, 0, 400)
    language = found[1].lower() if found and found[1].lower() in codes.LANGUAGES else ""
    captions = _timed(text, _ARROW, strict=True)
    return _script(path, captions, "WEBVTT with lines of times and text below", VTT_EXAMPLE, language)


def read_sbv(text: str, path: Path) -> Script:
    """The script in YouTube's SBV."""
    return _script(path, _timed(text, _COMMA, strict=False), "a line of two times and text below", SBV_EXAMPLE)


def read_sami(text: str, path: Path) -> Script:
    """The script in SAMI, of its language with the most text; `<P ID=Source>` names the speaker."""
    marks = list(_SYNC.finditer(text))
    found: list[tuple[str, Caption]] = []
    line, at = 1, 0
    for number, mark in enumerate(marks):
        stop = marks[number + 1].start() if number + 1 < len(marks) else len(text)
        start = int(mark[1]) / 1000
        end = int(marks[number + 1][1]) / 1000 if number + 1 < len(marks) else None
        line += text.count("\n", at, mark.start())
        at = mark.start()
        source: str | None = None
        pieces = _PARAGRAPH.split(text[mark.end() : stop])
        pieces = ["", *pieces] if len(pieces) == 1 else pieces[1:]
        for attributes, body in zip(pieces[::2], pieces[1::2], strict=True):
            # A line end means nothing here; `<br>` ends a line.
            words = _BREAK.sub("\n", " ".join(body.split()))
            if _SOURCE.search(attributes):
                source = name_of(_MARKUP.sub("", words).replace("&nbsp;", " ")) or None
                continue
            named = _CLASS.search(attributes)
            found.append((named[1].lower() if named else "", Caption(_MARKUP.sub("", words), line, start, end, source)))
    weight = Counter[str]()
    for name, caption in found:
        weight[name] += len(caption.text.replace("&nbsp;", "").strip())
    chosen = weight.most_common(1)[0][0] if weight else ""
    return _script(path, [c for name, c in found if name == chosen], "<SYNC> elements with text", SAMI_EXAMPLE)


def _script(path: Path, found: list[Caption], looked_for: str, example: str, language: str = "") -> Script:
    drafts, notes = captions.drafts(found)
    return script(path, "", drafts, no_dialogue(path, looked_for, example), language, notes)


def _timed(text: str, pattern: re.Pattern[str], *, strict: bool) -> list[Caption]:
    """The captions below lines of times. `strict`: a blank line ends a caption, as WebVTT has it."""
    marks = list(pattern.finditer(text))
    result: list[Caption] = []
    line, at = 1, 0
    for number, mark in enumerate(marks):
        stop = marks[number + 1].start() if number + 1 < len(marks) else len(text)
        line += text.count("\n", at, mark.start())
        at = mark.start()
        body = text[mark.end() : stop].strip("\n") if not strict else text[mark.end() + 1 : stop]
        if strict:
            body = body.partition("\n\n")[0]
        elif number + 1 < len(marks):
            above, _, last = body.rpartition("\n")
            if last.strip().isdecimal():  # the number of the next caption
                body = above.rstrip("\n")
        result.append(Caption(body, line, _seconds(mark[1]), _seconds(mark[2])))
    return result


def _seconds(clock: str) -> float | None:
    above, colon, last = clock.replace(",", ".").rpartition(":")
    try:
        seconds = (_minutes(above) * 60 if colon else 0.0) + float(last)
    except ValueError:
        return None
    return seconds if seconds < _LONGEST else None


@lru_cache(4096)
def _minutes(clock: str) -> float:
    """The minutes of hours and minutes, which many captions share. Raises ValueError."""
    minutes = 0.0
    for part in clock.split(":"):
        minutes = minutes * 60 + float(part)
    return minutes


VTT = Reader("webvtt", "WebVTT subtitles", (".vtt",), looks_like_vtt, read_vtt, VTT_EXAMPLE)
SRT = Reader("srt", "SubRip subtitles", (".srt",), looks_like_srt, read_srt, SRT_EXAMPLE)
SBV = Reader("sbv", "YouTube SBV subtitles", (".sbv",), looks_like_sbv, read_sbv, SBV_EXAMPLE)
SAMI = Reader("sami", "SAMI subtitles", (".smi", ".sami"), looks_like_sami, read_sami, SAMI_EXAMPLE)
READERS = (VTT, SAMI, SRT, SBV)

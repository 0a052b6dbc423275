"""ASS, SSA and MicroDVD subtitles -> captions -> turns, read by `pysubs2`, which knows their styles and tags.

Loaded when it is first needed: playing never reads subtitles.
"""

from __future__ import annotations

import re
import warnings
from pathlib import Path

from engine.corpus import captions
from engine.corpus.captions import Caption
from engine.corpus.cues import name_of
from engine.corpus.reader import Reader, no_dialogue, script
from engine.corpus.shapes import label_of
from engine.corpus.text import lines_with
from engine.corpus.turns import Script
from engine.errors import ScriptError

ASS_EXAMPLE = "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\nDialogue: 0,0:00:01.00,0:00:03.00,Default,María,0,0,0,,I closed it."
MICRODVD_EXAMPLE = "{25}{75}María: I closed it."

_EVENT = re.compile(r"^(?:Dialogue|Comment)[ \t]*:", re.MULTILINE)
_FRAMES = re.compile(r"^\{\d{1,9}\}\{\d{0,9}\}", re.MULTILINE)
#: Drawings are shapes, not words; karaoke templates are code.
_DRAWING = re.compile(r"\{[^{}]*\\p[1-9]")
_NO_SPEECH = re.compile(r"sign|title|credit|song|lyric|karaoke|\bop\b|\bed\b|note|romaji|fx|staff", re.IGNORECASE)
#: Frames a second where a file does not say.
_RATE = 23.976
#: A caption is shorter; the library's search for tags takes the square of a row's length.
_LONGEST = 4000


def looks_like_ass(text: str, suffix: str) -> float:
    head = text[:20_000]
    return 0.98 if "[Script Info]" in head or ("[Events]" in text and _EVENT.search(text)) else 0.0


def looks_like_microdvd(text: str, suffix: str) -> float:
    return 0.96 if len(_FRAMES.findall(text[:4000])) >= 2 or _FRAMES.match(text) else 0.0


def read_ass(text: str, path: Path) -> Script:
    """The script in ASS or SSA subtitles: the Name field says who speaks; comments, signs, songs and drawings do not."""
    return _script(text, path, "ass", _EVENT, ASS_EXAMPLE, "[Events] with rows of Dialogue")


def read_microdvd(text: str, path: Path) -> Script:
    """The script in MicroDVD subtitles."""
    return _script(text, path, "microdvd", _FRAMES, MICRODVD_EXAMPLE, "rows of two frames and a text")


def _script(text: str, path: Path, format: str, row: re.Pattern[str], example: str, looked_for: str) -> Script:
    import pysubs2

    rows = "\n".join(row[:_LONGEST] for row in text.split("\n"))
    try:
        with warnings.catch_warnings():
            # It says on stderr what it could not read and took for its usual value.
            warnings.simplefilter("ignore")
            found = pysubs2.SSAFile.from_string(rows, format_=format, fps=_RATE if format == "microdvd" else None)
    except (
        ValueError,
        LookupError,
        TypeError,
        OverflowError,
        RecursionError,
        pysubs2.exceptions.Pysubs2Error,
    ) as error:
        raise ScriptError(f"{path}: these subtitles cannot be read as {format}: {str(error)[:200]}") from error
    lines = lines_with(row, text, len(found))
    styles = {event.style for event in found if event.type == "Dialogue"}
    silent = {style for style in styles if _NO_SPEECH.search(style)}
    shown: list[Caption] = []
    for event, line in zip(found, lines, strict=True):
        if event.type != "Dialogue" or (event.style in silent and silent != styles) or _DRAWING.search(event.text):
            continue
        voice = name_of(event.name) if event.name.strip() and label_of(event.name) else None
        words = event.plaintext.replace("\u00a0", " ")
        shown.append(Caption(words, line, event.start / 1000, event.end / 1000, voice))
    shown.sort(key=lambda caption: caption.start or 0.0)
    drafts, notes = captions.drafts(shown)
    title = str(found.info.get("Title", "")) if format == "ass" else ""
    title = "" if title.lower() in {"default aegisub file", "untitled", "<untitled>"} else title
    return script(path, " ".join(title.split()), drafts, no_dialogue(path, looked_for, example), notes=notes)


ASS = Reader("ass", "ASS or SSA subtitles", (".ass", ".ssa"), looks_like_ass, read_ass, ASS_EXAMPLE)
MICRODVD = Reader("microdvd", "MicroDVD subtitles", (".sub",), looks_like_microdvd, read_microdvd, MICRODVD_EXAMPLE)
READERS = (ASS, MICRODVD)

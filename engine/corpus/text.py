"""Bytes of any encoding -> text, and text -> the one form that turns have. Knows nothing of scripts."""

from __future__ import annotations

import codecs
import re
import unicodedata
from pathlib import Path

import charset_normalizer

from engine.errors import ScriptError
from engine.text import normalise

#: A file above this is no script: a season of subtitles has 2 MB, the whole Cornell corpus 35.
MOST_BYTES = 512 * 2**20

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: What `normalise` writes otherwise. A search for each is quicker than a table for all: most texts hold one or two.
_REWRITTEN = (
    ("’", "'"), ("“", '"'), ("”", '"'), ("…", "..."), ("—", "--"), ("\u00a0", " "), ("‘", "'"), ("–", "-"),
)  # fmt: skip
#: What Windows-1252 text of the languages we meet is made of: letters with marks, quotes, dashes, inverted marks.
_WESTERN = frozenset("áéíóúüñÁÉÍÓÚÜÑàèìòùâêîôûäëïöçÀÈÌÒÙÂÊÎÔÛÄËÏÖÇßœŒæÆøØåÅ¡¿«»ªº°£€©®·–—‘’“”…•\u00a0")


#: The lookbehind lets a run of blanks be entered at its first one only, which keeps the search linear.
_GAP = re.compile(r"(?<!\s)\s+([.,;:!?])(?!\.)")
#: Blanks of every width (no-break, thin, ideographic) that typography sets where a plain one is meant.
_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
#: Marks without width: they are not seen, and a name with one in it would be another name.
_UNSEEN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
#: What ends a line beside "\\n": layout programs and word processors write these.
_ENDS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SAYABLE = re.compile(r"[^\W_]")
_SPANISH = re.compile(r"\b(?:que|de|no|la|el|los|una|por|pero|muy|usted|está|qué|señora?)\b|[¿¡]", re.IGNORECASE)
_ENGLISH = re.compile(r"\b(?:the|and|you|to|is|it|that|of|what|have|not|no|with|this)\b", re.IGNORECASE)


def read_text(path: Path) -> str:
    """The text of a file, its lines ended by "\\n". Raises ScriptError for no file, or one that is not text."""
    try:
        return decode(bytes_of(path))
    except ScriptError as error:
        told = str(error)
        raise ScriptError(told if told.startswith(str(path)) else f"{path}: {told}") from error


def bytes_of(path: Path) -> bytes:
    """The bytes of a file. Raises ScriptError for no file, or one too large to be a script."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ScriptError(f"{path}: larger than {MOST_BYTES >> 20} MB; cut it into episodes")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ScriptError(f"{path}: no such file") from error
    except OSError as error:
        raise ScriptError(f"{path}: cannot be read: {error.strerror}") from error


def decode(data: bytes) -> str:
    """Text of bytes by byte-order mark, UTF-16 without one, UTF-8, Windows-1252, or else a guess from its letters.

    Raises ScriptError for bytes that are not text.
    """
    return tidy(_decode(data))


def tidy(text: str) -> str:
    """Text in the form that every reader expects: "\\n", composed accents, plain blanks, no marks that nobody sees."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        return text
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return _UNSEEN.sub("", _BLANKS.sub(" ", text))


def lines_of(text: str) -> str:
    """Text in which everything that ends a line is "\\n". Not for JSON and tables, where those are characters."""
    return _ENDS.sub("\n", text)


def lines_with(pattern: re.Pattern[str], text: str, count: int) -> list[int]:
    """The lines (from 1) on which each of `count` things stands that a pattern is to find; 0 for each if it finds other things, too."""
    lines: list[int] = []
    line, at = 1, 0
    for match in pattern.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        lines.append(line)
    return lines if len(lines) == count else [0] * count


def clean(text: str) -> str:
    """`engine.voices.vocabulary.normalise`, by a short way where there is little for it to do.

    Printable text has no control characters, the search for which takes `normalise` most of its time.
    """
    if text.isascii():
        return " ".join(text.split()) if text.replace("\n", " ").isprintable() else normalise(text)
    text = unicodedata.normalize("NFC", text).replace("\n", " ")
    for old, new in _REWRITTEN:
        if old in text:
            text = text.replace(old, new)
    return " ".join(text.split()) if text.isprintable() else normalise(text)


def sayable(text: str) -> bool:
    """Whether there is a letter or a digit in a text: dots and dashes alone are no speech."""
    return _SAYABLE.search(text) is not None


def cut(pattern: re.Pattern[str], text: str) -> str:
    """Text without what a pattern finds, and without the gap that this leaves before a full stop."""
    return _GAP.sub(r"\1", pattern.sub(" ", text))


def language_of(text: str) -> str:
    """ "es" or "en", by the small words of a text of some lines; "en" if it has none."""
    return "es" if len(_SPANISH.findall(text)) > len(_ENGLISH.findall(text)) else "en"


def word_list(text: str) -> tuple[str, ...]:
    """The words of a text, in order: a long list of words reads best as a paragraph."""
    return tuple(text.split())


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _decode(data: bytes) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(name)
            except UnicodeDecodeError:
                return data.decode(name, errors="replace")  # cut off in the middle of a character
    wide = _wide(data)
    if wide:
        return data.decode(wide, errors="replace")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(data)
    if "\0" in text:
        raise ScriptError("this is not text: it holds zero bytes (a PDF or a word processor's file? export it as text)")
    return text


def _wide(data: bytes) -> str:
    """The UTF-16 of text without a byte-order mark: every second byte of its Latin letters is zero."""
    sample = data[:4000]
    if len(sample) < 8 or b"\0" not in sample:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > len(sample) // 4 and even * 8 < odd:
        return "utf-16-le"
    if even > len(sample) // 4 and odd * 8 < even:
        return "utf-16-be"
    return ""


def _legacy(data: bytes) -> str:
    if data.count(b"\0"):
        raise ScriptError("this is not text: it holds zero bytes (a PDF or a word processor's file? export it as text)")
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    high = [char for char in text if char > "\x7f"]
    if high and sum(char in _WESTERN for char in high) >= 0.95 * len(high):
        return text
    # A sample is enough, and the guess takes a second a megabyte.
    guess = charset_normalizer.from_bytes(data[:60_000]).best()
    if guess is None:
        if text:
            return text
        raise ScriptError("this is not text in any encoding that could be recognised; save it as UTF-8")
    return data.decode(guess.encoding, errors="replace")

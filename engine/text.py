"""Text that may go to a terminal or a file: no control sequences, one line. Knows nothing of speakers or layout."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence

#: Whole sequences (ECMA-48: CSI, then OSC and its kin with their terminator, then two-character ones) are cut out, so
#: that no `[31m` is left behind; what remains of a broken one loses its control characters below.
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x1b\x07\x9c\x90\x98\x9d-\x9f]*(?:\x1b\\|\x07|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)
_SPACES = frozenset("\t\n\v\f\r\x85\u2028\u2029")
#: Joiners are part of how words and emoji are written; every other format character (bidi marks and overrides, tags,
#: byte order marks) can only deceive. U+FFFE and U+FFFF are no characters, and XML refuses them.
_JOINERS = frozenset("\u200c\u200d")
_NONCHARACTERS = frozenset("\ufffe\uffff")


def printable(text: str) -> str:
    """`text` without control sequences, control characters (C0, C1), bidi controls and lone surrogates.

    Tabs and line ends become a space each; letters, accents and emoji stay as they are.
    """
    return "".join(filter(None, map(_shown, _SEQUENCE.sub("", text))))


def one_line(text: str) -> str:
    """`printable` text with single spaces and none at the ends."""
    return " ".join(printable(text).split())


def _shown(character: str) -> str:
    if character in _SPACES:
        return " "
    if character in _JOINERS:
        return character
    hidden = character in _NONCHARACTERS or unicodedata.category(character) in ("Cc", "Cf", "Cs")
    return "" if hidden else character


_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "\u00a0": " "})


def normalise(text: str) -> str:
    """NFC, straight quotes, `--` for a dash and `...` for an ellipsis, single spaces, no control characters."""
    text = unicodedata.normalize("NFC", text).translate(_QUOTES)
    text = text.replace("—", "--").replace("…", "...")
    text = "".join(char if unicodedata.category(char)[0] != "C" else " " for char in text)
    return " ".join(text.split())


def tidy(text: str) -> str:
    """A capital at the start, single spaces, nothing but text."""
    text = " ".join(text.split())
    for number, char in enumerate(text):
        if char.isalpha():
            return text[:number] + char.upper() + text[number + 1 :]
        if char not in "¡¿\"'.-":
            break
    return text


def short(names: Sequence[str], most: int = 8) -> str:
    """The first `most` of some names, and how many more there are: "ana, bruno and 3 more"."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def nearest(given: str, allowed: Iterable[str]) -> str:
    """` (did you mean 'soraya'?)`, or nothing when no allowed word is near."""
    if len(given) > 80:
        return ""  # comparing takes the square of the length
    names = list(allowed)
    folded = {name.casefold(): name for name in names}
    found = difflib.get_close_matches(given.casefold(), folded, n=1, cutoff=0.6)
    return f" (did you mean '{folded[found[0]]}'?)" if found else ""

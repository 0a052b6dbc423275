"""Names of people, shows and files: what a cue can carry, what a file can be called, what else somebody is called by."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from engine.corpus.cues import capitalised, name_of
from engine.corpus.text import clean
from engine.sheets.names import TITLES

#: Stand in front of a name that has no letter in capitals, such as a number: cues and sheets need one.
SPEAKER = {"en": "Speaker", "es": "Voz"}
#: The speaker of every line that nobody is named for. Words that no line holds: a name in a text becomes a slot.
NOBODY = {"en": "Voice of {}", "es": "Voz de {}"}
SECOND = {"en": "Second Voice of {}", "es": "Segunda voz de {}"}

#: Ids that mean something else: other files of cast/ and its voices, and what Windows keeps for itself.
_TAKEN = frozenset(
    [
        "training",
        "schema",
        "base",
        "director",
        "turns",
        "world",
        "critic",
        "steering",
        "tokenizer",
        "lexicon",
        "choice",
        "con",
        "prn",
        "aux",
        "nul",
    ]
    + [f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)]
)
_LONGEST_ID = 40
_MARKUP = re.compile(r"[\[\](){}*_^@\\~#\"/<>=!|:]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TITLES = frozenset(title.rstrip(".") for title in TITLES)


def cue_name(label: str, language: str) -> str:
    """The name that a Fountain cue carries unharmed: `cue_name(cue_name(x)) == cue_name(x)`; empty if nothing is left.

    A name in lower case gets its capitals.
    """
    name = name_of(label)
    for _ in range(6):
        before, name = name, clean(name_of(_MARKUP.sub(" ", name))).strip(" .-'")
        if name == before:
            break
    if not re.search(r"[^\W_]", name):
        return ""
    if not any(char.isupper() for char in name):
        shown = capitalised(name)
        name = shown if name_of(shown) == shown and shown.casefold() == name.casefold() else name[:1].upper() + name[1:]
    # 花子 has no capitals and needs none; a number is no name without a word before it.
    if not any(char.isupper() for char in name) and not _caseless(name):
        name = f"{SPEAKER[language]} {name}"
    return name if name_of(name) == name else ""


def _caseless(name: str) -> bool:
    """Whether a name is written in letters that have no capitals."""
    letters = [char for char in name if char.isalpha()]
    return bool(letters) and not any(char.islower() or char.isupper() or char.istitle() for char in letters)


def slug(text: str, fallback: str) -> str:
    """Text as the name of a file: ASCII letters, digits and single underscores."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    found = re.sub(r"[^a-z0-9]+", "_", plain.replace("'", "")).strip("_")[:_LONGEST_ID].strip("_")
    return found or fallback


def ids(names: Iterable[str]) -> dict[str, str]:
    """An id for each name, no two alike: `Mrs. Linde` -> `mrs_linde`."""
    given: dict[str, str] = {}
    used = set(_TAKEN)
    for number, name in enumerate(names, 1):
        first = slug(name, f"speaker_{number}")
        found, count = first, 1
        while found in used:
            count += 1
            found = f"{first}_{count}"
        used.add(found)
        given[name] = found
    return given


def free_id(first: str, used: Iterable[str]) -> str:
    """`first` as an id, with `_voice` behind it while it means something else or somebody has it."""
    taken = _TAKEN | set(used)
    while first in taken:
        first += "_voice"
    return first


def title_of(stem: str) -> str:
    """A file's name as a title: `the-master_builder` -> "The Master Builder"."""
    words = clean(re.sub(r"[-_.]+", " ", stem))
    return words[:1].upper() + words[1:] if any(char.isupper() for char in words) else words.title()


def aliases(
    names: Sequence[str], labels: Mapping[str, Sequence[str]], ordinary: Counter[str]
) -> dict[str, tuple[str, ...]]:
    """What else each of `names` is called by: her other labels, and the words of her name that mean nobody else.

    `ordinary` counts the words that the script has in lower case: a word that stands there is no name.
    """
    owners: Counter[str] = Counter(name.casefold() for name in names)
    wanted: dict[str, list[str]] = {}
    for name in names:
        others = [label for label in labels.get(name, ()) if any(char.isupper() for char in label)]
        words = [word for word in _WORD.findall(name) if _telling(word, ordinary)]
        forms = [*others, *(words if len(words) > 1 or words != [name] else [])]
        # One cue, one owner: case apart, a form stands once in the whole cast.
        wanted[name] = list({form.casefold(): form for form in forms if form.casefold() != name.casefold()}.values())
        owners.update(form.casefold() for form in wanted[name])
    return {name: tuple(form for form in forms if owners[form.casefold()] == 1) for name, forms in wanted.items()}


def _telling(word: str, ordinary: Counter[str]) -> bool:
    """Whether a word of a name names somebody on its own: no title, no ordinary word."""
    folded = word.casefold()
    return len(word) > 2 and word[0].isupper() and folded not in _TITLES and not ordinary[folded]

"""Which words before a colon or in brackets are somebody's name, judged over a whole file at once.

"Listen: it rings." names nobody, "JANE: it rings." does. What decides: capitals, how often a label comes back,
whether the file uses the same word in lower case, and a short list of words that nobody is called.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from engine.corpus.cues import name_of
from engine.corpus.shapes import Label, Shape, label_of, shape_of
from engine.corpus.text import word_set

#: Characters in which a word in lower case is looked for.
SAMPLE = 400_000

#: Words that no label holds: "she said this: go".
_SPEECH = word_set(
    """
    i you he she it we they me him us them this that these those is are was were be been am do does did have has
    had will would can could shall should may might must said says say saying told tell tells asked asks think
    thought know here there what when where why how who which because but if so then yes no not please okay ok
    like just only remember listen look wait note warning question answer example subject re date time http
    https yo tú usted él ella eso esto es son era fue ser estar está dijo dice digo que qué como cómo pero
    porque si sí cuando donde quién escucha mira oye fíjate recuerda nota ojo aviso ejemplo let let's let’s
    never always today tomorrow tonight yesterday first second third finally step rule chapter episode season
    scene act title credit author authors source language translator produced contents previously edited
    copyright written transcribed directed starring music original story place setting fade cut dissolve int ext hoy mañana
    ayer nunca siempre primero segundo lugar tiempo
    """
)
_SOUNDS = word_set(
    """
    music song theme laughter laughs laugh applause cheers cheering crowd door phone telephone bell buzzer alarm
    siren thunder rain wind gunshot gunshots shot explosion engine horn footsteps silence static beep beeps
    knock knocks sighs sigh gasps gasp grunts grunt groans groan screams scream shouts sobs cries crying
    chuckles giggles whispers whispering coughs cough clears sniffs sniffles snores moans exhales inhales pants
    yells indistinct inaudible foreign speaking singing sings playing plays continues stops ringing rings
    clatters creaks slams barks barking chirping dog cat baby continuing softly loudly quietly laughing sobbing
    screaming murmuring chatter chattering instrumental dramatic upbeat suspenseful both pause beat narration
    subtitles captioning captioned captions sync corrected música canción risas risa aplausos puerta teléfono
    timbre suspira suspiro ríe ríen grita gritos llora llorando susurra susurrando golpes pasos disparo disparos
    trueno silencio applauds whistle whistles whistling humming hums mutters muttering scoffs stammers
    """
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LOWER = re.compile(r"(?<![^\W\d_])[^\W\d_A-ZÀ-ÖØ-Þ][^\W\d_]+")
#: "First:" begins a list, "First Citizen:" is somebody.
_ORDINALS = word_set("first second third primero primera segundo segunda tercero tercera")
#: Words of talk that people are called, too; in capitals they are names.
_PEOPLE_TOO = word_set("will may so can just do")
_GAP_AND_COLON = r"[ \t]{0,4}(?:[(\[][^()\[\]\n]{0,60}[)\]])?[ \t]{0,4}:"
_CAPTION_COLON = re.compile(rf"^[ \t>-]{{0,8}}([^\W_][^:<>\[\]()\n]{{0,39}}?){_GAP_AND_COLON}", re.MULTILINE)
#: Not behind the full stop of a title: "MRS. PAZ:" is one label.
NO_TITLE = (
    "(?i:"
    + "".join(
        rf"(?<!\b{title}\. )"
        for title in ["mr", "mrs", "ms", "dr", "sr", "sra", "srta", "st", "mme", "lt", "sgt", "capt", "prof"]
    )
    + ")"
)
#: After the end of a sentence within a row only capitals make a new label.
_SECOND = re.compile(
    rf"(?<=[.!?…\"”’)\]] ){NO_TITLE}((?:[^\W\d_]{{2,4}}\. )?[^\W_][^:<>\[\]()\n.!?…,;]{{0,39}}?){_GAP_AND_COLON}"
)
_CAPTION_BRACKET = re.compile(r"^[ \t>-]{0,8}[\[(]([^\[\]()\n]{1,40})[\])]", re.MULTILINE)


def is_sound(words: str) -> bool:
    """Whether bracketed words tell of a sound or a manner: any of them is such a word, or the last ends in -ing."""
    found = [word.lower() for word in _WORD.findall(words)]
    return not found or bool(_SOUNDS & set(found)) or (found[-1].endswith("ing") and len(found[-1]) > 4)


def is_name(label: Label) -> bool:
    """Whether a label may be somebody's name: none of the words of talk ("Listen: ..."), no instruction."""
    words = [word.lower() for word in _WORD.findall(label.name)]
    if label.shape is Shape.CAPITALS:
        words = [word for word in words if word not in _PEOPLE_TOO]
    if len(words) > 1 and label.shape in {Shape.CAPITALS, Shape.PROPER}:
        words = [word for word in words if word not in _ORDINALS]
    return not any(word in _SPEECH for word in words) and words[-1:] != ["by"]  # "Teleplay by: ..."


def may_be_name(text: str) -> bool:
    """Whether words have the form of a name: a capital (or letters without), a few words, none of those of talk."""
    label = label_of(text)
    return label is not None and label.shape is not Shape.LOWER and not label.direction and is_name(label)


def is_proper(label: str) -> bool:
    """Whether every word of a label, but the small ones, has a capital."""
    return shape_of(label) in {Shape.CAPITALS, Shape.PROPER, Shape.CASELESS}


@dataclass(frozen=True)
class Labels:
    """The names that label speech in one file: what stood before a colon, and what stood in brackets."""

    colon: frozenset[str]
    bracket: frozenset[str]
    notes: tuple[str, ...] = ()

    def named(self, label: str) -> str | None:
        """The name in a label before a colon, or None if it is none."""
        name = name_of(label)
        return name if name in self.colon else None

    def bracketed(self, label: str) -> str | None:
        """The name in brackets, also with a manner after it ("Jane, whispering"), or None for a sound."""
        name = name_of(label)
        if name in self.bracket or name in self.colon:
            return name
        first = name_of(label.split(",")[0])
        return first if "," in label and (first in self.bracket or first in self.colon) else None

    @classmethod
    def of_captions(cls, texts: Sequence[str], *, voiced: bool = False) -> Labels:
        """The labels of some captions; `voiced` says that most of them name their speaker in the format's own way."""
        whole = "\n".join(texts)
        found = _CAPTION_COLON.findall(whole) if ":" in whole else []
        if ": " in whole:
            found += [label for label in _SECOND.findall(whole) if shape_of(label) is Shape.CAPITALS]
        colon = labels_in(found, whole, strict=voiced)
        bracket: set[str] = set()
        unsure: list[str] = []
        counts = Counter(label.strip() for label in _CAPTION_BRACKET.findall(whole))
        # `[SNORTS]`, `[SNAPS]`: words in -s that nobody is called by. Who is called James is called so sometime.
        spoken = frozenset(_WORD.findall(whole)) if counts and not whole.isupper() else None
        for label, count in counts.items():
            name = name_of(label)
            if name in colon:
                bracket.add(name)
            elif not may_be_name(label) or is_sound(label) or not is_proper(label) or len(label.split()) > 4:
                continue
            elif label.isupper() and (
                (count < 2 and len(label.split()) > 1)
                or (spoken is not None and label.endswith("S") and label.isalpha() and name not in spoken)
            ):
                unsure.append(label)
            else:
                bracket.add(name)
        notes = [f"[{label}] may be a name or a sound; taken for a sound" for label in unsure[:10]]
        return cls(frozenset(colon), frozenset(bracket), tuple(notes))


def accepted(found: Mapping[str, Label], heads: Mapping[str, int], text: str, *, strict: bool = False) -> set[str]:
    """The names among labels `found` before a mark in `text`; `heads` counts how often each stands there.

    `strict`, and wherever nearly all labels are in capitals: what is not must come back to be a name.
    """
    candidates = {head: label for head, label in found.items() if label.shape is not Shape.LOWER and is_name(label)}
    counts: Counter[str] = Counter()
    shapes: dict[str, set[Shape]] = {}
    for head, label in candidates.items():
        counts[label.name] += heads[head]
        shapes.setdefault(label.name, set()).add(label.shape)
    plain = any(Shape.CAPITALS not in shape for shape in shapes.values())
    lower = set(_LOWER.findall(text[:SAMPLE])) if plain else set[str]()
    shouted = sum(count for name, count in counts.items() if Shape.CAPITALS in shapes[name])
    strict = strict or (shouted >= 5 and shouted * 5 >= 4 * counts.total())
    least = 3 if strict else 1
    return {
        name
        for name, shape in shapes.items()
        if (counts[name] >= least or Shape.CAPITALS in shape) and _is_accepted(name, shape, counts[name], lower)
    }


def _is_accepted(name: str, shapes: Set[Shape], often: int, lower: Set[str]) -> bool:
    words = _WORD.findall(name)
    ordinary = len(words) == 1 and words[0].lower() in lower
    if Shape.CAPITALS in shapes or often >= 3:
        return True
    if Shape.CASELESS in shapes:
        return often >= 2
    return not ordinary and (often == 2 or Shape.PROPER in shapes)


def labels_in(texts: Iterable[str], whole: str, *, strict: bool = False) -> set[str]:
    """The names among labels that stand before a colon (given with repeats) somewhere in `whole`."""
    heads = Counter(text.strip() for text in texts)
    labels = ((head, label_of(head)) for head in heads)
    return accepted({head: label for head, label in labels if label is not None}, heads, whole, strict=strict)

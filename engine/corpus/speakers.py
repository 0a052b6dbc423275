"""Who is who: JANE, Jane and Jane Villanueva are one person. Every merge is told in a sentence; none is silent.

Labels with the same letters are one. A short label joins a longer one ("Jane" and "Jane Villanueva", "Linde" and
"Mrs. Linde") only if no other could be meant, if nothing in the longer one speaks of somebody else ("Jane's
mother"), and if the two never answer each other: whoever talks to Jane is not Jane. A trade is no part of a name (a
wine merchant is not the merchant), and a pair ("A & B") is neither of the two.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from engine.corpus.cues import titled
from engine.corpus.text import word_set
from engine.corpus.trades import TRADES
from engine.corpus.turns import Script

#: Two labels within so many turns of each other are taken to talk to each other.
NEAR = 2
#: A label with so few lines may be a slip of the pen for one with ten times as many.
RARE = 3
#: Lines of a script that tell which words are no names.
SAMPLE = 20_000
#: A longer label has no slips looked for.
_LONGEST = 40

_TITLES = {
    "mr": "mr", "mister": "mr", "mrs": "mrs", "missus": "mrs", "ms": "ms", "miss": "miss", "dr": "dr", "doctor": "dr",
    "dra": "dra", "doctora": "dra", "sr": "sr", "señor": "sr", "senor": "sr", "sra": "sra", "señora": "sra",
    "senora": "sra", "srta": "srta", "señorita": "srta", "don": "don", "doña": "doña", "dona": "doña", "prof": "prof",
    "professor": "prof", "sir": "sir", "lady": "lady", "lord": "lord", "judge": "judge", "captain": "capt",
    "capt": "capt", "father": "father", "padre": "father", "fr": "father", "sister": "sister", "sor": "sister",
    "aunt": "aunt", "uncle": "uncle", "officer": "officer", "detective": "detective", "det": "detective", "rev": "rev",
    "reverend": "rev", "el": "", "la": "", "the": "",
}  # fmt: skip
#: Words that make a longer label somebody else, or that are nobody's name.
_OTHERS = word_set(
    """
    man woman boy girl voice voices young old little big first second third another other all both everyone everybody
    and y e with of de's del guard guards servant maid nurse cop policeman officer child children kid crowd chorus
    mother father son daughter wife husband brother sister uncle aunt friend ghost double twin fake hombre mujer niño
    niña voz joven viejo vieja otro otra todos todas primer primero segunda segundo tercero criado criada madre padre
    hijo hija esposa esposo hermano hermana gemelo gemela narrator announcer
    """
)
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_AND = re.compile(r"[&+/＆]|,(?= [A-ZÀ-ÖØ-Þ])")
#: Words that make two people of a label.
_BOTH = frozenset(["and", "y", "e", "et", "und", "en", "och", "i", "и"])


@dataclass(frozen=True)
class Merges:
    """The canonical name of every label, a sentence for each merge, and one for each pair that was kept apart."""

    names: Mapping[str, str]
    sentences: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()

    def name(self, label: str) -> str:
        """The canonical name of a label; the label itself if it was never seen."""
        return self.names.get(label, label)


@dataclass
class _Groups:
    """Labels in groups that are one person, and the counts that decide what to call them."""

    counts: Mapping[str, int]
    apart: Set[frozenset[str]]
    #: Labels, folded, that the writer wants to be people of their own.
    own: Set[str] = frozenset()
    #: Words that the scripts have in lower case: no names.
    ordinary: Set[str] = frozenset()
    members: dict[str, list[str]] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)

    def lines(self, head: str) -> int:
        return sum(self.counts[label] for label in self.members[head])

    def talk(self, one: str, other: str) -> bool:
        """Whether any label of one group answers any label of the other."""
        return any(frozenset((a, b)) in self.apart for a in self.members[one] for b in self.members[other])

    def join(self, head: str, other: str, why: str) -> bool:
        """Put `other` into the group of `head`, unless the two talk to each other."""
        told = f"{other!r} ({_lines(self.lines(other))}) and {head!r} ({_lines(self.lines(head))})"
        if any(label.casefold() in self.own for name in (head, other) for label in (name, *self.members[name])):
            return False
        if self.talk(head, other):
            self.unsure.append(f"{told} were kept apart: they answer each other in a scene")
            return False
        self.sentences.append(f"{told} are one person: {why}")
        self.members[head] += self.members.pop(other)
        return True


def merge(
    counts: Mapping[str, int],
    apart: Set[frozenset[str]] = frozenset(),
    own: Iterable[str] = (),
    ordinary: Set[str] = frozenset(),
) -> Merges:
    """Canonical names of labels, given the lines of each and the pairs of labels that talk to each other.

    Labels in `own` are merged with no other; `ordinary` are words, in lower case, that name nobody in these scripts.
    The sentences say what was merged and why; `unsure` says what looks alike and was kept apart.
    """
    groups = _Groups(counts, apart, frozenset(label.casefold() for label in own), ordinary)
    _same_letters(groups)
    _longer_names(groups)
    _slips(groups)
    names = {label: head for head, members in groups.members.items() for label in members}
    return Merges(names, tuple(groups.sentences), tuple(groups.unsure))


def merge_scripts(scripts: Iterable[Script], own: Iterable[str] = ()) -> Merges:
    """The merges of a whole set of scripts, with the pairs that talk to each other taken from their scenes."""
    scripts = list(scripts)
    words = " ".join(turn.text for script in scripts for turn in itertools.islice(script.turns(), SAMPLE))
    ordinary = frozenset(word for word in _WORDS.findall(words) if word.islower())
    counts: Counter[str] = Counter()
    apart: set[frozenset[str]] = set()
    for script in scripts:
        for scene in script.scenes:
            before: list[str | None] = []
            for turn in scene.turns:
                if turn.speaker is not None:
                    counts[turn.speaker] += 1
                    apart.update(frozenset((turn.speaker, name)) for name in before if name and name != turn.speaker)
                before = [*before, turn.speaker][-NEAR:]
    return merge(counts, apart, own, ordinary)


def _same_letters(groups: _Groups) -> None:
    """Group labels that differ in case, marks, accents or the spelling of a title only."""
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for label in sorted(groups.counts, key=lambda label: (-groups.counts[label], label)):
        own = label.casefold() in groups.own
        alike[("", label) if own else _key(label) or (label,)].append(label)
    for labels in alike.values():
        # Accents are lost more often than they are made up; capitals say nothing.
        head = max(labels, key=lambda label: (_marks(label), groups.counts[label], not label.isupper()))
        shown = titled(head)
        name = shown if shown not in groups.members else head
        groups.members[name] = []
        for label in labels:
            groups.members[name].append(label)
            if label != name:
                told = f"{label!r} ({_lines(groups.counts[label])})"
                groups.sentences.append(f"{told} is {name!r}: the same name, written otherwise")


def _longer_names(groups: _Groups) -> None:
    """Join "Jane" and "Jane Villanueva", "Linde" and "Mrs. Linde", each only if nobody else could be meant."""
    keys = {name: _key(name) for name in groups.members}
    holders: dict[str, list[str]] = defaultdict(list)
    for name, key in keys.items():
        for word in set(key):
            holders[word].append(name)
    for short in sorted(groups.members, key=lambda name: len(keys[name])):
        words = set(keys[short])
        if short not in groups.members or not words or words & (_OTHERS | _BOTH) or any(map(str.isdigit, words)):
            continue
        rarest = min((holders[word] for word in words), key=len)
        found = [name for name in rarest if name in groups.members and name != short and words < set(keys[name])]
        longer = [name for name in found if _holds(name, short, groups.ordinary)]
        if len(longer) > 1:
            # Of several only one can be meant, and then only if the others are no candidates: they talk to the short.
            longer = [name for name in longer if not groups.talk(name, short)] or longer
        if len(longer) == 1:
            other = longer[0]
            head, tail = (short, other) if groups.lines(short) >= groups.lines(other) else (other, short)
            groups.join(head, tail, "one name is a part of the other, and of no third")
        elif longer:
            shown = ", ".join(repr(name) for name in sorted(longer)[:4])
            groups.unsure.append(f"{short!r} was kept apart: it may be any of {shown}")


def _slips(groups: _Groups) -> None:
    """Join rare labels that are one slip away from a frequent one: JULAIN, JULIAN.

    Found by what is left of two names when one letter of each is left out: no pair has to be compared that is not alike.
    """
    often: dict[str, set[str]] = defaultdict(set)
    for name in groups.members:
        if groups.lines(name) >= 10 and len(name) <= _LONGEST:
            for rest in _shorter(name):
                often[rest].add(name)
    for rare in sorted(groups.members):
        if (
            rare not in groups.members
            or groups.lines(rare) > RARE
            or not 5 <= len(rare) <= _LONGEST
            or re.search(r"\d", rare)
        ):
            continue
        found = {
            name for rest in _shorter(rare) for name in often.get(rest, ()) if name in groups.members and name != rare
        }
        near = [name for name in found if groups.lines(name) >= 10 * groups.lines(rare)]
        if len(near) == 1 and len(near[0].split()) == len(rare.split()):
            if {rare[-1], near[0][-1]} == {"a", "o"} or set(_key(rare)) & set(_key(near[0])):
                continue  # Mario and Maria are two, and so are Mr. Linde and Mrs. Linde
            groups.join(near[0], rare, "so few lines and so near a name look like a slip of the pen")


def _shorter(name: str) -> set[str]:
    """A name, and all that is left of it without one of its letters."""
    folded = name.casefold()
    return {folded, *(folded[:at] + folded[at + 1 :] for at in range(len(folded)))}


def _holds(longer: str, short: str, ordinary: Set[str]) -> bool:
    """Whether what the longer label adds is more of the same name, not another person."""
    key, inner = _key(longer), _key(short)
    added = [word for word in key if word not in inner]
    possessive = re.search(r"['’]s?\b", longer) is not None and "'" not in short and "’" not in short
    plain = not any((word in _OTHERS and word not in _TITLES) or word.isdigit() for word in added)
    if not plain or possessive or set(key) & _BOTH or set(_WORDS.findall(longer.lower())) & {"of", "with"}:
        return False
    titles = frozenset(_TITLES.values())
    if all(word in titles for word in added) or set(inner) & titles:
        return True  # "Linde", "Mrs. Linde"
    # "Merchant", "Wine Merchant": a trade is not somebody's own name, and an adjective before a word makes another of it.
    if any(word in TRADES for word in (*inner, *added)):
        return False
    first = key[: len(inner)] == inner
    return first or not any(word in ordinary for word in key)


def _key(label: str) -> tuple[str, ...]:
    """The words of a label without case, accents and marks, titles in one spelling, articles dropped."""
    words = [_TITLES.get(word, word) for word in _WORDS.findall(_AND.sub(" and ", label).lower())]
    return tuple(_bare(word) for word in words if word)


def _bare(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))


def _marks(label: str) -> int:
    return sum(bool(unicodedata.combining(char)) for char in unicodedata.normalize("NFD", label))


def _lines(count: int) -> str:
    return f"{count} line" if count == 1 else f"{count} lines"

"""Names to slots before training, slots to names in play: no voice ever learns who is called what.

A mention of the person spoken to becomes `<you>`, of the speaker `<me>`, of anybody else the relation that the
speaker has to them (`<mother>`, `<rival>`) or `<other>` (delexicalisation, as in task-oriented dialogue).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from engine import codes

_SLOT = re.compile("|".join(re.escape(slot) for slot in codes.SLOTS))


def slots_of(text: str) -> list[str]:
    return _SLOT.findall(text)


def fill(text: str, name: Callable[[str], str | None]) -> str | None:
    """Put names in for slots; `name(slot)` gives the name, or None: no line then."""
    pieces, last = [], 0
    for match in _SLOT.finditer(text):
        slot = match.group()
        value = name(slot)
        if value is None:
            return None
        before = text[last : match.start()]
        start = not (text[: match.start()].strip(" ¡¿\"'")) or text[: match.start()].rstrip(" ¡¿\"'")[-1:] in ".!?"
        pieces += [before, value[:1].upper() + value[1:] if start else value]
        last = match.end()
    return "".join([*pieces, text[last:]])


class Casting:
    """Who and what each slot means in one line: the scene's people and topics as one speaker sees them.

    `known` are the people she may name (in the scene's cast, and not forgotten); `kind(who)` what they are to her;
    `form(who)` how she calls them; `topics` the phrase of each topic slot; `seen` are stage directions, of
    whose things she may speak. Two people of a kind are told apart by the generator, once a line.
    """

    def __init__(
        self,
        speaker: str,
        addressee: str | None,
        known: Sequence[str],
        kind: Callable[[str], str],
        form: Callable[[str], str],
        places: Sequence[str],
        generator: np.random.Generator,
        topics: Mapping[str, str] = MappingProxyType({}),
        seen: Sequence[str] = (),
    ):
        self._form, self._seen = form, seen
        #: Who each slot of a person may mean, and what each other slot: the first is put in.
        self._people: dict[str, list[str]] = {codes.ME: [speaker]}
        self._phrases: dict[str, list[str]] = {}
        others = [who for who in known if who != speaker and who != addressee]
        order = [others[index] for index in generator.permutation(len(others))]
        if addressee is not None:
            self._people[codes.YOU] = [addressee]
        if order:
            self._people[codes.OTHER] = [*order]
        for who in order:
            self._people.setdefault(f"<{kind(who)}>", []).append(who)
        if places:
            self._phrases[codes.PLACE] = [places[index] for index in generator.permutation(len(places))]
        self.topics = dict(topics)
        self._phrases |= {slot: [phrase] for slot, phrase in topics.items()}

    @property
    def missing(self) -> list[str]:
        """Slots that nobody here can fill: they are banned when the line is sampled."""
        return [slot for slot in codes.SLOTS if slot not in self._people and slot not in self._phrases]

    @property
    def spoken_of(self) -> str:
        """Every phrase that may be put in and what was seen, in one text."""
        people = [self._form(who) for chosen in self._people.values() for who in chosen]
        return "; ".join([*people, *(phrase for phrases in self._phrases.values() for phrase in phrases), *self._seen])

    def fill(self, text: str) -> str | None:
        """Text with names and topics. A slot used twice in a line means the same."""
        return fill(text, self._meaning)

    def _meaning(self, slot: str) -> str | None:
        if slot in self._phrases:
            return self._phrases[slot][0]
        return self._form(self._people[slot][0]) if slot in self._people else None

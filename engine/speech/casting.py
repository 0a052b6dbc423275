"""Names to slots before training, slots to names in play: no voice ever learns who is called what.

A mention of the person spoken to becomes `<you>`, of the speaker `<me>`, of anybody else the relation that the
speaker has to them (`<mother>`, `<rival>`) or `<other>` (delexicalisation, as in task-oriented dialogue).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine import codes
from engine.sheets.persona import Persona

#: Words before a name that belong to it: "Don Maximiliano" is one form.
TITLES = (
    "don", "doña", "señora", "señor", "señorita", "padre", "father", "mother", "comandante", "licenciado", "notary",
    "captain", "miss", "mrs.", "mr.", "mrs", "mr", "sister", "brother", "abuela", "tía", "tío", "lady", "sir", "doctor", "dr.",
)  # fmt: skip

_SLOT = re.compile("|".join(re.escape(slot) for slot in codes.SLOTS))


@dataclass(frozen=True)
class Mention:
    """A person named in a text: where, and by what form."""

    who: str
    start: int
    stop: int
    form: str


class Names:
    """All names of a cast. `ids` are the sheets' names, forms are what people say."""

    def __init__(self, personas: Mapping[str, Persona], places: Sequence[str] = ()):
        self.personas = personas
        self.places = tuple(sorted(places, key=len, reverse=True))
        self._owner: dict[str, str] = {}
        for who, persona in personas.items():
            self._own(who, (persona.name, *persona.aliases))
        # What others call somebody comes after everybody's own names: a twin may go by his brother's.
        for persona in personas.values():
            for target, tie in persona.relations.items():
                self._own(target, (tie.calls,))
        forms = sorted(self._owner, key=len, reverse=True)
        titles = "|".join(re.escape(title) for title in TITLES)
        body = "|".join(re.escape(form) for form in forms) or r"(?!)"
        self._pattern = re.compile(rf"(?<!\w)(?:(?:{titles})\s+)?(?:{body})(?!\w)", re.IGNORECASE)
        self._body = re.compile(rf"(?<!\w)({body})\Z", re.IGNORECASE)
        place = (
            "|".join(re.escape(place) for place in self.places if any(letter.isupper() for letter in place)) or r"(?!)"
        )
        self._place = re.compile(rf"(?<!\w)(?:{place})(?!\w)")

    def _own(self, who: str, forms: Sequence[str]) -> None:
        """Lay names to a person, where nobody has them yet; a form without a capital is a word, not a name."""
        for form in forms:
            if any(letter.isupper() for letter in form):
                self._owner.setdefault(form.casefold(), who)

    def mentions(self, text: str) -> list[Mention]:
        """Who is named in `text`, in order. A form in lower case is a word, not a name ("nadie", "alma")."""
        found = []
        for match in self._pattern.finditer(text):
            body = self._body.search(match.group())
            if body and any(letter.isupper() for letter in body.group()):
                found.append(Mention(self._owner[body.group().casefold()], match.start(), match.end(), match.group()))
        return found

    def owner(self, label: str) -> str | None:
        """Whose name or alias a cue's label is."""
        return self._owner.get(label.casefold())

    def hide(self, text: str, speaker: str, addressee: str | None) -> str:
        """Names as slots, as `speaker` sees them when she talks to `addressee`."""
        ties = self.personas[speaker].relations if speaker in self.personas else {}

        def slot(who: str) -> str:
            if who == speaker:
                return codes.ME
            if who == addressee:
                return codes.YOU
            kind = ties[who].kind if who in ties else "other"
            return codes.OTHER if kind in {"stranger", "other"} else f"<{kind}>"

        pieces, last = [], 0
        for mention in self.mentions(text):
            pieces += [text[last : mention.start], slot(mention.who)]
            last = mention.stop
        hidden = "".join([*pieces, text[last:]])
        return self._place.sub(codes.PLACE, hidden)


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
    """Who each slot means in one line: the scene's people as one speaker sees them.

    `known` are the people she may name (in the scene's cast, and not forgotten); `kind(who)` what they are to her;
    `form(who)` how she calls them. Two people of a kind are told apart by the generator, once a line.
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
    ):
        self.form = form
        self._choices: dict[str, list[str]] = {codes.ME: [form(speaker)]}
        others = [who for who in known if who not in {speaker, addressee}]
        order = [others[index] for index in generator.permutation(len(others))]
        if addressee is not None:
            self._choices[codes.YOU] = [form(addressee)]
        if order:
            self._choices[codes.OTHER] = [form(who) for who in order]
        for who in order:
            self._choices.setdefault(f"<{kind(who)}>", []).append(form(who))
        if places:
            self._choices[codes.PLACE] = [places[index] for index in generator.permutation(len(places))]

    @property
    def missing(self) -> list[str]:
        """Slots that nobody here can fill: they are banned when the line is sampled."""
        return [slot for slot in codes.SLOTS if slot not in self._choices]

    def fill(self, text: str) -> str | None:
        """Text with names. A slot used twice in a line means the same person."""
        return fill(text, lambda slot: self._choices[slot][0] if slot in self._choices else None)

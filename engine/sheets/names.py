"""Who is called what: the names of a cast, found in texts and hidden as slots."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine import codes
from engine.sheets.persona import Persona

#: Words before a name that belong to it: "Don Maximiliano" is one form.
TITLES = (
    "don", "doña", "señora", "señor", "señorita", "padre", "father", "mother", "comandante", "licenciado", "notary",
    "captain", "miss", "mrs.", "mr.", "mrs", "mr", "sister", "brother", "abuela", "tía", "tío", "lady", "sir", "doctor", "dr.",
)  # fmt: skip


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

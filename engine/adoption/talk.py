"""Who says what to whom in a set of scripts: the lines that portraits and ties are drawn from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.adoption import wording
from engine.corpus.turns import Script
from engine.learning.passages import addressee, speaker_id
from engine.sheets.names import Names
from engine.sheets.persona import Persona
from engine.speech.copying import words

#: A word in capitals that begins no sentence.
_INNER = re.compile(r"(?<=[^\W_,;] )[A-ZÁÉÍÓÚÑ][^\W\d_]+|(?<=[^\W_], )[A-ZÁÉÍÓÚÑ][^\W\d_]+")
#: Somebody is called by a word so often, and in so large a share of its uses, that it is a name of hers.
CALLED, CALLED_SHARE = 4, 0.7


@dataclass(frozen=True)
class Spoken:
    """One line. `who` and `to` are ids (of a bit part without a sheet: its label); `scene` counts through all scripts."""

    who: str
    to: str | None
    text: str
    tone: str | None
    scene: int

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words in lower case."""
        return tuple(words(self.text))


class Talk:
    """All lines of some scripts. `people` are names by id, `aliases` what else they are called."""

    def __init__(
        self, scripts: Iterable[Script], people: Mapping[str, str], aliases: Mapping[str, Sequence[str]], language: str
    ):
        self.language = language
        self.people = dict(people)
        personas = {
            who: Persona(name=name, aliases=tuple(aliases.get(who, ())), language=language)
            for who, name in people.items()
        }
        self.names = Names(personas)
        self.lines = tuple(self._read(scripts))

    def _read(self, scripts: Iterable[Script]) -> Iterable[Spoken]:
        number = 0
        for script in scripts:
            for scene in script.scenes:
                number += 1
                speakers = [speaker_id(turn, self.names) for turn in scene.turns]
                for index, turn in enumerate(scene.turns):
                    to = addressee(scene.turns, speakers, index, self.names)
                    yield Spoken(speakers[index], to, turn.text, turn.tone, number)

    def nicknames(self, ordinary: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
        """What people are called that no cue says: `Torvald` for Helmer. By id; empty for most.

        A word in capitals that calls one person nearly always, and that is no ordinary word (`ordinary` counts those
        that stand in lower case somewhere).
        """
        called: dict[str, Counter[str]] = {}
        for line in self.lines:
            if line.to in self.people:
                for word in wording.appellations(line.text, capitals=True):
                    called.setdefault(word, Counter())[line.to] += 1
        found: dict[str, list[str]] = {}
        for word, counts in called.items():
            who, most = counts.most_common(1)[0]
            known = self.names.owner(word) or ordinary.get(word.casefold(), 0) > 0 or word.casefold() in wording.CALLS
            if not known and len(word) > 2 and most >= CALLED and most >= CALLED_SHARE * counts.total():
                found.setdefault(who, []).append(word)
        return {who: tuple(words) for who, words in found.items()}

    @cached_property
    def of(self) -> Mapping[str, tuple[Spoken, ...]]:
        """The lines of each person."""
        found: dict[str, list[Spoken]] = {who: [] for who in self.people}
        for line in self.lines:
            found.setdefault(line.who, []).append(line)
        return {who: tuple(lines) for who, lines in found.items()}

    @cached_property
    def between(self) -> Mapping[tuple[str, str], tuple[Spoken, ...]]:
        """The lines from one person to another, of all who have a sheet."""
        found: dict[tuple[str, str], list[Spoken]] = {}
        for line in self.lines:
            if line.to in self.people and line.who in self.people and line.to != line.who:
                assert line.to is not None
                found.setdefault((line.who, line.to), []).append(line)
        return {pair: tuple(lines) for pair, lines in found.items()}

    @cached_property
    def counts(self) -> Mapping[str, Counter[str]]:
        """How often each person says each word."""
        return {who: Counter(word for line in lines for word in line.words) for who, lines in self.of.items()}

    @cached_property
    def all_counts(self) -> Counter[str]:
        total: Counter[str] = Counter()
        for counts in self.counts.values():
            total.update(counts)
        return total

    @cached_property
    def proper(self) -> frozenset[str]:
        """Words, in lower case, that stand within sentences in capitals more often than not: names of people and places."""
        inner: Counter[str] = Counter()
        for line in self.lines:
            inner.update(word.casefold() for word in _INNER.findall(line.text))
        return frozenset(word for word, count in inner.items() if 2 * count > self.all_counts[word])

    @cached_property
    def name_words(self) -> frozenset[str]:
        """Every word of a name, in lower case: no favourite word, or she would call everybody by one name."""
        forms = (form for persona in self.names.personas.values() for form in (persona.name, *persona.aliases))
        return frozenset(word for form in forms for word in words(form))

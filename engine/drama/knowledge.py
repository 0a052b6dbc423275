"""Who knows what: the facts of a story, their holders, the lies that are believed, and what amnesia takes away.

A person knows a fact, believes its opposite, or has never heard of it. Nobody learns anything who is not present.
Knows nothing of how a fact is told; beats say that it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.errors import ScriptError
from engine.performance import Learned


@dataclass(frozen=True)
class Fact:
    """Something that is true in the story. `words` are those that its holders bring into their lines.

    It comes up with any of its `topics` (phrases); who says one of `predicates` of such a topic, to reveal or confess it,
    has told it.
    """

    id: str
    text: str
    words: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    predicates: frozenset[str] = frozenset()

    def comes_up(self, phrases: Collection[str]) -> bool:
        """Whether a line that names these topics touches it."""
        return any(topic in phrases for topic in self.topics)

    def told_by(self, act: str | None, predicate: str | None, phrases: Collection[str]) -> bool:
        """Whether a line of this act, predicate and these topics tells it."""
        says = not self.predicates or predicate in self.predicates
        return act in TELLING and says and self.comes_up(phrases)


#: Acts by which somebody who knows a fact lets it out.
TELLING = frozenset({"reveal", "confess"})


def opposite(fact: str) -> str:
    """How a believed lie about a fact is written where a fact's id is expected, as in `Learned.fact`."""
    return f"not {fact}"


@dataclass
class _Mind:
    """Ids of facts: known, believed to be otherwise (never both), and known but never brought up."""

    known: set[str] = field(default_factory=set)
    deceived: set[str] = field(default_factory=set)
    concealed: set[str] = field(default_factory=set)

    def to_data(self) -> dict[str, list[str]]:
        return {part: sorted(getattr(self, part)) for part in ("known", "deceived", "concealed")}


class Knowledge:
    """The facts of a story and what everybody holds of them. Raises ValueError for a fact that is not among them.

    `knows` and `secrets` give ids of facts by person; who has a secret knows it too.
    """

    def __init__(
        self,
        facts: Iterable[Fact],
        knows: Mapping[str, Iterable[str]] | None = None,
        secrets: Mapping[str, Iterable[str]] | None = None,
    ):
        self._facts = {fact.id: fact for fact in facts}
        self._minds: dict[str, _Mind] = {}
        self._forgotten: dict[str, _Mind] = {}
        for person, ids in (knows or {}).items():
            self._mind(person).known.update(map(self._id, ids))
        for person, ids in (secrets or {}).items():
            kept = {self._id(fact) for fact in ids}
            self._mind(person).known.update(kept)
            self._mind(person).concealed.update(kept)

    def fact(self, fact: str) -> Fact:
        return self._facts[self._id(fact)]

    def knows(self, person: str, fact: str) -> bool:
        """Whether she knows it. A fact that the story does not have is known to nobody: rules may name such."""
        mind = self._minds.get(person)
        return mind is not None and fact in mind.known

    def believes(self, person: str, fact: str) -> bool | None:
        """True: she knows it. False: she was lied to, and believes the opposite. None: she never heard of it."""
        mind = self._minds.get(person)
        if mind is None:
            return None
        return True if fact in mind.known else False if fact in mind.deceived else None

    def holders(self, fact: str) -> tuple[str, ...]:
        """Who knows a fact."""
        return tuple(person for person, mind in self._minds.items() if self._id(fact) in mind.known)

    def known(self, person: str) -> tuple[Fact, ...]:
        """What she knows, in the order of the story's facts."""
        return tuple(fact for fact in self._facts.values() if self.knows(person, fact.id))

    def topics(self, person: str) -> tuple[str, ...]:
        """The words that she may bring into a line: those of what she knows and does not conceal."""
        concealed = self._minds[person].concealed if person in self._minds else set()
        told = (fact for fact in self.known(person) if fact.id not in concealed)
        return tuple(dict.fromkeys(word for fact in told for word in fact.words))

    def conceals(self, person: str, fact: str) -> bool:
        """Whether she knows it and keeps it."""
        mind = self._minds.get(person)
        return mind is not None and fact in mind.concealed

    def learn(self, fact: str, present: Iterable[str], by: str) -> list[Learned]:
        """Those present know it from now on. Returns who did not before, in the order of `present`.

        `by` says how they learnt it: who told it (who no longer conceals it, now that it is out), or a beat's name.
        """
        fact, learned = self._id(fact), []
        if by in self._minds:
            self._minds[by].concealed.discard(fact)
        for person in dict.fromkeys(present):
            mind = self._mind(person)
            mind.deceived.discard(fact)
            if fact not in mind.known:
                mind.known.add(fact)
                learned.append(Learned(person, fact, by))
        return learned

    def lie(self, fact: str, speaker: str, present: Iterable[str]) -> list[Learned]:
        """Those present believe the opposite, but for the liar and whoever knows better.

        Returns who is newly deceived, with `opposite(fact)` for what they learnt.
        """
        fact, learned = self._id(fact), []
        for person in dict.fromkeys(present):
            mind = self._mind(person)
            if person != speaker and fact not in mind.known | mind.deceived:
                mind.deceived.add(fact)
                learned.append(Learned(person, opposite(fact), speaker))
        return learned

    def conceal(self, person: str, fact: str) -> bool:
        """She never brings it up from now on, until she tells it. False when she has nothing to conceal."""
        if not self.knows(person, self._id(fact)):
            return False
        self._minds[person].concealed.add(fact)
        return True

    def forget(self, person: str, by: str = "amnesia") -> list[Learned]:
        """She holds nothing any more, true or false. `recall` gives it back; so does being told, fact by fact."""
        lost = self._minds.pop(person, _Mind())
        self._forgotten[person] = _merged(self._forgotten.get(person, _Mind()), lost)
        return [Learned(person, fact, by, lost=True) for fact in self._ordered(lost.known)]

    def recall(self, person: str, by: str = "memory") -> list[Learned]:
        """What she forgot comes back, beside what she learnt since; where the two disagree, the truth wins."""
        now = self._minds.get(person, _Mind())
        both = _merged(now, self._forgotten.pop(person, _Mind()))
        if both != now:
            self._minds[person] = both
        return [Learned(person, fact, by) for fact in self._ordered(both.known - now.known)]

    def snapshot(self) -> dict[str, Any]:
        """Who holds what, as plain JSON data; the facts themselves are the story's and not in it."""
        return {
            "minds": {person: mind.to_data() for person, mind in self._minds.items()},
            "forgotten": {person: mind.to_data() for person, mind in self._forgotten.items()},
        }

    @classmethod
    def restore(cls, facts: Iterable[Fact], data: Mapping[str, Any]) -> Knowledge:
        """The knowledge of a snapshot. Raises ScriptError for data that is none, or of a story with other facts."""
        knowledge = cls(facts)
        try:
            for minds, part in ((knowledge._minds, "minds"), (knowledge._forgotten, "forgotten")):
                for person, mind in data[part].items():
                    known, deceived, concealed = (
                        {knowledge._id(fact) for fact in mind[name]} for name in ("known", "deceived", "concealed")
                    )
                    minds[person] = _Mind(known, deceived - known, concealed)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ScriptError(f"not saved knowledge of this story: {error}") from error
        return knowledge

    def _mind(self, person: str) -> _Mind:
        return self._minds.setdefault(person, _Mind())

    def _id(self, fact: str) -> str:
        if fact not in self._facts:
            raise ValueError(f"'{fact}' is not a fact here: there are {', '.join(self._facts) or 'none'}")
        return fact

    def _ordered(self, ids: Collection[str]) -> list[str]:
        return [fact for fact in self._facts if fact in ids]


def _merged(one: _Mind, other: _Mind) -> _Mind:
    known = one.known | other.known
    return _Mind(known, (one.deceived | other.deceived) - known, one.concealed | other.concealed)

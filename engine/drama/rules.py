"""What a line does to the relationships of those who hear it: rules as data, and the book that fires them.

The shipped rules lie in `engine/data/rules.yaml`, commented for writers; a troupe or a scene adds its own in the same
form. Knows nothing of the words of a line, only of who said it to whom, and in what tone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.codes import AXES
from engine.drama.knowledge import Knowledge
from engine.drama.relations import Relations
from engine.errors import Fault
from engine.performance import Change
from engine.sheets.authored import Document, Model, Place, load, nearest
from engine.sheets.rule import Condition, Effect, Feeling, Holder, Rule, RuleFile

SHIPPED = Path(__file__).parents[1] / "data" / "rules.yaml"


@dataclass(frozen=True)
class Spoken:
    """Somebody said something, to one person or (None) to nobody in particular, in a tone or (None) plainly; `act` is what
    the line did, None where nobody knows."""

    speaker: str
    addressee: str | None
    tone: str | None
    act: str | None = None


@dataclass(frozen=True)
class _Test:
    """The part of a condition that either speaks of the witness or does not."""

    named: tuple[tuple[str, tuple[str, ...]], ...]
    feelings: tuple[Feeling, ...]
    knows: tuple[Holder, ...]
    ignorant: tuple[Holder, ...]

    @classmethod
    def of(cls, when: Condition, witness: bool) -> _Test:
        return cls(
            tuple(
                (role, getattr(when, role))
                for role in ("speaker", "addressee", "witness")
                if getattr(when, role) and (role == "witness") == witness
            ),
            tuple(each for each in when.relations if ("witness" in (each.source, each.target)) == witness),
            tuple(each for each in when.knows if (each.who == "witness") == witness),
            tuple(each for each in when.ignorant if (each.who == "witness") == witness),
        )

    def holds(self, people: Mapping[str, str], relations: Relations, knowledge: Knowledge) -> bool:
        for role, allowed in self.named:
            if people[role] not in allowed:
                return False
        for feeling in self.feelings:
            source, target = people[feeling.source], people[feeling.target]
            if feeling.kind or feeling.not_kind:
                kind = relations.kind(source, target)
                if kind in feeling.not_kind or (feeling.kind and kind not in feeling.kind):
                    return False
            if feeling.axis is not None:
                value = relations.value(source, target, feeling.axis)
                if feeling.above is not None and value <= feeling.above:
                    return False
                if feeling.below is not None and value >= feeling.below:
                    return False
        return all(knowledge.knows(people[each.who], each.fact) for each in self.knows) and not any(
            knowledge.knows(people[each.who], each.fact) for each in self.ignorant
        )


@dataclass(frozen=True)
class _Ready:
    """A rule with its condition split, so that what is between the first two is looked at once a line and not once a
    witness: with fifty people on stage that is most of the work."""

    rule: Rule
    roles: frozenset[str]
    between: _Test
    beside: _Test

    @classmethod
    def of(cls, rule: Rule) -> _Ready:
        return cls(rule, rule.roles(), _Test.of(rule.when, False), _Test.of(rule.when, True))


class RuleBook:
    """Rules in a fixed order; of two with one name the later takes the place of the earlier."""

    def __init__(self, rules: Iterable[Rule]):
        named = {rule.name: rule for rule in rules}
        self.rules: tuple[Rule, ...] = tuple(named.values())
        self._ready = [_Ready.of(rule) for rule in self.rules]

    @classmethod
    def shipped(cls) -> RuleBook:
        """The default rules."""
        return cls(_shipped())

    def with_rules(self, rules: Iterable[Rule]) -> RuleBook:
        """This book and a troupe's or a scene's own rules, which replace those of the same name."""
        return RuleBook((*self.rules, *rules))

    def fire(self, event: Spoken, relations: Relations, knowledge: Knowledge, present: Sequence[str]) -> list[Change]:
        """What a line moves, rule by rule in the book's order, witnesses in the order of `present`.

        All conditions are read before anything moves, so that no rule sets off another within one line. Only those
        present are touched; a line to somebody who is absent is a line to nobody.
        """
        cast: dict[str, str] = {"speaker": event.speaker}
        if event.addressee in present and event.addressee != event.speaker:
            cast["addressee"] = str(event.addressee)
        with_witness = [{**cast, "witness": who} for who in dict.fromkeys(present) if who not in cast.values()]
        due: list[tuple[Rule, Effect, Mapping[str, str]]] = []
        for ready in self._ready:
            if not _of_line(ready.rule.when, event.tone, event.act):
                continue
            rule, roles = ready.rule, ready.roles
            if "addressee" in roles and "addressee" not in cast:
                continue
            if not ready.between.holds(cast, relations, knowledge):
                continue
            fired = False
            for people in with_witness if "witness" in roles else (cast,):
                if not ready.beside.holds(people, relations, knowledge):
                    continue
                # What happens between the first two happens once, however many see it.
                due += [
                    (rule, effect, people)
                    for effect in rule.then
                    if not fired or "witness" in (effect.source, effect.target)
                ]
                fired = True
        return list(_moved(due, relations))


def _of_line(when: Condition, tone: str | None, act: str | None) -> bool:
    """Whether a rule may fire on a line of this tone and act."""
    return (not when.tone or tone in when.tone) and (not when.act or act in when.act)


def unknown(
    document: Document[Model], place: Place, rules: Sequence[Rule], people: Iterable[str], facts: Iterable[str]
) -> list[Fault]:
    """A fault for every person and every fact that the rules at `place` of a file name and that does not exist."""
    people, facts = tuple(people), tuple(facts)
    faults: list[Fault] = []
    for number, rule in enumerate(rules):
        when: Place = (*place, number, "when")
        for role in ("speaker", "addressee", "witness"):
            for position, name in enumerate(getattr(rule.when, role)):
                if name not in people:
                    message = f"{role}: '{name}' is not in the cast{nearest(name, people)}"
                    faults.append(document.fault((*when, role, position), message))
        for part in ("knows", "ignorant"):
            for position, holder in enumerate(getattr(rule.when, part)):
                if holder.fact not in facts:
                    message = f"{part}: '{holder.fact}' is not a fact here{nearest(holder.fact, facts)}"
                    faults.append(document.fault((*when, part, position, "fact"), message))
    return faults


@cache
def _shipped() -> tuple[Rule, ...]:
    return load(SHIPPED, RuleFile).value.rules


def _moved(due: Iterable[tuple[Rule, Effect, Mapping[str, str]]], relations: Relations) -> Iterator[Change]:
    for rule, effect, people in due:
        source, target = people[effect.source], people[effect.target]
        axis = AXES[effect.axis]
        value = relations.value(source, target, effect.axis)
        # Full strength up to the default, then in proportion to the room that is left: feelings that feed each other
        # (fury makes heat, heat makes fury) come to a stop before the end of the axis instead of sticking to it.
        end = axis.high if effect.by > 0 else axis.low
        room = min(1.0, (end - value) / (end - axis.default))
        change = relations.move(source, target, effect.axis, effect.by * room, rule.name, effect.lasting)
        if change is not None:
            yield change

"""What a line does to the relationships of those who hear it: rules as data, and the book that fires them.

The shipped rules lie in `engine/data/rules.yaml`, commented for writers; a troupe or a scene adds its own in the same
form. Knows nothing of the words of a line, only of who said it to whom, and in what tone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

from engine.drama.knowledge import Knowledge
from engine.drama.relations import Relations
from engine.errors import Fault
from engine.performance import Change
from engine.sheets.authored import Document, Model, Place, load, nearest
from engine.sheets.rule import Condition, Effect, Holder, Rule, RuleFile

SHIPPED = Path(__file__).parents[1] / "data" / "rules.yaml"


@dataclass(frozen=True)
class Spoken:
    """Somebody said something, to one person or (None) to nobody in particular, in a tone or (None) plainly; `act` is what
    the line did, None where nobody knows."""

    speaker: str
    addressee: str | None
    tone: str | None
    act: str | None = None


class _Felt(NamedTuple):
    """A `Feeling` of a sheet, in a form that is quick to take apart: it is looked at for every witness."""

    source: str
    target: str
    kinds: tuple[str, ...]
    not_kinds: tuple[str, ...]
    axis: str | None
    above: float | None
    below: float | None


@dataclass(frozen=True)
class _Test:
    """The part of a condition that either speaks of the witness or does not."""

    named: tuple[tuple[str, tuple[str, ...]], ...]
    feelings: tuple[_Felt, ...]
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
            tuple(
                _Felt(each.source, each.target, each.kind, each.not_kind, each.axis, each.above, each.below)
                for each in when.relations
                if ("witness" in (each.source, each.target)) == witness
            ),
            tuple(each for each in when.knows if (each.who == "witness") == witness),
            tuple(each for each in when.ignorant if (each.who == "witness") == witness),
        )

    def among(
        self, witnesses: Sequence[str], cast: Mapping[str, str], relations: Relations, knowledge: Knowledge
    ) -> list[str]:
        """Those of the witnesses for whom it holds, in their order; each part is looked at for all who are left."""
        left = list(witnesses)
        for _, allowed in self.named:
            left = [who for who in left if who in allowed]
        for source, target, kinds, not_kinds, axis, above, below in self.feelings:
            if source != "witness":
                # Feelings for a witness are rare, and asked for one by one.
                one = replace(self, named=(), feelings=(_Felt(source, target, kinds, not_kinds, axis, above, below),))
                left = [who for who in left if one.holds({**cast, "witness": who}, relations, knowledge)]
                continue
            if kinds or not_kinds:
                found = relations.kinds_for(cast[target], left)
                left = [who for who in left if found[who] not in not_kinds and (not kinds or found[who] in kinds)]
            if axis is not None:
                (felt,) = relations.felt_for(cast[target], left, axis)
                left = [
                    who for who in left if (above is None or felt[who] > above) and (below is None or felt[who] < below)
                ]
        if self.knows or self.ignorant:
            rest = replace(self, named=(), feelings=())
            left = [who for who in left if rest.holds({**cast, "witness": who}, relations, knowledge)]
        return left

    def holds(self, people: Mapping[str, str], relations: Relations, knowledge: Knowledge) -> bool:
        for role, allowed in self.named:
            if people[role] not in allowed:
                return False
        for source, target, kinds, not_kinds, axis, above, below in self.feelings:
            if kinds or not_kinds:
                kind = relations.kind(people[source], people[target])
                if kind in not_kinds or (kinds and kind not in kinds):
                    return False
            if axis is not None:
                value = relations.value(people[source], people[target], axis)
                if (above is not None and value <= above) or (below is not None and value >= below):
                    return False
        if not (self.knows or self.ignorant):
            return True
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
    #: Effects that happen once a witness; the others happen once a line, however many see it.
    seen: tuple[Effect, ...]

    @classmethod
    def of(cls, rule: Rule) -> _Ready:
        seen = tuple(effect for effect in rule.then if "witness" in (effect.source, effect.target))
        return cls(rule, rule.roles(), _Test.of(rule.when, False), _Test.of(rule.when, True), seen)


class RuleBook:
    """Rules in a fixed order; of two with one name the later takes the place of the earlier."""

    def __init__(self, rules: Iterable[Rule]):
        named = {rule.name: rule for rule in rules}
        self.rules: tuple[Rule, ...] = tuple(named.values())
        self._ready = [_Ready.of(rule) for rule in self.rules]
        self._of_line: dict[tuple[str | None, str | None], list[_Ready]] = {}

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
        witnesses = [who for who in dict.fromkeys(present) if who not in cast.values()]
        due: list[tuple[Rule, Effect, Mapping[str, str]]] = []
        for ready in self._ready_for(event.tone, event.act):
            rule, roles = ready.rule, ready.roles
            if "addressee" in roles and "addressee" not in cast:
                continue
            if not ready.between.holds(cast, relations, knowledge):
                continue
            if "witness" not in roles:
                due += [(rule, effect, cast) for effect in rule.then]
                continue
            effects: tuple[Effect, ...] = rule.then
            for who in ready.beside.among(witnesses, cast, relations, knowledge):
                people = {**cast, "witness": who}
                due += [(rule, effect, people) for effect in effects]
                effects = ready.seen
        changes = [
            relations.stir(
                people[effect.source], people[effect.target], effect.axis, effect.by, rule.name, effect.lasting
            )
            for rule, effect, people in due
        ]
        return [change for change in changes if change is not None]

    def _ready_for(self, tone: str | None, act: str | None) -> list[_Ready]:
        """The rules that may fire on a line of this tone and act."""
        if (tone, act) not in self._of_line:
            self._of_line[tone, act] = [
                ready
                for ready in self._ready
                if (not ready.rule.when.tone or tone in ready.rule.when.tone)
                and (not ready.rule.when.act or act in ready.rule.when.act)
            ]
        return self._of_line[tone, act]


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

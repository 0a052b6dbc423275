"""What a line does to the relationships of those who hear it: rules as data, and the book that fires them.

The shipped rules lie in `engine/data/rules.yaml`, commented for writers; a troupe or a scene adds its own in the same
form. Knows nothing of the words of a line, only of who said it to whom, and in what tone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from engine import codes
from engine.drama.knowledge import Knowledge
from engine.drama.relations import AXES, AXIS_NAMES, Relations
from engine.errors import Fault
from engine.performance import Change
from engine.sheets.authored import Authored, Document, Model, Place, load, nearest

SHIPPED = Path(__file__).parents[1] / "data" / "rules.yaml"

Role = Literal["speaker", "addressee", "witness"]
Tone = Literal[codes.TONES]  # type: ignore[valid-type]
Kind = Literal[codes.KINDS]  # type: ignore[valid-type]
AxisName = Literal[AXIS_NAMES]  # type: ignore[valid-type]


class _Between(Authored):
    """From one of the three to another."""

    source: Role = Field(alias="from")
    target: Role = Field(alias="to")

    @model_validator(mode="after")
    def _apart(self) -> _Between:
        if self.source == self.target:
            raise ValueError(f"'from' and 'to' are both the {self.source}")
        return self


class Feeling(_Between):
    """What `to` is to `from` (`kind`, `not_kind`), and what `from` feels for `to` (`axis`, `above`, `below`)."""

    kind: tuple[Kind, ...] = Field((), description="`to` is one of these to `from`.")
    not_kind: tuple[Kind, ...] = Field((), description="`to` is none of these to `from`.")
    axis: AxisName | None = Field(None, description="affection, trust, power or heat, of `from` for `to`.")
    above: float | None = Field(None, description="The axis is more than this.")
    below: float | None = Field(None, description="The axis is less than this.")

    @model_validator(mode="after")
    def _says_something(self) -> Feeling:
        bounded = self.above is not None or self.below is not None
        if bounded and self.axis is None:
            raise ValueError(f"'above' and 'below' need an 'axis': one of {', '.join(AXIS_NAMES)}")
        if self.axis is not None and not bounded:
            raise ValueError(f"give 'above' or 'below' with axis '{self.axis}'")
        if not (bounded or self.kind or self.not_kind):
            raise ValueError("give 'kind', 'not_kind', or an 'axis' with 'above' or 'below'")
        return self


class Holder(Authored):
    """One of the three, and a fact."""

    who: Role
    fact: str = Field(min_length=1)


class Condition(Authored):
    """When a rule fires; all of it must hold. What is left out always holds."""

    tone: tuple[Tone, ...] = Field((), description="The line has one of these tones. Empty: any, or none.")
    speaker: tuple[str, ...] = Field((), description="The speaker is one of these sheets. Empty: anyone.")
    addressee: tuple[str, ...] = Field((), description="The one spoken to is one of these. Empty: anyone.")
    witness: tuple[str, ...] = Field((), description="A third person present is one of these. Empty: anyone.")
    relations: tuple[Feeling, ...] = Field((), description="What is between them before the line.")
    knows: tuple[Holder, ...] = Field((), description="Who knows a fact.")
    ignorant: tuple[Holder, ...] = Field((), description="Who does not know a fact.")


class Effect(_Between):
    """`from` comes to feel more or less for `to`."""

    axis: AxisName = Field(description="affection, trust, power or heat.")
    by: Annotated[float, Field(ge=-2.0, le=2.0)] = Field(
        description="How much; less and less as the axis nears its end, so that a scene of shouting does not end at -1."
    )
    lasting: Annotated[float, Field(ge=0.0, le=1.0)] = Field(
        0.0, description="The share that never wears off: 0 is a mood, 1 is for good."
    )


class Rule(Authored):
    """One thing that a line does. A rule that speaks of a `witness` fires for each third person who is present."""

    name: str = Field(min_length=1, description="As it stands in the saved performance.")
    when: Condition = Field(default_factory=lambda: Condition())
    then: tuple[Effect, ...] = Field(description="Empty switches off the shipped rule of this name.")

    def roles(self) -> frozenset[str]:
        """Which of the three the rule speaks of."""
        when = self.when
        pairs = {role for part in (*when.relations, *self.then) for role in (part.source, part.target)}
        named = {role for role in ("speaker", "addressee", "witness") if getattr(when, role)}
        return frozenset(pairs | named | {holder.who for holder in (*when.knows, *when.ignorant)})


class RuleFile(Authored):
    """A file of rules."""

    rules: tuple[Rule, ...] = ()

    @field_validator("rules")
    @classmethod
    def _named_once(cls, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        names = [rule.name for rule in rules]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two rules are called '{name}'")
        return rules


@dataclass(frozen=True)
class Spoken:
    """Somebody said something, to one person or (None) to nobody in particular, in a tone or (None) plainly."""

    speaker: str
    addressee: str | None
    tone: str | None


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
        ready = [_Ready.of(rule) for rule in self.rules]
        self._by_tone: dict[str | None, list[_Ready]] = {
            tone: [each for each in ready if not each.rule.when.tone or tone in each.rule.when.tone]
            for tone in (None, *codes.TONES)
        }

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
        for ready in self._by_tone[event.tone]:
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

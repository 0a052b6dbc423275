"""What a rule of relations looks like in a sheet: when it fires, and what it moves. Fires nothing."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from engine.codes import AXIS_NAMES
from engine.sheets.authored import Authored
from engine.sheets.persona import Act, Kind, Tone

Role = Literal["speaker", "addressee", "witness"]
AxisName = Literal[AXIS_NAMES]  # type: ignore[valid-type]


class _Between(Authored):
    """From one of the three to another."""

    source: Role = Field(alias="from", description="Who feels it: speaker, addressee or witness.")
    target: Role = Field(alias="to", description="For whom: speaker, addressee or witness.")

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

    who: Role = Field(description="speaker, addressee or witness.")
    fact: str = Field(min_length=1, description="The fact, by its name in a sheet.")


class Condition(Authored):
    """When a rule fires; all of it must hold. What is left out always holds."""

    tone: tuple[Tone, ...] = Field((), description="The line has one of these tones. Empty: any, or none.")
    act: tuple[Act, ...] = Field((), description="The line does one of these. Empty: any, or nobody knows.")
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
    when: Condition = Field(
        default_factory=lambda: Condition(), description="When it fires; without it, at every line."
    )
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

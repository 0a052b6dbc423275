"""The scene sheet: who is there, what happens (beats), what is between them, and how the tension runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from engine.sheets.authored import Authored
from engine.sheets.persona import Act, Arc, Kind, Share, Signed, Tone, Topic, Weight
from engine.sheets.rule import Rule

Axis = Literal["affection", "trust", "power", "heat"]


class FactSheet(Authored):
    """Something that is true in the story."""

    text: str = Field(description="The fact, in a sentence.")
    words: tuple[str, ...] = Field((), description="Words that its holders bring into their lines.")
    known_by: tuple[str, ...] = Field(
        (), description="Who knows it at the beginning, beside those whose sheet says so."
    )
    about: tuple[str, ...] = Field((), description="Whom it is about.")
    topics: Mapping[Topic, Annotated[str, Field(min_length=1, max_length=60)]] = Field(
        default_factory=dict, description="Topics by which it comes up: {thing: the will}. Who says its gist tells it."
    )
    gist: str = Field(
        "",
        description="What is said by whoever tells it, as predicates: 'forge steal'. Empty: any line about its topics.",
    )


class Override(Authored):
    """One edge of the graph as this scene has it; what is not given stays as the sheets say."""

    source: str = Field(alias="from")
    target: str = Field(alias="to")
    kind: Kind | None = None
    affection: Signed | None = None
    trust: Signed | None = None
    power: Signed | None = None
    heat: Share | None = None


class Threshold(Authored):
    """`from` feels more (or less) than a value towards `to` on an axis."""

    source: str = Field(alias="from")
    target: str = Field(alias="to")
    axis: Axis
    above: float | None = None
    below: float | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Threshold:
        if self.above is None and self.below is None:
            raise ValueError("give 'above' or 'below'")
        return self


class Holding(Authored):
    who: str
    fact: str


class Requirement(Authored):
    """What must hold before a beat can be played; all of it."""

    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    after: tuple[str, ...] = Field((), description="Beats that must have been played.")
    knows: tuple[Holding, ...] = ()
    ignorant: tuple[Holding, ...] = Field((), description="Who must not know a fact yet.")
    relations: tuple[Threshold, ...] = ()
    motif: str = Field("", description="A motif that the graph must show: 'love triangle'.")


class Nudge(Authored):
    """A change of one edge on one axis."""

    source: str = Field(alias="from")
    target: str = Field(alias="to")
    axis: Axis
    by: Annotated[float, Field(ge=-2.0, le=2.0)]


class ScriptedLine(Authored):
    """A line that is spoken as it stands."""

    speaker: str = Field(description="Who says it, by sheet name.")
    text: str = Field(min_length=1, description="The line.")
    to: str = Field("", description="To whom. Empty: to the last other speaker on stage.")
    tone: Tone | None = Field(None, description="How it is said.")
    act: Act | None = Field(None, description="What it does. Without it, the frame is read off the words alone.")


class Telling(Authored):
    """Who tells a fact: those present learn it (or, in a lie, believe its opposite)."""

    fact: str
    by: str


class Beat(Authored):
    """One thing that happens. Played in the order written, unless `when` says when it is possible."""

    name: str = Field(min_length=1)
    when: Requirement | None = Field(None, description="Without it, the beat follows the one written before it.")
    enter: tuple[str, ...] = ()
    leave: tuple[str, ...] = Field((), description="Who leaves when the beat is over.")
    direction: tuple[str, ...] = Field((), description="Stage directions, in order, before the lines.")
    lines: tuple[ScriptedLine, ...] = Field((), description="Scripted lines, before the voices go on.")
    turns: tuple[int, int] = Field((2, 4), description="[least, most] lines that the voices add.")
    focus: tuple[str, ...] = Field((), description="Whose beat it is: they speak more.")
    tone: Mapping[Tone, Weight] = Field(
        default_factory=dict, description="Tones that colour it, with weights: {furious: 3, icy: 1}."
    )
    acts: Mapping[Act, Weight] = Field(
        default_factory=dict, description="What people do in it, with weights: {accuse: 2, deny: 1}."
    )
    about: Mapping[Topic, Annotated[str, Field(max_length=60)]] = Field(
        default_factory=dict,
        description="What it is about, beside what the scene is about: {thing: the letter}. '' takes one back.",
    )
    tension: Share = 0.5
    words: tuple[str, ...] = Field((), description="Words that should be heard.")
    arc: Arc | None = None
    force: tuple[str, ...] = Field((), description="Who speaks the first lines, whatever the bids.")
    reveal: tuple[Telling, ...] = ()
    lie: tuple[Telling, ...] = ()
    forget: tuple[str, ...] = Field((), description="Who loses the memory.")
    recall: tuple[str, ...] = Field((), description="Who gets it back.")
    relations: tuple[Nudge, ...] = ()
    repeat: bool = Field(False, description="May be played again.")
    closes: bool = Field(False, description="The scene ends with it.")

    @model_validator(mode="after")
    def _ordered(self) -> Beat:
        if not 0 <= self.turns[0] <= self.turns[1] <= 200:
            raise ValueError("turns is [least, most], for example [2, 4]")
        return self


class Scenario(Authored):
    """A scene sheet, `scenes/NAME.yaml`."""

    file_kind: ClassVar[str] = "a scene (scenes/NAME.yaml)"

    title: str = Field(min_length=1)
    setting: str = ""
    arc: Arc | None = Field(None, description="The plot arc that colours every line, unless a beat has its own.")
    cast: tuple[str, ...] = Field(min_length=1, description="Everybody who may appear, by sheet name.")
    present: tuple[str, ...] = Field((), description="Who is on stage at the start. Empty: those who never enter.")
    policy: Literal["natural", "round-robin", "script"] = "natural"
    order: tuple[str, ...] = Field((), description="For policy 'script': who speaks, in turn, over and over.")
    limit: int = Field(80, ge=1, le=20_000, description="After so many lines the closing beat is played.")
    tension: tuple[Share, ...] = Field((0.3, 0.6, 1.0, 0.4), description="The curve, from curtain to curtain.")
    places: tuple[str, ...] = Field((), description="What a voice may call a place. Empty: the places of world.yaml.")
    called: Mapping[str, str] = Field(
        default_factory=dict, description="Names by which people go in this scene: {prospero: Man in a Suit}."
    )
    about: Mapping[Topic, Annotated[str, Field(min_length=1, max_length=60)]] = Field(
        default_factory=dict,
        description="What the scene is about: {thing: the poem}. The lines speak of it, and of no other.",
    )
    facts: Mapping[str, FactSheet] = Field(default_factory=dict)
    relations: tuple[Override, ...] = ()
    rules: tuple[Rule, ...] = Field(
        (), description="Rules of change beside the shipped ones; the same name replaces one."
    )
    beats: tuple[Beat, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _closable(self) -> Scenario:
        if not any(beat.closes for beat in self.beats):
            raise ValueError("no beat closes the scene: add `closes: true` to the last one")
        if self.policy == "script" and not self.order:
            raise ValueError("policy 'script' needs 'order', a list of names")
        return self

    def opening(self) -> tuple[str, ...]:
        """Who is on stage when the curtain rises: as the sheet says, else those of the cast who never enter."""
        entering = {who for beat in self.beats for who in beat.enter}
        return self.present or tuple(who for who in self.cast if who not in entering)

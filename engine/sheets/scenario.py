"""The scene sheet: who is there, what happens (beats), what is between them, and how the tension runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from engine.sheets.authored import Authored
from engine.sheets.persona import Act, Arc, Kind, Share, Signed, Tone, Topic, Weight
from engine.sheets.rule import AxisName, Rule


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

    source: str = Field(alias="from", description="Whose feeling, by sheet name.")
    target: str = Field(alias="to", description="For whom, by sheet name.")
    kind: Kind | None = Field(None, description="What `to` is to `from` tonight.")
    affection: Signed | None = Field(None, description="-1 hates, 1 loves.")
    trust: Signed | None = Field(None, description="-1 believes nothing they say, 1 everything.")
    power: Signed | None = Field(None, description="-1 is in their hands, 1 has them in hers.")
    heat: Share | None = Field(None, description="How much is at stake between them: 0 cold, 1 burning.")


class Threshold(Authored):
    """`from` feels more (or less) than a value towards `to` on an axis."""

    source: str = Field(alias="from", description="Whose feeling, by sheet name.")
    target: str = Field(alias="to", description="For whom, by sheet name.")
    axis: AxisName = Field(description="affection, trust, power or heat.")
    above: float | None = Field(None, description="The axis is more than this.")
    below: float | None = Field(None, description="The axis is less than this.")

    @model_validator(mode="after")
    def _bounded(self) -> Threshold:
        if self.above is None and self.below is None:
            raise ValueError("give 'above' or 'below'")
        return self


class Holding(Authored):
    who: str = Field(description="Who, by sheet name.")
    fact: str = Field(description="The fact, by its name in a sheet.")


class Requirement(Authored):
    """What must hold before a beat can be played; all of it."""

    present: tuple[str, ...] = Field((), description="Who must be on stage.")
    absent: tuple[str, ...] = Field((), description="Who must not be on stage.")
    after: tuple[str, ...] = Field((), description="Beats that must have been played.")
    knows: tuple[Holding, ...] = Field((), description="Who must know a fact.")
    ignorant: tuple[Holding, ...] = Field((), description="Who must not know a fact yet.")
    relations: tuple[Threshold, ...] = Field((), description="What must be felt.")
    motif: str = Field("", description="A motif that the graph must show: 'love triangle'.")


class Nudge(Authored):
    """A change of one edge on one axis."""

    source: str = Field(alias="from", description="Whose feeling, by sheet name.")
    target: str = Field(alias="to", description="For whom, by sheet name.")
    axis: AxisName = Field(description="affection, trust, power or heat.")
    by: Annotated[float, Field(ge=-2.0, le=2.0)] = Field(description="How much: -0.2 a little less.")


class ScriptedLine(Authored):
    """A line that is spoken as it stands."""

    speaker: str = Field(description="Who says it, by sheet name.")
    text: str = Field(min_length=1, description="The line.")
    to: str = Field("", description="To whom. Empty: to the last other speaker on stage.")
    tone: Tone | None = Field(None, description="How it is said.")
    act: Act | None = Field(None, description="What it does. Without it, the frame is read off the words alone.")


class Telling(Authored):
    """Who tells a fact: those present learn it (or, in a lie, believe its opposite)."""

    fact: str = Field(description="The fact, by its name in a sheet.")
    by: str = Field(description="Who tells it, by sheet name.")


class Beat(Authored):
    """One thing that happens. Played in the order written, unless `when` says when it is possible."""

    name: str = Field(
        min_length=1, description="What it is called: in the transcript, in `after`, in a season's threads."
    )
    when: Requirement | None = Field(None, description="Without it, the beat follows the one written before it.")
    enter: tuple[str, ...] = Field((), description="Who comes on.")
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
    holders: Mapping[Annotated[str, Field(max_length=60)], str] = Field(
        default_factory=dict,
        description="Into whose hands things come when the beat begins: {the letter: maria}. '' takes one out of all hands.",
    )
    tension: Share = Field(
        0.5,
        description="How high it runs: 0 calm, 1 all shout. Of several possible beats the one nearest the curve comes next.",
    )
    words: tuple[str, ...] = Field((), description="Words that should be heard.")
    arc: Arc | None = Field(None, description="The plot arc that colours its lines, in place of the scene's.")
    force: tuple[str, ...] = Field((), description="Who speaks the first lines, whatever the bids.")
    reveal: tuple[Telling, ...] = Field(
        (), description="Facts that come out: everybody present knows them from then on."
    )
    lie: tuple[Telling, ...] = Field(
        (), description="Facts whose opposite is told: everybody present believes it who does not know better."
    )
    forget: tuple[str, ...] = Field((), description="Who loses the memory.")
    recall: tuple[str, ...] = Field((), description="Who gets it back.")
    relations: tuple[Nudge, ...] = Field((), description="What the beat itself changes between people, for good.")
    repeat: bool = Field(False, description="May be played again.")
    closes: bool = Field(False, description="The scene ends with it.")

    @field_validator("turns")
    @classmethod
    def _ordered(cls, turns: tuple[int, int]) -> tuple[int, int]:
        if not 0 <= turns[0] <= turns[1] <= 200:
            raise ValueError("write [least, most], for example [2, 4], and 200 at the most")
        return turns


class Scenario(Authored):
    """A scene sheet, `scenes/NAME.yaml`."""

    file_kind: ClassVar[str] = "a scene (scenes/NAME.yaml)"

    title: str = Field(min_length=1, description="On the title card.")
    setting: str = Field("", description="Where and when, under the title.")
    arc: Arc | None = Field(None, description="The plot arc that colours every line, unless a beat has its own.")
    cast: tuple[str, ...] = Field(min_length=1, description="Everybody who may appear, by sheet name.")
    present: tuple[str, ...] = Field((), description="Who is on stage at the start. Empty: those who never enter.")
    policy: Literal["natural", "round-robin", "script"] = Field(
        "natural",
        description="Who speaks next: natural, by bids; round-robin, one after the other; script, as `order` says.",
    )
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
    holders: Mapping[Annotated[str, Field(min_length=1, max_length=60)], str] = Field(
        default_factory=dict,
        description="Who holds a thing that the scene is about, by sheet name: {the poem: nandito}.",
    )
    facts: Mapping[str, FactSheet] = Field(
        default_factory=dict, description="What is true in this scene, beside the facts of world.yaml, by name."
    )
    relations: tuple[Override, ...] = Field((), description="Edges as they are tonight.")
    rules: tuple[Rule, ...] = Field(
        (), description="Rules of change beside the shipped ones; the same name replaces one."
    )
    beats: tuple[Beat, ...] = Field(min_length=1, description="What happens, in order.")

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

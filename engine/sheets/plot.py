"""The world sheet and the season sheet: what is true for every scene, and which scenes make a season."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field, model_validator

from engine.sheets.authored import Authored
from engine.sheets.persona import Arc
from engine.sheets.rule import Rule
from engine.sheets.scenario import FactSheet


class World(Authored):
    """`scenes/world.yaml`: what holds in every scene of a troupe."""

    file_kind: ClassVar[str] = "the world sheet (scenes/world.yaml)"

    title: str = Field("", description="What this world is called.")
    places: tuple[str, ...] = Field(("here",), description="What a voice may call a place.")
    facts: Mapping[str, FactSheet] = Field(default_factory=dict, description="What is true, by name.")
    rules: tuple[Rule, ...] = Field(
        (), description="Rules of change beside the shipped ones; the same name replaces one."
    )


class Thread(Authored):
    """A loose end: opened by one beat, tied up by another. A beat is named `scene/beat name`."""

    title: str = Field(description="In a sentence, as a recap would put it.")
    arc: Arc = Field(description="The plot arc that it belongs to.")
    opened_by: str = Field(description="The beat that opens it: 'scene/beat name'.")
    resolved_by: str = Field(description="The beat that ties it up: 'scene/beat name'.")

    @model_validator(mode="after")
    def _named(self) -> Thread:
        for beat in (self.opened_by, self.resolved_by):
            if "/" not in beat:
                raise ValueError(f"'{beat}' should name a beat as `scene/beat name`")
        return self


class Episode(Authored):
    title: str = Field(description="On the episode's card.")
    scenes: tuple[str, ...] = Field(min_length=1, description="Scene sheets beside this file, without .yaml, in order.")
    cliffhanger: str = Field("", description="A stage direction on which the episode breaks off.")
    finale: bool = Field(False, description="The last one: legal only when every thread is, or will be, resolved.")


class Season(Authored):
    """A season sheet: threads and episodes; the state of the world goes on from scene to scene."""

    file_kind: ClassVar[str] = "a season (scenes/season.yaml)"

    title: str = Field(min_length=1, description="On the closing card.")
    narrator: str = Field("narrator", description="Whose voice recaps.")
    threads: Mapping[str, Thread] = Field(min_length=1, description="The loose ends, by name.")
    episodes: tuple[Episode, ...] = Field(min_length=1, description="The episodes, in order.")

    @model_validator(mode="after")
    def _ends(self) -> Season:
        if not self.episodes[-1].finale or any(episode.finale for episode in self.episodes[:-1]):
            raise ValueError("the last episode, and no other, must be `finale: true`")
        return self

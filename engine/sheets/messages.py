"""What the program itself says to the viewer of a scene, in the language of the scene. The sentences are data
(`engine/data/messages.yaml`); notes to the writer are English and stand where they are made.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from engine import codes
from engine.sheets.authored import Authored, load

SHIPPED = Path(__file__).parents[1] / "data" / "messages.yaml"

Language = Literal[codes.LANGUAGES]  # type: ignore[valid-type]


class Messages(Authored):
    """The sentences of one language, with the places to fill in as `str.format` has them."""

    enters: str = Field(description="Somebody comes on: {who}.")
    leaves: str = Field(description="Somebody leaves: {who}.")
    the_end: str = Field(description="The last row of a scene: {why} it ended.")
    with_beat: str = Field(description="It ended with its closing beat: {beat}.")
    at_limit: str = Field(description="It ended at its limit, after so many {lines}.")
    no_beat: str = Field(description="It ended because no beat was possible any more.")
    round_again: str = Field(description="It ended because a {beat} came round without a line.")
    broken_off: str = Field(description="It was broken off.")
    season_ended: tuple[str, str, str] = Field(description="After so many {scenes}, with none, one, more {loose} ends.")
    to: str = Field(description="Between two names, and between a value and what it is now.")
    now: str = Field(description="Between what somebody was and what she is now.")
    unknown: str = Field(description="What somebody was, where that is not known.")
    nothing: str = Field(description="What stands for an edge without kind and values.")
    axes: Mapping[str, str] = Field(description="What an axis of an edge is called, where not by its code.")
    kinds: Mapping[str, str] = Field(description="What a kind of relation is called, where not by its code.")
    arcs: Mapping[str, str] = Field(description="What a plot arc is called, where not by its code.")
    between: str = Field(description="The heading of what changed between whom.")
    unchanged: str = Field(description="Under it, if nothing did.")
    more: str = Field(description="Under it, if more changed than is shown: {count}.")
    tension: str = Field(description="The heading of the tension curve.")
    reached: str = Field(description="In its legend: the tension reached.")
    target: str = Field(description="In its legend: the tension asked for.")
    talk: str = Field(description="The heading of who talked how much.")
    lines: tuple[str, str] = Field(description="{count} lines: one, and any other number.")
    words: tuple[str, str] = Field(description="{count} words: one, and any other number.")
    threads: str = Field(description="The heading of a season's threads.")
    thread: str = Field(description="Over the names of threads.")
    arc: str = Field(description="Over their arcs.")
    opened: str = Field(description="Over the places where they opened.")
    closed: str = Field(description="Over the places where they closed.")
    loose: str = Field(description="Instead of a place: a thread that is not tied up.")
    opened_in: str = Field(description="A thread opened: {where}.")
    closed_in: str = Field(description="A thread closed: {where}.")
    never_opened: str = Field(description="A thread that never opened.")
    loose_ends: str = Field(description="How many threads are not tied up: {count}.")
    before: str = Field(description="Over the relations as they were.")
    after: str = Field(description="Over the relations as they are.")
    map: str = Field(description="What the map of relations shows, of the scene's {title}.")
    legend: str = Field(description="Under the map.")
    setting: str = Field(description="Before the place and time, in saved files.")
    cast: str = Field(description="Before the names of who plays, in saved files.")
    scene: str = Field(description="The heading of what was played, in saved files.")
    played_by: str = Field(description="Under the title, in saved files.")

    def axis(self, code: str) -> str:
        return self.axes.get(code, code)

    def kind(self, code: str) -> str:
        return self.kinds.get(code, code)

    def plot(self, code: str) -> str:
        return self.arcs.get(code, code)


class MessageFile(Authored):
    """A file of messages."""

    languages: Mapping[Language, Messages]


def messages(language: str) -> Messages:
    """The messages of a language; of one that the file does not have, the English ones (a saved performance may say any)."""
    shipped = _shipped().languages
    return shipped.get(language, shipped["en"])


@cache
def _shipped() -> MessageFile:
    return load(SHIPPED, MessageFile).value

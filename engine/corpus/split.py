"""Which scenes are learned from and which are kept back: decided by each scene's own text, once and for all.

A scene stays where it is when other scenes come, go or change, so that no figure is ever measured on a scene that
some stage of training has seen.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from engine.corpus.turns import Scene

Part = Literal["train", "validation", "test"]

#: Share of scenes in the test part (never seen in training) and in the validation part (chooses the best epoch).
TEST, VALIDATION = 0.10, 0.07


def key(scene: Scene) -> str:
    """What decides: a scene's heading and its turns. Takes of one scene go together: of a scene with topics, what all its
    takes share decides, which is heading, arc, topics and the order of speakers."""
    if scene.topics:
        about = [f"{role} = {phrase}" for role, phrase in sorted(scene.topics.items())]
        return "\n".join([scene.heading, scene.arc or "", *about, *(str(turn.speaker) for turn in scene.turns)])
    return "\n".join([scene.heading, *(f"{turn.speaker}: {turn.text}" for turn in scene.turns)])


def part(text: str) -> Part:
    """The part that a scene with this key belongs to."""
    number = int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:8], "big") / 2**64
    return "test" if number < TEST else "validation" if number < TEST + VALIDATION else "train"


def held_out(text: str) -> bool:
    """Is the scene with this key kept from all training?"""
    return part(text) == "test"

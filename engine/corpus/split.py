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
    """The scene as text: its heading and its turns."""
    return "\n".join([scene.heading, *(f"{turn.speaker}: {turn.text}" for turn in scene.turns)])


def part(text: str) -> Part:
    """The part that a scene with this key belongs to."""
    number = int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:8], "big") / 2**64
    return "test" if number < TEST else "validation" if number < TEST + VALIDATION else "train"


def held_out(text: str) -> bool:
    """Is the scene with this key kept from all training?"""
    return part(text) == "test"

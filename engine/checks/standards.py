"""The standards sheet, `corpora/standards.yaml`: what a troupe asks of its scripts as a library. Checks nothing itself.

Without the sheet scripts must keep the conventions of the format and know their speakers; how rich and how varied
they are is then nobody's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from engine import codes
from engine.checks.figures import NAMES
from engine.sheets.authored import Authored


class Standards(Authored):
    """`corpora/standards.yaml`."""

    file_kind: ClassVar[str] = "the standards sheet (corpora/standards.yaml)"

    conventions: bool = Field(
        True, description="Every scene has an arc; every tone, act, arc and topic is as the format has it."
    )
    speakers: bool = Field(True, description="Every speaker has a sheet, or is a bit part in the README of her show.")
    figures: Mapping[Literal[codes.LANGUAGES], Mapping[Literal[NAMES], tuple[float, float]]] = Field(  # type: ignore[valid-type]
        default_factory=dict,
        description="By language: what figures of the whole library must lie between, [least, most]; shares from 0 to 1.",
    )

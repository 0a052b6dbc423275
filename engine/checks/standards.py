"""The standards sheet, `corpora/standards.yaml`: what a troupe asks of its scripts as a library. Checks nothing itself.

Without the sheet scripts must keep the conventions of the format and know their speakers; how rich and how varied
they are is then nobody's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from engine import codes
from engine.sheets.authored import Authored
from engine.sheets.persona import Share


class Standards(Authored):
    """`corpora/standards.yaml`."""

    conventions: bool = Field(True, description="Every scene has an arc; every tone and arc is on its list.")
    speakers: bool = Field(True, description="Every speaker has a sheet, or is a bit part in the README of her show.")
    most_repeats: int = Field(
        0, ge=0, description="A line stands so often at the most, signature phrases excepted. 0: any number."
    )
    unique_runs: Share = Field(
        0.0, description="Share of runs of six words that stand once within their language, at the least."
    )
    distinct_words: Mapping[Literal[codes.LANGUAGES], Annotated[int, Field(ge=0)]] = Field(  # type: ignore[valid-type]
        default_factory=dict, description="Different words that a language's scripts use, at the least."
    )
    median_words: tuple[int, int] = Field((0, 1000), description="[least, most] words of the median line.")
    tones: Share = Field(0.0, description="Share of lines with a tone, at the least.")

"""The training sheet, `cast/training.yaml`: what base and voices are trained with. Knows nothing of TensorFlow."""

from __future__ import annotations

import math
from typing import ClassVar, Literal

from pydantic import Field

from engine import codes
from engine.sheets.authored import Authored

#: Lines that a voice of one's own needs, about.
LEAST_LINES = 80


class BaseRecipe(Authored):
    """The base; every change of it makes another base, and with it other voices."""

    level: Literal["subword", "word", "character"] = Field("subword", description="What a token is.")
    vocabulary: int = Field(4096, ge=100, le=60_000, description="Number of tokens of text, at the most.")
    width: int = Field(512, ge=8, le=2048, description="Units of a layer, and of the embedding.")
    layers: int = Field(2, ge=1, le=4, description="LSTM layers, one above the other.")
    span: int = Field(96, ge=0, le=512, description="States that the attention head looks back over; 0: there is none.")
    batch: int = Field(96, ge=1, description="Streams side by side.")
    steps: int = Field(64, ge=4, description="Tokens of a stream that one update sees.")
    rate: float = Field(2e-3, gt=0, description="Learning rate of AdamW.")
    warmup: int = Field(200, ge=1, description="Updates until the rate is reached.")
    general_steps: int = Field(2500, ge=0, description="Updates on general text and scripts, at the full rate.")
    anneal_steps: int = Field(
        2500, ge=0, description="Updates on the scripts and a share of the general text, the rate falling to nothing."
    )
    general_share: float = Field(0.1, ge=0, le=1, description="Share of the general text in the second phase.")
    code_dropout: float = Field(
        0.15, ge=0, le=1, description="Share of codes (act, tone, gist ...) left out, so that lines without them work."
    )
    dropout: float = Field(0.2, ge=0, lt=1, description="Share of states dropped, the same ones at every step.")
    decay: float = Field(0.01, ge=0, description="Weight decay.")
    clip: float = Field(1.0, gt=0, description="Largest norm of a gradient.")
    seed: int = Field(2019, description="Seed of everything random in training.")

    @property
    def total(self) -> int:
        return self.general_steps + self.anneal_steps

    def rate_at(self, step: int) -> float:
        """Warm-up, plateau, then a cosine down to a hundredth of the rate over the second phase."""
        warm = min(1.0, (step + 1) / self.warmup)
        if step < self.general_steps:
            return self.rate * warm
        done = (step - self.general_steps) / max(1, self.anneal_steps)
        return self.rate * warm * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done)))


class TuningRecipe(Authored):
    """A show or a voice, learned as a low-rank change of its parent."""

    rank: int = Field(32, ge=1, le=256, description="Rank of the change of each LSTM matrix.")
    words_rank: int = Field(8, ge=1, le=64, description="Rank of the change of the embedding.")
    epochs: int = Field(12, ge=1, description="At the most; the best by validation loss is kept.")
    excerpts: int = Field(
        100_000, ge=1, description="Excerpts of her scenes that an epoch reads at the most, drawn anew for each."
    )
    patience: int = Field(2, ge=1, description="Epochs without a better one before it stops.")
    batch: int = Field(32, ge=1, description="Excerpts side by side.")
    rate: float = Field(2e-3, gt=0, description="Learning rate of AdamW.")
    dropout: float = Field(0.25, ge=0, lt=1, description="Share of states dropped, the same ones at every step.")
    decay: float = Field(0.02, ge=0, description="Weight decay.")
    code_dropout: float = Field(
        0.25, ge=0, le=1, description="Share of codes (tone, addressee, arc) left out, so that lines without them work."
    )
    clip: float = Field(1.0, gt=0, description="Largest norm of a gradient.")
    seed: int = Field(2019, description="Seed of everything random in training.")


class DirectorRecipe(BaseRecipe):
    """The director, which proposes what the next line does: a language model over the frames of the scripts."""

    width: int = Field(192, ge=8, le=1024, description="Units of a layer, and of the embedding.")
    layers: int = Field(1, ge=1, le=4, description="LSTM layers, one above the other.")
    batch: int = Field(64, ge=1, description="Streams side by side.")
    general_steps: int = Field(0, ge=0, description="Updates at the full rate.")
    anneal_steps: int = Field(2400, ge=0, description="Updates with the rate falling to nothing.")
    dropout: float = Field(0.3, ge=0, lt=1, description="Share of states dropped, the same ones at every step.")
    code_dropout: float = Field(0.0, ge=0, le=1, description="Share of codes left out: it has nothing else to hear.")
    rate: float = Field(3e-3, gt=0, description="Learning rate of AdamW.")


class Recipe(Authored):
    """All of `cast/training.yaml`."""

    file_kind: ClassVar[str] = "the training sheet (cast/training.yaml)"

    base: BaseRecipe = Field(default_factory=lambda: BaseRecipe(), description="The ground that all voices grow from.")
    grounds: dict[Literal[codes.LANGUAGES], BaseRecipe] = Field(  # type: ignore[valid-type]
        default_factory=dict,
        description="Languages that have a base of their own, each with its recipe; all others share `base`.",
    )
    director: DirectorRecipe = Field(
        default_factory=lambda: DirectorRecipe(), description="The network that proposes what a line does."
    )
    shows: bool = Field(
        False, description="Whether characters grow from a voice of their show, or right from the base."
    )
    show: TuningRecipe = Field(default_factory=lambda: TuningRecipe(), description="All speakers of one show.")
    voice: TuningRecipe = Field(default_factory=lambda: TuningRecipe(), description="One character.")
    least_lines: int = Field(
        LEAST_LINES, ge=1, description="Who has fewer lines in the scripts speaks with the nearest voice there is."
    )

    def base_of(self, language: str) -> BaseRecipe:
        """The recipe of the base that the voices of a language grow from."""
        return self.grounds.get(language, self.base)

"""The training sheet, `cast/training.yaml`: what base and voices are trained with. Knows nothing of TensorFlow."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import Field

from engine.sheets.authored import Authored


class BaseRecipe(Authored):
    """The base; every change of it makes another base, and with it other voices."""

    level: Literal["subword", "word", "character"] = Field("subword", description="What a token is.")
    vocabulary: int = Field(8192, ge=100, le=60_000, description="Number of tokens, at the most.")
    width: int = Field(512, ge=8, le=2048, description="Units of a layer, and of the embedding.")
    layers: int = Field(2, ge=1, le=4)
    batch: int = Field(128, ge=1, description="Streams side by side.")
    steps: int = Field(64, ge=4, description="Tokens of a stream that one update sees.")
    rate: float = Field(2.5e-3, gt=0, description="Learning rate of AdamW.")
    warmup: int = Field(200, ge=1, description="Updates until the rate is reached.")
    general_steps: int = Field(
        2800, ge=0, description="Updates on general text, at the full rate, with a sampled softmax."
    )
    anneal_steps: int = Field(
        1200, ge=0, description="Updates with the own scripts mixed in, the rate falling to nothing."
    )
    dropout: float = Field(0.15, ge=0, lt=1)
    decay: float = Field(0.01, ge=0, description="Weight decay.")
    clip: float = Field(1.0, gt=0, description="Largest norm of a gradient.")
    sample: int = Field(1536, ge=1, description="Ids in the sampled softmax.")
    script_times: int = Field(3, ge=1, description="How often an epoch of the second phase repeats the own scripts.")
    seed: int = 2019

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


class SteeringRecipe(Authored):
    """What each control code does to every word, fitted to the scripts when the base is done."""

    epochs: int = Field(3, ge=1)
    batch: int = Field(96, ge=1, description="Lines of an update.")
    rate: float = Field(5e-3, gt=0)
    wrong: int = Field(2, ge=1, le=7, description="Wrong codes that a line's right one is told from.")
    weight: float = Field(2.0, ge=0, description="Of telling the codes, beside the loss of the lines.")
    decay: float = Field(0.02, ge=0)
    seed: int = 2019


class CriticRecipe(Authored):
    """The critic that helps to choose among candidates: a low-rank change of the base with one number as its output."""

    places: int = Field(9000, ge=1, description="Lines of the scripts, at the most, that it learns from.")
    rank: int = Field(16, ge=1, le=256)
    epochs: int = Field(3, ge=1, description="The best by validation groups is kept.")
    batch: int = Field(32, ge=1, description="Groups of one real line and three others.")
    rate: float = Field(1e-3, gt=0)
    dropout: float = Field(0.2, ge=0, lt=1)
    decay: float = Field(0.02, ge=0)
    clip: float = Field(1.0, gt=0)
    seed: int = 2019


class TuningRecipe(Authored):
    """A show or a voice, learned as a low-rank change of its parent."""

    rank: int = Field(32, ge=1, le=256, description="Rank of the change of each LSTM matrix.")
    words_rank: int = Field(8, ge=1, le=64, description="Rank of the change of the embedding.")
    epochs: int = Field(12, ge=1, description="At the most; the best by validation loss is kept.")
    patience: int = Field(2, ge=1, description="Epochs without a better one before it stops.")
    batch: int = Field(32, ge=1)
    rate: float = Field(2e-3, gt=0)
    dropout: float = Field(0.25, ge=0, lt=1)
    decay: float = Field(0.02, ge=0)
    code_dropout: float = Field(
        0.25, ge=0, le=1, description="Share of codes (tone, addressee, arc) left out, so that lines without them work."
    )
    clip: float = Field(1.0, gt=0)
    seed: int = 2019


class MemoryRecipe(Authored):
    """What a character remembers of her own lines, and how much it weighs in every word that she says."""

    share: float = Field(0.12, ge=0, lt=1, description="Of the memory in every word; 0: she remembers nothing.")
    dims: int = Field(48, ge=1, le=512, description="Numbers a remembered word; more make the files larger.")
    neighbours: int = Field(128, ge=1, le=60_000, description="How many of the nearest count.")
    sharpness: float = Field(0.5, gt=0, description="A neighbour at distance d weighs exp(-sharpness d^2).")


class Recipe(Authored):
    """All of `cast/training.yaml`."""

    base: BaseRecipe = Field(default_factory=lambda: BaseRecipe())
    steering: SteeringRecipe = Field(default_factory=lambda: SteeringRecipe())
    critic: CriticRecipe = Field(default_factory=lambda: CriticRecipe())
    show: TuningRecipe = Field(default_factory=lambda: TuningRecipe())
    voice: TuningRecipe = Field(default_factory=lambda: TuningRecipe())
    memory: MemoryRecipe = Field(default_factory=lambda: MemoryRecipe())
    least_lines: int = Field(
        120, ge=1, description="Who has fewer lines to learn from speaks with the voice of the show."
    )

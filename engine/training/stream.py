"""Dialogues as an endless, seeded stream of batches for the base. Knows ids, not words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.voices.sequences import Encodes, Ids, Line, chunks, drop_codes, taught_scene
from engine.voices.vocabulary import Vocabulary


@dataclass(frozen=True)
class Dialogue:
    """One scene of the stream."""

    lines: Sequence[Line]
    language: str = "en"


@dataclass(frozen=True)
class Batch:
    """`ids` and `targets` are (time, batch); `keep` (time, batch, 1) is 0 where a scene begins."""

    ids: Ids
    targets: Ids
    keep: NDArray[np.float32]


class Encoder:
    """Encodes each text once, however often the stream comes back to it."""

    def __init__(self, vocabulary: Vocabulary):
        self._vocabulary = vocabulary
        self._texts: dict[str, list[int]] = {}
        self.end = vocabulary.end

    def special(self, token: str) -> int:
        return self._vocabulary.special(token)

    @property
    def scene(self) -> int:
        return self._vocabulary.scene

    def encode(self, text: str) -> list[int]:
        if text not in self._texts:
            self._texts[text] = self._vocabulary.encode(text)
        return self._texts[text]


def epoch(
    encoder: Encodes,
    dialogues: Sequence[Dialogue],
    batch: int,
    steps: int,
    seed: Sequence[int],
    code_dropout: float = 0.15,
    mean: int = 8,
) -> Iterator[Batch]:
    """All dialogues once, cut into runs of about `mean` lines, shuffled, laid end to end in `batch` lanes.

    What was played is not cut from what answers it.
    """
    generator = np.random.default_rng(list(seed))
    runs: list[tuple[list[int], list[int]]] = []
    for dialogue in dialogues:
        whole = any(line.played for line in dialogue.lines)
        for run in [dialogue.lines] if whole else chunks(dialogue.lines, generator, mean):
            lines = [drop_codes(line, generator, code_dropout) for line in run]
            runs.append(taught_scene(encoder, lines, dialogue.language))
    if not runs:
        return
    order = generator.permutation(len(runs))
    flat, taught = (np.concatenate([np.array(runs[index][part], np.int32) for index in order]) for part in range(2))
    yield from lanes(flat, taught, batch, steps, encoder.scene)


def lanes(flat: Ids, taught: Ids, batch: int, steps: int, scene: int) -> Iterator[Batch]:
    """Cut one long sequence, and the same as targets, into `batch` parallel lanes and walk them `steps` at a time."""
    length = (len(flat) - 1) // batch // steps * steps
    if length <= 0:
        return
    ids = flat[: batch * length].reshape(batch, length).T
    targets = taught[1 : batch * length + 1].reshape(batch, length).T
    for start in range(0, length, steps):
        window = ids[start : start + steps]
        keep = (window != scene).astype(np.float32)[:, :, None]
        yield Batch(window, targets[start : start + steps], keep)

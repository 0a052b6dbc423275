"""What training would have to do: which weights are missing or stale, and why. Imports no TensorFlow.

A weights file records in its header a digest of everything it was made from: its recipe, its parent, and the
pairs of context and reply themselves. Where today's digest is another, the file is stale.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from engine.errors import TrainingError, VoiceError
from engine.files import digest
from engine.learning.pairs import pairs
from engine.learning.passages import Passage, passages
from engine.sheets.authored import nearest
from engine.sheets.recipe import BaseRecipe, MemoryRecipe, TuningRecipe
from engine.troupe import Troupe
from engine.voices.sequences import Pair
from engine.voices.vocabulary import Vocabulary
from engine.voices.voice import BASE, CRITIC, STEERING, Library

#: Fitted weights beside the voices: of the choice among candidates (in cast/voices) and of turns (in cast).
CHOICE, TURNS = "choice.json", "turns.json"


@dataclass(frozen=True)
class Job:
    """One weights file: what it is made of. `speakers` are the characters whose lines it learns; shows remember none."""

    name: str
    parent: str
    language: str
    speakers: tuple[str, ...]
    recipe: TuningRecipe
    memory: MemoryRecipe | None = None


@dataclass(frozen=True)
class State:
    """How a weights file stands: `fresh`, `stale` or `missing`, and why."""

    name: str
    state: str
    why: str


def show_voice(show: str, language: str) -> str:
    """The name of the voice that a show's speakers share."""
    return f"show.{show or 'all'}.{language}"


class Plan:
    """The weights that a troupe should have, in the order they are made."""

    def __init__(self, troupe: Troupe):
        self.troupe = troupe
        self.library = Library(troupe.voices)

    @cached_property
    def passages(self) -> list[Passage]:
        return passages(self.troupe)

    @cached_property
    def lines(self) -> dict[str, int]:
        """Lines to learn from for each speaker."""
        counts: dict[str, int] = {}
        for passage in self.passages:
            if passage.part == "train":
                for line in passage.lines:
                    counts[line.speaker] = counts.get(line.speaker, 0) + 1
        return counts

    @cached_property
    def jobs(self) -> dict[str, Job]:
        """Shows first, then the characters with enough lines."""
        troupe, recipe = self.troupe, self.troupe.recipe
        shows: dict[tuple[str, str], list[str]] = {}
        for who, persona in troupe.personas.items():
            if self.lines.get(who):
                shows.setdefault((persona.show, persona.language), []).append(who)
        jobs: dict[str, Job] = {}
        for (show, language), speakers in sorted(shows.items()):
            name = show_voice(show, language)
            jobs[name] = Job(name, BASE, language, tuple(sorted(speakers)), recipe.show)
        for who, persona in sorted(troupe.personas.items()):
            if self.lines.get(who, 0) >= recipe.least_lines:
                parent = show_voice(persona.show, persona.language)
                jobs[who] = Job(who, parent, persona.language, (who,), recipe.voice, recipe.memory)
        return jobs

    def pairs(self, job: Job, vocabulary: Vocabulary, epoch: int | None = None) -> tuple[list[Pair], list[Pair]]:
        """Training and validation pairs; with an `epoch`, codes of the training pairs are dropped for that epoch."""
        known = [passage for passage in self.passages if passage.language == job.language]
        generator = None if epoch is None else np.random.default_rng([job.recipe.seed, 7, epoch])
        train = pairs(vocabulary, known, "train", job.speakers, generator, job.recipe.code_dropout)
        return train, pairs(vocabulary, known, "validation", job.speakers)

    def base_digest(self) -> str:
        return base_digest(self.troupe.recipe.base)

    def job_digest(self, job: Job, vocabulary: Vocabulary) -> str:
        train, validation = self.pairs(job, vocabulary)
        data = b"".join(pair.ids.tobytes() + bytes([pair.start % 256]) for pair in [*train, *validation])
        remembered = job.memory.model_dump_json() if job.memory else ""
        return digest(job.recipe.model_dump_json(), remembered, job.parent, vocabulary.fingerprint, data)

    def states(self, names: Sequence[str] = (), base_stays: bool = False) -> list[State]:
        """The state of the base and of every voice (of `names` and their parents only, where some are named).

        With `base_stays`, a stale base is not about to change, and makes no voice stale.
        """
        base = self._base_state()
        states = [base]
        if not names:
            states += [self.turns_state(), *map(self.grown_state, (CRITIC, STEERING)), self.choice_state()]
        vocabulary = self.library.vocabulary if base.state != "missing" else None
        bad = {BASE} if base.state != "fresh" and not base_stays else set()
        for job in self.chosen(names):
            state = self._job_state(job, vocabulary, bad)
            states.append(state)
            if state.state != "fresh":
                bad.add(job.name)
        return states

    def chosen(self, names: Sequence[str]) -> list[Job]:
        """The jobs of these voices with their parents; all of them when none is named. Raises TrainingError."""
        if not names:
            return list(self.jobs.values())
        wanted: set[str] = set()
        for name in names:
            if name not in self.jobs:
                few = self.lines.get(name)
                if name in self.troupe.personas:
                    least = self.troupe.recipe.least_lines
                    raise TrainingError(
                        f"'{name}' has {few or 0} lines to learn from, fewer than least_lines: {least} in cast/training.yaml; she speaks with her show's voice"
                    )
                raise TrainingError(f"'{name}' is no voice of this troupe{nearest(name, self.jobs)}")
            wanted |= {name, self.jobs[name].parent}
        return [job for job in self.jobs.values() if job.name in wanted]

    def turns_digest(self) -> str:
        """Names the turn weights by the scripts that they are read from."""
        return digest(*(path.read_bytes() for path in self.troupe.script_paths()))

    def choice_digest(self) -> str:
        """Names the weights of the choice by base, critic and steering: they weigh features, not words, and outlive a
        changed sheet."""
        try:
            return digest(*(self.library.file(name).fingerprint for name in (BASE, CRITIC, STEERING)))
        except VoiceError:
            return ""

    def grown_digest(self, name: str) -> str:
        """Names critic or steering by its recipe and the base: what they learned holds for any script, and outlives a
        changed one."""
        recipe = {CRITIC: self.troupe.recipe.critic, STEERING: self.troupe.recipe.steering}[name]
        try:
            return digest(recipe.model_dump_json(), self.library.file(BASE).fingerprint)
        except VoiceError:
            return ""

    def grown_state(self, name: str) -> State:
        """The state of critic or steering."""
        if not (self.troupe.voices / f"{name}.safetensors").exists():
            return State(name, "missing", "")
        try:
            known = self.library.file(name).metadata.get("inputs")
        except VoiceError as error:
            return State(name, "stale", str(error))
        fresh = known == self.grown_digest(name)
        return State(name, "fresh" if fresh else "stale", "" if fresh else "the base or its recipe has changed")

    def turns_state(self) -> State:
        return _fitted_state(
            "turns", self.troupe.root / "cast" / TURNS, self.turns_digest(), "the scripts have changed"
        )

    def choice_state(self) -> State:
        return _fitted_state(
            "choice", self.troupe.voices / CHOICE, self.choice_digest(), "the base or the critic has changed"
        )

    def _base_state(self) -> State:
        try:
            known = self.library.file(BASE).metadata.get("inputs")
            self.library.vocabulary  # noqa: B018 - a missing tokenizer raises
        except VoiceError as error:
            return State(BASE, "missing", str(error))
        if known != self.base_digest():
            return State(BASE, "stale", "its recipe in cast/training.yaml has changed")
        return State(BASE, "fresh", "")

    def _job_state(self, job: Job, vocabulary: Vocabulary | None, bad: set[str]) -> State:
        if job.parent in bad:
            return State(job.name, "stale", f"its parent {job.parent} will change")
        try:
            header = self.library.file(job.name)
            self.library.lineage(job.name)
        except VoiceError as error:
            missing = not (self.troupe.voices / f"{job.name}.safetensors").exists()
            return State(job.name, "missing" if missing else "stale", "" if missing else str(error))
        if vocabulary is None or header.metadata.get("inputs") != self.job_digest(job, vocabulary):
            return State(job.name, "stale", "its scripts, sheets or recipe have changed")
        return State(job.name, "fresh", "")


def _fitted_state(name: str, path: Path, wanted: str, changed: str) -> State:
    """The state of a JSON file of fitted weights, which says under `inputs` what it was fitted to."""
    try:
        known = json.loads(path.read_text(encoding="utf-8")).get("inputs")
    except FileNotFoundError:
        return State(name, "missing", "")
    except (OSError, ValueError, AttributeError) as error:
        return State(name, "stale", f"{path} is corrupt: {error}")
    return State(name, "fresh", "") if known == wanted else State(name, "stale", changed)


def base_digest(recipe: BaseRecipe) -> str:
    """Names a base by its recipe: scripts come and go, and a base is not thrown away for a comma."""
    return digest(recipe.model_dump_json())


def voice_of(troupe: Troupe, library: Library, who: str) -> str:
    """The voice that a character speaks with: what her sheet names, her own file, or her show's."""
    persona = troupe.personas[who]
    if persona.voice.model:
        return persona.voice.model
    for name in (who, show_voice(persona.show, persona.language)):
        if (Path(library.folder) / f"{name}.safetensors").exists():
            return name
    return who

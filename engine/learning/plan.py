"""What training would have to do: which weights should exist, which are missing or stale, and why. Imports no TensorFlow.

A weights file records in its header a digest of everything it was made from: its recipe, its parent, the scripts that
its speakers speak in, and their sheets. Where today's digest is another, the file is stale. Digests are of files as they
are: to learn that nothing is stale, no script is parsed.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from engine import codes
from engine.corpus.census import census
from engine.corpus.split import Part
from engine.errors import TrainingError, VoiceError
from engine.files import digest
from engine.learning.excerpts import Excerpt, excerpts
from engine.learning.judging import RIDGE, RIDGE_OF_MEASURES
from engine.learning.passages import Passage, continuations, passages
from engine.sheets.authored import nearest
from engine.sheets.persona import Persona
from engine.sheets.recipe import BaseRecipe, TuningRecipe
from engine.troupe import Troupe
from engine.voices.grounds import Grounds
from engine.voices.registry import BASE, DIRECTOR, TURNS, Registry, person_voice, sense_name, show_voice
from engine.voices.sequences import Encodes

#: A parenthetical on a line of its own that holds an act.
_ACT = re.compile(rb"(?m)^[ \t]*+\((?:[^()\n]*, *)?(?:" + "|".join(codes.ACTS).encode() + rb")\b[^()\n]*\)[ \t\r]*$")


@dataclass(frozen=True)
class Job:
    """One weights file: what it is made of. `speakers` are the characters whose lines it learns."""

    name: str
    parent: str
    language: str
    speakers: tuple[str, ...]
    recipe: TuningRecipe

    @property
    def a_persons(self) -> bool:
        """Whether this is the voice of one character, not of a show."""
        return [self.name] == [person_voice(who) for who in self.speakers]


@dataclass(frozen=True)
class State:
    """How a weights file stands: `fresh`, `stale` or `missing`, and why."""

    name: str
    state: str
    why: str


@dataclass(frozen=True)
class RawScript:
    """A script file as it is: its bytes, and how many lines each sheet has in it."""

    path: Path
    data: bytes
    language: str
    lines: Counter[str]


class Plan:
    """The weights that a troupe should have, in the order they are made.

    With `epochs`, characters are trained for so many instead of those in the training sheet, and stop no earlier.
    """

    def __init__(self, troupe: Troupe, epochs: int | None = None):
        self.troupe, self.epochs = troupe, epochs
        self.grounds = Grounds(troupe)

    @cached_property
    def passages(self) -> list[Passage]:
        """All scenes of the scripts; the first who asks waits until they are parsed."""
        return passages(self.troupe)

    @cached_property
    def continuations(self) -> list[Passage]:
        """All scenes that were taken up after a network had played them."""
        return continuations(self.troupe)

    @cached_property
    def raw(self) -> tuple[RawScript, ...]:
        """The script files, counted and not parsed."""
        return self._counted(self.troupe.script_paths())

    @cached_property
    def raw_continuations(self) -> tuple[RawScript, ...]:
        """The files of scenes that were taken up, counted and not parsed; what was played in them counts too."""
        return self._counted(self.troupe.continuation_paths())

    def learned_from(self, job: Job) -> list[RawScript]:
        """The files in which the speakers of a voice speak."""
        return [
            script for script in (*self.raw, *self.raw_continuations) if any(script.lines[who] for who in job.speakers)
        ]

    def _counted(self, paths: Sequence[Path]) -> tuple[RawScript, ...]:
        found = []
        for path in paths:
            data = path.read_bytes()
            text = data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
            language = next((line[9:].strip() for line in text[:2000].splitlines() if line.startswith("Language:")), "")
            names = self.troupe.names_in(language) if language in codes.LANGUAGES else self.troupe.names
            counts: Counter[str] = Counter()
            for label, count in census(text).items():
                owner = names.owner(label)
                if owner is not None:
                    counts[owner] += count
            found.append(RawScript(path, data, language, counts))
        return tuple(found)

    @cached_property
    def has_acts(self) -> bool:
        """Whether some script says what its lines do, judged without parsing."""
        return any(_ACT.search(script.data) for script in self.raw)

    @cached_property
    def lines(self) -> Counter[str]:
        """Lines of each character in all scripts."""
        return sum((script.lines for script in self.raw), Counter())

    @cached_property
    def jobs(self) -> dict[str, Job]:
        """Shows first, where the recipe wants them, then the characters with enough lines."""
        troupe, recipe = self.troupe, self.troupe.recipe
        shows: dict[tuple[str, str], list[str]] = {}
        for who, persona in troupe.personas.items():
            if self.lines.get(who):
                shows.setdefault((persona.show, persona.language), []).append(who)
        jobs: dict[str, Job] = {}
        for (show, language), speakers in sorted(shows.items()) if recipe.shows else ():
            name = show_voice(show, language)
            jobs[name] = Job(name, BASE, language, tuple(sorted(speakers)), recipe.show)
        voice = recipe.voice
        if self.epochs is not None:
            voice = voice.model_copy(update={"epochs": self.epochs, "patience": self.epochs})
        for who, persona in sorted(troupe.personas.items()):
            if self.lines.get(who, 0) >= recipe.least_lines:
                parent = show_voice(persona.show, persona.language) if recipe.shows else BASE
                jobs[person_voice(who)] = Job(person_voice(who), parent, persona.language, (who,), voice)
        return jobs

    def excerpts(self, job: Job, vocabulary: Encodes, part: Part, epoch: int | None = None) -> list[Excerpt]:
        """What a voice learns from, or is validated on; with an `epoch`, cut and stripped of codes anew for that epoch."""
        written = [*self.passages, *self.continuations] if part == "train" else self.passages
        known = [passage for passage in written if passage.language == job.language]
        generator = None if epoch is None else np.random.default_rng([job.recipe.seed, 7, epoch])
        found = excerpts(vocabulary, known, part, job.speakers, generator, job.recipe.code_dropout if epoch else 0.0)
        most = job.recipe.excerpts
        if generator is None:
            # A third of an epoch, from all over her scenes, tells the best epoch well enough.
            return found[:: max(1, math.ceil(3 * len(found) / most))]
        return [found[index] for index in generator.permutation(len(found))[:most]]

    def job_digest(self, job: Job) -> str:
        """Names a voice by its recipe, its parent, the codes, and the scripts and sheets of its speakers."""
        scripts = [script.data for script in self.learned_from(job)]
        sheets = [_seen(self.troupe.personas[who]) for who in job.speakers]
        return digest(job.recipe.model_dump_json(), job.parent, *codes.SPECIAL, *scripts, *sheets)

    def turns_digest(self) -> str:
        """Names the turn weights by the scripts that they are read from."""
        return digest(*(script.data for script in self.raw))

    def director_digest(self) -> str:
        """Names the director, by its recipe."""
        return recipe_digest(self.troupe.recipe.director)

    @property
    def marked(self) -> list[str]:
        """The languages whose drawn lines readers have marked, where there is a base that could read them."""
        return [
            language
            for language in codes.LANGUAGES
            if self.troupe.marks_path(language).is_file() and self.grounds.of(language).has(BASE)
        ]

    def sense_digest(self, language: str) -> str:
        """Names the sense of a language by the marks that it is fitted to and the base whose states it reads."""
        marks = self.troupe.marks_path(language).read_bytes()
        return digest(marks, self.grounds.of(language).file(BASE).fingerprint, f"{RIDGE} {RIDGE_OF_MEASURES}")

    def sense_label(self, language: str) -> str:
        """What the sense of a language is called where all weights of a troupe stand together."""
        return self.grounds.label(language, sense_name(language))

    def ground_of(self, language: str) -> str:
        """The language of the base that a language stands on once all is trained: its own, or the shared one, ""."""
        return language if language in self.troupe.recipe.grounds or language in self.grounds.own else ""

    def bases(self, names: Sequence[str] = ()) -> dict[str, State]:
        """The state of every base by its language, the shared one by ""; of those that `names` grow from, where there are some."""
        if names:
            languages = {self.ground_of(job.language) for job in self.chosen(names)}
        else:
            spoken = {persona.language for persona in self.troupe.personas.values()} or {""}
            languages = {*map(self.ground_of, spoken), *self.troupe.recipe.grounds, *self.grounds.own}
        return {language: self.base_state(language) for language in sorted(languages)}

    def states(self, names: Sequence[str] = (), base_stays: bool = False) -> list[State]:
        """The state of the bases and of every voice (of `names` and their parents only, where some are named).

        With `base_stays`, a stale base is not about to change, and makes no voice stale.
        """
        states = list(self.bases(names).values())
        bad = {base.name for base in states if base.state != "fresh" and not base_stays}
        if not names:
            states += [self.turns_state(), self.director_state()]
            states += [self.sense_state(language, bad) for language in self.marked]
        for job in self.chosen(names):
            state = self._job_state(job, bad)
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
            own = person_voice(name)
            if name not in self.jobs and own in self.jobs:
                name = own
            if name not in self.jobs:
                if name in self.troupe.personas:
                    raise TrainingError(
                        f"'{name}' has {self.lines.get(name, 0)} lines to learn from, fewer than least_lines:"
                        f" {self.troupe.recipe.least_lines} in cast/training.yaml; she speaks with the nearest voice there is"
                    )
                raise TrainingError(
                    f"'{name}' is no voice of the troupe in {self.troupe.root}{nearest(name, self.jobs)}; another folder:"
                    " --troupe FOLDER"
                )
            wanted |= {name, self.jobs[name].parent}
        return [job for job in self.jobs.values() if job.name in wanted]

    def turns_state(self) -> State:
        """The state of the fitted weights of turns."""
        path, wanted = self.troupe.root / "cast" / TURNS, self.turns_digest()
        try:
            known = json.loads(path.read_text(encoding="utf-8")).get("inputs")
        except FileNotFoundError:
            return State("turns", "missing", "")
        except (OSError, ValueError, AttributeError) as error:
            return State("turns", "stale", f"{path} is corrupt: {error}")
        fresh = known == wanted
        return State("turns", "fresh" if fresh else "stale", "" if fresh else "the scripts have changed")

    def director_state(self) -> State:
        """The state of the director's weights; where no script has acts there is nothing to learn."""
        if not self.has_acts:
            return State(DIRECTOR, "fresh", "")
        return _made_once(self.grounds.shared, DIRECTOR, self.director_digest())

    def sense_state(self, language: str, bad: set[str]) -> State:
        """The state of the sense of a language that is `marked`; `bad` are the bases that will change."""
        registry, name, base = self.grounds.of(language), sense_name(language), base_name(self.ground_of(language))
        label = self.sense_label(language)
        if not registry.has(name):
            return State(label, "missing", "")
        if base in bad:
            return State(label, "stale", f"its {base} will change")
        try:
            fresh = registry.file(name).metadata.get("inputs") == self.sense_digest(language)
            registry.arrays(name)
        except VoiceError as error:
            return State(label, "stale", str(error))
        return State(label, "fresh", "") if fresh else State(label, "stale", "the marks or the base have changed")

    def base_state(self, language: str) -> State:
        """The state of the base of a language, or of the shared one: "". One that no recipe asks for stays as it is."""
        name = base_name(language)
        if language and language not in self.grounds.own:
            return State(name, "missing", "")
        registry, recipe = self.grounds.of(language), self.troupe.recipe
        try:
            state = _made_once(registry, BASE, recipe_digest(recipe.base_of(language)))
            if state.state != "missing":
                registry.vocabulary  # noqa: B018 - a missing tokenizer raises
        except VoiceError as error:
            return State(name, "missing", str(error))
        listed = not language or language in recipe.grounds
        return replace(state, name=name) if listed else State(name, "fresh", "")

    def _job_state(self, job: Job, bad: set[str]) -> State:
        parent = base_name(self.ground_of(job.language)) if job.parent == BASE else job.parent
        if parent in bad:
            return State(job.name, "stale", f"its parent {parent} will change")
        registry = self.grounds.of(job.language)
        if not registry.has(job.name):
            return State(job.name, "missing", "")
        try:
            header = registry.file(job.name)
            registry.lineage(job.name)
        except VoiceError as error:
            return State(job.name, "stale", str(error))
        if header.metadata.get("inputs") != self.job_digest(job):
            return State(job.name, "stale", "its scripts, sheets or recipe have changed")
        return State(job.name, "fresh", "")


def _made_once(registry: Registry, name: str, wanted: str) -> State:
    """The state of weights that change with their recipe only."""
    if not registry.has(name):
        return State(name, "missing", "")
    try:
        known = registry.file(name).metadata.get("inputs")
    except VoiceError as error:
        return State(name, "missing" if name == BASE else "stale", str(error))
    changed = "its recipe in cast/training.yaml has changed"
    return State(name, "fresh", "") if known == wanted else State(name, "stale", changed)


def base_name(language: str) -> str:
    """What the base of a language is called where all weights of a troupe stand together; the shared one for ""."""
    return f"{language}/{BASE}" if language else BASE


def _seen(persona: Persona) -> str:
    """What training sees of a sheet: who she is and what others are to her. Her temper and her length are the stage's."""
    ties = [f"{who} {tie.kind} {tie.calls}" for who, tie in sorted(persona.relations.items())]
    return "\n".join([persona.name, *persona.aliases, persona.pronoun, persona.language, *ties])


def recipe_digest(recipe: BaseRecipe) -> str:
    """Names a base or a director by its recipe and the codes: scripts come and go, and neither is thrown away for a comma."""
    return digest(recipe.model_dump_json(), *codes.SPECIAL)

"""What is fitted without TensorFlow: the weights of turns, and the sense of a base."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from engine.corpus.split import part
from engine.errors import TrainingError
from engine.learning.judging import evidence, fitted
from engine.learning.marks import MarkedPlace, marked_places
from engine.learning.plan import Plan
from engine.troupe import Troupe
from engine.turns import fitting
from engine.turns.scenes import TurnScene, scenes_in
from engine.turns.weights import Weights
from engine.voices.sense import Sense
from engine.voices.voice import LSTMVoice


def turns(plan: Plan) -> Weights:
    """Turn weights of a troupe, from all of its scenes but those held out."""
    troupe = plan.troupe
    scenes: list[TurnScene] = []
    for language in sorted({script.language for script in troupe.scripts}):
        scripts = [script for script in troupe.scripts if script.language == language]
        scenes += scenes_in(scripts, troupe.names_in(language))
    return fitting.fit([scene for scene in scenes if part(scene.key) != "test"])


def marks(troupe: Troupe, language: str) -> list[MarkedPlace]:
    """The places that the sense of a language is fitted to: all that are marked but those held out. Raises TrainingError for
    marks that cannot be read, and where none are left."""
    places = marked_places(troupe, language)
    learned = [place for place in places if not place.held_out]
    if not learned:
        held_out = f" ({len(places)} are held out)" if places else ""
        raise TrainingError(
            f"{troupe.marks_path(language)}: no places to learn from{held_out}; remove the file, or add some"
        )
    return learned


def sense(
    places: Sequence[MarkedPlace], base: LSTMVoice, path: Path, tell: Callable[[float], None] = lambda done: None
) -> Sense:
    """The sense of a base, from the marked places of the file `path`; `tell` hears how far it is. Raises TrainingError for marks
    that teach nothing."""
    try:
        return fitted(evidence(places, base, tell))[0]
    except ValueError as error:
        raise TrainingError(f"{path}: these marks teach nothing: {error}") from error

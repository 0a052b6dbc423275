"""What is fitted without TensorFlow: the weights of turns, and the sense of a base."""

from __future__ import annotations

from collections.abc import Callable

from engine.corpus.split import part
from engine.learning.judging import fitted, judged
from engine.learning.marks import marked_places
from engine.learning.plan import Plan
from engine.turns import fitting
from engine.turns.scenes import TurnScene, scenes_in
from engine.turns.weights import Weights
from engine.voices.registry import BASE
from engine.voices.sense import Sense


def turns(plan: Plan) -> Weights:
    """Turn weights of a troupe, from all of its scenes but those held out."""
    troupe = plan.troupe
    scenes: list[TurnScene] = []
    for language in sorted({script.language for script in troupe.scripts}):
        scripts = [script for script in troupe.scripts if script.language == language]
        scenes += scenes_in(scripts, troupe.names_in(language))
    return fitting.fit([scene for scene in scenes if part(scene.key) != "test"])


def sense(plan: Plan, language: str, tell: Callable[[float], None]) -> Sense:
    """The sense of a language's base, from all marked places but those of scenes held out; `tell` hears how far it is.

    Raises TrainingError for marks that cannot be read or learned from.
    """
    places = [place for place in marked_places(plan.troupe, language) if not place.held_out]
    found, _ = fitted(judged(places, plan.grounds.of(language).load(BASE), tell))
    return found

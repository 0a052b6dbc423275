"""What is fitted without TensorFlow: the weights of turns."""

from __future__ import annotations

from engine.corpus.split import part
from engine.learning.plan import Plan
from engine.turns import fitting
from engine.turns.scenes import TurnScene, scenes_in
from engine.turns.weights import Weights


def turns(plan: Plan) -> Weights:
    """Turn weights of a troupe, from all of its scenes but those held out."""
    troupe = plan.troupe
    scenes: list[TurnScene] = []
    for language in sorted({script.language for script in troupe.scripts}):
        scripts = [script for script in troupe.scripts if script.language == language]
        scenes += scenes_in(scripts, troupe.names_in(language))
    return fitting.fit([scene for scene in scenes if part(scene.key) != "test"])

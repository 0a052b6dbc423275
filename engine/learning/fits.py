"""What is fitted without TensorFlow: the weights of turns."""

from __future__ import annotations

from engine.corpus.split import part
from engine.learning.plan import Plan
from engine.turns import fitting
from engine.turns import scenes as turn_scenes
from engine.turns.vocative import Forms
from engine.turns.weights import Weights


def turns(plan: Plan) -> Weights:
    """Turn weights of a troupe, from all of its scenes but those held out."""
    troupe = plan.troupe
    scenes = []
    for language in sorted({script.language for script in troupe.scripts}):
        names = troupe.names_in(language)
        people = {who: (persona.name, *persona.aliases) for who, persona in names.personas.items()}
        scripts = [script for script in troupe.scripts if script.language == language]
        labels = {
            turn.speaker
            for script in scripts
            for turn in script.turns()
            if turn.speaker and not names.owner(turn.speaker)
        }
        forms = Forms({**people, **{label.casefold(): (label,) for label in sorted(labels)}})
        scenes += turn_scenes.from_scripts(scripts, names.owner, forms)
    return fitting.fit([scene for scene in scenes if part(scene.key) != "test"])

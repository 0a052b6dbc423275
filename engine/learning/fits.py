"""What is fitted without TensorFlow: the weights of turns, and of the choice among candidates."""

from __future__ import annotations

from engine.corpus.split import part
from engine.learning import choice as choosing
from engine.learning.plan import Plan, show_voice
from engine.speech.features import Weights as Choice
from engine.stage.production import Company
from engine.turns import fitting
from engine.turns import scenes as turn_scenes
from engine.turns.vocative import Forms
from engine.turns.weights import Weights

#: Real lines of each speaker that the choice is fitted to.
LINES = 10


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


def choice(plan: Plan, seed: int = 0) -> tuple[Choice, float, float, int]:
    """Weights of the choice, how often the real line came first before and after, and the number of real lines.

    Speakers with voices of their own, or the shows' where there are none.
    """
    company = Company(plan.troupe, seed)
    names = set(company.library.names)
    personas = plan.troupe.personas
    speakers = [who for who in personas if who in names] or [
        who for who, persona in personas.items() if show_voice(persona.show, persona.language) in names
    ]
    known = [passage for passage in plan.passages if passage.part == "validation"]
    groups = choosing.gather(company.agent, known, speakers, LINES, seed)
    fitted = choosing.fit(groups)
    return fitted, choosing.first_share(groups, Choice.fallback()), choosing.first_share(groups, fitted), len(groups)

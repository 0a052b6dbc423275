"""What the voices of a new troupe stand on, copied from another: base, director, tokenizer, known words, turn weights."""

from __future__ import annotations

import shutil

from pydantic import ValidationError

from engine.errors import VoiceError
from engine.files import write_text
from engine.sheets.recipe import BaseRecipe
from engine.speech.lexicon import CAPITALS, Lexicon
from engine.troupe import Troupe
from engine.turns.weights import Weights
from engine.voices.registry import BASE, DIRECTOR, LEXICON, TOKENIZER, TURNS, Registry


def base_recipe(source: Troupe) -> BaseRecipe:
    """The recipe of a troupe's base. Raises VoiceError when there is no base, or one whose recipe cannot be read."""
    header = Registry(source.voices).file(BASE)
    recipe = header.metadata.get("recipe")
    try:
        return BaseRecipe.model_validate_json(recipe) if recipe else source.recipe.base
    except ValidationError as error:
        raise VoiceError(
            f"{header.path}: its recipe cannot be read; python -m engine.train --base trains it anew"
        ) from error


def lay(source: Troupe, troupe: Troupe, own: Lexicon) -> None:
    """Copy it into `troupe`, whose words are `own`. Raises VoiceError when `source` has no base."""
    Registry(source.voices).file(BASE)
    troupe.voices.mkdir(parents=True, exist_ok=True)
    for name in (f"{BASE}.safetensors", f"{DIRECTOR}.safetensors", TOKENIZER):
        if (source.voices / name).is_file():
            shutil.copyfile(source.voices / name, troupe.voices / name)
    if (source.voices / LEXICON).is_file():
        known = Lexicon.load(source.voices / LEXICON).words - (_names(source) - own.words)
        write_text(troupe.voices / LEXICON, Lexicon(known).to_text())
    weights = Weights.load(source.root / "cast" / TURNS)
    # Habits are those of particular people; what is general holds for strangers too.
    Weights(weights.speaker, weights.addressee).save(troupe.root / "cast" / TURNS)


def _names(source: Troupe) -> frozenset[str]:
    """What the people of another troupe are called, in lower case: in this one nobody may be called so by chance."""
    forms = (form for persona in source.personas.values() for form in (persona.name, *persona.aliases))
    return frozenset(form.casefold() for form in forms if " " not in form and form not in CAPITALS)

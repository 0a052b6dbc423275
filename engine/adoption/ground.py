"""What the voices of a new troupe stand on, copied from another: base, sense, director, tokenizer, known words, turn weights.

A new troupe speaks one language and needs one ground: the one that this language stands on in the other.
"""

from __future__ import annotations

import shutil

from pydantic import ValidationError

from engine.errors import VoiceError
from engine.files import write_text
from engine.sheets.recipe import BaseRecipe
from engine.speech.lexicon import CAPITALS, Lexicon
from engine.troupe import Troupe
from engine.turns.weights import Weights
from engine.voices.grounds import Grounds
from engine.voices.registry import BASE, DIRECTOR, LEXICON, TOKENIZER, TURNS, sense_name


def base_recipe(source: Troupe, language: str) -> BaseRecipe:
    """The recipe of the base that a language stands on in a troupe. Raises VoiceError when there is no base, or one whose
    recipe cannot be read.
    """
    header = Grounds(source).of(language).file(BASE)
    recipe = header.metadata.get("recipe")
    try:
        return BaseRecipe.model_validate_json(recipe) if recipe else source.recipe.base_of(language)
    except ValidationError as error:
        raise VoiceError(
            f"{header.path}: its recipe cannot be read; python -m engine.train --base trains it anew"
        ) from error


def lay(source: Troupe, troupe: Troupe, language: str, own: Lexicon) -> None:
    """Copy it into `troupe`, which speaks a language and whose words are `own`. Raises VoiceError when `source` has no base."""
    ground = Grounds(source).of(language)
    ground.file(BASE)
    troupe.voices.mkdir(parents=True, exist_ok=True)
    # The director is one for all languages: frames are the same in all.
    paths = (
        ground.folder / f"{BASE}.safetensors",
        source.voices / f"{DIRECTOR}.safetensors",
        ground.folder / f"{sense_name(language)}.safetensors",
        ground.folder / TOKENIZER,
    )
    for path in paths:
        if path.is_file():
            shutil.copyfile(path, troupe.voices / path.name)
    if (ground.folder / LEXICON).is_file():
        known = Lexicon.load(ground.folder / LEXICON).words - (_names(source) - own.words)
        write_text(troupe.voices / LEXICON, Lexicon(known).to_text())
    weights = Weights.load(source.root / "cast" / TURNS)
    # Habits are those of particular people; what is general holds for strangers too.
    Weights(weights.speaker, weights.addressee).save(troupe.root / "cast" / TURNS)


def _names(source: Troupe) -> frozenset[str]:
    """What the people of another troupe are called, in lower case: in this one nobody may be called so by chance."""
    forms = (form for persona in source.personas.values() for form in (persona.name, *persona.aliases))
    return frozenset(form.casefold() for form in forms if " " not in form and form not in CAPITALS)

"""What the voices cannot do for the sheets: who has none of her own, which words are no token, which base is missing.

Warns only. Nothing is said where there is no base: a troupe without voices has other worries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.errors import AuthoredError, Fault, VoiceError
from engine.learning.plan import Plan
from engine.sheets.authored import Document, Place, load
from engine.sheets.persona import Persona
from engine.sheets.recipe import Recipe
from engine.sheets.scenario import Scenario
from engine.troupe import Troupe
from engine.voices.grounds import Grounds
from engine.voices.registry import BASE, TOKENIZER, Registry, person_voice
from engine.voices.sampling import is_whole
from engine.voices.vocabulary import Vocabulary


def voice_warnings(troupe: Troupe) -> list[Fault]:
    """Who speaks with a voice that is not hers, and what she needs for one of her own."""
    grounds = Grounds(troupe)
    alone = {
        who: grounds.label(troupe.personas[who].language, voice)
        for who in troupe.sheets
        if grounds.whose(who).has(BASE) and (voice := grounds.borrowed(who))
    }
    if not alone:
        return []
    lines, least = Plan(troupe).lines, troupe.recipe.least_lines
    return [
        troupe.sheets[who].fault(("name",), _needs(who, voice, lines[who], least, troupe.personas[who].show))
        for who, voice in alone.items()
    ]


def ground_warnings(troupe: Troupe) -> list[Fault]:
    """Where the training sheet and the weights do not agree on which languages have a base of their own."""
    path, grounds = troupe.root / "cast" / "training.yaml", Grounds(troupe)
    if not path.is_file() or not any(registry.has(BASE) for registry in grounds.all.values()):
        return []
    try:
        sheet = load(path, Recipe)
    except AuthoredError:
        return []  # told where the sheet itself is checked
    listed, found = sheet.value.grounds, list[Fault]()
    for language in listed:
        if language not in grounds.own:
            message = f"grounds: '{language}' has no base of its own yet and shares the others'; `telenovela train --base` trains it"
            found.append(sheet.fault(("grounds", language, ""), message))
    for language, registry in grounds.own.items():
        folder = troupe.relative(registry.folder)
        if language not in listed:
            message = (
                f"grounds: {folder} holds a base that no recipe asks for: list '{language}' here, or delete the folder"
            )
            found.append(sheet.fault(("grounds",), message))
        people = sorted(who for who, persona in troupe.personas.items() if persona.language == language)
        left = [name for who in people if grounds.shared.has(name := person_voice(who))]
        if left:
            message = (
                f"grounds: voices of '{language}' lie in {folder} now: delete these in cast/voices: {', '.join(left)}"
            )
            found.append(sheet.fault(("grounds", language, ""), message))
    return found


def _needs(who: str, voice: str, lines: int, least: int, show: str) -> str:
    """What somebody without a voice needs; the advice is what works for her today."""
    now = f"'{who}' has no voice of her own and speaks with '{voice}'"
    if lines >= least:
        return f"{now}; `telenovela train {who}` makes hers of {lines:,} lines"
    where = f"corpora/{show}/" if show else "a folder of corpora/, named under `show`"
    return (
        f"{now}; one takes {least} lines under her cue in {where} (there are {lines}), "
        "or write `model` under `voice`: the voice of somebody else"
    )


def word_warnings(troupe: Troupe, scenes: Iterable[Document[Scenario]]) -> list[Fault]:
    """Favourite words and words of beats that are more than one token: they count when a line is chosen, and no more."""
    grounds = Grounds(troupe)
    documents: list[Document[Persona] | Document[Scenario]] = [*troupe.sheets.values(), *scenes]
    return [
        document.fault(
            place, f"{place[-2]}: '{word}' is no single token: it is chosen when it comes up, not made likelier"
        )
        for document in documents
        if (vocabulary := _vocabulary(grounds.of(_language(troupe, document.value)))) is not None
        for place, word in _words(document)
        if not is_whole(vocabulary, word)
    ]


def _vocabulary(registry: Registry) -> Vocabulary | None:
    """The vocabulary of a base, where there is one."""
    if not (registry.folder / TOKENIZER).is_file():
        return None
    try:
        return registry.vocabulary
    except VoiceError:
        return None  # of another build than the base: playing says so


def _language(troupe: Troupe, value: Persona | Scenario) -> str:
    """The language of a sheet: a scene is in that of its cast."""
    return str((value if isinstance(value, Persona) else troupe.personas[value.cast[0]]).language)


def _words(document: Document[Persona] | Document[Scenario]) -> Iterator[tuple[Place, str]]:
    """Every word of a sheet that is meant to be made likelier, with its place."""
    value = document.value
    if isinstance(value, Persona):
        for word in value.voice.favoured:
            yield ("voice", "favoured", word), word
        return
    for number, beat in enumerate(value.beats):
        for place, word in enumerate(beat.words):
            yield ("beats", number, "words", place), word

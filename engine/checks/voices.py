"""What the voices cannot do for the sheets: who has none of her own, and words that cannot be made likelier. Warns only.

Nothing is said where there is no base: a troupe without voices has other worries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.errors import Fault, VoiceError
from engine.learning.plan import Plan
from engine.sheets.authored import Document, Place
from engine.sheets.persona import Persona
from engine.sheets.scenario import Scenario
from engine.troupe import Troupe
from engine.voices.registry import BASE, TOKENIZER, Registry, borrowed
from engine.voices.sampling import is_whole


def voice_warnings(troupe: Troupe) -> list[Fault]:
    """Who speaks with a voice that is not hers, and what she needs for one of her own."""
    registry = Registry(troupe.voices)
    if BASE not in {path.stem for path in troupe.voices.glob("*.safetensors")}:
        return []
    alone = {who: voice for who in troupe.sheets if (voice := borrowed(troupe, registry, who))}
    if not alone:
        return []
    lines, least = Plan(troupe).lines, troupe.recipe.least_lines
    return [
        troupe.sheets[who].fault(("name",), _needs(who, voice, lines[who], least, troupe.personas[who].show))
        for who, voice in alone.items()
    ]


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
    registry = Registry(troupe.voices)
    if not (troupe.voices / TOKENIZER).is_file():
        return []
    try:
        vocabulary = registry.vocabulary
    except VoiceError:
        return []  # of another build than the base: playing says so
    documents: list[Document[Persona] | Document[Scenario]] = [*troupe.sheets.values(), *scenes]
    return [
        document.fault(
            place, f"{place[-2]}: '{word}' is no single token: it is chosen when it comes up, not made likelier"
        )
        for document in documents
        for place, word in _words(document)
        if not is_whole(vocabulary, word)
    ]


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

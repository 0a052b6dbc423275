"""Checks of the cast sheets against each other, against the world's facts, and against the voices that exist."""

from __future__ import annotations

from collections.abc import Iterator

from rich.color import Color, ColorParseError

from engine import codes
from engine.errors import Fault
from engine.sheets.authored import Document, nearest
from engine.sheets.persona import Persona
from engine.troupe import Troupe
from engine.voices.grounds import Grounds
from engine.voices.registry import BASE

#: What somebody must be to the other, if the other is this to them.
_INVERSE: dict[str, tuple[str, ...]] = {
    "mother": ("child",),
    "father": ("child",),
    "child": ("mother", "father"),
    "sibling": ("sibling",),
    "spouse": ("spouse",),
    "boss": ("servant",),
    "servant": ("boss",),
}


def sheet_faults(troupe: Troupe, facts: bool = True) -> list[Fault]:
    """What is wrong between sheets: unknown people, facts and voices, and names that two of them share.

    `facts` is False where the world's own sheet is faulty, and nobody can say what is true.
    """
    found: list[Fault] = []
    for who, document in troupe.sheets.items():
        found += _relations(who, document, troupe)
        found += _voice(document, troupe)
        if facts:
            found += _facts(document, troupe)
    return [*found, *_shared_names(troupe)]


def sheet_warnings(troupe: Troupe) -> list[Fault]:
    """Two sheets that do not agree on what they are to each other: a secret perhaps, or a slip."""
    found: list[Fault] = []
    for who, document in troupe.sheets.items():
        for other, tie in document.value.relations.items():
            back = troupe.sheets[other].value.relations.get(who) if other in troupe.sheets else None
            expected = _INVERSE.get(tie.kind)
            if back is None or expected is None or back.kind in expected:
                continue
            # Which of the two is the slip nobody knows; it is told once, at the sheet that comes first.
            if other < who and tie.kind not in _INVERSE.get(back.kind, (tie.kind,)):
                continue
            message = (
                f"'{other}' is {tie.kind} here, but in cast/{other}.yaml '{who}' is {back.kind}, "
                f"not {' or '.join(expected)}"
            )
            found.append(document.fault(("relations", other, "kind"), message))
    return found


def _relations(who: str, document: Document[Persona], troupe: Troupe) -> Iterator[Fault]:
    for other in document.value.relations:
        if other == who:
            yield document.fault(("relations", other, ""), "a character has no relation to herself")
        elif other not in troupe.sheets:
            yield document.fault(("relations", other, ""), f"'{other}' is not in cast/{nearest(other, troupe.sheets)}")


def _voice(document: Document[Persona], troupe: Troupe) -> Iterator[Fault]:
    persona = document.value
    model = persona.voice.model
    registry = Grounds(troupe).of(persona.language)
    if model and model not in (*registry.names, BASE):
        where = registry.folder.relative_to(troupe.root).as_posix()
        message = f"model: there is no voice '{model}' in {where}{nearest(model, [*registry.names, BASE])}"
        yield document.fault(("voice", "model"), message)
    try:
        Color.parse(persona.colour)
    except ColorParseError:
        message = f"colour: '{persona.colour}' is no colour that a terminal knows: write 'red' or '#c0392b'"
        yield document.fault(("colour",), message)


def _facts(document: Document[Persona], troupe: Troupe) -> Iterator[Fault]:
    for part in ("knows", "secrets"):
        for number, fact in enumerate(getattr(document.value, part)):
            if fact not in troupe.world.facts:
                message = f"{part}: '{fact}' is not a fact in scenes/world.yaml{nearest(fact, troupe.world.facts)}"
                yield document.fault((part, number), message)


def _shared_names(troupe: Troupe) -> Iterator[Fault]:
    owners: dict[tuple[str, str], str] = {}
    names = {language: troupe.names_in(language) for language in codes.LANGUAGES}
    for who, document in troupe.sheets.items():
        persona = document.value
        labels = [(persona.name, ("name",)), *((alias, ("aliases", n)) for n, alias in enumerate(persona.aliases))]
        for label, place in labels:
            owner = owners.setdefault((persona.language, label.casefold()), who)
            if owner != who:
                yield document.fault(
                    place, f"{place[0]}: '{label}' is also a name of '{owner}': a cue could mean either"
                )
            elif (reader := names[persona.language].owner(label)) not in (who, None):
                message = f"{place[0]}: the cue '{label}' is read as '{reader}', whom somebody calls so"
                yield document.fault(place, message)

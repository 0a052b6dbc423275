"""Writes skeletons to where they belong, and never over anything."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from engine.adoption.design import base_rows
from engine.adoption.ground import base_recipe, lay
from engine.adoption.naming import cue_name, ids, slug, title_of
from engine.adoption.place import claimed, put
from engine.checks.schemas import write_schemas
from engine.errors import TroupeError
from engine.files import NotWritten, write_text
from engine.sheets.persona import Persona
from engine.skeletons import texts
from engine.skeletons.texts import Person
from engine.speech.lexicon import Lexicon
from engine.text import nearest
from engine.troupe import Troupe

#: Colours of new characters, one after the other: all can be read on black and on white.
COLOURS = ("#ca358b", "#2e86c1", "#229954", "#ca6f1e", "#8e44ad", "#c0392b")
#: Who stands in a new troupe: somebody who asks, and somebody who keeps the fact.
STARTERS = (Person("ana", "Ana"), Person("bruno", "Bruno"))
#: So many of a troupe's people are in a new scene.
LEADS = 3


def troupe(to: Path, source: Troupe, language: str) -> Troupe:
    """A new troupe in the folder `to`: two characters, a world with one fact, a scene, a script, the base of `source`.

    Raises TroupeError where something is in the way, VoiceError where `source` has no base, NotWritten where the place
    cannot be written.
    """
    _free(to)
    target = to.resolve()
    with claimed(to) as part:
        # Somebody else may have been at work here just now.
        _free(to)
        try:
            for name, text in _files(title_of(target.name), target.name, str(to), source, language).items():
                write_text(part / name, text)
            write_schemas(part)
            lay(source, Troupe(part), language, Lexicon(person.name.casefold() for person in STARTERS))
            put(part, to)
        except OSError as error:
            raise NotWritten.of(error, to) from error
    return Troupe(target)


def _free(to: Path) -> None:
    """Raises TroupeError where a new troupe would lie on something."""
    if os.path.lexists(to) and (not to.is_dir() or any(to.iterdir())):
        raise TroupeError(f"{to}: there is something already; name another folder")


def _files(title: str, name: str, shown: str, source: Troupe, language: str) -> dict[str, str]:
    """The text of everything in a new troupe."""
    one, other = STARTERS
    show = slug(name, "show")
    return {
        f"cast/{one.who}.yaml": texts.character(one, language, show, COLOURS[0], [(other, "sibling")]),
        f"cast/{other.who}.yaml": texts.character(other, language, show, COLOURS[1], [(one, "sibling")], "who-wrote"),
        "cast/training.yaml": texts.training(base_rows(base_recipe(source, language))),
        "scenes/first.yaml": texts.scene("first", f"{title}: 1", (one, other), language),
        "scenes/world.yaml": texts.world(title, other, language),
        f"corpora/{show}/01-first.fountain": texts.script(title, (one, other), language),
        "corpora/standards.yaml": texts.STANDARDS,
        "README.md": texts.readme(title, shown, show),
    }


def character(home: Troupe, name: str, language: str, show: str | None = None) -> Path:
    """A sheet for somebody new. Raises TroupeError for a name that nobody can be called, or that somebody has."""
    shown = cue_name(name, language)
    if not shown:
        raise TroupeError(f"'{name}' is no name that stands in a script; write letters, as in 'Doña Vera'")
    owner = home.names_in(language).owner(shown)
    if owner is not None:
        raise TroupeError(f"'{shown}' is a name of '{owner}' already (cast/{owner}.yaml)")
    person = Person(ids([shown])[shown], shown)
    path = home.root / "cast" / f"{person.who}.yaml"
    others = [(other, "friend") for other in people(home, language)[:2]]
    colour = COLOURS[len(home.personas) % len(COLOURS)]
    _write(path, texts.character(person, language, _show(home, show), colour, others))
    return path


def scene(home: Troupe, name: str, cast: Sequence[str] = (), language: str | None = None) -> Path:
    """A scene for `cast` (sheet names), or for some who know each other. Raises TroupeError for a name without a sheet."""
    for who in cast:
        if who not in home.personas:
            raise TroupeError(f"'{who}' is not in cast/{nearest(who, home.personas)}")
    spoken = home.personas[cast[0]].language if cast else language or _language(home)
    chosen = [_person(home, who) for who in cast] or people(home, spoken)[:LEADS]
    if not chosen:
        raise TroupeError(f"{home.root}: nobody here speaks '{spoken}'; telenovela new character NAME makes somebody")
    stem = slug(name, "scene")
    title = name if name != stem else title_of(stem)
    path = home.root / "scenes" / f"{stem}.yaml"
    _write(path, texts.scene(stem, title, chosen, spoken))
    return path


def people(home: Troupe, language: str) -> list[Person]:
    """Those who speak a language and narrate nothing: first somebody with relations, then whom she has them to."""
    spoken = {who: each for who, each in home.personas.items() if each.language == language and not each.narrates}
    first = max(spoken, key=lambda who: _known(spoken, who), default=None)
    if first is None:
        return []
    ties = [who for who in spoken[first].relations if who in spoken]
    order = dict.fromkeys([first, *ties, *spoken])
    return [_person(home, who) for who in order]


def _known(spoken: dict[str, Persona], who: str) -> int:
    """How many of them somebody has a relation to."""
    return sum(other in spoken for other in spoken[who].relations)


def _person(home: Troupe, who: str) -> Person:
    return Person(who, home.personas[who].name)


def _language(home: Troupe) -> str:
    """The language that most of a troupe speak."""
    spoken = [persona.language for persona in home.personas.values()]
    return max(spoken, key=spoken.count, default="en")


def _show(home: Troupe, given: str | None) -> str:
    """The show of somebody new: the one given, or the only one there is."""
    shows = [path.name for path in home.scripts_folder.iterdir() if path.is_dir()]
    if given is not None and given not in shows:
        raise TroupeError(f"there is no folder corpora/{given}{nearest(given, shows)}")
    return given if given is not None else shows[0] if len(shows) == 1 else ""


def _write(path: Path, text: str) -> None:
    """Write a file that is not there yet. Raises TroupeError if it is."""
    if path.exists():
        raise TroupeError(f"{path}: there is such a file already; give another name")
    write_text(path, text)

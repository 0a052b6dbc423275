"""Playing from Python: a scene as an iterator of entries, and a few lines of one character."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine import codes
from engine.corpus import topics
from engine.errors import TroupeError
from engine.frames import Frame
from engine.performance import Entry
from engine.seeds import generator
from engine.sheets.authored import nearest
from engine.speech.agent import Agent
from engine.speech.casting import Casting
from engine.speech.company import Company
from engine.speech.director import Proposal
from engine.speech.request import Request
from engine.speech.said import Said
from engine.stage.asking import FRAMES
from engine.stage.production import Theatre
from engine.stage.stage import Stage
from engine.troupe import Troupe
from engine.voices.sequences import Line


def play(scene: Path | str, seed: int = 1, turns: int | None = None, arc: str | None = None) -> Iterator[Entry]:
    """The entries of a scene (`scenes/party.yaml`), one by one as they are spoken; `str(entry)` is the `--plain` line.

    Raises AuthoredError for a faulty sheet, VoiceError for missing voices, TroupeError outside a troupe.
    """
    path = Path(scene)
    yield from Stage(Theatre(Troupe.around(path)).production(path, seed), turns, arc).play()


def say(
    troupe: Troupe,
    who: str,
    answered: str = "",
    to: str | None = None,
    act: str | None = None,
    tone: str | None = None,
    about: dict[str, str] | None = None,
    count: int = 1,
    seed: int = 1,
) -> list[str]:
    """`count` different lines of one character, by her sheet's name, to another one's line.

    Without `act` the director proposes what she does; `about` binds topics ({"thing": "the letter"}). Raises TroupeError
    for somebody who has no sheet, VoiceError for missing voices, ValueError for an act or a tone that is on no list.
    """
    for given, known in ((act, codes.ACTS), (tone, codes.TONES)):
        if given is not None and given not in known:
            raise ValueError(f"'{given}' is not one of {', '.join(known)}")
    for person in filter(None, (who, to)):
        if person not in troupe.personas:
            raise TroupeError(f"'{person}' is not in cast/{nearest(person, troupe.personas)}")
    company = Company(troupe)
    return lines(company, company.agent(who), answered, to, act, tone, about, count, seed)


def lines(
    company: Company,
    agent: Agent,
    answered: str = "",
    to: str | None = None,
    act: str | None = None,
    tone: str | None = None,
    about: dict[str, str] | None = None,
    count: int = 1,
    seed: int = 1,
) -> list[str]:
    """The same of any agent of a company, with whatever voice."""
    troupe, who, persona = company.troupe, agent.who, agent.persona
    other = to or next(iter(persona.relations), who)
    bound = about or {}
    hidden = troupe.names.hide(topics.hide(answered, bound, persona.language), other, who)
    context = [Line(other, hidden)] if answered else []
    tie = persona.relations.get(other)
    cue = Line(who, "", kind=tie.kind if tie else "stranger", pronoun=troupe.personas[other].pronoun)
    slots = topics.slots(bound, persona.language)
    said = Said([answered] if answered else [])
    found = []
    for number in range(count):
        draw = generator(seed, "say", who, number)
        if act is not None or company.director is None:
            proposals = [Proposal(Frame(act, tone), 0.0)]
        else:
            leaning = {codes.tone_code(tone): 3.0} if tone else {}
            proposals = company.director.propose(
                context, cue, leaning, slots, FRAMES, draw, gists=persona.language in company.director.gists
            )
        friends = [person for person in persona.relations if person != who]
        casting = Casting(
            who,
            other if other != who else None,
            friends,
            lambda person: persona.relations[person].kind if person in persona.relations else "stranger",
            lambda person: troupe.personas[person].name,
            troupe.world.places,
            draw,
            slots,
        )
        chosen = agent.speak(
            Request(context, answered, cue, proposals, casting, said, pronoun=troupe.personas[other].pronoun), draw
        )
        said.add(chosen.text)
        found.append(chosen.text)
    return found

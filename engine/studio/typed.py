"""A line that a person types, as the stage takes lines: to whom, how, what it does and what it is about.

What she writes before it in brackets, `(furious, accuse, to Alma) Give it to me!`, is taken as it is; the rest is read off
the words: to whom by the names in it, act and tone by the networks, topics and gist by what it says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from engine import codes
from engine.corpus import topics
from engine.corpus.gist import gist
from engine.errors import StudioError
from engine.frames import Frame
from engine.performance import Why
from engine.speech.tagging import Tagger
from engine.stage.steps import Given
from engine.studio.rehearsal import Rehearsal, ids
from engine.text import nearest, one_line, tidy
from engine.voices.sequences import Line

#: The longest line that is spoken, in characters.
LONGEST = 400
_BRACKET = re.compile(r"\(([^()]{1,80})\)\s*")
_TO = re.compile(r"(?:to|a)\s+(.+)", re.IGNORECASE)


def cleaned(text: str) -> str:
    """A line without control characters. Raises StudioError for none, or one that is too long."""
    text = one_line(text)
    if not text:
        raise StudioError("there is no line: type what is said")
    if len(text) > LONGEST:
        raise StudioError(f"the line has {len(text)} characters; {LONGEST} is the most that is spoken at once")
    return text


def read(text: str, who: str, rehearsal: Rehearsal, tagger: Tagger | None = None) -> Given:
    """A typed line of somebody who is on stage. Without a tagger, act and tone are those in brackets.

    Raises StudioError for a line that is empty or too long, or brackets that mean nothing.
    """
    marks, text = _brackets(cleaned(text), rehearsal)
    text = cleaned(tidy(text))
    place, state, production = rehearsal.place, rehearsal.stage.state, rehearsal.production
    if place is None:
        raise StudioError("the scene is over: go back to an earlier line, or take the last one back")
    if not rehearsal.on_stage(who):
        raise StudioError(f"{rehearsal.name(who)} is not on stage")
    about = rehearsal.leaning(who).about
    beat = place.beat.model_copy(update={"about": {**place.beat.about, **about}})
    called = [each for each in production.forms.read(text).called if each in state.present and each != who]
    to = marks.get("to") or (called[0] if called else rehearsal.stage.asking.default_addressee(state, who))
    language = production.personas[who].language
    hidden = hide(text, who, to, rehearsal, about)
    frame = Frame(marks.get("act"), marks.get("tone"), gist(hidden, language), topics.said(hidden))
    line = rehearsal.stage.asking.line(state, who, to, hidden, beat, frame)
    if tagger is not None:
        line = _tagged(line, state.context, tagger, language, marks)
    between = place.ends or place.owner not in (None, who)
    return Given(who, to, text, hidden, line.frame, Why(beat.name), None, about, between)


def reworded(text: str, given: Given, rehearsal: Rehearsal) -> Given:
    """A line in other words: it does the same, to the same person; gist and topics are what it says now."""
    text = cleaned(text)
    hidden = hide(text, given.speaker, given.to, rehearsal, given.about)
    language = rehearsal.production.personas[given.speaker].language
    frame = Frame(given.frame.act, given.frame.tone, gist(hidden, language), topics.said(hidden))
    return Given(given.speaker, given.to, text, hidden, frame, Why(given.why.beat), None, given.about, given.between)


def hide(text: str, who: str, to: str | None, rehearsal: Rehearsal, about: Mapping[str, str]) -> str:
    """A text as networks see it: topics and names as their slots."""
    production, place = rehearsal.production, rehearsal.place
    bound = {**(rehearsal.stage.state.bound(place.beat) if place else {}), **about}
    return production.hidden(text, bound, who, to)


def _tagged(line: Line, context: Sequence[Line], tagger: Tagger, language: str, marks: Mapping[str, str]) -> Line:
    """With the act and the tone that the networks hear, where the writer has not said them."""
    if "act" not in marks:
        line = tagger.line(context, line, language)
    return line if "tone" in marks else tagger.toned(context, line, language)


def _brackets(text: str, rehearsal: Rehearsal) -> tuple[dict[str, str], str]:
    """What stands in brackets before a line, and the line."""
    match = _BRACKET.match(text)
    if match is None:
        return {}, text
    found: dict[str, str] = {}
    people = ids(rehearsal.production)
    for part in filter(None, (part.strip() for part in match[1].split(","))):
        word, to = part.casefold(), _TO.fullmatch(part)
        if word in codes.TONES:
            found["tone"] = word
        elif word in codes.ACTS:
            found["act"] = word
        elif to and to[1].casefold() in people:
            found["to"] = people[to[1].casefold()]
        else:
            hint = nearest(word, [*codes.TONES, *codes.ACTS, *(f"to {name}" for name in people)])
            raise StudioError(f"({part}) is no tone, no act and nobody here to speak to{hint}")
    return found, text[match.end() :]

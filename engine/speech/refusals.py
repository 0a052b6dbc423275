"""What may not be said: one table of tests, asked in order, the first that holds refuses the candidate."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import yaml

from engine import codes
from engine.corpus import topics
from engine.corpus.gist import opposed
from engine.drama.knowledge import TELLING
from engine.frames import Frame
from engine.speech.copying import Copies
from engine.speech.lexicon import Lexicon
from engine.speech.pronouns import pronouns, set_off
from engine.speech.request import Request
from engine.voices.sampling import Drawn

_HERS = "girl mija señora señorita patrona madam hermana comadre miss ma'am lady daughter sister niña hija mother mom mamá abuela"
_HIS = "mijo señor sir compadre hermano son brother man boy caballero niño hijo padre father dad papá"
#: Words by which somebody is called that tell her or his pronoun.
GENDERED: Mapping[str, str] = {**dict.fromkeys(_HERS.split(), "she"), **dict.fromkeys(_HIS.split(), "he")}


@dataclass(frozen=True)
class Candidate:
    """A line that a voice drew: as spoken, as networks see it, what it was asked to do and what it does."""

    text: str
    hidden: str
    drawn: Drawn
    plan: Frame
    frame: Frame
    plan_nats: float


@dataclass(frozen=True)
class Bounds:
    """What a speaker is held to."""

    avoided: tuple[re.Pattern[str], ...]
    max_words: int
    lexicon: Lexicon | None
    copies: Copies | None
    language: str
    #: Forms of address that are not hers.
    not_hers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Refusal:
    """One reason against a candidate. A `strict` one falls away when nothing else is left to say; a `late` one costs too
    much to be asked of more than the best."""

    reason: str
    holds: Callable[[Candidate, Request, Bounds], bool]
    strict: bool = False
    late: bool = False


def _avoided(candidate: Candidate, request: Request, bounds: Bounds) -> bool:
    folded = candidate.text.casefold()
    return any(pattern.search(folded) for pattern in bounds.avoided)


def _broken(candidate: Candidate, request: Request, bounds: Bounds) -> bool:
    text = candidate.text
    return "\ufffd" in text or bool(text.count('"') % 2) or (not text[:1].isalnum() and text[:1] not in "¡¿\"'.")


def _unknown(candidate: Candidate, request: Request, bounds: Bounds) -> bool:
    return bounds.lexicon is not None and bool(bounds.lexicon.unknown(candidate.hidden))


def _unbound(candidate: Candidate, request: Request, bounds: Bounds) -> bool:
    return topics.unbound(candidate.hidden, request.casting.spoken_of, bounds.language)


def _said(candidate: Candidate, request: Request, bounds: Bounds) -> bool:
    return request.said.again(candidate.text)


def _objected(candidate: Candidate, request: Request, bounds: Bounds) -> bool:
    return bool(request.objection(candidate.frame))


def _unfinished(candidate: Candidate, request: Request, bounds: Bounds) -> bool:
    return not candidate.drawn.ended or candidate.text[-1] not in '.!?"'


def _long(candidate: Candidate, request: Request, bounds: Bounds) -> bool:
    return len(candidate.text.split()) > bounds.max_words


def _misgendered(candidate: Candidate, request: Request, bounds: Bounds) -> bool:
    return request.pronoun is not None and misgenders(candidate.text, request.pronoun)


def _not_hers(candidate: Candidate, request: Request, bounds: Bounds) -> bool:
    """A form of address that others use: "my child" from whoever is no priest."""
    return not bounds.not_hers.isdisjoint(set_off(candidate.text))


def _mixed(candidate: Candidate, request: Request, bounds: Bounds) -> bool:
    """How she calls the one she speaks to counts too: whoever says Doña Soraya says usted."""
    return pronouns(bounds.language).mixed(f"{candidate.text}, {request.casting.fill(codes.YOU) or ''}")


def _piled(candidate: Candidate, request: Request, bounds: Bounds) -> bool:
    return any(candidate.hidden.count(slot) > 1 for slot in (codes.YOU, codes.ME, *codes.TOPIC_SLOTS))


def _copied(candidate: Candidate, request: Request, bounds: Bounds) -> bool:
    return bounds.copies is not None and bounds.copies.copied(candidate.text)


_KIN_HERS = "mother|sister|daughter|wife|aunt|grandmother|widow|niece|bride"
_KIN_HIS = "father|brother|son|husband|uncle|grandfather|nephew|groom"
_MADRES = "madre|mamá|hermana|hija|esposa|tía|abuela|viuda|sobrina|novia|suegra|nieta"
_PADRES = "padre|papá|hermano|hijo|esposo|tío|abuelo|viudo|sobrino|novio|suegro|nieto"
#: "He is my mother": a network of this size hears the kin and forgets who it is.
_CROSSED = {
    "en": re.compile(
        rf"\bhe(?:'s| is| was)(?: not| never)? (?:my|your|his|her|our|the|a) (?:{_KIN_HERS})\b"
        rf"|\bshe(?:'s| is| was)(?: not| never)? (?:my|your|his|her|our|the|a) (?:{_KIN_HIS})\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        rf"\bél (?:no |nunca )?(?:es|era|fue) (?:mi|tu|su|nuestra|la|una) (?:{_MADRES})\b"
        rf"|\bella (?:no |nunca )?(?:es|era|fue) (?:mi|tu|su|nuestro|el|un) (?:{_PADRES})\b",
        re.IGNORECASE,
    ),
}


_KIN = f"{_KIN_HERS}|{_KIN_HIS}|child|baby|twin|parents?"
#: Kinship that the graph does not know: "I am your mother" in the middle of a quarrel about a poem.
_CLAIMED = {
    "en": re.compile(
        rf"\b(?:i am|i'm|you are|you're|am i|are you|he is|he's|she is|she's)(?: not| never)? (?:my|your|his|her) (?:{_KIN})\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        rf"\b(?:soy|eres|es)(?: usted)? (?:mi|tu|su) (?:{_MADRES}|{_PADRES}|bebé|gemelo|gemela)\b", re.IGNORECASE
    ),
}


def _finds(patterns: Mapping[str, re.Pattern[str]], candidate: Candidate, bounds: Bounds) -> bool:
    """Does the pattern of the speaker's language hold? A language without one has no such test."""
    return bounds.language in patterns and bool(patterns[bounds.language].search(candidate.text))


def _kinship(candidate: Candidate, request: Request, bounds: Bounds) -> bool:
    return candidate.plan.act not in TELLING and _finds(_CLAIMED, candidate, bounds)


def _points_at_nobody(candidate: Candidate, request: Request, bounds: Bounds) -> bool:
    """A pronoun for somebody whom nobody has named and who does not stand there, or for a thing that nobody has named."""
    if request.referents is None:
        return False
    return pronouns(bounds.language).dangling(candidate.hidden, request.referents)


#: What nobody does unseen.
_BLOWS = frozenset({"slap", "hit", "strike", "push", "shoot", "kiss"})


def _unseen(candidate: Candidate, request: Request, bounds: Bounds) -> bool:
    """A blow that nobody saw ("You slapped me!"): readers found 3 of 70 such lines sensible."""
    done = candidate.frame.gist
    if request.deeds is None or done is None or done.negated or done.subject != "you":
        return False
    return done.predicate in _BLOWS - request.deeds and not candidate.text.endswith("?")


def _opposed(candidate: Candidate, request: Request, bounds: Bounds) -> bool:
    return opposed(candidate.hidden, bounds.language)


def _crossed(candidate: Candidate, request: Request, bounds: Bounds) -> bool:
    return _finds(_CROSSED, candidate, bounds)


REFUSALS: tuple[Refusal, ...] = (
    Refusal("a word she avoids", _avoided),
    Refusal("broken text", _broken),
    Refusal("unknown word or name", _unknown),
    Refusal("said before", _said),
    Refusal("a topic nobody bound", _unbound, strict=True),
    Refusal("against what was said", _objected, strict=True),
    Refusal("no clean ending", _unfinished, strict=True),
    Refusal("too long", _long, strict=True),
    Refusal("calls a man by a woman's word or the reverse", _misgendered, strict=True),
    Refusal("a form of address that is not hers", _not_hers, strict=True),
    Refusal("says both tú and usted", _mixed, strict=True),
    Refusal("a pronoun that points at nobody", _points_at_nobody, strict=True),
    Refusal("kinship that nobody knows of", _kinship, strict=True),
    Refusal("a blow or a kiss that nobody saw", _unseen, strict=True),
    Refusal("a thing and its opposite", _opposed, strict=True),
    Refusal("a man who is a mother or the reverse", _crossed, strict=True),
    Refusal("a name or a topic twice", _piled, strict=True),
    Refusal("stands in a script", _copied, strict=True, late=True),
)


def refusal(candidate: Candidate, request: Request, bounds: Bounds, strict: bool, late: bool = False) -> str:
    """Why a candidate may not be spoken, or nothing, by the late rows or by all others.

    Not strict: only what would be wrong on any stage is refused.
    """
    for each in REFUSALS:
        if each.late == late and (strict or not each.strict) and each.holds(candidate, request, bounds):
            return each.reason
    return ""


def misgenders(text: str, pronoun: str) -> bool:
    """Does the text call the person spoken to by a word for somebody else? Only words set off by commas count.

    Where nobody is spoken to (an empty `pronoun`), each such word is one too many.
    """
    return any(GENDERED.get(said.removeprefix("my "), pronoun) != pronoun for said in set_off(text))


@lru_cache(maxsize=8)
def vocatives(language: str) -> frozenset[str]:
    """The forms of address of a language that not everybody uses (`engine/data/vocatives.yaml`)."""
    found = yaml.safe_load((topics.DATA / "vocatives.yaml").read_text(encoding="utf-8"))
    return frozenset(form.strip() for form in found.get(language, "").split(";") if form.strip())

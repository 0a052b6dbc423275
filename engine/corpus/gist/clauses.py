"""What both sets of rules find: clauses, how much each says of its line, and the subject that a slot is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine import codes

#: The word lists, a file a language.
DATA = Path(__file__).parents[2] / "data" / "gist"

#: Stands for every predicate that is not in the closed list.
OTHER = "other"

#: The closed list: English words, which the rules of every language map their verbs to.
PREDICATES = frozenset(codes.PREDICATES) - {OTHER}

#: Names of the slots for things, as in `codes.TOPICS`.
TOPIC_THINGS = frozenset(codes.TOPICS["thing"])

#: How much a kind of clause says of a line, least first.
FORMULA, SUBORDINATE, ELLIPSIS, COPULA, CONTENT = range(5)


@dataclass(frozen=True)
class Clause:
    """A clause of a line, and how much its kind says of the line."""

    subject: str
    predicate: str
    negated: bool
    weight: int


def slot_subject(slot: str) -> str:
    """The subject that a slot stands for."""
    name = slot.strip("<>")
    if name.startswith("third"):
        return "third"
    if name in {"you", "me"}:
        return name
    if name.startswith(("place", "event")):
        return "it"
    return "thing" if name in TOPIC_THINGS else "he"

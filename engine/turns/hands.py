"""Who holds what: the things of a scene go from hand to hand by what is said.

Nobody asks for what is in her own hand, or offers what is in another's. Knows frames, not words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.frames import Frame

#: What is asked of whoever holds a thing; what the holder bids others do with it; what only somebody without it does.
ASKED = frozenset({"give", "bring", "return", "hand", "show"})
OFFERED = frozenset({"take", "keep"})
SOUGHT = frozenset({"want", "need", "look", "find", "buy"})
#: What one does with a thing that one has.
HAD = frozenset({"have", "hold", "keep", "bring"})
#: Acts that do not say that anything is so.
UNSURE = frozenset({"ask", "deny", "doubt", "refuse"})


@dataclass
class Hands:
    """The holder of each thing, by its phrase ("the poem"). Of a thing that is in nobody's hand, anything may be said."""

    holders: dict[str, str] = field(default_factory=dict)
    #: The thing that was named last: it is what "it" means.
    last: str | None = None

    def put(self, holders: Mapping[str, str]) -> None:
        """Things change hands, as a sheet says; into nobody's by an empty name."""
        self.holders = {thing: who for thing, who in {**self.holders, **holders}.items() if who}

    def objection(self, speaker: str, frame: Frame, phrases: Mapping[str, str]) -> str:
        """Why she may not say this, or nothing. `phrases` are what the topic slots stand for."""
        gist, thing = frame.gist, self._meant(frame, phrases)
        if gist is None or gist.negated or thing is None or thing not in self.holders:
            return ""
        mine = self.holders[thing] == speaker
        bids = gist.subject == "imperative"
        asked = (bids or gist.subject == "you") and gist.predicate in ASKED
        sought = gist.subject == "me" and gist.predicate in SOUGHT
        where = frame.act == "ask" and bool(frame.topics) and gist.subject in {"thing", "it", "who", "there"}
        if mine and (asked or sought or where):
            return "has it herself"
        had = gist.subject == "me" and gist.predicate in HAD and frame.act not in UNSURE
        if not mine and (had or _hands_over(frame) or (bids and gist.predicate in OFFERED)):
            return "does not have it"
        return ""

    def hear(self, speaker: str, addressee: str | None, frame: Frame, phrases: Mapping[str, str]) -> None:
        """Take down what a line does with a thing: the holder gives it away, or somebody takes it as she is told."""
        gist, thing = frame.gist, self._meant(frame, phrases)
        self.last = next((phrases[slot] for slot in frame.topics if slot in phrases), self.last)
        if gist is None or gist.negated or thing is None or thing not in self.holders or frame.act in UNSURE:
            return
        gives = gist.subject == "me" and gist.predicate == "give"
        offers = gist.subject == "imperative" and gist.predicate in OFFERED
        if self.holders[thing] == speaker and addressee is not None and (gives or offers or _hands_over(frame)):
            self.holders[thing] = addressee
        elif gist.subject == "me" and gist.predicate == "take" and frame.act == "obey":
            self.holders[thing] = speaker

    def _meant(self, frame: Frame, phrases: Mapping[str, str]) -> str | None:
        """The thing that a frame is about: one that it names, else the one named last."""
        named = [phrases[slot] for slot in frame.topics if slot in phrases]
        return next((phrase for phrase in named if phrase in self.holders), None if named else self.last)


def _hands_over(frame: Frame) -> bool:
    """Says "here it is" to whoever asked for it: of a frame no more is seen than that something is, said in obeying."""
    gist = frame.gist
    return frame.act == "obey" and gist is not None and gist.predicate == "be" and gist.subject in {"it", "thing", "he"}

"""The ledger of a scene: who claimed what, which questions are open, and what was answered already.

Nobody contradicts her own claims, except by confessing or when she was caught; what was answered is not asked again, and
nobody does the same thing with the same words twice ("I love you", "I love you"), or forgives where nobody has done anything.
Knows frames, not words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.frames import Frame, Gist

#: Acts that claim something to be so.
CLAIMS = frozenset({"tell", "insist", "deny", "accuse", "reveal", "confess", "defend", "warn", "promise"})
#: Acts by which somebody takes back what she claimed.
TURNS = frozenset({"confess", "reveal", "apologise", "obey", "forgive"})
#: Acts that answer a question: by saying it, by refusing, by dodging.
ANSWERS = frozenset(
    {"tell", "deny", "confess", "refuse", "doubt", "reveal", "insist", "defend", "promise", "reject", "declare"}
)
#: Predicates that say too little to contradict or to repeat: "I am ...", "I do".
VAGUE = frozenset({"be", "do", "other", "have", "go", "say", "tell", "know", "see", "want", "get", "come", "mean"})
#: Predicates that describe a state of mind from which people do turn within a scene.
PASSING = frozenset({"afraid", "sorry", "sure", "happy", "sad", "angry", "tired", "want", "need", "believe", "trust"})

#: Somebody insists on a thing, or asks what nobody answers, so often and no more; everything else is said once.
OFTEN = {"insist": 2, "ask": 2}
#: What must have come before from somebody else, within so many lines, for an act or a predicate of one's own to have a cause:
#: acts or tones (felicity conditions, Searle 1969). Nobody forgives who was not wronged, nobody dries dry eyes, and nobody promises
#: what was not asked for. Of the novela's own lines that forgive, comfort and promise, 82, 96 and 77 of 100 have such a cause.
CAUSES: Mapping[str, frozenset[str]] = {
    "forgive": frozenset({"apologise", "confess", "plead"}),
    "comfort": frozenset(
        {
            "plead",
            "confess",
            "reveal",
            "apologise",
            "weeping",
            "terrified",
            "pleading",
            "confessing",
            "weary",
            "shocked",
        }
    ),
    "cry": frozenset({"weeping", "terrified", "pleading"}),
    "promise": frozenset({"plead", "order", "farewell", "apologise", "forgive", "threaten", "pleading", "weeping"}),
}
REMEMBERED = 8

#: A predicate that was heard so often in so many of the last lines ("I promise", "I love you"), with nothing that the scene is
#: about, is talked out; but not those that say nothing by themselves.
TALKED_OUT, RECENT = 3, 6
EMPTY = frozenset({"be", "do", "have", "other"})

#: Whom or what a claim is about, its predicate, and the topics with it.
Key = tuple[str, str, frozenset[str]]


@dataclass
class Ledger:
    """What was claimed and asked so far."""

    claims: dict[tuple[str, Key], bool] = field(default_factory=dict)
    answered: set[Key] = field(default_factory=set)
    #: The question that was put to somebody and that nobody has answered yet.
    open: tuple[str, Key] | None = None
    caught: set[str] = field(default_factory=set)
    #: How often each speaker did each thing: by act and key.
    said: Counter[tuple[str, str, Key]] = field(default_factory=Counter)
    #: Who did what, and in which tone, in all lines.
    done: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    #: What each line does without a word of what the scene is about.
    heard: list[str] = field(default_factory=list)

    def objection(self, speaker: str, addressee: str | None, frame: Frame) -> str:
        """Why she may not say this now, or nothing."""
        if not self._caused(speaker, frame):
            return "without a cause"
        bare = _bare(frame)
        if bare and self.heard[-RECENT:].count(bare) >= TALKED_OUT:
            return "talked out"
        key = key_of(speaker, addressee, frame)
        if key is None or frame.gist is None:
            return ""
        if frame.act == "ask" and key in self.answered:
            return "asked and answered"
        if self.said[speaker, str(frame.act), key] >= OFTEN.get(str(frame.act), 1):
            return "said already"
        claimed = self.claims.get((speaker, key))
        turned = claimed is not None and claimed == frame.gist.negated
        if turned and frame.act in CLAIMS - TURNS and speaker not in self.caught:
            return "contradicts herself"
        return ""

    def hear(self, speaker: str, addressee: str | None, frame: Frame) -> None:
        """Take down what a line claims or asks."""
        self.heard.append(_bare(frame))
        self.done.append((speaker, frame.act, frame.tone))
        key = key_of(speaker, addressee, frame)
        if self.open is not None and self.open[0] == speaker and frame.act in ANSWERS:
            self.answered.add(self.open[1])
            self.open = None
        if key is None or frame.gist is None:
            return
        shown = frame.act in {"accuse", "reveal"} and not frame.gist.negated
        if shown and addressee is not None and self.claims.get((addressee, key)) is False:
            # Somebody who is shown what she denied may now admit it.
            self.caught.add(addressee)
        self.said[speaker, str(frame.act), key] += 1
        if frame.act == "ask":
            if addressee is not None:
                self.open = (addressee, key)
        elif frame.act in CLAIMS:
            self.claims[speaker, key] = not frame.gist.negated
            self.answered.add(key)

    def _caused(self, speaker: str, frame: Frame) -> bool:
        """Whether somebody else has given a cause for what a line does; what needs none has one."""
        gist = frame.gist
        needs = {frame.act, gist.predicate if gist and gist.subject in {"me", "imperative"} else None} & CAUSES.keys()
        others = {each for who, *did in self.done[-REMEMBERED:] if who != speaker for each in did}
        return all(CAUSES[need] & others for need in needs if need)


def key_of(speaker: str, addressee: str | None, frame: Frame) -> Key | None:
    """What a frame is about, the same whoever says it; None where it says too little or points at nobody."""
    gist = frame.gist
    if gist is None or gist.predicate in PASSING or (gist.predicate in VAGUE and not frame.topics):
        return None
    who = _meant(gist, speaker, addressee)
    return None if who is None else (who, gist.predicate, frozenset(frame.topics))


def _bare(frame: Frame) -> str:
    """The predicate of a frame that names no topic; nothing where it has none or an empty one."""
    gist = frame.gist
    return "" if gist is None or gist.predicate in EMPTY or frame.topics else gist.predicate


def _meant(gist: Gist, speaker: str, addressee: str | None) -> str | None:
    if gist.subject == "me":
        return speaker
    if gist.subject == "you":
        return addressee
    return gist.subject if gist.subject in {"third", "thing", "none", "someone"} else None

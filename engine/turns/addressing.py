"""To whom a line is spoken: a bid for everybody else present, before the line has words.

Two kinds of turns are mixed. A plain one, of which scripts say nothing, is for the last other speaker. In the others
somebody is picked out (`(to María)`, or called by name), by a conditional logit as in `engine.turns.ordering`.
"""

from __future__ import annotations

import math

from engine import logit
from engine.logit import Bids, Feature, Features, Matrix, Rows
from engine.turns.floor import Floor, Situation
from engine.turns.habits import Habits, Key
from engine.turns.weights import Weights

#: In the order of their columns; the last five are habits of particular people. The defaults were
#: found as those of `engine.turns.ordering` were; "heat", "affection", "entrance" and "focus" are set by hand.
FEATURES = Features(
    (
        Feature("last other", 0.2, "She is the last speaker other than who speaks now."),
        Feature("last other asked", 0.2, "She is that, and her line was a question."),
        Feature("asked me", 0.4, "She is that, and her line was for who speaks now, or calls her."),
        Feature("talked to another", 0.3, "She is that, and her line was for somebody else."),
        Feature("overheard", 1.1, "The last line was for her, or called her."),
        Feature("mentioned", 1.3, "The last line speaks of her."),
        Feature("goes on", 1.1, "Who speaks now spoke last, and to her."),
        Feature(
            "keeps alternating",
            0.0,
            "She is the last other speaker, times the log of how long two have been alternating.",
        ),
        Feature("second other", 0.0, "She is the one who spoke before the last other speaker."),
        Feature("silence", -0.6, "Log of the turns since she spoke, for all but the last other speaker."),
        Feature("unheard", -1.0, "She has not spoken in this scene."),
        Feature("share", 0.0, "Log of her share of this scene's lines, 0 when it is the mean."),
        Feature("heat", 0.8, "Heat of the edge from who speaks now to her, 0 to 1."),
        Feature("affection", 0.3, "Strength of love or hate on that edge, 0 to 1."),
        Feature("entrance", 0.8, "She has just come on."),
        Feature("focus", 0.8, "The beat is hers."),
        Feature("spoken to", 1.4, "Habit: how much more she is spoken to than the rules expect."),
        Feature("talks to", 1.9, "Habit: that who speaks now talks to her."),
        Feature("answers to", 0.8, "Habit: that who speaks now, after this last speaker, talks to her."),
        Feature("her place", 0.0, "Habit: when she is spoken to: at once, after long silence, unheard."),
        Feature("turns to", 0.6, "Habit: to whom who speaks now turns: the last other, a third, somebody unheard."),
    )
)


def candidates(situation: Situation, speaker: str) -> list[str]:
    return [person for person in situation.present if person != speaker]


def last_other(situation: Situation, speaker: str) -> str | None:
    """The last speaker other than this one, if she is still there: the ordinary addressee."""
    return next((person for person in situation.floor.order if person != speaker and person in situation.present), None)


def addressees(situation: Situation, speaker: str, weights: Weights) -> Bids:
    """Whom `speaker` may talk to now, the likeliest first; probabilities sum to 1. Alone on stage, no bids.

    `situation.heat` and `.affection` are here those of the edges from `speaker` to each person. Reasons are those of
    a turn that picks somebody out.
    """
    found = picked_out(situation, speaker, weights)
    ordinary = last_other(situation, speaker)
    return found if ordinary is None else found.mixed(weights.plain, ordinary)


def picked_out(situation: Situation, speaker: str, weights: Weights) -> Bids:
    """As `addressees`, for a turn that is known to pick somebody out."""
    people = candidates(situation, speaker)
    bend = [situation.bended(person) for person in people] if situation.bend else None
    return logit.bids(people, features(situation, speaker, weights.addressing), FEATURES, weights.addressee, bend)


def features(situation: Situation, speaker: str, habits: Habits | None = None) -> Matrix:
    """As `general`, with the habits. Without `habits` their columns are 0."""
    values = general(situation, speaker)
    if habits is not None and habits.tables:
        for person, row in zip(candidates(situation, speaker), values, strict=True):
            for name, keys in circumstances(situation.floor, speaker, person).items():
                row[FEATURES.columns[name]] = habits.ratio(keys)
    return values


def circumstances(floor: Floor, speaker: str, person: str) -> dict[str, list[Key]]:
    """The habits that bear on one possible addressee, by feature."""
    place = _place(floor, speaker, person)
    keys: dict[str, list[Key]] = {
        "spoken to": [("spoken to", person)],
        "talks to": [("talks to", f"{speaker} > {person}")],
        "her place": [("her place", f"{person} @ {place}")],
        "turns to": [("turns to", f"{speaker} @ {place}")],
    }
    if floor.last is not None and floor.last.speaker != speaker:
        keys["answers to"] = [("answers to", f"{floor.last.speaker} > {speaker} > {person}")]
    return keys


def general(situation: Situation, speaker: str) -> Matrix:
    """Array (candidates, features): what speaks for each, but for the habits, whose columns are 0."""
    floor, last = situation.floor, situation.floor.last
    rows = Rows(candidates(situation, speaker), FEATURES)
    rows.every("heat", [situation.heat.get(who, 0.0) for who in rows.people])
    rows.every("affection", [abs(situation.affection.get(who, 0.0)) for who in rows.people])
    rows.mark("entrance", situation.entered)
    rows.mark("focus", situation.focus)
    if last is None:
        return rows.matrix()
    others = [person for person in floor.order if person != speaker]
    rows.mark("unheard", [person for person in situation.present if person not in floor.lags])
    rows.put("share", floor.shares(len(situation.present)))
    ordinary = others[0] if others else None
    rows.put("silence", [each for each in floor.silences if each[0] != ordinary])
    rows.mark("second other", others[1:2])
    # A line for the viewer, or for a portrait, was for nobody here.
    meant = {last.addressee, *floor.cues.called}.intersection(situation.present)
    rows.alike({"last other": 1.0, "keeps alternating": math.log1p(floor.run)}, others[:1])
    if last.speaker != speaker:
        asked = {
            "last other asked": float(floor.cues.question),
            "asked me": float(speaker in meant),
            "talked to another": float(bool(meant) and speaker not in meant),
        }
        rows.alike(asked, others[:1])
    rows.mark("goes on" if last.speaker == speaker else "overheard", meant)
    rows.mark("mentioned", floor.cues.mentioned)
    return rows.matrix()


def _place(floor: Floor, speaker: str, person: str) -> str:
    """Where a person stands in the order of recency of those who are not speaking: other, second, earlier, unheard."""
    rank = floor.ranks.get(person)
    if rank is None:
        return "unheard"
    rank -= floor.ranks.get(speaker, rank) < rank
    return ("other", "second", "earlier")[min(rank, 2)]

"""Who speaks next: a bid for everybody present (Sacks, Schegloff and Jefferson 1974), and the choice among them.

The current speaker selects the next by name or by whom the line is for; else somebody selects herself; else the
current speaker goes on. How much each of these weighs is fitted on scripts (`engine.turns.fitting`); without a fitted file
the defaults below hold. Knows nothing of voices, sheets or graphs: what they have to say stands in a `Situation`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine import logit
from engine.logit import Bid, Feature, Matrix
from engine.turns.floor import TALKATIVE, Floor, Situation, Spoken
from engine.turns.habits import Habits, Key
from engine.turns.weights import Weights

__all__ = ["FEATURES", "Bid", "Choice", "Policy", "Situation", "Spoken", "Weights", "bids", "choose", "features"]

Policy = Literal["natural", "round-robin", "script"]

#: In the order of their columns; the last ten are habits of particular people. The defaults were fitted on 46,000
#: turns of public-domain plays; set by hand are "addressed", "heat", "affection", "entrance" and "focus", which a
#: printed play does not record: scripts that do (`(to María)`), or scenes that come with edges, move the first three.
FEATURES: tuple[Feature, ...] = (
    Feature("goes on", -3.2, "She spoke last."),
    Feature("goes on of two", 0.1, "She spoke last, and only one other is there."),
    Feature("goes on, broken off", 0.0, "She spoke last, and her line broke off (`--`, `...`)."),
    Feature("goes on, short", 0.0, "She spoke last, in three words or fewer."),
    Feature("answers", -0.9, "She is the last other speaker: the ordinary answer."),
    Feature("answers a question", 0.1, "The ordinary answer, to a question."),
    Feature("answers an outcry", -0.3, "The ordinary answer, to an exclamation."),
    Feature("answers a broken line", -0.1, "The ordinary answer, to a line that broke off: an interruption."),
    Feature("answers at length", -0.1, "The ordinary answer, times the log of the last line's words."),
    Feature("keeps alternating", 0.3, "The ordinary answer, times the log of how long two have been alternating."),
    Feature("answers among many", 0.2, "The ordinary answer, times the log of how many are present."),
    Feature("passed over", -0.4, "The ordinary answer, but the last line calls or addresses somebody else."),
    Feature("third", -0.2, "Two others have spoken since she did."),
    Feature("silence", -1.0, "Log of the turns since she spoke, for all but the last two."),
    Feature("unheard", -3.4, "She has not spoken in this scene."),
    Feature("unheard early", 0.9, "She has not spoken, and the scene is two lines old at the most."),
    Feature("unheard late", 0.3, "She has not spoken, times the log of the turns so far."),
    Feature("unheard among many", 0.2, "She has not spoken, times the log of how many are present."),
    Feature("share", 0.1, "Log of her share of this scene's lines, 0 when it is the mean."),
    Feature(
        "partners", 0.3, "Log of 1 + how much she and the last speaker have been exchanging lines, the latest most."
    ),
    Feature("called", 1.8, "The last line calls her by name."),
    Feature("called to answer", -1.4, "The last line calls her, and she would have answered anyway."),
    Feature("mentioned", 0.1, "The last line speaks of her."),
    Feature("addressed", 2.5, "The last line is turned to her, away from the last other speaker."),
    Feature("waiting", 0.4, "The line before last called or addressed her, and somebody else took the floor."),
    Feature("heat", 0.8, "Heat of her edge to the last speaker, 0 to 1."),
    Feature("affection", 0.3, "Strength of her love or hate for the last speaker, 0 to 1."),
    Feature("entrance", 1.5, "She has just come on."),
    Feature("focus", 1.2, "The beat is hers."),
    Feature("talkative", 0.2, "Habit: how much more she speaks than the rules expect."),
    Feature("rate", 0.1, "Habit: her share of all lines against an equal share."),
    Feature("rate, to open", 0.5, "Habit: that share, for the first line of a scene."),
    Feature("opens", 0.4, "Habit: that she opens scenes."),
    Feature("follows", 0.2, "Habit: that she follows this speaker."),
    Feature("follows two", 0.3, "Habit: that she follows these last two speakers."),
    Feature("her place", 0.7, "Habit: when she speaks: at once, in answer, after long silence, late."),
    Feature("his heirs", 0.4, "Habit: who gets the floor after this speaker: the last other, a third, somebody new."),
    Feature("appellation", 0.8, "Habit: that what this line calls somebody (`mija`) means her."),
    Feature("his appellation", 0.2, "Habit: that what this speaker calls somebody means her."),
)


@dataclass(frozen=True)
class Choice:
    """Who speaks, why in a word (the policy, or `force`), and everybody's bids, the strongest first."""

    person: str
    by: str
    bids: tuple[Bid, ...]


def circumstances(floor: Floor, person: str) -> dict[str, list[Key]]:
    """The habits that bear on one person now, by feature."""
    keys: dict[str, list[Key]] = {"talkative": [("talkative", person)]}
    if floor.last is None:
        return keys | {"opens": [("opens", person)], "rate, to open": [("rate", person)]}
    last, place = floor.last.speaker, floor.place(person)
    keys["rate"] = [("rate", person)]
    keys["her place"] = [("her place", f"{person} @ {place}")]
    keys["his heirs"] = [("his heirs", f"{last} @ {place}")]
    if place != "last":
        keys["follows"] = [("follows", f"{last} > {person}")]
        keys["appellation"] = [("appellation", f"{name} > {person}") for name in floor.cues.appellations]
        keys["his appellation"] = [
            ("his appellation", f"{last}: {name} > {person}") for name in floor.cues.appellations
        ]
        if len(floor.order) > 1 and place != "other":
            keys["follows two"] = [("follows two", f"{floor.order[1]} > {last} > {person}")]
    return keys


def general(situation: Situation) -> list[dict[str, float]]:
    """A row for each person present, without the habits: feature -> value, zeros left out."""
    floor = situation.floor
    return [
        {**(_place(floor, person, len(situation.present)) if floor.last else {}), **_pull(situation, floor, person)}
        for person in situation.present
    ]


def features(situation: Situation, habits: Habits | None = None) -> Matrix:
    """Array (people present, features): what speaks for each. Without `habits` their columns are 0."""
    rows = general(situation)
    if habits is not None and habits.tables:
        for person, row in zip(situation.present, rows, strict=True):
            for name, keys in circumstances(situation.floor, person).items():
                row[name] = habits.ratio(keys)
    return logit.matrix(rows, FEATURES)


def bids(situation: Situation, weights: Weights) -> list[Bid]:
    """Everybody's bid, the strongest first; probabilities sum to 1. Nobody present, no bids."""
    values = features(situation, weights.speaking)
    selected = {*situation.floor.cues.called, situation.floor.last.addressee if situation.floor.last else None}
    bend = []
    for person in situation.present:
        # Who is called need not be talkative: talkativeness 0 speaks when spoken to.
        own = 0.5 if person in selected else situation.talkativeness.get(person, 0.5)
        bend.append(TALKATIVE ** (2.0 * own - 1.0) * max(situation.bend.get(person, 1.0), 1e-6))
    return logit.bids(situation.present, values, FEATURES, weights.speaker, bend)


def choose(
    situation: Situation,
    weights: Weights,
    generator: np.random.Generator,
    policy: Policy = "natural",
    order: Sequence[str] = (),
    force: str | None = None,
    turn: int | None = None,
) -> Choice:
    """Who speaks next. `order` is for policy `script`: names, over and over, those absent passed by.

    `force` decides this one turn whatever the policy; `turn` counts the scene's lines so far (default: those in the
    history). Raises ValueError when nobody is present or `force` is not.
    """
    if not situation.present:
        raise ValueError("nobody is on stage")
    found = tuple(bids(situation, weights))
    if force is not None:
        if force not in situation.present:
            raise ValueError(f"{force} is not on stage and cannot speak")
        return Choice(force, "force", found)
    if policy == "round-robin":
        return Choice(_next_round(situation), policy, found)
    turn = len(situation.history) if turn is None else turn
    if policy == "script":
        for name in (order[(turn + ahead) % len(order)] for ahead in range(len(order))):
            if name in situation.present:
                return Choice(name, policy, found)
    return Choice(logit.draw(found, generator).person, "natural", found)


def _next_round(situation: Situation) -> str:
    """The one after the last speaker, in the order of `present`; if he has left, who has been silent longest."""
    present, floor = list(situation.present), situation.floor
    if floor.last is not None and floor.last.speaker in present:
        return present[(present.index(floor.last.speaker) + 1) % len(present)]
    return max(present, key=lambda person: floor.lags.get(person, math.inf))


def _place(floor: Floor, person: str, people: int) -> dict[str, float]:
    """What follows from when she last spoke."""
    cues, place = floor.cues, floor.place(person)
    words = len(floor.last.text.split()) if floor.last else 0
    row: dict[str, float] = {}
    if place == "last":
        row = {
            "goes on": 1.0,
            "goes on of two": people == 2,
            "goes on, broken off": cues.broken,
            "goes on, short": words <= 3,
        }
    elif place == "other":
        row = {
            "answers": 1.0,
            "answers a question": cues.question,
            "answers an outcry": cues.exclamation,
            "answers a broken line": cues.broken,
            "answers at length": math.log1p(words),
            "keeps alternating": math.log1p(floor.run),
            "answers among many": math.log(people),
        }
    elif place == "unheard":
        row = {
            "unheard": 1.0,
            "unheard early": floor.window < 3,
            "unheard late": math.log(floor.window),
            "unheard among many": math.log(people),
        }
    else:
        row = {"third": place == "third", "silence": math.log(floor.lags[person])}
    if place != "unheard":
        row["share"] = math.log(floor.counts[person] * people / floor.window)
    return row


def _pull(situation: Situation, floor: Floor, person: str) -> dict[str, float]:
    """What the last line, the graph and the beat ask of her."""
    row: dict[str, float] = {}
    if person in situation.entered:
        row["entrance"] = 1.0
    if person in situation.focus:
        row["focus"] = 1.0
    if floor.last is None or person == floor.last.speaker:
        return row
    answers = floor.place(person) == "other"
    # A line for the viewer, or for a portrait, turns to nobody who could answer.
    turned_to = floor.last.addressee if floor.last.addressee in situation.present else None
    called = floor.cues.called
    if person in floor.exchanges:
        row["partners"] = math.log1p(floor.exchanges[person])
    if person in called:
        row["called"], row["called to answer"] = 1.0, float(answers)
    if person in floor.cues.mentioned:
        row["mentioned"] = 1.0
    if turned_to == person and not answers:
        row["addressed"] = 1.0
    if answers and (turned_to not in (None, person) or (called and person not in called)):
        row["passed over"] = 1.0
    if person in floor.waiting:
        row["waiting"] = 1.0
    row["heat"] = situation.heat.get(person, 0.0)
    row["affection"] = abs(situation.affection.get(person, 0.0))
    return row

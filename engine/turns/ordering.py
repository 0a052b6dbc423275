"""Who speaks next: a bid for everybody present (Sacks, Schegloff and Jefferson 1974), and the choice among them.

The current speaker selects the next by name or by whom the line is for; else somebody selects herself; else the
current speaker goes on. How much each of these weighs is fitted on scripts (`engine.turns.fitting`); without a fitted file
the defaults below hold. Knows nothing of voices, sheets or graphs: what they have to say stands in a `Situation`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from engine import logit
from engine.logit import Bid, Bids, Feature, Features, Matrix, Rows
from engine.turns.floor import TALKATIVE, Floor, Situation, Spoken
from engine.turns.habits import Habits, Key
from engine.turns.weights import Weights

__all__ = ["FEATURES", "Bid", "Choice", "Policy", "Situation", "Spoken", "Weights", "bids", "choose", "features"]

Policy = Literal["natural", "round-robin", "script"]

#: In the order of their columns; the last ten are habits of particular people. The defaults were fitted on 46,000
#: turns of public-domain plays; set by hand are "addressed", "heat", "affection", "entrance" and "focus", which a
#: printed play does not record: scripts that do (`(to María)`), or scenes that come with edges, move the first three.
FEATURES = Features(
    (
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
        Feature(
            "his heirs", 0.4, "Habit: who gets the floor after this speaker: the last other, a third, somebody new."
        ),
        Feature("appellation", 0.8, "Habit: that what this line calls somebody (`mija`) means her."),
        Feature("his appellation", 0.2, "Habit: that what this speaker calls somebody means her."),
    )
)


@dataclass(frozen=True)
class Choice:
    """Who speaks, why in a word (the policy, or `force`), and everybody's bids, the strongest first."""

    person: str
    by: str
    bids: Bids


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


def general(situation: Situation) -> Matrix:
    """Array (people present, features): what speaks for each, but for the habits, whose columns are 0."""
    floor = situation.floor
    rows = Rows(situation.present, FEATURES)
    rows.mark("entrance", situation.entered)
    rows.mark("focus", situation.focus)
    if floor.last is not None and situation.present:
        _recency(rows, floor, floor.last, situation.present)
        _pull(rows, situation, floor, floor.last)
    return rows.matrix()


def features(situation: Situation, habits: Habits | None = None) -> Matrix:
    """As `general`, with the habits. Without `habits` their columns are 0."""
    values = general(situation)
    if habits is not None and habits.tables:
        for person, row in zip(situation.present, values, strict=True):
            for name, keys in circumstances(situation.floor, person).items():
                row[FEATURES.columns[name]] = habits.ratio(keys)
    return values


def bids(situation: Situation, weights: Weights) -> Bids:
    """Everybody's bid, the strongest first; probabilities sum to 1. Nobody present, no bids."""
    values = features(situation, weights.speaking)
    selected = {*situation.floor.cues.called, situation.floor.last.addressee if situation.floor.last else None}
    # Who is called need not be talkative: talkativeness 0 speaks when spoken to.
    own = [0.5 if person in selected else situation.talkativeness.get(person, 0.5) for person in situation.present]
    bend = [_odds(each) for each in own]
    if situation.bend:
        bend = [odds * situation.bended(person) for person, odds in zip(situation.present, bend, strict=True)]
    return logit.bids(situation.present, values, FEATURES, weights.speaker, bend)


@cache
def _odds(talkativeness: float) -> float:
    """What talkativeness multiplies somebody's odds by."""
    return float(TALKATIVE ** (2.0 * talkativeness - 1.0))


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
    found = bids(situation, weights)
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
    return Choice(logit.draw(found, generator), "natural", found)


def _next_round(situation: Situation) -> str:
    """The one after the last speaker, in the order of `present`; if he has left, who has been silent longest."""
    present, floor = list(situation.present), situation.floor
    if floor.last is not None and floor.last.speaker in present:
        return present[(present.index(floor.last.speaker) + 1) % len(present)]
    return max(present, key=lambda person: floor.lags.get(person, math.inf))


def _recency(rows: Rows, floor: Floor, last: Spoken, present: Sequence[str]) -> None:
    """What follows from when each last spoke: at once, as the last other, third, earlier, or not at all."""
    cues, words, people = floor.cues, len(last.text.split()), len(present)
    goes_on = {
        "goes on": 1.0,
        "goes on of two": people == 2,
        "goes on, broken off": cues.broken,
        "goes on, short": words <= 3,
    }
    answers = {
        "answers": 1.0,
        "answers a question": cues.question,
        "answers an outcry": cues.exclamation,
        "answers a broken line": cues.broken,
        "answers at length": math.log1p(words),
        "keeps alternating": math.log1p(floor.run),
        "answers among many": math.log(people),
    }
    unheard = {
        "unheard": 1.0,
        "unheard early": floor.window < 3,
        "unheard late": math.log(floor.window),
        "unheard among many": math.log(people),
    }
    rows.alike(goes_on, floor.order[:1])
    rows.alike(answers, floor.order[1:2])
    rows.alike(unheard, [person for person in present if person not in floor.lags])
    rows.mark("third", floor.order[2:3])
    rows.put("silence", floor.silences[2:])
    rows.put("share", floor.shares(people))


def _pull(rows: Rows, situation: Situation, floor: Floor, last: Spoken) -> None:
    """What the last line and the graph ask of everybody but its speaker."""
    others = [who if who != last.speaker else "" for who in situation.present]
    rows.every("heat", [situation.heat.get(who, 0.0) for who in others])
    rows.every("affection", [abs(situation.affection.get(who, 0.0)) for who in others])
    rows.put("partners", [(who, math.log1p(exchanged)) for who, exchanged in floor.exchanges.items()])
    called = set(floor.cues.called) - {last.speaker}
    ordinary = set(floor.order[1:2])
    rows.mark("called", called)
    rows.mark("called to answer", called & ordinary)
    rows.mark("mentioned", set(floor.cues.mentioned) - {last.speaker})
    rows.mark("waiting", floor.waiting)
    # A line for the viewer, or for a portrait, turns to nobody who could answer.
    turned_to = {last.addressee}.intersection(situation.present)
    rows.mark("addressed", turned_to - ordinary - {last.speaker})
    if turned_to - ordinary or (floor.cues.called and not called & ordinary):
        rows.mark("passed over", ordinary)

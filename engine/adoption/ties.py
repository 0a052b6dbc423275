"""Relations, inferred from who speaks to whom and how. First guesses for a writer to correct, and no more.

Of the lines from one person to another are counted: warm and hostile words (or tones, where the script gives them),
exclamations, commands, deference. Each share is set against that of the whole script and shrunk towards it, so that
four lines say little. Kin is only what the script says: somebody is called mother, or brother, more than once.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.adoption import wording
from engine.adoption.talk import Spoken, Talk

#: Fewer lines both ways than this make no tie; nobody has more ties than this.
LEAST, MOST = 4, 14
#: Lines after which half of what is counted is believed.
HALF = 12.0
_WARM_TONES = frozenset(["tender", "joyful", "confessing"])
_HOSTILE_TONES = frozenset(["furious", "icy", "mocking"])


@dataclass(frozen=True)
class Bond:
    """What `to` is to somebody, as a sheet has it; `lines` to them, and what the kind rests on ('calls them "mother", 5 times')."""

    to: str
    kind: str
    affection: float
    trust: float
    power: float
    heat: float
    lines: int
    because: str = ""
    calls: str = ""


@dataclass(frozen=True)
class _Manner:
    """Shares of some lines."""

    warm: float
    hostile: float
    exclaimed: float
    commands: float
    deferent: float

    @classmethod
    def of(cls, lines: Sequence[Spoken]) -> _Manner:
        count = max(1, len(lines))
        return cls(
            sum(line.tone in _WARM_TONES or not wording.WARM.isdisjoint(line.words) for line in lines) / count,
            sum(line.tone in _HOSTILE_TONES or not wording.HOSTILE.isdisjoint(line.words) for line in lines) / count,
            sum("!" in line.text for line in lines) / count,
            sum(bool(wording.commands(line.text)) for line in lines) / count,
            sum(not wording.DEFERENCE.isdisjoint(line.words) for line in lines) / count,
        )


def ties(talk: Talk, pronouns: Mapping[str, str]) -> dict[str, tuple[Bond, ...]]:
    """The relations of everybody who has a sheet, by id; those she speaks to most come first. `pronouns` by id."""
    ordinary = _Manner.of(talk.lines)
    manners = {pair: _Manner.of(lines) for pair, lines in talk.between.items()}
    kinds, because = _kinds(talk, pronouns)
    found: dict[str, list[Bond]] = {who: [] for who in talk.people}
    for who in talk.people:
        for to in talk.people:
            lines, back = talk.between.get((who, to), ()), talk.between.get((to, who), ())
            if who == to or len(lines) + len(back) < LEAST:
                continue
            there, here = manners.get((who, to), ordinary), manners.get((to, who), ordinary)
            believed = len(lines) / (len(lines) + HALF)
            kind = kinds.get((who, to), "")
            warmth = believed * 3.0 * ((there.warm - ordinary.warm) - 1.5 * (there.hostile - ordinary.hostile))
            affection = _within(math.tanh(warmth) + (0.2 if kind in _KIN else 0.05))
            share = len(lines) / max(1, len(talk.of[who]))
            stirred = believed * (
                1.2 * (there.exclaimed - ordinary.exclaimed)
                + 2.0 * (there.hostile - ordinary.hostile)
                + abs(affection) / 3
            )
            both = (len(lines) + len(back)) / (len(lines) + len(back) + 2 * HALF)
            power = both * 1.5 * ((there.commands - here.commands) - (there.deferent - here.deferent))
            found[who].append(
                Bond(
                    to,
                    kind or _plain_kind(affection, len(lines) + len(back)),
                    affection,
                    _within(0.6 * affection + (0.1 if kind in _KIN else 0.0)),
                    _within(power),
                    round(min(0.95, max(0.05, 0.2 + 0.4 * share + stirred)), 2),
                    len(lines),
                    because.get((who, to), ""),
                )
            )
    return {who: tuple(sorted(bonds, key=lambda bond: (-bond.lines, bond.to))[:MOST]) for who, bonds in found.items()}


_KIN = frozenset(["mother", "father", "child", "sibling", "spouse", "family"])


def _within(value: float) -> float:
    return round(max(-0.9, min(0.9, value)), 2) + 0.0


def _plain_kind(affection: float, lines: int) -> str:
    """For two of whom the script does not say what they are: those who seldom speak are strangers, those who often do not."""
    if lines < 3 * LEAST:
        return "stranger"
    return "rival" if affection <= -0.15 else "friend" if affection >= 0.1 or lines >= 10 * LEAST else "stranger"


def _kinds(talk: Talk, pronouns: Mapping[str, str]) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], str]]:
    """What the script itself says somebody is to somebody, and the words that say so."""
    called = {
        pair: Counter(word for line in lines for word in wording.appellations(line.text))
        for pair, lines in talk.between.items()
    }
    callers: Counter[tuple[str, str]] = Counter()
    for (_, to), counts in called.items():
        callers.update((to, word) for word in wording.TITLES_OF_KIN if counts[word] >= 2)
    kinds: dict[tuple[str, str], str] = {}
    because: dict[tuple[str, str], str] = {}
    for pair, counts in sorted(called.items()):
        who, to = pair
        votes: Counter[str] = Counter()
        for word, count in counts.items():
            kind = wording.KIN.get(word, "")
            if word in wording.TITLES_OF_KIN and callers[to, word] == 1:
                kind = wording.TITLES_OF_KIN[word]
            if kind:
                votes[kind] += count
        back = called.get((to, who), Counter())
        served = sum(counts[word] for word in wording.MASTER)
        if votes and votes.most_common(1)[0][1] >= 2:
            kinds[pair] = votes.most_common(1)[0][0]
        elif (
            served >= 3 and served >= 0.15 * len(talk.between[pair]) and not any(back[word] for word in wording.MASTER)
        ):
            kinds[pair] = "boss"
        if pair in kinds:
            words = [
                word
                for word in counts
                if wording.KIN.get(word) == kinds[pair] or word in wording.TITLES_OF_KIN or word in wording.MASTER
            ]
            word = max(words, key=lambda word: (counts[word], word))
            because[pair] = f'calls them "{word}", {counts[word]} times'
    # Of two who do not agree, the one who is surer; whoever says nothing is told by the other.
    for pair, kind in list(kinds.items()):
        who, to = pair
        answer = kinds.get((to, who))
        wanted = wording.INVERSE.get(kind, ())
        if (
            answer not in wanted
            and wanted
            and (answer is None or len(talk.between[pair]) >= len(talk.between.get((to, who), ())))
        ):
            kinds[to, who] = wanted[0] if len(wanted) == 1 or pronouns.get(who) == "she" else wanted[-1]
            because[to, who] = f"{talk.people[who]} {because[pair]}"
    return kinds, because

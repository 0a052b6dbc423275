"""What a script shows of each person: how much and how long she talks, what only she says, her moods, her pronoun."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median, quantiles

from engine import codes
from engine.adoption import wording
from engine.adoption.keyness import Key, keys, runs
from engine.adoption.talk import Spoken, Talk
from engine.speech.copying import words
from engine.speech.refusals import GENDERED
from engine.speech.said import STOP
from engine.turns.floor import TALKATIVE

MOST_WORDS, MOST_PHRASES, MOST_RUNS = 10, 4, 6
#: A pronoun is sure when so much evidence stands behind it, and so large a share of it agrees.
EVIDENCE, AGREEMENT = 3.0, 0.75
#: Lines of somebody before her tones, or signs of them, say more than chance.
_SHRINK = 20.0
#: Tones that signs on the surface of lines stand for, in a script that gives none.
_SIGNS: Mapping[str, tuple[str, ...]] = {
    "exclamations": ("furious", "shocked", "joyful"),
    "questions": ("shocked", "scheming"),
    "warm": ("tender", "joyful"),
    "hostile": ("furious", "icy", "mocking"),
    "trailing": ("weary", "pleading"),
}


@dataclass(frozen=True)
class Habit:
    """A whole sentence that somebody returns to: as she says it, and after how many of her lines it comes again."""

    text: str
    every: int


@dataclass(frozen=True)
class Portrait:
    """One person. `median` and `longest` in words (`longest`: nine lines of ten are shorter); `moods` as a sheet has them."""

    lines: int
    words: int
    median: int
    longest: int
    talkativeness: float
    favourites: tuple[Key, ...] = ()
    habits: tuple[Habit, ...] = ()
    runs: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    moods: Mapping[str, float] = field(default_factory=dict)
    pronoun: str = "they"
    pronoun_sure: bool = False
    partners: tuple[tuple[str, float], ...] = ()


def portraits(talk: Talk) -> dict[str, Portrait]:
    """Everybody who has a sheet, by id."""
    phrases = {
        who: Counter(_phrase(s) for line in lines for s in wording.sentences(line.text))
        for who, lines in talk.of.items()
    }
    every_phrase: Counter[str] = Counter()
    pairs = {
        who: Counter(run for line in lines for n in (2, 3) for run in runs(line.words, n))
        for who, lines in talk.of.items()
    }
    every_pair: Counter[str] = Counter()
    for who in talk.of:
        phrases[who].pop("", None)
        every_phrase.update(phrases[who])
        every_pair.update(pairs[who])
    moods, pronouns, talkative = _moods(talk), _pronouns(talk), _talkativeness(talk)
    found = {}
    for who in talk.people:
        lines = talk.of[who]
        lengths = sorted(len(line.text.split()) for line in lines) or [10]
        favourites = [key for key in keys(talk.counts[who], talk.all_counts) if _content(key.text, talk)]
        said = [key for key in keys(phrases[who], every_phrase, prior=100.0) if not _names(key.text, talk)]
        found[who] = Portrait(
            len(lines),
            sum(talk.counts[who].values()),
            min(60, max(1, round(median(lengths)))),
            min(60, max(8, round(quantiles(lengths, n=10)[8] if len(lengths) > 1 else lengths[0]))),
            talkative[who],
            tuple(favourites[:MOST_WORDS]),
            tuple(_habit(key, lines) for key in said[:MOST_PHRASES]),
            tuple(key.text for key in keys(pairs[who], every_pair, least=4) if _telling_run(key.text, talk))[
                :MOST_RUNS
            ],
            _never(talk, who),
            moods[who],
            *pronouns[who],
            _partners(talk, who),
        )
    return found


def _phrase(sentence: str) -> str:
    """A sentence as something that can be said again: two to seven words, otherwise nothing."""
    return sentence.casefold() if 2 <= len(words(sentence)) <= 7 and sentence[-1] in ".!?" else ""


def _habit(key: Key, lines: tuple[Spoken, ...]) -> Habit:
    forms = Counter(s for line in lines for s in wording.sentences(line.text) if s.casefold() == key.text)
    return Habit(forms.most_common(1)[0][0], max(8, min(200, round(len(lines) / key.count))))


def _content(word: str, talk: Talk) -> bool:
    return (
        len(word) > 2
        and word not in STOP
        and word not in talk.name_words
        and word not in talk.proper
        and word.isalpha()
    )


def _names(text: str, talk: Talk) -> bool:
    return any(word in talk.name_words or word in talk.proper for word in words(text))


def _telling_run(run: str, talk: Talk) -> bool:
    row = run.split()
    return any(word not in STOP and len(word) > 2 for word in row) and not _names(run, talk)


def _never(talk: Talk, who: str) -> tuple[str, ...]:
    """Words that everybody else uses, and that she would have used five times if she were like them."""
    own = talk.counts[who]
    share = sum(own.values()) / max(1, sum(talk.all_counts.values()))
    found = [
        (count * share, word)
        for word, count in talk.all_counts.items()
        if not own[word] and count * share >= 5 and _content(word, talk)
    ]
    return tuple(word for _, word in sorted(found, reverse=True)[:5])


def _talkativeness(talk: Talk) -> dict[str, float]:
    """Her share of the lines of her scenes against an even share, on the scale of `engine.turns.floor`: 0.5 is an even share."""
    scenes: dict[int, Counter[str]] = defaultdict(Counter)
    for line in talk.lines:
        scenes[line.scene][line.who] += 1
    even: Counter[str] = Counter()
    for counts in scenes.values():
        for who in counts:
            even[who] += sum(counts.values()) / len(counts)  # type: ignore[assignment]
    found = {}
    for who in talk.people:
        ratio = (len(talk.of[who]) + 5) / (even[who] + 5)
        found[who] = round(min(0.95, max(0.1, 0.5 + 0.5 * math.log(ratio) / math.log(TALKATIVE))), 2)
    return found


def _moods(talk: Talk) -> dict[str, dict[str, float]]:
    """Tones against those of everybody: 1 is ordinary. By the script's own tones, or else by signs on the surface."""
    toned = sum(line.tone is not None for line in talk.lines)
    signs: dict[str, Callable[[Spoken], bool]]
    if toned >= 0.2 * max(1, len(talk.lines)):
        signs = {tone: _said_in(tone) for tone in codes.TONES}
        stands_for: Mapping[str, tuple[str, ...]] = {tone: (tone,) for tone in codes.TONES}
    else:
        stands_for = _SIGNS
        signs = {
            "exclamations": lambda line: "!" in line.text,
            "questions": lambda line: "?" in line.text,
            "warm": lambda line: not wording.WARM.isdisjoint(line.words),
            "hostile": lambda line: not wording.HOSTILE.isdisjoint(line.words),
            "trailing": lambda line: line.text.endswith(("...", "--")),
        }
    shares = {sign: sum(map(test, talk.lines)) / max(1, len(talk.lines)) for sign, test in signs.items()}
    found: dict[str, dict[str, float]] = {}
    for who in talk.people:
        lines, weights = talk.of[who], dict[str, list[float]]()
        for sign, test in signs.items():
            expected = shares[sign] * len(lines)
            ratio = (sum(map(test, lines)) + shares[sign] * _SHRINK + 0.5) / (expected + shares[sign] * _SHRINK + 0.5)
            for tone in stands_for[sign]:
                weights.setdefault(tone, []).append(ratio)
        moods = {tone: round(math.prod(ratios) ** (1 / len(ratios)), 1) for tone, ratios in weights.items()}
        found[who] = {
            tone: min(3.0, max(0.2, moods[tone]))
            for tone in codes.TONES
            if tone in moods and abs(moods[tone] - 1) >= 0.2
        }
    return found


def _said_in(tone: str) -> Callable[[Spoken], bool]:
    return lambda line: line.tone == tone


def _pronouns(talk: Talk) -> dict[str, tuple[str, bool]]:
    """From titles, from how others speak of her (a sentence that names her alone, and its pronouns), from what she is called."""
    she: Counter[str] = Counter()
    he: Counter[str] = Counter()
    for who, name in talk.people.items():
        told = {wording.TITLE_PRONOUN[word] for word in words(name) if word in wording.TITLE_PRONOUN}
        if len(told) == 1:
            (she if told == {"she"} else he)[who] += 6
        elif talk.language == "es" and " " not in name:
            # In Spanish a first name's ending is a hint, no more: Electra, Máximo.
            she[who] += 2 * (name[-1:] in "aá")
            he[who] += 2 * (name[-1:] in "oó")
    for line in talk.lines:
        called = Counter(GENDERED[word] for word in wording.appellations(line.text) if word in GENDERED)
        if line.to in talk.people and called:
            she[line.to] += called["she"]
            he[line.to] += called["he"]
        mentioned: str | None = None
        # Told apart by sentence: a pronoun means whom the sentence, or the one before, names alone.
        if not any(char.isupper() for char in line.text[1:]):
            continue
        for sentence in wording.sentences(line.text):
            named = {mention.who for mention in talk.names.mentions(sentence)}
            mentioned = next(iter(named)) if len(named) == 1 else mentioned if not named else None
            if mentioned is not None and mentioned not in (line.who, line.to):
                women, men = wording.pronouns(words(sentence))
                if bool(women) != bool(men):
                    she[mentioned] += bool(women)
                    he[mentioned] += bool(men)
    found = {}
    for who in talk.people:
        both = she[who] + he[who]
        guess = "she" if she[who] >= he[who] else "he"
        sure = both >= EVIDENCE and max(she[who], he[who]) >= AGREEMENT * both
        found[who] = (guess if sure else "they", sure)
    return found


def _partners(talk: Talk, who: str) -> tuple[tuple[str, float], ...]:
    """Whom she speaks to, with the share of her lines, the most first."""
    counts = Counter(line.to for line in talk.of[who] if line.to in talk.people and line.to != who)
    return tuple((to, count / len(talk.of[who])) for to, count in counts.most_common(4) if to is not None)

"""The gist of a plain sentence: who does what. By rule, with lemmas from `simplemma`; knows nothing of speakers.

The register of the scripts makes it possible: one main clause carries a line, subject first ("You gave the letter to
the doctor."). The word lists of a language are `engine/data/gist.LANGUAGE.yaml`; without one, lines have no gist.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from simplemma import lemmatize

from engine.frames import Gist

DATA = Path(__file__).parents[1] / "data"

#: Stands for every predicate that is not in the closed list.
OTHER = "other"

_CONTRACTIONS = (("won't", "will not"), ("can't", "can not"), ("cannot", "can not"), ("n't", " not"), ("'ll", " will"),
                 ("'ve", " have"), ("'m", " am"), ("'re", " are"), ("let's", "let us"), ("'d", " would"))  # fmt: skip
_TOKEN = re.compile(r"<[\w:.-]+>|[^\W\d_]+(?:'[^\W\d_]+)?|[.?!;:,]|--")
_IS = re.compile(r"\b(he|she|it|that|what|who|where|there|here|how|everything)'s\b")


@dataclass(frozen=True)
class Words:
    """The word lists of one language."""

    subjects: Mapping[str, str]
    people: frozenset[str]
    determiners: frozenset[str]
    auxiliaries: frozenset[str]
    be: frozenset[str]
    adverbs: frozenset[str]
    negations: frozenset[str]
    light: frozenset[str]
    formulas: frozenset[str]
    openers: frozenset[str]
    states: frozenset[str]
    irregular: Mapping[str, str]
    language: str

    @classmethod
    @lru_cache(maxsize=8)
    def of(cls, language: str) -> Words | None:
        """The lists of a language, or None where there are none."""
        path = DATA / f"gist.{language}.yaml"
        if not path.is_file():
            return None
        found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        subjects = {word: name for name, words in found.pop("subjects").items() for word in words}
        irregular = dict(found.pop("irregular"))
        return cls(
            subjects=subjects,
            irregular=irregular,
            language=language,
            **{name: frozenset(words.split()) for name, words in found.items()},
        )


@lru_cache(maxsize=200_000)
def gist(text: str, language: str = "en") -> Gist | None:
    """The gist of a line, or None where no clause has a subject and a verb.

    Names and topics may be slots already: `<you>` between commas is a vocative, elsewhere a subject or an object.
    """
    words = Words.of(language)
    if words is None:
        return None
    found = [each for sentence in _sentences(text) for each in _clauses(sentence, words)]
    weighty = [each for each in found if each.predicate not in words.formulas]
    if not found:
        return None
    chosen = (weighty or found)[0]
    if chosen.predicate in PREDICATES:
        return chosen
    return Gist(chosen.subject, OTHER, chosen.negated)


def _sentences(text: str) -> list[list[str]]:
    """Tokens of each sentence, in lower case, contractions written out."""
    text = _IS.sub(r"\1 is", text.lower())
    for short, long in _CONTRACTIONS:
        text = text.replace(short, long)
    sentences: list[list[str]] = [[]]
    for token in _TOKEN.findall(text):
        if token in {".", "?", "!", ";"}:
            sentences.append([])
        else:
            sentences[-1].append(token)
    return [sentence for sentence in sentences if sentence]


def _clauses(tokens: Sequence[str], words: Words) -> list[Gist]:
    """The first clause of a sentence that has a subject and a verb, or its imperative."""
    tokens = _without_vocatives(tokens, words)
    at = 0
    while at < len(tokens):
        subject, after = _subject(tokens, at, words)
        if subject is not None:
            found = _predicate(subject, tokens, at, after, words)
            if found is not None:
                return [found]
        at += 1
    return _imperative(tokens, words)


def _without_vocatives(tokens: Sequence[str], words: Words) -> list[str]:
    """The tokens without commas, and without whoever is called between them: "my child", "darling", a name."""
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token in {",", ":", "--"}:
            parts.append([])
        else:
            parts[-1].append(token)
    parts = [part for part in parts if part]
    called = words.determiners | words.people | words.openers
    kept = [part for part in parts if len(part) > 3 or not all(token == "<you>" or token in called for token in part)]
    return [token for part in (kept if len(parts) > 1 else parts) for token in part]


def _subject(tokens: Sequence[str], at: int, words: Words) -> tuple[str | None, int]:
    """The subject that begins at a token and the place after it; (None, at) where none does."""
    token = tokens[at]
    if token in words.subjects:
        # "that house", "all people": a determiner, whose noun is the subject.
        if token in words.determiners and at + 1 < len(tokens) and not _verbal(tokens[at + 1], words):
            return _noun(tokens, at + 1, words)
        asked = words.subjects[token] == "who" and _inverted(tokens, at + 1, words)
        return (None, at) if asked else (words.subjects[token], at + 1)
    if token.startswith("<"):
        return slot_subject(token), at + 1
    if token in words.determiners:
        return _noun(tokens, at + 1, words)
    return None, at


def _inverted(tokens: Sequence[str], at: int, words: Words) -> bool:
    """Do an auxiliary and another subject follow, as in "What did you say?"?"""
    if at + 1 >= len(tokens) or tokens[at] not in words.auxiliaries:
        return False
    following = tokens[at + 1]
    return following in words.subjects or following in words.determiners or following.startswith("<")


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


#: Names of the slots for things, as in `codes.TOPICS`.
TOPIC_THINGS = frozenset(["paper", "jewel", "cloth", "picture", "key", "money", "sound", "weapon", "drink", "thing"])


def _noun(tokens: Sequence[str], at: int, words: Words) -> tuple[str | None, int]:
    """A noun of at most two words after a determiner, if a verb follows it."""
    for length in (1, 2):
        stop = at + length
        if stop < len(tokens) and _finite(tokens[stop], words):
            head = tokens[stop - 1]
            if head.startswith("<"):
                return slot_subject(head), stop
            return ("he" if head in words.people else "it"), stop
    return None, at


def _verbal(token: str, words: Words) -> bool:
    return token in words.auxiliaries or token in words.adverbs


def _finite(token: str, words: Words) -> bool:
    """May a token be the verb of a clause? Auxiliaries, adverbs before verbs, and forms in -ed, -s or irregular pasts."""
    if _verbal(token, words):
        return True
    if not token.isalpha() or token in words.openers or token in words.subjects or token in words.determiners:
        return False
    lemma = _lemma(token, words)
    return lemma != token and lemma in PREDICATES


def _predicate(subject: str, tokens: Sequence[str], at: int, after: int, words: Words) -> Gist | None:
    """What the subject that ends before `after` does."""
    auxiliary = tokens[at - 1] if at and tokens[at - 1] in words.auxiliaries else None
    inverted = auxiliary is not None
    negated = subject == "none" or (at > 1 and inverted and tokens[at - 2] in words.negations)
    verb = after
    while verb < len(tokens) and (tokens[verb] in words.auxiliaries or tokens[verb] in words.adverbs):
        word = tokens[verb]
        if word in words.auxiliaries and inverted and word not in words.be and auxiliary not in {"will", "would"}:
            break
        negated |= word in words.negations
        auxiliary = word if word in words.auxiliaries else auxiliary
        verb += 1
    if verb >= len(tokens):
        state = next((word for word in tokens[after:] if word in words.states), None)
        if auxiliary is None:
            return None
        if auxiliary in words.be:
            return Gist(subject, state or "be", negated)
        return Gist(subject, "have" if auxiliary in {"have", "has", "had"} else "do", negated)
    word = tokens[verb]
    if auxiliary in words.be:
        return Gist(subject, _complement(tokens, verb, words), negated or word in {"no", "nothing", "nobody"})
    if auxiliary in {"have", "has", "had"} and not _participle(word, words):
        if word == "to" and verb + 1 < len(tokens):
            return Gist(subject, _lemma(tokens[verb + 1], words), negated)
        return Gist(subject, "have", negated or word in words.negations)
    if not word.isalpha() or word in words.openers or word in words.determiners:
        if inverted and auxiliary in {"do", "does", "did"}:
            return Gist(subject, "do", negated)
        return None
    if auxiliary is None and subject in {"it", "thing", "who", "there"} and word in words.subjects:
        return None
    return Gist(subject, *_meant(tokens, verb, words, negated))


def _complement(tokens: Sequence[str], at: int, words: Words) -> str:
    """The predicate after a form of `be`: a state, a verb in -ing or a participle, or `be` itself."""
    word = tokens[at]
    while word in {"so", "very", "too", "not", "such"} and at + 1 < len(tokens):
        at += 1
        word = tokens[at]
    if word in words.states:
        return word
    if word == "going" and at + 2 < len(tokens) and tokens[at + 1] == "to":
        return _lemma(tokens[at + 2], words)
    lemma = _lemma(word, words)
    if (word.endswith("ing") or _participle(word, words)) and lemma in PREDICATES:
        return lemma
    return "be"


def _participle(word: str, words: Words) -> bool:
    return word.isalpha() and word not in words.openers and _lemma(word, words) != word


def _meant(tokens: Sequence[str], at: int, words: Words, negated: bool) -> tuple[str, bool]:
    """The verb that is meant, and whether it is denied: "want to see" is `see`, "have no money" is denied."""
    lemma = _lemma(tokens[at], words)
    following = tokens[at + 1] if at + 1 < len(tokens) else ""
    if lemma in words.light and following == "to" and at + 2 < len(tokens) and tokens[at + 2].isalpha():
        return _lemma(tokens[at + 2], words), negated
    return lemma, negated or following in {"no", "nothing", "nobody"}


def _imperative(tokens: Sequence[str], words: Words) -> list[Gist]:
    """An order: "Give me the letter.", "Do not lie to me.", "Please sit down."."""
    rest = [token for token in tokens if token not in {"please", "just", "only", "now", "then", "and", "but", "so"}]
    negated = False
    if rest[:2] == ["do", "not"] or rest[:1] == ["never"]:
        negated, rest = True, rest[2 if rest[0] == "do" else 1 :]
    if not rest or not rest[0].isalpha():
        return []
    if rest[0] == "let" and len(rest) > 2 and rest[1] in {"me", "us", "him", "her", "them"}:
        who = {"me": "me", "us": "we"}.get(rest[1], "he")
        return [Gist(who, _lemma(rest[2], words), negated or rest[2] in words.negations)]
    lemma = _lemma(rest[0], words)
    if rest[0] in words.openers or rest[0] in words.auxiliaries - {"do", "be", "have"} or lemma != rest[0]:
        return []
    return [Gist("imperative", lemma, negated)] if lemma in PREDICATES else []


@lru_cache(maxsize=50_000)
def _base_form(word: str, language: str) -> str:
    return str(lemmatize(word, lang=language))


def _lemma(word: str, words: Words) -> str:
    return words.irregular.get(word) or _base_form(word, words.language)


def known(language: str = "en") -> frozenset[str]:
    """The predicates of a language's closed list."""
    path = DATA / f"predicates.{language}.txt"
    return frozenset(path.read_text(encoding="utf-8").split()) if path.is_file() else frozenset()


PREDICATES = known()

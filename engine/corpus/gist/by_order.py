"""The gist of a plain sentence whose order of words says who does what: English.

A line is cut into sentences and these, at commas and at "and", into pieces; a piece has one clause at the most, found
from its start: subject first, or an auxiliary before it, or none in an order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from simplemma import lemmatize

from engine.corpus.gist.clauses import (
    CONTENT,
    COPULA,
    ELLIPSIS,
    FORMULA,
    PREDICATES,
    SUBORDINATE,
    Clause,
    slot_subject,
)

_CONTRACTIONS = (("won't", "will not"), ("can't", "can not"), ("n't", " not"), ("'ll", " will"), ("'ve", " have"),
                 ("i'm", "i am"), ("'re", " are"), ("let's", "let us"), ("'d", " would"))  # fmt: skip
_TOKEN = re.compile(r"<[\w:.-]+>(?:'s)?|[^\W\d_]+(?:['-][^\W\d_]+)*|[.?!;:,]|--")
_IS = re.compile(r"\b(he|she|it|that|what|who|where|there|here|how|everything|nobody|everybody)'s\b")
_STOPS = frozenset(".?!;")
_BREAKS = frozenset([",", ":", "--"])

#: So many words may stand between a determiner and the verb: "the name of your brother is ...".
_LONGEST_SUBJECT = 8
#: A piece is read so far and no further for a verb behind a verb or a subject behind something else.
_FAR = 24
_DO = frozenset(["do", "does", "did"])
_HAVE = frozenset(["have", "has", "had", "having"])


@dataclass(frozen=True)
class Words:
    """The word lists of one language; `closed` are the words that are neither verbs nor nouns."""

    subjects: Mapping[str, str]
    irregular: Mapping[str, str]
    language: str
    nominative: frozenset[str]
    objects: frozenset[str]
    people: frozenset[str]
    determiners: frozenset[str]
    articles: frozenset[str]
    several: frozenset[str]
    auxiliaries: frozenset[str]
    be: frozenset[str]
    adverbs: frozenset[str]
    negations: frozenset[str]
    prepositions: frozenset[str]
    subordinators: frozenset[str]
    asking: frozenset[str]
    joiners: frozenset[str]
    light: frozenset[str]
    moving: frozenset[str]
    purposes: frozenset[str]
    formulas: frozenset[str]
    pale: frozenset[str]
    pale_orders: frozenset[str]
    opinions: frozenset[str]
    openers: frozenset[str]
    states: frozenset[str]
    stative_verbs: frozenset[str]
    unchanging: frozenset[str]
    participles: frozenset[str]
    nouns: frozenset[str]
    ambiguous: frozenset[str]
    verbs: frozenset[str]
    other_verbs: frozenset[str]
    closed: frozenset[str]

    @classmethod
    def from_data(cls, found: dict[str, Any], language: str) -> Words:
        subjects = {word: name for name, words in found["subjects"].items() for word in words}
        lists = {
            name: frozenset(words.split())
            for name, words in found.items()
            if isinstance(words, str) and name != "rules"
        }
        closed = lists.pop("others").union(
            subjects,
            *(lists[name] for name in ("objects", "determiners", "prepositions", "subordinators", "asking", "joiners")),
            lists["negations"] | (lists["adverbs"] - {"better", "long"}),
        )
        return cls(subjects=subjects, irregular=found["irregular"], language=language, closed=closed, **lists)

    def clauses(self, text: str) -> Iterator[Clause]:
        """The clauses of a line, in order, one a piece at the most."""
        for sentence in _sentences(text):
            pieces = list(_pieces(sentence, self))
            echo = sentence[-1] == "?" and len(pieces) == 1
            for piece in pieces:
                found = _clause(piece, echo, self)
                if found is not None:
                    yield found


def _sentences(text: str) -> list[list[str]]:
    """Tokens of each sentence with its stop, in lower case, contractions written out."""
    text = text.lower().replace("’", "'").replace("cannot", "can not").replace("no one ", "nobody ")
    if "'" in text:
        text = _IS.sub(r"\1 is", text)
        for short, long in _CONTRACTIONS:
            text = text.replace(short, long)
    sentences: list[list[str]] = [[]]
    for token in _TOKEN.findall(text):
        sentences[-1].append(token)
        if token in _STOPS:
            sentences.append([])
    return [sentence for sentence in sentences if sentence]


def _pieces(sentence: Sequence[str], words: Words) -> Iterator[list[str]]:
    """What stands between commas; a joiner begins another piece, unless it joins two subjects ("you and I")."""
    piece: list[str] = []
    for token in sentence:
        if token in _BREAKS or token in _STOPS:
            if piece:
                yield piece
            piece = []
            continue
        if token in words.joiners and piece and not (token == "and" and _nominal(piece, words)):
            yield piece
            piece = []
        piece.append(token)
    if piece:
        yield piece


def _nominal(piece: Sequence[str], words: Words) -> bool:
    """Is a piece a pronoun, a slot or a noun with its determiner, and nothing else?"""
    if len(piece) == 1:
        return piece[0] in words.subjects or piece[0].startswith("<")
    return len(piece) == 2 and piece[0] in words.determiners and piece[1] not in words.closed


def _clause(piece: Sequence[str], echo: bool, words: Words) -> Clause | None:
    """The clause of a piece: a question, a statement, an order, or a statement after something else, in this order."""
    at, lower, negated = _opening(piece, words)
    if at >= len(piece):
        return None
    token, no_order = piece[at], echo or lower or "not" in piece[:at]
    if token in words.prepositions and at + 1 < len(piece) and piece[at + 1] in words.asking:
        at += 1  # "With whom did you go?"
        token = piece[at]
    if token in words.asking:
        found = _question(piece, at, words)
    elif token in words.auxiliaries and _begins(piece, at + 1, words) and not _do_it(piece, at, words):
        found = _inverted(piece, at, words)
    else:
        found = _statement(piece, at, words)
        if found is None and not no_order:
            found = _order(piece, at, negated, words)
        found = found or _bare(piece, at, words) or _later(piece, at + 1, words)
    if found is None:
        return None
    weight = min(found.weight, SUBORDINATE) if lower else found.weight
    return Clause(found.subject, found.predicate, found.negated or negated, weight)


def _opening(piece: Sequence[str], words: Words) -> tuple[int, bool, bool]:
    """Where a piece begins after its "and", "then", "oh"; whether it begins with "if" and the like; whether with "not"."""
    at, lower, negated = 0, False, False
    while at < len(piece):
        token = piece[at]
        follows = piece[at + 1] if at + 1 < len(piece) else ""
        if token in {"here", "there"} and follows in words.auxiliaries:
            break
        if token == "that" and _begins(piece, at + 1, words, pronoun=True):
            pass  # "That it was me."
        elif token in words.subordinators and token not in words.asking and _begins(piece, at + 1, words):
            lower = True
        elif token == "not" or (token == "never" and follows not in words.auxiliaries):
            negated = True
        elif token not in words.openers and not _adverb(token):
            break
        at += 1
    return at, lower, negated


def _begins(piece: Sequence[str], at: int, words: Words, pronoun: bool = False) -> bool:
    """May a subject begin here? If `pronoun`, no determiner will do: "that my" is none, but "that he" is a clause."""
    while at < len(piece) and piece[at] in words.negations and piece[at] not in words.subjects and piece[at] != "no":
        at += 1
    if at >= len(piece):
        return False
    token = piece[at]
    if pronoun:
        return token in words.nominative or token in {"you", "it", "there"} or (token[0] == "<" and token[-1] == ">")
    return token in words.subjects or token in words.determiners or token.startswith("<") or token.endswith("'s")


def _do_it(piece: Sequence[str], at: int, words: Words) -> bool:
    """Is it an order as "Do it", "Have the letter", and no question? A question has a verb after its subject."""
    if piece[at] not in {"do", "have"} or piece[at + 1] in words.negations:
        return False
    subject, after = _asked_subject(piece, at + 1, words)
    return subject in {"it", "he", "thing", "third"} and (after >= len(piece) or piece[after] in words.closed)


def _question(piece: Sequence[str], at: int, words: Words) -> Clause | None:
    """What begins with "who", "what" or "why": asked of a subject that an auxiliary stands before, or of nobody known."""
    for place in range(at + 1, min(at + 5, len(piece))):
        token = piece[place]
        if (token in words.auxiliaries or token == "dare") and _begins(piece, place + 1, words):
            return _inverted(piece, place, words)
        if token in words.auxiliaries or token in words.nominative:
            break
    if at + 1 < len(piece) and piece[at] != "which" and _begins(piece, at + 1, words):
        inner = _statement(piece, at + 1, words)
        if inner is not None:
            return Clause(inner.subject, inner.predicate, inner.negated, min(inner.weight, SUBORDINATE))
    if piece[at] not in {"who", "what", "which", "whose"}:
        return None
    for place in range(at + 1, min(at + 4, len(piece))):
        if _finite(piece, place, words):
            return _group(piece, place, "who", None, False, words)
    return None


def _inverted(piece: Sequence[str], at: int, words: Words) -> Clause | None:
    """A clause whose auxiliary, at `at`, stands before its subject: "Did he lie?", "Where is my half?"."""
    auxiliary, place, negated = piece[at], at + 1, False
    while piece[place] == "not" or piece[place] == "never":
        place, negated = place + 1, True
    subject, after = _asked_subject(piece, place, words)
    if auxiliary == "do" and negated and subject == "you" and at == 0:
        subject = "imperative"  # "Don't you touch her."
    negated |= subject == "none" or piece[place] == "no"
    found = _group(piece, after, subject, auxiliary, negated, words)
    if found is not None and found.weight == ELLIPSIS and found.predicate == "be" and at:
        return Clause(subject, "be", found.negated, COPULA)  # "Who is the baby?" leaves nothing out.
    return found


def _asked_subject(piece: Sequence[str], at: int, words: Words) -> tuple[str, int]:
    """The subject after an auxiliary: a pronoun, a slot, or a noun up to what may be the verb or the complement."""
    token = piece[at]
    determines = token in words.determiners or token.endswith("'s")
    if token.startswith("<") and not determines:
        return slot_subject(token), at + 1
    stop = at + 2
    while determines and stop < len(piece) and stop < at + 5 and not _ends_noun(piece[stop], words):
        stop += 1
    alone = at + 1 >= len(piece) or _ends_noun(piece[at + 1], words)
    if token in words.subjects and (not determines or alone):
        return words.subjects[token], at + 1
    return _head(piece[at + 1 : stop], words), min(stop, len(piece))


def _ends_noun(token: str, words: Words) -> bool:
    """Is a noun over before this word?"""
    return token in words.closed or token[0] == "<" or token in words.auxiliaries or _lemma(token, words) in PREDICATES


def _statement(piece: Sequence[str], at: int, words: Words) -> Clause | None:
    """A subject and what it does, from `at` on."""
    token = piece[at]
    if token in {"here", "there"}:
        if at + 1 >= len(piece) or piece[at + 1] not in words.auxiliaries:
            return None
        if token == "here":
            return _inverted(piece, at + 1, words) if _begins(piece, at + 2, words) else None
        return _group(piece, at + 1, "there", None, False, words)
    joined = _joined(piece, at, words)
    if joined is not None:
        return joined
    if token.endswith(">"):
        return _group(piece, at + 1, slot_subject(token), None, False, words)
    if token in words.subjects and (token not in words.determiners or _finite(piece, at + 1, words)):
        return _said(piece, at, words)
    if token in words.determiners or token.endswith("'s"):
        return _noun(piece, at, at + 1, words)
    if token in words.subjects:
        return _said(piece, at, words)
    return None


def _said(piece: Sequence[str], at: int, words: Words) -> Clause | None:
    """What a pronoun at `at` does; "you two" and "none of you" are the pronoun with more behind it."""
    subject, after = words.subjects[piece[at]], at + 1
    if subject in {"you", "we", "they"} and after < len(piece) and piece[after] in words.several:
        after += 1
    if after + 1 < len(piece) and piece[after] == "of":
        after += 2
        stop = min(after + _LONGEST_SUBJECT, len(piece))
        while after < stop and not _finite(piece, after, words):
            after += 1
    return _group(piece, after, subject, None, subject == "none", words)


def _joined(piece: Sequence[str], at: int, words: Words) -> Clause | None:
    """What two do: "You and I know it"."""
    first = 2 if piece[at] in words.determiners and piece[at] not in words.subjects else 1
    second = at + first + 1
    if second >= len(piece) or piece[second - 1] != "and":
        return None
    length = 2 if piece[second] in words.determiners and piece[second] not in words.subjects else 1
    if not _nominal(piece[second : second + length], words):
        return None
    both = {*piece[at : at + first], *piece[second : second + length]}
    subject = "we" if both & {"i", "<me>"} else "you" if both & {"you", "<you>"} else "they"
    return _group(piece, second + length, subject, None, False, words)


def _noun(piece: Sequence[str], at: int, first: int, words: Words) -> Clause | None:
    """A noun and what it does: the noun begins at `first`, after a determiner at `at` (or none)."""
    phrase = False
    for stop in range(first, min(first + _LONGEST_SUBJECT, len(piece))):
        token = piece[stop]
        if token in words.nominative or token in words.asking:
            return None
        if stop > first and _verb_of_noun(piece, stop, words):
            subject = _part(piece[at], piece[first:stop], words)
            return _group(piece, stop, subject, None, piece[at] in {"no", "neither"}, words)
        if token in words.articles and not phrase and stop > first:
            return None
        phrase = token in words.prepositions or (phrase and token in words.determiners)
    return None


def _verb_of_noun(piece: Sequence[str], at: int, words: Words) -> bool:
    """Does the verb of the noun before begin here? A bare form does only after a plural: "men leave"."""
    if _finite(piece, at, words):
        return True
    noun, token = piece[at - 1], piece[at]
    plural = noun == "god" or noun in {"men", "women", "people", "children", "police", "dead"}
    plural = plural or (noun.endswith("s") and not noun.endswith("'s") and _lemma(noun, words) != noun)
    return plural and _known(token, words) and token not in words.closed and _verbal(token, words)


def _head(noun: Sequence[str], words: Words) -> str:
    """The subject that a noun is: its last word before a preposition says."""
    stop = next((place for place, token in enumerate(noun) if place and token in words.prepositions), len(noun))
    for token in reversed(noun[:stop]):
        if token.startswith("<") and not token.endswith("'s"):
            return slot_subject(token)
        if token not in words.adverbs:
            return "he" if token in words.people or token.rsplit("-", 1)[-1] in words.people else "it"
    return "it"


def _part(determiner: str, noun: Sequence[str], words: Words) -> str:
    """The subject that a determiner and a noun are: "one of you" is somebody, "one of the letters" is a thing."""
    if noun[0] != "of" or len(noun) == 1:
        return _head(noun, words)
    if noun[1] in words.objects:
        return "they" if determiner in words.several else "someone"
    return _head(noun[1:], words)


def _bare(piece: Sequence[str], at: int, words: Words) -> Clause | None:
    """A noun without a determiner, and what it does: "Men leave", "Blood is no proof"."""
    token = piece[at]
    if token in words.closed or token in words.auxiliaries or not token[0].isalpha():
        return None
    return _noun(piece, at, at, words)


def _later(piece: Sequence[str], at: int, words: Words) -> Clause | None:
    """The first subject with its verb after something else: "In the night somebody pushed me"."""
    for place in range(at, min(at + _FAR, len(piece))):
        token = piece[place]
        if token in words.objects and not _finite(piece, place + 1, words) and not _you_do(piece, place, words):
            continue
        found = _statement(piece, place, words) if _begins(piece, place, words) else None
        if found is not None:
            return found
    return None


def _you_do(piece: Sequence[str], at: int, words: Words) -> bool:
    """Does "you" with a bare verb stand here, as in "Without it you lose"? After a preposition it is no subject."""
    if piece[at] != "you" or piece[at - 1] in words.prepositions or at + 1 >= len(piece):
        return False
    return _known(piece[at + 1], words) and _verbal(piece[at + 1], words)


def _order(piece: Sequence[str], at: int, negated: bool, words: Words) -> Clause | None:
    """An order: "Give me the letter", "Do not lie to me", "Let her go"."""
    sure = negated
    if piece[at] == "do" and at + 1 < len(piece):
        if piece[at + 1] == "not":
            at, negated, sure = at + 2, True, True
        elif _verbal(piece[at + 1], words) and piece[at + 1] in PREDICATES:
            at, sure = at + 1, True
    while at < len(piece) and piece[at] in words.adverbs and piece[at] not in words.negations:
        at += 1
    if at >= len(piece):
        return None
    if piece[at] == "let" and at + 2 < len(piece) and _begins(piece, at + 1, words) | (piece[at + 1] in words.objects):
        return _allowed(piece, at + 1, negated, words)
    if piece[at] == "be":
        return _complement(piece, at + 1, "imperative", negated, words)
    if not (sure and _verbal(piece[at], words)) and not _ordered(piece, at, words):
        return None
    return _action(piece, at, "imperative", negated, words)


def _ordered(piece: Sequence[str], at: int, words: Words) -> bool:
    """May the word at `at` be the verb of an order?"""
    token = piece[at]
    follows = piece[at + 1] if at + 1 < len(piece) else ""
    if token in {"do", "have"}:
        return True
    if not _verbal(token, words) or token in words.auxiliaries or follows in words.auxiliaries - _DO - {"have"}:
        return False
    if _lemma(token, words) != token or token in words.people - {"cook", "guard"} or token in words.nouns:
        return False
    object_follows = follows in words.objects or follows in words.articles
    if token in words.ambiguous or (token in words.stative_verbs and token != "open"):
        return object_follows or follows.startswith("<")
    if token in PREDICATES or token in words.verbs:
        return True
    return object_follows and follows not in {"that", "this"} and not token.endswith(("s", "ed", "ing", "'s"))


def _allowed(piece: Sequence[str], at: int, negated: bool, words: Words) -> Clause | None:
    """What somebody is to be let do: "Let me go", "Let the boy sleep"."""
    who = {"me": "me", "us": "we", "them": "they", "him": "he", "her": "he"}.get(piece[at])
    after = at + 1
    if who is None or (who == "he" and after < len(piece) and _ends_noun(piece[after], words) is False):
        who, after = _asked_subject(piece, at, words)
    while after < len(piece) and (piece[after] in words.adverbs or piece[after] in words.negations):
        negated |= piece[after] in words.negations
        after += 1
    if after >= len(piece):
        return Clause("imperative", "let", negated, CONTENT)
    if piece[after] == "be":
        return _complement(piece, after + 1, who, negated, words)
    return _action(piece, after, who, negated, words)


def _group(
    piece: Sequence[str], at: int, subject: str, auxiliary: str | None, negated: bool, words: Words
) -> Clause | None:
    """What a subject does, from the words after it; `auxiliary` stands before it in a question."""
    start = at
    while at < len(piece):
        token = piece[at]
        if token in words.auxiliaries and not _does_itself(piece, at, words):
            auxiliary = token
        elif token in words.purposes and auxiliary in words.be:
            break
        elif token in words.negations and token in words.adverbs:
            negated = True
        elif token not in words.adverbs and not _adverb(token):
            break
        at += 1
    if auxiliary in words.be:
        return _complement(piece, at, subject, negated, words)
    if at < len(piece) and _may_be_verb(piece, at, start, subject, auxiliary, words):
        return _action(piece, at, subject, negated, words)
    if auxiliary is None:
        return None
    if auxiliary not in _HAVE:
        return Clause(subject, "do", negated, ELLIPSIS)
    if at + 1 < len(piece) and piece[at] == "to" and _verbal(piece[at + 1], words):
        return _action(piece, at + 1, subject, negated, words)
    return Clause(subject, "have", negated or _denied(piece, at, words), CONTENT if at < len(piece) else ELLIPSIS)


def _does_itself(piece: Sequence[str], at: int, words: Words) -> bool:
    """Is "do" or "have" the verb itself and no auxiliary? So it is before an object: "I did it", "He has a scar"."""
    token = piece[at]
    if token not in _DO and token not in _HAVE:
        return False
    at = _after_adverbs(piece, at + 1, words)
    if at >= len(piece):
        return False
    if token in _HAVE:
        return not (_past(piece[at], words) or piece[at] in words.participles or piece[at] in words.unchanging)
    return (piece[at] in words.closed and piece[at] not in words.prepositions) or piece[at].startswith("<")


def _may_be_verb(piece: Sequence[str], at: int, start: int, subject: str, auxiliary: str | None, words: Words) -> bool:
    """May the word at `at` be what the subject does?"""
    token = piece[at]
    if token in _DO or token in _HAVE:
        return True
    if token == "like":
        return subject in {"me", "you", "we", "they", "all"}
    if not _verbal(token, words) or (auxiliary is None and _progressive(token, words)):
        return False
    if auxiliary is not None or _finite(piece, at, words):
        return True
    if not _known(_lemma(token, words), words) and (token in words.people or piece[-1] in words.people):
        return False  # "You thief", "You miserable little clerk".
    # Without an auxiliary, "it" and "who" have no bare verb after them; a bare noun after a slot is none.
    return subject not in {"it", "thing", "who", "there", "none"} or at > start


def _complement(piece: Sequence[str], at: int, subject: str, negated: bool, words: Words) -> Clause:
    """What somebody is: a state, a verb in -ing or a participle, or no more than `be`."""
    token = piece[at] if at < len(piece) else ""
    while at + 1 < len(piece) and (token in words.adverbs or _adverb(token)) and token not in words.purposes:
        negated |= token in words.negations
        at += 1
        token = piece[at]
    if not token:
        return Clause(subject, "be", negated, ELLIPSIS)
    if token in words.purposes and piece[at + 1 : at + 2] == ["to"] and _infinitive(piece, at + 2, token, words):
        return _action(piece, at + 2, subject, negated, words)
    if token in words.states and token in PREDICATES:
        return Clause(subject, token, negated, CONTENT)
    if token in words.unchanging or _progressive(token, words) or _past(token, words):
        return _action(piece, at, subject, negated, words)
    return Clause(subject, "be", negated or token in words.negations, COPULA)


def _infinitive(piece: Sequence[str], at: int, before: str, words: Words) -> bool:
    """Is the word after "to" a verb? After "going to" and the like only one of the closed list is: "going to church"."""
    token = piece[at] if at < len(piece) else ""
    if token not in {"do", "have", "be"} and not (token and _verbal(token, words)):
        return False
    if before in words.moving or before in words.purposes - {"about", "able"}:
        return token in PREDICATES and _lemma(token, words) == token
    return True


def _action(piece: Sequence[str], at: int, subject: str, negated: bool, words: Words) -> Clause:
    """What the verb at `at` says: "want to see" is `see`, "have no money" is denied, "I think he lied" is what he did."""
    lemma = _lemma(piece[at], words)
    near = at < _FAR
    if near and lemma == "dare" and at + 1 < len(piece) and _infinitive(piece, at + 1, lemma, words):
        return _action(piece, at + 1, subject, negated, words)
    if near and lemma in words.light:
        inner = at + 1
        while inner < len(piece) and piece[inner] in words.adverbs:
            negated |= piece[inner] in words.negations
            inner += 1
        if inner + 1 < len(piece) and piece[inner] == "to" and _infinitive(piece, inner + 1, lemma, words):
            if piece[inner + 1] == "be":
                return _complement(piece, inner + 2, subject, negated, words)
            return _action(piece, inner + 1, subject, negated, words)
    if near and lemma in words.opinions and subject == "me" and not negated:
        inner = at + 1 + (at + 1 < len(piece) and piece[at + 1] == "that")
        found = _statement(piece, inner, words) if inner < len(piece) and _begins(piece, inner, words) else None
        if found is not None:
            return found
    negated = negated or _denied(piece, at + 1, words)
    formula = lemma in words.formulas and not negated and _formula(piece[at + 1 :], subject, words)
    return Clause(subject, lemma, negated, FORMULA if formula else CONTENT)


def _formula(rest: Sequence[str], subject: str, words: Words) -> bool:
    """Do only pale words stand beside the verb of a formula: "I swear it", "Listen to me"?"""
    if subject not in {"me", "you", "all", "imperative"}:
        return False
    return all(token in words.pale or (subject == "imperative" and token in words.pale_orders) for token in rest)


def _denied(piece: Sequence[str], at: int, words: Words) -> bool:
    """Is the object none: "said nothing", "gave her nothing", "belongs to nobody"? Not so in "said no"."""
    for place in range(at, min(at + 2, len(piece))):
        token = piece[place]
        if token == "no":
            return place + 1 < len(piece) and (
                piece[place + 1] not in words.closed or piece[place + 1] in {"more", "other"}
            )
        if token in {"nothing", "nobody", "none", "neither", "nowhere"}:
            return True
        if token not in words.objects and token not in words.prepositions and not token.startswith("<"):
            return False
    return False


def _finite(piece: Sequence[str], at: int, words: Words) -> bool:
    """May the verb of a clause begin here: an auxiliary, a past or a form in -s, with an adverb before it or none?"""
    at = _after_adverbs(piece, at, words)
    if at >= len(piece):
        return False
    token = piece[at]
    if token in words.auxiliaries:
        return token not in {"be", "been", "being", "having"}
    if not _verbal(token, words) or token in words.nouns:
        return False
    if token in words.unchanging or _past(token, words):
        return True
    # "my plans are", "the works of": a plural.
    plural = at + 1 < len(piece) and piece[at + 1] in words.auxiliaries
    return token.endswith("s") and not plural and _lemma(token, words) != token and _known(_lemma(token, words), words)


def _known(lemma: str, words: Words) -> bool:
    """Is it a verb of the closed list, or one of those beside it?"""
    return lemma in PREDICATES or lemma in words.verbs or lemma in words.other_verbs


def _verbal(token: str, words: Words) -> bool:
    """May a word be a verb, by itself?"""
    if token in words.closed or not token[0].isalpha() or token.endswith("'s") or token in words.openers:
        return False
    return token not in words.states or token in words.stative_verbs or _lemma(token, words) != token


def _adverb(token: str) -> bool:
    """Is it an adverb in -ly?"""
    return (
        token.endswith("ly") and len(token) > 5 and token not in {"family", "belly", "bully", "reply", "supply", "rely"}
    )


def _after_adverbs(piece: Sequence[str], at: int, words: Words) -> int:
    """The first place from `at` on that holds no adverb."""
    while at < len(piece) and (piece[at] in words.adverbs or _adverb(piece[at])):
        at += 1
    return at


def _past(token: str, words: Words) -> bool:
    """Is it a past form or a participle?"""
    if token.endswith(("s", "ing")) or token in words.closed or token in words.nouns or not token[0].isalpha():
        return False
    lemma = _lemma(token, words)
    if lemma == token or lemma in words.states - words.stative_verbs:
        return False
    return _known(lemma, words) or token in words.irregular or token.endswith("ed")


def _progressive(token: str, words: Words) -> bool:
    """Is it a form in -ing, and no verb as "bring"?"""
    if not token.endswith("ing") or token in words.nouns or token in words.closed:
        return False
    return token not in PREDICATES


@lru_cache(maxsize=50_000)
def _base_form(word: str, language: str) -> str:
    """The lemma of a word; where the list of lemmas fails a form in -ing or -ed, its ending goes by rule."""
    lemma = str(lemmatize(word, lang=language))
    if lemma in PREDICATES or not word.endswith(("ing", "ed")):
        return lemma
    stem = word.removesuffix("ing").removesuffix("ed")
    bases = [stem, f"{stem}e", stem[:-1] if stem[-2:-1] == stem[-1:] else ""]
    return next((base for base in bases if base in PREDICATES), lemma)


def _lemma(word: str, words: Words) -> str:
    return words.irregular.get(word) or _base_form(word, words.language)

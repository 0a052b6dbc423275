"""The words of a language whose verbs' endings say who, and what a verb of it says in the closed list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from engine.corpus.gist.clauses import OTHER, Clause
from engine.corpus.gist.conjugation import Conjugation, Form

OBJECTS = frozenset(["lo", "la", "los", "las"])


@dataclass(frozen=True)
class EndingWords:
    """The word lists of one language."""

    conjugation: Conjugation
    predicates: Mapping[str, str]
    reflexive: Mapping[str, str]
    experiencers: Mapping[str, str]
    idioms: Mapping[tuple[str, str], str]
    given: Mapping[str, str]
    alone: Mapping[str, str]
    light: Mapping[str, frozenset[str]]
    subjects: Mapping[str, str]
    senses: Mapping[str, Sequence[tuple[str, frozenset[str]]]]
    states: Mapping[str, str]
    lists: Mapping[str, frozenset[str]]

    @classmethod
    def from_data(cls, found: dict[str, Any], language: str) -> Self:
        predicates: dict[str, str] = {}
        vowels: dict[str, str] = {}
        for predicate, verbs in found["verbs"].items():
            for entry in verbs.split():
                verb, _, vowel = entry.partition("/")
                predicates.setdefault(verb, predicate)
                vowels.setdefault(verb, vowel)
        idioms = {(first, second): name for words, name in found["idioms"].items() for first, second in [words.split()]}
        lists = {name: frozenset(words.split()) for name, words in found.items() if isinstance(words, str)}
        subjects = {word: name for name, words in found["subjects"].items() for word in words}
        # Before a noun; before a noun or in its place; what no noun phrase goes on with.
        lists["leading"] = lists["determiners"] | lists["before_nouns"] | {"de", "del", "el", "lo", "al"}
        lists["whole"] = lists["before_nouns"] | {*subjects, "dos", "tres"}
        lists["no_noun"] = (lists["closed"] - lists["people"]).union(
            subjects,
            *(
                lists[name]
                for name in ("clitics", "adverbs", "negations", "asking", "prepositions", "relatives", "joiners")
            ),
        )
        return cls(
            conjugation=Conjugation(found, vowels, language),
            predicates=predicates,
            reflexive=found["reflexive"],
            experiencers=found["experiencers"],
            idioms=idioms,
            given=found["given"],
            alone=found["alone"],
            light={verb: frozenset(links.split()) for verb, links in found["light"].items()},
            subjects=subjects,
            senses={
                verb: [(name, frozenset(words.split())) for name, words in rows.items()]
                for verb, rows in found["senses"].items()
            },
            states={
                form: name
                for name, words in found["states"].items()
                for word in words.split()
                for form in _gendered(word)
            },
            lists=lists,
        )

    def __getitem__(self, name: str) -> frozenset[str]:
        return self.lists[name]

    def finite(self, word: str) -> tuple[Form, ...]:
        """The finite readings of a word by itself, without pronouns behind it."""
        return tuple(form for form in self.conjugation.read(word) if form.finite and not form.clitics)

    def nonfinite(self, word: str, tense: str) -> Form | None:
        """A word as an infinitive, a gerund or a participle."""
        if word in self["closed"]:
            return None
        return next((form for form in self.conjugation.read(word) if form.tense == tense), None)

    def is_reflexive(self, verb: str, person: str, clitics: Sequence[str]) -> bool:
        own = {"me": "me", "you": "te", "we": "nos"}.get(person, "se")
        if own in clitics or ("se" in clitics and person in {"he", "they"}):
            return not (OBJECTS & set(clitics) and own == "se") or verb in {"llevar", "quedar", "comer"}
        return False

    def predicate(
        self, verb: str, reflexive: bool, clitics: Sequence[str], rest: Sequence[str], asked: str = ""
    ) -> str:
        """The word of the closed list for a verb, with what stands beside it."""
        if verb in {"dejar", "hacer"} and rest:
            if verb == "dejar" and rest[0] == "de" and len(rest) > 1 and self.nonfinite(rest[1], "infinitive"):
                return "stop"
            if verb == "dejar" and (rest[0] == "que" or self.nonfinite(rest[0], "infinitive")):
                return "let"
            if verb == "hacer" and self.nonfinite(rest[0], "infinitive"):
                return "make"
        near = [token for token in rest[:5] if token not in self["determiners"]][:2]
        for token in near:
            if (verb, token) in self.idioms:
                return self.idioms[verb, token]
        if verb == "sentir" and "lo" in clitics:
            return "sorry"
        if verb == "sentir" and reflexive and not rest:
            return "sit"  # "Me siento."
        state = next((self.states[token] for token in near[:1] if token in self.states), None)
        if reflexive and state in self["personal"] and verb in {"quedar", "poner", "volver", "sentir", "hacer"}:
            return str(state)
        around = {*clitics, *rest, asked}
        if verb == "querer" and rest[:1] in (["a"], ["al"]):
            return "love"
        for name, beside in self.senses.get(verb, ()):
            fits = not beside or beside & (set(rest) if verb in {"poder", "quedar", "quitar"} else around)
            if fits and not (reflexive and name == "love"):
                return name
        if not rest and not clitics and verb in self.alone:
            return self.alone[verb]
        if reflexive and verb in self.reflexive:
            return self.reflexive[verb]
        return self.predicates.get(verb, OTHER)

    def formula(self, verb: str, clause: Clause, clitics: Sequence[str], around: Sequence[str]) -> bool:
        """Do only pale words stand beside the verb of a formula: "lo juro", "escúchame"?"""
        formulas = self["formulas"] | (self["order_formulas"] if clause.subject == "imperative" else frozenset())
        if verb not in formulas or clause.negated or clause.subject not in {"me", "you", "all", "imperative"}:
            return False
        pale = self["pale"] | self["pale_orders"] if clause.subject == "imperative" else self["pale"]
        if clause.predicate in {"swear", "promise"}:
            pale = pale | {"te", "le", "se", "yo"}
        return all(token in pale or token in self["openers"] for token in [*clitics, *around])


def _gendered(word: str) -> list[str]:
    """An adjective in its forms: muerto, muerta, muertos, muertas; feliz, felices; culpable, culpables."""
    if word.endswith("o"):
        return [word[:-1] + ending for ending in ("o", "a", "os", "as")]
    return [word, f"{word[:-1]}ces"] if word.endswith("z") else [word, f"{word}s", f"{word}es"]

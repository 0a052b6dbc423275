"""The gist of a plain sentence: who does what. By rule, with lemmas from `simplemma`; knows nothing of speakers.

The register of the scripts makes it possible: one main clause carries a line ("You gave the letter to the doctor.").
Of the clauses of a line, the first of the weightiest kind is the gist: "I swear it. He stole it." is what he did. A
language is a file of words, `engine/data/gist/LANGUAGE.yaml`, and its row `rules` says which module reads them: `by_order`
where the order of words says who does what (English), `by_ending` where the verb's ending does (Spanish). Without a file,
lines have no gist. Predicates are one closed list for all languages, so that a frame is the same in each. `python -m benchmarks.gists`
measures how often a reader finds the same.
"""

from __future__ import annotations

import re
from functools import lru_cache

import yaml

from engine.corpus.gist import by_ending, by_order
from engine.corpus.gist.clauses import CONTENT, DATA, OTHER, PREDICATES, TOPIC_THINGS, Clause, slot_subject
from engine.frames import Gist

__all__ = ["OTHER", "PREDICATES", "TOPIC_THINGS", "gist", "opposed", "readable", "slot_subject", "words_of"]

Words = by_order.Words | by_ending.Words
_RULES: dict[str, type[by_order.Words] | type[by_ending.Words]] = {
    "by_order": by_order.Words,
    "by_ending": by_ending.Words,
}


@lru_cache(maxsize=8)
def words_of(language: str) -> Words | None:
    """The words of a language with the rules that read them, or None where there are none."""
    path = DATA / f"{language}.yaml"
    if not path.is_file():
        return None
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    return _RULES[found["rules"]].from_data(found, language)


def readable(language: str) -> bool:
    """Whether there are rules that read the gist of a line in this language."""
    return (DATA / f"{language}.yaml").is_file()


@lru_cache(maxsize=200_000)
def gist(text: str, language: str = "en") -> Gist | None:
    """The gist of a line, or None where no clause has a subject and a verb.

    Names and topics may be slots already: `<you>` between commas is a vocative, elsewhere a subject or an object.
    """
    words = words_of(language)
    if words is None:
        return None
    best: Clause | None = None
    for clause in words.clauses(text):
        if best is None or clause.weight > best.weight:
            best = clause
        if best.weight == CONTENT:
            break
    if best is None:
        return None
    return Gist(best.subject, best.predicate if best.predicate in PREDICATES else OTHER, best.negated)


def opposed(text: str, language: str = "en") -> bool:
    """Does a line say a thing and its opposite ("I love you, and I do not love you")? Questions and orders say nothing."""
    words = words_of(language)
    if words is None:
        return False
    said: dict[tuple[str, str], bool] = {}
    for sentence in re.findall(r"[^.!?]+[.!?]*", text):
        if sentence.rstrip().endswith("?"):
            continue
        for clause in words.clauses(sentence):
            if clause.predicate in {"be", OTHER} or clause.subject == "imperative":
                continue
            if said.setdefault((clause.subject, clause.predicate), clause.negated) != clause.negated:
                return True
    return False

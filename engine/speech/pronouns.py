"""Whom and what the pronouns of a line can mean, and whom and what a line names for them. Knows no scene.

The pronouns of a language are `engine/data/pronouns.LANGUAGE.yaml`. Where they can be other words ("la carta", "la quemé") or
are joined to a verb ("quémala"), the verbs of the language's gists tell. Without a file no pronoun points at anybody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from engine import codes
from engine.corpus.gist import words_of
from engine.corpus.gist.ending_words import EndingWords
from engine.corpus.topics import DATA

_WORDS = re.compile(r"[^\W\d_]+|<[a-z.]+>|[,.;:?!]")
#: What each slot of a topic is called when it is not named again: "he", or "it".
_POINTED = {
    slot: slot.partition(".")[2].rstrip(">") if slot.startswith("<third") else "it" for slot in codes.TOPIC_SLOTS
}
_SET_OFF = re.compile(r"[,.!?;:¡¿\"-]+")
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Pronouns:
    """The pronouns of one language.

    `means` says whom or what each can mean ("he", "it"), `names` what each noun or slot names. `clitics` are pronouns only
    before a verb or joined to it, and may mean what comes later in their line ("le dije a mi madre"); after a word of `before`
    a verb that can be a noun is a verb, and `nouns` are none. `idioms` are the forms of verbs with which a clitic means
    nobody. A line that has a word of `familiar` is not spoken to "usted", one that calls somebody by a word of `polite` is.
    """

    means: Mapping[str, frozenset[str]]
    names: Mapping[str, frozenset[str]]
    idioms: Mapping[str, frozenset[str]]
    clitics: frozenset[str]
    before: frozenset[str]
    nouns: frozenset[str]
    familiar: frozenset[str]
    polite: frozenset[str]
    verbs: EndingWords | None

    def introduced(self, words: Sequence[str]) -> frozenset[str]:
        """What the words of a line name. A pronoun names nobody."""
        return _NONE.union(*(self.names.get(word, _NONE) for word in words))

    def dangling(self, hidden: str, known: Set[str]) -> bool:
        """Does a pronoun of a line mean nobody and nothing of what is known, or of what the line names?"""
        words = _words(hidden)
        whole, so_far = self.introduced(words), set(known)
        if not self.familiar.isdisjoint(words):
            so_far.discard("usted")
        for at, word in enumerate(words):
            if any(not self.means[clitic] & (so_far | whole) for clitic in self._clitics(words, at)):
                return True
            if word not in self.clitics and word in self.means and not self.means[word] & so_far:
                return True
            so_far |= self.names.get(word, _NONE)
        return False

    def mixed(self, text: str) -> bool:
        """Does a line speak to somebody both ways, as to a friend and as to a superior?"""
        words = _words(text)
        if self.familiar.isdisjoint(words):
            return False
        return "usted" in words or not self.polite.isdisjoint(part.split()[0] for part in set_off(text) if part)

    def _clitics(self, words: Sequence[str], at: int) -> frozenset[str]:
        """The clitics that the word at `at` is or ends in, but for idioms."""
        word = words[at]
        if self.verbs is None:
            return _NONE
        if word in self.clitics:
            verb = self._verb_behind(self.verbs, words, at)
            return frozenset([word]) if verb and verb not in self.idioms.get(word, _NONE) else _NONE
        if self._noun(self.verbs, word):
            return _NONE
        return self.clitics.intersection(*[form.clitics for form in self.verbs.conjugation.read(word)][:1] or [()])

    def _verb_behind(self, verbs: EndingWords, words: Sequence[str], at: int) -> str:
        """The verb that the clitic at `at` stands before; nothing where it is an article."""
        place = next((place for place in range(at + 1, len(words)) if words[place] not in verbs["clitics"]), at)
        sure = place > at + 1 or (at > 0 and words[at - 1] in self.before)
        return words[place] if verbs.finite(words[place]) and (sure or not self._noun(verbs, words[place])) else ""

    def _noun(self, verbs: EndingWords, word: str) -> bool:
        """Can a word be something else than a verb?"""
        return word in self.nouns or any(word in verbs[name] for name in ("ambiguous", "people", "closed", "adverbs"))


@lru_cache(maxsize=8)
def pronouns(language: str) -> Pronouns:
    """The pronouns of a language; none where it has no file."""
    path = DATA / f"pronouns.{language}.yaml"
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    verbs = words_of(language)

    def words(name: str) -> frozenset[str]:
        return frozenset(found.get(name, "").split())

    return Pronouns(
        _rows(found.get("means", {})),
        _rows(found.get("names", {})) | {slot: frozenset([name]) for slot, name in _POINTED.items()},
        {clitic: frozenset(forms.split()) for clitic, forms in found.get("idioms", {}).items()},
        words("clitics"),
        words("before"),
        words("nouns"),
        words("familiar"),
        words("polite"),
        verbs if isinstance(verbs, EndingWords) else None,
    )


def introduced(hidden: str, language: str) -> frozenset[str]:
    """What pronouns a line lets others use: for the people and the topics that it names."""
    return pronouns(language).introduced(_words(hidden))


def set_off(text: str) -> list[str]:
    """What stands between marks, as forms of address do."""
    return [part.strip() for part in _SET_OFF.split(text.casefold())]


def _words(hidden: str) -> list[str]:
    return _WORDS.findall(hidden.casefold())


def _rows(found: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """What each word is: {"he": "lo le", "it": "lo"} -> {"lo": {"he", "it"}, "le": {"he"}}."""
    words = {word for row in found.values() for word in row.split()}
    return {word: frozenset(name for name, row in found.items() if word in row.split()) for word in words}

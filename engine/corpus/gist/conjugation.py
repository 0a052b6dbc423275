"""The forms of the verbs of a language whose endings say who: which verb, which tense, which person.

Made from the endings, the vowels and the irregular verbs of `engine/data/gist/LANGUAGE.yaml`. A verb that is not there is
looked up with `simplemma`, and read only where its form is no noun as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simplemma import lemmatize

#: Who a form can be, in the order of the tables; `he` is "usted" too.
PERSONS = ("me", "you", "he", "we", "they")
#: Tenses with a person that state something.
STATING = frozenset(["present", "preterite", "imperfect", "future", "conditional", "past_subjunctive"])
#: Tenses of a verb that is only guessed: nouns do not look like them.
_SURE = frozenset(["preterite", "imperfect", "future", "conditional", "infinitive", "gerund", "past_subjunctive"])
_ATTACHED = re.compile(r"(?:me|te|se|nos|los|las|les|lo|la|le)$")
_ACCENTS = str.maketrans("aeiou", "áéíóú")


@dataclass(frozen=True)
class Form:
    """One reading of a word as a verb; `person` is empty for an infinitive, a gerund and a participle."""

    verb: str
    tense: str
    person: str = ""
    clitics: tuple[str, ...] = ()

    @property
    def finite(self) -> bool:
        return bool(self.person)


class Conjugation:
    """All forms of the verbs of a language."""

    def __init__(self, found: Mapping[str, Any], verbs: Mapping[str, str], language: str):
        """`found` are the tables of the data file; `verbs` is the vowel, or nothing, of each infinitive."""
        self.endings: Mapping[str, Mapping[str, str]] = found["endings"]
        self.behind_infinitive: Mapping[str, str] = found["behind_infinitive"]
        self.behind_preterite: Mapping[str, str] = found["behind_preterite"]
        self.strong: list[str] = found["strong_preterite"].split()
        self.irregular: Mapping[str, Mapping[str, str]] = found["irregular"]
        self.language = language
        self.forms: dict[str, list[Form]] = {}
        self._bare: dict[str, list[Form]] = {}
        for verb in dict.fromkeys([*self.irregular, *verbs]):
            for word, form in self.conjugated(verb, verbs.get(verb, "")):
                known = self.forms.setdefault(word, [])
                if form not in known:
                    known.append(form)
                if _takes_clitics(form):
                    self._bare.setdefault(plain(word), []).append(form)
        for word, row in found["single_forms"].items():
            verb, tense, person, *clitics = row.split()
            self.forms.setdefault(word, []).append(Form(verb, tense, person, tuple(clitics)))
        self._read: dict[str, tuple[Form, ...]] = {}

    def read(self, word: str) -> tuple[Form, ...]:
        """What a word can be as a verb, likelier verbs first; nothing if it can be none."""
        found = self._read.get(word)
        if not word or word[0] == "<":
            return ()
        if found is None:
            found = tuple(self.forms.get(word, ())) or self._with_clitics(word) or self._guessed(word)
            if len(self._read) < 100_000:
                self._read[word] = found
        return found

    def _with_clitics(self, word: str) -> tuple[Form, ...]:
        """An order, an infinitive or a gerund with one or two pronouns behind it: "dámelo", "decírselo"."""
        base = word
        clitics: tuple[str, ...] = ()
        for _ in range(2):
            match = _ATTACHED.search(base)
            if match is None or match.start() < 2:
                break
            base, clitics = base[: match.start()], (match[0], *clitics)
            forms = self._bare.get(plain(base)) or (
                self._bare.get(plain(base) + "s") if clitics[0] in {"nos", "se"} else None
            )
            if forms:
                # "Siéntese" is no form of "siente", nor "siéntate" one of "sienta (usted)".
                wrong = "subjunctive" if clitics[0] == "te" else "imperative" if clitics == ("se",) else ""
                return tuple(Form(form.verb, form.tense, form.person, clitics) for form in forms if form.tense != wrong)
        return ()

    def _guessed(self, word: str) -> tuple[Form, ...]:
        lemma = str(lemmatize(word, lang=self.language))
        if lemma in self.irregular or lemma[-2:] not in self.endings or len(lemma) < 4 or not lemma.isalpha():
            return ()
        return tuple(form for made, form in self.conjugated(lemma, "") if made == word and form.tense in _SURE)

    def conjugated(self, verb: str, vowel: str) -> Iterator[tuple[str, Form]]:
        """Every form of a verb, and what it is."""
        odd = self.irregular.get(verb, {})
        vowel = odd.get("vowel", vowel)
        kind = plain(verb[-2:])
        stem, endings = verb[:-2], self.endings[kind]
        stressed, weak = _stressed(stem, vowel), _weak(stem, vowel) if kind == "ir" else stem
        persons: dict[str, list[str]] = {}
        present = [
            _join(stressed if at != 3 else stem, ending, kind) for at, ending in enumerate(endings["present"].split())
        ]
        persons["present"] = [odd.get("yo", present[0]), *present[1:]]
        if "yo" in odd:
            persons["subjunctive"] = [odd["yo"][:-1] + ending for ending in endings["subjunctive"].split()]
        else:
            stems = [weak if at == 3 else stressed for at in range(5)]
            if kind != "ir":
                stems[3] = stem
            persons["subjunctive"] = [
                _join(part, ending, kind) for part, ending in zip(stems, endings["subjunctive"].split(), strict=True)
            ]
        persons["preterite"] = [
            _join(weak if at in {2, 4} else stem, ending, kind)
            for at, ending in enumerate(endings["preterite"].split())
        ]
        persons["imperfect"] = [_join(stem, ending, kind) for ending in endings["imperfect"].split()]
        for tense, ends in self.behind_infinitive.items():
            persons[tense] = [odd.get("future", verb) + ending for ending in ends.split()]
        for tense in list(persons):
            given = odd.get(tense, "").split()
            if tense == "preterite" and len(given) == 1:
                given = [
                    given[0] + ("eron" if given[0][-1] == "j" and at == 4 else end)
                    for at, end in enumerate(self.strong)
                ]
            persons[tense] = persons[tense] if tense == "future" or not given else given
        for tense, ends in self.behind_preterite.items():
            base = persons["preterite"][4][:-3]
            persons[tense] = [
                (base[:-1] + base[-1].translate(_ACCENTS) if at == 3 else base) + end
                for at, end in enumerate(ends.split())
            ]
        for tense, words in persons.items():
            for person, word in zip(PERSONS, words, strict=True):
                yield word, Form(verb, tense, person)
        order = odd.get("imperative", _join(stressed, endings["imperative"], kind))
        if order:
            yield order, Form(verb, "imperative", "you")
        yield verb, Form(verb, "infinitive")
        yield odd.get("gerund", _join(weak, endings["gerund"], kind)), Form(verb, "gerund")
        participle = odd.get("participle", _join(stem, endings["participle"], kind))
        for ending in ("o", "a", "os", "as"):
            yield participle[:-1] + ending, Form(verb, "participle")


def plain(word: str) -> str:
    """A word without its accents (the tilde of ñ stays)."""
    if word.isascii():
        return word
    return unicodedata.normalize("NFC", re.sub("[\u0301\u0308]", "", unicodedata.normalize("NFD", word)))


def _takes_clitics(form: Form) -> bool:
    if form.tense in {"infinitive", "gerund", "imperative"}:
        return True
    return form.tense == "subjunctive" and form.person in {"he", "we", "they"}


def _replaced(stem: str, old: str, new: str) -> str:
    head, found, tail = stem.rpartition(old)
    return f"{head}{new}{tail}" if found else stem


def _stressed(stem: str, vowel: str) -> str:
    """The stem where it bears the stress: cerr- becomes cierr-, cont- becomes cuent-."""
    if vowel == "ue":
        changed = _replaced(stem, "o", "ue") if "o" in stem else _replaced(stem, "u", "ue")
        return changed.replace("gue", "güe") if "go" in stem and stem.rfind("go") == stem.rfind("o") - 1 else changed
    old = {"ie": "e", "i": "e", "í": "i", "ú": "u"}.get(vowel)
    return _replaced(stem, old, vowel) if old else stem


def _weak(stem: str, vowel: str) -> str:
    """The stem of an -ir verb in "pidió", "durmieron": its vowel closes."""
    if vowel in {"ie", "i"}:
        return _replaced(stem, "e", "i")
    return _replaced(stem, "o", "u") if vowel == "ue" else stem


def _join(stem: str, ending: str, kind: str) -> str:
    """A stem and an ending, spelled as they sound: busqué, llegué, recojo, huyo, leyó."""
    if not stem:
        return ending
    first = plain(ending[0])
    if kind == "ar":
        if first == "e":
            for old, new in (("c", "qu"), ("g", "gu"), ("z", "c")):
                if stem.endswith(old):
                    return stem[:-1] + new + ending
        return stem + ending
    if first in "ao":
        if stem.endswith("gu"):
            return stem[:-1] + ending
        if stem.endswith("g"):
            return stem[:-1] + "j" + ending
    if stem[-1] == "u" and stem[-2:] not in {"gu", "qu"} and first in "aoe":
        return f"{stem}y{ending}"
    if stem[-1] in "aeou" and stem[-2:] not in {"gu", "qu"} and first == "i":
        if ending[:2] in {"ió", "ie"}:
            return f"{stem}y{ending[1:]}"
        if stem[-1] != "u" and ending[0] == "i":
            return f"{stem}í{ending[1:]}"
    return stem + ending

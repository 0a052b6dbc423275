"""The gist of a sentence whose verb says who by its ending, with a subject or without: Spanish.

A sentence is cut into pieces at its marks and joiners, and a piece is read from its start to its first finite verb.
What stands before it (a subject, "no", "si", "qué") and behind it (a subject again, an infinitive that is the verb meant)
says the rest. Who "él" may be, "usted" too, is read off the words around; where nothing says it, it is `he`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from engine.corpus.gist.clauses import CONTENT, COPULA, ELLIPSIS, FORMULA, OTHER, SUBORDINATE, Clause, slot_subject
from engine.corpus.gist.conjugation import STATING, Form
from engine.corpus.gist.ending_words import OBJECTS, EndingWords

_TOKEN = re.compile(r"<[\w:.-]+>|[^\W\d_]+(?:[-'][^\W\d_]+)*|\.\.\.|[.?!;:,¿¡…\"«»()]|--|—")
_STOPS = frozenset([".", "?", "!", ";", "...", "…"])
_BREAKS = frozenset([",", ":", "--", "—", "¿", "¡", '"', "«", "»", "(", ")"])
_PERSON_OF = {"me": "me", "te": "you", "nos": "we", "le": "he", "les": "they"}
_BE = frozenset(["ser", "estar"])
#: A piece is read so far and no further.
_FAR = 40


class Words(EndingWords):
    """The words of one language, and the rules that read a line by them."""

    def clauses(self, text: str) -> Iterator[Clause]:
        """The clauses of a line, in order, one a piece at the most."""
        yield from _Line(text, self).clauses()


@dataclass(frozen=True)
class _Piece:
    """What stands between two marks, and what it is part of."""

    tokens: Sequence[str]
    asks: bool
    called: bool
    first: bool


@dataclass
class _Found:
    """What is known of a piece before its verb."""

    subject: str | None = None
    topic: bool = False
    negated: bool = False
    lower: bool = False
    que: bool = False
    asked: str = ""
    head: bool = True
    word: str = ""
    before: list[str] = field(default_factory=list)


class _Line:
    """One line: its pieces, and what the whole says of who is spoken to."""

    def __init__(self, text: str, words: Words):
        self.words = words
        self.names: set[str] = set()
        self.pieces = list(self._pieces(text))
        tokens = {token for piece in self.pieces for token in piece.tokens}
        self.usted, self.ustedes = "usted" in tokens, "ustedes" in tokens
        self.formal = any(piece.called for piece in self.pieces) or any(map(self._to_usted, tokens))
        self.last = ""
        self.goes_on = False

    def _to_usted(self, token: str) -> bool:
        """Is it an order to somebody who is "usted": "Contésteme"?"""
        forms = self.words.conjugation.read(token)
        return any(form.tense == "subjunctive" and form.person == "he" and form.clitics for form in forms)

    def clauses(self) -> Iterator[Clause]:
        for piece in self.pieces:
            self.goes_on = not piece.first and piece.tokens[0] in self.words["joiners"]
            found = self._clause(piece.tokens[:_FAR], piece.asks)
            if found is not None:
                self.last = found.subject
                if found.subject == "imperative" and found.predicate in {"forgive", "believe"}:
                    self.last = "me"  # "Perdóname. No sabía nada."
                yield found

    def _pieces(self, text: str) -> Iterator[_Piece]:
        sentence: list[str] = []
        first = True
        for match in _TOKEN.finditer(text):
            token = match[0]
            lower = token.lower()
            if token[0].isupper() and not first:
                self.names.add(lower)
            first = lower in _STOPS or lower in _BREAKS
            if lower in _STOPS:
                yield from self._cut(sentence, lower == "?")
                sentence = []
            else:
                sentence.append(lower)
        yield from self._cut(sentence, False)

    def _cut(self, sentence: Sequence[str], asks: bool) -> Iterator[_Piece]:
        """A sentence in pieces; a joiner begins another, unless it joins two nouns ("tú y yo")."""
        words, piece = self.words, list[str]()
        opened, first = "¿" not in sentence, True
        for at, token in enumerate([*sentence, ","]):
            joins = (
                token in words["joiners"]
                and piece
                and not (token in {"y", "e", "o"} and self._nominal(piece, sentence, at))
            )
            if token in _BREAKS or joins:
                if piece:
                    called = (
                        len(piece) <= 3 and not words["formal"].isdisjoint(piece) and not any(map(words.finite, piece))
                    )
                    yield _Piece(piece, asks and opened, called, first)
                    first = False
                piece = []
                opened = opened or token == "¿"
            if token not in _BREAKS:
                piece.append(token)

    def _nominal(self, piece: Sequence[str], sentence: Sequence[str], at: int) -> bool:
        """Do a joiner's neighbours name somebody or something, and nothing else?"""
        words = self.words
        follows = sentence[at + 1 : at + 2]
        if not follows or (
            follows[0] not in words.subjects and follows[0] not in words["determiners"] and follows[0][0] != "<"
        ):
            return False
        if len(piece) == 1:
            return piece[0] in words.subjects or piece[0][0] == "<"
        return len(piece) == 2 and piece[0] in words["determiners"] and piece[1] not in words["clitics"]

    # -- a piece, up to its verb ---------------------------------------------------------------------------------------

    def _clause(self, piece: Sequence[str], asks: bool) -> Clause | None:
        """The clause of a piece: read from its start up to its first finite verb, and from there on."""
        words, found, at, fallback = self.words, _Found(), 0, None
        relative = False
        while at < len(piece):
            token = piece[at]
            noun = found.subject in {"it", "he"} and not found.word
            forms, verb = self._verb(piece, at, asks, noun)
            if forms:
                clause = self._said(piece, verb, forms, list(piece[at:verb]), found, asks)
                if not relative:
                    return clause or fallback
                fallback = fallback or (replace(clause, weight=min(clause.weight, SUBORDINATE)) if clause else None)
                relative, at = False, verb + 1
                continue
            attached = [form for form in words.conjugation.read(token) if form.finite and form.clitics]
            if attached and not asks and token not in words["ambiguous"] and token not in words["closed"]:
                return self._order(piece, at, attached[0], list(attached[0].clitics), found)
            if token == "que" or (token in words["relatives"] and at and not found.asked):
                if found.before and found.before[-1] in words["prepositions"] | {"antes", "después"}:
                    found.lower = True
                elif found.subject is not None or found.topic:
                    relative = True
                else:
                    found.que = True
                at += 1
            else:
                at = self._word(piece, at, found)
            found.before.append(token)
        return fallback

    def _word(self, piece: Sequence[str], at: int, found: _Found) -> int:
        """Take in a word that stands before the verb; the place after it."""
        words, token = self.words, piece[at]
        if token in words["negations"]:
            found.negated = True
        if token in words["asking"]:
            behind = at and piece[at - 1] in words["prepositions"]
            found.asked = f"a {token}" if behind else token
            found.head = False
            if not behind and token in {"quién", "quiénes"}:
                found.subject = "who"
            elif token in {"qué", "cuál", "cuánto", "cuánta", "cuántos", "cuántas"} and not behind:
                return at + 1 + self._noun_follows(piece, at + 1)
            return at + 1
        if token in words["subordinators"] and not found.subject and (found.head or token == "si"):
            found.lower = True
            return at + 1
        if token[0] == "<":
            found.topic |= slot_subject(token) in {"thing", "it"}
            found.subject, found.head, found.word = self._joined(found, slot_subject(token)), False, token
            return at + 1
        if token in words["prepositions"] and not (token == "como" and found.head):
            if at + 1 < len(piece) and piece[at + 1] in words["asking"]:
                return at + 1
            stop = self._phrase(piece, at + 1)
            if token != "de" and found.subject is None:
                found.head = found.head and token not in {"a"}
            return max(stop, at + 1)
        if token in {"uno", "una", "alguno", "alguna", "cada"} and piece[at + 1 : at + 2] == ["de"]:
            found.subject, found.head = "someone", False
            return self._phrase(piece, at + 2)
        if token in words.subjects and not (token in words["determiners"] and self._noun_follows(piece, at + 1)):
            found.topic |= words.subjects[token] == "it"
            if words.subjects[token] != "none" or token != "nada" or found.subject is None:
                found.subject, found.head, found.word = self._joined(found, words.subjects[token]), False, token
            return at + 1
        if token in words["determiners"] or token in OBJECTS or token == "el":
            stop = self._phrase(piece, at)
            noun = [word for word in piece[at:stop] if word not in words["adverbs"] - {"más"} or word == token]
            if stop < len(piece) and piece[stop] == "que" and stop == at + 1:
                found.subject, found.head = "it" if token == "lo" else "he", False
            elif len(noun) > 1 and not any(word in words["times"] for word in noun):
                found.subject, found.head, found.word = self._joined(found, self._head(noun)), False, token
                found.topic = True
            return max(stop, at + 1)
        if token in words["openers"] or token in words["adverbs"] or token.endswith("mente"):
            return at + 1
        if found.subject is None and found.asked == "":
            # A noun for a thing does not stand bare before its verb in the singular: it is a name.
            thing = token.endswith("s") or words.nonfinite(token, "infinitive") is not None
            found.subject = "it" if thing and not self._person(token) else "he"
            found.head = False
        return at + 1

    def _joined(self, found: _Found, subject: str) -> str:
        """The subject that two joined by "y" are; the later one where nothing joins them."""
        if found.subject is None or not found.before or found.before[-1] not in {"y", "e"}:
            return subject
        both = {found.subject, subject}
        return "we" if both & {"me", "we"} else "you" if "you" in both else "they"

    def _noun_follows(self, piece: Sequence[str], at: int) -> int:
        """1 if the word at `at` is a noun or an adjective, as in "qué pregunta te dejó", else 0."""
        if at >= len(piece):
            return 0
        words, token = self.words, piece[at]
        if token[0] == "<" or token in words["clitics"] | words["negations"] | words["asking"] | words["prepositions"]:
            return 0
        if token in words.subjects or token in words["adverbs"] - {"mismo", "misma"} or token == "que":
            return 0
        return int(not words.finite(token) or (token in words["ambiguous"] and self._later_verb(piece, at + 1)))

    def _phrase(self, piece: Sequence[str], at: int) -> int:
        """The place behind a noun phrase that begins at `at`."""
        words, start = self.words, at
        while at < len(piece):
            token = piece[at]
            if token[0] == "<":
                return at + 1
            if token in words["determiners"] or token in OBJECTS or token == "el":
                if at > start and piece[at - 1] not in words["determiners"] | {"de"}:
                    break
                if token not in words["possessives"] and self._verb(piece, at)[0]:
                    break
                at += 1
                continue
            if token in {"mí", "ti", "él", "ella", "usted", "nosotros", "ellos", "ellas", "ustedes", "eso", "esto"}:
                return at + 1
            if token == "del" or (token == "de" and at > start):
                at += 1
                continue
            if at > start and piece[at - 1] not in words["leading"]:
                if token in words["no_noun"] or words.conjugation.read(token):
                    break
            elif (
                (at > start and piece[at - 1] in words["whole"] and self._verb(piece, at)[0])
                or token in words["clitics"]
                or token in words["relatives"]
                or token in words["asking"]
                or (at == start and (token in words["negations"] or words.nonfinite(token, "infinitive")))
            ):
                break
            at += 1
        return at

    def _head(self, phrase: Sequence[str]) -> str:
        """The subject that a noun phrase is: its first noun says."""
        words = self.words
        if phrase[0] in {"uno", "una", "alguno", "alguna"} and phrase[1:2] in (["de"], ["del"]):
            return "someone"
        if phrase[0] in {"ninguno", "ninguna"}:
            return "none"
        stop = next((at for at, token in enumerate(phrase) if at and token in {"de", "del"}), len(phrase))
        for token in phrase[:stop]:
            if token[0] == "<":
                return slot_subject(token)
        if phrase[1:2] == ["más"]:
            return "he"
        nouns = [token for token in phrase[:stop] if token not in words["determiners"] and token != "el"]
        if not nouns:
            return "they" if phrase[0] in {"los", "las"} else "he"
        if self._person(nouns[0]) or nouns[-1] in words["people"] - words["ambiguous"]:
            return "he"
        return "they" if nouns[0] == "dos" else "it"

    def _person(self, noun: str) -> bool:
        words = self.words
        return noun in words["people"] or noun in self.names or noun.endswith(tuple(words["people_endings"]))

    def _verb(
        self, piece: Sequence[str], at: int, asks: bool = False, noun: bool = False
    ) -> tuple[tuple[Form, ...], int]:
        """The finite readings of a verb that begins at `at`, pronouns before it included, and where it is."""
        words, place = self.words, at
        while place < len(piece) and piece[place] in words["clitics"] and place < at + 3:
            place += 1
        if place >= len(piece):
            return (), at
        token, clitics = piece[place], place > at
        behind_que = at > 0 and piece[at - 1] == "que" and place == at  # "Que entre."
        if token[0] == "<" or (token in words["prepositions"] and not clitics and not behind_que):
            return (), at
        forms = words.finite(token)
        if not forms:
            return (), at
        article = clitics and piece[place - 1] in OBJECTS and place == at + 1
        if clitics and not article:
            return forms, place
        if article:
            last = piece[place - 1]
            before = piece[at - 1] if at else ""
            if before in words["nominative"] | {"no", "nunca", "ya"} or before[-1:] == ">":
                return forms, place
            noun = (
                token in words["ambiguous"] or token in words["people"] or token in words["closed"] | words["adverbs"]
            )
            neuter = last == "lo" and token not in words["closed"] | words["adverbs"]
            if neuter or (last == "la" and token[-1] != "a" and token not in words["feminine"]):
                noun = False
            if not noun or (
                last != "el"
                and token not in words["closed"]
                and not self._later_verb(piece, place + 1)
                and token not in words["people"]
                and self._verbal(piece, place)
            ):
                return forms, place
            return (), at
        if token in words["closed"] and not (behind_que and token == "entre"):
            return (), at
        if token in words["openers"] and token not in {"mire", "oiga", "oye", "vamos", "ven", "anda"}:
            return (), at
        before = piece[at - 1] if at else ""
        if token in words["ambiguous"]:
            if (len(piece) == 1 and (asks or token[-1] == "s")) or (
                noun and all(form.person == "me" for form in forms)
            ):
                return (), at  # "¿Vivo?", "Caldo limpio"
            if before in words["asking"]:
                if not (at > 1 and piece[at - 2] in words["prepositions"]) and self._later_verb(piece, at + 1):
                    return (), at
            elif (
                (before and words.nonfinite(before, "infinitive"))
                or before in words["determiners"] | words["prepositions"] | {"el", "muy", "tan"}
                or (
                    before in words["before_nouns"]
                    and at > 1
                    and piece[at - 2] in words["determiners"] | words["prepositions"]
                )
            ):
                return (), at
        if (
            token in words["ambiguous"]
            and token in words["people"]
            and token not in {"ama", "amo"}
            and before not in words.subjects
        ):
            return (), at
        return forms, place

    def _verbal(self, piece: Sequence[str], at: int) -> bool:
        """Is a word behind "la" or "los", noun or verb, a verb: where nothing behind it says that it is a noun."""
        words = self.words
        return piece[at] not in words["ambiguous"] or (at + 1 < len(piece) and piece[at + 1] in words.subjects)

    def _later_verb(self, piece: Sequence[str], at: int) -> bool:
        """Is there another finite verb from `at` on?"""
        words = self.words
        return any(
            words.finite(token)
            and token not in words["closed"]
            and token not in words["ambiguous"]
            and token not in words["adverbs"]
            for token in piece[at : at + 8]
        )

    # -- from the verb on ----------------------------------------------------------------------------------------------

    def _said(
        self, piece: Sequence[str], at: int, forms: Sequence[Form], clitics: list[str], found: _Found, asks: bool
    ) -> Clause | None:
        """What a finite verb at `at` says."""
        words = self.words
        form, order = self._reading(piece, at, forms, clitics, found, asks)
        if order:
            return self._order(piece, at, form, clitics, found)
        verb, after, clitics, post, negated = self._group(piece, at, form, clitics)
        negated |= found.negated
        if verb == "haber":
            if form.person not in {"he", "they"}:
                return None
            return self._weighed(Clause("there", "be", negated, COPULA), found)
        rest = piece[after:]
        if verb in _BE and rest[:1] == ["que"] and form.person == "he":
            return self._clause(rest[1:], asks)  # "Es que no puedo".
        person = "we" if piece[at] == "hay" else form.person  # "Hay que irse".
        subject = self._subject(person, verb, piece, after, clitics, post, found, asks)
        negated |= subject == "none"
        if verb in _BE:
            return self._weighed(self._complement(verb, subject, rest, negated, found, asks), found)
        felt = self._felt(verb, clitics, rest)
        if felt is not None:
            subject, predicate = felt
            return self._weighed(Clause(subject, predicate, negated, CONTENT), found)
        reflexive = words.is_reflexive(verb, person, clitics)
        predicate = words.predicate(verb, reflexive, clitics, rest, found.asked)
        if verb in words["opinions"] and subject == "me" and not negated and rest:
            inner = rest[1:] if rest[0] == "que" else []
            self.last = "inner"
            clause = self._clause(inner, asks) if inner else None
            if clause is not None:
                return self._weighed(clause, found)
        if predicate == "sorry" and form.tense != "present":
            predicate = "feel"
        clause = Clause(subject, predicate, negated, COPULA if predicate == "be" else CONTENT)
        if verb == "poder" and not rest:
            clause = Clause(subject, "do", negated, ELLIPSIS)
        if (not asks or verb == "ver") and words.formula(verb, clause, clitics, [*found.before, *rest]):
            clause = replace(clause, weight=FORMULA)
        return self._weighed(clause, found)

    def _weighed(self, clause: Clause, found: _Found) -> Clause:
        return replace(clause, weight=min(clause.weight, SUBORDINATE)) if found.lower else clause

    def _reading(
        self, piece: Sequence[str], at: int, forms: Sequence[Form], clitics: Sequence[str], found: _Found, asks: bool
    ) -> tuple[Form, bool]:
        """Which of its readings a verb has here, and whether it is an order."""
        words = self.words
        person = {"me": "me", "you": "you", "we": "we"}.get(found.subject or "")
        stating = [form for form in forms if form.tense in STATING]
        free = not asks and not found.lower and not found.que
        denied = bool({"no", "nunca", "ni"} & set(found.before))
        if free and (found.subject in {None, "you", "none"} or found.head):
            for form in forms:
                if form.tense == "subjunctive" and form.person in {"you", "he", "they"}:
                    certain = not stating or all(each.person == "me" and each.tense == "present" for each in stating)
                    you = form.person == "you"
                    if denied and (
                        certain or (you and (form is forms[0] or all(each.person != "you" for each in stating)))
                    ):
                        return form, True
                    if not (found.negated or clitics or you or stating or found.subject == "none"):
                        return form, True
            goes_on = self.goes_on and self.last in {"third", "he", "it", "they", "thing"}
            headed = found.subject is None and found.head and not clitics and not found.negated
            order = next((form for form in forms if form.tense == "imperative"), None)
            if order and headed and not (goes_on or self.usted or self.formal or order.verb in words["stative_verbs"]):
                behind = self._behind(piece, at + 1, order.verb, ())
                if behind not in {"he", "third", "they", "it", "thing"}:
                    return order, True
        if person:
            fits = [
                form for form in forms if form.person == person or (person == "you" and form.person in {"he", "they"})
            ]
            exact = [form for form in fits if form.person == person]
            if fits:
                return (exact or fits)[0], False
        if found.subject is not None and not person:
            third = [form for form in stating if form.person in {"he", "they"}]
            if third and not any(form.person in {"you", "we"} for form in stating[:1]):
                return self._go_or_be(third, piece, at, clitics, found), False
        pool = stating or [form for form in forms if form.tense == "subjunctive"] or list(forms)
        if len({form.person for form in pool}) > 1 and {form.person for form in pool} <= {"me", "he"}:
            if found.subject is not None:
                return next(form for form in pool if form.person == "he"), False
            return next(form for form in pool if form.person == self._first_or_third(piece, at, pool, clitics)), False
        return self._go_or_be(pool, piece, at, clitics, found), False

    def _go_or_be(
        self, pool: Sequence[Form], piece: Sequence[str], at: int, clitics: Sequence[str], found: _Found
    ) -> Form:
        """ "Fui" is of "ir" before "a" and "por" and after "me"; else of "ser"."""
        if {form.verb for form in pool} >= {"ser", "ir"}:
            follows = piece[at + 1] if at + 1 < len(piece) else ""
            goes = (
                bool({"me", "te", "se", "nos"} & set(clitics))
                or follows in {"a", "al", "hasta", "con"}
                or "dónde" in found.asked
            )
            goes = goes or found.asked == "adónde" or self.words.nonfinite(follows, "gerund") is not None
            return next(form for form in pool if form.verb == ("ir" if goes else "ser"))
        return pool[0]

    def _first_or_third(self, piece: Sequence[str], at: int, pool: Sequence[Form], clitics: Sequence[str]) -> str:
        """Who "tenía" is, where no subject says: I, if I speak of myself just before."""
        if "yo" in piece[at + 1 : at + 4]:
            return "me"
        verb, after, all_clitics, post, _ = self._group(piece, at, pool[0], list(clitics))
        if "me" in all_clitics and "me" not in clitics and verb in self.words.reflexive:
            return "me"  # "Quería despedirme."
        if post is not None or self._behind(piece, after, verb, clitics) is not None:
            return "he"
        reflexive = "me" in clitics and verb in self.words["own"]
        if "se" in clitics or ("me" in clitics and not reflexive):
            return "he"
        if reflexive or self.last == "me" or ("te" in clitics and self.last in {"", "inner", "you"}):
            return "me"
        if self.last:
            return "he"
        if verb == "saber":
            return "me"  # "Lo sabía."
        mine = any(
            token in {"yo", "contigo"}
            or (
                token not in self.words["closed"] | self.words["ambiguous"]
                and (forms := self.words.finite(token))
                and all(form.person == "me" for form in forms)
            )
            for other in self.pieces
            for token in other.tokens
        )
        return "me" if mine else "he"

    def _group(
        self, piece: Sequence[str], at: int, form: Form, clitics: list[str]
    ) -> tuple[str, int, list[str], str | None, bool]:
        """The verb that is meant behind others ("voy a matarte"), the place behind it, its pronouns, a subject between."""
        words, verb, place, post, negated = self.words, form.verb, at + 1, None, False
        for _ in range(6):
            ahead, between = place, None
            while ahead < len(piece) and (piece[ahead] in words["adverbs"] or piece[ahead] in words["nominative"]):
                if piece[ahead] in words["nominative"] or piece[ahead] in {"nadie", "todos"}:
                    between = words.subjects[piece[ahead]]
                ahead += 1
            if ahead >= len(piece):
                break
            token = piece[ahead]
            inner: Form | None = None
            stop = ahead
            if verb in words["progressive"]:
                inner = words.nonfinite(token, "gerund")
            if inner is None and verb == "haber":
                inner = words.nonfinite(token, "participle")
            if inner is None and verb in words.light:
                links = words.light[verb]
                if "-" in links:
                    inner = words.nonfinite(token, "infinitive")
                if inner is None and token in links:
                    stop = ahead + 1
                    while stop < len(piece) and piece[stop] in words["adverbs"]:
                        negated |= piece[stop] == "no"
                        stop += 1
                    inner = words.nonfinite(piece[stop], "infinitive") if stop < len(piece) else None
            if inner is None:
                break
            if verb in words["moving"] and words.predicates.get(inner.verb, OTHER) == OTHER:
                break
            negated |= "no" in piece[place:ahead]
            verb, place = inner.verb, stop + 1
            clitics = [*clitics, *inner.clitics]
            post = between or post
        return verb, place, clitics, post, negated

    def _subject(
        self, person: str, verb: str, piece: Sequence[str], after: int, clitics: Sequence[str],
        post: str | None, found: _Found, asks: bool,
    ) -> str:  # fmt: skip
        """Who it is: the ending says, and for a third person the words before and behind the verb."""
        if person in {"me", "you", "we"}:
            return person
        before = found.subject
        plural = person == "they" and found.word in self.words["singular"]
        if before in {"me", "we"} or plural or (found.word in {"eso", "esto"} and verb in self.words["saying"]):
            before = None
        filled = found.asked in {"qué", "a quién", "a quiénes"}
        behind = post or self._behind(piece, after, verb, clitics, filled)
        if (
            before is not None
            and behind is not None
            and found.topic
            and (OBJECTS & set(clitics) or self._pronoun(piece, after))
        ):
            return behind
        if before == "who":
            return "who" if verb != "ser" or behind is None else behind
        if before is not None and not found.asked:
            return before
        if behind is not None:
            return behind
        if found.asked in {"qué", "cuánto"}:
            if verb in {"pasar", "ocurrir", "suceder"} or (verb in self.words.experiencers):
                return "who"
            if asks and verb not in _BE and piece[after : after + 1] in (["<thing>"],):
                return "thing"
        if person == "they":
            return "you" if self.ustedes and asks else "they"
        if self.usted and self.last == "you":
            return "you"
        if asks and (self.formal or self.usted):
            return "usted" if verb in _BE else "you"
        if self.last in {"third", "thing", "it", "he"} and not asks and self.goes_on:
            return self.last
        ends = "se" in clitics and verb in {"acabar", "terminar"}  # "Se acabó."
        return "" if verb in _BE else "it" if ends or verb in self.words["impersonal"] else "he"

    def _pronoun(self, piece: Sequence[str], at: int) -> bool:
        return piece[at : at + 1] != [] and piece[at] in self.words["nominative"]

    def _behind(
        self, piece: Sequence[str], at: int, verb: str, clitics: Sequence[str], filled: bool = False
    ) -> str | None:
        """A subject behind the verb: "vino mi madre", "lo escribió él"; `filled` where it has an object: "¿qué dice ella?"."""
        words = self.words
        while at < len(piece) and (
            piece[at] in words["adverbs"] - {"todo", "todos", "todas", "nada", "algo", "otra", "mismo"}
            or piece[at].endswith("mente")
        ):
            at += 1
        if at >= len(piece):
            return None
        token = piece[at]
        moves = "se" in clitics and bool({"me", "te", "le", "nos", "les"} & set(clitics))
        moves |= "se" in clitics and verb not in words.reflexive and verb not in words["object_with_se"]
        moves |= (
            filled
            or verb in words["intransitive"] | words["impersonal"]
            or bool(OBJECTS & set(clitics))
            or (verb in words.experiencers)
        )
        if token in words["nominative"]:
            return words.subjects[token]
        if token in {"eso", "esto", "aquello", "algo", "todo"}:
            return "it" if moves else None
        if token in self.names and token not in words["determiners"]:
            return "he"
        if token in {"todos", "todas"}:
            return "all"
        if token[0] == "<":
            who = slot_subject(token)
            return who if who in {"third", "he"} or moves or verb in _BE else None
        if token in words["closed"] - words["determiners"] - words["people"] - {"eso", "esto"}:
            return None
        if token in words["determiners"] or token == "el":
            stop = self._phrase(piece, at)
            phrase = piece[at:stop]
            if len(phrase) < 2 or phrase[1] in words["times"] or phrase[-1] in words["times"]:
                return None
            who = self._head(phrase)
            if who == "he" and verb == "ser" and phrase[0] in {"un", "una"}:
                return None
            if who in {"he", "they", "third"} and verb not in {"tener", "haber"}:
                return who
            return who if moves else None
        return None

    def _felt(self, verb: str, clitics: Sequence[str], rest: Sequence[str]) -> tuple[str, str] | None:
        """What somebody feels: "me gusta", "¿te importa?", "me da miedo"."""
        words = self.words
        who = next((_PERSON_OF[each] for each in clitics if each in _PERSON_OF), None)
        if who is None:
            return None
        if who == "he" and (self.usted or self.formal):
            who = "you"
        if verb in words.experiencers:
            return who, words.experiencers[verb]
        if verb == "dar" and rest:
            token = next((each for each in rest[:3] if each not in words["determiners"] | words["adverbs"]), "")
            if token in words.given:
                return who, words.given[token]
        return None

    def _complement(
        self, verb: str, subject: str, rest: Sequence[str], negated: bool, found: _Found, asks: bool
    ) -> Clause:
        """What somebody is: a state, a participle, or no more than `be`."""
        words, at = self.words, 1 if rest[:2] == ["un", "poco"] else 0
        while at < len(rest) - 1 and (rest[at] in words["degrees"] or rest[at] in words["nominative"]):
            if rest[at] in words["nominative"] and rest[at] not in words.subjects:
                break
            at += 1
        token = rest[at] if at < len(rest) else ""
        state = words.states.get(token)
        if not subject and token:
            subject = self._behind(rest, at + 1, verb, ()) or ""
        if state is None and verb == "ser" and found.before and found.before[-1] in words.states and not found.asked:
            state = words.states[found.before[-1]]
        if subject == "usted":
            subject = "you" if state is None or state in words["personal"] else "it"
        if state is not None and not (
            verb == "ser" and state in {"alone", "sure"} and token in {"solo", "seguro"} and at + 1 < len(rest)
        ):
            fallback = "he" if state in words["personal"] and token not in {"bien", "mal"} else "it"
            if token == "bien" and verb == "estar" and not subject and not asks:
                return Clause("it", state, negated, FORMULA)  # "Está bien."
            return Clause(subject or fallback, state, negated, CONTENT)
        if (verb, token) in words.idioms or (verb, rest[at + 1] if at + 1 < len(rest) else "") in words.idioms:
            return Clause(subject or "he", OTHER, negated, CONTENT)
        participle = words.nonfinite(token, "participle") if token and token not in words["people"] else None
        if participle is not None:
            return Clause(subject or "he", words.predicates.get(participle.verb, OTHER), negated, CONTENT)
        person = verb == "estar" or any(each in words["people"] or each.startswith("<third") for each in rest[:3])
        fallback = "he" if person and not found.topic else "it"
        bare = not rest and not asks and not found.asked and not found.subject and not found.before
        return Clause(subject or fallback, "be", negated, ELLIPSIS if bare else COPULA)

    def _order(self, piece: Sequence[str], at: int, form: Form, clitics: list[str], found: _Found) -> Clause | None:
        """An order: "Dame la carta", "No me mienta", "Déjala ir", "Vámonos"."""
        words = self.words
        verb, after, clitics, _, negated = self._group(piece, at, form, clitics)
        negated |= found.negated
        rest = piece[after:]
        subject = "we" if form.person == "we" else "imperative"
        if verb == "dejar" and rest and not negated:
            inner = words.nonfinite(rest[0], "infinitive")
            if inner is not None:
                who = next(
                    (
                        {"lo": "he", "la": "he", "los": "they", "las": "they", **_PERSON_OF}[each]
                        for each in clitics
                        if each != "se"
                    ),
                    None,
                )
                if who is None and len(rest) > 2 and rest[1] == "a":
                    who = self._head(rest[2:4]) if len(rest) > 3 or rest[2][0] == "<" else None
                if inner.verb == "caer":
                    who = None
                name = words.predicate(inner.verb, bool(inner.clitics), inner.clitics, rest[1:])
                return self._weighed(Clause(who or "imperative", name if who else "let", negated, CONTENT), found)
        if verb in _BE:
            return self._weighed(self._complement(verb, subject, rest, negated, found, False), found)
        own = "nos" if form.person == "we" else "te" if form.tense == "imperative" or form.person == "you" else "se"
        reflexive = own in clitics and not (own == "se" and OBJECTS & set(clitics) and verb != "llevar")
        if own == "nos" and form.person != "we":
            reflexive = False
        predicate = words.predicate(verb, reflexive, clitics, rest)
        clause = Clause(subject, predicate, negated, CONTENT)
        if words.formula(verb, clause, clitics, [*found.before, *rest]):
            clause = replace(clause, weight=FORMULA)
        return self._weighed(clause, found)

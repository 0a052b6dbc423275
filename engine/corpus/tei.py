"""Plays in TEI (DraCor, Folger, archives) -> turns: `sp`, `speaker`, `stage`, verse and prose, `who` references."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path

from lxml import etree

from engine import codes
from engine.corpus import safe_xml
from engine.corpus.cues import manner, name_of
from engine.corpus.reader import Draft, Reader, no_dialogue, script
from engine.corpus.records import numbered
from engine.corpus.safe_xml import attribute, line_of, local, text_of
from engine.corpus.shapes import label_of
from engine.corpus.text import clean
from engine.corpus.turns import Script, Turn

EXAMPLE = '<sp who="#maria">\n  <speaker>María</speaker>\n  <p><stage>(To Soraya.)</stage> I closed it.</p>\n</sp>'

#: Two letters in capitals or more, and from a word of more than three small ones on what their owner does.
_SHOUTED = re.compile(r"^([^\Wa-zà-ÿ\d_][^\Wa-zà-ÿ\d_][^a-zà-ÿ]{0,40}) [a-zà-ÿ]{4}.*", re.DOTALL)
_SILENT = frozenset(["stage", "speaker", "note", "head", "fw", "figure", "bibl", "del", "sp"])
#: Elements whose words are set apart from what stands before them.
_APART = frozenset(["l", "lb", "p", "ab", "lg", "pb", "cb", "milestone", "stage"])


def looks_like(text: str, suffix: str) -> float:
    head = text[:4000]
    return 0.97 if re.search(r"<(?:\w+:)?TEI(?:\.2)?[\s>]", head) or "<teiHeader" in head else 0.0


def read(text: str, path: Path) -> Script:
    """The script in a TEI file. Raises ScriptError if it has no `sp`."""
    root = safe_xml.parse(text, path)
    body = next(root.iter("{*}body"), root)
    speeches = list(body.iter("{*}sp"))
    names = _names(root, speeches)
    drafts: list[Draft] = []
    place: etree._Element | None = None
    for speech in speeches:
        division = next((parent for parent in speech.iterancestors() if local(parent).startswith("div")), body)
        if division is not place or not drafts:
            place = division
            drafts.append(Draft(_heading(division), line_of(division), []))
        words = clean(text_of(speech, _SILENT, _APART))
        if words:
            stage = next(speech.iter("{*}stage"), None)
            said = manner(clean(text_of(stage))) if stage is not None else manner("")
            name = names.get(_key(speech)) or _speaker(speech) or None
            drafts[-1].turns.append(Turn(name, words, said.tone, said.addressee, line_of(speech)))
    title = next((clean(text_of(element)) for element in root.iter("{*}title")), "")
    looked_for = "speeches marked up as <sp> with a <speaker>"
    return script(path, title, drafts, no_dialogue(path, looked_for, EXAMPLE), _language(root))


def _names(root: etree._Element, speeches: list[etree._Element]) -> dict[str, str]:
    """One name for each `who`: how the play itself labels that person most often, or else the cast list's."""
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    for speech in speeches:
        label = _speaker(speech)
        if label:
            labels[_key(speech)][label] += 1
    names = {f"#{attribute(person, 'id')}": _person(person) for person in root.iter("{*}person", "{*}personGrp")}
    known = {who: name for who, name in names.items() if name}
    names.update(_told_apart({who: count for who, count in labels.items() if who}, known))
    return {who: name for who, name in names.items() if name}


def _told_apart(labels: dict[str, Counter[str]], known: dict[str, str]) -> dict[str, str]:
    """The label of each `who`; where two people share one, the cast list's names, or else a number."""
    lines = Counter({(count.most_common(1)[0][0], who): count.total() for who, count in labels.items()})
    shared = Counter(label for label, _ in lines)
    apart = numbered(lines)
    persons = Counter(known.get(who, "") for label, who in lines if shared[label] > 1)
    return {
        who: label
        if shared[label] == 1
        else known[who]
        if known.get(who) and persons[known[who]] == 1 and known[who] != label
        else apart.get((label, who), label)
        for label, who in lines
    }


def _key(speech: etree._Element) -> str:
    return " ".join(attribute(speech, "who").split())


def _speaker(speech: etree._Element) -> str:
    element = next((child for child in speech if local(child) == "speaker"), None)
    if element is None:
        return ""
    words = clean(text_of(element, frozenset(["stage", "note"])))
    # `L'OMBRE, à Arsace`, `UN SOLDAT voyant Achille mort`: a name and a manner; `ROSA, ANA`: two people.
    label = label_of(words.rstrip(" .")) if "," in words else None
    return label.name if label else name_of(_SHOUTED.sub(r"\1", words))


def _person(person: etree._Element) -> str:
    element = next((child for child in person.iter() if local(child) in {"persname", "name"}), None)
    return "" if element is None else clean(text_of(element))


def _heading(division: etree._Element) -> str:
    """The heads of a division and of those around it: "Acto I - Escena II"."""
    heads: list[str] = []
    for element in [division, *division.iterancestors()]:
        head = next((child for child in element if local(child) == "head"), None)
        if head is not None:
            heads.append(clean(text_of(head, frozenset(["note", "stage"]))).rstrip("."))
    return " - ".join(reversed([head for head in heads if head]))


def _language(root: etree._Element) -> str:
    elements = [root, *root.iter("{*}text"), *root.iter("{*}language")]
    for element in elements:
        code = (attribute(element, "lang") or attribute(element, "ident")).lower()
        code = {"spa": "es", "eng": "en"}.get(code, code[:2])
        if code in codes.LANGUAGES:
            return code
    return ""


READER = Reader("tei", "TEI drama", (".tei", ".xml"), looks_like, read, EXAMPLE)

"""How well a reading of a file fits: who speaks, how much of the text is theirs, and what in it can be no person.

A reading whose speakers are keywords, times or styles is none, however many lines it found: the words before the
colons of a settings file are not people.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

from engine.corpus.text import word_set
from engine.corpus.turns import Script

#: A reading with so large a share of its lines spoken by keywords is refused.
MOST_ODD = 0.3
#: From so many labels on, labels that hardly ever come back are a list of settings.
MANY_ONCE, ONCE_SHARE = 12, 0.85
#: Plain text in which so many paragraphs to each that has a label have none is prose.
MOST_UNLABELLED = 3
#: Plain text of which people say less than this is prose with a stray cue in it.
LEAST_TOLD = 0.02
#: Readings are judged by so many of their lines.
SAMPLE = 20_000

#: Words that stand before colons and in first columns of files, never in casts; without blanks and case.
_KEYWORDS = word_set(
    """
    dialogue dialog format style styles comment comments script scriptinfo scripttype title author authors credit source
    contact draft date time datetime timestamp guild channel topic subject from to cc bcc re id uid uuid type kind name names text
    content message messages version layer start end begin stop duration marginl marginr marginv effect fontname
    fontsize playresx playresy wrapstyle collisions timer position tags colorid true false null none yes no key value
    width height size file filename path url http https www encoding language lang charset label labels options option
    description settings config default error warning info debug note status level class function import return var
    let const def print package public private select insert update where speaker character characters line lines
    scene scenes act episode season role actor exported after before page pages index copyright license
    """
)
_HUMPS = re.compile(r"[a-zà-ÿ][A-ZÀ-Þ]")
_HUMPED_NAME = re.compile(r"(?:Mc|Mac|Di|De|Da|La|Le|Van|Fitz|O['’])[A-ZÀ-Þ]")
_CODE = re.compile(r"[_/\\=<>{}#@$|]|\d[^\W\d]{2}|::")
_TIME = re.compile(r"[\d:.,;\s-]+\Z")
_MARKUP = re.compile(r"<<|>>|\{\\|\\N|</?\w+>|&H[0-9A-F]{6}|[{};]\s*$|^\s*[\w.]+\s*=\s*\S|#line:")
_WORD_GAP = re.compile(r"[\s\W_]+")


@dataclass(frozen=True)
class Reading:
    """A file as one reader reads it, how sure that reader was of its format, and how many letters it has."""

    name: str
    what: str
    script: Script
    certainty: float = 1.0
    letters: int = 0

    @cached_property
    def lines(self) -> Counter[str | None]:
        """Lines by speaker; None for those that nobody owns."""
        return Counter(turn.speaker for turn in self.script.turns())

    @cached_property
    def told(self) -> float:
        """The share of the file's letters that somebody says."""
        said = sum(len(turn.text) for turn in self.script.turns() if turn.speaker is not None)
        return min(1.0, said / max(1, self.letters))

    @cached_property
    def odd(self) -> dict[str, int]:
        """Speakers that are no people, with their lines, the most first."""
        texts: dict[str, list[str]] = defaultdict(list)
        for number, turn in enumerate(self.script.turns()):
            if turn.speaker is not None and number < SAMPLE and len(texts[turn.speaker]) < 40:
                texts[turn.speaker].append(turn.text)
        found = {name: self.lines[name] for name, said in texts.items() if is_keyword(name) or not are_speech(said)}
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    @cached_property
    def fault(self) -> str:
        """Why this is no reading of a script; "" if it may be one."""
        if self.name in _TRUSTED:
            return ""
        people = [name for name in self.lines if name is not None]
        total = sum(self.lines[name] for name in people)
        odd = self.odd
        if total and sum(odd.values()) > MOST_ODD * total:
            shown = ", ".join(repr(name) for name in list(odd)[:4])
            return f"its speakers would be {shown}: words of a file format or of its layout, not people"
        if self.name == "plain" and self.lines[None] == 0 and self.told < LEAST_TOLD:
            return f"only {self.told:.1%} of the text would be anybody's speech: that is prose, not a script"
        if self.name == "plain" and self.lines[None] > MOST_UNLABELLED * total:
            whole = total + self.lines[None]
            return f"only {total} of {whole} paragraphs would have a speaker: that is prose, not a script"
        if len(people) >= MANY_ONCE and len(people) > ONCE_SHARE * total:
            shown = ", ".join(repr(name) for name in people[:4])
            return f"nearly every speaker would have one line only ({shown} ...): that is a list, not a script"
        return ""


#: Formats that say themselves what is a speaker and what is speech.
_TRUSTED = frozenset(
    ["fdx", "tei", "playxml", "convokit", "cornell", "fountain", "trelby", "osf", "card", "renpy", "yarn", "kag"]
)


def is_keyword(name: str) -> bool:
    """Whether a speaker's name is a word of a file format, a time or a piece of code."""
    bare = _WORD_GAP.sub("", name).lower()
    if not bare or _TIME.match(name) or bare in _KEYWORDS:
        return True
    humped = _HUMPS.search(name) is not None and not _HUMPED_NAME.search(name) and " " not in name
    return (humped and len(name) > 5 and not name[0].islower() and len(_HUMPS.findall(name)) > 1) or (
        _CODE.search(name) is not None and " " not in name
    )


def are_speech(texts: list[str]) -> bool:
    """Whether texts read as speech: mostly letters, and not mostly markup."""
    whole = "".join(texts)
    visible = len(whole) - whole.count(" ")
    letters = sum(map(str.isalpha, whole))
    if letters < 0.55 * visible and visible > 12:
        return False
    return sum(bool(_MARKUP.search(text)) for text in texts) * 2 <= len(texts)

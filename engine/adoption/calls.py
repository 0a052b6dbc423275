"""What people call each other: `Ross`, where the cues say ROSS GELLER. Counted in what they say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from engine.adoption.talk import Talk

#: A form that is heard so often is what somebody is called; fewer times may be chance.
LEAST = 2
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def calls(talk: Talk) -> tuple[Mapping[str, str], Mapping[tuple[str, str], str]]:
    """What everybody is called by most, and what by one person in particular, where that is not the name on the sheet.

    Forms are the name, the aliases, and single words of the name; a longer form that holds a shorter one counts alone.
    """
    forms = {who: _forms(talk, who) for who in talk.people}
    heard: dict[tuple[str, str], Counter[str]] = {}
    everybody: dict[str, Counter[str]] = {who: Counter() for who in talk.people}
    for line in talk.lines:
        said = set(_WORD.findall(line.text))
        for to, known in forms.items():
            if known and to != line.who and not said.isdisjoint(known[0].split()):
                form = next((form for form in known[1:] if _within(form, line.text)), "")
                if form:
                    everybody[to][form] += 1
                    heard.setdefault((line.who, to), Counter())[form] += 1
    general = {to: _most(counts, talk.people[to]) for to, counts in everybody.items()}
    special = {pair: _most(counts, talk.people[pair[1]]) for pair, counts in heard.items()}
    return (
        {to: form for to, form in general.items() if form},
        {pair: form for pair, form in special.items() if form and form != general[pair[1]]},
    )


def _forms(talk: Talk, who: str) -> tuple[str, ...]:
    """All words of a name in one string first, then its forms, the longest first; nothing for a name of one word."""
    persona = talk.names.personas[who]
    words = _WORD.findall(persona.name)
    if len(words) < 2:
        return ()
    others = [word for word in words if len(word) > 2 and word[0].isupper() and talk.names.owner(word) == who]
    forms = dict.fromkeys([persona.name, *persona.aliases, *others])
    return (
        " ".join(words + [word for form in persona.aliases for word in form.split()]),
        *sorted(forms, key=len, reverse=True),
    )


def _within(form: str, text: str) -> bool:
    at = text.find(form)
    while at >= 0:
        end = at + len(form)
        if not (text[at - 1 : at].isalpha() or text[end : end + 1].isalpha()):
            return True
        at = text.find(form, at + 1)
    return False


def _most(counts: Counter[str], name: str) -> str:
    """The form that is heard most, if it is not the name itself and no accident."""
    form, count = counts.most_common(1)[0] if counts else ("", 0)
    return form if count >= LEAST and form != name and count > counts[name] else ""

"""Final Draft (.fdx) -> turns. Its paragraphs say what they are; only the cues need the care of Fountain's."""

from __future__ import annotations

import itertools
from pathlib import Path

from lxml import etree

from engine.corpus import safe_xml
from engine.corpus.cues import manner, name_of
from engine.corpus.places import is_nobody, is_place, is_transition
from engine.corpus.reader import Draft, Reader, no_dialogue, script
from engine.corpus.safe_xml import attribute, line_of, local
from engine.corpus.shapes import Shape, label_of
from engine.corpus.text import clean
from engine.corpus.turns import Script, Turn

EXAMPLE = (
    '<FinalDraft DocumentType="Script"><Content>\n'
    '<Paragraph Type="Character"><Text>MARÍA</Text></Paragraph>\n'
    '<Paragraph Type="Dialogue"><Text>I closed it.</Text></Paragraph>\n'
    "</Content></FinalDraft>"
)

#: Paragraphs that may stand within a speech and are none of its words.
_WITHIN = frozenset(["Singing", "Lyrics", "Lyric", "Song", "Note", "Cast List"])


def looks_like(text: str, suffix: str) -> float:
    return 1.0 if "<FinalDraft" in text[:4000] else 0.0


def read(text: str, path: Path) -> Script:
    """The script in a Final Draft file. Raises ScriptError if nobody speaks in it."""
    root = safe_xml.parse(text, path)
    content = next((child for child in root if local(child) == "content"), root)
    drafts = [Draft("", 1, [])]
    pending = _Speech()
    paragraphs = list(content.iter("{*}Paragraph"))
    kinds = [*(attribute(paragraph, "type") for paragraph in paragraphs), ""]
    for paragraph, (kind, following) in zip(paragraphs, itertools.pairwise(kinds), strict=True):
        words = _text(paragraph)
        if kind == "Dialogue":
            pending.spoken.append(words)
            pending.set_as_dialogue = True
        elif kind == "Parenthetical":
            pending.directions.append(words)
        elif kind in _WITHIN:
            continue  # what is sung is left out, and the speech goes on after it
        elif kind == "General" and pending.name and not pending.set_as_dialogue:
            pending.spoken.append(words)  # verse, which writers set without the margins of dialogue
        elif kind:
            pending.end(drafts[-1])
            pending = _Speech()
            if kind == "Character" or (following in {"Dialogue", "Parenthetical"} and _is_cue(words)):
                pending = _Speech(name_of(words), line_of(paragraph))
            elif kind in {"Scene Heading", "New Act"} and words.strip():
                drafts.append(Draft(clean(words), line_of(paragraph), []))
    pending.end(drafts[-1])
    looked_for = "paragraphs of type Character with one of type Dialogue after them, as Final Draft saves them"
    return script(path, _title(root), drafts, no_dialogue(path, looked_for, EXAMPLE))


class _Speech:
    """A cue and what has been found below it."""

    def __init__(self, name: str = "", line: int = 0):
        self.name, self.line = name, line
        self.spoken: list[str] = []
        self.directions: list[str] = []
        self.set_as_dialogue = False

    def end(self, draft: Draft) -> None:
        text = clean(" ".join(self.spoken))
        if not text:
            return
        said = manner(self.directions[0] if self.directions else "")
        draft.turns.append(Turn(self.name or None, text, said.tone, said.addressee, self.line))


def _is_cue(words: str) -> bool:
    """Whether a paragraph above dialogue is a cue, whatever style it got: a name in capitals, no heading."""
    label = label_of(words.replace("/", " AND ")) if not is_place(words) and not is_transition(words) else None
    return label is not None and label.shape is Shape.CAPITALS and not is_nobody(label.name)


def _text(paragraph: etree._Element) -> str:
    """The words of a paragraph: its own `Text` children, not those of the notes and beats inside it."""
    return "".join(child.text or "" for child in paragraph if local(child) == "text")


def _title(root: etree._Element) -> str:
    """The first centred line of the title page, which is where Final Draft's templates put the title."""
    for page in root.iter("{*}TitlePage"):
        for paragraph in page.iter("{*}Paragraph"):
            words = clean(_text(paragraph))
            if any(char.isalnum() for char in words):
                return words
    return ""


READER = Reader("fdx", "Final Draft", (".fdx",), looks_like, read, EXAMPLE)

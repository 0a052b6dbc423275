"""Scripts of games -> turns: Ren'Py, Yarn and Ink. Code, commands, choices and tags are left out, speech stays.

Readers of our own: the libraries of these formats run them; what is wanted here is every line, of every branch.
"""

from __future__ import annotations

import re
from pathlib import Path

from engine.corpus.cues import capitalised, name_of
from engine.corpus.reader import Draft, Reader, no_dialogue, script
from engine.corpus.shapes import label_of
from engine.corpus.text import clean, lines_of, sayable
from engine.corpus.turns import Script, Turn

RENPY_EXAMPLE = 'define m = Character("María")\n\nlabel start:\n    m "I closed it."'
YARN_EXAMPLE = "title: Kitchen\n---\nMaría: I closed it. #line:01\n<<jump Hall>>\n==="
INK_EXAMPLE = "=== kitchen ===\nMaría: I closed it.\n* [Leave] -> hall"

_DEFINED = re.compile(
    r"^[ \t]*+(?:define|default|\$)?[ \t]*+(?:-?\d+[ \t]++)?(\w++)[ \t]*+=[ \t]*+(?:\w+\.)?(?:Character|DynamicCharacter|ADVCharacter|NVLCharacter)\([ \t]*"
    r"(?:_\()?[ \t]*(None|[\"'][^\"'\n]*[\"'])?",
    re.MULTILINE,
)
_SAY = re.compile(
    r"[ \t]*(?:([^\W\d]\w*)((?:[ \t]+[@\w.-]+){0,6})[ \t]+|(\"(?:[^\"\\]|\\.){1,80}\")[ \t]+)?\"((?:[^\"\\]|\\.)*)\"(?:[ \t]+(?:with|nointeract|id)\b.*|[ \t]*\([^()]*\))?[ \t]*$"
)
_LABEL = re.compile(r"[ \t]*label[ \t]+([\w.]+)")
_NOT_SAY = frozenset(
    [
        "play",
        "stop",
        "queue",
        "scene",
        "show",
        "hide",
        "with",
        "jump",
        "call",
        "return",
        "label",
        "menu",
        "if",
        "elif",
        "else",
        "while",
        "python",
        "init",
        "image",
        "define",
        "default",
        "transform",
        "screen",
        "style",
        "pause",
        "window",
        "voice",
        "text",
        "textbutton",
        "add",
        "use",
        "has",
        "vbox",
        "hbox",
        "frame",
        "imagebutton",
        "key",
        "timer",
        "action",
        "tooltip",
        "old",
        "new",
        "translate",
        "input",
        "bar",
        "viewport",
        "font",
        "at",
        "on",
        "style_prefix",
        "side",
        "grid",
        "xalign",
        "yalign",
        "id",
        "renpy",
        "extend",
        "nvl",
    ]
)
_TEXT_TAGS = re.compile(r"\{/?[a-zA-Z#=][^{}\n]{0,60}\}|\[[^\[\]\n]{1,60}\]")
_MENU = re.compile(r"[ \t]*\"(?:[^\"\\]|\\.)*\"[ \t]*(?:if\b[^\n]*)?:[ \t]*$")

_YARN_TAG = re.compile(r"(?:^|[ \t])#[\w:.-]+|//.*")
_COMMAND = re.compile(r"<<[^<>\n]*>>")
_MARKUP = re.compile(r"\[/?\w[^\[\]\n]{0,80}\]|\[/\]|\{[^{}\n]{0,80}\}")
_HEADER = re.compile(r"^title:[ \t]*(\S.*)$", re.MULTILINE | re.IGNORECASE)

_QUOTES = frozenset("\"“'‘«„")
_KNOT = re.compile(r"[ \t]*(={1,3})[ \t]*(?:function[ \t]+)?([\w]+)")
_INK_CODE = re.compile(
    r"[ \t]*(?:~|VAR\b|CONST\b|LIST\b|INCLUDE\b|EXTERNAL\b|TODO:|\{[^{}]*:?[ \t]*$|\}[ \t]*$|-[ \t]*\w+[ \t]*:[ \t]*$|->|<-)"
)
_GATHER = re.compile(r"[ \t]*(?:[-*+][ \t]*)+(?:\([\w]+\)[ \t]*)?(?:\{[^{}]*\}[ \t]*)?")
_DIVERT = re.compile(r"(?<![ \t])[ \t]*+(?:->|<-).*|<>|#[^#\n]*$|//.*")
_CHOICE = re.compile(r"\[[^\[\]]*\]")


def looks_like_renpy(text: str, suffix: str) -> float:
    head = text[:60_000]
    if suffix == ".rpy":
        return 0.96
    return 0.93 if _DEFINED.search(head) or re.search(r"^label \w+:[ \t]*$", head, re.MULTILINE) else 0.0


def read_renpy(text: str, path: Path) -> Script:
    """The say statements of a Ren'Py script, every branch of it; a label begins a scene. What has no name is nobody's."""
    text = lines_of(text)
    names: dict[str, str | None] = {}
    for match in _DEFINED.finditer(text):
        shown = (match[2] or "").strip("\"'")
        names[match[1]] = (
            None if match[2] in {None, "None"} else name_of(_TEXT_TAGS.sub("", shown)) or _by_variable(match[1])
        )
    drafts = [Draft("", 1, [])]
    for line, row in enumerate(text.split("\n"), 1):
        label = _LABEL.match(row)
        if label:
            drafts.append(Draft(label[1].replace("_", " "), line, []))
            continue
        if '"' not in row or len(row) > 4000 or _MENU.match(row):
            continue
        said = _SAY.match(row)
        if not said or said[1] in _NOT_SAY:
            continue
        who = names.get(said[1], _by_variable(said[1])) if said[1] else name_of(said[3].strip('"')) if said[3] else None
        words = clean(_TEXT_TAGS.sub("", said[4].replace('\\"', '"').replace("\\n", " ")))
        # What follows a word that no file defines is speech only if it reads like it: screens hold names of pictures.
        known = not said[1] or said[1] in names or (" " in words and "/" not in words)
        if sayable(words) and known:
            drafts[-1].turns.append(Turn(who, words, line=line))
    return script(
        path, "", drafts, no_dialogue(path, "say statements: a character and a text in quotation marks", RENPY_EXAMPLE)
    )


def _by_variable(name: str) -> str:
    """A character that is defined in another file goes by the name of its variable."""
    return capitalised(name.replace("_", " "))


def looks_like_yarn(text: str, suffix: str) -> float:
    head = text[:60_000]
    node = _HEADER.search(head) and re.search(r"^---[ \t]*$", head, re.MULTILINE)
    return 0.97 if node and (suffix == ".yarn" or re.search(r"^===[ \t]*$", text, re.MULTILINE)) else 0.0


def read_yarn(text: str, path: Path) -> Script:
    """The lines of Yarn Spinner's nodes, options among them as what the player's character may say."""
    drafts: list[Draft] = []
    inside = False
    title = ""
    for line, row in enumerate(lines_of(text).split("\n"), 1):
        bare = row.strip()
        if bare == "===":
            inside, title = False, ""
        elif bare == "---" and not inside:
            inside = True
            drafts.append(Draft(title, line, []))
        elif not inside:
            found = _HEADER.match(bare)
            title = found[1].strip() if found else title
        elif bare and not bare.startswith(("//", "#")):
            option = bare.startswith("->")
            words = _YARN_TAG.sub("", _COMMAND.sub(" ", bare.removeprefix("->").removeprefix("=>")))
            labelled(drafts[-1], words, line, keep=not option)
    return script(path, "", drafts, no_dialogue(path, "nodes with `Name: line` between --- and ===", YARN_EXAMPLE))


def looks_like_ink(text: str, suffix: str) -> float:
    head = text[:60_000]
    if suffix == ".ink":
        return 0.95
    knot = re.search(r"^={2,3}[ \t]*\w++[ \t]*+(?:={2,3})?+[ \t]*+$", head, re.MULTILINE)
    return 0.91 if knot and re.search(r"^.*->[ \t]*+\w++[ \t]*+$", head, re.MULTILINE) else 0.0


def read_ink(text: str, path: Path) -> Script:
    """The lines of an Ink story that name a speaker; knots and stitches begin scenes. Narration is left out."""
    drafts = [Draft("", 1, [])]
    text = _uncommented(lines_of(text))
    narrated = 0
    for line, row in enumerate(text.split("\n"), 1):
        knot = _KNOT.match(row)
        if knot:
            drafts.append(Draft(knot[2].replace("_", " "), line, []))
        elif row.strip() and len(row) < 8000 and not row.lstrip().startswith("//") and not _INK_CODE.match(row):
            marks = _GATHER.match(row)
            words = _CHOICE.sub(" ", row[marks.end() if marks else 0 :])
            narrated += not labelled(drafts[-1], _DIVERT.sub("", words), line, keep=False)
    notes = [f"{narrated} rows without a speaker are narration and were left out"] if narrated else []
    return script(path, "", drafts, no_dialogue(path, "rows of the form `Name: line`", INK_EXAMPLE), notes=notes)


def _uncommented(text: str) -> str:
    """Text without `/* ... */`, every row still in its place; what is never closed is no comment."""
    pieces: list[str] = []
    at = 0
    while (start := text.find("/*", at)) >= 0 and (stop := text.find("*/", start + 2)) >= 0:
        pieces += [text[at:start], "\n" * text.count("\n", start, stop)]
        at = stop + 2
    return "".join([*pieces, text[at:]])


def labelled(draft: Draft, words: str, line: int, *, keep: bool) -> bool:
    """Add `Name: words` to a scene, and words without a name as nobody's if `keep`; whether there was a name."""
    head, colon, rest = words.partition(":")
    # A row that begins with a quotation mark is narration that quotes somebody.
    quoted = head.lstrip()[:1] in _QUOTES
    label = label_of(head) if colon and rest[:1] in {" ", "\t"} and len(head) < 60 and not quoted else None
    said = clean(_MARKUP.sub("", rest if label else words))
    if sayable(said) and (label or keep):
        draft.turns.append(
            Turn(label.name if label else None, said.strip('"') if said.count('"') == 2 else said, line=line)
        )
    return label is not None


RENPY = Reader("renpy", "Ren'Py script", (".rpy",), looks_like_renpy, read_renpy, RENPY_EXAMPLE)
YARN = Reader("yarn", "Yarn Spinner dialogue", (".yarn",), looks_like_yarn, read_yarn, YARN_EXAMPLE)
INK = Reader("ink", "Ink story", (".ink",), looks_like_ink, read_ink, INK_EXAMPLE)
READERS = (RENPY, YARN, INK)

"""Stories that branch -> turns: TyranoScript and KAG, Dialogue Manager, Twine. Commands, links and choices are left out.

Narration is nobody's in TyranoScript, where a mark says that nobody speaks; elsewhere a row without a name is left out.
"""

from __future__ import annotations

import re
from pathlib import Path

from engine.corpus.cues import name_of
from engine.corpus.games import labelled
from engine.corpus.reader import Draft, Reader, no_dialogue, script
from engine.corpus.speech import spoken
from engine.corpus.text import lines_of
from engine.corpus.turns import Script, Turn

KAG_EXAMPLE = "*kitchen\n#María\nI closed it.[p]"
DIALOGUE_EXAMPLE = "~ kitchen\nMaría: I closed it.\n=> END"
TWEE_EXAMPLE = ":: Kitchen\nMaría: I closed it.\n[[Leave->Hall]]"

_KAG_TAG = re.compile(r"\[[^\[\]\n]*\]")
_KAG_NAME = re.compile(r"#([^\n:]*)(?::[^\n]*)?$")
_ISCRIPT = frozenset(["[iscript]", "@iscript"])
_ENDSCRIPT = frozenset(["[endscript]", "@endscript"])

_CUE = re.compile(r"^~[ \t]+\w+[ \t]*$", re.MULTILINE)
_GOES_ON = re.compile(r"^[ \t]*=>", re.MULTILINE)
_CODE = re.compile(r"=>|~|#|(?:import|using|if|elif|else|while|match|when|do|set)\b|\[(?:if|else|/if)\b")
_CHANCE = re.compile(r"%(?:\d+(?:\.\d+)?)?[ \t]+")
_INLINE = re.compile(r"\[[^\[\]\n]*\]|\{\{[^{}\n]*\}\}")
_AFTER = re.compile(r"=>.*")

_PASSAGE = re.compile(r"^::[ \t]*([^\s\[{][^\[{\n]{0,200})", re.MULTILINE)
_STORY = re.compile(
    r"^::[ \t]*Story(?:Data|Title)\b|^::[^\[{\n]*[\[{][^\n]*[\]}][ \t]*$|\[\[[^\[\]\n]{1,200}\]\]", re.MULTILINE
)
#: A story with so many rows of narration to each of speech is prose.
_MOST_NARRATED = 20
#: Passages that hold no story.
_MACHINERY = frozenset(["storytitle", "storydata", "storysettings", "storyinit", "storymenu", "storycaption"])
_EMPHASIS = re.compile(r"''|\*\*|__|(?<!:)//")
_MACRO = re.compile(r"<<[^<>\n]*>>|\[\[[^\[\]\n]*\]\]|</?\w[^<>\n]*>|^[ \t]*\([\w-]+:.*$|\$\w+", re.MULTILINE)


def looks_like_kag(text: str, suffix: str) -> float:
    head = text[:60_000]
    page = re.search(r"\[(?:p|l|r|cm)[ \t]*\]", head)
    if not page:
        return 0.0
    return 0.95 if suffix == ".ks" else 0.91 if re.search(r"^#[^\s#][^\n]*$", head, re.MULTILINE) else 0.0


def read_kag(text: str, path: Path) -> Script:
    """The messages of a TyranoScript or KAG scenario: `#Name` names who says the rows below, `#` alone nobody; a label
    (`*kitchen`) begins a scene. A name may have a face behind a colon. Raises ScriptError if nobody is named.
    """
    drafts = [Draft("", 1, [])]
    name, code = "", False
    said: list[str] = []
    start = 0

    def end() -> None:
        words = spoken(" ".join(said))
        if words:
            drafts[-1].turns.append(Turn(name or None, words, line=start))
        said.clear()

    for line, row in enumerate(lines_of(text).split("\n"), 1):
        bare = row.strip()
        if bare in _ISCRIPT or bare in _ENDSCRIPT:
            code = bare in _ISCRIPT
        if code or not bare or bare.startswith((";", "@")):
            continue
        cue = _KAG_NAME.match(bare)
        if cue or bare.startswith("*"):
            end()
            name = name_of(cue[1]) if cue else name
            if not cue:
                drafts.append(Draft(bare.strip("*").partition("|")[0].replace("_", " "), line, []))
            continue
        for number, part in enumerate(re.split(r"\[p[ \t]*\]", bare)):
            if number:
                end()
            words = _KAG_TAG.sub(" ", part)
            if words.strip():
                start = start if said else line
                said.append(words)
    end()
    if not any(turn.speaker for draft in drafts for turn in draft.turns):
        drafts = []
    return script(path, "", drafts, no_dialogue(path, "rows of the form `#Name` above what is said", KAG_EXAMPLE))


def looks_like_dialogue(text: str, suffix: str) -> float:
    if not _CUE.search(text):
        return 0.0
    return 0.96 if suffix == ".dialogue" else 0.91 if _GOES_ON.search(text) else 0.0


def read_dialogue(text: str, path: Path) -> Script:
    """The lines of a file of Godot's Dialogue Manager, of every branch: `~ title` begins a scene, `- ` a response of the
    player's, `=>` a jump. Raises ScriptError if no row names a speaker.
    """
    drafts = [Draft("", 1, [])]
    for line, row in enumerate(lines_of(text).split("\n"), 1):
        bare = row.strip()
        if bare.startswith("~ "):
            drafts.append(Draft(bare[2:].replace("_", " "), line, []))
        elif bare and not _CODE.match(bare):
            words = _CHANCE.sub("", bare.removeprefix("- ").removeprefix("| "), count=1) if bare[0] in "%-|" else bare
            labelled(drafts[-1], _AFTER.sub("", _INLINE.sub("", words)).rstrip(), line, keep=False)
    return script(
        path, "", drafts, no_dialogue(path, "rows of the form `Name: line` below `~ title`", DIALOGUE_EXAMPLE)
    )


def looks_like_twee(text: str, suffix: str) -> float:
    if not _PASSAGE.match(text.lstrip()):
        return 0.0
    return 0.95 if suffix in {".twee", ".tw", ".twee3"} else 0.91 if _STORY.search(text[:60_000]) else 0.0


def read_twee(text: str, path: Path) -> Script:
    """The lines of a Twine story in Twee that name a speaker; a passage is a scene. Narration is left out.

    Raises ScriptError if no row names a speaker.
    """
    drafts: list[Draft] = []
    title, passage, narrated = "", "", 0
    for line, row in enumerate(lines_of(text).split("\n"), 1):
        found = _PASSAGE.match(row)
        if found:
            passage = found[1].strip()
            drafts.append(Draft(passage, line, []))
        elif passage.lower() == "storytitle":
            title = title or row.strip()
        elif row.strip() and not row.lstrip().startswith(("#", "!")) and passage.lower() not in _MACHINERY and drafts:
            words = _EMPHASIS.sub("", _MACRO.sub(" ", row)).strip()
            narrated += bool(words) and not labelled(drafts[-1], words, line, keep=False)
    if narrated > _MOST_NARRATED * sum(len(draft.turns) for draft in drafts):
        drafts = []  # prose: the odd `Chapter: title` in it names nobody
    notes = [f"{narrated} rows without a speaker are narration and were left out"] if narrated else []
    refusal = no_dialogue(path, "rows of the form `Name: line` in the passages", TWEE_EXAMPLE)
    return script(path, title, drafts, refusal, notes=notes)


KAG = Reader("kag", "TyranoScript scenario", (".ks",), looks_like_kag, read_kag, KAG_EXAMPLE)
DIALOGUE = Reader(
    "dialogue", "Dialogue Manager dialogue", (".dialogue",), looks_like_dialogue, read_dialogue, DIALOGUE_EXAMPLE
)
TWEE = Reader("twee", "Twine story", (".twee", ".tw"), looks_like_twee, read_twee, TWEE_EXAMPLE)
READERS = (KAG, DIALOGUE, TWEE)

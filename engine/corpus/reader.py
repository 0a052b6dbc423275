"""What every reader is: a name, a way to recognise its format, a way to read it, and an example to show."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from engine.corpus.text import language_of
from engine.corpus.turns import Scene, Script, Turn
from engine.errors import ScriptError


@dataclass(frozen=True)
class Reader:
    """One format of text. `looks_like` gets the text and the file's suffix in lower case and says how sure it is, from
    0 to 1 (no other format begins like this); `read` raises ScriptError."""

    name: str
    what: str
    suffixes: tuple[str, ...]
    looks_like: Callable[[str, str], float]
    read: Callable[[str, Path], Script]
    example: str


@dataclass(frozen=True)
class FileReader:
    """One format of bytes. `looks_like` gets the first bytes and the suffix; `read` gets all of them.

    `read` raises ScriptError, whatever is wrong with the file.
    """

    name: str
    what: str
    suffixes: tuple[str, ...]
    looks_like: Callable[[bytes, str], bool]
    read: Callable[[bytes, Path], Script]


@dataclass
class Draft:
    """A scene while it is being read."""

    heading: str
    line: int
    turns: list[Turn]


def script(
    path: Path,
    title: str,
    drafts: Iterable[Draft],
    refusal: ScriptError,
    language: str = "",
    notes: Iterable[str] = (),
) -> Script:
    """The script of some drafts, those without speech left out; without a `language` it is guessed from the speech.

    Raises `refusal` if nobody speaks in any of them.
    """
    scenes = tuple(Scene(draft.heading, tuple(draft.turns), None, draft.line) for draft in drafts if draft.turns)
    if not scenes:
        raise refusal
    return Script(path, title or path.stem, scenes, language or guess(scenes), tuple(notes))


def guess(scenes: Iterable[Scene]) -> str:
    """The language of the first speeches of some scenes."""
    turns = (turn.text for scene in scenes for turn in scene.turns)
    return language_of(" ".join(itertools.islice(turns, 300)))


def no_dialogue(path: Path, looked_for: str, example: str) -> ScriptError:
    """The refusal of a text in which nobody speaks."""
    shown = "\n".join(f"    {row}" for row in example.split("\n"))
    return ScriptError(f"{path}: no dialogue found: looked for {looked_for}, such as:\n\n{shown}")

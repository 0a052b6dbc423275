"""What in an adopted troupe belongs to it, and what somebody has put there or changed since. Keeps a list of its files."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine import __version__
from engine.adoption.design import MARK
from engine.errors import TroupeError
from engine.files import digest
from engine.voices.registry import TURNS

#: What training writes into a troupe, and may write anew at any time.
_TRAINED = ("cast/voices/", f"cast/{TURNS}")
#: Where everything belonged to the troupe before a list was kept.
_ALL = ("cast/", "corpora/", "scenes/", "README.md")
#: What is put behind the name of a file whose place a new one takes.
KEPT = ".kept"


@dataclass(frozen=True)
class Belongings:
    """The files of a folder, by their path in it: `own`, of those `edited` since they were written, and `foreign`."""

    own: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()


def listed(root: Path, origin: str = "") -> str:
    """The text of the file that marks a troupe as made here: its files and their digests, and where it is one of many what
    names it by all that it was made from."""
    written = [name for name in sorted(_names(root)) if name != MARK and not _trained(name)]
    files = {name: digest((root / name).read_bytes()) for name in written}
    made = {"made by": "engine.adopt", "version": __version__, **({"from": origin} if origin else {})}
    return json.dumps({**made, "files": files}, ensure_ascii=False) + "\n"


def origin_of(root: Path) -> str:
    """What the mark of a troupe says it was made from; nothing where it says nothing, or there is none."""
    try:
        return str(json.loads((root / MARK).read_text(encoding="utf-8"))["from"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""


def belongings(root: Path) -> Belongings:
    """What belongs to the troupe in a folder. An older mark without a list owns what lies in its three folders."""
    known = _known(root)
    own, edited, foreign = [], [], []
    for name in sorted(_names(root)):
        if name == MARK or _trained(name) or (known is None and name.startswith(_ALL)) or (known and name in known):
            own.append(name)
            if known and name in known and not _same(root / name, known[name]):
                edited.append(name)
        else:
            foreign.append(name)
    return Belongings(tuple(own), tuple(edited), tuple(foreign))


def carry(names: tuple[str, ...], old: Path, new: Path) -> list[str]:
    """Give foreign files of the old folder their places in the new one; returns those that lost theirs, as they are now.

    Raises TroupeError for what is neither a file nor a link.
    """
    moved = []
    for name in names:
        source, target = old / name, new / name
        if not stat.S_ISREG(source.lstat().st_mode) and not source.is_symlink():
            raise TroupeError(f"{source}: not of this troupe, and no file that can be kept; move it out of the way")
        while os.path.lexists(target):
            target = target.with_name(target.name + KEPT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target, follow_symlinks=False)
        if target != new / name:
            moved.append(str(target.relative_to(new)))
    return moved


def _names(root: Path) -> Iterator[str]:
    """Every file and link below a folder; links are not followed."""
    for folder, folders, files in os.walk(root):
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        for name in (*files, *links):
            yield Path(folder, name).relative_to(root).as_posix()


def _trained(name: str) -> bool:
    return name.startswith(_TRAINED)


def _known(root: Path) -> dict[str, str] | None:
    """The list of a troupe's mark; None where it has none."""
    try:
        files = json.loads((root / MARK).read_text(encoding="utf-8"))["files"]
        return {str(name): str(found) for name, found in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _same(path: Path, known: str) -> bool:
    try:
        return not path.is_symlink() and digest(path.read_bytes()) == known
    except OSError:
        return False

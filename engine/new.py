"""`telenovela new troupe|character|scene NAME`: a commented beginning that checks and plays at once."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from engine import codes
from engine.command import parse, parser, run
from engine.files import from_here
from engine.skeletons import write
from engine.troupe import Troupe, shipped


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser(
        "new",
        "Begin something: a troupe (a folder of its own), or a character or a scene of the troupe around this folder.",
        "troupe mytroupe",
        'character "Doña Vera" --troupe mytroupe',
        'scene "The Storm" --cast vera ana',
    )
    options.add_argument("what", choices=("troupe", "character", "scene"), help="what to begin")
    options.add_argument("name", metavar="NAME", help="the troupe's folder, the character's name, the scene's title")
    options.add_argument(
        "--troupe",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="where a character or a scene belongs (default: here)",
    )
    options.add_argument("--language", choices=codes.LANGUAGES, help="the language that is spoken (default: en)")
    options.add_argument("--show", metavar="NAME", help="a character's folder of corpora/ (default: the only one)")
    options.add_argument("--cast", nargs="+", default=[], metavar="WHO", help="who is in a scene, by sheet name")
    given = parse(options, arguments)
    return run(lambda: begin(given))


def begin(given: argparse.Namespace) -> int:
    """Write it, and say what to do with it. Raises TroupeError, VoiceError."""
    if given.what == "troupe":
        write.troupe(Path(given.name), shipped(), given.language or "en")
        _tell(Path(given.name), f"telenovela scene {Path(given.name) / 'scenes' / 'first.yaml'}")
        return 0
    home = Troupe.around(given.troupe)
    if given.what == "character":
        where = "" if given.troupe == Path() else f" --troupe {given.troupe}"
        path = from_here(write.character(home, given.name, given.language or "en", given.show))
        _tell(path, f"telenovela check {path}", f"telenovela new scene NAME{where} --cast {path.stem} ...")
    else:
        path = from_here(write.scene(home, given.name, given.cast, given.language))
        _tell(path, f"telenovela scene {path}")
    return 0


def _tell(path: Path, *further: str) -> None:
    print(f"Wrote {path}. Change it, and try:")
    for command in further:
        print(f"  {command}")


if __name__ == "__main__":
    sys.exit(main())

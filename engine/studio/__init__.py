"""The writers' room: a scene that is played, taken again, edited and branched, in the terminal and in the browser.

This is the command, `python -m engine.studio [SCENE]`; `engine.studio.session` is the room without a screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine import codes
from engine.command import parse, parser, run, whole


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser(
        "studio",
        "The writers' room: play a scene, take any line again, edit, branch, play a part yourself, change a sheet and "
        "hear it. All that is done is kept in a journal, SCENE.journal.jsonl in this folder, and taken up again.",
        "party                # the shipped scene, in the terminal",
        "party --plain        # the same room as plain lines, for screen readers and pipes",
        "party --web          # the same room in the browser, and a page for an audience",
    )
    options.add_argument(
        "scene",
        type=Path,
        nargs="?",
        metavar="SCENE",
        help="a scene sheet, or the name of one in scenes/ (default: party)",
    )
    options.add_argument("--seed", type=whole(0), default=1, help="another seed, another evening (default: 1)")
    options.add_argument(
        "--turns", type=whole(1), metavar="N", help="bring on the closing beat once N lines were spoken"
    )
    options.add_argument("--arc", choices=codes.ARCS, help="colour every line with this plot arc")
    options.add_argument("--journal", type=Path, metavar="FILE", help="where the session is kept")
    options.add_argument("--new", action="store_true", help="begin anew; the journal that is there gets another name")
    options.add_argument("--plain", action="store_true", help="no screen: a command a line (help lists them)")
    options.add_argument("--understudies", action="store_true", help="play without the voices: at once, and nonsense")
    options.add_argument("--web", action="store_true", help="serve the room to a browser on this machine")
    options.add_argument("--port", type=whole(0), default=8000, help="with --web: the port of the room (default: 8000)")
    options.add_argument("--own", action="store_true", help="with --web: every visitor has a session of his own")
    options.add_argument(
        "--visitors", type=whole(1), default=4, metavar="N", help="with --web: so many at a time (default: 4)"
    )
    options.add_argument(
        "--audience",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="with --web: where the page for an audience is served; 0.0.0.0 shows it to phones in this network",
    )
    given = parse(options, arguments)

    def body() -> int:
        # Here, since neither --help nor a mistake waits for what plays.
        from engine.studio.opening import open_room

        return open_room(given)

    return run(body)

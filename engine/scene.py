"""`python -m engine.scene SCENE.yaml`: plays a scene in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from engine import codes, signals
from engine.command import parse, parser, run, whole
from engine.performance import Entry
from engine.screen import export
from engine.screen.keys import Keys
from engine.screen.playback import PACES, Playback, Player
from engine.speech.copying import Nearest
from engine.stage.production import Theatre
from engine.stage.stage import Stage
from engine.stage.world import Production
from engine.text import printable
from engine.troupe import Troupe, find_sheet


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser(
        "scene",
        "Play a scene. While a line is typed, any key shows the rest of it at once; Ctrl-C ends the scene.",
        "party                                   # the shipped scene; another --seed, another evening",
        "scenes/party.yaml --seed 7 --why        # a sheet of yours, with the reasons of each line",
        "party --plain --turns 6 --save p.fountain",
    )
    options.add_argument(
        "scene", type=Path, metavar="SCENE", help="a scene sheet, or the name of one in scenes/ (telenovela list)"
    )
    options.add_argument("--seed", type=whole(0), default=1, help="another seed, another evening (default: 1)")
    options.add_argument(
        "--turns",
        type=whole(1),
        metavar="N",
        help="bring on the closing beat once N lines were spoken; its scripted lines, and the fewest of the voices, come on top",
    )
    options.add_argument("--arc", choices=codes.ARCS, help="colour every line with this plot arc")
    options.add_argument(
        "--pace", choices=tuple(PACES), default="normal", help="how fast lines are typed (default: normal)"
    )
    options.add_argument(
        "--plain", action="store_true", help="no colour, no animation (also when stdout is no terminal)"
    )
    options.add_argument("--why", action="store_true", help="under each line: why this speaker, why this line")
    options.add_argument(
        "--save", type=Path, metavar="FILE", help=f"save the performance ({', '.join(export.FORMATS)})"
    )
    options.add_argument(
        "--map", type=Path, metavar="FILE", help="draw the relations before and after (.mmd, .dot, .svg)"
    )
    given = parse(options, arguments)
    return run(
        lambda: play(
            given.scene, given.seed, given.turns, given.arc, given.pace, given.plain, given.why, given.save, given.map
        )
    )


def play(
    scene: Path,
    seed: int,
    turns: int | None,
    arc: str | None,
    pace: str,
    plain: bool,
    why: bool,
    save: Path | None,
    drawn: Path | None,
) -> int:
    if save is not None:
        export.check(save)
    if drawn is not None:
        export.check_map(drawn)
    scene = find_sheet(scene)
    theatre = Theatre(Troupe.around(scene))
    production = theatre.production(scene, seed)
    _tell_borrowed(theatre, production)
    stage = Stage(production, turns, arc)
    nearest = _script_lines(theatre.troupe) if why else None
    with Keys() as keys:
        playback = Playback.on(sys.stdout, plain=plain, pace=pace, why=why, pause=keys.wait)  # type: ignore[arg-type]
        playback.title_card(
            production.scenario.title, production.scenario.setting, players(production), production.language
        )
        try:
            for entry in playback.waited(stage.play()):
                # Plain lines have no pictures beside them.
                relations = None if playback.plain else stage.picture()
                playback.show(_with_nearest(entry, nearest), relations)
            playback.close(stage.performance())
        except KeyboardInterrupt:
            with suppress(OSError):  # a closed window
                for file in filter(None, (save, drawn)):
                    print(printable(f"broken off; what was played is saved in {file}"), file=sys.stderr)
            raise
        finally:
            # Also after Ctrl-C: what was played so far is kept.
            with signals.held():
                if save is not None:
                    colours = {player.name: player.colour for player in players(production)}
                    export.write(stage.performance(), save, colours)
                if drawn is not None:
                    export.write_map(stage.performance(), drawn)
    return 0


def _tell_borrowed(theatre: Theatre, production: Production) -> None:
    """Say once who speaks with another voice than her own: it is why she sounds like everybody."""
    by_voice: dict[str, list[str]] = {}
    for who in production.scenario.cast:
        voice, persona = theatre.company.grounds.borrowed(who), production.personas[who]
        if voice:
            by_voice.setdefault(theatre.company.grounds.label(persona.language, voice), []).append(persona.name)
    for voice, names in by_voice.items():
        has = "has no voice of her own and speaks" if len(names) == 1 else "have no voices of their own and speak"
        said = f"note: {', '.join(names)} {has} with '{voice}'; telenovela check says what it takes"
        print(printable(said), file=sys.stderr)


def _script_lines(troupe: Troupe) -> Nearest:
    """The copy meter's index of all script lines; built only to answer `--why`."""
    return Nearest(
        (turn.text, troupe.relative(script.path), turn.line) for script in troupe.scripts for turn in script.turns()
    )


def _with_nearest(entry: Entry, nearest: Nearest | None) -> Entry:
    """The entry as it is shown: under a line of the voices, the script line that is nearest to it."""
    line = entry.why.line
    if nearest is None or line is None:
        return entry
    return replace(entry, why=replace(entry.why, line=replace(line, nearest=nearest.find(entry.text))))


def players(production: Production) -> list[Player]:
    """Who is on the title card, in the order of the scene's cast."""
    personas = [production.personas[who] for who in production.scenario.cast]
    return [Player(persona.name, persona.colour, persona.description) for persona in personas]


if __name__ == "__main__":
    sys.exit(main())

"""`python -m engine.scene SCENE.yaml`: plays a scene in the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, nullcontext, suppress
from dataclasses import replace
from pathlib import Path

from engine import codes, signals
from engine.command import parse, parser, run, whole
from engine.performance import Entry, Performance
from engine.screen import export
from engine.screen.keys import HELP, Keys, Quit
from engine.screen.playback import PACES, Playback, Player
from engine.screen.waiting import ahead
from engine.speech.copying import Nearest
from engine.stage.production import Theatre
from engine.stage.stage import Stage
from engine.stage.world import Production
from engine.text import printable
from engine.troupe import Troupe, find_sheet


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser(
        "scene",
        "Play a scene. In a terminal, space holds it and lets it go on; the right arrow (or page down) shows the rest of a "
        "line at once and goes on to the next; q ends the scene and saves what was played to --save FILE, or else to "
        "SCENE-SEED.fountain in this folder. Ctrl-C ends it too, and saves where --save or --map is given.",
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
    keys = Keys()
    playback = Playback.on(sys.stdout, plain=plain, pace=pace, why=why, pause=keys.wait)  # type: ignore[arg-type]
    played, broken_off = stage.performance(), False
    with nullcontext() if playback.plain else keys, closing(ahead(_played(stage), keys.wait)) as coming:
        playback.title_card(
            production.scenario.title, production.scenario.setting, players(production), production.language
        )
        if keys.active:
            playback.note(f"{HELP} and save")
        try:
            for entry, played in playback.waited(coming):
                playback.show(_with_nearest(entry, nearest), played.summary["relations"]["after"])
            played = stage.performance()
            playback.close(played)
        except Quit:
            broken_off, save = True, save or _free(Path(f"{production.key}-{seed}.fountain"))
            playback.close(played)
        except KeyboardInterrupt:
            broken_off = True
            raise
        finally:
            # Also after Ctrl-C: what was shown so far is kept.
            with signals.held():
                _keep(played, save, drawn, {player.name: player.colour for player in players(production)})
                if broken_off:
                    _tell_kept(played, save, drawn)
    return 0


def _played(stage: Stage) -> Iterator[tuple[Entry, Performance]]:
    """The entries of a scene, each with all that was played up to it: what comes after it is being worked out already."""
    for entry in stage.play():
        yield entry, stage.performance()


def _keep(played: Performance, save: Path | None, drawn: Path | None, colours: Mapping[str, str]) -> None:
    """Write what is to be kept. Raises TelenovelaError."""
    if save is not None:
        export.write(played, save, colours)
    if drawn is not None:
        export.write_map(played, drawn)


def _tell_kept(played: Performance, save: Path | None, drawn: Path | None) -> None:
    """Say what is kept of a scene that was broken off, and where."""
    kept = [f"{what} in {file}" for what, file in (("what was played", save), ("the relations", drawn)) if file]
    lines = sum(entry.kind == "line" for entry in played.lines)
    said = f"saved: {', '.join(kept)}" if kept else "nothing is saved (--save FILE)"
    with suppress(OSError):  # a closed window
        print(printable(f"broken off after {lines} line{'' if lines == 1 else 's'}; {said}"), file=sys.stderr)


def _free(path: Path) -> Path:
    """This path, or the next of its kind that nothing has yet."""
    number = 1
    while os.path.lexists(found := path if number == 1 else path.with_stem(f"{path.stem}-{number}")):
        number += 1
    return found


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

"""`python -m engine.season SEASON.yaml`: plays a season, episode by episode, and counts its loose ends."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from pathlib import Path

from engine import signals
from engine.command import parse, parser, run, whole
from engine.errors import TelenovelaError
from engine.performance import Entry
from engine.screen import export
from engine.screen.keys import HELP, Keys, Quit
from engine.screen.playback import PACES, Playback, Player
from engine.seasons import continuity
from engine.seasons.serial import Card, Curtain, Serial, Shown
from engine.sheets.authored import load
from engine.sheets.messages import messages
from engine.sheets.persona import Persona
from engine.sheets.plot import Season
from engine.stage.production import Theatre
from engine.story.proof import prove, read
from engine.text import printable
from engine.troupe import Troupe, find_sheet


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser(
        "season",
        "Play a season, episode by episode. Exit status 1: it ended with loose ends. In a terminal, space holds it and lets "
        "it go on; the right arrow (or page down) shows the rest of a line at once and goes on to the next; q ends it, and "
        "--save FILE.json holds its whole scenes.",
        "season --pace instant                   # the shipped season, as fast as it is spoken",
        "scenes/season.yaml --save s.json        # saved after each scene; --resume goes on",
    )
    options.add_argument(
        "season", type=Path, metavar="SEASON", help="a season sheet, or the name of one in scenes/ (telenovela list)"
    )
    options.add_argument("--seed", type=whole(0), default=1, help="another seed, another season (default: 1)")
    options.add_argument("--episodes", type=whole(1), metavar="N", help="stop after N episodes")
    options.add_argument(
        "--pace", choices=tuple(PACES), default="normal", help="how fast lines are typed (default: normal)"
    )
    options.add_argument(
        "--plain", action="store_true", help="no colour, no animation (also when stdout is no terminal)"
    )
    options.add_argument("--why", action="store_true", help="under each line: why this speaker, why this line")
    options.add_argument("--save", type=Path, metavar="FILE.json", help="save after each scene")
    options.add_argument(
        "--resume",
        action="store_true",
        help="go on from where --save FILE.json stands; from the beginning if there is none yet",
    )
    options.add_argument(
        "--map", type=Path, metavar="FILE", help="draw the relations before and after (.mmd, .dot, .svg)"
    )
    given = parse(options, arguments)
    return run(lambda: play(given))


def play(given: argparse.Namespace) -> int:
    """Play what is asked for; 1 when the season is over and something is loose. Raises TelenovelaError."""
    _check(given)
    path = find_sheet(given.season)
    troupe = Troupe.around(path)
    story = read(load(path, Season), troupe)
    for flaw in prove(story).flaws:
        # It may still come out well: what cannot be proved is not what cannot be.
        print(printable(f"warning: {flaw}"), file=sys.stderr)
    serial = Serial(story, Theatre(troupe), given.seed)
    if given.resume and given.save.exists():
        serial.progress = continuity.read(given.save, serial)
    keys = Keys()
    playback = Playback.on(sys.stdout, plain=given.plain, pace=given.pace, why=given.why, pause=keys.wait)
    with nullcontext() if playback.plain else keys:
        if keys.active:
            playback.note(HELP)
        try:
            perform(serial, playback, given.save, given.episodes)
        except Quit:
            _tell_kept(serial, given.save)
            return 0
        except KeyboardInterrupt:
            _tell_kept(serial, given.save)
            raise
        if given.map is not None:
            export.write_map(serial.performance(), given.map)
        return close(serial, playback) if serial.over else 0


def _check(given: argparse.Namespace) -> None:
    """Everything that would stand in the way later is said at once."""
    if given.save is not None:
        continuity.check(given.save)
    elif given.resume:
        raise TelenovelaError("--resume goes on from a save: say which with --save FILE.json")
    if given.map is not None:
        export.check_map(given.map)


def perform(serial: Serial, playback: Playback, save: Path | None = None, episodes: int | None = None) -> None:
    """Show the rest of a season, or of so many episodes, and save after each scene."""
    for event in playback.waited(serial.play(episodes)):
        match event:
            case Card():
                playback.title_card(event.title, event.setting, _players(event.cast), event.language)
            case Shown():
                relations = event.relations() if event.relations is not None and not playback.plain else None
                playback.show(event.entry, relations)
            case Curtain() if save is not None:
                with signals.held():
                    continuity.write(save, serial)


def _tell_kept(serial: Serial, save: Path | None) -> None:
    """Say what is kept of a season that was broken off, and where: its whole scenes."""
    whole = len(serial.progress.chapters)
    kept = f"saved: {whole} of {len(serial.scenes)} scenes in {save}; --resume goes on" if save and whole else ""
    with suppress(OSError):  # a closed window
        print(
            printable(f"broken off; {kept or 'nothing is saved (--save FILE.json keeps each whole scene)'}"),
            file=sys.stderr,
        )


def close(serial: Serial, playback: Playback) -> int:
    """The credits, the closing pictures, and how many ends are loose; the exit status."""
    personas = serial.story.troupe.personas
    people = _players([personas[who] for who in serial.people])
    playback.title_card(serial.story.season.title, "", people, serial.language)
    performance = serial.performance()
    playback.close(performance)
    if playback.plain:
        said = messages(serial.language)
        for thread in serial.threads():
            closed = said.closed_in.format(where=thread["closed"]) if thread["closed"] else said.loose
            opened = said.opened_in.format(where=thread["opened"]) if thread["opened"] else said.never_opened
            playback.show(Entry("direction", f"{thread['name']} ({said.plot(thread['arc'])}): {opened}; {closed}"))
        playback.console.file.write(said.loose_ends.format(count=len(serial.loose())) + "\n")
    return 1 if serial.loose() else 0


def _players(cast: Sequence[Persona]) -> list[Player]:
    return [Player(persona.name, persona.colour, persona.description) for persona in cast]


if __name__ == "__main__":
    sys.exit(main())

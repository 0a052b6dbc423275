from __future__ import annotations

import argparse
import io
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from engine import season
from engine.errors import PlotError, ScriptError, TelenovelaError
from engine.performance import Entry
from engine.report.seasons import as_numbers, run, steering
from engine.screen.keys import Quit
from engine.screen.playback import Playback
from engine.seasons import continuity
from engine.seasons.recap import Recaps, State
from engine.seasons.serial import Curtain, Progress, Serial
from engine.sheets.authored import load
from engine.sheets.plot import Season
from engine.stage.production import Theatre
from engine.stage.understudy import understudies
from engine.story.proof import read
from engine.troupe import Troupe
from tests.conftest import ROOT
from tests.small_season import SEASON, SECOND, write

SHIPPED = ROOT / "scenes" / "season.yaml"
SPANISH = ROOT / "scenes" / "temporada.yaml"


def serial(path: Path, seed: int = 1, progress: Progress | None = None) -> Serial:
    troupe = Troupe.around(path)
    story = read(load(path, Season), troupe)
    return Serial(story, Theatre(troupe), seed, progress, understudies(troupe.personas, troupe.personas))


def playback() -> Playback:
    return Playback(Console(file=io.StringIO(), width=80), plain=True)


def text(shown: Playback) -> str:
    file = shown.console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def test_a_season_plays_to_no_loose_ends(tmp_path: Path) -> None:
    shown, played = playback(), serial(write(tmp_path))
    season.perform(played, shown)
    assert season.close(played, shown) == 0
    lines = text(shown).splitlines()
    assert lines[0] == "(Episode 1: Dust. Water)"
    assert lines[-1] == "loose ends: 0"
    assert lines.index("(A cloud.)") < lines.index("(To be continued.)") < lines.index("(Previously, on Water.)")
    assert "(thirst (betrayal): opened in 1. The Well: dust; closed in 2. The Rain: rain)" in lines


@pytest.mark.slow
def test_the_spanish_season_plays_to_no_loose_ends_in_spanish() -> None:
    shown, played = playback(), serial(SPANISH)
    season.perform(played, shown)
    assert season.close(played, shown) == 0
    lines = text(shown).splitlines()
    assert lines[0] == "(Episodio 1: La canción. La niña de la canasta)"
    assert lines[-1] == "cabos sueltos: 0"
    assert "(Fin: después de 8 escenas, sin cabos sueltos)" in lines
    threads = [line for line in lines if "; se cierra en 6. La boda: las llaves)" in line]
    assert threads == [
        "(padre-de-maria (padre oculto): se abre en 4. La sopa: la costurera; se cierra en 6. La boda: las llaves)"
    ]


def test_state_goes_on_from_scene_to_scene(tmp_path: Path) -> None:
    played = serial(write(tmp_path))
    turns = []
    for event in played.play():
        if isinstance(event, Curtain):
            turns.append(played.progress.world.relations.snapshot()["turn"])
            assert played.progress.world.knowledge.knows("ana", "secret")
    assert turns[0] < turns[1]
    assert played.progress.played() == ["first/dust", "first/told", "second/clouds", "second/rain"]


def test_the_same_seed_is_the_same_season(tmp_path: Path) -> None:
    path = write(tmp_path)
    shows = []
    for seed in (1, 1, 2):
        shown = playback()
        season.perform(serial(path, seed), shown)
        shows.append(text(shown))
    assert shows[0] == shows[1] != shows[2]


def test_a_killed_season_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    path = write(tmp_path)
    whole, parts = tmp_path / "whole.json", tmp_path / "parts.json"
    unbroken, broken = playback(), playback()
    season.perform(serial(path), unbroken, whole)
    # Killed in the middle of the second scene: what it had shown of it is gone, and is played again.
    first = serial(path)
    for event in first.play():
        if isinstance(event, Curtain):
            continuity.write(parts, first)
        elif len(first.progress.chapters) == 1:
            break
    season.perform(serial(path), broken, episodes=1)
    second = serial(path)
    second.progress = continuity.read(parts, second)
    season.perform(second, broken, parts)
    assert parts.read_bytes() == whole.read_bytes()
    assert text(broken) == text(unbroken)
    assert season.close(second, broken) == 0


def test_episodes_stop_at_an_episode_end(tmp_path: Path) -> None:
    shown, played = playback(), serial(write(tmp_path))
    season.perform(played, shown, episodes=1)
    assert not played.over
    assert text(shown).splitlines()[-1] == "(To be continued.)"
    season.perform(played, shown, episodes=1)
    assert played.over
    season.perform(played, shown)


def test_a_save_belongs_to_its_season_seed_and_sheets(tmp_path: Path) -> None:
    path, save = write(tmp_path), tmp_path / "save.json"
    season.perform(serial(path), playback(), save, episodes=1)
    with pytest.raises(TelenovelaError, match="saved with seed 1, and this is seed 2: go on with --seed 1"):
        continuity.read(save, serial(path, 2))
    write(tmp_path, second=SECOND.replace("Look up", "Look down"))
    with pytest.raises(TelenovelaError, match="changed since it was saved: scenes second; what follows would not fit"):
        continuity.read(save, serial(path))
    write(tmp_path, season=SEASON.replace("title: Water", "title: Fire"))
    with pytest.raises(TelenovelaError, match="this is a save of 'Water', not of 'Fire'"):
        continuity.read(save, serial(path))


@pytest.mark.parametrize("damage", ["", "[]", "{", '{"format": 1}'])
def test_what_is_no_save_is_refused(tmp_path: Path, damage: str) -> None:
    path, save = write(tmp_path), tmp_path / "save.json"
    save.write_text(damage, encoding="utf-8")
    with pytest.raises(ScriptError, match="not the save of a season"):
        continuity.read(save, serial(path))


def test_a_finale_needs_its_threads_tied(tmp_path: Path) -> None:
    sheet = SEASON.replace("resolved_by: second/rain", "resolved_by: first/flood")
    first = "  - name: flood\n    when: {motif: feud}\n"
    path = write(tmp_path, season=sheet)
    scene = tmp_path / "scenes" / "first.yaml"
    scene.write_text(scene.read_text(encoding="utf-8") + first, encoding="utf-8")
    with pytest.raises(PlotError, match="the finale cannot begin: thread 'thirst' is still loose"):
        season.perform(serial(path), playback())


def test_loose_ends_are_counted_and_named(tmp_path: Path) -> None:
    guarded = SECOND + "  - name: flood\n    when: {motif: feud}\n"
    path = write(
        tmp_path, second=guarded, season=SEASON.replace("resolved_by: second/rain", "resolved_by: second/flood")
    )
    shown, played = playback(), serial(path)
    season.perform(played, shown)
    assert season.close(played, shown) == 1
    assert text(shown).splitlines()[-2:] == ["(thirst (betrayal): opened in 1. The Well: dust; loose)", "loose ends: 1"]


def test_wrong_options_are_said_before_anything_is_played(tmp_path: Path) -> None:
    def options(**given: object) -> argparse.Namespace:
        return argparse.Namespace(
            **{"season": tmp_path, "save": None, "resume": False, "map": None, "episodes": None, **given}
        )

    for given, why in (
        ({"resume": True}, "--save FILE.json"),
        ({"save": tmp_path / "a.txt"}, "a season is saved as .json"),
        ({"save": tmp_path / "none" / "a.json"}, "there is no folder"),
        ({"map": tmp_path / "a.png"}, "a relation map is written as"),
    ):
        with pytest.raises(TelenovelaError, match=why):
            season.play(options(**given))


@pytest.mark.parametrize(("end", "status"), [(Quit, 0), (KeyboardInterrupt, 130)])
def test_who_ends_a_season_is_told_what_is_saved_and_where(
    end: type[BaseException],
    status: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path, save = write(tmp_path), tmp_path / "save.json"
    usual = Playback.show

    def show(self: Playback, entry: Entry, *given: object) -> None:
        usual(self, entry, *given)  # type: ignore[arg-type]
        if save.exists() or "--save" not in options:
            raise end

    monkeypatch.setattr(Playback, "show", show)
    monkeypatch.setattr(season, "Serial", lambda story, theatre, seed: serial(path, seed))
    for options, said in (
        (["--save", str(save)], f"broken off; saved: 1 of 2 scenes in {save}; --resume goes on\n"),
        ([], "broken off; nothing is saved (--save FILE.json keeps each whole scene)\n"),
    ):
        assert season.main([str(path), *options]) == status
        assert said in capsys.readouterr().err
    assert len(continuity.read(save, serial(path)).chapters) == 1


def test_no_episode_is_no_number_of_episodes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        season.main([str(write(tmp_path)), "--episodes", "0"])
    assert raised.value.code == 2
    assert "argument --episodes: '0' is not a whole number of 1 or more" in capsys.readouterr().err


@pytest.mark.parametrize("language", ["en", "es"])
def test_recaps_do_not_repeat_a_sentence(language: str) -> None:
    recaps = Recaps(language, "Water", 6, np.random.default_rng(3))
    titles = ["She has drunk the well.", "He knows it.", "It rained."]
    said = [
        line.text for number in range(6) for line in recaps.lines(number, State(titles[:1], titles[1:2], titles, 3))
    ]
    assert len(set(said)) == len(said)
    assert not any("{" in line or "  " in line for line in said)


def test_nobody_in_the_shipped_season_says_what_she_cannot() -> None:
    numbers = as_numbers(run(SHIPPED, range(1)))
    assert numbers.pop("seasons") == numbers.pop("that ended") == 1
    assert set(numbers.values()) == {0}


def test_affection_warms_the_tone(tmp_path: Path) -> None:
    long = SECOND.replace("turns: [1, 2]", "turns: [12, 14]")
    write(tmp_path, second=long.replace("      knows: [{who: ana, fact: secret}]\n", ""))
    table = steering(tmp_path / "scenes" / "second.yaml", "ana", "bruno", range(6))
    warm = [row[2] for row in table.rows]
    assert warm == sorted(warm)
    assert "grow with affection" in table.notes[0]


def test_a_save_belongs_to_its_base_director_and_sense() -> None:
    troupe = Troupe.around(SHIPPED)
    theatre = Theatre(troupe)
    voices = continuity.manifest(Serial(read(load(SHIPPED, Season), troupe), theatre, 1))["voices"]
    shared = theatre.company.grounds.shared
    names = ("base", "director", "sense.en", "soraya")
    assert {name: voices[name] for name in names} == {name: shared.file(name).fingerprint for name in names}

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine import scene
from engine.performance import Performance
from engine.screen.playback import Playback
from engine.troupe import Troupe
from tests.conftest import ROOT

Edit = Callable[[Path, str, str], None]


def supper(troupe: Troupe) -> Path:
    return troupe.root / "scenes" / "supper.yaml"


def play(troupe: Troupe, *options: str) -> int:
    return scene.main([str(supper(troupe)), "--plain", "--pace", "instant", *options])


def test_a_scene_is_played_and_saved(voiced: Troupe, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = tmp_path / "supper.json"
    assert play(voiced, "--save", str(saved)) == 0
    shown, errors = capsys.readouterr()
    assert errors == ""
    assert "(Ana ladles.)" in shown
    assert "CARLA (icy): Good evening, house." in shown.upper().replace(
        "GOOD EVENING, HOUSE", "Good evening, house"
    ).replace("(ICY)", "(icy)")
    performance = Performance.from_json(saved.read_text(encoding="utf-8"))
    assert performance.title == "Supper"
    assert set(performance.manifest) == {"version", "scene", "cast", "voices"}
    assert set(performance.manifest["voices"]) == {
        "base", "show.house.en", "show.hotel.en", "ana", "bruno", "carla", "dario",
    }  # fmt: skip


def test_the_same_seed_prints_the_same_bytes(voiced: Troupe, capsys: pytest.CaptureFixture[str]) -> None:
    printed = []
    for seed in ("1", "1", "2"):
        assert play(voiced, "--turns", "3", "--seed", seed) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1] != printed[2]


def test_faults_of_a_scene_are_sentences(troupe: Troupe, edit: Edit, capsys: pytest.CaptureFixture[str]) -> None:
    edit(supper(troupe), "[ana, bruno, carla, dario]", "[ana, brno, carla, dario]")
    assert play(troupe) == 2
    shown, errors = capsys.readouterr()
    assert shown == ""
    assert f"{supper(troupe)}:3:13: cast: 'brno' is not in cast/ (did you mean 'bruno'?)\n" in errors
    assert "Traceback" not in errors


def test_a_missing_voice_is_named(voiced: Troupe, capsys: pytest.CaptureFixture[str]) -> None:
    (voiced.voices / "base.safetensors").unlink()
    assert play(voiced) == 2
    assert capsys.readouterr().err.endswith("the voice 'base' is not there; train it: python -m engine.train --base\n")


def test_a_corrupt_voice_is_named(voiced: Troupe, capsys: pytest.CaptureFixture[str]) -> None:
    path = voiced.voices / "carla.safetensors"
    path.write_bytes(path.read_bytes()[:100])
    assert play(voiced) == 2
    assert "the voice 'carla' is corrupt" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--seed", "-1"], "argument --seed: '-1' is not a whole number of 0 or more"),
        (["--seed", "x"], "argument --seed: 'x' is not a whole number of 0 or more"),
        (["--turns", "0"], "argument --turns: '0' is not a whole number of 1 or more"),
        (["--pace", "quick"], "argument --pace: invalid choice: 'quick'"),
    ],
)
def test_wrong_options(troupe: Troupe, options: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        play(troupe, *options)
    assert raised.value.code == 2
    assert said in capsys.readouterr().err


def test_a_missing_scene_is_called_missing_wherever_one_stands(
    troupe: Troupe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenes.yaml").write_text("", encoding="utf-8")
    assert scene.main(["scene.yaml"]) == 2
    assert capsys.readouterr().err == "scene.yaml: no such file or folder (did you mean 'scenes.yaml'?)\n"
    assert scene.main(["scenes.yaml"]) == 2
    assert "no troupe here" in capsys.readouterr().err
    assert scene.main([str(troupe.root / "scenes" / "super.yaml")]) == 2
    assert capsys.readouterr().err.endswith("no such file (did you mean 'supper.yaml'?)\n")


def test_a_scene_goes_by_its_name_and_the_shipped_ones_from_anywhere(
    voiced: Troupe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(voiced.root / "cast")
    assert scene.main(["supper", "--plain", "--turns", "1"]) == 0
    assert "(Supper." in capsys.readouterr().out
    monkeypatch.setattr("engine.troupe.shipped", lambda: voiced)
    monkeypatch.chdir(tmp_path)
    for name in ("supper", "scenes/supper.yaml"):
        assert scene.main([name, "--plain", "--turns", "1"]) == 0
        assert "(Supper." in capsys.readouterr().out
    assert scene.main(["super"]) == 2
    assert capsys.readouterr().err == (
        "there is no scene 'super' (did you mean 'supper'?); telenovela list names them\n"
    )
    (tmp_path / "mine").mkdir()
    assert scene.main(["mine"]) == 2
    assert capsys.readouterr().err == "mine is a folder; name a file in it: mine/scenes/NAME.yaml\n"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("cast/ana.yaml", "a cast sheet (cast/NAME.yaml)"),
        ("cast/training.yaml", "the training sheet (cast/training.yaml)"),
        ("scenes/world.yaml", "the world sheet (scenes/world.yaml)"),
        ("scenes/season.yaml", "a season (scenes/season.yaml)"),
    ],
)
def test_a_file_of_another_kind_gets_one_sentence(
    troupe: Troupe, name: str, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    season = "title: S\nthreads: {}\nepisodes: []\nnarrator: ana\n"
    (troupe.root / "scenes" / "season.yaml").write_text(season, encoding="utf-8")
    assert scene.main([str(troupe.root / name)]) == 2
    assert capsys.readouterr().err == (
        f"{troupe.root / name}:1:1: this is {kind}; what is wanted here is a scene (scenes/NAME.yaml)\n"
    )


@pytest.mark.parametrize("text", ["title: T\n", "title: T\nplaces: [here]\n", "titel: T\ncast: [ana]\n"])
def test_a_scene_that_is_not_finished_is_still_a_scene(
    troupe: Troupe, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (troupe.root / "scenes" / "half.yaml").write_text(text, encoding="utf-8")
    assert scene.main([str(troupe.root / "scenes" / "half.yaml")]) == 2
    assert "'beats' is missing" in capsys.readouterr().err


def test_control_sequences_of_sheets_and_scenes_reach_nobody(
    voiced: Troupe, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(voiced.root / "cast" / "carla.yaml", "name: Carla", 'name: "Car\\e[31mla"')
    edit(supper(voiced), "[Ana ladles.]", '["Ana \\e]0;owned\\a ladles\\u009b2J."]')
    edit(supper(voiced), "title: Supper", 'title: "Sup\\u202eper"')
    assert play(voiced, "--why") == 0
    shown = capsys.readouterr().out
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(shown)
    assert "owned" not in shown


def test_control_sequences_of_file_names_and_errors_reach_nobody(
    troupe: Troupe, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(supper(troupe), "title: Supper", 'title: Supper\n"x\\e[31m": 1')
    assert play(troupe) == 2
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize("save", [True, False])
def test_what_was_played_is_saved_on_ctrl_c(
    save: bool, voiced: Troupe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown: list[object] = []
    usual = Playback.show

    def show(self: Playback, *given: object) -> None:
        if len(shown) == 3:
            raise KeyboardInterrupt
        shown.append(given)
        usual(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Playback, "show", show)
    saved = tmp_path / "supper.json"
    assert play(voiced, *(["--save", str(saved)] if save else [])) == 130
    told = capsys.readouterr().err
    assert "Traceback" not in told
    if not save:
        assert "broken off after 3 lines; nothing is saved (--save FILE)\n" in told
        return
    assert f"broken off after 3 lines; saved: what was played in {saved}\n" in told
    performance = Performance.from_json(saved.read_text(encoding="utf-8"))
    assert len(performance.lines) == 4
    assert performance.ended == "it was broken off"


def test_ctrl_c_from_a_keyboard(voiced: Troupe, tmp_path: Path) -> None:
    saved = tmp_path / "supper.json"
    command = [sys.executable, "-m", "engine.scene", str(supper(voiced)), "--pace", "slow", "--save", str(saved)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, cwd=tmp_path
    ) as one:
        assert one.stdout is not None
        while b"ladles" not in one.stdout.readline():
            assert one.poll() is None
        one.send_signal(signal.SIGINT)
        _, errors = one.communicate(timeout=60)
    # A pipe has no pace: the scene may have ended before the signal came.
    assert one.returncode in (130, 0)
    assert b"Traceback" not in errors
    assert json.loads(saved.read_text(encoding="utf-8"))["title"] == "Supper"


@pytest.mark.skipif(not (ROOT / "cast" / "voices" / "base.safetensors").exists(), reason="no voices are trained here")
def test_the_shipped_party_with_its_voices(tmp_path: Path) -> None:
    printed = []
    for _ in range(2):
        command = [sys.executable, "-m", "engine.scene", "scenes/party.yaml", "--plain", "--turns", "2"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        printed.append(done.stdout)
    assert printed[0] == printed[1]
    assert "NARRATOR" in printed[0].upper()

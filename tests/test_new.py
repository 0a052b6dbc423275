"""What `telenovela new` writes: it checks without a warning and plays as it stands."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine import check, new, scene
from engine.troupe import Troupe


@pytest.fixture
def begin(voiced: Troupe, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder to begin in, where the toy troupe is the one that comes with the program."""
    monkeypatch.setattr(new, "shipped", lambda: voiced)
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_new_troupe_checks_and_plays_at_once(begin: Path, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert new.main(["troupe", "storm", "--language", language]) == 0
    assert "telenovela scene storm/scenes/first.yaml" in capsys.readouterr().out
    assert check.main(["storm"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2 sheets", "1 training sheet", "1 world", "1 scene: 3 beats", "1 standards sheet",
        "1 script: 2 lines, 9 words",
    ]  # fmt: skip
    assert scene.main(["storm/scenes/first.yaml", "--plain"]) == 0
    played = capsys.readouterr()
    assert "ANA (icy): " in played.out
    assert {"en": "The end: with the beat", "es": "Fin: con el momento"}[language] in played.out
    assert played.err.count("note: ") == 1
    assert "Ana, Bruno have no voices of their own and speak with 'base'" in played.err


def test_a_new_character_and_a_new_scene_check_and_play(begin: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new.main(["troupe", "storm"]) == 0
    os.chdir("storm")
    assert new.main(["character", "Doña Vera"]) == 0
    assert new.main(["scene", "The Soup", "--cast", "dona_vera", "ana", "bruno"]) == 0
    assert "telenovela scene scenes/the_soup.yaml" in capsys.readouterr().out
    assert check.main([]) == 0
    assert "3 sheets" in capsys.readouterr().out
    assert scene.main(["the_soup", "--plain"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("(The Soup. ")
    assert "DOÑA VERA" in shown


def test_what_to_do_next_names_the_troupe(begin: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new.main(["troupe", "storm"]) == 0
    assert new.main(["character", "Vera", "--troupe", "storm"]) == 0
    assert "telenovela new scene NAME --troupe storm --cast vera ...\n" in capsys.readouterr().out
    assert new.main(["scene", "The Soup", "--troupe", "storm", "--cast", "vera", "ana"]) == 0


def test_a_new_scene_has_people_who_know_each_other(begin: Path, voiced: Troupe) -> None:
    assert new.main(["scene", "tea", "--troupe", str(voiced.root)]) == 0
    text = (voiced.root / "scenes" / "tea.yaml").read_text(encoding="utf-8")
    assert "cast: [ana, bruno, carla]" in text
    assert "title: Tea" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["troupe", "full"], "full: there is something already; name another folder"),
        (["character", "Vera"], ".: no troupe here: no folder above it holds cast/, corpora/ and scenes/;"),
        (["character", "Ana", "--troupe", "T"], "'Ana' is a name of 'ana' already (cast/ana.yaml)"),
        (["character", "!!", "--troupe", "T"], "'!!' is no name that stands in a script"),
        (["character", "Vera", "--troupe", "T", "--show", "hause"], "no folder corpora/hause (did you mean 'house'?)"),
        (["scene", "supper", "--troupe", "T"], "supper.yaml: there is such a file already; give another name"),
        (["scene", "tea", "--troupe", "T", "--cast", "anna"], "'anna' is not in cast/ (did you mean 'ana'?)"),
    ],
)
def test_nothing_is_written_over_and_nobody_twice(
    begin: Path, voiced: Troupe, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (begin / "full").mkdir()
    (begin / "full" / "note.txt").write_text("mine", encoding="utf-8")
    before = {path: path.read_bytes() for path in voiced.root.rglob("*") if path.is_file()}
    assert new.main([str(voiced.root) if each == "T" else each for each in arguments]) == 2
    assert said in capsys.readouterr().err
    assert {path: path.read_bytes() for path in voiced.root.rglob("*") if path.is_file()} == before
    assert [path.name for path in begin.iterdir()] == ["full"]

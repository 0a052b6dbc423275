"""Many scripts, many troupes: each a job, and what is done is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import adopt
from engine.adoption.belongings import origin_of
from engine.adoption.design import MARK
from tests.adoption.test_adopt import base, play

__all__ = ["base"]


@pytest.fixture
def scripts(tmp_path: Path) -> list[Path]:
    """Two plays of one name in two folders, and one of another."""
    paths = [tmp_path / "a" / "The Ring.txt", tmp_path / "b" / "The Ring.txt", tmp_path / "a" / "boat.txt"]
    for number, path in enumerate(paths):
        path.parent.mkdir(exist_ok=True)
        path.write_text(play(40 + number), encoding="utf-8")
    return paths


def run(*arguments: object) -> int:
    return adopt.main([str(argument) for argument in arguments])


def files(root: Path) -> dict[str, bytes]:
    """Everything below a folder but the mark, which says what a troupe is one of many from."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.name != MARK
    }


def test_each_script_becomes_the_troupe_that_it_would_become_alone(
    scripts: list[Path], base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    many = tmp_path / "many"
    options = ("--base", base, "--no-train", "--min-lines", 40)
    assert run(*scripts, "--to", many, "--each", "--workers", 2, *options) == 0
    assert sorted(path.name for path in many.iterdir()) == ["boat", "the_ring", "the_ring_2"]
    shown = capsys.readouterr().out
    assert f"boat.txt: 3 sheets, in {many / 'boat'}" in " ".join(shown.split())
    for script, name in zip(scripts, ("the_ring", "the_ring_2", "boat"), strict=True):
        alone = tmp_path / "alone" / name
        assert run(script, "--to", alone, *options) == 0
        assert files(many / name) == files(alone)
        assert origin_of(many / name)
        assert not origin_of(alone)


def test_a_repeat_skips_what_is_done_and_a_changed_script_asks_for_force(
    scripts: list[Path], base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    many = tmp_path / "many"
    command = (*scripts, "--to", many, "--each", "--base", base, "--no-train")
    assert run(*command[1:]) == 0
    (many / "boat" / "cast" / "rosa.yaml").write_text("name: Rosa\npronoun: she\n", encoding="utf-8")
    capsys.readouterr()
    assert run(*command[1:]) == 0
    assert "2 of 2 troupes are there already." in capsys.readouterr().out
    # What a writer has changed since is hers.
    assert (many / "boat" / "cast" / "rosa.yaml").read_text(encoding="utf-8") == "name: Rosa\npronoun: she\n"
    scripts[2].write_text(play(44), encoding="utf-8")
    assert run(*command[1:]) == 2
    assert "there is a troupe already; --force replaces it" in capsys.readouterr().err
    assert run(*command[1:], "--force") == 0
    assert "1 of 2 troupes are there already." in capsys.readouterr().out


def test_one_that_fails_stops_no_other_and_is_named(
    scripts: list[Path], base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scripts[0].write_text("", encoding="utf-8")
    many = tmp_path / "many"
    assert run(*scripts, "--to", many, "--each", "--base", base, "--no-train") == 2
    assert str(scripts[0]) in capsys.readouterr().err
    assert sorted(path.name for path in many.iterdir() if not path.name.startswith(".")) == ["boat", "the_ring_2"]
    assert run(tmp_path / "nowhere.txt", *scripts, "--to", many, "--each", "--base", base) == 2
    assert f"{tmp_path / 'nowhere.txt'}: No such file or directory" in capsys.readouterr().err


@pytest.mark.slow
def test_troupes_come_back_trained(scripts: list[Path], base: Path, tmp_path: Path) -> None:
    many, alone = tmp_path / "many", tmp_path / "alone" / "boat"
    options = ("--base", base, "--min-lines", 40)
    assert run(*scripts[1:], "--to", many, "--each", "--workers", 2, *options) == 0
    assert run(scripts[2], "--to", alone, *options) == 0
    assert (many / "boat" / "cast" / "voices" / "rosa.safetensors").is_file()
    assert files(many / "boat") == files(alone)

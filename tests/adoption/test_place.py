from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.adoption import place
from engine.adoption.belongings import belongings, carry, listed
from engine.adoption.design import MARK
from engine.errors import TroupeError
from engine.files import NotWritten


def troupe(root: Path, line: str) -> Path:
    """A folder that stands for a troupe, with one sheet."""
    (root / "cast").mkdir(parents=True, exist_ok=True)
    (root / "cast" / "ana.yaml").write_text(line, encoding="utf-8")
    (root / MARK).write_text(listed(root), encoding="utf-8")
    return root


def sheet(root: Path) -> str:
    return (root / "cast" / "ana.yaml").read_text(encoding="utf-8")


def replace(to: Path, line: str) -> None:
    with place.claimed(to) as part:
        troupe(part, line)
        place.put(part, to)


@pytest.mark.parametrize("exchange", [True, False])
def test_the_new_troupe_takes_the_place_of_the_old(
    tmp_path: Path, exchange: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not exchange:
        monkeypatch.setattr(place, "_exchanged", lambda *_: False)
    replace(tmp_path / "t", "old")
    replace(tmp_path / "t", "new")
    assert sheet(tmp_path / "t") == "new"
    assert os.listdir(tmp_path) == ["t"]


@pytest.mark.parametrize("step", [1, 2])
def test_broken_off_at_any_step_it_leaves_the_old_troupe_or_the_new(
    tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that is killed runs no clean-up; so what is left is looked at inside the claim, and made good by the next."""
    to, real, count = tmp_path / "t", os.rename, iter(range(9))
    replace(to, "old")
    monkeypatch.setattr(place, "_exchanged", lambda *_: False)
    monkeypatch.setattr(place, "_clear", lambda part: None)

    def rename(one: Path, other: Path) -> None:
        if next(count) >= step:
            raise KeyboardInterrupt
        real(one, other)

    monkeypatch.setattr(place.os, "rename", rename)
    with pytest.raises(KeyboardInterrupt):
        replace(to, "new")
    monkeypatch.undo()
    assert place.recovered(to) == (step == 1)
    assert sheet(to) == ("old" if step == 1 else "new")
    replace(to, "newest")
    assert sheet(to) == "newest"
    assert os.listdir(tmp_path) == ["t"]


def test_the_second_of_two_at_once_is_told(tmp_path: Path) -> None:
    to = tmp_path / "t"
    with place.claimed(to) as part:
        with pytest.raises(TroupeError, match=r"another engine\.adopt is at work on this troupe"), place.claimed(to):
            pass
        troupe(part, "first")
        place.put(part, to)
        # It is still at work there: it trains.
        with pytest.raises(TroupeError, match=r"another engine\.adopt is at work"), place.claimed(to):
            pass
    replace(to, "second")
    assert sheet(to) == "second"
    assert os.listdir(tmp_path) == ["t"]


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for to in (tmp_path / "file" / "t", Path("/proc/t"), tmp_path / ("x" * 300)):
        with pytest.raises(NotWritten) as raised, place.claimed(to):
            pass
        assert raised.value.filename == str(to)
    assert os.listdir(tmp_path) == ["file"]


def test_what_belongs_to_a_troupe_and_what_does_not(tmp_path: Path) -> None:
    root = troupe(tmp_path / "t", "name: Ana\n")
    (root / "cast" / "voices").mkdir()
    (root / "cast" / "voices" / "ana.safetensors").touch()
    (root / "cast" / "turns.json").touch()
    (root / "mine.txt").write_text("mine")
    (root / "cast" / "zoe.yaml").write_text("name: Zoe\n")
    (root / "elsewhere").symlink_to("..", target_is_directory=True)
    (root / "cast" / "ana.yaml").write_text("name: Anna\n")
    found = belongings(root)
    assert found.own == (MARK, "cast/ana.yaml", "cast/turns.json", "cast/voices/ana.safetensors")
    assert found.edited == ("cast/ana.yaml",)
    assert found.foreign == ("cast/zoe.yaml", "elsewhere", "mine.txt")

    new = troupe(tmp_path / "new", "name: Ana\n")
    (new / "cast" / "zoe.yaml").write_text("name: Zoë\n")
    assert carry(found.foreign, root, new) == ["cast/zoe.yaml.kept"]
    assert (new / "mine.txt").read_text() == "mine"
    assert (new / "cast" / "zoe.yaml").read_text() == "name: Zoë\n"
    assert os.readlink(new / "elsewhere") == ".."
    os.mkfifo(root / "pipe")
    with pytest.raises(TroupeError, match="pipe: not of this troupe, and no file that can be kept"):
        carry(belongings(root).foreign, root, new)


@pytest.mark.parametrize("mark", ["{}", "[" * 100_000, '{"files": 3}', "\udcff"])
def test_an_older_mark_owns_what_lies_in_the_three_folders(tmp_path: Path, mark: str) -> None:
    root = troupe(tmp_path / "t", "name: Ana\n")
    (root / "mine.txt").touch()
    (root / MARK).write_bytes(mark.encode(errors="surrogateescape"))
    found = belongings(root)
    assert (found.own, found.edited, found.foreign) == ((MARK, "cast/ana.yaml"), (), ("mine.txt",))

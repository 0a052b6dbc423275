"""The wheel: the troupe travels in it, and in an empty folder it plays, lists, begins, adopts and says what to train."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from engine.troupe import FOLDERS
from engine.voices.vocabulary import Vocabulary
from tests.conftest import LINES, ROOT, SUPPER, script, write_troupe, write_voices


def test_all_folders_of_the_troupe_are_packed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packed = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert packed == {name: f"engine/shipped/{name}" for name in FOLDERS}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of this program with the toy troupe in place of the shipped one: its voices load in every state of ours."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, source / name)
    shutil.copytree(ROOT / "engine", source / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    troupe = write_troupe(source)
    write_voices(troupe, Vocabulary.train(LINES * 4, "subword", 420))
    (source / "scenes" / "party.yaml").write_text(SUPPER.lstrip("\n"), encoding="utf-8")
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(out), str(source)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def telenovela(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of a fresh environment; it borrows the dependencies of this one, and not the program."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps", str(wheel)]
    subprocess.run(command, check=True, capture_output=True)
    [packages] = folder.rglob("site-packages")
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python.parent / "telenovela"


def ran(command: Path, folder: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([str(command), *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_everything_that_the_program_reads_is_in_the_wheel(wheel: Path) -> None:
    packed = {Path(name).as_posix() for name in zipfile.ZipFile(wheel).namelist()}
    read = [path for path in (ROOT / "engine").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert {path.relative_to(ROOT).as_posix() for path in read} <= packed
    assert "engine/shipped/cast/voices/base.safetensors" in packed


@pytest.mark.slow
def test_an_empty_folder_is_enough(telenovela: Path, tmp_path: Path) -> None:
    assert ran(telenovela, tmp_path, "--version").startswith("telenovela ")
    assert "supper" in ran(telenovela, tmp_path, "list")
    for name in ("party", "scenes/party.yaml"):
        assert "(Supper. A kitchen. Rain.)" in ran(telenovela, tmp_path, "scene", name, "--plain", "--turns", "1")
    ran(telenovela, tmp_path, "new", "troupe", "mine")
    assert "ANA" in ran(telenovela, tmp_path, "scene", "mine/scenes/first.yaml", "--plain")
    (tmp_path / "play.fountain").write_text(script("house"), encoding="utf-8")
    ran(telenovela, tmp_path, "adopt", "play.fountain", "--to", "theirs", "--no-train")
    assert "The end: " in ran(telenovela, tmp_path, "scene", "theirs/scenes/first.yaml", "--plain", "--turns", "2")
    assert "to train" in ran(telenovela, tmp_path, "train", "--troupe", "theirs", "--dry-run")

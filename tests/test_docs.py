"""The pages: their links lead somewhere, the commands in them are commands, and the tutorial's steps do what it says."""

from __future__ import annotations

import importlib
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from engine import check, new, scene
from engine.command import COMMANDS
from engine.errors import AuthoredError
from engine.sheets.authored import load
from engine.sheets.persona import Persona
from engine.troupe import Troupe
from tests.conftest import ROOT

PAGES = ("index", "tutorial", "tutorial.es", "howto", "studio", "scale")
TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    """Every command line of the pages, without comments."""
    texts = [(ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8") for page in PAGES]
    lines = re.findall(r"(?m)^    (telenovela .*)$|`(telenovela [^`]*)`", "\n".join(texts))
    return sorted({(one or other).split("  #")[0].strip() for one, other in lines})


def test_the_site_builds_and_no_link_is_broken(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert (tmp_path / "site" / "tutorial" / "index.html").is_file()


@pytest.mark.parametrize("line", commands())
def test_every_command_of_the_pages_is_understood(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _, name, *arguments = shlex.split(line)
    assert name in COMMANDS
    module = importlib.import_module(f"engine.{name}")
    monkeypatch.setattr(module, "run", lambda body: 0)
    assert module.main(arguments) == 0


def test_the_tutorials_troupe_character_and_mistake_are_as_it_says(
    voiced: Troupe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(new, "shipped", lambda: voiced)
    monkeypatch.chdir(tmp_path)
    assert new.main(["troupe", "mine"]) == 0
    path = tmp_path / "mine" / "cast" / "bruno.yaml"
    sheet = path.read_text(encoding="utf-8")
    [tie] = re.findall(r"(?m)^      ana: .*$", TUTORIAL)
    assert f"relations:\n{tie[4:]}\n" in sheet
    for name, old, change in re.findall(r"(?m)^\| `(\S+)` \| `([^`]*)` to `([^`]*)`", TUTORIAL):
        text = (tmp_path / "mine" / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        field = old.split(":")[0]
        changed = text.replace(old, change if change.startswith(field) else f"{field}: {change}")
        (tmp_path / "mine" / name).write_text(changed, encoding="utf-8")
    assert check.main(["mine"]) == 0
    capsys.readouterr()
    path.write_text(sheet.replace("affection: 0.1", "afection: 0.1"), encoding="utf-8")
    assert check.main(["mine"]) == 2
    [told] = re.findall(r"(?m)^    (mine/cast/bruno\.yaml:.*)$", TUTORIAL)
    assert told in capsys.readouterr().err.splitlines()


def test_the_spanish_tutorial_quotes_the_sheets_and_the_mistake(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "tutorial.es.md").read_text(encoding="utf-8")
    sheet = (ROOT / "cast" / "nandito_es.yaml").read_text(encoding="utf-8")
    [tie] = re.findall(r"(?m)^    (alma_es: .*)$", page)
    assert f"  {tie}" in sheet
    for name, old in re.findall(r"(?m)^\| `(\S+)` \|[^|`]*`(?:acts`, `)?([^`.]*[^`]*)` a `", page):
        assert old.removesuffix(", ...}") in (ROOT / name).read_text(encoding="utf-8"), old
    path = tmp_path / "nandito_es.yaml"
    path.write_text(sheet.replace("affection: 0.95", "afection: 0.95"), encoding="utf-8")
    with pytest.raises(AuthoredError) as caught:
        load(path, Persona)
    [told] = re.findall(r"(?m)^    cast/nandito_es\.yaml(:.*)$", page)
    assert f"{path}{told}" in str(caught.value).splitlines()


def test_a_changed_affection_is_heard_as_the_tutorial_says(
    voiced: Troupe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(new, "shipped", lambda: voiced)
    monkeypatch.chdir(tmp_path)
    assert new.main(["troupe", "mine"]) == 0
    path = tmp_path / "mine" / "cast" / "bruno.yaml"
    shown = []
    for old, new_value in (("", ""), ("affection: 0.1", "affection: -0.9")):
        path.write_text(path.read_text(encoding="utf-8").replace(old, new_value), encoding="utf-8")
        capsys.readouterr()
        assert scene.main(["mine/scenes/first.yaml", "--plain", "--why"]) == 0
        shown.append(capsys.readouterr().out)
    assert "leaning" in shown[0]
    assert shown[0] != shown[1]

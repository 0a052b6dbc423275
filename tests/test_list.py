from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine import list as command
from engine.troupe import Troupe

Edit = Callable[[Path, str, str], None]
SEASON = """
title: A Short Year
narrator: ana
threads: {t: {title: T, arc: revenge, opened_by: supper/Soup, resolved_by: supper/The bill}}
episodes: [{title: One, scenes: [supper], finale: true}]
"""


def rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in text.splitlines() if "│" in line]


def test_characters_scenes_and_seasons(voiced: Troupe, edit: Edit, capsys: pytest.CaptureFixture[str]) -> None:
    (voiced.root / "cast" / "vera.yaml").write_text("name: Vera [Red]\n", encoding="utf-8")
    (voiced.root / "scenes" / "season.yaml").write_text(SEASON, encoding="utf-8")
    (voiced.root / "scenes" / "half.yaml").write_text("title: Half\n", encoding="utf-8")
    assert command.main([str(voiced.root)]) == 0
    shown, errors = capsys.readouterr()
    assert errors == ""
    found = rows(shown)
    assert found[0][:5] == ["ana", "Ana", "en", "36", "her own"]
    assert found[0][5] in "".join(script.path.read_text(encoding="utf-8") for script in voiced.scripts)
    assert ["vera", "Vera [Red]", "en", "0", "base", ""] in found
    assert ["supper", "Supper", "ana, bruno, carla, dario"] in found
    assert ["half", "2 faults: telenovela check", ""] in found
    assert ["season", "A Short Year", "1, of 1 scenes"] in found


def test_a_typical_line_is_neither_the_shortest_nor_the_longest() -> None:
    assert command.typical([]) == ""
    assert command.typical(["No.", "One of these days I will leave you all.", "Not today, Ana."]) == "Not today, Ana."


def test_outside_a_troupe_the_shipped_one_is_listed(
    troupe: Troupe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("engine.troupe.shipped", lambda: troupe)
    monkeypatch.chdir(tmp_path)
    assert command.main([]) == 0
    assert rows(capsys.readouterr().out)[0][0] == "ana"
    assert command.main(["nowhere"]) == 2
    assert capsys.readouterr().err == "nowhere: no such file or folder\n"

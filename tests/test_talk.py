"""The talk's comparison, in the smallest size: every row is trained, saved, resumed and shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import talk
from benchmarks.talk import Spelling
from engine.meter import Meter
from engine.troupe import Troupe

SIZES = ["--epochs", "3", "--width", "12", "--layers", "1", "--vocabulary", "150", "--batch", "2", "--steps", "8"]


def rows(folder: Path) -> dict[str, dict[str, Any]]:
    """The saved rows by file, the time they took left out."""
    found = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*-*.json")}
    return {name: {key: value for key, value in each.items() if key != "minutes"} for name, each in found.items()}


def test_what_a_model_cannot_say_it_has_to_spell() -> None:
    spelling = Spelling(["aab", "ab "])
    # Of 6 characters, of 3 kinds: 4 of 10 for an a, 2 of 10 for the end.
    assert spelling.bits("a") == pytest.approx(1.3219 + 2.3219, abs=1e-3)
    assert spelling.bits("aa") == pytest.approx(2 * 1.3219 + 2.3219, abs=1e-3)
    assert spelling.bits("z") > 21


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")
def test_rows_are_trained_once_resumed_and_printed(
    troupe: Troupe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    undisturbed, broken = tmp_path / "undisturbed", tmp_path / "broken"

    def compare(folder: Path, *options: str) -> int:
        return talk.main(["--to", str(folder), "--troupe", str(troupe.root), *SIZES, *options])

    assert compare(undisturbed) == 0
    table = capsys.readouterr().out.splitlines()
    made = rows(undisturbed)
    assert set(made) == {f"{level}-{show}" for level in talk.LEVELS for show in ("hotel", "house", "all")}
    assert [line.split(" | ")[0].strip("| ") for line in table[2:]] == [
        level for level in talk.LEVELS for _ in range(3)
    ]
    assert all(line.count("|") - line.count("\\|") == 11 for line in table)
    for each in made.values():
        assert 1 <= each["epoch"] <= 3
        assert len(each["says"]) == talk.LENGTH
        assert all(0 < bits < 20 for bits in each["bits"].values())
    # The toy's test scenes are of one show; a model on all is measured on it too.
    assert made["word-all"]["bits"].keys() == {"all", "hotel"}
    assert made["word-hotel"]["unknown"] > 0 == made["subword-hotel"]["unknown"]

    # Broken off in the second epoch of the second row, and taken up again.
    usual, steps = Meter.advance, []

    def advance(self: Meter, work: float = 1.0) -> None:
        steps.append(work)
        if len(steps) == stop:
            raise KeyboardInterrupt
        usual(self, work)

    # Three epochs of the first row and one and a half of the second, in updates of 2 x 8 tokens.
    stop = (3 * made["character-hotel"]["tokens"] + 3 * made["character-all"]["tokens"] // 2) // 16
    monkeypatch.setattr(Meter, "advance", advance)
    assert compare(broken, "--levels", "character", "--shows", "hotel", "all") == 130
    monkeypatch.undo()
    assert rows(broken).keys() == {"character-hotel"}
    assert (broken / ".character-all.checkpoint").exists()
    capsys.readouterr()
    assert compare(broken, "--levels", "character", "--shows", "hotel", "all") == 0
    assert rows(broken) == {name: made[name] for name in ("character-hotel", "character-all")}
    assert not list(broken.glob(".*"))
    # Nothing is trained twice.
    before = {path: path.stat().st_mtime_ns for path in broken.iterdir()}
    printed = capsys.readouterr().out
    assert compare(broken, "--levels", "character", "--shows", "hotel", "all") == 0
    assert capsys.readouterr().out == printed
    assert before == {path: path.stat().st_mtime_ns for path in broken.iterdir()}


def test_a_folder_of_another_run_and_a_show_that_is_none_are_refused(
    troupe: Troupe, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "run.json").write_text('{"epochs": 30}', encoding="utf-8")
    options = ["--to", str(tmp_path), "--troupe", str(troupe.root)]
    assert talk.main([*options, "--epochs", "3"]) == 2
    assert "its rows are of another run (epochs 30, width None" in capsys.readouterr().err
    assert talk.main([*options, "--shows", "hotels"]) == 2
    assert "--shows: hotels: the shows are hotel, house, and 'all'" in capsys.readouterr().err

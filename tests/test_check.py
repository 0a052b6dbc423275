"""The command, and the repository's own troupe: it passes, and its schemas are those of the models."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.check import main
from engine.checks.schemas import SCHEMAS, schema_text

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = "INT. ROOM - DAY\n\n[[arc: revenge]]\n\nANA\n(icy, to Luz)\nYou are late.\n\nLUZ\nThe bus was late, [red]mother[/red].\n"


@pytest.fixture
def troupe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("cast", "scenes", "corpora/show"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "cast" / "ana.yaml").write_text("name: Ana\n", encoding="utf-8")
    (tmp_path / "cast" / "luz.yaml").write_text("name: Luz\n", encoding="utf-8")
    (tmp_path / "scenes" / "one.yaml").write_text(
        "title: One\ncast: [ana, luz]\nbeats: [{name: a, closes: true}]\n", encoding="utf-8"
    )
    (tmp_path / "corpora" / "show" / "01.fountain").write_text(SCRIPT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_a_path_everything_around_is_checked(
    troupe: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(troupe / "corpora" / "show")
    assert main([]) == 0
    assert capsys.readouterr().out == "2 sheets\n1 scene: 1 beats\n1 script: 2 lines, 8 words\n"


def test_a_path_narrows_what_is_told(troupe: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (troupe / "cast" / "ana.yaml").write_text("name: Ana\ncolour: purpel\n", encoding="utf-8")
    (troupe / "scenes" / "one.yaml").write_text(
        "title: One\ncast: [anna]\nbeats: [{name: a, closes: true}]\n", encoding="utf-8"
    )
    assert main(["corpora", "cast/luz.yaml"]) == 0
    assert capsys.readouterr().out == "1 sheet\n1 script: 2 lines, 8 words\n"
    assert main(["scenes/one.yaml"]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err == (
        "scenes/one.yaml:2:8: cast: 'anna' is not in cast/ (did you mean 'ana'?)\n    cast: [anna]\n           ^\n"
    )
    assert main([]) == 2
    assert [line for line in capsys.readouterr().err.splitlines() if not line.startswith(" ")] == [
        "cast/ana.yaml:2:9: colour: 'purpel' is no colour that a terminal knows: write 'red' or '#c0392b'",
        "scenes/one.yaml:2:8: cast: 'anna' is not in cast/ (did you mean 'ana'?)",
    ]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("scenes/on.yaml", "scenes/on.yaml: no such file or folder (did you mean 'one.yaml'?)\n"),
        (
            "notes.txt",
            "notes.txt: nothing to check here: sheets lie in cast/, scenes in scenes/, scripts in corpora/\n",
        ),
    ],
)
def test_a_path_that_stands_for_nothing(
    troupe: Path, capsys: pytest.CaptureFixture[str], path: str, message: str
) -> None:
    (troupe / "notes.txt").write_text("", encoding="utf-8")
    assert main([path]) == 2
    assert capsys.readouterr().err == message


def test_outside_a_troupe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([]) == 2
    assert "no troupe here" in capsys.readouterr().err


def test_a_warning_stops_nothing(troupe: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for who, other in (("ana", "luz"), ("luz", "ana")):
        text = f"name: {who.title()}\nrelations: {{{other}: {{kind: mother}}}}\n"
        (troupe / "cast" / f"{who}.yaml").write_text(text, encoding="utf-8")
    assert main(["cast"]) == 0
    output = capsys.readouterr()
    assert output.out == "2 sheets\n"
    assert output.err == (
        "cast/ana.yaml:2:25: warning: 'luz' is mother here, but in cast/luz.yaml 'ana' is mother, not child\n"
    )


def test_stats_are_tables_and_take_text_as_text(troupe: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = SCRIPT.replace("LUZ\n", "[B]LUZ[/B]\n")
    (troupe / "corpora" / "show" / "01.fountain").write_text(script, encoding="utf-8")
    assert main(["cast", "--stats"]) == 0
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in capsys.readouterr().out.splitlines()]
    assert ["ana", "1", "3", "3", "", "icy 100%", "luz 100%"] in rows
    assert ["luz", "1", "5", "5", "", "", "ana 100%"] in rows
    assert ["lines with a tone", "50%", ""] in rows
    assert ["words in the median line", "4", ""] in rows


def test_schemas_are_written_once(troupe: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--schemas"]) == 0
    assert capsys.readouterr().out.splitlines()[: len(SCHEMAS)] == [f"wrote {name}" for name in SCHEMAS]
    assert main(["--schemas"]) == 0
    assert "wrote" not in capsys.readouterr().out
    schema = json.loads((troupe / "cast" / "schema.json").read_text(encoding="utf-8"))
    assert (
        schema["properties"]["talkativeness"]["description"]
        == "0 speaks when spoken to, 1 never stops; two who are alone take turns whatever it says."
    )


# --- the repository itself -------------------------------------------------------------------------------------------


def test_the_repository_passes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    status = main([])
    assert status == 0, capsys.readouterr().err


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_are_not_stale(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert text == schema_text(SCHEMAS[name]), "write them anew: python -m engine.check --schemas"


def test_every_sheet_names_its_schema_in_its_first_line() -> None:
    for path in sorted([*ROOT.glob("cast/*.yaml"), *ROOT.glob("scenes/*.yaml"), *ROOT.glob("corpora/*.yaml")]):
        first = path.read_text(encoding="utf-8").split("\n", 1)[0]
        marker, _, schema = first.partition("$schema=")
        assert marker == "# yaml-language-server: ", path
        assert str((path.parent / schema).relative_to(ROOT)) in SCHEMAS, path


def test_stats_say_what_is_wanted_and_what_is_not_so(troupe: Path, capsys: pytest.CaptureFixture[str]) -> None:
    standards = "figures: {en: {tones: [0.75, 1], words: [4, 20]}}\n"
    (troupe / "corpora" / "standards.yaml").write_text(standards, encoding="utf-8")
    assert main(["cast", "--stats"]) == 0
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in capsys.readouterr().out.splitlines()]
    assert ["lines with a tone", "50%", "75% to 100%  (not so)"] in rows
    assert ["words of dialogue", "8", "4 to 20"] in rows

"""What a scene is exported as, adopt reads back: the same speakers and lines, and no direction taken for speech."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.corpus.fountain import read
from engine.corpus.reading import FORMATS, read_file
from engine.corpus.turns import Scene
from engine.errors import TelenovelaError
from engine.performance import Entry, Performance
from engine.screen import export, paper, tables
from tests.conftest import ROOT

#: Every format that is one script; a zip of tables is none.
SUFFIXES = [suffix for suffix in export.FORMATS if suffix != ".zip"]
READ_AS = {".md": "plain", ".txt": "plain", ".vtt": "webvtt"}


def scenes() -> Iterator[Scene]:
    """A long scene of each of the seven folders of the library, in two languages."""
    for folder in sorted((ROOT / "corpora").iterdir()):
        found = [
            scene for path in sorted(folder.glob("*.fountain")) for scene in read(path.read_text("utf-8"), path).scenes
        ]
        yield from sorted(found, key=lambda scene: -len(scene.turns))[:1]


def performance(scene: Scene) -> Performance:
    """A scene as if it had been played, with directions before, between and after its lines."""
    entries = [Entry("direction", "A door (the old one) opens, and nobody comes in.")]
    for number, turn in enumerate(scene.turns):
        entries.append(Entry("line", turn.text, turn.speaker, turn.addressee, turn.tone, "ask"))
        if number % 5 == 2:
            entries.append(
                Entry(
                    "direction",
                    f"{turn.speaker} waits: for the others, for the rain, for anything at all that would end this.",
                )
            )
    names = list(dict.fromkeys(turn.speaker for turn in scene.turns))
    return Performance(
        "The Kettle",
        3,
        tuple(entries),
        summary={"setting": "A kitchen by the harbour. Night: rain.", "cast": [*names, "A Cat"]},
    )


PLAYED = [performance(scene) for scene in scenes()]


def spoken(played: Performance) -> list[tuple[str, str]]:
    return [((entry.speaker or "").casefold(), entry.text) for entry in played.lines if entry.kind == "line"]


def test_there_are_seven_scenes_of_some_length() -> None:
    assert len(PLAYED) == 7
    assert all(len(spoken(played)) >= 8 for played in PLAYED)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("number", range(7))
def test_speakers_and_lines_come_back(number: int, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"scene{suffix}"
    export.write(PLAYED[number], path)
    found = read_file(path)
    assert found.name == READ_AS.get(suffix, suffix[1:])
    assert found.name in FORMATS
    assert [((turn.speaker or "").casefold(), turn.text) for turn in found.script.turns()] == spoken(PLAYED[number])


@pytest.mark.parametrize("suffix", [suffix for suffix in SUFFIXES if suffix not in {".txt", ".srt", ".pdf"}])
def test_title_setting_and_cast_are_in_every_format(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"scene{suffix}"
    export.write(PLAYED[0], path)
    text = path.read_text("utf-8")
    assert "The Kettle" in text
    assert "A kitchen by the harbour. Night: rain." in text
    assert "A Cat" in text


@pytest.mark.parametrize("suffix", [".fountain", ".fdx", ".html", ".json"])
def test_tones_come_back(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"scene{suffix}"
    export.write(PLAYED[0], path)
    tones = [entry.tone for entry in PLAYED[0].lines if entry.kind == "line"]
    assert [turn.tone for turn in read_file(path).script.turns()] == tones


def test_a_voice_over_sheet_has_a_file_a_speaker_with_ids_that_stay(tmp_path: Path) -> None:
    path = tmp_path / "scene.zip"
    export.write(PLAYED[0], path)
    with zipfile.ZipFile(path) as archive:
        parts = {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
            for name in archive.namelist()
            if name.endswith(".csv")
        }
        assert "A kitchen by the harbour" in archive.read("README.txt").decode("utf-8")
    lines = [entry for entry in PLAYED[0].lines if entry.kind == "line"]
    assert len(parts) == len({entry.speaker for entry in lines})
    rows = [row for part in parts.values() for row in part]
    assert sorted(row["text"].strip() for row in rows) == sorted(entry.text for entry in lines)
    assert {row["act"] for row in rows} == {"ask"}
    assert all(float(row["seconds"]) > 0 and row["cue before"] for row in rows)
    again = Performance("The Kettle", 9, (*PLAYED[0].lines[:-1], Entry("line", "Otherwise.", "Ana")))
    assert tables.ids(again) == tables.ids(PLAYED[0])


def test_a_table_computes_nothing() -> None:
    table = export.to_csv(Performance("x", 1, (Entry("line", '=HYPERLINK("a")', "@SUM"),)))
    assert list(csv.reader(io.StringIO(table)))[-1][2:] == [" @SUM", "", "", "", ' =HYPERLINK("a")']


def test_the_same_performance_gives_the_same_bytes() -> None:
    assert paper.to_pdf(PLAYED[0]) == paper.to_pdf(PLAYED[0])
    assert tables.to_voiceover(PLAYED[0]) == tables.to_voiceover(PLAYED[0])


def test_letters_that_no_font_has_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "_PLACES", ())
    with pytest.raises(TelenovelaError, match=r"no typewriter font on this machine has the letters .*; install one"):
        paper.to_pdf(Performance("x", 1, (Entry("line", "Кто там?", "Марит"),)))

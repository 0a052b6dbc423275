from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.corpus.reading import read_script
from engine.errors import TelenovelaError
from engine.performance import BidWhy, Entry, Judged, LineWhy, Performance, Why
from engine.screen import export, subtitles

PARTY = Performance(
    "The Party",
    7,
    (
        Entry("direction", "A cake the size of a coffin."),
        Entry("line", "This is my house!", "Soraya", "María", "furious", why=Why("the <slap>")),
        Entry("line", "I clean this house. I know what is under the rugs.", "María", "Soraya"),
        Entry("line", "Pursuant to article four --", "Man in a Suit", "María", "weary"),
    ),
    ended="the closing beat was played",
    summary={
        "relations": {"before": {}, "after": {"Soraya": {"María": {"kind": "rival", "heat": 1.0}}}},
        "setting": "A ballroom. Rain.",
        "cast": ["Soraya", "María", "Man in a Suit"],
    },
)
names = st.text(st.characters(categories=["Lu", "Ll", "Nd"], max_codepoint=0x17F), min_size=1, max_size=12)
speech = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"], max_codepoint=0x17F), max_size=80)


def read_subtitles(text: str) -> list[tuple[float, float, str]]:
    """(start, end, text) of SubRip subtitles; seconds."""
    found = []
    for number, block in enumerate(text.strip().split("\n\n"), 1):
        index, times, shown = block.split("\n", 2)
        assert int(index) == number
        match = re.fullmatch(r"(\d\d):(\d\d):(\d\d),(\d{3}) --> (\d\d):(\d\d):(\d\d),(\d{3})", times)
        assert match
        h1, m1, s1, f1, h2, m2, s2, f2 = map(int, match.groups())
        found.append((h1 * 3600 + m1 * 60 + s1 + f1 / 1000, h2 * 3600 + m2 * 60 + s2 + f2 / 1000, shown))
    return found


def test_json_round_trip(tmp_path: Path) -> None:
    export.write(PARTY, tmp_path / "party.json")
    assert Performance.from_json((tmp_path / "party.json").read_text(encoding="utf-8")) == PARTY


def test_text_is_what_plain_prints() -> None:
    assert export.to_text(PARTY) == (
        "(A cake the size of a coffin.)\n"
        "SORAYA (furious): This is my house!\n"
        "MARÍA: I clean this house. I know what is under the rugs.\n"
        "MAN IN A SUIT (weary): Pursuant to article four --\n"
    )


def test_fountain() -> None:
    assert export.to_fountain(PARTY) == (
        "Title: The Party\nCredit: played by\nAuthor: Telenovela\n"
        "Notes:\n    Setting: A ballroom. Rain.\n    Cast: Soraya, María, Man in a Suit\n\n"
        ".THE PARTY\n\n"
        "A cake the size of a coffin.\n\n"
        "SORAYA\n(furious, to María)\nThis is my house!\n\n"
        "MARÍA\nI clean this house. I know what is under the rugs.\n\n"
        "MAN IN A SUIT\n(weary)\nPursuant to article four --\n"
    )


def test_fountain_is_read_back_as_a_script(tmp_path: Path) -> None:
    path = tmp_path / "party.fountain"
    export.write(PARTY, path)
    script = read_script(path)
    assert script.title == "The Party"
    turns = list(script.turns())
    assert [(turn.speaker or "").upper() for turn in turns] == ["SORAYA", "MARÍA", "MAN IN A SUIT"]
    assert [turn.text for turn in turns] == [entry.text for entry in PARTY.lines if entry.kind == "line"]
    assert [turn.tone for turn in turns] == ["furious", None, "weary"]
    assert (turns[0].addressee or "").upper() == "MARÍA"


@pytest.mark.parametrize(
    ("entry", "block"),
    [
        (
            Entry("line", "*No* __matter__ [[note]] /* x */", "Ana"),
            "ANA\n\\*No\\* \\_\\_matter\\_\\_ [ [note]] /\\* x \\*/",
        ),
        (Entry("line", "Hm.", "3PO"), "@3PO\nHm."),
        (Entry("line", "Hm.", "Int. Ana"), "@INT. ANA\nHm."),
        (Entry("line", "Hm.", "日本"), "@日本\nHm."),
        (Entry("line", "Hm.", "Ana ^"), "ANA\nHm."),
        (Entry("direction", "RAIN"), "!RAIN"),
        (Entry("direction", "# Rain"), "!# Rain"),
        (Entry("direction", "Ext. of the house: rain."), "!Ext. of the house: rain."),
        (Entry("direction", "Rain\n\nSORAYA"), "Rain SORAYA"),
    ],
)
def test_fountain_says_nothing_that_nobody_said(entry: Entry, block: str) -> None:
    assert export.to_fountain(Performance("x", 1, (entry,))).split("\n\n")[2:] == [block + "\n"]


def test_subtitles_follow_each_other_at_reading_speed() -> None:
    shown = read_subtitles(export.to_srt(PARTY))
    assert shown[0] == (0.0, 2.0, "<i>(A cake the size of a coffin.)</i>")
    assert shown[2][2] == "MARÍA: I clean this house. I know what is\nunder the rugs."
    assert shown[1][0] == pytest.approx(2.15)
    assert shown[1][1] - shown[1][0] == pytest.approx(35 / 15, abs=0.001)


@given(st.lists(st.tuples(st.sampled_from(["line", "direction"]), st.text(max_size=300)), min_size=1, max_size=5))
def test_subtitles_of_any_text_can_be_read(entries: list[tuple[str, str]]) -> None:
    lines = tuple(Entry("line" if kind == "line" else "direction", text, "Ana") for kind, text in entries)
    clock = 0.0
    for start, end, shown in read_subtitles(export.to_srt(Performance("x", 1, lines))):
        assert clock <= start < end
        clock = end
        assert "-->" not in shown
        assert "\x1b" not in shown
        assert len(shown.split("\n")) <= 2
        assert all(len(row) <= subtitles.ROW for row in shown.removeprefix("<i>").removesuffix("</i>").split("\n"))


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_page_holds_script_reasons_and_map() -> None:
    page = export.to_html(PARTY, {"Soraya": "white"})
    parser = Tags()
    parser.feed(page)
    assert {"h1", "details", "svg", "figure"} <= parser.tags
    assert "This is my house!" in parser.text
    assert "beat: the <slap>" in parser.text
    assert page.startswith("<!DOCTYPE html>\n")


def test_a_page_runs_nothing_that_a_script_says() -> None:
    nasty = "<script>alert(1)</script>\"'&\x1b[31m"
    line = LineWhy(((nasty, -1.0),), {nasty: 1}, 2, {nasty: 1}, Judged(nasty, 1.0, {nasty: 1.0}), words=(nasty,))
    why = Why(nasty, turn=(BidWhy(nasty, 1.0, {nasty: 1.0}),), policy=nasty, leaning={nasty: 1.0}, line=line)
    entry = Entry("line", nasty, nasty, nasty, nasty, nasty, nasty, (nasty,), why)
    parser = Tags()
    page = export.to_html(Performance(nasty, 1, (entry, Entry("direction", nasty)), ended=nasty), {nasty: nasty})
    parser.feed(page)
    assert "script" not in parser.tags
    assert "\x1b" not in page
    assert html.escape("<script>alert(1)</script>\"'&") in page


def test_a_page_gets_the_colours_it_is_given(tmp_path: Path) -> None:
    export.write(PARTY, tmp_path / "party.html", {"Soraya": "#123456"})
    assert 'style="color:#123456">SORAYA<' in (tmp_path / "party.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("suffix", [".mmd", ".dot", ".svg", ".SVG"])
def test_maps_are_written(tmp_path: Path, suffix: str) -> None:
    export.write_map(PARTY, tmp_path / f"map{suffix}")
    text = (tmp_path / f"map{suffix}").read_text(encoding="utf-8")
    assert "María" in text
    if suffix.lower() == ".svg":
        assert ElementTree.fromstring(text).tag.endswith("svg")


def test_an_unknown_suffix_is_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(TelenovelaError) as caught:
        export.write(PARTY, Path("party.fountan"))
    assert str(caught.value) == (
        "party.fountan: a performance is written as .json, .fountain, .fdx, .pdf, .txt, .md, .html, .srt, .vtt, .csv, .zip, "
        "and this has '.fountan' (did you mean '.fountain'?)"
    )
    with pytest.raises(
        TelenovelaError, match=r"^map: a relation map is written as \.mmd, \.dot, \.svg, and this has no suffix$"
    ):
        export.write_map(PARTY, Path("map"))


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(TelenovelaError, match="cannot be written"):
        export.write(PARTY, tmp_path / "file" / "party.json")


@given(names, speech)
def test_any_speech_goes_through_fountain(name: str, text: str) -> None:
    """What is said comes back; a backslash is left out, which readers of Fountain treat each in their own way."""
    said = " ".join(text.replace("\\", "").split())
    script = export.to_fountain(Performance("x", 1, (Entry("line", said, name),)))
    block = script.split("\n\n")[2]
    assert re.sub(r"\\([*_])", r"\1", block.rstrip("\n").partition("\n")[2]) == said.replace("[[", "[ [")

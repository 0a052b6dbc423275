"""Every format: the fixture of it is read as counted by hand, and no text at all makes a reader stumble."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.corpus.reading import FORMATS, READERS, read_script, recognise
from engine.corpus.text import clean, decode, lines_of, read_text
from engine.errors import ScriptError
from engine.text import normalise

SCRIPTS = Path(__file__).parents[1] / "fixtures" / "scripts"

#: File, format, scenes, lines of each speaker; all of it counted by hand.
EXPECTED: dict[str, tuple[str, int, dict[str | None, int]]] = {
    "dinner.fountain": ("fountain", 2, {"Ofelia": 2, "Bruno": 3, "Man in a Suit": 1, "McKenna": 1}),
    "dinner.fdx": ("fdx", 2, {"Ofelia": 2, "Bruno": 2}),
    "colon.txt": ("plain", 2, {"Ofelia": 3, "Bruno": 2, "Man in a Suit": 1}),
    "stage.txt": ("plain", 2, {"Ofelia": 3, "Bruno": 2, "Mrs. Paz": 1}),
    "italics.txt": ("plain", 1, {"Ofelia": 2, "Bruno": 1, "Mrs. Paz": 1}),
    "ownline.txt": ("plain", 1, {"Ofelia": 2, "Bruno": 1, "Señora Paz": 1}),
    "transcript.txt": ("plain", 1, {None: 3, "Latin lover narrator": 2, "Ofelia": 2, "Bruno": 2}),
    "windows1252.txt": ("plain", 1, {"Ofelia": 2, "María": 1}),
    "captions.srt": ("srt", 2, {"Ofelia": 2, "Bruno": 2, None: 3}),
    "utf16.srt": ("srt", 1, {"María": 1, None: 1}),
    "captions.vtt": ("webvtt", 1, {"Ofelia": 2, "Bruno": 2, None: 1}),
    "captions.ttml": ("ttml", 1, {"Ofelia": 1, "Bruno": 1, "Paz": 1, None: 1}),
    "frames.dfxp": ("ttml", 2, {"Ofelia": 1, "Bruno": 1, None: 1}),
    "captions.smi": ("sami", 1, {"Ofelia": 1, "Bruno": 1, None: 1}),
    "captions.sbv": ("sbv", 1, {"Ofelia": 1, "Bruno": 1, None: 2}),
    "play.tei.xml": ("tei", 2, {"Ofelia": 2, "Bruno": 1, "Señora Paz": 1, None: 1}),
    "table.xhtml": ("html", 1, {"Ofelia": 1, "Mrs. Paz": 1, "Bruno": 1}),
    "gutenberg.html": ("html", 1, {"Ofelia": 2, "Bruno": 1, "Mrs. Paz": 1}),
    "speeches.xml": ("playxml", 2, {"Ofelia": 1, "Bruno": 1, "Ofelia and Bruno": 1}),
    "lines.csv": ("csv", 2, {"Ofelia": 2, "Bruno": 1, None: 1}),
    "lines.tsv": ("csv", 1, {"Ofelia": 2, "Bruno": 1}),
    "lines.json": ("json", 2, {"Ofelia": 2, "Bruno": 1, None: 1}),
    "lines.jsonl": ("jsonl", 2, {"Ofelia": 2, "Bruno": 1}),
    "convokit/utterances.jsonl": ("jsonl", 2, {"Ofelia": 2, "Bruno": 2}),
    "shouts.ass": ("ass", 1, {"Ofelia": 2, "Bruno": 1}),
    "frames.sub": ("microdvd", 1, {"Ofelia": 1, "Bruno": 1, None: 2}),
    "captions.scc": ("scc", 1, {"Ofelia": 1, "Bruno": 1}),
    "kitchen.trelby": ("trelby", 2, {"Ofelia": 2, "Bruno": 1}),
    "kitchen.osf": ("osf", 1, {"Ofelia": 1, "Bruno": 1}),
    "kitchen.rtf": ("rtf", 1, {"Ofelia": 2, "Inés": 1}),
    "card.json": ("card", 3, {"Ofelia": 3, "You": 1}),
    "kitchen.rpy": ("renpy", 2, {"Ofelia": 2, "Bruno": 1, "Man in a Suit": 1, None: 1}),
    "kitchen.yarn": ("yarn", 2, {"Ofelia": 3, "Bruno": 1}),
    "kitchen.ink": ("ink", 2, {"Ofelia": 2, "Bruno": 2}),
    "kitchen.ks": ("kag", 2, {None: 1, "Ofelia": 2, "Bruno": 2}),
    "kitchen.dialogue": ("dialogue", 2, {"Ofelia": 2, "Bruno": 2}),
    "kitchen.twee": ("twee", 2, {"Ofelia": 2, "Bruno": 1}),
    "phone.txt": ("plain", 1, {"Ofelia": 2, "Bruno": 1}),
    "character_below.txt": ("plain", 1, {"First Citizen": 2, "Ofelia": 1}),
    "greek.txt": ("plain", 1, {"Οφελια": 2, "Μπρουνο": 1}),
    "japanese.txt": ("plain", 1, {"花子": 2, "太郎": 2}),
    "printed.txt": ("fountain", 1, {"Ofelia": 2, "Bruno": 1}),
    "movie_lines.txt": ("cornell", 3, {"Ofelia": 2, "Bruno": 2, "Paz": 1}),
}


def spoken(name: str) -> list[tuple[str | None, str]]:
    return [(turn.speaker, turn.text) for turn in read_script(SCRIPTS / name).turns()]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_fixture_is_read_as_counted_by_hand(name: str) -> None:
    format_, scenes, lines = EXPECTED[name]
    path = SCRIPTS / name
    script = read_script(path)
    assert recognise(read_text(path), path).name == format_
    assert len(script.scenes) == scenes
    assert Counter(turn.speaker for turn in script.turns()) == lines


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_texts_are_normalised_and_lines_are_true(name: str) -> None:
    path = SCRIPTS / name
    rows = read_text(path).split("\n")
    for turn in read_script(path).turns():
        assert turn.text == normalise(turn.text)
        if path.suffix in {".rtf", ".scc", ".json"} and path.stem in {"kitchen", "captions", "card"}:
            continue  # what is packed has no lines that a reader could look up
        # A turn begins on its line or (a cue, a time, an element) just above its first word.
        near = " ".join(rows[turn.line - 1 : turn.line + 4]).lower()
        assert re.findall(r"\w+", turn.text)[0].lower() in near


def test_every_fixture_has_an_expectation_and_every_format_a_fixture() -> None:
    files = {str(path.relative_to(SCRIPTS)) for path in SCRIPTS.rglob("*") if path.is_file()}
    assert files - {"convokit/speakers.json"} == set(EXPECTED)
    # Formats of bytes have no samples in the repository: tests/test_files_of_programs.py writes each with its library.
    assert {format_ for format_, _, _ in EXPECTED.values()} == {reader.name for reader in READERS}


def test_a_sentence_over_captions_is_one_line_and_a_name_alone_is_the_next_ones() -> None:
    lines = spoken("captions.srt")
    assert lines[0] == ("Ofelia", "There were twelve spoons on Sunday, and I counted every one of them.")
    assert lines[3:6] == [
        ("Bruno", "Ask the man in the suit."),
        (None, "If I may..."),
        ("Ofelia", "You may not."),
    ]


def test_captions_in_capitals_are_set_in_sentence_case() -> None:
    assert spoken("frames.dfxp")[:2] == [
        ("Ofelia", "There were twelve spoons on sunday, and I love Bruno."),
        ("Bruno", "I'm sorry. It was eleven."),
    ]


def test_replies_come_after_what_they_reply_to() -> None:
    assert [text for _, text in spoken("convokit/utterances.jsonl")] == [
        "There were twelve spoons.", "Eleven.", "Thief!", "Good morning.",
    ]  # fmt: skip


def test_nothing_of_the_licence_of_gutenberg_is_spoken() -> None:
    assert not any("licence" in text for _, text in spoken("stage.txt"))


def test_tones_and_addressees_are_found_where_the_script_says_them() -> None:
    turns = list(read_script(SCRIPTS / "ownline.txt").turns())
    assert (turns[1].tone, turns[1].addressee) == ("furious", "Ofelia")
    assert next(read_script(SCRIPTS / "lines.csv").turns()).tone == "icy"


def test_language_is_declared_or_guessed() -> None:
    assert read_script(SCRIPTS / "play.tei.xml").language == "es"
    assert read_script(SCRIPTS / "windows1252.txt").language == "es"
    assert read_script(SCRIPTS / "gutenberg.html").language == "en"


def test_an_unknown_format_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match=r"'fountan' is not a format .* \(did you mean 'fountain'\?\)"):
        read_script(tmp_path / "x", "fountan")


def test_a_file_without_dialogue_is_refused_with_an_example(tmp_path: Path) -> None:
    path = tmp_path / "prose.txt"
    path.write_text("It was a dark night. Nobody spoke.\n\nNobody would.")
    with pytest.raises(ScriptError, match=r"(?s)no dialogue found: looked for .*SORAYA: Who lit the candle\?"):
        read_script(path)


def test_a_subtitle_without_times_gets_the_example_of_subtitles(tmp_path: Path) -> None:
    path = tmp_path / "broken.srt"
    path.write_text("one line\nanother line")
    with pytest.raises(ScriptError, match="00:00:01,000 --> 00:00:03,500"):
        read_script(path)


def test_missing_empty_and_binary_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="no such file"):
        read_script(tmp_path / "nothing.srt")
    (tmp_path / "empty.txt").write_text(" \n")
    with pytest.raises(ScriptError, match="the file is empty"):
        read_script(tmp_path / "empty.txt")
    (tmp_path / "doc.txt").write_bytes(b"PK\x03\x04" + bytes([0, 200, 129, 0]) * 50)
    with pytest.raises(ScriptError, match="this is not text"):
        read_script(tmp_path / "doc.txt")


BOMB = """<?xml version="1.0"?>
<!DOCTYPE TEI [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>
<TEI><text><body><sp><speaker>A</speaker><p>&b; &x;</p></sp></body></text></TEI>"""


def test_xml_that_declares_entities_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xml"
    path.write_text(BOMB)
    with pytest.raises(ScriptError, match=r"bomb\.xml:2: this XML declares entities"):
        read_script(path)


def test_deeply_nested_files_are_refused_or_read_but_never_break(tmp_path: Path) -> None:
    for name, text in {
        "deep.json": "[" * 100_000,
        "deep.jsonl": '{"a":' * 50_000 + "1" + "}" * 50_000,
        "deep.xml": "<TEI>" + "<div>" * 50_000,
        "deep.html": "<html>" + "<div>" * 50_000 + "A: b",
        "deep.ttml": "<tt><body>" + "<div>" * 50_000,
    }.items():
        path = tmp_path / name
        path.write_text(text)
        with pytest.raises(ScriptError):
            read_script(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings_are_recognised(encoding: str) -> None:
    text = "MARÍA: ¿Quién está ahí?\nSOFÍA: Nadie, señora. “Nadie”.\n"
    assert decode(text.replace("\n", "\r\n").encode(encoding)) == text


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text())
def test_clean_is_normalise(text: str) -> None:
    assert clean(text) == normalise(text)


#: Pieces of every format, thrown together, find more than random letters do.
PIECES = st.sampled_from(
    [
        "OFELIA:",
        "BRUNO.",
        "_Paz._",
        "JANE",
        "(icy)",
        "[Ofelia]",
        ">>",
        "-",
        "--",
        ":",
        ".",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "<",
        ">",
        '"',
        "'",
        "*",
        "_",
        "~",
        "@",
        "!",
        "#",
        "=",
        "^",
        "&",
        "&amp;",
        "&nbsp;",
        "&b;",
        "00:00:01,000",
        "-->",
        "00:00:02,000",
        "WEBVTT",
        "0:00:01.000,0:00:02.000",
        "<tt>",
        "<p",
        'begin="1s">',
        "</p>",
        "<br/>",
        "<v",
        "Ann>",
        "<TEI>",
        "<sp>",
        "<speaker>",
        "</speaker>",
        "</sp>",
        "<html>",
        "<td>",
        "<tr>",
        "<table>",
        "<speech>",
        "<line>",
        "<FinalDraft>",
        "<Paragraph",
        'Type="Character">',
        "<Text>",
        "<SAMI>",
        "<SYNC",
        "Start=1>",
        "<P>",
        "speaker,text",
        '{"speaker":"A","text":"b"}',
        "[{",
        "+++$+++",
        "/*",
        "*/",
        "[[arc:",
        "x]]",
        "[[",
        "]]",
        "INT.",
        "ACT",
        "I",
        "Title:",
        "Language:",
        "hello",
        "there.",
        "What?",
        "♪",
        "<!DOCTYPE",
        "<!ENTITY",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "NOTE",
        "1",
        "2º",
        "…",
        "—",
        "¡",
        "é",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.one_of(PIECES, st.sampled_from(["\n", "\n\n", " ", "\t"]), st.text(max_size=5)), max_size=60).map(
        "".join
    ),
)


def letters(text: str) -> int:
    """Letters and digits, which normalising neither adds nor drops but for the composing of accents."""
    return sum(char.isalnum() for char in text)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS)
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_any_text_gives_turns_or_a_refusal_and_never_more_than_it_holds(reader, text: str) -> None:  # type: ignore[no-untyped-def]
    try:
        script = reader.read(text, Path("any.txt"))
    except ScriptError as error:
        assert "any.txt" in str(error)
        return
    turns = list(script.turns())
    assert turns
    assert sum(letters(turn.text) for turn in turns) <= letters(normalise(text)) + text.count("&") * 4
    assert all(turn.text and turn.line <= lines_of(text).count("\n") + 1 for turn in turns)
    assert all(turn.speaker is None or turn.speaker for turn in turns)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.binary(max_size=300))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        decode(data)
    except ScriptError as error:
        assert "not text" in str(error)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    lines=st.lists(
        st.tuples(
            st.sampled_from(["Ofelia", "Bruno", "Inés"]),
            st.from_regex(r"[a-z]{1,8}( [a-z]{1,8}){0,5}\.", fullmatch=True),
        ),
        min_size=3,
    )
)
def test_what_is_written_is_read_again(lines: list[tuple[str, str]]) -> None:
    path = Path("written")
    written = {
        "fountain": "INT. A ROOM\n\n" + "\n\n".join(f"{name.upper()}\n{text}" for name, text in lines),
        "jsonl": "\n".join(json.dumps({"speaker": name, "text": text}) for name, text in lines),
        "csv": "speaker,text\n" + "\n".join(f'"{name}","{text}"' for name, text in lines),
        "webvtt": "WEBVTT\n\n" + "\n\n".join(f"00:01.000 --> 00:02.000\n<v {name}>{text}" for name, text in lines),
        "plain": "\n".join(f"{name.upper()}: {text}" for name, text in lines),
    }
    for format_, text in written.items():
        reader = READERS[FORMATS.index(format_)]
        assert recognise(text, path) is reader
        assert [(turn.speaker, turn.text) for turn in reader.read(text, path).turns()] == lines


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_file_is_refused_as_any_format(tmp_path: Path, format: str) -> None:
    path = tmp_path / "empty.txt"
    path.touch()
    with pytest.raises(ScriptError):
        read_script(path, format)

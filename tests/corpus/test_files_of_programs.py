"""Files of word processors and screenwriting programs, each written here by the library or in the form of its program."""

from __future__ import annotations

import base64
import io
import json
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.shared import Pt

from engine.corpus.reading import FILE_READERS, read_file
from engine.errors import ScriptError
from engine.performance import Entry, Performance
from engine.screen import paper

LINES = [("Ofelia", "There were twelve spoons on Sunday."), ("Bruno", "Eleven."), ("Ofelia", "Thief!")]
FOUNTAIN = "Title: The Spoons\n\nINT. KITCHEN - NIGHT\n\nA lamp.\n\n" + "\n\n".join(
    f"{who.upper()}\n{text}" for who, text in LINES
)
XML = "<scenario><scene_heading><v>INT. KITCHEN</v></scene_heading><action><v>A lamp.</v></action>" + "".join(
    f"<character><v><![CDATA[{who.upper()}]]></v></character><dialogue><v><![CDATA[{text}]]></v></dialogue>" for who, text in LINES
) + "</scenario>"  # fmt: skip


def zipped(**files: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", "."), text)
    return held.getvalue()


def word(*, styles: bool) -> bytes:
    document = docx.Document()
    if styles:
        for name in ("Character", "Dialogue", "Parenthetical"):
            document.styles.add_style(name, 1)
    document.add_paragraph("INT. KITCHEN - NIGHT")
    document.add_paragraph("A lamp.")
    for who, text in LINES:
        cue = document.add_paragraph(who if styles else who.upper(), "Character" if styles else None)
        speech = document.add_paragraph(text, "Dialogue" if styles else None)
        if not styles:
            cue.paragraph_format.left_indent, speech.paragraph_format.left_indent = Pt(158), Pt(72)
    return saved(document.save)


def word_table() -> bytes:
    document = docx.Document()
    table = document.add_table(0, 2)
    for who, text in LINES:
        row = table.add_row()
        row.cells[0].text, row.cells[1].text = who, text
    return saved(document.save)


def open_document() -> bytes:
    head = '<office:document-content xmlns:office="o" xmlns:text="t"><office:body><office:text>'
    body = "".join(f"<text:p>{who.upper()}</text:p><text:p>{text}</text:p>" for who, text in LINES)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", f"{head}{body}</office:text></office:body></office:document-content>")
    return held.getvalue()


def spreadsheet() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Scene", "Character", "Line"])
    for who, text in LINES:
        sheet.append([1, who, text])
    book.create_sheet("Notes").append(["the spoons are silver"])
    return saved(book.save)


def printed() -> bytes:
    entries = (Entry("direction", "A lamp."), *(Entry("line", text, who) for who, text in LINES))
    return paper.to_pdf(Performance("The Spoons", 1, entries))


def database(packed: bool) -> bytes:
    connection = sqlite3.connect(":memory:")
    table, column = ("documents", "content") if packed else ("scenario", "text")
    connection.execute(f"CREATE TABLE {table} (id INTEGER, {column} BLOB)")
    content = struct.pack(">I", len(XML)) + zlib.compress(XML.encode()) if packed else XML
    connection.execute(f"INSERT INTO {table} VALUES (1, ?)", (content,))
    connection.commit()
    return connection.serialize()


def scrite() -> bytes:
    elements = [
        {"type": kind, "text": value}
        for who, text in LINES
        for kind, value in (("Character", who.upper()), ("Dialogue", text))
    ]
    scene = {
        "heading": {"locationType": "INT", "location": "KITCHEN", "moment": "NIGHT"},
        "elements": [{"type": "Action", "text": "A lamp."}, *elements],
    }
    return zipped(_header_DOT_json=json.dumps({"structure": {"elements": [{"scene": scene}]}}))


def osf() -> str:
    paras = "".join(
        f'<para><style basestyle="{kind}"/><text>{text}</text></para>'
        for who, said in LINES
        for kind, text in (("Character", who.upper()), ("Dialogue", said))
    )
    return f'<document type="Open Screenplay Format document"><paragraphs>{paras}</paragraphs></document>'


def celtx() -> str:
    rows = "".join(f'<p class="character">{who.upper()}</p><p class="dialog">{text}</p>' for who, text in LINES)
    return f'<html><body><p class="sceneheading">INT. KITCHEN</p><p class="action">A lamp.</p>{rows}</body></html>'


def picture() -> bytes:
    card = {
        "spec": "chara_card_v2",
        "data": {
            "name": "Ofelia",
            "first_mes": LINES[0][1],
            "mes_example": "<START>\n{{user}}: Eleven.\n{{char}}: Thief!",
        },
    }
    body = b"chara\0" + base64.b64encode(json.dumps(card).encode())
    chunk = struct.pack(">I", len(body)) + b"tEXt" + body + struct.pack(">I", zlib.crc32(b"tEXt" + body))
    return b"\x89PNG\r\n\x1a\n" + chunk


def broadcast() -> bytes:
    """An EBU STL file: a block of general information, and a block of 128 bytes for each caption."""
    head = bytearray(b" " * 1024)
    head[0:14] = b"850STL25.01100"[:14]
    head[11:12], head[12:14] = b"0", b"00"
    head[14:16] = b"09"
    for start, count in ((238, 5), (243, 5), (248, 3)):
        head[start : start + count] = b"3".rjust(count, b"0")
    head[251:253], head[253:255], head[255:256], head[256:264] = b"40", b"23", b"1", b"00000000"
    blocks = b""
    for number, (who, text) in enumerate(LINES):
        words = f"{who.upper()}: {text}".encode("ascii")
        times = bytes([0, 0, 1 + 3 * number, 0, 0, 0, 3 + 3 * number, 0])
        blocks += (
            bytes([0])
            + struct.pack("<H", number)
            + bytes([0xFF, 0])
            + times
            + bytes([20, 2, 0])
            + words.ljust(112, b"\x8f")
        )
    return bytes(head) + blocks


def saved(save: Callable[[io.BytesIO], None]) -> bytes:
    held = io.BytesIO()
    save(held)
    return held.getvalue()


FILES: dict[str, tuple[str, bytes]] = {
    "styles.docx": ("docx", word(styles=True)),
    "indents.docx": ("docx", word(styles=False)),
    "table.docx": ("docx", word_table()),
    "play.odt": ("odt", open_document()),
    "lines.xlsx": ("xlsx", spreadsheet()),
    "script.pdf": ("pdf", printed()),
    "project.celtx": ("celtx", zipped(**{"script-a1_DOT_html": celtx(), "project_DOT_rdf": "<rdf/>"})),
    "script.highland": ("highland", zipped(**{"s_DOT_textbundle__text_DOT_md": FOUNTAIN, "s_DOT_textbundle__info_DOT_json": "{}"})),
    "script.fadein": ("fadein", zipped(document_DOT_xml=osf())),
    "script.scrite": ("scrite", scrite()),
    "script.kitsp": ("scenarist", database(packed=False)),
    "script.starc": ("scenarist", database(packed=True)),
    "broadcast.stl": ("stl", broadcast()),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(FILES))
def test_speakers_and_lines_are_found(name: str, tmp_path: Path) -> None:
    format_, data = FILES[name]
    path = tmp_path / name
    path.write_bytes(data)
    found = read_file(path)
    assert found.name == format_
    assert [(turn.speaker, turn.text) for turn in found.script.turns()] == LINES


def test_a_card_in_a_picture_says_who_she_is(tmp_path: Path) -> None:
    path = tmp_path / "ofelia.png"
    path.write_bytes(picture())
    found = read_file(path)
    assert found.name == "cardpng"
    assert [turn.speaker for turn in found.script.turns()] == ["Ofelia", "You", "Ofelia"]


def test_every_format_of_bytes_has_a_file_here() -> None:
    assert {format_ for format_, _ in FILES.values()} | {"cardpng"} == {reader.name for reader in FILE_READERS}


@pytest.mark.parametrize("name", sorted(FILES))
def test_damaged_files_are_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    _, data = FILES[name]
    path = tmp_path / name
    for cut in (len(data) // 2, len(data) - 40):
        path.write_bytes(data[:cut] + b"\0" * 20)
        try:
            read_file(path)
        except ScriptError as error:
            assert name in str(error)


def test_what_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * (130 * 2**20))
    path = tmp_path / "bomb.docx"
    path.write_bytes(held.getvalue())
    with pytest.raises(ScriptError, match="unpacks to more than 128 MB"):
        read_file(path)


def test_a_picture_without_a_card_and_a_pdf_without_text_say_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "cat.png").write_bytes(b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 0) + b"IEND" + b"\0" * 4)
    with pytest.raises(ScriptError, match="no character card"):
        read_file(tmp_path / "cat.png")

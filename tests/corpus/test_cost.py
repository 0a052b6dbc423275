"""What reading costs: twice the text takes twice the time, however hostile it is."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from engine.corpus import speakers
from engine.corpus.reading import READERS
from engine.errors import ScriptError
from tests.growth import MOST_DOUBLED, growth

TIMES = "1\n00:00:01,000 --> 00:00:02,000\n"
ASS = (
    "[Script Info]\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    "Dialogue: 0,0:00:01.00,0:00:03.00,D,A,0,0,0,,hi\nDialogue: 0,0:00:01.00,0:00:03.00,D,A,0,0,0,,"
)


def name(number: int) -> str:
    """A name of its own for each number: ANABCA, ANABCB, ..."""
    return "ANA" + "".join(chr(65 + number // 26**place % 26) for place in range(4))


#: Texts of about n characters, by the reader that they are for and what is in them.
HOSTILE: dict[str, Callable[[int], str]] = {
    "srt blanks before a colon": lambda n: TIMES + "ANA" + " " * n + "x: hi",
    "srt captions": lambda n: "".join(
        f"{i}\n00:{i // 60 % 60:02}:{i % 60:02},000 --> 00:{i // 60 % 60:02}:{i % 60:02},900\nANA: I say it once more.\n\n"
        for i in range(n // 60)
    ),
    "srt shouted names": lambda n: "".join(f"{i}\n{TIMES[2:]}[{name(i)}] YES I DO.\n\n" for i in range(n // 60)),
    "srt chevrons after blanks": lambda n: TIMES + (" " * 20 + ">> ") * (n // 23),
    "srt brackets": lambda n: TIMES + "ANA: " + "[a (" * (n // 4),
    "srt digits": lambda n: f"1\n{'1' * n}:00:01,000 --> 00:00:02,000\nANA: hi",
    "webvtt voices never closed": lambda n: "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "<v A" * (n // 4),
    "webvtt voices": lambda n: "WEBVTT\n\n" + "00:01.000 --> 00:02.000\n<v Ana>I say it.\n\n" * (n // 42),
    "sbv captions": lambda n: "0:00:01.000,0:00:02.000\nANA: hi.\n\n" * (n // 36),
    "sami comments never closed": lambda n: "<SAMI><SYNC Start=1><P>ANA: hi" + "<!-- " * (n // 10) + "<SYNC " * (n // 12),
    "sami marks never closed": lambda n: "<SAMI><BODY><SYNC Start=1><P Class=A>ANA: Yes.\n" + "<sync " * (n // 6),
    "ass tags never closed": lambda n: ASS + "{" * n,
    "microdvd rows": lambda n: "{1}{2}ANA: hi|yes\n" * (n // 18),
    "fountain blanks and notes": lambda n: "INT. A\n\nANA\n(to" + " " * n + "x)\n" + "_a " * (n // 9) + "\n\n" + "[[a " * (n // 9),
    "fountain emphasis": lambda n: "INT. X\n\nANA\n" + "_a " * (n // 3),
    "fountain notes never closed": lambda n: "INT. X\n\nANA\nHello.\n\n" + "[[a" * (n // 3),
    "fountain blanks in a heading": lambda n: "INT. X" + " " * n + "Y\n\nANA\nHello.\n",
    "fountain blanks in a cue": lambda n: "INT. X\n\nANA" + " " * n + "B\n(to A" + " " * n + "b)\nHello.\n",
    "fountain headings": lambda n: "ANA\nHello.\n\n" + "INT. A\n" * (n // 7),
    "fountain comments never closed": lambda n: "ANA\nHello.\n\n" + "/* a " * (n // 5),
    "plain nested brackets": lambda n: "ANA: hi\nBOB: " + "(" * (n // 3) + "x" + ")" * (n // 3) + " " * (n // 3) + "no\nANA: yes",
    "plain brackets never closed": lambda n: "ANA: Hello.\nBEA: Yes.\nANA: a\n" + "  (b\n" * (n // 5) + "  ]\n",
    "plain blanks after a bracket": lambda n: "ANA: Hello.\nBEA: [a]" + " " * n + "Yes.\nANA: a\n",
    "plain names": lambda n: "".join(f"{name(i)}: Hello there.\n" for i in range(n // 22)),
    "plain rows": lambda n: "ANA\nI say it.\nOnce more.\n\n" * (n // 27),
    "plain one long row": lambda n: "ANA: " + "a: " * (n // 3),
    "csv blanks": lambda n: "speaker,text\nANA" + " " * (n // 2) + "x,hi [x]" + " " * (n // 2) + "yes\n",
    "csv names": lambda n: "speaker,text\n" + "".join(f"{name(i)},Hello there.\n" for i in range(n // 22)),
    "csv quotation marks": lambda n: 'speaker,text\nANA,"' + 'a "b", ' * (n // 8),
    "tei document types": lambda n: "<!DOCTYPE a [" * (n // 13) + "<TEI><text><sp><speaker>A</speaker><p>b</p></sp></text></TEI>",
    "tei speeches": lambda n: "<TEI><text>" + "<sp><speaker>A</speaker><p>b</p></sp>" * (n // 38) + "</text></TEI>",
    "ttml captions": lambda n: "<tt><body><div>" + '<p begin="1s" end="2s">ANA: b</p>' * (n // 34) + "</div></body></tt>",
    "fdx paragraphs": lambda n: '<FinalDraft><Content>' + '<Paragraph Type="Character"><Text>A</Text></Paragraph><Paragraph Type="Dialogue"><Text>b</Text></Paragraph>' * (n // 108) + "</Content></FinalDraft>",
    "html tags never closed": lambda n: "<html><body><p>ANA: hi</p>" + "<p " * (n // 3),
    "html rows": lambda n: "<html><body><table>" + "<tr><td>Ana</td><td>Hello there.</td></tr>" * (n // 44) + "</table></body></html>",
    "json nests": lambda n: "[" * n,
    "json records": lambda n: "[" + ",".join(['{"speaker": "Ana", "text": "Hello there."}'] * (n // 43)) + "]",
    "jsonl records": lambda n: '{"speaker": "Ana", "text": "Hello there."}\n' * (n // 43),
    "ink comments never closed": lambda n: "A: b\n" + "/* " * (n // 3),
    "yarn commands never closed": lambda n: "title: a\n---\nA: b\n" + "<<" * (n // 2) + "\n===",
    "renpy lines": lambda n: 'label start:\n' + '    ana "I say it once more."\n' * (n // 31),
    "rtf groups": lambda n: "{\\rtf1 " + "{\\b ANA: hi}\\par " * (n // 19) + "}",
}  # fmt: skip


def read(kind: str, text: str) -> None:
    reader = next(reader for reader in READERS if reader.name == kind.split()[0])
    with contextlib.suppress(ScriptError):
        reader.read(text, Path("hostile"))


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_the_cost_of_reading_grows_with_the_text(kind: str) -> None:
    small, large = (partial(read, kind, HOSTILE[kind](length)) for length in (100_000, 200_000))
    assert growth(small, large, MOST_DOUBLED) <= MOST_DOUBLED


def test_as_many_names_as_lines_cost_no_square() -> None:
    started = time.process_time()
    speakers.merge({f"Person {number} {'abcdefgh'[number % 8] * 3}": 1 + number % 20 for number in range(8000)})
    assert time.process_time() - started < 5

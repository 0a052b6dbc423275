"""How fast scripts are read, format by format: MB/s, and how many times as long as decoding the same bytes takes.

    python benchmarks/reading.py [--megabytes 10]

The text is made of the fixtures' words by a seeded generator, so that the figures need no other file. Time is
processor time, the best of three.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from engine.corpus.reading import read_script, recognise
from engine.corpus.text import read_text

NAMES = ("Ofelia", "Bruno", "Mrs. Paz", "Inés", "Man in a Suit")
WORDS = tuple(
    word
    for path in sorted((Path(__file__).parent.parent / "tests/fixtures/scripts").glob("*.txt"))
    for word in read_text(path).lower().split()
    if word.isalpha()
)

Lines = list[tuple[str, str]]


def lines(generator: np.random.Generator, characters: int) -> Lines:
    """Speeches of 3 to 40 words, about `characters` long in all."""
    found: Lines = []
    while characters > 0:
        words = generator.choice(WORDS, int(generator.integers(3, 41)))
        found.append((NAMES[int(generator.integers(len(NAMES)))], " ".join(words).capitalize() + "."))
        characters -= len(found[-1][1]) + 20
    return found


def clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def caption(text: str) -> str:
    return textwrap.fill(text, 40)


#: By the format's name, and for plain text how its cues are set.
WRITERS: dict[str, Callable[[Lines], str]] = {
    "fountain": lambda all_: "INT. A ROOM\n\n" + "\n\n".join(f"{name.upper()}\n(icy)\n{text}" for name, text in all_),
    "fdx": lambda all_: '<FinalDraft DocumentType="Script"><Content>\n' + "\n".join(
        f'<Paragraph Type="Character"><Text>{name.upper()}</Text></Paragraph>\n'
        f'<Paragraph Type="Dialogue"><Text>{text}</Text></Paragraph>' for name, text in all_) + "</Content></FinalDraft>",
    "plain NAME:": lambda all_: "\n".join(f"{name.upper()}: {text}" for name, text in all_),
    "plain NAME.": lambda all_: "\n\n".join(textwrap.fill(f"{name.upper()}. {text}", 74) for name, text in all_),
    "plain rows": lambda all_: "\n\n".join(f"{name.upper()}\n{textwrap.fill(text, 60)}" for name, text in all_),
    "srt": lambda all_: "\n\n".join(
        f"{number}\n{clock(3 * number)},000 --> {clock(3 * number + 2)},500\n{caption(text)}"
        for number, (_, text) in enumerate(all_, 1)),
    "webvtt": lambda all_: "WEBVTT\n\n" + "\n\n".join(
        f"{clock(3 * number)}.000 --> {clock(3 * number + 2)}.500\n<v {name}>{caption(text)}"
        for number, (name, text) in enumerate(all_)),
    "ttml": lambda all_: "<tt><body><div>\n" + "\n".join(
        f'<p begin="{3 * number}s" end="{3 * number + 2}s">{caption(text)}</p>'.replace("\n", "<br/>")
        for number, (_, text) in enumerate(all_)) + "</div></body></tt>",
    "tei": lambda all_: "<TEI><text><body><div>\n" + "\n".join(
        f'<sp who="#{name[:2]}"><speaker>{name}</speaker><p>{text}</p></sp>' for name, text in all_
    ) + "</div></body></text></TEI>",
    "html": lambda all_: "<html><body><table>\n" + "\n".join(
        f"<tr><td>{name}</td><td>{text}</td></tr>" for name, text in all_) + "</table></body></html>",
    "csv": lambda all_: "speaker,text\n" + "\n".join(f'"{name}","{text}"' for name, text in all_),
    "jsonl": lambda all_: "\n".join(json.dumps({"speaker": name, "text": text}) for name, text in all_),
}  # fmt: skip


def best_of_three(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast scripts are read.")
    parser.add_argument("--megabytes", type=float, default=10.0)
    spoken = lines(np.random.default_rng(1), int(parser.parse_args().megabytes * 1e6))
    print(f"{'format':12} {'MB':>6} {'lines':>8} {'MB/s':>7} {'x decoding':>11}")
    with tempfile.TemporaryDirectory() as folder:
        for name, write in WRITERS.items():
            format = name.split()[0]
            path = Path(folder) / f"script.{format}"
            path.write_text(write(spoken), encoding="utf-8")
            size = path.stat().st_size / 1e6
            reader = recognise(read_text(path), path)
            assert reader.name == format, f"{name} was taken for {reader.name}"
            count = sum(1 for _ in read_script(path).turns())
            reading = best_of_three(lambda path=path: read_script(path))  # type: ignore[misc]
            decoding = best_of_three(lambda path=path: path.read_bytes().decode("utf-8"))  # type: ignore[misc]
            print(f"{name:12} {size:6.1f} {count:8} {size / reading:7.1f} {reading / max(decoding, 1e-6):11.0f}")


if __name__ == "__main__":
    main()

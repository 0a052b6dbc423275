from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from engine.performance import BidWhy, Change, Entry, Learned, Performance, Why
from engine.screen.keys import Quit
from engine.screen.playback import Pace, Playback, Player

CAKE = Entry("direction", "A birthday cake the size of a coffin, and nobody has been allowed to touch it yet.")
TIRADE = Entry(
    "line",
    "This is my house, and these are my pearls, and you, insect, are standing on my carpet!",
    "Soraya",
    "María",
    "furious",
    why=Why("the slap"),
    relations=(Change("Soraya", "María", "affection", -0.2, -0.3, "insult"),),
)
ANSWER = Entry("line", "I clean this house.", "María", "Soraya")
RELATIONS = {
    "Soraya": {"María": {"kind": "servant", "affection": -0.3, "trust": 0.0, "power": 0.8, "heat": 0.6}},
    "María": {"Soraya": {"kind": "boss", "affection": 0.1, "trust": -0.2, "power": -0.8, "heat": 0.4}},
}
CAST = [Player("Soraya", "red", "mistress of the house"), Player("María", "blue", "the maid")]
PARTY = Performance(
    "The Party",
    7,
    (CAKE, TIRADE, ANSWER),
    ended="the closing beat was played",
    summary={"relations": {"before": RELATIONS, "after": {**RELATIONS, "María": {"Soraya": {"kind": "enemy"}}}}},
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(play: Callable[[Playback], None], width: int = 80, **options: Any) -> str:
    file = io.StringIO()
    play(Playback(Console(file=file, width=width), **options))
    return "\n".join(row.rstrip() for row in file.getvalue().splitlines())


def scene(playback: Playback) -> None:
    for entry in (CAKE, TIRADE, ANSWER):
        playback.show(entry, RELATIONS)


def test_a_screenplay_at_40_columns() -> None:
    assert (
        shown(scene, 40)
        == """
(A birthday cake the size of a coffin,
and nobody has been allowed to touch it
yet.)

          SORAYA
       (furious)
     This is my house, and these
     are my pearls, and you,
     insect, are standing on my
     carpet!

          MARÍA
     I clean this house."""
    )


def test_a_screenplay_at_80_columns() -> None:
    assert (
        shown(scene, 80)
        == """
(A birthday cake the size of a coffin, and nobody has been allowed to
touch it yet.)

                    SORAYA
               (furious)
          This is my house, and these are my pearls, and you,
          insect, are standing on my carpet!

                    MARÍA
          I clean this house."""
    )


def test_at_120_columns_the_relations_stand_beside() -> None:
    bar = " " * 75 + "│"
    assert (
        shown(scene, 120)
        == f"""
(A birthday cake the size of a coffin, and nobody has been allowed to
touch it yet.)
{bar}
{"                    SORAYA":<75}│ Soraya to María, servant
{"               (furious)":<75}│   affection -0.30▼ trust +0.00
{"          This is my house, and these are my pearls, and you,":<75}│   power     +0.80  heat  +0.60
{"          insect, are standing on my carpet!":<75}│ María to Soraya, boss
{bar}   affection +0.10  trust -0.20
{bar}   power     -0.80  heat  +0.40
{bar}
{"                    MARÍA":<75}│ María to Soraya, boss
{"          I clean this house.":<75}│   affection +0.10  trust -0.20
{bar}   power     -0.80  heat  +0.40
{bar} Soraya to María, servant
{bar}   affection -0.30  trust +0.00
{bar}   power     +0.80  heat  +0.60"""
    )


def test_a_title_card() -> None:
    card = shown(lambda playback: playback.title_card("The Party", "A salon; the storm is tonight.", CAST), 40)
    assert (
        card
        == """\
╔══════════════════════════════════════╗
║                                      ║
║              The Party               ║
║    A salon; the storm is tonight.    ║
║                                      ║
║    Soraya  mistress of the house     ║
║    María   the maid                  ║
║                                      ║
╚══════════════════════════════════════╝"""
    )


def test_the_end() -> None:
    assert (
        shown(lambda playback: playback.close(PARTY), 60)
        == """
Between them
María to Soraya  boss → enemy, affection +0.10 → +0.00,
                 trust -0.20 → +0.00, power -0.80 → +0.00,
                 heat +0.40 → +0.00

Talk
Soraya  ████████████████████████████  1 line, 17 words (81%)
María   ███████                        1 line, 4 words (19%)

The end: the closing beat was played"""
    )


def test_why_follows_each_line() -> None:
    entry = Entry("line", "Out!", "Soraya", why=Why("the slap"), learned=(Learned("Alma", "true-will", "Soraya"),))
    assert (
        shown(lambda playback: playback.show(entry), 40, why=True)
        == """
          SORAYA
     Out!
    beat: the slap
    knows: Alma learns true-will (by
      Soraya)"""
    )


def test_plain_is_exact() -> None:
    file = io.StringIO()
    playback = Playback.on(file, why=True)
    playback.title_card("The Party", "A salon.", CAST)
    scene(playback)
    playback.close(PARTY)
    assert file.getvalue() == (
        "(The Party. A salon.)\n"
        "(A birthday cake the size of a coffin, and nobody has been allowed to touch it yet.)\n"
        "SORAYA (furious): This is my house, and these are my pearls, and you, insect, are standing on my carpet!\n"
        "    beat: the slap\n"
        "    relation: Soraya to María: affection -0.20 to -0.30 (insult)\n"
        "MARÍA: I clean this house.\n"
        "(María to Soraya: boss now enemy, affection +0.10 to +0.00, trust -0.20 to +0.00, power -0.80 to +0.00, "
        "heat +0.40 to +0.00)\n"
        "(The end: the closing beat was played)\n"
    )


def test_a_spanish_performance_is_closed_in_spanish() -> None:
    file = io.StringIO()
    playback = Playback.on(file, plain=True)
    playback.close(replace(PARTY, language="es", ended="con el momento «El pastel»"))
    assert file.getvalue() == (
        "(María a Soraya: quien manda ahora enemistad, cariño +0.10 a +0.00, confianza -0.20 a +0.00, "
        "poder -0.80 a +0.00, ardor +0.40 a +0.00)\n"
        "(Fin: con el momento «El pastel»)\n"
    )
    pictures = shown(lambda playback: playback.close(replace(PARTY, language="es")), 60)
    assert [row for row in pictures.splitlines() if row in ("Entre ellos", "Quién habló")] == [
        "Entre ellos",
        "Quién habló",
    ]


def test_plain_by_itself_where_there_is_no_terminal_whatever_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert Playback.on(io.StringIO()).plain
    assert not Playback.on(Terminal()).plain
    assert Playback.on(Terminal(), plain=True).plain


def played_on_a_terminal(pace: Pace = "instant", pause: Callable[[float], bool] = lambda seconds: False) -> str:
    file = Terminal()
    playback = Playback.on(file, pace=pace, pause=pause)
    playback.title_card("The Party", "", CAST)
    scene(playback)
    return file.getvalue()


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = played_on_a_terminal()
    assert "\x1b[31m" in coloured or ";31m" in coloured
    monkeypatch.setenv("NO_COLOR", "1")
    sequences = {part.partition("m")[0] for part in played_on_a_terminal().split("\x1b[")[1:]}
    assert sequences <= {"0", "1", "2", "3"}


def test_a_terminal_without_accents_gets_question_marks() -> None:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding="ascii")
    Playback.on(file).show(ANSWER)
    assert raw.getvalue() == b"MAR?A: I clean this house.\n"


def test_typing_takes_its_time_and_shows_the_same() -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> bool:
        pauses.append(seconds)
        return False

    assert shown(scene, 80, pace="slow", pause=pause) == shown(scene, 80)
    assert pauses.count(1.2) == 3
    assert pauses.count(0.06) > len(TIRADE.text)


def test_a_line_that_is_hurried_is_shown_at_once_and_the_next_begins() -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> bool:
        pauses.append(seconds)
        return len(pauses) == 3

    assert shown(lambda playback: playback.show(TIRADE), 80, pace="slow", pause=pause) == shown(
        lambda playback: playback.show(TIRADE), 80
    )
    assert pauses == [0.06] * 3


@pytest.mark.parametrize("end", [KeyboardInterrupt, Quit])
def test_who_ends_it_leaves_the_terminal_at_the_start_of_a_line(end: type[BaseException]) -> None:
    file = io.StringIO()

    def pause(seconds: float) -> bool:
        raise end

    with pytest.raises(end):
        Playback(Console(file=file, width=80), pace="slow", pause=pause).show(ANSWER)
    assert file.getvalue().endswith("     I\n")


def test_accents_are_typed_with_their_letters() -> None:
    parts: list[str] = []
    file = io.StringIO()

    def pause(seconds: float) -> bool:
        parts.append(file.getvalue())
        return False

    entry = Entry("line", "Si\u0301.", "Ana")
    Playback(Console(file=file, width=80), pace="slow", pause=pause).show(entry)
    assert [part.split()[-1] for part in parts] == ["S", "Si\u0301", "Si\u0301.", "Si\u0301."]


anything = st.text(alphabet=st.characters(codec=None), max_size=60)


@given(st.sampled_from(["line", "direction"]), anything, anything, anything, st.integers(1, 130), st.booleans())
def test_no_text_reaches_the_terminal_as_a_control_sequence(
    kind: str, text: str, name: str, tone: str, width: int, plain: bool
) -> None:
    entry = Entry(
        "line" if kind == "line" else "direction",
        text,
        name,
        tone,
        tone,
        act=text,
        gist=name,
        topics=(tone,),
        why=Why(text, turn=(BidWhy(name, 1.0, {tone: 1.0}),), policy=tone, leaning={text: 1.0}),
        relations=(Change(name, tone, "trust", 0.0, 1.0, text),),
        learned=(Learned(name, text, tone),),
    )
    edge = {"kind": text, "affection": 1.0}
    relations = {name: {tone: edge}}
    summary = {
        "relations": {"before": {}, "after": relations},
        "talk": {name: {"lines": 1, "words": 1}},
        "threads": [{"name": text, "arc": name, "opened": tone, "closed": text}],
    }

    def play(playback: Playback) -> None:
        playback.title_card(text, name, [Player(name, tone, text)])
        playback.show(entry, relations)
        playback.close(Performance(text, 1, (entry,), ended=tone, summary=summary))

    output = shown(play, width, plain=plain, why=True)
    assert not any(letter != "\n" and (ord(letter) < 32 or 127 <= ord(letter) < 160) for letter in output)
    output.encode("utf-8")


@given(st.text(max_size=200), st.text(max_size=30), st.integers(12, 109))
def test_no_row_is_wider_than_the_terminal(text: str, name: str, width: int) -> None:
    entry = Entry("line", text, name, tone="furious")
    rows = shown(lambda playback: playback.show(entry), width).splitlines()
    assert all(cell_len(row) <= width for row in rows)


def test_markup_is_text() -> None:
    entry = Entry("line", "[bold]No[/bold] :smile: [/]", "[red]Ana[/]")
    assert shown(lambda playback: playback.show(entry), 80).splitlines()[1:] == [
        "                    [RED]ANA[/]",
        "          [bold]No[/bold] :smile: [/]",
    ]


def test_a_line_that_is_long_in_coming_is_waited_for_with_a_spinner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.screen.waiting.PATIENCE", 0.02)
    for plain, spins in ((False, True), (True, False)):
        file = io.StringIO()
        console = Console(file=file, force_terminal=True, width=60)
        playback = Playback(console, plain=plain)
        slow = (time.sleep(0.3) or number for number in range(2))
        assert list(playback.waited(slow)) == [0, 1]
        assert bool(file.getvalue()) == spins


def test_a_line_that_is_there_at_once_is_not_waited_for() -> None:
    file = io.StringIO()
    assert list(Playback(Console(file=file, force_terminal=True, width=60)).waited("abc")) == ["a", "b", "c"]
    assert file.getvalue() == ""

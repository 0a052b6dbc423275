"""The plain room, the command, and a session that is killed."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.command import main as telenovela
from engine.studio import main
from engine.studio.plain import PlainRoom
from engine.studio.session import Session
from engine.troupe import Troupe
from tests.conftest import ROOT
from tests.studio.conftest import lines, opened

Edit = Callable[[Path, str, str], None]


def said(session: Session, *commands: str) -> list[str]:
    """What the plain room answers, a line each, without the greeting."""
    out = io.StringIO()
    room = PlainRoom(session, out)
    room.run([])
    out.truncate(0)
    out.seek(0)
    for command in commands:
        room.command(command)
    return out.getvalue().splitlines()


def test_an_evening_in_the_plain_room(session: Session, tmp_path: Path) -> None:
    assert said(session, "play 4")[-1] == "4 CARLA (icy, to Ana): Good evening, house."
    answer = said(session, "again 4 2", "take 4 1")
    assert answer[2] == "line 4, Carla: 3 takes"
    assert answer[3] == "  1 [the sheet] (icy) Good evening, house."
    assert answer[5].startswith("> 3 [her voice] (")
    assert answer[6] == "4 CARLA (icy, to Ana): Good evening, house."
    assert said(session, "edit 4 Good evening, cold house.") == ["4 CARLA (icy, to Ana): Good evening, cold house."]
    assert said(session, "edit 4") == ["Good evening, cold house."]
    assert said(session, "pin 4", "again 4") == [
        "(Line 4 is pinned.)",
        "! line 4 is pinned; take the pin out first",
    ]
    assert said(session, "back 3")[0].startswith("(Back to: 3 ")
    # What is pinned comes again at its place.
    assert said(session, "step") == ["(Carla enters.)", "4 CARLA (icy, to Ana): Good evening, cold house."]
    assert said(session, "as ana", "say (furious, accuse, to Carla) You took it!")[-1] == (
        "5 ANA (accuse, furious, to Carla): You took it!"
    )
    second = said(session, "show")[2]
    assert said(session, "branch 2 other", "branches") == [
        f"(Back to: {second})",
        "(This is 'other' now; play goes on.)",
        "  main: 5 lines",
        "> other: 2 lines",
    ]
    assert said(session, "switch main")[-1] == "5 ANA (accuse, furious, to Carla): You took it!"
    assert said(session, f"save '{tmp_path / 'a b.txt'}'") == [f"(Saved in {tmp_path / 'a b.txt'}.)"]
    assert "You took it!" in (tmp_path / "a b.txt").read_text(encoding="utf-8")
    assert said(session, "undo", "undo")[0].startswith("(Back to: ")


def test_mistakes_are_sentences(session: Session) -> None:
    assert said(
        session, "agian 3", "again", "again x", "take 1", "take 1 1", "pick 1", "say hello", "why 99999999"
    ) == [
        "! 'agian' is no command (did you mean 'again'?); help lists them",
        "! which line? give its number",
        "! 'x' is not a number of a line",
        "! write take, the number of the line, and the number of the take: take 7 2",
        "! there is no line 1: nothing has been said yet",
        "! no such suggestion: type suggest first",
        "! you play nobody: take a part first",
        "! '99999999' is not a number of a line",
    ]


def test_every_command_of_the_list_does_something(session: Session, troupe: Troupe, edit: Edit) -> None:
    out = io.StringIO()
    room = PlainRoom(session, out)
    given = {
        "play": "3", "again": "2", "takes": "2", "take": "2 1", "why": "2", "edit": "2 Never.", "pin": "2", "note": "calmer",
        "back": "2", "branch": "1", "switch": "main", "as": "ana", "say": "Never, Bruno.", "pick": "1", "cast": "ana",
        "save": str(troupe.root / "a.txt"),
    }  # fmt: skip
    order = [name for name in room.commands if name not in {"compare", "undo"}]
    for name in (*order, "undo"):
        out.truncate(0)
        out.seek(0)
        assert room.command(f"{name} {given.get(name, '')}")
        assert not out.getvalue().startswith("!"), (name, out.getvalue())
        # A note, a switch to where one is: the answer may be that nothing moved.
        assert out.getvalue() or name in {"switch", "show", "undo"}
    sheet = troupe.root / "cast" / "ana.yaml"
    edit(sheet, "length: 6", "length: six")
    out.truncate(0)
    out.seek(0)
    room.command("next")
    assert f"! {sheet}:8:9: length: 'six' should be a whole number" in out.getvalue()
    edit(sheet, "length: six", "length: 8")
    room.command("compare 1")
    assert "old sheet: " in out.getvalue()
    assert "new sheet: " in out.getvalue()
    assert not room.command("quit")


def studio(folder: Path, commands: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "engine.studio", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, cwd=folder, env=environment, input=commands, capture_output=True, text=True, check=False
    )


def test_the_command_keeps_a_journal_and_takes_it_up_again(troupe: Troupe, tmp_path: Path) -> None:
    scene = str(troupe.root / "scenes" / "supper.yaml")
    first = studio(tmp_path, "play 4\n", scene, "--plain", "--understudies", "--seed", "5")
    assert (first.returncode, first.stderr) == (0, "kept in supper.journal.jsonl\n")
    assert "4 CARLA (icy, to Ana): Good evening, house." in first.stdout
    journal = tmp_path / "supper.journal.jsonl"
    assert json.loads(journal.read_text(encoding="utf-8").splitlines()[0])["seed"] == 5
    with journal.open("a", encoding="utf-8") as file:
        file.write('{"action": 5, "do": "li')
    second = studio(tmp_path, "show\n", scene, "--plain", "--understudies")
    assert "its last line was cut off (23 bytes: the session was killed) and is left out" in second.stderr
    assert first.stdout.splitlines()[-1] in second.stdout
    third = studio(tmp_path, "show\n", scene, "--plain", "--understudies", "--new")
    assert "the journal that was there is supper.journal-1.jsonl now" in third.stderr
    assert "Good evening, house." not in third.stdout


def test_faults_are_one_sentence(troupe: Troupe, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    scene = troupe.root / "scenes" / "supper.yaml"
    scene.write_text(scene.read_text(encoding="utf-8").replace("limit: 30", "limit: thirty"), encoding="utf-8")
    journal = tmp_path / "a.jsonl"
    assert main([str(scene), "--plain", "--understudies", "--journal", str(journal)]) == 2
    assert "supper.yaml:5:8: limit" in capfd.readouterr().err
    assert not journal.exists()
    assert main([str(scene), "--web", "--own", "--journal", str(journal)]) == 2
    assert "supper.yaml:5:8: limit" in capfd.readouterr().err
    assert telenovela(["studio", "partie"]) == 2
    assert "did you mean 'party'?" in capfd.readouterr().err
    assert main(["season", "--plain"]) == 2
    assert "a season; the room plays one scene" in capfd.readouterr().err


def test_without_the_extra_one_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for module in [
        name for name in sys.modules if name.partition(".")[0] in {"textual", "textual_serve", "watchfiles"}
    ]:
        monkeypatch.delitem(sys.modules, module)
    for module in ("textual", "textual_serve", "watchfiles"):
        monkeypatch.setitem(sys.modules, module, None)
    for module in ("room", "web", "panels", "dialogs"):
        monkeypatch.delitem(sys.modules, f"engine.studio.{module}", raising=False)
    monkeypatch.chdir(tmp_path)
    for options in ([], ["--web"]):
        assert main(["party", *options]) == 2
        said = capfd.readouterr().err
        assert said.count("\n") == 1
        assert "pip install 'telenovela[studio]' (--plain needs nothing)" in said
    assert list(tmp_path.iterdir()) == []


def test_the_room_needs_a_terminal(tmp_path: Path) -> None:
    done = studio(tmp_path, "", "party", "--understudies")
    said = "the room needs a terminal; --plain needs none, and --web serves it to a browser\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)


def walk() -> list[str]:
    """The plain room's commands in the table of docs/studio.md, in order."""
    page = (ROOT / "docs" / "studio.md").read_text(encoding="utf-8")
    rows = [row.rsplit("|", 2)[1] for row in page.splitlines() if row.startswith("| ") and row.count("|") == 4]
    return [command for row in rows for command in re.findall(r"`([^`]*)`", row) if not command.startswith("play")]


def walked(folder: Path, *options: str) -> str:
    """The answers to the page's walk through the party."""
    commands = [("play 22" if command.startswith("again") else "") + "\n" + command for command in walk()]
    # The sheet is changed by somebody else, in an editor.
    text = "\n".join(commands).replace("branch 4", "branch 4\nplay 3").replace("compare", "cast soraya")
    done = studio(folder, text, "party", "--plain", *options)
    assert done.returncode == 0
    assert "\n!" not in done.stdout, done.stdout
    return done.stdout


def test_the_walk_of_the_page_is_understood(tmp_path: Path) -> None:
    assert [command.split()[0] for command in walk()] == [
        "again", "take", "edit", "branch", "as", "suggest", "pick", "say", "compare", "undo",
    ]  # fmt: skip
    walked(tmp_path, "--understudies")


@pytest.mark.slow
def test_the_walk_of_the_page_is_as_it_says(tmp_path: Path) -> None:
    told = walked(tmp_path)
    soraya = dict.fromkeys(int(number) for number in re.findall(r"(?m)^(\d+) SORAYA \(", told.split("line 22")[0]))
    assert list(soraya)[2] == 22
    assert "> 6 [her voice" in told
    assert "Give me your poem." in told
    assert "(You play Nandito.)" in told


def test_the_command_imports_no_screen_and_no_training() -> None:
    code = "import sys, engine.studio.opening; print([m for m in sys.modules if m in ('textual', 'tensorflow', 'aiohttp')])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_session_killed_in_any_action_loses_nothing(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.studio.kills", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "tried 70, broken 0\n", done.stdout + done.stderr


def test_lines_that_were_told_are_in_the_journal_when_it_is_killed(troupe: Troupe, tmp_path: Path) -> None:
    """From outside, at any moment: what the room has said is kept."""
    scene, journal = str(troupe.root / "scenes" / "supper.yaml"), tmp_path / "a.jsonl"
    command = [sys.executable, "-m", "engine.studio", scene, "--plain", "--understudies", "--journal", str(journal)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as room:
        assert room.stdin is not None
        assert room.stdout is not None
        room.stdin.write("play 5\n" + "again 2\n" * 400)
        room.stdin.flush()
        told = [room.stdout.readline() for _ in range(60)]
        room.kill()
    spoken = [row.split(": ", 1)[1].strip() for row in told if row[0].isdigit()]
    kept = journal.read_text(encoding="utf-8")
    assert len(spoken) > 10
    assert all(json.dumps(text, ensure_ascii=False) in kept for text in spoken)
    assert len(lines(opened(troupe, journal))) == 5

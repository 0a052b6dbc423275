from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys

import pytest

from engine import __version__, command
from engine.errors import TroupeError
from tests.conftest import ROOT


def raising(error: BaseException) -> int:
    def body() -> int:
        raise error

    return command.run(body)


def test_exit_statuses(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.run(lambda: None) == command.run(lambda: 0) == 0
    assert raising(TroupeError("no troupe\nhere \x1b[31mred")) == 2
    assert capsys.readouterr() == ("", "no troupe\nhere red\n")
    assert raising(KeyboardInterrupt()) == 130
    assert capsys.readouterr() == ("", "\ninterrupted\n")
    with pytest.raises(ZeroDivisionError):
        raising(ZeroDivisionError())


def test_the_list_of_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([]) == 2
    assert command.main(["--help"]) == 0
    assert capsys.readouterr().out.count("  scene ") == 2
    assert command.main(["--version"]) == 0
    assert capsys.readouterr().out == f"telenovela {__version__}\n"
    assert command.main(["scen"]) == 2
    assert capsys.readouterr().err.startswith("telenovela: 'scen' is no command (did you mean 'scene'?)\nusage: ")
    assert command.main(["frobnicate"]) == 2
    assert capsys.readouterr().err.startswith("telenovela: 'frobnicate' is no command\nusage: ")


@pytest.mark.parametrize("name", command.COMMANDS)
def test_every_command_has_a_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        importlib.import_module(f"engine.{name}").main(["--help"])
    assert raised.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: python -m engine.{name}")


@pytest.mark.parametrize("name", command.COMMANDS)
def test_every_command_has_examples_and_a_version(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    module = importlib.import_module(f"engine.{name}")
    with pytest.raises(SystemExit):
        module.main(["--help"])
    shown = capsys.readouterr().out
    assert shown.count(f"\n  python -m engine.{name}") >= 2, "two examples at the least"
    with pytest.raises(SystemExit) as raised:
        module.main(["--version"])
    assert raised.value.code == 0
    assert capsys.readouterr().out == f"telenovela {__version__}\n"


@pytest.mark.parametrize("name", command.COMMANDS)
def test_every_option_says_what_it_is_for(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[argparse.ArgumentParser] = []

    def stop(options: argparse.ArgumentParser, arguments: object) -> argparse.Namespace:
        seen.append(options)
        raise SystemExit

    module = importlib.import_module(f"engine.{name}")
    monkeypatch.setattr(module, "parse", stop)
    with pytest.raises(SystemExit):
        module.main([])
    assert [action.dest for action in seen[0]._actions if not action.help] == []


def test_the_console_script_calls_itself_by_its_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["/usr/bin/telenovela"])
    with pytest.raises(SystemExit):
        command.main(["scene", "--help"])
    shown = capsys.readouterr().out
    assert shown.startswith("usage: telenovela scene ")
    assert "\n  telenovela scene party " in shown


def test_a_systems_error_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert raising(PermissionError(13, "Permission denied", "/locked/file")) == 2
    assert capsys.readouterr().err == "/locked/file: Permission denied\n"


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("telenovela sc", ["scene"]),
        ("telenovela ", [*command.COMMANDS]),
        ("telenovela scene --tu", ["--turns"]),
        ("telenovela scene --pace s", ["slow"]),
        ("telenovela new ch", ["character"]),
    ],
)
def test_a_shell_completes_commands_and_their_options(typed: str, offered: list[str]) -> None:
    # As the function that `register-python-argcomplete telenovela` defines in bash asks: the answer comes on descriptor 8.
    environment = {
        **os.environ, "_ARGCOMPLETE": "1", "COMP_LINE": typed, "COMP_POINT": str(len(typed)), "_ARGCOMPLETE_IFS": "\n",
        "_ARGCOMPLETE_SUPPRESS_SPACE": "1",
    }  # fmt: skip
    code = "import os, sys; os.dup2(1, 8); sys.argv = ['telenovela']; from engine.command import main; main()"
    done = subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=False)  # fmt: skip
    assert set(done.stdout.split()) >= set(offered), done.stderr


def test_waiting_says_what_is_done_where_no_terminal_shows_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter([0.0, 3.0, 11.0, 11.0, 12.0, 25.0, 25.0])
    monkeypatch.setattr("engine.command.time.monotonic", lambda: next(clock))
    with command.waiting("reading") as tell:
        for stage in ("one", "two", "three", "four"):
            tell(stage)
    assert capsys.readouterr() == ("", "two\nfour\n")

from __future__ import annotations

import argparse
import importlib
import os
import signal
import subprocess
import sys

import pytest

from engine import __version__, command
from engine.errors import TroupeError
from engine.files import NotWritten
from engine.signals import Ended
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
    assert raising(PermissionError(13, "Permission denied", "cast/voices")) == 2
    assert raising(NotWritten(28, "No space left on device", "save.json")) == 2
    assert raising(RecursionError()) == raising(MemoryError()) == 2
    assert capsys.readouterr().err == (
        "cast/voices: Permission denied\nsave.json: cannot be written: No space left on device\n"
        "a file is nested too deep to be read\nthere is not enough memory for this\n"
    )
    assert raising(Ended(143)) == 143
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


def shell(command: str, **environment: str) -> tuple[int, str]:
    """The status of a shell's command line, and what stands on stderr; `python` is this one."""
    line = command.replace("python ", f"{sys.executable} ")
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("line", "status", "said"),
    [
        ("python -m engine.command", 0, ""),
        ("python -c 'import engine.command as c; c.main()' --help | head -0", 0, ""),
        ("python -m engine.train --dry-run <&- >&- 2>&-", 0, ""),
        ("python -m engine.train --help >&-", 0, ""),
        ("python -m engine.train --help | head -1", 0, ""),
        ("python -m engine.train --dry-run | head -0", 0, ""),
        ("python -m engine.train --dry-run > /dev/full", 2, "input or output: No space left on device\n"),
        ("PYTHONIOENCODING=ascii python -m engine.train --dry-run", 0, ""),
        ("python -m engine.train --troupe /tmp/$'\\x1b[31m\\xff' --dry-run", 2, "no such file or folder"),
        ("python -m engine.train --troupe $(printf x%.0s {1..300})", 2, "File name too long"),
        ("python -m engine.evaluate --seed $'\\x1b[31m'", 2, "not a whole number"),
    ],
)
def test_closed_full_and_broken_streams_and_odd_names_end_in_a_status(line: str, status: int, said: str) -> None:
    found, errors = shell(line)
    assert (found, "Traceback" in errors, "\x1b" in errors) == (status, False, False), errors
    assert said in errors


@pytest.mark.parametrize(("number", "status"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 143)])
def test_a_signal_in_the_first_moments_ends_without_a_traceback(number: str, status: int) -> None:
    for module in ("argparse", "numpy", "engine.troupe", "engine.training.run"):
        # Python says what it imports: the signal comes while it imports this, or what comes next.
        command = [sys.executable, "-X", "importtime", "-m", "engine.train", "--dry-run"]
        with subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stderr is not None
            errors = ""
            for row in process.stderr:
                errors += row
                if row.endswith(f" {module}\n"):
                    process.send_signal(getattr(signal, number))
            process.wait()
        assert "Traceback" not in errors
        assert process.returncode == status, (module, process.returncode)

from __future__ import annotations

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
    assert capsys.readouterr().err.startswith("telenovela: 'scen' is no command\n")


@pytest.mark.parametrize("name", command.COMMANDS)
def test_every_command_has_a_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        importlib.import_module(f"engine.{name}").main(["--help"])
    assert raised.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: python -m engine.{name}")


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
        ("python -m engine.train --troupe /tmp/$'\\x1b[31m\\xff' --dry-run", 2, "no troupe here"),
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

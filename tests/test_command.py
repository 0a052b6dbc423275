from __future__ import annotations

import importlib

import pytest

from engine import __version__, command
from engine.errors import TroupeError


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
    assert capsys.readouterr().err.startswith("telenovela: 'scen' is no command\n")


@pytest.mark.parametrize("name", command.COMMANDS)
def test_every_command_has_a_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        importlib.import_module(f"engine.{name}").main(["--help"])
    assert raised.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: python -m engine.{name}")

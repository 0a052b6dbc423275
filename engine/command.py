"""What all command lines share: errors as sentences, exit statuses, and the one list of commands.

Exit status 0; 2 for a user's error (one message on stderr, no traceback); 130 on Ctrl-C.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from engine import __version__
from engine.errors import TelenovelaError
from engine.text import printable

#: Each is `python -m engine.NAME` and `telenovela NAME`; its module has `main(arguments) -> int`.
COMMANDS = {
    "scene": "play a scene",
    "season": "play a season, episode by episode",
    "train": "train what is missing or stale",
    "adopt": "make a troupe out of any script",
    "evaluate": "the report card of voices and turns",
    "check": "check sheets, scenes and scripts",
}


def parser(name: str, description: str) -> argparse.ArgumentParser:
    """An argument parser for `python -m engine.NAME`."""
    return argparse.ArgumentParser(prog=f"python -m engine.{name}", description=description)


def whole(least: int) -> Callable[[str], int]:
    """The type of an option that is a whole number of `least` or more."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if number < least:
            raise argparse.ArgumentTypeError(f"'{text}' is not a whole number of {least} or more")
        return number

    return read


def callable_module(name: str, function: Callable[..., Any]) -> None:
    """Let the module `name` be called like `function`: `engine.train` is a command's module and a function at once."""

    class Called(ModuleType):
        def __call__(self, *arguments: Any, **named: Any) -> Any:
            return function(*arguments, **named)

    if name in sys.modules:
        sys.modules[name].__class__ = Called


def run(body: Callable[[], int | None]) -> int:
    """Run a command's body; errors that a person can mend become a message and status 2."""
    try:
        return body() or 0
    except TelenovelaError as error:
        text = "\n".join(printable(line) for line in str(error).split("\n"))
        print(text, file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader went away (`| head`): not an error, but Python would complain again when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        return 130


def main(arguments: Sequence[str] | None = None) -> int:
    """The console script `telenovela COMMAND ...`."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["--version"]:
        print(f"telenovela {__version__}")
        return 0
    if not given or given[0] not in COMMANDS:
        lines = "\n".join(f"  {name:10} {what}" for name, what in COMMANDS.items())
        wanted = f"telenovela: '{given[0]}' is no command\n" if given and given[0] not in {"-h", "--help"} else ""
        print(
            f"{wanted}usage: telenovela COMMAND ...\n\n{lines}\n\ntelenovela COMMAND --help says more.",
            file=sys.stderr if wanted else sys.stdout,
        )
        return 2 if wanted or not given else 0
    return int(importlib.import_module(f"engine.{given[0]}").main(given[1:]))

"""What all command lines share: errors as sentences, exit statuses, help with examples, completion, the list of commands.

Exit status 0; 2 for a user's error or a system's (one message on stderr, no traceback); 130 on Ctrl-C.
"""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from rich.console import Console

from engine import __version__
from engine.errors import TelenovelaError
from engine.quiet import hush
from engine.text import nearest, printable

#: Each is `python -m engine.NAME` and `telenovela NAME`; its module has `main(arguments) -> int`.
COMMANDS = {
    "scene": "play a scene",
    "season": "play a season, episode by episode",
    "list": "who and what there is: characters, scenes, seasons",
    "new": "begin a troupe, a character or a scene",
    "check": "check sheets, scenes and scripts",
    "train": "train what is missing or stale",
    "adopt": "make a troupe out of any script",
    "evaluate": "the report card of voices and turns",
}

#: Seconds between two lines that say what a command is at, where no terminal shows a spinner.
_TELLS = 10.0


def parser(name: str, description: str, *examples: str) -> argparse.ArgumentParser:
    """An argument parser for `telenovela NAME` and `python -m engine.NAME`, with examples under its options.

    An example is what follows the command's name, with a comment after `#`.
    """
    by_script = Path(sys.argv[0]).stem == "telenovela"
    program = f"telenovela {name}" if by_script else f"python -m engine.{name}"
    width = max(40, shutil.get_terminal_size().columns - 2)
    options = argparse.ArgumentParser(
        prog=program,
        description=textwrap.fill(description, width),
        epilog="\n".join(["examples:", *(f"  {program} {example}".rstrip() for example in examples)]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("--version", action="version", version=f"telenovela {__version__}")
    return options


def parse(options: argparse.ArgumentParser, arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options given; when a shell asks what could stand next, that is answered and the process ends."""
    if "_ARGCOMPLETE" in os.environ:
        import argcomplete

        argcomplete.autocomplete(options)
    return options.parse_args(arguments)


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


@contextmanager
def waiting(message: str) -> Iterator[Callable[[str], None]]:
    """Show on stderr what a command is at: a spinner in a terminal, elsewhere a line every ten seconds or so.

    Yields the function that says what it is at now.
    """
    console = Console(stderr=True, highlight=False)
    if console.is_terminal:
        with console.status(message) as status:
            yield lambda now: status.update(now)
        return
    told = time.monotonic()

    def tell(now: str) -> None:
        nonlocal told
        if time.monotonic() - told >= _TELLS:
            told = time.monotonic()
            console.print(printable(now), markup=False)

    yield tell


def run(body: Callable[[], int | None]) -> int:
    """Run a command's body; errors that a person can mend become a message and status 2."""
    hush()
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
    except OSError as error:
        # A full disk, a folder that is not ours to write in.
        where = f"{error.filename}: " if error.filename else ""
        print(printable(f"{where}{error.strerror or error}"), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        return 130


def main(arguments: Sequence[str] | None = None) -> int:
    """The console script `telenovela COMMAND ...`."""
    if "_ARGCOMPLETE" in os.environ:
        _complete()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] in (["--version"], ["-V"]):
        print(f"telenovela {__version__}")
        return 0
    if not given or given[0] not in COMMANDS:
        wrong = bool(given) and given[0] not in {"-h", "--help", "help"}
        print(_usage(given[0] if wrong else ""), file=sys.stderr if wrong else sys.stdout)
        return 2 if wrong or not given else 0
    return int(importlib.import_module(f"engine.{given[0]}").main(given[1:]))


def _usage(wrong: str) -> str:
    """The list of commands; before it, what is wrong with the one that was given."""
    lines = "\n".join(f"  {name:10} {what}" for name, what in COMMANDS.items())
    said = f"telenovela: '{printable(wrong)}' is no command{nearest(wrong, COMMANDS)}\n" if wrong else ""
    return (
        f"{said}usage: telenovela COMMAND ...\n\n{lines}\n\nexamples:\n  telenovela scene party\n"
        "  telenovela new troupe mytroupe\n  telenovela adopt script.fountain --to mytroupe\n\n"
        "telenovela COMMAND --help says more. Completion in bash and zsh:\n"
        '  eval "$(register-python-argcomplete telenovela)"'
    )


def _complete() -> None:
    """Answer a shell that completes `telenovela ...`: the commands, or the options of the one that stands there."""
    import argcomplete

    line = os.environ.get("COMP_LINE", "")[: int(os.environ.get("COMP_POINT", "0"))]
    words = line.split()
    if len(words) > (1 if line[-1:].isspace() else 2) and words[1] in COMMANDS:
        # The command's own parser completes, as if its name were the program's: its first word is the line's second.
        os.environ["_ARGCOMPLETE"] = "2"
        importlib.import_module(f"engine.{words[1]}").main([])
    options = argparse.ArgumentParser("telenovela")
    options.add_argument("command", choices=COMMANDS)
    options.add_argument("--version", action="store_true")
    argcomplete.autocomplete(options)

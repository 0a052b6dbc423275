"""What all command lines share: errors as sentences, exit statuses, help with examples, completion, the list of commands.

Exit status 0; 2 for a user's error or the system's (one message on stderr, no traceback); 130 on Ctrl-C, 143 when it is
ended from outside. A reader who goes away (`| head`) is no error.
"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import IO, Any

from engine import __version__, signals
from engine.errors import TelenovelaError
from engine.files import NotWritten
from engine.quiet import hush
from engine.text import nearest, printable

#: Each is `python -m engine.NAME` and `telenovela NAME`; its module has `main(arguments) -> int`.
COMMANDS = {
    "scene": "play a scene",
    "season": "play a season, episode by episode",
    "studio": "the writers' room: takes, edits, branches, in the terminal and in the browser",
    "list": "who and what there is: characters, scenes, seasons",
    "new": "begin a troupe, a character or a scene",
    "check": "check sheets, scenes and scripts",
    "train": "train what is missing or stale",
    "adopt": "make a troupe out of any script",
    "evaluate": "the report card of voices and turns",
}


class Parser(argparse.ArgumentParser):
    """Prints what was typed without control characters, and to a stream that may be gone."""

    def _print_message(self, message: str, file: Any = None) -> None:
        stream: IO[str] | None = file if file is not None else sys.stderr
        if stream is None:
            return
        try:
            stream.write(printable_lines(message))
            stream.flush()
        except OSError:
            _silence(stream)


def called(name: str) -> str:
    """How a command is called by whoever called this one: `telenovela NAME` or `python -m engine.NAME`."""
    by_script = Path(sys.argv[0] if sys.argv else "").stem == "telenovela"
    return f"telenovela {name}" if by_script else f"python -m engine.{name}"


def parser(name: str, description: str, *examples: str) -> Parser:
    """An argument parser for `telenovela NAME` and `python -m engine.NAME`, with examples under its options.

    An example is what follows the command's name, with a comment after `#`.
    """
    program = called(name)
    width = max(40, shutil.get_terminal_size().columns - 2)
    options = Parser(
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


def crew_options(options: argparse.ArgumentParser, what: str) -> None:
    """Options of the commands whose work can be shared out; `engine.jobs.crew` takes what is given."""
    options.add_argument("--workers", type=whole(1), default=1, metavar="N", help=f"{what} in N processes")
    options.add_argument(
        "--cluster",
        default="",
        metavar="ADDRESS",
        help=f"{what} on a dask cluster, whose scheduler is at ADDRESS (needs telenovela[cluster])",
    )


def callable_module(name: str, function: Callable[..., Any]) -> None:
    """Let the module `name` be called like `function`: `engine.train` is a command's module and a function at once."""

    class Called(ModuleType):
        def __call__(self, *arguments: Any, **named: Any) -> Any:
            return function(*arguments, **named)

    if name in sys.modules:
        sys.modules[name].__class__ = Called


def run(body: Callable[[], int | None]) -> int:
    """Run a command's body; errors that a person can mend become a message and status 2."""
    _streams()
    hush()
    try:
        with signals.heeded():
            status = body() or 0
            sys.stdout.flush()
            return status
    except TelenovelaError as error:
        _say(str(error))
        return 2
    except BrokenPipeError:
        # The reader went away: not an error, but Python would complain again when it flushes.
        _silence(sys.stdout)
        return 0
    except OSError as error:
        try:
            sys.stdout.flush()
        except OSError:
            _silence(sys.stdout)
        _say(system(error))
        return 2
    except (MemoryError, RecursionError) as error:
        deep = isinstance(error, RecursionError)
        _say("a file is nested too deep to be read" if deep else "there is not enough memory for this")
        return 2
    except KeyboardInterrupt as error:
        _say("\ninterrupted")
        return error.status if isinstance(error, signals.Ended) else signals.INTERRUPTED


def printable_lines(text: str) -> str:
    """Text of several lines, each of them printable."""
    return "\n".join(printable(line) for line in text.split("\n"))


def system(error: OSError) -> str:
    """An error of the operating system as a sentence: what it is about, and the system's reason."""
    reason = error.strerror or str(error) or type(error).__name__
    names = [os.fsdecode(name) for name in (error.filename, error.filename2) if isinstance(name, (str, bytes))]
    if isinstance(error, NotWritten):
        reason = f"cannot be written: {reason}"
    return f"{' and '.join(names) or 'input or output'}: {reason}"


def _streams() -> None:
    """Every stream is there, and takes every letter: services close them, and some terminals know ASCII only."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - for as long as the process
        elif mode == "w" and isinstance(stream, io.TextIOWrapper):
            with suppress(ValueError, OSError):
                stream.reconfigure(errors="replace" if name == "stdout" else "backslashreplace")


def _say(text: str) -> None:
    try:
        print(printable_lines(text), file=sys.stderr, flush=True)
    except (OSError, ValueError):
        _silence(sys.stderr)


def _silence(stream: IO[str]) -> None:
    """What is still to be written to a stream that takes nothing goes nowhere."""
    with suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)


def main(arguments: Sequence[str] | None = None) -> int:
    """The console script `telenovela COMMAND ...`."""
    if "_ARGCOMPLETE" in os.environ:
        _complete()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] in COMMANDS:
        return int(importlib.import_module(f"engine.{given[0]}").main(given[1:]))
    return run(lambda: _help(given))


def _help(given: Sequence[str]) -> int:
    """What `telenovela` prints when it is given no command."""
    if given[:1] in (["--version"], ["-V"]):
        print(f"telenovela {__version__}")
        return 0
    wrong = bool(given) and given[0] not in {"-h", "--help", "help"}
    print(_usage(given[0] if wrong else ""), file=sys.stderr if wrong else sys.stdout)
    return 2 if wrong or not given else 0


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

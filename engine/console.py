"""The consoles that tables and notes are printed on. What is printed is text, never markup."""

from __future__ import annotations

import sys

from rich.console import Console

#: Where nobody looks at a terminal a table has this width, so that no cell is folded.
WIDE = 140


class Plain(Console):
    """A console that leaves a reader who has gone away (`| head`) to whoever runs the command."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console(*, stderr: bool = False, wide: bool = False) -> Console:
    """A console on stdout, or on stderr; `wide` where its lines must not be folded though nobody looks."""
    folded = sys.stdout is not None and sys.stdout.isatty()
    return Plain(stderr=stderr, width=WIDE if wide and not folded else None, markup=False, highlight=False, emoji=False)

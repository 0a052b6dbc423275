"""The writers' room: a scene that is played, taken again, edited and branched, in the terminal and in the browser."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m engine.studio [SCENE]`. What it needs is imported when it is called."""
    from engine.studio.command import main as command

    return command(arguments)

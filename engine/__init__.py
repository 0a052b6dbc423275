"""Telenovela: a troupe of small LSTMs, one a character, who play scenes together.

    script file -> turns -> one dataset a speaker -> voice (weights) -> agent -> stage -> performance

The LSTM carries the voice; the engine carries the story: who speaks, to whom, what she does with the line, how, and
what it is about. These names are the Python interface (docs/python.md); each is imported when it is first asked for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from engine import signals

if TYPE_CHECKING:
    from engine.errors import TelenovelaError as TelenovelaError
    from engine.performance import Entry as Entry
    from engine.performance import Performance as Performance
    from engine.playing import perform as perform
    from engine.screen.notebook import RelationMap as RelationMap
    from engine.stage.play import play as play
    from engine.stage.play import say as say
    from engine.troupe import Troupe as Troupe

__version__ = "0.2.0"

if signals.command():
    # Before anything else is imported: numpy takes a quarter of a second, and Ctrl-C may come in it.
    signals.guard()

#: Where each name of the interface comes from. `train` and `adopt` are the commands' modules, which can be called.
_FACE = {
    "Troupe": "engine.troupe",
    "Performance": "engine.performance",
    "Entry": "engine.performance",
    "TelenovelaError": "engine.errors",
    "RelationMap": "engine.screen.notebook",
    "perform": "engine.playing",
    "play": "engine.stage.play",
    "say": "engine.stage.play",
}
_COMMANDS = ("train", "adopt")
__all__ = [
    "Entry",
    "Performance",
    "RelationMap",
    "TelenovelaError",
    "Troupe",
    "__version__",
    "adopt",
    "perform",
    "play",
    "say",
    "train",
]


def __getattr__(name: str) -> Any:
    """The names of the interface, lazily (PEP 562): playing must not wait for what trains."""
    if name in _COMMANDS:
        return importlib.import_module(f"engine.{name}")
    if name not in _FACE:
        raise AttributeError(f"module 'engine' has no attribute {name!r}")
    return getattr(importlib.import_module(_FACE[name]), name)

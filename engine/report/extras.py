"""Libraries that only the report card needs: loaded when they are, with a sentence for whoever lacks them."""

from __future__ import annotations

import importlib
from types import ModuleType

from engine.errors import TelenovelaError


def extra(module: str) -> ModuleType:
    """A module of the optional part `telenovela[evaluate]`. Raises TelenovelaError when it is not installed."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        library = {"sklearn": "scikit-learn"}.get(module.split(".")[0], module.split(".")[0])
        raise TelenovelaError(f"the report card needs {library}: pip install 'telenovela[evaluate]'") from error

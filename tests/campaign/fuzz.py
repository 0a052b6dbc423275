"""Coverage-guided fuzzing with atheris (`pip install atheris`): `python -m tests.campaign.fuzz scripts|yaml -runs=20000`.

An input that breaks is printed and kept by the fuzzer as `crash-...` in the current folder; with -runs it ends by itself.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import atheris  # type: ignore[import-not-found]

with atheris.instrument_imports(include=["engine"]):
    from engine.corpus.reading import FORMATS, read_script
    from engine.errors import TelenovelaError
    from engine.sheets.authored import load
    from engine.sheets.persona import Persona
    from engine.sheets.plot import World
    from engine.sheets.scenario import Scenario

FOLDER = Path(tempfile.mkdtemp(prefix="fuzz-"))


def scripts(data: bytes) -> None:
    """The first byte picks the format; above the last of them the content does."""
    path = FOLDER / "input.txt"
    path.write_bytes(data[1:])
    number = data[0] if data else 255
    with suppress(TelenovelaError):
        list(read_script(path, FORMATS[number] if number < len(FORMATS) else None).turns())


def sheets(data: bytes) -> None:
    path = FOLDER / "input.yaml"
    path.write_bytes(data)
    for model in (Persona, Scenario, World):
        with suppress(TelenovelaError):
            load(path, model)


if __name__ == "__main__":
    what = scripts if sys.argv[1:2] == ["scripts"] else sheets
    atheris.Setup([sys.argv[0], *sys.argv[2:]], what)
    atheris.Fuzz()

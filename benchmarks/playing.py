"""How soon a scene plays, against the time that TensorFlow takes to import. `python -m benchmarks.playing`

The scene is played as a person plays it, in a process of its own, and so is the import. Scenes end by their beats:
the time for `LINES` lines is that of the whole scene, with what comes after the first line scaled.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import Figure, ratio, show
from engine.command import run
from engine.errors import TelenovelaError

LINES = 24
#: `NAME: text` or `NAME (tone): text`; directions stand in parentheses.
_LINE = re.compile(r"[^(\s][^:]*: ")


@dataclass(frozen=True)
class Played:
    """Seconds to the first line and to the end, how many lines, and the peak of memory in megabytes."""

    first: float
    whole: float
    lines: int
    memory: float

    @property
    def scaled(self) -> float:
        """Seconds for a scene of `LINES` lines."""
        return self.first + (self.whole - self.first) * (LINES - 1) / max(1, self.lines - 1)


def play(scene: Path, seed: int) -> Played:
    """Play a scene in a process of its own. Raises TelenovelaError when it fails or nobody speaks."""
    command = [sys.executable, "-m", "engine.scene", str(scene), "--plain", "--pace", "instant", "--seed", str(seed)]
    began, first, lines = time.perf_counter(), 0.0, 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        for text in process.stdout:
            if _LINE.match(text):
                first = first or time.perf_counter() - began
                lines += 1
        # Not `process.wait`: the peak is wanted of this child alone.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or not lines:
        raise TelenovelaError(f"{scene}: not played (status {process.returncode}, {lines} lines)")
    # Linux counts kilobytes, macOS bytes.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Played(first, time.perf_counter() - began, lines, usage.ru_maxrss / unit)


def importing() -> float:
    """Seconds for TensorFlow to be imported, in a process of its own."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import tensorflow"], check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


def figures(played: Sequence[Played], imports: Sequence[float]) -> list[Figure]:
    peak = max(one.memory for one in played)

    def seconds(values: Sequence[float]) -> str:
        return f"{statistics.median(values):.2f} s"

    return [
        Figure("import tensorflow", seconds(imports)),
        Figure("first line", seconds([one.first for one in played])),
        Figure(f"{LINES} lines", seconds([one.scaled for one in played])),
        ratio("first line by import", [one.first for one in played], imports, most=0.25),
        ratio(f"{LINES} lines by import", [one.scaled for one in played], imports, most=1.5),
        Figure("peak of memory, MB", f"{peak:.0f}", peak, most=600),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="python -m benchmarks.playing", description="How soon a scene plays.")
    options.add_argument("--runs", type=int, default=5, metavar="N", help="how often both are measured in turn (5)")
    options.add_argument("--scene", type=Path, default=Path("scenes/party.yaml"))
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args(arguments)

    def body() -> int:
        # Once unmeasured: the first run after a change compiles modules and fills the disk's cache.
        play(given.scene, given.seed)
        importing()
        played, imports = [], []
        for _ in range(given.runs):
            played.append(play(given.scene, given.seed))
            imports.append(importing())
        note = f"{played[0].lines} lines played, median of {given.runs} rounds"
        show(f"Playing {given.scene}", figures(played, imports), note)
        return 0

    return run(body)


if __name__ == "__main__":
    raise SystemExit(main())

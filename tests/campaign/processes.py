"""Campaigns with processes: odd command lines, and commands that are ended at any moment."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from engine.voices.vocabulary import Vocabulary
from tests.campaign.count import Count
from tests.campaign.mutate import HOSTILE
from tests.conftest import LINES, ROOT, script, write_troupe, write_voices

_ENDINGS = ("", "", "", "<&-", ">&-", "2>&-", "> /dev/full", "| head -1", "| head -c 1", "2>&1 | true")
_LIMITS = (
    "",
    "",
    "",
    "ulimit -f 4;",
    "ulimit -n 40;",
    "export PYTHONIOENCODING=ascii;",
    "export TERM=dumb COLUMNS=1;",
    "export LC_ALL=C;",
)


def _troupe(folder: Path) -> Path:
    write_voices(write_troupe(folder / "toy"), Vocabulary.train(LINES * 4, "subword", 420))
    (folder / "play.fountain").write_text(script("house"), encoding="utf-8")
    (folder / "loop").symlink_to("loop")
    return folder / "toy"


def commands(count: int, seed: int, folder: Path) -> Count:
    """Command lines with odd words, places, limits and streams."""
    found, generator = Count("commands"), random.Random(seed)
    toy = _troupe(folder)
    # Some of them write where they are told to, `../../x` among it: that stays in the folder.
    inside = folder / "deep" / "er"
    inside.mkdir(parents=True)
    places = [
        str(folder / name) for name in ("loop", "nothing", "play.fountain", "toy", "toy/cast/ana.yaml", "x" * 300)
    ]
    odd = [
        *places,
        "/proc/1/mem",
        "/dev/null/x",
        "",
        "-",
        "--",
        *(word.replace("\x00", "") for word in HOSTILE if len(word) < 99),
    ]
    lines = [
        ["scene", f"{toy}/scenes/supper.yaml", "--plain", "--turns", "2"],
        ["scene", f"{toy}/scenes/supper.yaml", "--turns", "1", "--save", f"{folder}/saved.json"],
        ["check", f"{toy}/cast"],
        ["check", "--schemas", f"{toy}/scenes"],
        ["train", "--dry-run", "--troupe", str(toy)],
        ["adopt", f"{folder}/play.fountain", "--dry-run"],
        ["adopt", f"{folder}/play.fountain", "--base", str(toy), "--no-train", "--to", f"{folder}/new", "--force"],
        ["season", f"{toy}/scenes/season.yaml", "--save", f"{folder}/season.json"],
    ]
    for _ in range(count):
        words = list(generator.choice(lines))
        if generator.random() < 0.6:
            words[generator.randrange(1, len(words))] = generator.choice(odd)
        quoted = " ".join("'" + word.replace("'", "'\\''") + "'" for word in words[1:])
        limit, ending = generator.choice(_LIMITS), generator.choice(_ENDINGS)
        line = f"{limit} {sys.executable} -m engine.{words[0]} {quoted} {ending}"
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line.encode("utf-8", "replace")],
            cwd=inside, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, timeout=300, check=False,
        )  # fmt: skip
        found.status(line, done.returncode, done.stderr.decode("utf-8", "replace"), (141,))
    return found


def kills(count: int, seed: int, folder: Path) -> Count:
    """A scene that is saved and an adoption, each ended at any moment: whole files, and nothing left beside them."""
    found, generator = Count("kills"), random.Random(seed)
    toy = _troupe(folder)
    saved, new = folder / "saved.json", folder / "new"
    scene = ["engine.scene", f"{toy}/scenes/supper.yaml", "--plain", "--save", str(saved)]
    adopt = ["engine.adopt", f"{folder}/play.fountain", "--base", str(toy), "--no-train", "--force", "--to", str(new)]
    statuses = {signal.SIGKILL: -9, signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 143}
    for _ in range(count):
        command, number = generator.choice((scene, adopt)), generator.choice(list(statuses))
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        # Python itself needs some hundredths of a second, on a busy machine more, before the program's first line runs.
        time.sleep(generator.uniform(0.35, 1.8))
        process.send_signal(number)
        errors = process.communicate()[1]
        what = f"{command[0]} ended by {number.name}"
        # A shell says 128 and the signal, too, of who dies of it: before the first line of the program, or after the last.
        status = process.returncode if process.returncode != -number or number is signal.SIGKILL else 128 + number
        wanted = {statuses[number], 128 + number}
        found.status(what, 0 if status in {0, *wanted} and status >= 0 else status, errors, (statuses[number],))
        if command is scene and saved.exists() and "lines" not in json.loads(saved.read_text("utf-8")):
            found.breaks_at("half a save", what)
        if command is adopt and new.exists() and not (new / ".adopted.json").is_file():
            found.breaks_at("half a troupe", what)
        left = [name for name in os.listdir(folder) if name.startswith(".")]
        if len(left) > 2:
            found.breaks_at(f"left behind: {left}", what)
    for command in (scene, adopt):
        done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
        found.status(f"{command[0]} undisturbed", done.returncode or 0, done.stderr, ())
    left = [name for name in os.listdir(folder) if name.startswith(".")]
    if left:
        found.breaks_at(f"left behind in the end: {left}", "")
    return found

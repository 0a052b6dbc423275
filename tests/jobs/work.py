"""What the jobs of these tests do: found by name in a process of its own, which can import nothing else of the test."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from engine.errors import VoiceError


def join(files: Mapping[str, bytes]) -> bytes:
    """All files, in the order of their names."""
    return b"".join(files[name] for name in sorted(files))


def shout(files: Mapping[str, bytes]) -> bytes:
    """Prints where an answer would stand, and answers."""
    print("to nobody", flush=True)
    os.write(1, b"to nobody either")
    return files["word"].upper()


def environment(files: Mapping[str, bytes]) -> bytes:
    return os.environ[files["name"].decode()].encode()


def refuse(files: Mapping[str, bytes]) -> bytes:
    raise VoiceError("there is no voice like that")


def stumble(files: Mapping[str, bytes]) -> bytes:
    raise KeyError("soraya")


def process(files: Mapping[str, bytes]) -> bytes:
    return str(os.getpid()).encode()


def folder(files: Mapping[str, bytes]) -> bytes:
    """Leaves a file in the folder for temporary ones, which it names."""
    made = Path(tempfile.mkdtemp())
    (made / "left").touch()
    return bytes(made.parent)


def die(files: Mapping[str, bytes]) -> bytes:
    """Dies of it, as for want of memory; the second time, where a mark was left, it lives."""
    mark = Path(files["mark"].decode())
    if mark.exists():
        return b"alive"
    mark.touch()
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def always_die(files: Mapping[str, bytes]) -> bytes:
    os._exit(9)


def slow(files: Mapping[str, bytes]) -> bytes:
    """Takes a while, and leaves a line each time it is begun and done."""
    with open(files["log"], "a", encoding="utf-8") as log:
        print("begun", files["name"].decode(), os.getppid(), file=log, flush=True)
        time.sleep(float(files["seconds"]))
        print("done", files["name"].decode(), os.getppid(), file=log, flush=True)
    return files["name"]

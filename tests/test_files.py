from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine import files
from tests.conftest import ROOT

WRITER = """
import sys
from pathlib import Path
from engine.files import write_bytes
path = Path(sys.argv[1])
print("ready", flush=True)
while True:
    for letter in b"ab":
        write_bytes(path, bytes([letter]) * 300_000)
"""


def test_a_writer_that_is_killed_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    files.write_bytes(path, b"a" * 300_000)
    for _ in range(3):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], cwd=ROOT, stdout=subprocess.PIPE)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(0.05)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        data = path.read_bytes()
        assert data in (b"a" * 300_000, b"b" * 300_000)


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sheet.yaml"
    files.write_text(path, "old")

    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="disk full"):
        files.write_text(path, "new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["sheet.yaml"]


def test_folders_are_made_and_the_umask_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "ñ.txt"
    before = os.umask(0o027)
    try:
        files.write_text(path, "¡ñ!\n")
    finally:
        os.umask(before)
    assert path.read_bytes() == "¡ñ!\n".encode()
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_digest_names_its_parts_and_where_each_ends() -> None:
    assert files.digest("ab", "c") == files.digest(b"ab", "c")
    assert files.digest("ab", "c") != files.digest("a", "bc")
    assert len(files.digest()) == 12


def test_a_link_stays_a_link_and_a_private_file_private(tmp_path: Path) -> None:
    path, link = tmp_path / "save.json", tmp_path / "link.json"
    files.write_text(path, "old")
    path.chmod(0o600)
    link.symlink_to(path)
    files.write_text(link, "new")
    assert link.is_symlink()
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_no_file_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    os.mkfifo(tmp_path / "pipe.json")
    for name, reason in (("folder.json", "there is a folder of this name"), ("pipe.json", "not a plain file")):
        with pytest.raises(files.NotWritten, match=reason):
            files.write_text(tmp_path / name, "text")
    (tmp_path / "loop").symlink_to("loop")
    for place in ("loop", "pipe.json/below", "x" * 300):
        with pytest.raises(files.NotWritten) as raised:
            files.write_text(tmp_path / place, "text")
        assert raised.value.filename == str(tmp_path / place)
    assert sorted(os.listdir(tmp_path)) == ["folder.json", "loop", "pipe.json"]


def test_what_killed_writers_leave_does_not_grow(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    for _ in range(3):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], cwd=ROOT, stdout=subprocess.PIPE)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(0.03)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        assert len(os.listdir(tmp_path)) <= 2
    files.write_bytes(path, b"whole")
    assert os.listdir(tmp_path) == ["weights"]


def test_writers_of_one_file_wait_for_each_other(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda letter: files.write_bytes(path, letter * 100_000), [b"a", b"b", b"c", b"d"] * 8))
    assert len(set(path.read_bytes())) == 1
    assert path.stat().st_size == 100_000
    assert os.listdir(tmp_path) == ["weights"]

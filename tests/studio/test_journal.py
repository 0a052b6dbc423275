from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import ScriptError
from engine.studio.journal import Journal


def written(path: Path, *entries: dict[str, object]) -> Journal:
    journal = Journal(path)
    with journal.held():
        for entry in entries:
            journal.append(entry)
    return journal


def test_what_was_appended_is_read(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.jsonl"
    written(path, {"do": "one", "text": "¡Ay! \u2028 \ud800"}, {"do": "two"})
    assert [entry["do"] for entry in Journal(path).read()] == ["one", "two"]
    assert path.read_text(encoding="utf-8").count("\n") == 2


def test_two_who_write_read_each_other(tmp_path: Path) -> None:
    one, other = Journal(tmp_path / "a.jsonl"), Journal(tmp_path / "a.jsonl")
    with one.held() as found:
        assert found == []
        one.append({"n": 1})
    with other.held() as found:
        assert found == [{"n": 1}]
        other.append({"n": 2})
        with other.held() as again:
            assert again == []
    assert one.read() == [{"n": 2}]
    assert one.read() == other.read() == []


@pytest.mark.parametrize("cut", range(1, 11))
def test_a_line_that_was_cut_off_is_dropped_and_said(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "a.jsonl"
    written(path, {"n": 1}, {"n": 222})
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) - cut])
    journal = Journal(path)
    assert journal.read() == [{"n": 1}]
    with journal.held():
        journal.append({"n": 3})
    assert "its last line was cut off" in journal.dropped
    assert Journal(path).read() == [{"n": 1}, {"n": 3}]


def test_who_only_reads_waits_for_the_rest_of_a_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"n": 1}\n{"n"', encoding="utf-8")
    journal = Journal(path, writes=False)
    assert journal.read() == [{"n": 1}]
    with path.open("a", encoding="utf-8") as file:
        file.write(": 2}\n")
    assert journal.read() == [{"n": 2}]


@pytest.mark.parametrize("line", ["no", "[1]", '{"a": ', "[" * 100_000, "\x00"])
def test_a_line_that_is_no_entry_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"n": 1}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(ScriptError, match=r"a\.jsonl:2: not an entry"):
        Journal(path).read()


def test_nothing_half_is_left_when_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    journal = written(tmp_path / "a.jsonl", {"n": 1})
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda file, data: write(file, data[:3]))
        with pytest.raises(OSError, match="full"), journal.held():
            journal.append({"n": 2})
    with journal.held():
        journal.append({"n": 3})
    assert Journal(tmp_path / "a.jsonl").read() == [{"n": 1}, {"n": 3}]

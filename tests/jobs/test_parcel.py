from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import JobError
from engine.jobs.parcel import files_of, pack, unpack


def test_a_parcel_comes_out_as_it_went_in(tmp_path: Path) -> None:
    files = {"cast/ana.yaml": b"name: Ana\n", "scenes/deep/er.yaml": b"", "raw": bytes(range(256))}
    unpack(pack(files), tmp_path)
    found = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert found == files
    assert pack(files_of(tmp_path, tmp_path.rglob("*"))) == pack(files)


def test_the_same_files_give_the_same_bytes_in_any_order() -> None:
    assert pack({"a": b"1", "b": b"2"}) == pack({"b": b"2", "a": b"1"})


@pytest.mark.parametrize("name", ["../out", "/etc/out", "a/../../out", "C:out", "a\\..\\out"])
def test_nothing_is_unpacked_elsewhere(tmp_path: Path, name: str) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    with pytest.raises(JobError, match="no parcel"):
        unpack(pack({name: b"x"}), inside)
    assert [path.name for path in tmp_path.rglob("*")] == ["inside"]


@pytest.mark.parametrize("data", [b"", b"no zip", pack({"a": b"abc"})[:-9]])
def test_what_is_no_parcel_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(JobError, match="no parcel"):
        unpack(data, tmp_path)

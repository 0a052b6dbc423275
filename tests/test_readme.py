from __future__ import annotations

import re

import pytest

from benchmarks.tree import in_readme
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_shows_every_file_with_its_phrase() -> None:
    assert in_readme(README) == README, "python -m benchmarks.tree --write"


def test_the_files_that_the_readme_names_are_there() -> None:
    named = re.findall(r"`((?:docs|cast|scenes|corpora)/[\w./-]+\.\w+)`", README)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.slow
@pytest.mark.parametrize("page", ["README.md", "docs/python.md"])
def test_the_python_of_the_pages_runs(
    page: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    text = (ROOT / page).read_text(encoding="utf-8")
    for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        # Training is minutes and writes: the command's own tests run it on a toy troupe.
        rows = [row for row in block.splitlines() if "engine.train(" not in row and "step" not in row]
        exec("\n".join(rows), {})
    assert capsys.readouterr().out.strip()

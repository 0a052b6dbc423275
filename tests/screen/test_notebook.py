from __future__ import annotations

import html
import json
import os
import re
import xml.etree.ElementTree as ElementTree

import pytest

import engine
from engine.performance import Performance
from engine.screen.export import to_html
from engine.troupe import Troupe
from tests.conftest import ROOT, SUPPER

NOTEBOOK = ROOT / "docs" / "notebook.ipynb"


@pytest.fixture
def performance(voiced: Troupe) -> Performance:
    return engine.perform(voiced.root / "scenes" / "supper.yaml", seed=1, turns=2)


def test_a_performance_shows_itself_in_a_frame_of_its_own(performance: Performance) -> None:
    shown = performance._repr_html_()
    [page] = re.findall(r'<iframe srcdoc="([^"]*)"', shown)
    assert html.unescape(page) == to_html(performance)
    assert "Supper" in page


def test_a_relation_map_shows_itself_as_a_picture(performance: Performance) -> None:
    picture = ElementTree.fromstring(engine.RelationMap(performance)._repr_svg_())
    assert picture.tag.endswith("svg")
    assert "Ana" in "".join(picture.itertext())


def test_a_performance_is_the_same_as_the_entries_of_play(voiced: Troupe, performance: Performance) -> None:
    entries = list(engine.play(voiced.root / "scenes" / "supper.yaml", seed=1, turns=2))
    assert list(map(str, entries)) == list(map(str, performance.lines))


def test_the_notebook_is_kept_without_outputs() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    assert [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")] == []


@pytest.mark.slow
def test_the_notebook_runs(voiced: Troupe, monkeypatch: pytest.MonkeyPatch) -> None:
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    (voiced.root / "scenes" / "party.yaml").write_text(SUPPER.lstrip("\n"), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(voiced.root)}}).execute()
    kinds = {kind for cell in notebook.cells for output in cell.get("outputs", []) for kind in output.get("data", {})}
    assert {"text/html", "image/svg+xml"} <= kinds

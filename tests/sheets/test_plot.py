from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import AuthoredError
from engine.sheets.authored import load
from engine.sheets.plot import Season, World
from tests.conftest import ROOT

SEASON = """
title: S
threads:
  ring: {title: "Whose ring is it?", arc: betrayal, opened_by: supper/Soup, resolved_by: supper/The bill}
episodes:
  - {title: One, scenes: [supper], finale: true}
"""


def test_the_shipped_world_and_season() -> None:
    assert len(load(ROOT / "scenes" / "world.yaml", World).value.facts) >= 11
    season = load(ROOT / "scenes" / "season.yaml", Season).value
    assert season.episodes[-1].finale


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("supper/Soup", "Soup", "'Soup' should name a beat as `scene/beat name`"),
        (", finale: true", "", "the last episode, and no other, must be `finale: true`"),
        ("scenes: [supper]", "scenes: []", "'scenes' is empty"),
        ("arc: betrayal", "arc: betrayl", "arc: 'betrayl' is not one of"),
    ],
)
def test_faults_of_a_season(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "season.yaml"
    path.write_text(SEASON.replace(old, new), encoding="utf-8")
    with pytest.raises(AuthoredError) as raised:
        load(path, Season)
    assert message in str(raised.value)

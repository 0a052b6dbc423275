from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import AuthoredError
from engine.sheets.authored import load
from engine.sheets.scenario import Scenario

SCENE = "title: T\ncast: [ana]\nbeats:\n  - {name: a, closes: true}\n"


def said(tmp_path: Path, text: str) -> str:
    path = tmp_path / "scene.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AuthoredError) as raised:
        load(path, Scenario)
    return "\n".join(fault.message for fault in raised.value.faults)


def test_the_smallest_scene(tmp_path: Path) -> None:
    path = tmp_path / "scene.yaml"
    path.write_text(SCENE, encoding="utf-8")
    scenario = load(path, Scenario).value
    assert scenario.beats[0].turns == (2, 4)
    assert (scenario.limit, scenario.policy, scenario.tension) == (80, "natural", (0.3, 0.6, 1.0, 0.4))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (", closes: true", "", "file: no beat closes the scene: add `closes: true` to the last one"),
        ("title: T", "title: T\npolicy: script", "file: policy 'script' needs 'order', a list of names"),
        ("name: a", "name: a, turns: [4, 2]", "turns: write [least, most], for example [2, 4], and 200 at the most"),
        ("name: a", "name: a, turns: [4]", "'turns' needs 2 values"),
        ("[ana]", "[]", "'cast' is empty"),
        ("title: T", "title: T\nlimit: 0", "limit: 0 must be at least 1"),
        ("name: a", "name: a, when: {relations: [{from: a, to: b, axis: heat}]}", "give 'above' or 'below'"),
        ("name: a", "name: a, relations: [{from: a, to: b, axis: hate, by: 1}]", "axis: 'hate' is not one of"),
        ("name: a", "nane: a", "'nane' is not a field here (did you mean 'name'?)"),
    ],
)
def test_faults_of_a_scene(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert message in said(tmp_path, SCENE.replace(old, new))

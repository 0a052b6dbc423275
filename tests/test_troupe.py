from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import AuthoredError, ScriptError, TroupeError
from engine.troupe import Troupe


def test_a_troupe_is_found_upwards_from_any_file(troupe: Troupe, tmp_path: Path) -> None:
    assert Troupe.around(troupe.root / "scenes" / "supper.yaml") == Troupe(troupe.root)
    assert Troupe.around(troupe.root) == troupe
    with pytest.raises(TroupeError, match="no troupe here: no folder above it holds cast/, corpora/ and scenes/"):
        Troupe.around(tmp_path)


def test_what_is_in_it(troupe: Troupe) -> None:
    assert list(troupe.personas) == ["ana", "bruno", "carla", "dario"]
    assert [troupe.show_of(path) for path in troupe.script_paths()] == ["hotel", "house"]
    assert [len(script.scenes) for script in troupe.scripts] == [12, 12]
    assert troupe.world.places == ("the Miramar",)
    assert troupe.recipe.base.width == 16
    assert troupe.relative(troupe.script_paths()[0]) == "corpora/hotel/one.fountain"
    assert set(troupe.names_in("es").personas) == set()


def test_faults_of_all_sheets_at_once(troupe: Troupe, edit: Callable[[Path, str, str], None]) -> None:
    cast = troupe.root / "cast"
    edit(cast / "ana.yaml", "  bruno:", "  brun:")
    edit(cast / "bruno.yaml", "  ana:", "  bruno:")
    edit(cast / "dario.yaml", "length: 6", "lenght: 6")
    with pytest.raises(AuthoredError) as raised:
        _ = troupe.sheets
    assert [f"{fault.path.name}:{fault.line}: {fault.message}" for fault in raised.value.faults] == [
        "ana.yaml:13: 'brun' is not in cast/ (did you mean 'bruno'?)",
        "bruno.yaml:6: a character has no relation to herself",
        "dario.yaml:4: 'lenght' is not a field here (did you mean 'length'?)",
    ]


def test_a_troupe_without_world_and_recipe_has_the_defaults(troupe: Troupe) -> None:
    (troupe.root / "scenes" / "world.yaml").unlink()
    (troupe.root / "cast" / "training.yaml").unlink()
    assert troupe.world.facts == {}
    assert troupe.recipe.least_lines == 80


def test_a_script_that_is_none_is_told_with_its_path(troupe: Troupe) -> None:
    path = troupe.scripts_folder / "hotel" / "x.fountain"
    path.mkdir()
    with pytest.raises(ScriptError, match=r"x\.fountain: this script cannot be read: it is a folder"):
        troupe.script_paths()
    path.rmdir()
    path.symlink_to("nowhere")
    with pytest.raises(ScriptError, match=r"x\.fountain: this script cannot be read: a link to nothing"):
        troupe.script_paths()


def test_a_path_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    for path in (tmp_path / "loop", tmp_path / ("x" * 300), Path("a\0b")):
        with pytest.raises(TroupeError, match="cannot be looked at"):
            Troupe.around(path)


def test_a_troupe_is_found_by_a_path_as_text(troupe: Troupe) -> None:
    assert Troupe.around(str(troupe.root / "cast")).root == Troupe.around(troupe.root).root

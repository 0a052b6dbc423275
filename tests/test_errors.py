from __future__ import annotations

from pathlib import Path

import pytest

from engine import errors
from engine.errors import AuthoredError, Fault, TelenovelaError


def test_a_fault_quotes_its_line_and_points_at_the_column() -> None:
    fault = Fault(Path("scenes/party.yaml"), 9, 5, "cast: 'sorya' is not in cast/", "  - sorya")
    assert str(fault) == "scenes/party.yaml:9:5: cast: 'sorya' is not in cast/\n      - sorya\n        ^"
    assert str(Fault(Path("a.yaml"), 1, 1, "empty", "  ")) == "a.yaml:1:1: empty"


def test_all_faults_are_reported_in_the_order_of_the_files() -> None:
    faults = [Fault(Path("b.yaml"), 1, 1, "x"), Fault(Path("a.yaml"), 10, 1, "y"), Fault(Path("a.yaml"), 9, 3, "z")]
    error = AuthoredError(faults)
    assert [fault.message for fault in error.faults] == ["z", "y", "x"]
    assert str(error) == "a.yaml:9:3: z\na.yaml:10:1: y\nb.yaml:1:1: x"


@pytest.mark.parametrize(
    "name", ["AuthoredError", "ScriptError", "VoiceError", "TrainingError", "TroupeError", "PlotError"]
)
def test_the_tree_is_as_its_docstring_draws_it(name: str) -> None:
    assert issubclass(getattr(errors, name), TelenovelaError)
    assert f"+-- {name}" in str(errors.__doc__)

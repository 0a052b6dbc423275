from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine import train
from engine.errors import TrainingError
from engine.learning.plan import Plan
from engine.troupe import Troupe
from engine.voices.library import show_voice


def test_shows_first_then_those_with_lines_enough(troupe: Troupe, edit: Callable[[Path, str, str], None]) -> None:
    plan = Plan(troupe)
    assert list(plan.jobs) == ["show.hotel.en", "show.house.en", "ana", "bruno", "carla", "dario"]
    assert plan.jobs["ana"].parent == "show.house.en"
    assert plan.jobs["show.house.en"].speakers == ("ana", "bruno")
    assert [job.name for job in plan.chosen(["dario"])] == ["show.hotel.en", "dario"]
    edit(troupe.root / "corpora" / "hotel" / "one.fountain", "INT. LOBBY - NIGHT 11", "/* cut\n\nINT. LOBBY - NIGHT 11")


def test_a_voice_that_cannot_be_trained(troupe: Troupe, edit: Callable[[Path, str, str], None]) -> None:
    with pytest.raises(TrainingError) as raised:
        Plan(troupe).chosen(["brno"])
    assert str(raised.value) == "'brno' is no voice of this troupe (did you mean 'bruno'?)"
    edit(troupe.root / "cast" / "training.yaml", "least_lines: 12", "least_lines: 25")
    with pytest.raises(TrainingError, match="'carla' has 18 lines to learn from, fewer than least_lines: 25"):
        Plan(Troupe(troupe.root)).chosen(["carla"])


def test_without_a_base_everything_is_to_train(troupe: Troupe, capsys: pytest.CaptureFixture[str]) -> None:
    states = {state.name: state.state for state in Plan(troupe).states()}
    assert states["base"] == "missing"
    assert "fresh" not in states.values()
    assert train.main(["--troupe", str(troupe.root), "--dry-run"]) == 0
    assert "to train." in capsys.readouterr().out
    assert train.main(["--troupe", str(troupe.root)]) == 2
    assert capsys.readouterr().err.endswith("no base to tune voices from; python -m engine.train --base trains one\n")


def test_what_is_trained_names_what_it_was_made_from(voiced: Troupe) -> None:
    plan = Plan(voiced)
    job, vocabulary = plan.jobs["ana"], plan.library.vocabulary
    assert plan.job_digest(job, vocabulary) == Plan(Troupe(voiced.root)).job_digest(job, vocabulary)
    assert plan.job_digest(job, vocabulary) != plan.job_digest(plan.jobs["bruno"], vocabulary)
    assert {state.name: state.state for state in plan.states(["ana"])} == {
        "base": "stale", "show.house.en": "stale", "ana": "stale",
    }  # fmt: skip
    whys = [state.why for state in plan.states(["ana"], base_stays=True)]
    assert whys[1:] == ["its scripts, sheets or recipe have changed", "its parent show.house.en will change"]


def test_the_voices_of_shows() -> None:
    assert (show_voice("house", "en"), show_voice("", "es")) == ("show.house.en", "show.all.es")

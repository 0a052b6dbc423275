from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine import train
from engine.errors import TrainingError
from engine.learning.plan import Plan, recipe_digest
from engine.troupe import Troupe
from engine.voices.registry import show_voice
from engine.voices.vocabulary import Vocabulary
from tests.conftest import lineage, script

Edit = Callable[[Path, str, str], None]


def recipe(troupe: Troupe) -> Path:
    return troupe.root / "cast" / "training.yaml"


def again(troupe: Troupe) -> Plan:
    """The plan of the troupe as its files are now."""
    return Plan(Troupe(troupe.root))


def shorten(troupe: Troupe) -> None:
    """Leave eight scenes to the hotel: 24 lines for each of its two."""
    text = script("hotel").split("INT. LOBBY - NIGHT 8")[0]
    (troupe.root / "corpora" / "hotel" / "one.fountain").write_text(text, encoding="utf-8")


def test_shows_first_then_those_with_lines_enough(troupe: Troupe, edit: Edit) -> None:
    plan = Plan(troupe)
    assert list(plan.jobs) == ["show.hotel.en", "show.house.en", "ana", "bruno", "carla", "dario"]
    assert plan.jobs["ana"].parent == "show.house.en"
    assert plan.jobs["show.house.en"].speakers == ("ana", "bruno")
    assert [job.name for job in plan.chosen(["dario"])] == ["show.hotel.en", "dario"]
    shorten(troupe)
    edit(recipe(troupe), "least_lines: 12", "least_lines: 25")
    assert list(again(troupe).jobs) == ["show.hotel.en", "show.house.en", "ana", "bruno"]


def test_without_shows_everybody_grows_from_the_base(troupe: Troupe, edit: Edit) -> None:
    edit(recipe(troupe), "shows: true", "shows: false")
    plan = again(troupe)
    assert {name: job.parent for name, job in plan.jobs.items()} == dict.fromkeys(
        ["ana", "bruno", "carla", "dario"], "base"
    )
    assert [job.name for job in plan.chosen(["dario"])] == ["dario"]


def test_lines_are_counted_without_parsing(troupe: Troupe, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object) -> None:
        raise AssertionError("a script was parsed")

    monkeypatch.setattr("engine.corpus.reading.read_script", fail)
    plan = Plan(troupe)
    assert dict(plan.lines) == {"ana": 36, "bruno": 36, "carla": 36, "dario": 36}
    assert plan.raw[0].path.name == "one.fountain"
    assert [dict(each.lines) for each in plan.raw] == [{"carla": 36, "dario": 36}, {"ana": 36, "bruno": 36}]
    assert {state.state for state in plan.states()} == {"missing", "stale"}


def test_line_ends_of_other_systems_change_no_count(troupe: Troupe) -> None:
    path = troupe.root / "corpora" / "house" / "one.fountain"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert again(troupe).lines["ana"] == 36


def test_a_voice_that_cannot_be_trained(troupe: Troupe, edit: Edit) -> None:
    with pytest.raises(TrainingError) as raised:
        Plan(troupe).chosen(["brno"])
    assert str(raised.value) == (
        f"'brno' is no voice of the troupe in {troupe.root} (did you mean 'bruno'?); another folder: --troupe FOLDER"
    )
    shorten(troupe)
    edit(recipe(troupe), "least_lines: 12", "least_lines: 25")
    with pytest.raises(TrainingError) as raised:
        again(troupe).chosen(["carla"])
    assert str(raised.value) == (
        "'carla' has 24 lines to learn from, fewer than least_lines: 25 in cast/training.yaml;"
        " she speaks with the nearest voice there is"
    )


def test_without_a_base_everything_is_to_train(troupe: Troupe, capsys: pytest.CaptureFixture[str]) -> None:
    states = {state.name: state.state for state in Plan(troupe).states()}
    assert states["base"] == states["director"] == states["turns"] == "missing"
    assert "fresh" not in states.values()
    assert train.main(["--troupe", str(troupe.root), "--dry-run"]) == 0
    assert "to train." in capsys.readouterr().out
    assert train.main(["--troupe", str(troupe.root)]) == 2
    assert capsys.readouterr().err.endswith("no base to tune voices from; python -m engine.train --base trains one\n")


def test_what_is_trained_names_what_it_was_made_from(voiced: Troupe) -> None:
    plan = Plan(voiced)
    job = plan.jobs["ana"]
    assert plan.job_digest(job) == again(voiced).job_digest(job)
    assert plan.job_digest(job) != plan.job_digest(plan.jobs["bruno"])
    assert {state.name: state.state for state in plan.states(["ana"])} == {
        "base": "stale", "show.house.en": "stale", "ana": "stale",
    }  # fmt: skip
    whys = [state.why for state in plan.states(["ana"], base_stays=True)]
    assert whys[1:] == ["its scripts, sheets or recipe have changed", "its parent show.house.en will change"]


def digests(plan: Plan) -> dict[str, str]:
    return {name: plan.job_digest(job) for name, job in plan.jobs.items()}


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """The voices that are made of something else now."""
    return {name for name in after if after[name] != before[name]}


def test_a_script_changes_those_who_speak_in_it_and_the_turns(troupe: Troupe, edit: Edit) -> None:
    plan = Plan(troupe)
    before, turns, director = digests(plan), plan.turns_digest(), plan.director_digest()
    edit(troupe.root / "corpora" / "house" / "one.fountain", "Title: The house", "Title: The House")
    assert changed(before, digests(again(troupe))) == {"show.house.en", "ana", "bruno"}
    assert again(troupe).turns_digest() != turns
    assert again(troupe).director_digest() == director


def test_what_she_is_to_others_changes_herself_and_her_show_and_her_temper_nothing(troupe: Troupe, edit: Edit) -> None:
    before = digests(Plan(troupe))
    path = troupe.root / "cast" / "carla.yaml"
    edit(path, "length: 6", "length: 7")
    assert changed(before, digests(again(troupe))) == set()
    edit(path, "dario: {kind: boss", "dario: {kind: rival")
    assert changed(before, digests(again(troupe))) == {"show.hotel.en", "carla"}


def test_a_recipe_names_base_and_director(troupe: Troupe, edit: Edit) -> None:
    base, director = recipe_digest(troupe.recipe.base), recipe_digest(troupe.recipe.director)
    edit(recipe(troupe), "director: {width: 8", "director: {width: 12")
    plan = again(troupe)
    assert recipe_digest(plan.troupe.recipe.base) == base
    assert recipe_digest(plan.troupe.recipe.director) != director


def test_excerpts_are_cut_anew_each_epoch_and_whole_without_one(voiced: Troupe, vocabulary: Vocabulary) -> None:
    plan = Plan(voiced)
    job = plan.jobs["ana"]

    def ids(epoch: int | None) -> list[list[int]]:
        return [each.ids.tolist() for each in plan.excerpts(job, vocabulary, "train", epoch)]

    assert ids(None) == ids(None) != ids(1) == ids(1) != ids(2)
    words = [sum(int(each.counted.sum()) for each in plan.excerpts(job, vocabulary, "train", e)) for e in (None, 1, 2)]
    assert words[0] == words[1] == words[2]
    assert all(np.issubdtype(each.ids.dtype, np.int32) for each in plan.excerpts(job, vocabulary, "train"))


def test_the_voices_of_shows(troupe: Troupe) -> None:
    assert (show_voice("house", "en"), show_voice("", "es")) == ("show.house.en", "show.all.es")
    assert set(lineage(troupe)) == set(Plan(troupe).jobs)


def test_an_epoch_reads_so_many_excerpts_at_the_most(voiced: Troupe, vocabulary: Vocabulary, edit: Edit) -> None:
    edit(recipe(voiced), "voice: {rank: 2,", "voice: {excerpts: 3, rank: 2,")
    plan = again(voiced)
    job = plan.jobs["ana"]
    found = [[each.ids.tolist() for each in plan.excerpts(job, vocabulary, "train", epoch)] for epoch in (1, 1, 2)]
    assert [len(each) for each in found] == [3, 3, 3]
    assert found[0] == found[1] != found[2]
    # Without an epoch every third or so, from all over her scenes: what a voice is validated on.
    every = [each.ids.tolist() for each in again(voiced).excerpts(job, vocabulary, "train")]
    assert 1 <= len(every) <= 3

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from engine.corpus import split
from engine.corpus.turns import Scene, Script, Turn
from engine.errors import ScriptError, TroupeError
from engine.logit import newton, probabilities
from engine.meter import Meter
from engine.report.turn_baselines import BASELINES, Choices
from engine.report.turn_measures import ENGINE, Material, report
from engine.turns import fitting
from engine.turns.floor import Spoken
from engine.turns.scenes import LONGEST, SHORTEST, TurnScene, from_plays, from_scripts, pieces
from engine.turns.vocative import Forms
from engine.turns.weights import Weights

FORMS = Forms({"ana": ["Ana"], "bea": ["Bea"], "caro": ["Caro"], "dora": ["Dora"]})


def scenes(number: int = 40) -> list[TurnScene]:
    """Talk with two habits: whoever is called answers, and Dora always follows Caro."""
    generator = np.random.default_rng(5)
    people = ["ana", "bea", "caro", "dora"]
    found = []
    for scene in range(number):
        turns = [Spoken(people[scene % 4], "Well?")]
        while len(turns) < 20:
            last = turns[-1]
            called = FORMS.read(last.text).called
            if called:
                name = called[0]
            elif last.speaker == "caro":
                name = "dora"
            else:
                name = str(generator.choice([person for person in people if person != last.speaker]))
            other = str(generator.choice([person for person in people if person != name]))
            turns.append(
                Spoken(name, f"Is it so, {other.title()}?" if generator.random() < 0.3 else "It is so indeed.")
            )
        found.append(TurnScene(f"{scene}" + "".join(turn.speaker for turn in turns), tuple(turns), FORMS))
    return found


def test_newton_finds_the_weight_that_was_put_in() -> None:
    generator = np.random.default_rng(1)
    truth = np.array([1.5, -0.7, 0.0])
    values = generator.normal(size=(4 * 4000, 3))
    starts = np.arange(0, len(values), 4)
    chance = probabilities(values, starts, truth).reshape(-1, 4)
    chosen = starts + (chance.cumsum(axis=1) < generator.random((4000, 1))).sum(axis=1)
    found = newton(values, starts, chosen, np.zeros(3), np.full(3, 1.0))
    assert np.abs(found - truth).max() < 0.1


def test_a_strong_ridge_keeps_the_prior() -> None:
    values = np.array([[1.0], [0.0]])
    found = newton(values, np.array([0]), np.array([0]), np.array([-2.0]), np.array([1e9]))
    assert abs(found[0] + 2.0) < 1e-6


def test_fit_learns_who_is_called_and_who_follows_whom() -> None:
    weights = fitting.fit(scenes())
    assert weights.speaker["called"] > 2.0
    assert weights.speaking.ratio([("follows", "caro > dora")]) > 0.5
    assert weights.speaking.ratio([("follows", "ana > dora")]) < 0.2


def test_fit_counts_the_plain_turns() -> None:
    made = scenes()
    named = sum(scene.named_addressee(index) is not None for scene in made for index in range(len(scene.turns)))
    turns = sum(len(scene.turns) for scene in made)
    assert abs(fitting.fit(made).plain - (turns - named) / turns) < 0.05


def test_without_scripts_the_defaults_hold() -> None:
    weights = fitting.fit([])
    assert weights.speaker["heat"] == 0.8
    assert weights.speaking.tables == {}


def test_edges_are_learned_where_scenes_have_them() -> None:
    hot = [TurnScene(scene.key, scene.turns, scene.forms, heat={("dora", "caro"): 1.0}) for scene in scenes()]
    assert fitting.fit(hot).speaker["heat"] > 0.8


def test_weights_round_trip(tmp_path: Path) -> None:
    weights = fitting.fit(scenes(12))
    path = tmp_path / "turns.json"
    weights.save(path)
    again = Weights.load(path)
    assert again.to_json() == weights.to_json()
    assert fitting.fit(scenes(12)).to_json() == weights.to_json()
    assert Weights.load(tmp_path / "none.json") == Weights()
    path.write_text('{"speaker": []}')
    with pytest.raises(TroupeError, match=r"turns\.json: not a file of turn weights"):
        Weights.load(path)


def test_choices_know_lags_and_the_last_other_speaker() -> None:
    choices = Choices.of([["a", "b", "b", "a"]])
    assert choices.names == ("a", "b") * 4
    assert choices.lags.tolist() == [0, 0, 1, 0, 2, 1, 3, 1]
    assert choices.other.tolist() == [False, False, False, False, True, False, True, False]
    assert choices.chosen.tolist() == [0, 3, 5, 6]


@pytest.mark.parametrize("name", BASELINES)
def test_baselines_are_distributions_over_those_present(name: str) -> None:
    training = [["a", "b", "a", "b", "c"], ["b", "a", "c", "a"], ["a", "b", "a", "b"]]
    baseline = BASELINES[name](training)
    choices = Choices.of([["b", "a", "b", "stranger"]])
    chance = choices.normalise(baseline(choices))
    assert np.allclose(np.add.reduceat(chance, choices.starts), 1.0)
    assert (chance > 0.0).all()


def test_report_beats_the_baselines_where_there_is_something_to_learn() -> None:
    meter = Meter()
    rows = report([Material({"made up": scenes(60)}, folds=3)], meter=meter)
    # Observed once, guessed or fitted to in each of three folds.
    assert meter.done == meter.total == 240
    (row,) = rows
    assert (row.scenes, row.turns) == (60, 1200)
    assert set(row.speakers) == {ENGINE, *BASELINES}
    assert abs(row.speakers["uniform"].perplexity - 4.0) < 1e-9
    assert row.better
    assert row.named > 100


def test_report_holds_out_the_test_scenes() -> None:
    made = scenes(60)
    (row,) = report([Material({"made up": made})])
    assert row.scenes == sum(split.held_out(scene.key) for scene in made) > 0


def test_scenes_of_scripts() -> None:
    turns = (Turn("SORAYA", "Out!", "icy", "María"), Turn(None, "Thunder."), Turn("MARÍA", "No."))
    script = Script(Path("a.fountain"), "A", (Scene("INT. HALL", turns), Scene("EXT.", (Turn("MARÍA", "Alone."),))))
    (scene,) = from_scripts([script])
    assert scene.turns == (Spoken("soraya", "Out!", "maría"), Spoken("maría", "No."))
    assert scene.present == ("soraya", "maría")
    assert scene.named_addressee(0) == "maría"
    assert scene.forms.read("Maria?").called == ("maría",)


def test_a_play_is_cut_where_the_cast_changes() -> None:
    turns = [Spoken("ab"[turn % 2], f"{turn}") for turn in range(34)]
    turns += [Spoken("cd"[turn % 2], f"{turn}") for turn in range(66)]
    cut = pieces(turns, FORMS)
    assert [line for scene in cut for line in scene.turns] == turns
    assert len(cut[0].turns) == 34
    assert all(SHORTEST <= len(scene.turns) <= LONGEST for scene in cut[:-1])


def test_plays_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "plays.jsonl.gz"
    rows = [{"play": "P", "speaker": name, "text": "Yes."} for name in "abab"]
    path.write_bytes(gzip.compress("\n".join(json.dumps(row) for row in rows).encode()))
    assert [len(scene.turns) for scene in from_plays(path)["P"]] == [4]
    path.write_bytes(gzip.compress(b'{"play": 1}'))
    with pytest.raises(ScriptError, match=r"plays\.jsonl\.gz: not a gzipped file of JSON lines"):
        from_plays(path)

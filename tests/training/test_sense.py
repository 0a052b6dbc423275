"""Sense is fitted in a moment, without TensorFlow: to a troupe's marks, of one base."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from engine.adoption.ground import lay
from engine.errors import TrainingError
from engine.learning.plan import Plan
from engine.speech.lexicon import Lexicon
from engine.stage.production import Theatre
from engine.training.run import Step, fit_sense
from engine.troupe import Troupe
from engine.voices.registry import SENSE, Registry
from engine.voices.vocabulary import Vocabulary
from engine.voices.weights import write_weights
from tests.conftest import toy_arrays, write_troupe


def mark(troupe: Troupe, places: int = 4, marks: str = "GM") -> Path:
    """Lay marks into a troupe: the last place is held out."""
    path = troupe.marks_path("en")
    path.parent.mkdir(exist_ok=True)
    rows = [
        {
            "place": f"p{number}",
            "held_out": number == places - 1,
            "heard": ["<scene> <lang:en>", "<turn:0> Who was it?"],
            "cue": "<turn:0>",
            "lines": [
                {"text": text, "mark": marks[row % len(marks)], "length": float(row)}
                for row, text in enumerate(("I do not know.", "It was my brother.", "No.", "Never in my house."))
            ],
        }
        for number in range(places)
    ]
    path.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    return path


def state(troupe: Troupe) -> str:
    found = {each.name: each.state for each in Plan(Troupe(troupe.root)).states()}
    return found.get(SENSE, "nothing")


def test_sense_is_missing_then_fresh_and_stale_with_its_marks_and_its_base(
    voiced: Troupe, vocabulary: Vocabulary
) -> None:
    assert state(voiced) == "nothing"
    path = mark(voiced)
    assert state(voiced) == "missing"
    steps: list[Step] = []
    fit_sense(Plan(voiced), "en", steps.append)
    assert state(voiced) == "fresh"
    assert [(step.name, step.done) for step in steps] == [(SENSE, 1 / 3), (SENSE, 2 / 3), (SENSE, 1.0)]
    assert Registry(voiced.voices).sense() is not None
    path.write_text(path.read_text(encoding="utf-8").replace("Never", "Not"), encoding="utf-8")
    assert state(voiced) == "stale"
    fit_sense(Plan(voiced), "en")
    header = {"level": "subword", "vocabulary": vocabulary.fingerprint}
    write_weights(voiced.voices / "base.safetensors", toy_arrays(len(vocabulary), seed=9), header)
    assert state(voiced) == "stale"
    (voiced.voices / "base.safetensors").unlink()
    assert state(voiced) == "missing"


def test_the_same_marks_give_the_same_bytes_and_what_is_held_out_teaches_nothing(voiced: Troupe) -> None:
    path, written = mark(voiced), voiced.voices / f"{SENSE}.safetensors"
    fit_sense(Plan(voiced), "en")
    before = Registry(voiced.voices).arrays(SENSE)
    rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*rows[:-1], rows[-1].replace('"G"', '"X"')]), encoding="utf-8")
    first = written.read_bytes()
    fit_sense(Plan(voiced), "en")
    after = Registry(voiced.voices).arrays(SENSE)
    assert all(np.array_equal(before[name], after[name]) for name in before)
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    fit_sense(Plan(voiced), "en")
    assert written.read_bytes() == first


def test_marks_that_teach_nothing_leave_everything_as_it_was(voiced: Troupe) -> None:
    mark(voiced, marks="M")
    with pytest.raises(TrainingError, match="marks of one kind alone"):
        fit_sense(Plan(voiced), "en")
    assert not (voiced.voices / f"{SENSE}.safetensors").exists()


def test_what_a_scene_was_made_with_names_its_sense_and_a_new_troupe_takes_it_along(
    voiced: Troupe, tmp_path: Path
) -> None:
    mark(voiced)
    fit_sense(Plan(voiced), "en")
    scene = voiced.root / "scenes" / "supper.yaml"
    fingerprint = Registry(voiced.voices).file(SENSE).fingerprint
    assert Theatre(Troupe(voiced.root)).production(scene, 1).manifest["voices"][SENSE] == fingerprint
    other = write_troupe(tmp_path / "other")
    lay(voiced, other, "en", Lexicon(frozenset()))
    assert Registry(other.voices).sense() is not None
    assert state(other) == "nothing"

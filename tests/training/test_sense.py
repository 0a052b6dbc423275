"""Sense is fitted in a moment, without TensorFlow: to a troupe's marks, of one base."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from engine import check, scene, train
from engine.adoption.away import Adoptions, How
from engine.adoption.ground import lay
from engine.errors import TrainingError, VoiceError
from engine.jobs.parcel import files_of
from engine.learning.marks import MEASURES
from engine.learning.plan import Plan
from engine.speech.company import Company
from engine.speech.lexicon import Lexicon
from engine.stage.production import Theatre
from engine.training.run import Step, fit_sense
from engine.troupe import Troupe
from engine.voices.registry import Registry
from engine.voices.vocabulary import Vocabulary
from engine.voices.weights import write_weights
from tests.conftest import toy_arrays, write_troupe
from tests.two_grounds import add_spanish, write_ground

SENSE = "sense.en"
SAID = {
    "en": ("I do not know.", "It was my brother.", "No.", "Never in my house."),
    "es": ("No lo sé.", "Fue mi hermano.", "No.", "Nunca en mi casa."),
}


def mark(troupe: Troupe, places: int = 4, marks: str = "GM", language: str = "en", held_out: int = 1) -> Path:
    """Lay marks into a troupe: the last places are held out."""
    path = troupe.marks_path(language)
    path.parent.mkdir(exist_ok=True)
    rows = [
        {
            "place": f"p{number}",
            "held_out": number >= places - held_out,
            "heard": [f"<scene> <lang:{language}>", f"<turn:0> {SAID[language][number % 4]}"],
            "cue": "<turn:0>",
            "lines": [
                {"text": text, "mark": marks[row % len(marks)], **dict.fromkeys(MEASURES, float(row))}
                for row, text in enumerate(SAID[language])
            ],
        }
        for number in range(places)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def states(troupe: Troupe) -> list[tuple[str, str]]:
    found = [(each.name, each.state) for each in Plan(Troupe(troupe.root)).states(base_stays=True)]
    return [(name, state) for name, state in found if "sense" in name]


def state(troupe: Troupe) -> str:
    return dict(states(troupe)).get(SENSE, "nothing")


def test_sense_is_missing_then_fresh_and_stale_with_its_marks_and_its_base(
    voiced: Troupe, vocabulary: Vocabulary
) -> None:
    assert states(voiced) == []
    path = mark(voiced)
    assert states(voiced) == [(SENSE, "missing")]
    steps: list[Step] = []
    fit_sense(Plan(voiced), "en", steps.append)
    assert state(voiced) == "fresh"
    assert [(step.name, step.done) for step in steps] == [(SENSE, 1 / 3), (SENSE, 2 / 3), (SENSE, 1.0)]
    path.write_text(path.read_text(encoding="utf-8").replace("Never", "Not"), encoding="utf-8")
    assert state(voiced) == "stale"
    fit_sense(Plan(voiced), "en")
    # A base that is about to change takes it along.
    assert Plan(Troupe(voiced.root)).sense_state("en", {"base"}).why == "its base will change"
    header = {"level": "subword", "vocabulary": vocabulary.fingerprint}
    write_weights(voiced.voices / "base.safetensors", toy_arrays(len(vocabulary), seed=9), header)
    assert state(voiced) == "stale"
    (voiced.voices / "base.safetensors").unlink()
    assert states(voiced) == []


def test_a_broken_sense_is_told_before_a_scene_begins_and_mended_by_the_command_that_is_named(
    voiced: Troupe, capsys: pytest.CaptureFixture[str]
) -> None:
    mark(voiced)
    fit_sense(Plan(voiced), "en")
    path, supper = voiced.voices / f"{SENSE}.safetensors", str(voiced.root / "scenes" / "supper.yaml")
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert state(voiced) == "stale"
    assert scene.main([supper, "--plain"]) == 2
    said = capsys.readouterr()
    assert "sense.en' is corrupt (its numbers are not those that were saved)" in said.err
    assert said.err.endswith("train it again: python -m engine.train\n")
    assert said.out == ""
    fit_sense(Plan(Troupe(voiced.root)), "en")
    assert scene.main([supper, "--plain"]) == 0


def test_the_same_marks_give_the_same_bytes_and_what_is_held_out_teaches_nothing(voiced: Troupe) -> None:
    path, written = mark(voiced), voiced.voices / f"{SENSE}.safetensors"
    fit_sense(Plan(voiced), "en")
    first = written.read_bytes()
    before = Registry(voiced.voices).file(SENSE).fingerprint
    rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*rows[:-1], rows[-1].replace('"G"', '"X"')]) + "\n", encoding="utf-8")
    fit_sense(Plan(voiced), "en")
    assert Registry(voiced.voices).file(SENSE).fingerprint == before
    path.write_text("\n".join([*rows[:-2], rows[-2].replace('"G"', '"X"'), rows[-1]]) + "\n", encoding="utf-8")
    fit_sense(Plan(voiced), "en")
    assert Registry(voiced.voices).file(SENSE).fingerprint != before
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    fit_sense(Plan(voiced), "en")
    assert written.read_bytes() == first


@pytest.mark.parametrize(
    ("marks", "held_out", "reason"),
    [
        ("M", 1, "these marks teach nothing: some lines must be sensible (G) and some not (M, X)"),
        ("GM", 4, "no places to learn from (4 are held out); remove the file, or add some"),
    ],
)
def test_marks_that_teach_nothing_leave_everything_as_it_was(
    voiced: Troupe, marks: str, held_out: int, reason: str
) -> None:
    mark(voiced)
    fit_sense(Plan(voiced), "en")
    written = (voiced.voices / f"{SENSE}.safetensors").read_bytes()
    path = mark(voiced, marks=marks, held_out=held_out)
    with pytest.raises(TrainingError) as raised:
        fit_sense(Plan(voiced), "en")
    assert str(raised.value) == f"{path}: {reason}"
    assert (voiced.voices / f"{SENSE}.safetensors").read_bytes() == written


def test_faulty_marks_are_told_of_before_anything_is_trained(
    voiced: Troupe, capsys: pytest.CaptureFixture[str]
) -> None:
    path = mark(voiced)
    path.write_text(path.read_text(encoding="utf-8") + "{\n", encoding="utf-8")
    before = {file.name: file.read_bytes() for file in voiced.voices.iterdir()}
    assert train.main(["--troupe", str(voiced.root)]) == 2
    assert f"{path}:5:2: not a marked place: this is no JSON" in capsys.readouterr().err
    assert {file.name: file.read_bytes() for file in voiced.voices.iterdir()} == before


def test_what_a_scene_was_made_with_names_the_sense_that_is_used(voiced: Troupe, vocabulary: Vocabulary) -> None:
    mark(voiced)
    fit_sense(Plan(voiced), "en")
    supper = voiced.root / "scenes" / "supper.yaml"
    theatre = Theatre(Troupe(voiced.root))
    fingerprint = Registry(voiced.voices).file(SENSE).fingerprint
    assert theatre.production(supper, 1).manifest["voices"][SENSE] == fingerprint
    assert theatre.company.agent("ana").craft.sense is not None
    # Of another base it is not used, and not named.
    header = dict(Registry(voiced.voices).file(SENSE).metadata) | {"grown_from": "0" * 12}
    write_weights(voiced.voices / f"{SENSE}.safetensors", Registry(voiced.voices).arrays(SENSE), header)
    theatre = Theatre(Troupe(voiced.root))
    assert SENSE not in theatre.production(supper, 1).manifest["voices"]
    assert theatre.company.agent("ana").craft.sense is None


def test_a_new_troupe_takes_it_along(voiced: Troupe, tmp_path: Path) -> None:
    mark(voiced)
    script = tmp_path / "play.txt"
    script.write_text("ANA: No.\nBRUNO: Yes.\n", encoding="utf-8")
    before = Adoptions([script], tmp_path / "to", How(), voiced).all[0].origin
    fit_sense(Plan(voiced), "en")
    other = write_troupe(tmp_path / "other")
    lay(voiced, other, "en", Lexicon(frozenset()))
    assert Registry(other.voices).sense("en") is not None
    assert states(other) == []
    # Made from another sense it is another troupe.
    assert Adoptions([script], tmp_path / "to", How(), voiced).all[0].origin != before


def test_each_language_has_its_own(voiced: Troupe) -> None:
    two = add_spanish(voiced)
    mark(two, language="es")
    fit_sense(Plan(two), "es")
    assert states(two) == [("sense.es", "fresh")]
    crafts = {language: Company(two).craft(language).sense for language in ("en", "es")}
    assert crafts["en"] is None
    assert crafts["es"] is not None
    # With a base of its own it is in the folder of that base.
    write_ground(two)
    assert states(two) == [("es/sense.es", "missing")]
    fit_sense(Plan(two), "es")
    assert states(two) == [("es/sense.es", "fresh")]
    assert files_of(two.voices, [two.voices / "es" / "sense.es.safetensors"])


def test_sense_is_nobodys_voice(
    voiced: Troupe, edit: Callable[[Path, str, str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    mark(voiced)
    fit_sense(Plan(voiced), "en")
    with pytest.raises(VoiceError, match="this is nobody's voice, but what tells a sensible line"):
        Registry(voiced.voices).load(SENSE)
    sheet = voiced.root / "cast" / "ana.yaml"
    edit(sheet, "voice: {", f"voice: {{model: {SENSE}, ")
    assert check.main([str(sheet)]) == 2
    assert f"there is no voice '{SENSE}'" in "".join(capsys.readouterr())

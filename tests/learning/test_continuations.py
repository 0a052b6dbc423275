"""Scenes that a network played and a writer took up: what was played is heard, what was written is learned."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.check import main as check
from engine.corpus.cues import Manner, manner
from engine.learning.excerpts import excerpts
from engine.learning.plan import Plan
from engine.training.build import text_for_base
from engine.training.stream import Dialogue, Encoder, epoch
from engine.troupe import Troupe
from engine.voices.sequences import PADDING, Line, encode_scene, taught_scene
from engine.voices.vocabulary import Vocabulary
from tests.conftest import write_troupe

TAKEN_UP = """
INT. KITCHEN - NIGHT

[[arc: revenge]]
[[about: thing = the letter]]

{one}
(ask, to {Two}, played)
Is the soup a letter?

{two}
(weary, doubt, to {One})
The soup? I asked you for the letter.

{one}
(tell, to {Two})
I have the letter here.
"""


@pytest.fixture
def taken_up(tmp_path: Path) -> Troupe:
    troupe = write_troupe(tmp_path)
    one, two = (troupe.personas[who].name for who in sorted(troupe.personas)[:2])
    text = TAKEN_UP.format(one=one.upper(), two=two.upper(), One=one, Two=two)
    # As many scenes as it takes for some of them to be of the part that is learned from.
    scenes = "\n".join(text.replace("KITCHEN", f"KITCHEN {number}") for number in range(30))
    path = tmp_path / "corpora" / "continuations" / "one.fountain"
    path.parent.mkdir()
    path.write_text(f"Title: One\nLanguage: en\n{scenes}", encoding="utf-8")
    return Troupe(tmp_path)


def test_played_is_said_in_a_parenthetical() -> None:
    assert manner("(weary, tell, to María, played)") == Manner("weary", "María", (), "tell", True)


def test_they_are_no_scripts(taken_up: Troupe) -> None:
    before = Plan(write_troupe(taken_up.root))
    plan = Plan(taken_up)
    assert [path.parent.name for path in taken_up.continuation_paths()] == ["continuations"]
    assert len(plan.passages) == len(before.passages)
    assert plan.lines == before.lines
    assert plan.turns_digest() == before.turns_digest()
    assert next([line.played for line in passage.lines] for passage in plan.continuations) == [True, False, False]


def test_targets_of_played_lines_are_padding(vocabulary: Vocabulary) -> None:
    lines = [Line("a", "Who?", played=True), Line("b", "Nobody."), Line("a", "Oh.", played=True)]
    ids, targets = taught_scene(vocabulary, lines)
    assert ids == encode_scene(vocabulary, lines)
    assert len(ids) == len(targets)
    said = [id_ for id_, target in zip(ids, targets, strict=True) if target != PADDING]
    assert all(target in {PADDING, id_} for id_, target in zip(ids, targets, strict=True))
    assert vocabulary.decode(said).strip() == "Nobody."


def test_the_base_hears_them_and_learns_what_was_written(vocabulary: Vocabulary) -> None:
    scene = Dialogue([Line("a", "Who?", played=True), Line("b", "Nobody."), Line("a", "Oh.")] * 20)
    encoder = Encoder(vocabulary)
    [*batches] = epoch(encoder, [scene], 2, 8, [1], code_dropout=0.0)
    heard = vocabulary.decode(np.concatenate([batch.ids.T.ravel() for batch in batches]).tolist())
    taught = vocabulary.decode(np.concatenate([batch.targets.T.ravel() for batch in batches]).tolist())
    assert "Who?" in heard
    assert "Nobody." in heard
    assert "Who?" not in taught
    assert "Nobody." in taught
    assert "Oh." in taught


def test_a_voice_learns_her_written_lines(taken_up: Troupe, vocabulary: Vocabulary) -> None:
    plan = Plan(taken_up)
    one, two = sorted(taken_up.personas)[:2]
    for who, count in ((one, 1), (two, 1)):
        for found in excerpts(vocabulary, plan.continuations, "train", [who]):
            assert found.ids[found.counted].tolist().count(vocabulary.end) == count
    job = next(iter(plan.jobs.values()))
    script = next(path for path in taken_up.continuation_paths())
    before = plan.job_digest(job)
    script.write_text(script.read_text(encoding="utf-8").replace("the letter here", "the letter"), encoding="utf-8")
    spoken = any(job.speakers[0] in {line.speaker for line in each.lines} for each in plan.continuations)
    assert (Plan(Troupe(taken_up.root)).job_digest(job) != before) == spoken


def test_the_base_takes_them_and_measures_them_apart(taken_up: Troupe) -> None:
    text = text_for_base(Plan(taken_up), None)
    held_out = text.held_out["continuations en"]
    assert all(dialogue.lines[0].played for dialogue in held_out)
    assert not any(line.played for dialogue in text.held_out["scripts en"] for line in dialogue.lines)
    assert any(line.played for dialogue in text.scripts for line in dialogue.lines)


def test_they_are_checked_and_counted(
    taken_up: Troupe, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(taken_up.root)
    assert check(["corpora/continuations"]) == 0
    assert capsys.readouterr().out == "1 continuation: 60 lines, 390 words after 30 lines played\n"
    path = taken_up.continuation_paths()[0]
    path.write_text(path.read_text(encoding="utf-8").replace("played", "playd", 1), encoding="utf-8")
    assert check(["corpora/continuations"]) == 2
    assert "one.fountain:10:" in capsys.readouterr().err

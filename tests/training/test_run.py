"""A toy troupe trained in seconds: nothing is stale afterwards, the same seed gives the same weights, killed or not."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.errors import JobError, TrainingError
from engine.jobs.crew import crew
from engine.learning.plan import Plan
from engine.training.run import Step, train
from engine.troupe import Troupe
from tests.conftest import write_troupe

pytestmark = [
    pytest.mark.slow,
    # TensorFlow and what it brings warn of their own future.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


def base(troupe: Troupe, stop: int | None = None) -> tuple[bytes, list[float]]:
    """Train the base; with `stop`, break it off after so many steps. Returns the file and the losses."""
    from engine.training.build import make_base

    losses: list[float] = []

    def report(each: Any) -> None:
        losses.append(each.loss)
        if each.step == stop:
            raise KeyboardInterrupt

    make_base(Plan(troupe), None, report)
    return (troupe.voices / "base.safetensors").read_bytes(), losses


def without_seconds(troupe: Troupe, name: str) -> tuple[str, dict[str, bytes]]:
    """What is in a weights file, its header's time apart."""
    plan = Plan(troupe)
    return plan.grounds.shared.file(name).fingerprint, {
        key: array.tobytes() for key, array in plan.grounds.shared.arrays(name).items()
    }


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Troupe:
    """A toy troupe with everything trained by the command line."""
    from engine import train as command

    troupe = write_troupe(tmp_path_factory.mktemp("trained") / "troupe")
    assert command.main(["--troupe", str(troupe.root), "--base"]) == 0
    return Troupe(troupe.root)


def states(root: Path) -> dict[str, str]:
    return {state.name: state.state for state in Plan(Troupe(root)).states()}


def test_after_training_nothing_is_stale(trained: Troupe, capsys: pytest.CaptureFixture[str]) -> None:
    from engine import train as command

    assert set(states(trained.root).values()) == {"fresh"}
    assert command.main(["--troupe", str(trained.root), "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith("Nothing is stale (")
    before = {path.name: path.stat().st_mtime_ns for path in trained.voices.iterdir()}
    assert command.main(["--troupe", str(trained.root)]) == 0
    assert before == {path.name: path.stat().st_mtime_ns for path in trained.voices.iterdir()}
    assert not list(trained.voices.glob(".*"))


def test_a_trained_troupe_plays(trained: Troupe, capsys: pytest.CaptureFixture[str]) -> None:
    from engine import scene

    assert scene.main([str(trained.root / "scenes" / "supper.yaml"), "--plain"]) == 0
    assert "Good evening, house." in capsys.readouterr().out


def test_a_trained_director_proposes_frames_and_is_of_the_manifest(trained: Troupe, tmp_path: Path) -> None:
    from engine.stage.production import Theatre

    production = Theatre(trained).production(trained.root / "scenes" / "supper.yaml", 1)
    assert production.director is not None
    assert "director" in production.manifest["voices"]
    assert Plan(trained).grounds.shared.file("director").figures["scenes"] > 0


def test_one_changed_line_makes_its_speakers_stale(
    trained: Troupe, tmp_path: Path, edit: Callable[[Path, str, str], None]
) -> None:
    root = tmp_path / "changed"
    shutil.copytree(trained.root, root)
    passage = next(p for p in Plan(Troupe(root)).passages if p.show == "house" and p.part == "train")
    old = next(raw for raw, line in zip(passage.raw, passage.lines, strict=True) if line.speaker == "ana")
    edit(root / "corpora" / "house" / "one.fountain", old, old + " Twice.")
    stale = {name for name, state in states(root).items() if state != "fresh"}
    assert stale == {"turns", "show.house.en", "ana", "bruno"}
    shutil.copy(trained.root / "corpora" / "house" / "one.fountain", root / "corpora" / "house" / "one.fountain")
    edit(root / "cast" / "training.yaml", "voice: {rank: 2", "voice: {rank: 3")
    assert {name for name, state in states(root).items() if state != "fresh"} == {"ana", "bruno", "carla", "dario"}
    edit(root / "cast" / "training.yaml", "voice: {rank: 3", "voice: {rank: 2")
    edit(root / "cast" / "training.yaml", "director: {width: 8", "director: {width: 12")
    assert {name for name, state in states(root).items() if state != "fresh"} == {"director"}


def test_the_same_seed_gives_the_same_base_killed_or_not(tmp_path: Path, trained: Troupe) -> None:
    whole = write_troupe(tmp_path / "whole")
    _, losses = base(whole)
    assert losses[-1] < losses[7]
    assert without_seconds(whole, "base") == without_seconds(trained, "base")
    killed = write_troupe(tmp_path / "killed")
    with pytest.raises(KeyboardInterrupt):
        base(killed, 7)
    assert not (killed.voices / "base.safetensors").exists()
    base(killed)
    assert without_seconds(killed, "base") == without_seconds(whole, "base")
    assert not list(killed.voices.glob(".*"))


def test_voices_learn_and_are_the_same_again(trained: Troupe, tmp_path: Path) -> None:
    figures = Plan(trained).grounds.shared.file("show.house.en").figures
    assert figures["nats"] < figures["parent_nats"]
    again = tmp_path / "again"
    shutil.copytree(trained.root, again)
    assert train(Troupe(again), ["ana"], force=True) == ["ana"]
    assert without_seconds(Troupe(again), "ana") == without_seconds(trained, "ana")


def test_training_tells_how_it_stands(trained: Troupe, tmp_path: Path) -> None:
    again = tmp_path / "again"
    shutil.copytree(trained.root, again)
    told: list[Step] = []
    train(Troupe(again), ["ana"], told.append, force=True)
    assert {step.name for step in told} == {"ana"}
    done = [step.done for step in told]
    assert done == sorted(done)
    assert (done[-1], told[-1].note.split(":")[0]) == (1.0, "ana")


def test_a_voice_that_is_heard_while_she_learns_learns_the_same(trained: Troupe, tmp_path: Path) -> None:
    again = tmp_path / "again"
    shutil.copytree(trained.root, again)
    told: list[Step] = []
    train(Troupe(again), ["ana"], told.append, force=True, hear=True)
    assert without_seconds(Troupe(again), "ana") == without_seconds(trained, "ana")
    epochs = [step.epoch for step in told if step.epoch is not None]
    assert [each.number for each in epochs] == [0, 1, 2, 3]
    figures = Plan(Troupe(again)).grounds.of("en").file("ana").figures
    assert [each.held_out for each in epochs] == pytest.approx(figures["history"], abs=1e-4)
    assert epochs[0].learned is None
    assert all(each.learned is not None and each.learned > 0 for each in epochs[1:])
    assert {(each.answer.who, each.answer.prompt) for each in epochs if each.answer} == {
        ("Ana", "Why did you lie to me?")
    }
    assert all(each.answer is not None and each.answer.says for each in epochs)


def test_other_epochs_train_her_once_and_leave_her_stale(
    trained: Troupe, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from engine import train as command

    root, plot = tmp_path / "again", tmp_path / "loss.svg"
    shutil.copytree(trained.root, root)
    given = ["--troupe", str(root), "ana", "--epochs", "5", "--show", "--plot", str(plot)]
    for expected in ("ana, epoch 3 of 3", "Nothing is stale"):
        capsys.readouterr()
        assert command.main(given) == 0
        assert expected in capsys.readouterr().out
    assert "ana" in plot.read_text(encoding="utf-8")
    assert json.loads(Plan(Troupe(root)).grounds.of("en").file("ana").metadata["recipe"])["epochs"] == 5
    assert {name for name, state in states(root).items() if state != "fresh"} == {"ana"}


def test_a_troupe_without_acts_has_no_director_and_is_not_stale_for_that(trained: Troupe, tmp_path: Path) -> None:
    """As after an adoption: scripts from elsewhere have no acts."""
    from engine import codes

    root = tmp_path / "actless"
    shutil.copytree(trained.root, root)
    (root / "cast" / "voices" / "director.safetensors").unlink()
    for path in (root / "corpora").rglob("*.fountain"):
        text = path.read_text(encoding="utf-8")
        for act in codes.ACTS:
            text = text.replace(f", {act})", ")")
        path.write_text(text, encoding="utf-8")
    made = train(Troupe(root))
    assert "director" not in made
    assert not (root / "cast" / "voices" / "director.safetensors").exists()
    assert train(Troupe(root)) == []


def test_a_base_that_grows_keeps_the_layers_of_the_old_one(trained: Troupe, tmp_path: Path) -> None:
    from engine.training.build import make_base

    root = tmp_path / "grown"
    shutil.copytree(trained.root, root)
    shutil.rmtree(root / "cast" / "voices")
    grown = Troupe(root)
    steps: list[int] = []
    make_base(Plan(grown), None, lambda each: steps.append(each.step), grow_from=trained.voices)
    # The first phase is left out.
    assert steps[0] == grown.recipe.base.general_steps + 1
    figures = Plan(grown).grounds.shared.file("base").figures
    assert figures["grown_from"] == Plan(trained).grounds.shared.file("base").fingerprint


@pytest.mark.parametrize("foreign", [False, True])
def test_a_base_that_grows_keeps_its_vocabulary_while_it_suits(trained: Troupe, tmp_path: Path, foreign: bool) -> None:
    from engine.training.build import make_base

    root = tmp_path / "grown"
    shutil.copytree(trained.root, root)
    shutil.rmtree(root / "cast" / "voices")
    for path in (root / "corpora").rglob("*.fountain"):
        text = path.read_text(encoding="utf-8")
        # A line more in every script; or other words altogether, whose cues and notes stay.
        speech = [
            f"{line[::-1]}" if foreign and line[:1].isupper() and not line.isupper() else line
            for line in text.split("\n")
        ]
        path.write_text("\n".join(speech).replace(".", " tonight.", 0 if foreign else 1), encoding="utf-8")
    make_base(Plan(Troupe(root)), None, lambda each: None, grow_from=trained.voices)
    old, new = (folder / "tokenizer.json" for folder in (trained.voices, root / "cast" / "voices"))
    assert (old.read_bytes() == new.read_bytes()) is not foreign


def test_nothing_grows_without_a_base(tmp_path: Path) -> None:
    troupe = write_troupe(tmp_path / "troupe")
    with pytest.raises(TrainingError, match=r"no base to tune voices from; python -m engine.train --base trains one"):
        train(troupe)


def test_the_model_card_names_every_voice(trained: Troupe) -> None:
    card = (trained.voices / "README.md").read_text(encoding="utf-8")
    assert all(f"| {name} |" in card for name in Plan(trained).jobs)
    header = Plan(trained).grounds.shared.file("base").metadata
    assert json.loads(header["recipe"])["width"] == 16


# -- on more than one machine ----------------------------------------------------------------------------------------


def voices(troupe: Troupe) -> dict[str, bytes]:
    """The weights files of shows and characters."""
    return {name: (troupe.voices / f"{name}.safetensors").read_bytes() for name in Plan(troupe).jobs}


def bare(trained: Troupe, root: Path) -> Troupe:
    """The trained troupe as it was before its voices were trained."""
    shutil.copytree(trained.root, root)
    for name in Plan(trained).jobs:
        (root / "cast" / "voices" / f"{name}.safetensors").unlink()
    return Troupe(root)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A dask cluster of two workers on this machine, each a process with one thread, and no disk that they must share."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0", silence_logs="CRITICAL"
    ) as found:
        yield found


def workers_of(cluster: Any) -> list[int]:
    """The process ids of a cluster's workers."""
    with cluster.get_client() as client:
        return list(client.run(os.getpid).values())


def test_two_processes_make_the_same_weights_to_the_byte(trained: Troupe, tmp_path: Path) -> None:
    again = bare(trained, tmp_path / "again")
    told: list[Step] = []
    with crew(workers=2) as two:
        made = train(again, report=told.append, crew=two)
        assert set(made) == set(Plan(trained).jobs)
        assert voices(again) == voices(trained)
        # What is done is skipped, by whoever asks next.
        assert train(again, crew=two) == []
    assert {step.name for step in told} == {"shows", "voices"}
    for name in ("shows", "voices"):
        share = [step.done for step in told if step.name == name]
        assert (share, share[0], share[-1]) == (sorted(share), 0.0, 1.0)
    assert {step.note.split(":")[0] for step in told if step.note} == set(Plan(trained).jobs)


def test_a_dask_cluster_makes_the_same_weights_and_loses_nothing_with_a_worker(
    trained: Troupe, tmp_path: Path, cluster: Any
) -> None:
    """One of two workers is killed when the first voice is back and another is at work on the next."""
    again = bare(trained, tmp_path / "again")
    killed: list[int] = []
    said: list[str] = []

    def tell(step: Step) -> None:
        said.append(step.state)
        if step.name == "voices" and step.note and not killed:
            killed.append(workers_of(cluster)[0])
            os.kill(killed[0], signal.SIGKILL)

    with crew(cluster.scheduler_address) as dask:
        made = train(again, report=tell, crew=dask)
        assert killed
        assert killed[0] not in workers_of(cluster)
        assert sorted(made) == sorted(Plan(trained).jobs)
        assert voices(again) == voices(trained)
        assert train(again, crew=dask) == []
    assert said[-1].startswith("4 of 4 done, 0 at work")
    assert set(states(again.root).values()) == {"fresh"}


def test_broken_off_midway_the_next_run_does_the_rest(trained: Troupe, tmp_path: Path) -> None:
    again = bare(trained, tmp_path / "again")

    def stop(step: Step) -> None:
        if step.name == "voices" and step.note:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), crew(workers=2) as two:
        train(again, report=stop, crew=two)
    done = {name for name, state in states(again.root).items() if state == "fresh"}
    assert {"show.house.en", "show.hotel.en"} < done
    assert len(done & {"ana", "bruno", "carla", "dario"}) == 1
    with crew(workers=2) as two:
        assert set(train(again, crew=two)) == {"ana", "bruno", "carla", "dario"} - done
    assert voices(again) == voices(trained)


def test_what_a_worker_makes_is_looked_at_before_it_is_kept(trained: Troupe, tmp_path: Path) -> None:
    from engine.training.away import keep

    shutil.copytree(trained.root, tmp_path / "again")
    again = Troupe(tmp_path / "again")
    (again.voices / "ana.safetensors").unlink()
    plan, jobs = Plan(again), Plan(trained).jobs
    good = voices(trained)
    for data, reason in (
        (b"", "is no voice of this base"),
        (good["ana"][:-4] + b"abcd", "is no voice of this base"),
        (good["bruno"], "is not the voice that was asked for"),
        ((trained.voices / "base.safetensors").read_bytes(), "is no voice of this base"),
    ):
        with pytest.raises(JobError, match=reason):
            keep(plan, jobs["ana"], data)
    assert not (again.voices / "ana.safetensors").exists()

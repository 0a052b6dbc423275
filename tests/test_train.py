"""What `engine.train` shows of a training; the training itself is tested where it is slow."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from engine import train
from engine.train import Bars
from engine.training.hearing import Answer
from engine.training.run import Epoch, Step
from engine.troupe import Troupe

PROMPT = "Why did you lie to me?"
EPOCHS = (
    Epoch(0, 2, None, 3.5, Answer(PROMPT, "Soraya", "I do not know.")),
    Epoch(1, 2, 3.0, 3.25, Answer(PROMPT, "Soraya", "Insect!\x1b[2J")),
    Epoch(2, 2, 2.5, 3.0, Answer(PROMPT, "Soraya", "Because you are [bold]poor[/bold].")),
)


def shown(steps: list[Step], curves: bool = False, plot: Path | None = None) -> str:
    console = Console(file=io.StringIO(), width=80)
    with Bars(console, curves, plot) as bars:
        for step in steps:
            bars.tell(step)
    return str(console.file.getvalue())  # type: ignore[attr-defined]


def test_after_each_epoch_the_losses_and_a_line() -> None:
    steps = [Step("soraya", each.number / 2, epoch=each) for each in EPOCHS]
    steps.append(Step("soraya", 1.0, note="soraya: 900 lines"))
    assert shown(steps, curves=True) == (
        "soraya, epoch 0 of 2\n"
        "  held out 3.500 ▁\n"
        "  - Why did you lie to me?\n"
        "  SORAYA: I do not know.\n"
        "soraya, epoch 1 of 2\n"
        "  learned  3.000  ▁\n"
        "  held out 3.250 █▁\n"
        "  SORAYA: Insect!\n"
        "soraya, epoch 2 of 2\n"
        "  learned  2.500  █▁\n"
        "  held out 3.000 █▅▁\n"
        "  SORAYA: Because you are [bold]poor[/bold].\n"
        "soraya: 900 lines\n"
    )
    assert shown(steps) == "soraya: 900 lines\n"


def test_the_picture_grows_with_the_epochs(tmp_path: Path) -> None:
    plot = tmp_path / "loss.svg"
    sizes = []
    for number in (1, 2, 3):
        assert shown([Step("soraya", 0.5, epoch=each) for each in EPOCHS[:number]], plot=plot) == ""
        sizes.append(plot.read_text(encoding="utf-8").count("<circle"))
    assert sizes == [1, 3, 5]


def test_a_picture_that_cannot_be_written_ends_no_training(tmp_path: Path) -> None:
    plot = tmp_path / "loss.svg"
    plot.mkdir()
    said = shown([Step("soraya", 0.5, epoch=each) for each in EPOCHS], plot=plot)
    assert " ".join(said.split()).count("cannot be written, training goes on: there is a folder of this name") == 1


def test_a_terminal_shows_a_bar_for_each_file_and_one_for_all() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    with Bars(console) as bars:
        bars.tell(Step("ana", 1.0, number=1, of=2))
        bars.tell(Step("bruno", 0.5, 2.0, 1000.0, 600.0, number=2, of=2))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "loss 2.000 1,000/s 10 min left" in text
    assert all(name in text for name in ("ana", "bruno", "all 2"))


@pytest.mark.parametrize("name", ["loss.png", "nowhere/loss.svg"])
def test_a_plot_that_cannot_be_drawn_is_refused_before_anything_is_trained(
    name: str, voiced: Troupe, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    assert train.main(["--troupe", str(voiced.root), "--plot", str(path)]) == 2
    assert capsys.readouterr().err == f"--plot {path}: curves are drawn as FILE.svg in a folder that exists\n"


@pytest.mark.parametrize("option", ["--show", "--plot=loss.svg"])
def test_several_processes_cannot_be_watched(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        train.main(["--workers", "2", option])
    assert raised.value.code == 2
    assert "--show and --plot watch one process: leave out --workers and --cluster" in capsys.readouterr().err


def test_other_epochs_make_a_voice_stale(voiced: Troupe, capsys: pytest.CaptureFixture[str]) -> None:
    from engine.learning.plan import Plan

    usual, once = Plan(voiced), Plan(voiced, 30)
    assert usual.jobs.keys() == once.jobs.keys()
    for name, job in usual.jobs.items():
        other = once.jobs[name].recipe
        assert (other.epochs, other.patience) == (
            (30, 30) if job.a_persons else (job.recipe.epochs, job.recipe.patience)
        )
        assert (usual.job_digest(job) != once.job_digest(once.jobs[name])) == job.a_persons

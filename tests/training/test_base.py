from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine import codes
from engine.errors import TrainingError
from engine.sheets.recipe import BaseRecipe
from engine.voices.sequences import FrameEncoder, Line
from engine.voices.vocabulary import Vocabulary

pytestmark = [
    pytest.mark.slow,
    # TensorFlow and what it brings warn of their own future.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]

SMALL = BaseRecipe(batch=2, steps=8, general_steps=2, anneal_steps=3, width=8, layers=1)


def test_too_little_text_is_a_sentence_and_no_endless_loop() -> None:
    from engine.training.base import batches
    from engine.training.stream import Encoder

    encoder = Encoder(Vocabulary.train(["Never."], "subword", 420))
    with pytest.raises(TrainingError, match="too little text for one update of the base"):
        list(batches(BaseRecipe(batch=64, steps=64), encoder, [], [], 0))


def test_text_and_slots_count_and_codes_are_given() -> None:
    from engine.training.base import text_ids

    mask = text_ids(len(codes.SPECIAL) + 3)
    counted = {token for token, weight in zip(codes.SPECIAL, mask, strict=False) if weight}
    assert counted == {codes.END, *codes.SLOTS}
    assert mask[-3:].tolist() == [1.0, 1.0, 1.0]


def test_the_director_is_judged_by_frames_alone() -> None:
    from engine.training.director import proposed

    counted = {token for token, weight in zip(codes.SPECIAL, proposed(), strict=True) if weight}
    assert {"<act:deny>", "<tone:icy>", "<by:me>", "<not>", "<do:steal>", "<say:paper>", "<end>"} <= counted
    assert not counted & {"<scene>", "<turn:1>", "<to:rival>", "<to:she>", "<arc:revenge>", "<paper>", "<you>"}


def test_a_network_without_attention_is_trained_and_measured() -> None:
    """`span: 0` in the training sheet."""
    import tensorflow as tf

    from engine.training.base import Meter, Trainer, batches
    from engine.training.director import proposed
    from engine.training.network import Shape, initial
    from engine.training.stream import Dialogue

    scenes = [Dialogue([Line("ana", "", act=act) for act in codes.ACTS[:9]]) for _ in range(8)]
    encoder, recipe = (
        FrameEncoder(),
        SMALL.model_copy(update={"span": 0, "anneal_steps": 40, "rate": 0.02, "warmup": 1}),
    )
    trainer = Trainer(recipe, initial(Shape(len(codes.SPECIAL), 8, 1, 0), 0), proposed())
    meter = Meter(recipe, encoder, scenes, proposed())
    before = meter.bits(trainer.variables)
    for batch in batches(recipe, encoder, [], scenes, 0):
        trainer.train(batch)
    assert meter.bits(trainer.variables) < before - 0.5
    assert meter.bits({name: tf.constant(array) for name, array in trainer.arrays().items()}) < before - 0.5


def test_a_resumed_run_sees_what_the_unbroken_one_would_have_seen() -> None:
    from engine.training.base import batches
    from engine.training.stream import Dialogue

    scenes = [Dialogue([Line("ana", "", act=act) for act in codes.ACTS[:9]]) for _ in range(8)]
    encoder = FrameEncoder()
    whole = list(batches(SMALL, encoder, scenes[:3], scenes[3:], 0))
    assert len(whole) == SMALL.total
    for first in (1, 3):
        rest = list(batches(SMALL, encoder, scenes[:3], scenes[3:], first))
        assert [batch.ids.tolist() for batch in rest] == [batch.ids.tolist() for batch in whole[first:]]


def test_a_scene_begins_with_nothing_behind_it() -> None:
    from engine.training.stream import lanes

    flat = np.array([1, 5, 6, 1, 7, 8, 1, 9, 9], np.int32)
    [batch] = lanes(flat, flat, 2, 4, scene=1)
    assert batch.ids.T.tolist() == [[1, 5, 6, 1], [7, 8, 1, 9]]
    assert batch.targets.T.tolist() == [[5, 6, 1, 7], [8, 1, 9, 9]]
    assert batch.keep[..., 0].T.tolist() == [[0, 1, 1, 0], [1, 1, 0, 1]]


def trained(path: Path, stop: int = 0, save_every: float = -1.0) -> tuple[dict[str, bytes], list[int]]:
    """Train a small director from its beginning or from what lies at `path`; with `stop`, break it off at that step.

    Returns the weights, and the steps that were taken.
    """
    from engine.training.base import Report, batches, train
    from engine.training.checkpoint import Checkpoint
    from engine.training.director import proposed
    from engine.training.network import Shape, initial
    from engine.training.stream import Dialogue

    scenes = [Dialogue([Line("ana", "", act=act) for act in codes.ACTS[:9]]) for _ in range(8)]
    encoder, steps = FrameEncoder(), list[int]()

    def report(each: Report) -> None:
        steps.append(each.step)
        if each.step == stop:
            raise KeyboardInterrupt

    arrays = train(
        SMALL, encoder, initial(Shape(len(codes.SPECIAL), 8, 1, 6, 4, 6), 0), proposed(),
        lambda first: batches(SMALL, encoder, scenes[:3], scenes[3:], first), {}, Checkpoint(path), report,
        save_every=save_every,
    )  # fmt: skip
    return {name: array.tobytes() for name, array in arrays.items()}, steps


def test_a_killed_run_goes_on_where_it_was_saved(tmp_path: Path) -> None:
    whole, steps = trained(tmp_path / "whole")
    assert steps == [1, 2, 3, 4, 5]
    for stop in (3, 4):
        with pytest.raises(KeyboardInterrupt):
            trained(tmp_path / "killed", stop)
    rest, steps = trained(tmp_path / "killed")
    assert steps == [4, 5]
    assert rest == whole


def test_a_checkpoint_of_another_recipe_is_no_beginning(tmp_path: Path) -> None:
    from engine.training.checkpoint import Checkpoint

    trained(tmp_path / "one")
    assert Checkpoint(tmp_path / "one").load(SMALL.model_dump()) is not None
    other = SMALL.model_copy(update={"rate": 1.0})
    assert Checkpoint(tmp_path / "one").load(other.model_dump()) is None
    (tmp_path / "one").write_bytes(b"x")
    assert Checkpoint(tmp_path / "one").load(SMALL.model_dump()) is None
    assert Checkpoint(tmp_path / "two").load(SMALL.model_dump()) is None


def test_bases_and_directors_of_any_steps_are_measured_in_one_process() -> None:
    """The one command trains both, and each cuts its held-out text in its own way."""
    import tensorflow as tf

    from engine.training.base import Meter
    from engine.training.director import proposed
    from engine.training.network import Shape, initial
    from engine.training.stream import Dialogue

    held_out = [Dialogue([Line("ana", "", act=act) for act in codes.ACTS[:9]]) for _ in range(20)]
    for steps, width in ((8, 8), (16, 12), (8, 8)):
        recipe = SMALL.model_copy(update={"steps": steps, "width": width})
        arrays = initial(Shape(len(codes.SPECIAL), width, 1, 6, 4, 6), 0)
        meter = Meter(recipe, FrameEncoder(), held_out, proposed())
        assert 0 < meter.bits({name: tf.Variable(array) for name, array in arrays.items()}) < 1000

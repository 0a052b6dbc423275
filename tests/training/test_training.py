"""TensorFlow's side: the same numbers as numpy's and Keras's, and a toy troupe trained in seconds."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import TrainingError
from engine.learning.plan import Plan
from engine.sheets.recipe import BaseRecipe
from engine.troupe import Troupe
from engine.voices.network import Network
from engine.voices.vocabulary import Vocabulary
from tests.conftest import toy_arrays, toy_change, write_troupe

pytestmark = [
    pytest.mark.slow,
    # TensorFlow and what it brings warn of their own future.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


def keras_logits(arrays: dict[str, Any], ids: Any) -> Any:
    """(batch, time, vocabulary) scores of `ids` (batch, time) by stock Keras layers with the same weights."""
    import keras

    size, width = arrays["embedding"].shape
    inputs = keras.Input((None,), dtype="int32")
    embedding = keras.layers.Embedding(size, width)
    flow = embedding(inputs)
    layers = [keras.layers.LSTM(width, return_sequences=True) for _ in range(2)]
    for layer in layers:
        flow = layer(flow)
    model = keras.Model(inputs, flow)
    embedding.set_weights([arrays["embedding"]])
    for number, layer in enumerate(layers):
        layer.set_weights([arrays[f"lstm.{number}.{part}"] for part in ("kernel", "recurrent", "bias")])
    return np.asarray(model(ids)) @ arrays["embedding"].T + arrays["bias"]


def test_numpy_and_keras_agree() -> None:
    arrays = toy_arrays(300, width=64)
    ids = np.random.default_rng(0).integers(0, 300, (4, 48))
    network = Network(arrays)
    flow, _ = network.run(ids.T, network.zero(4))
    ours = network.logits(flow.reshape(-1, 64)).reshape(48, 4, 300).transpose(1, 0, 2)
    theirs = keras_logits(arrays, ids)
    assert np.abs(ours - theirs).max() <= 1e-4
    assert np.array_equal(ours.argmax(2), theirs.argmax(2))


def test_the_training_network_agrees_with_numpy() -> None:
    import tensorflow as tf

    from engine.training import network as training

    arrays = {**toy_arrays(50), **{n: a for n, a in toy_change(50).items() if n.startswith("words.")}}
    ids = np.random.default_rng(0).integers(0, 50, (12, 3)).astype(np.int32)
    weights = {name: tf.constant(array) for name, array in arrays.items()}
    flow, states = training.hidden_states(
        tf.constant(ids), tf.ones((12, 1, 1)), tf.zeros((2, 2, 3, 16)), weights, 2, half=False
    )
    ours = _with_words(arrays)
    expected, last = ours.run(ids, ours.zero(3))
    np.testing.assert_allclose(flow.numpy(), expected, atol=1e-5)
    np.testing.assert_allclose(states.numpy()[:, 1], last.cell, atol=1e-5)
    scores = training.logits(flow[-1], weights, half=False).numpy()
    np.testing.assert_allclose(scores, ours.logits(expected[-1]), atol=1e-4)
    targets = tf.constant(ids[0])
    nats = training.losses(flow[-1], targets, weights, half=False).numpy()
    chosen = scores - np.log(np.exp(scores).sum(1, keepdims=True))
    np.testing.assert_allclose(nats, -chosen[np.arange(3), ids[0]], atol=1e-4)


def test_the_critic_is_trained_and_played_with_the_same_numbers() -> None:
    from engine.sheets.recipe import CriticRecipe
    from engine.training.critic import CriticTrainer, Group
    from engine.voices.critic import Critic

    arrays = toy_arrays(50)
    generator = np.random.default_rng(0)

    def line(first: int) -> list[int]:
        return [first, *generator.integers(20, 50, int(generator.integers(1, 9))).tolist()]

    # A real line begins with word 10, whatever else is in it.
    groups = [
        Group(generator.integers(3, 50, 12).tolist(), [line(10), line(11), line(12), line(13)]) for _ in range(40)
    ]
    trainer = CriticTrainer(arrays, CriticRecipe(rank=4, epochs=6, batch=8, rate=2e-2), 2)
    losses: list[float] = []
    found = trainer.train(groups[:30], groups[30:], lambda each: losses.append(each.loss))
    assert losses[-1] < losses[0]
    assert trainer.best > 0.5
    played = Critic(arrays, found)
    ours = np.array([played.judge(group.prompt, group.candidates, 2) for group in groups[30:]])
    assert (ours.argmax(axis=1) == 0).mean() == pytest.approx(trainer.best, abs=0.11)


def test_samples_of_many_prompts_are_those_of_each_alone() -> None:
    from engine.training.critic import read_each

    network = Network(toy_arrays(50))
    prompts = [[4, 5, 6, 7], [8], [9, 10]]
    state, flow = read_each(network, prompts)
    for column, each in enumerate(prompts):
        alone, last = network.run(np.array(each)[:, None], network.zero())
        np.testing.assert_allclose(flow[column], alone[-1, 0], atol=1e-5)
        np.testing.assert_allclose(state.cell[:, column], last.cell[:, 0], atol=1e-5)


def test_steering_learns_the_words_of_a_code(vocabulary: Vocabulary) -> None:
    from engine import codes
    from engine.sheets.recipe import SteeringRecipe
    from engine.training import steering
    from engine.voices.sequences import Line, pair

    said = {"furious": "Out, out, all of you!", "tender": "Sleep, my love, sleep."}
    pairs = [pair(vocabulary, [], Line("ana", said[tone], tone=tone)) for tone in said] * 8
    arrays = toy_arrays(len(vocabulary))
    sources = [(Network(arrays), pairs[:8]), (Network(arrays), pairs[8:])]
    recipe = SteeringRecipe(epochs=4, batch=4, rate=0.1)
    scores = steering.fit(sources, vocabulary, recipe)
    assert np.array_equal(scores, steering.fit(sources, vocabulary, recipe))
    # It goes on from what was fitted before.
    assert np.abs(steering.fit(sources, vocabulary, recipe, scores) - scores).max() > 0
    word = vocabulary.encode("Out,")[0]
    furious, tender = (scores[vocabulary.special(codes.tone_code(tone)), word] for tone in said)
    assert furious > 0.2
    assert furious > tender
    assert not scores[vocabulary.special(codes.pronoun_code("she"))].any()
    assert not scores[vocabulary.end].any()


def test_a_voice_remembers_what_it_was_trained_on(voiced: Troupe, vocabulary: Vocabulary) -> None:
    from engine.training.build import memory_of

    plan = Plan(voiced)
    job = plan.jobs["ana"]
    pairs, _ = plan.pairs(job, vocabulary)
    change = {"bias": np.zeros(len(vocabulary), np.float32)}
    assert memory_of(plan.library, None, job.parent, change, pairs) is None
    found = memory_of(plan.library, job.memory, job.parent, change, pairs)
    assert found is not None
    assert len(found.tokens) == sum(each.reply_tokens for each in pairs)
    assert sorted(found.tokens.tolist()) == sorted(id_ for each in pairs for id_ in each.ids[each.start :].tolist())
    assert (found.neighbours, found.keys.shape[1]) == (4, 8)
    # It is the voice's own states that are remembered, not the base's.
    base = memory_of(plan.library, job.memory, "base", change, pairs)
    assert base is not None
    assert not np.array_equal(found.keys, base.keys)


def _with_words(arrays: dict[str, Any]) -> Network:
    words = {name: array for name, array in arrays.items() if name.startswith("words.")}
    return Network({name: array for name, array in arrays.items() if name not in words}, [words])


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
    return plan.library.file(name).fingerprint, {
        key: array.tobytes() for key, array in plan.library.arrays(name).items()
    }


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Troupe:
    """A toy troupe with everything trained by the command line."""
    from engine import train

    troupe = write_troupe(tmp_path_factory.mktemp("trained") / "troupe")
    assert train.main(["--troupe", str(troupe.root), "--base"]) == 0
    return Troupe(troupe.root)


def states(root: Path) -> dict[str, str]:
    return {state.name: state.state for state in Plan(Troupe(root)).states()}


def test_after_training_nothing_is_stale(trained: Troupe, capsys: pytest.CaptureFixture[str]) -> None:
    from engine import train

    assert set(states(trained.root).values()) == {"fresh"}
    assert train.main(["--troupe", str(trained.root), "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith("Nothing is stale (")
    before = {path.name: path.stat().st_mtime_ns for path in trained.voices.iterdir()}
    assert train.main(["--troupe", str(trained.root)]) == 0
    assert before == {path.name: path.stat().st_mtime_ns for path in trained.voices.iterdir()}
    assert not list(trained.voices.glob(".base*"))


def test_a_trained_troupe_plays(trained: Troupe, capsys: pytest.CaptureFixture[str]) -> None:
    from engine import scene

    assert scene.main([str(trained.root / "scenes" / "supper.yaml"), "--plain"]) == 0
    assert "Good evening, house." in capsys.readouterr().out


def test_one_changed_line_makes_its_speakers_stale(
    trained: Troupe, tmp_path: Path, edit: Callable[[Path, str, str], None]
) -> None:
    root = tmp_path / "changed"
    shutil.copytree(trained.root, root)
    passage = next(p for p in Plan(Troupe(root)).passages if p.show == "house" and p.part == "train")
    old = next(raw for raw, line in zip(passage.raw, passage.lines, strict=True) if line.speaker == "ana")
    edit(root / "corpora" / "house" / "one.fountain", old, old + " Twice.")
    stale = {name for name, state in states(root).items() if state != "fresh"} - {"turns"}
    assert stale == {"show.house.en", "ana", "bruno"}
    shutil.copy(trained.root / "corpora" / "house" / "one.fountain", root / "corpora" / "house" / "one.fountain")
    edit(root / "cast" / "training.yaml", "voice: {rank: 2", "voice: {rank: 3")
    stale = {name for name, state in states(root).items() if state != "fresh"}
    assert stale == {"ana", "bruno", "carla", "dario"}


def test_the_same_seed_gives_the_same_weights_killed_or_not(tmp_path: Path, trained: Troupe) -> None:
    whole = write_troupe(tmp_path / "whole")
    _, losses = base(whole)
    # The second phase counts the full softmax: the two are not one curve.
    assert losses[-1] < losses[7]
    assert without_seconds(whole, "base") == without_seconds(trained, "base")

    killed = write_troupe(tmp_path / "killed")
    for stop in (7, 12):
        with pytest.raises(KeyboardInterrupt):
            base(killed, stop)
        assert not (killed.voices / "base.safetensors").exists()
    _, rest = base(killed)
    assert len(rest) < len(losses)
    assert without_seconds(killed, "base") == without_seconds(whole, "base")


def test_voices_learn_and_are_the_same_again(trained: Troupe, tmp_path: Path) -> None:
    from engine import train

    figures = Plan(trained).library.file("show.house.en").figures
    assert figures["nats"] < figures["parent_nats"]
    again = tmp_path / "again"
    shutil.copytree(trained.root, again)
    assert train.main(["ana", "--troupe", str(again), "--force"]) == 0
    assert without_seconds(Troupe(again), "ana") == without_seconds(trained, "ana")


def test_too_little_text_is_a_sentence_and_no_endless_loop() -> None:
    from engine.training.base import batches
    from engine.training.stream import Encoder
    from engine.voices.vocabulary import Vocabulary

    encoder = Encoder(Vocabulary.train(["Never."], "subword", 420))
    with pytest.raises(TrainingError, match="too little text for one update of the base"):
        list(batches(BaseRecipe(batch=64, steps=64), encoder, [], [], 0))

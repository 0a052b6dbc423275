from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.errors import VoiceError
from engine.report.batching import reply_nats
from engine.troupe import Troupe
from engine.voices.memory import GROUP, PREFIX, Memory, largest, remember
from engine.voices.network import Array, Network, log_sum_exp
from engine.voices.sequences import Line, Pair, pair
from engine.voices.vocabulary import Vocabulary
from engine.voices.voice import Library, LSTMVoice, Sampler
from engine.voices.weights import write_weights
from tests.conftest import LINES, fingerprint, toy_change

PROMPT = [1, 8]
DIMS, NEIGHBOURS, SHARPNESS, SHARE = 6, 5, 0.5, 0.3


def toy_pairs(vocabulary: Vocabulary) -> list[Pair]:
    lines = [Line("ab"[number % 2], text, "tender") for number, text in enumerate(LINES)]
    return [pair(vocabulary, lines[max(0, number - 2) : number], line) for number, line in enumerate(lines)]


@pytest.fixture
def pairs(vocabulary: Vocabulary) -> list[Pair]:
    return toy_pairs(vocabulary)


@pytest.fixture
def memory(network: Network, pairs: list[Pair]) -> Memory:
    return remember(network, pairs, DIMS, NEIGHBOURS, SHARPNESS, SHARE)


@pytest.fixture
def voice(network: Network, vocabulary: Vocabulary, memory: Memory) -> LSTMVoice:
    return LSTMVoice("ana", network, vocabulary, memory)


def chances(scores: Array) -> NDArray[np.float64]:
    wide = scores.astype(np.float64)
    found = np.exp(wide - wide.max(axis=1, keepdims=True))
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def seen(network: Network, pairs: list[Pair]) -> tuple[NDArray[np.float64], list[int]]:
    """The states before each token of the replies, one pair after the other, and these tokens."""
    states, tokens = [], []
    for each in pairs:
        flow, _ = network.run(each.ids[:-1, None].astype(np.int64), network.zero())
        states.append(flow[each.start - 1 :, 0])
        tokens += each.ids[each.start :].tolist()
    return np.concatenate(states).astype(np.float64), tokens


def by_hand(network: Network, pairs: list[Pair], flow: Array, dims: int, count: int) -> NDArray[np.float64]:
    """The mixture (n, vocabulary) at top states (n, width), entry by entry, with nothing rounded."""
    states, tokens = seen(network, pairs)
    axes = np.linalg.svd(states - states.mean(axis=0), full_matrices=False)[2][:dims].T
    found = (1 - SHARE) * chances(network.logits(flow))
    for row, query in enumerate(flow.astype(np.float64) @ axes):
        distances = np.square(states @ axes - query).sum(axis=1)
        order = np.argsort(distances)[:count]
        weights = np.exp(-SHARPNESS * (distances[order] - distances[order[0]]))
        for index, weight in zip(order, weights / weights.sum(), strict=True):
            found[row, tokens[index]] += SHARE * weight
    return found


@pytest.mark.parametrize(("dims", "count"), [(6, 5), (16, 1), (64, 10_000)])
def test_the_mixture_is_that_of_the_nearest(network: Network, pairs: list[Pair], dims: int, count: int) -> None:
    memory = remember(network, pairs, dims, count, SHARPNESS, SHARE)
    flow = np.random.default_rng(1).uniform(-1, 1, (150, network.width)).astype(np.float32)  # more than go at once
    wanted = by_hand(network, pairs, flow, dims, count)
    mixed = chances(memory.mix(network.logits(flow), flow))
    assert mixed.sum(axis=1) == pytest.approx(1)
    # Keys are rounded: where two are nearly as near as each other, another one may count.
    differ = np.abs(mixed - wanted).sum(axis=1)
    assert np.median(differ) < 0.01
    assert (differ > 0.05).mean() < 0.1


def test_a_state_that_was_there_is_remembered(network: Network, pairs: list[Pair], memory: Memory) -> None:
    states, tokens = seen(network, pairs)
    flow = states.astype(np.float32)
    before = chances(network.logits(flow))
    after = chances(memory.mix(network.logits(flow), flow))
    rows = np.arange(len(tokens))
    assert (after[rows, tokens] > before[rows, tokens]).mean() > 0.9


def test_scores_keep_their_scale(network: Network, memory: Memory) -> None:
    flow = np.random.default_rng(2).uniform(-1, 1, (9, network.width)).astype(np.float32)
    scores = network.logits(flow)
    total = log_sum_exp(scores.copy())
    assert log_sum_exp(memory.mix(scores.copy(), flow)) == pytest.approx(total, abs=1e-4)
    # What no neighbour says loses the share, and nothing else.
    lost = scores - memory.mix(scores.copy(), flow)
    assert np.median(lost) == pytest.approx(-np.log(1 - SHARE), abs=1e-4)
    assert lost.max() == pytest.approx(-np.log(1 - SHARE), abs=1e-4)


def test_nothing_is_lost_to_numbers_too_large_or_small(network: Network, memory: Memory) -> None:
    flow = np.full((3, network.width), 1e4, np.float32)
    scores = np.full((3, network.vocabulary), -300, np.float32)
    scores[:, 0] = 200
    assert np.isfinite(memory.mix(scores, flow)).all()


def test_share_0_is_no_memory(network: Network, vocabulary: Vocabulary, pairs: list[Pair], memory: Memory) -> None:
    nothing = remember(network, pairs, DIMS, NEIGHBOURS, SHARPNESS, 0)
    flow = np.random.default_rng(3).uniform(-1, 1, (9, network.width)).astype(np.float32)
    assert np.array_equal(nothing.mix(network.logits(flow), flow), network.logits(flow))
    sampler = Sampler(max_tokens=10)
    drawn = [
        LSTMVoice("ana", network, vocabulary, each).draw(PROMPT, 6, sampler, np.random.default_rng(1))
        for each in (None, nothing, memory)
    ]
    assert drawn[0] == drawn[1] != drawn[2]


def test_what_is_drawn_is_what_is_scored(voice: LSTMVoice, network: Network, vocabulary: Vocabulary) -> None:
    drawn = voice.draw(PROMPT, 8, Sampler(max_tokens=12), np.random.default_rng(3))
    ended = [each for each in drawn if each.ended]
    assert ended
    for each, nats in zip(ended, voice.nats(PROMPT, [each.ids for each in ended]), strict=True):
        assert nats.tolist() == pytest.approx(each.nats, abs=1e-2)
    assert voice.score(PROMPT, [ended[0].ids])[0] == pytest.approx(sum(ended[0].nats), abs=1e-2)
    without = LSTMVoice("ana", network, vocabulary).score(PROMPT, [ended[0].ids])[0]
    assert without != pytest.approx(sum(ended[0].nats), abs=1e-2)


def test_the_card_counts_the_memory(voice: LSTMVoice, pairs: list[Pair], network: Network) -> None:
    costs = reply_nats(voice, pairs, 3)
    for each, cost in zip(pairs, costs, strict=True):
        prompt, line = each.ids[: each.start].tolist(), each.ids[each.start : -1].tolist()
        assert cost == pytest.approx(-voice.score(prompt, [line])[0], rel=1e-3)
    # These are the lines that she remembers.
    assert costs.sum() < reply_nats(LSTMVoice("ana", network, voice.vocabulary), pairs).sum()


def test_the_same_pairs_make_the_same_memory(network: Network, pairs: list[Pair], memory: Memory) -> None:
    again = remember(network, pairs, DIMS, NEIGHBOURS, SHARPNESS, SHARE)
    for name, array in memory.arrays().items():
        assert again.arrays()[name].tobytes() == array.tobytes()
    assert (np.abs(memory.keys).max(axis=0) == 127).all()


def test_states_that_never_differ_are_all_alike(network: Network) -> None:
    pairs = [Pair(np.array([1, 8, 50], np.int32), 2), Pair(np.array([1, 8, 51], np.int32), 2)]
    memory = remember(network, pairs, DIMS, NEIGHBOURS, SHARPNESS, SHARE)
    flow = np.random.default_rng(4).uniform(-1, 1, (1, network.width)).astype(np.float32)
    gained = chances(memory.mix(network.logits(flow), flow)) - (1 - SHARE) * chances(network.logits(flow))
    assert gained[0, [50, 51]] == pytest.approx([SHARE / 2, SHARE / 2], abs=1e-3)


def test_nothing_to_remember(network: Network) -> None:
    with pytest.raises(ValueError, match="nothing to remember"):
        remember(network, [], DIMS, NEIGHBOURS, SHARPNESS, SHARE)
    # A context that left no room for the reply.
    with pytest.raises(ValueError, match="nothing to remember"):
        remember(network, [Pair(np.array([1, 8], np.int32), 2)], DIMS, NEIGHBOURS, SHARPNESS, SHARE)


@settings(deadline=None)
@given(st.integers(1, 6 * GROUP), st.integers(1, 20), st.integers(0, 99))
def test_the_largest_are_found(size: int, count: int, seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(3, size)).astype(np.float32)
    count = min(count, size)
    found = np.sort(largest(values, count), axis=1)
    assert found.tolist() == np.sort(np.argsort(-values, axis=1)[:, :count], axis=1).tolist()


# -- files ---------------------------------------------------------------------------------------------------------


def write_remembering(troupe: Troupe, vocabulary: Vocabulary, spoil: dict[str, NDArray[Any] | None]) -> Memory:
    """Give ana a memory, with some of its arrays spoilt (None: left out); returns the memory as it was."""
    network = Library(troupe.voices).load("ana").network
    memory = remember(network, toy_pairs(vocabulary), DIMS, NEIGHBOURS, SHARPNESS, 0.12)
    arrays: dict[str, Any] = {**memory.arrays(), **{PREFIX + name: array for name, array in spoil.items()}}
    header = {"parent": "base", "grown_from": fingerprint(troupe.voices / "base.safetensors")}
    kept = {name: array for name, array in arrays.items() if array is not None}
    write_weights(troupe.voices / "ana.safetensors", {**toy_change(len(vocabulary)), **kept}, header)
    return memory


def test_a_file_with_a_memory_comes_back_as_it_was(voiced: Troupe, vocabulary: Vocabulary) -> None:
    written = write_remembering(voiced, vocabulary, {})
    library = Library(voiced.voices)
    read = library.load("ana").memory
    assert read is not None
    for name, array in written.arrays().items():
        assert np.array_equal(read.arrays()[name], array), name
    flow = np.random.default_rng(5).uniform(-1, 1, (9, 16)).astype(np.float32)
    scores = library.load("ana").network.logits(flow)
    assert np.array_equal(read.mix(scores.copy(), flow), written.mix(scores.copy(), flow))
    # A whole number keeps its type: keys take a byte, tokens two.
    before = (voiced.voices / "ana.safetensors").stat().st_size
    write_remembering(voiced, vocabulary, {"keys": written.keys, "tokens": written.tokens})
    grown = (voiced.voices / "ana.safetensors").stat().st_size - before
    assert grown == pytest.approx(len(written.keys) * (DIMS + 6), abs=50)
    # Only her own: those who have none in their file have none.
    assert library.load("bruno").memory is None


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        ({"tokens": None}, "'memory.tokens'"),
        ({"tokens": np.zeros(3, np.uint16)}, "the arrays of its memory do not fit together"),
        ({"keys": np.zeros((0, DIMS), np.int8), "tokens": np.zeros(0, np.uint16)}, "the arrays of its memory do not"),
        ({"keys": np.zeros(9, np.int8)}, "the arrays of its memory do not fit together"),
        ({"centre": np.zeros(DIMS + 1)}, "the arrays of its memory do not fit together"),
        ({"scale": np.full(DIMS, np.nan)}, "its memory is not all numbers"),
        ({"share": np.array([2.0])}, "its memory has no neighbours, or its share is not from 0 to 1"),
        ({"share": np.array([np.nan])}, "its memory has no neighbours, or its share is not from 0 to 1"),
        ({"neighbours": np.array([0], np.uint16)}, "its memory has no neighbours"),
        ({"neighbours": np.array([1, 2], np.uint16)}, "array of size 1"),
        ({"projection": np.zeros((17, DIMS))}, "its memory is of another size"),
        ({"keys": np.zeros((1, DIMS), np.int8), "tokens": np.array([60_000], np.uint16)}, "its memory is of another"),
    ],
)
def test_a_corrupt_memory(
    voiced: Troupe, vocabulary: Vocabulary, spoil: dict[str, NDArray[Any] | None], why: str
) -> None:
    write_remembering(voiced, vocabulary, spoil)
    with pytest.raises(VoiceError) as raised:
        Library(voiced.voices).load("ana")
    message = str(raised.value)
    assert message.startswith(f"{voiced.voices / 'ana'}.safetensors: not a voice (")
    assert message.endswith("); train it again")
    assert why in message

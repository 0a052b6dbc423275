"""What the arrays of a network and of a change of it must be called, and how large they must be.

Shapes that only happen to fit would be broadcast, and a voice would speak nonsense; here they are sentences.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

Sizes = Mapping[str, tuple[int, ...]]
_LAYER = re.compile(r"lstm\.(\d{1,3})\.recurrent\Z")
#: No network here has more layers; a file that claims so is none.
MOST_LAYERS = 64


def check_network(arrays: Mapping[str, NDArray[Any]]) -> None:
    """Raises ValueError for arrays that are not those of `engine.voices.network.Network`, all of them and no others."""
    sizes = {name: array.shape for name, array in arrays.items()}
    embedding = sizes.get("embedding", ())
    if len(embedding) != 2 or 0 in embedding:
        raise ValueError("it has no embedding of words and width")
    words, width = embedding
    layers = sum(bool(_LAYER.match(name)) for name in sizes)
    if not 0 < layers <= MOST_LAYERS:
        raise ValueError("it has no layers")
    wanted: dict[str, tuple[int, ...]] = {"embedding": embedding, "bias": (words,)}
    for number in range(layers):
        wanted |= {f"lstm.{number}.{part}": (width, 4 * width) for part in ("kernel", "recurrent")}
        wanted[f"lstm.{number}.bias"] = (4 * width,)
    if any(name.startswith("attention.") for name in sizes):
        wanted |= _attention(sizes, width)
    _same(sizes, wanted)


def check_change(change: Mapping[str, NDArray[Any]], base: Mapping[str, NDArray[Any]]) -> None:
    """Raises ValueError for arrays that are no change of a base: see `engine.voices.network.Network`."""
    sizes = {name: array.shape for name, array in change.items()}
    whole = {name: base[name].shape for name in base if not name.startswith("attention.")}
    words, width = whole.pop("embedding")
    matrices = {name: shape for name, shape in whole.items() if len(shape) == 2} | {"words": (words, width)}
    wanted: dict[str, tuple[int, ...]] = {name: whole[name] for name in sizes if len(whole.get(name, ())) == 1}
    for name, (rows, columns) in matrices.items():
        pair = f"{name}.down", f"{name}.up"
        if pair[0] in sizes or pair[1] in sizes:
            rank = _second(sizes, pair[0])
            wanted |= {pair[0]: (rows, rank), pair[1]: (rank, columns)}
    _same(sizes, wanted)


def check_sense(sense: Mapping[str, NDArray[Any]], base: Mapping[str, NDArray[Any]]) -> None:
    """Raises ValueError for arrays that are no sense of a base: see `engine.voices.sense.Sense`."""
    sizes = {name: array.shape for name, array in sense.items()}
    _same(sizes, {"sense.weight": base["embedding"].shape[1:], "sense.bias": (1,)})


def _attention(sizes: Sizes, width: int) -> dict[str, tuple[int, ...]]:
    """The arrays of the attention head, whose inner sizes are its own."""
    inner, value = _second(sizes, "attention.query"), _second(sizes, "attention.value")
    span = sizes.get("attention.near", (0,))
    return {
        "attention.query": (width, inner), "attention.key": (width, inner), "attention.value": (width, value),
        "attention.out": (value, width), "attention.near": (max(1, span[0] if span else 1),),
    }  # fmt: skip


def _second(sizes: Sizes, name: str) -> int:
    """The second size of a matrix; 1 where there is none, which then does not fit."""
    shape = sizes.get(name, ())
    return shape[1] if len(shape) == 2 and shape[1] else 1


def _same(sizes: Sizes, wanted: Sizes) -> None:
    for name in sorted({*sizes, *wanted}):
        if name not in sizes:
            raise ValueError(f"{name} is missing")
        if name not in wanted:
            raise ValueError(f"{name[:60]} does not belong there")
        if sizes[name] != wanted[name]:
            raise ValueError(f"{name} is {_by(sizes[name])} and should be {_by(wanted[name])}")


def _by(shape: tuple[int, ...]) -> str:
    return " by ".join(map(str, shape)) or "a single number"

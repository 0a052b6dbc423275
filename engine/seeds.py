"""The one place where a seed becomes a generator of random numbers."""

from __future__ import annotations

import zlib

import numpy as np


def generator(seed: int, *names: object) -> np.random.Generator:
    """A generator for one purpose, named by `names`: no choice moves when another one is made differently."""
    text = "/".join(map(str, names))
    return np.random.default_rng([seed, zlib.crc32(text.encode("utf-8"))])

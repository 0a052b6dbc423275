"""The benchmark that names speakers: how tens are drawn and scored. (The classifier itself is scikit-learn's.)"""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest


@pytest.fixture
def speakers(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[2]))
    return importlib.import_module("benchmarks.speakers")


def test_ten_weak_lines_together_are_strong(speakers: ModuleType) -> None:
    # Six of ten lines are a little likelier for Soraya, four for María.
    found = np.log(np.array([[0.6, 0.4]] * 15 + [[0.4, 0.6]] * 10))
    score = speakers.score("soraya", ["soraya", "maria"], found[np.r_[0:6, 15:19]], np.random.default_rng(0), 3)
    assert (score.lines, score.single, score.tens, score.together) == (10, 0.6, 3, 1.0)


def test_lines_left_over_make_no_ten(speakers: ModuleType) -> None:
    found = np.log(np.full((19, 2), 0.5))
    assert speakers.score("soraya", ["soraya", "maria"], found, np.random.default_rng(0), 2).tens == 2
    nothing = speakers.score("soraya", ["soraya", "maria"], found[:9], np.random.default_rng(0), 2)
    assert (nothing.tens, nothing.together) == (0, 0.0)


def test_the_same_seed_draws_the_same_tens(speakers: ModuleType) -> None:
    found = np.log(np.random.default_rng(1).dirichlet(np.ones(3), 40))
    one, other = (speakers.score("a", ["a", "b", "c"], found, np.random.default_rng(5), 4) for _ in range(2))
    assert one == other

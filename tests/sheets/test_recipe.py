from __future__ import annotations

import pytest

from engine.sheets.recipe import BaseRecipe


def test_the_rate_warms_up_stays_and_falls() -> None:
    recipe = BaseRecipe(warmup=10, general_steps=100, anneal_steps=50, rate=1.0)
    rates = [recipe.rate_at(step) for step in range(recipe.total)]
    assert rates[0] == pytest.approx(0.1)
    assert set(rates[9:101]) == {1.0}
    assert rates[100:] == sorted(rates[100:], reverse=True)
    assert 0.01 <= rates[-1] < 0.02


def test_a_recipe_without_a_second_phase_has_a_rate() -> None:
    assert BaseRecipe(general_steps=5, anneal_steps=0).rate_at(5) > 0

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine import codes
from engine.drama import mood

tones = st.dictionaries(st.sampled_from(codes.TONES), st.floats(0, 5))


def shares(**more: object) -> Counter[str | None]:
    generator = np.random.default_rng(0)
    settings: dict[str, object] = {"pull": {}, "beat": {}, "temper": {}, "tension": 0.5, **more}
    return Counter(mood.choose(generator, **settings).tone for _ in range(1_000))  # type: ignore[arg-type]


@given(tones, tones, tones, st.floats(0, 1), st.integers(0, 9))
def test_any_weights_give_a_tone_or_none(
    pull: dict[str, float], beat: dict[str, float], temper: dict[str, float], tension: float, seed: int
) -> None:
    found = [mood.choose(np.random.default_rng(seed), pull, beat, temper, tension) for _ in range(2)]
    assert found[0] == found[1]
    assert found[0].tone is None or found[0].tone in codes.TONES
    assert set(found[0].because) == set(found[0].shares)
    if found[0].tone is not None:
        assert temper.get(found[0].tone, 1) * pull.get(found[0].tone, 1) > 0


def test_a_temper_of_0_is_never() -> None:
    assert shares(temper={"tender": 0.0})["tender"] == 0
    assert shares(temper=dict.fromkeys(codes.TONES, 0.0)) == {None: 1_000}


def test_beat_relation_temper_tension_and_the_last_line_all_pull() -> None:
    plain = shares()
    assert shares(beat={"icy": 2.0})["icy"] > 3 * plain["icy"]
    assert shares(pull={"icy": 3.0})["icy"] > 2 * plain["icy"]
    assert shares(temper={"icy": 3.0})["icy"] > 2 * plain["icy"]
    assert shares(answered="confessing")["shocked"] > plain["shocked"]
    assert shares(tension=1.0)["furious"] > shares(tension=0.0)["furious"]
    assert shares(beat={"icy": 2.0})[None] < plain[None]

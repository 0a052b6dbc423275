from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.performance import BidWhy, Change, Entry, Judged, Learned, LineWhy, Origin, Why
from engine.screen.why import explain


def test_everything_that_is_known() -> None:
    line = LineWhy(
        frames=(("accuse, furious, you steal, <jewel>", -1.2), ("order", -2.0)),
        refused_frames={"asked and answered": 2},
        candidates=32,
        rejected={"said before": 3, "too long": 1},
        chosen=Judged("Out!", 1.1, {"gist": 0.3, "fluency": 0.8}),
        runner_up=Judged("Kneel.", 0.5, {"fluency": 0.5}),
        words=("pearls", "house"),
        nearest=Origin("Out! Out!", "corpora/mansion/01.fountain", 44, 0.5),
    )
    bids = (BidWhy("María", 0.21), BidWhy("Soraya", 0.62, {"named": 1.2, "heat": -0.4, "recency": 0.001}))
    entry = Entry(
        "line",
        "Out!",
        "Soraya",
        "María",
        "furious",
        "accuse",
        "you steal",
        ("<jewel>",),
        Why("the slap", False, bids, "force", {"act:accuse": 1.1}, line),
        learned=(Learned("María", "true-will", "Próspero"), Learned("Nadie", "name", "a blow", lost=True)),
        relations=(Change("Soraya", "María", "affection", -0.2, -0.3, "insult"),),
    )
    assert explain(entry) == [
        "beat: the slap",
        "turn: Soraya 0.62 (named +1.20, heat -0.40); María 0.21 [force]",
        "frame: accuse, furious, you steal, <jewel> (leaning act:accuse +1.10)",
        "bids: accuse, furious, you steal, <jewel> -1.20; order -2.00",
        "frames refused: asked and answered 2",
        "line: 32 candidates, rejected: said before 3, too long 1",
        'chosen: 1.10 = fluency +0.80, gist +0.30 "Out!"',
        'runner-up: 0.50 = fluency +0.50 "Kneel."',
        "words: pearls, house",
        'nearest: corpora/mansion/01.fountain:44 overlap 0.50 "Out! Out!"',
        "knows: María learns true-will (by Próspero)",
        "knows: Nadie forgets name (by a blow)",
        "relation: Soraya to María: affection -0.20 to -0.30 (insult)",
    ]


def test_a_scripted_line_and_one_of_which_nothing_is_known() -> None:
    assert explain(Entry("line", "Out!", "Ana", why=Why("the slap", scripted=True))) == ["beat: the slap (scripted)"]
    assert explain(Entry("direction", "Thunder.")) == []


def test_of_many_bids_a_few_are_shown() -> None:
    bids = tuple(BidWhy(f"P{number}", 0.1) for number in range(9))
    assert explain(Entry("line", "Out!", "Ana", why=Why(turn=bids)))[0].endswith("; and 3 more")


@given(st.text(), st.text(), st.floats(allow_nan=False), st.dictionaries(st.text(), st.integers(0, 9), max_size=3))
def test_any_text_is_explained_in_single_printable_lines(
    text: str, beat: str, number: float, counts: dict[str, int]
) -> None:
    line = LineWhy(((text, number),), counts, 3, counts, Judged(text, number, {text: number}), words=(text,))
    for each in explain(Entry("line", "Out!", "Ana", act="tell", why=Why(beat + "\x1b", line=line))):
        assert "\x1b" not in each
        assert len(each.splitlines()) <= 1

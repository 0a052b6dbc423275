"""The report card: every figure on toys whose right answer is known, then the whole card on the toy troupe."""

from __future__ import annotations

import io
import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from engine import codes, evaluate
from engine.errors import TelenovelaError
from engine.learning.plan import Plan
from engine.meter import Meter
from engine.report import card, extras
from engine.report.aims import aims_table
from engine.report.answers import Judge, firsts
from engine.report.baselines import markov
from engine.report.batching import parallel, reply_nats
from engine.report.classifier import Classifier, mask
from engine.report.controls import CODES, Trial, controls_table, tens, trials, variant
from engine.report.generated import Source, Utterance, scripts, stage_places
from engine.report.likelihood import Cost, Likelihoods, attribution_table, matrix_table, voices_table
from engine.report.subject import CODE, Effort, Place, Subject
from engine.report.surface import distinct, in_turn, looping, misplaced, repeated, surface_table, unknown_words
from engine.report.table import Column, Table, format_cell, margin, share
from engine.report.tens import name_speakers, overall
from engine.speech.copying import Copies
from engine.speech.lexicon import Lexicon
from engine.troupe import Troupe
from engine.voices.network import Network
from engine.voices.registry import BASE
from engine.voices.sequences import Pair
from engine.voices.vocabulary import Vocabulary
from engine.voices.voice import LSTMVoice
from tests.conftest import toy_arrays

SMALL = Effort(lines=12, matrix=4, controls=8, generated=3, others=3, candidates=4, draws=3)
WIDE = 200


@pytest.fixture
def subject(voiced: Troupe) -> Subject:
    return Subject(Plan(voiced), 7, SMALL)


def shown(table: Table, width: int = WIDE) -> str:
    console = Console(width=width, file=io.StringIO(), color_system=None)
    console.print(table.render())
    return "\n".join(line.rstrip() for line in console.file.getvalue().split("\n"))  # type: ignore[attr-defined]


# -- batching ------------------------------------------------------------------------------------------------------


def random_pairs(lengths: list[tuple[int, int]], vocabulary: int, seed: int) -> list[Pair]:
    generator = np.random.default_rng(seed)
    return [Pair(generator.integers(0, vocabulary, total).astype(np.int32), start) for total, start in lengths]


lengths = st.lists(
    st.integers(2, 30).flatmap(lambda total: st.tuples(st.just(total), st.integers(1, total - 1))),
    min_size=1,
    max_size=9,
)


@settings(max_examples=25, deadline=None)
@given(found=lengths, batch=st.integers(1, 5), seed=st.integers(0, 99))
def test_padding_and_batching_change_no_likelihood(
    vocabulary: Vocabulary, found: list[tuple[int, int]], batch: int, seed: int
) -> None:
    network = Network(toy_arrays(40, 8))
    pairs = random_pairs(found, 40, seed)
    costs = reply_nats(LSTMVoice("toy", network, vocabulary), pairs, batch)
    for pair, cost in zip(pairs, costs, strict=True):
        flow, _ = network.run(pair.ids[:-1, None].astype(np.int64), network.zero())
        scores = network.logits(flow[:, 0]).astype(np.float64)
        chances = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        wanted = -chances[np.arange(len(scores)), pair.ids[1:]][pair.start - 1 :].sum()
        assert cost == pytest.approx(wanted, rel=1e-4)


def test_likelihood_is_that_of_the_voice(network: Network, vocabulary: Vocabulary) -> None:
    line = [*vocabulary.encode("Then who did?"), vocabulary.end]
    prompt = [vocabulary.scene, *vocabulary.encode("I never said that.")]
    pair = Pair(np.array([*prompt, *line], np.int32), len(prompt))
    voice = LSTMVoice("toy", network, vocabulary)
    assert reply_nats(voice, [pair])[0] == pytest.approx(-voice.nats(prompt, [line[:-1]])[0].sum(), rel=1e-4)


def test_nothing_to_score(network: Network, vocabulary: Vocabulary) -> None:
    assert reply_nats(LSTMVoice("toy", network, vocabulary), []).shape == (0,)


def test_parallel_keeps_the_order() -> None:
    assert parallel(lambda number: number * number, range(20)) == [number * number for number in range(20)]


# -- tables --------------------------------------------------------------------------------------------------------


def test_a_table_as_text() -> None:
    table = Table(
        "toy",
        "Toys",
        (Column("who"), Column("rate", "share"), Column("bits", "2")),
        (("ana", 0.5, 1.234), ("bo", None, 2.0)),
        3,
        ("Few.",),
    )
    assert shown(table, 40).split("\n")[:7] == [
        "Toys",
        "",
        "  who   rate   bits",
        " ───────────────────",
        "  ana   50 %   1.23",
        "  bo       -   2.00",
        "",
    ]
    assert "3 lines. Few." in shown(table, 40)
    turned = shown(replace(table, turned=True), 40).split("\n")
    assert turned[2:6] == [
        "  who     ana     bo",
        " ────────────────────",
        "  rate   50 %      -",
        "  bits   1.23   2.00",
    ]
    assert table.to_data()["rows"] == [
        {"who": "ana", "rate": 0.5, "bits": 1.234},
        {"who": "bo", "rate": None, "bits": 2.0},
    ]


def test_a_table_shows_the_columns_it_has_room_for() -> None:
    table = Table("toy", "Toys", (Column("who"), Column("hidden")), (("ana", "x"),), 1, shown=("who",))
    assert "hidden" not in shown(table)
    assert table.to_data()["rows"] == [{"who": "ana", "hidden": "x"}]


def test_a_row_that_does_not_fit() -> None:
    with pytest.raises(ValueError, match="table 'toy': a row of 2 cells for 1 columns"):
        Table("toy", "Toys", (Column("who"),), (("ana", 1),), 1)


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (0.5, "share", "50 %"), (0.004, "share", "0.4 %"), (0.0, "share", "0 %"), (-0.3, "share", "-30 %"),
        (float("nan"), "2", "-"), (None, "share", "-"), (12345, "count", "12,345"), (1.25, "1", "1.2"), ("a\x1b[31mb", "text", "ab"),
    ],
)  # fmt: skip
def test_cells(value: float | str | None, kind: str, text: str) -> None:
    assert format_cell(value, kind) == text  # type: ignore[arg-type]


def test_rates_and_their_margins() -> None:
    assert share([True, False, True, True]) == 0.75
    assert share([]) is None
    assert margin(0.5, 96) == pytest.approx(0.098, abs=1e-3)
    assert margin(1.0, 10) == pytest.approx(0.184, abs=1e-3)
    assert margin(None, 10) is None


# -- who said it ---------------------------------------------------------------------------------------------------


def test_ten_lines_tell_more_than_one() -> None:
    generator = np.random.default_rng(0)
    people = ("ana", "bo", "cy")
    scores = {who: generator.normal(size=(40, 3)) + 0.9 * np.eye(3)[number] for number, who in enumerate(people)}
    named = name_speakers(scores, people, 50, np.random.default_rng(1))
    single, ten, draws = overall(named)
    assert draws == 150
    assert single is not None
    assert ten is not None
    assert 0.4 < single < 0.8 < ten
    assert named["ana"].instead in {"bo", "cy"}


def test_fewer_than_ten_lines_are_no_ten() -> None:
    named = name_speakers(
        {"ana": np.eye(2)[[0] * 9], "bo": np.zeros((0, 2))}, ("ana", "bo"), 5, np.random.default_rng(0)
    )
    assert list(named) == ["ana"]
    assert (named["ana"].single, named["ana"].ten, named["ana"].instead) == (1.0, None, "")
    assert overall({}) == (None, None, 0)


def test_classifier_names_who_talks_of_fish() -> None:
    lines = {
        "ana": ["The fish is fresh.", "Fresh fish today.", "Buy the fish, <you>."] * 4,
        "bo": ["My sword is sharp.", "A sharp sword sings.", "Draw the sword!"] * 4,
    }
    classifier = Classifier(lines)
    assert classifier.scores(["A fresh fish.", "The sword sings, <you>."]).argmax(axis=1).tolist() == [0, 1]
    assert classifier.scores([]).shape == (0, 2)


def test_slots_are_all_one_word() -> None:
    assert mask("<you>, tell <servant> that <me> is here.") == "Xy, tell Xy that Xy is here."


# -- what is said --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "loops"),
    [
        ("No, no, no!", True), ("No, no.", False), ("I know, I know.", False), ("I know, I know, I know.", True),
        ("you are not my son you are not my son", True), ("A rose is a rose.", False), ("", False),
    ],
)  # fmt: skip
def test_loops(text: str, loops: bool) -> None:
    assert looping(text) is loops


def test_distinct_counts_runs_of_equally_many_words() -> None:
    assert distinct(["a b a b", "a b"], 1, 6) == pytest.approx(2 / 6)
    assert distinct(["a b a b", "a b"], 2, 6) == pytest.approx(2 / 4)
    assert distinct(["a b", "c d e"], 1, 2) == 1.0
    assert distinct([], 1, 5) is None


def test_everybody_takes_a_turn() -> None:
    assert in_turn([["a1", "a2", "a3"], ["b1"], ["c1", "c2"]]) == ["a1", "b1", "c1", "a2", "c2", "a3"]


def test_slots_and_capitals_are_no_unknown_words() -> None:
    known = Lexicon(["the", "soup", "is", "never", "cold"])
    assert unknown_words(known, "<you>, the soup is Never cold, <servant>.") == []
    assert unknown_words(known, "The soop is cold, Blorina.") == ["soop", "Blorina"]


def test_repeated_lines() -> None:
    assert repeated(["Out!", "out", "Stay."]) == 1


def test_costs() -> None:
    cost = Cost(nats=np.log(8) * 4, words=4, characters=12)
    assert cost.perplexity == pytest.approx(8)
    assert cost.bits == pytest.approx(1.0)


def utterance(subject: Subject, who: str, text: str, hidden: str | None = None) -> Utterance:
    place = next(place for place in subject.learned[who] if place.number == 2)
    return Utterance(place, text, hidden or text)


def test_names_out_of_place(subject: Subject) -> None:
    assert misplaced(subject, utterance(subject, "ana", "Sit down, Bruno.", "Sit down, <you>.")) == []
    assert misplaced(subject, utterance(subject, "ana", "Darío is here.", "<other> is here.")) == ["Darío"]
    assert misplaced(subject, utterance(subject, "ana", "Ana, sit down.", "<you>, sit down.")) == ["Ana"]
    assert misplaced(subject, utterance(subject, "ana", "Ana does not lose.", "<me> does not lose.")) == []


def test_what_is_said_is_counted(subject: Subject) -> None:
    copied = subject.learned["ana"][0].raw
    said = {
        "ana": (
            utterance(subject, "ana", copied),
            utterance(subject, "ana", "Bluppity no, no, no."),
            utterance(subject, "ana", "Bluppity no, no, no."),
        )
    }
    table = surface_table(subject, [Source("voices", said)], Lexicon(["no"]))
    row = table.to_data()["rows"][0]  # type: ignore[index]
    assert (row["lines"], row["copied"], row["repeated"], row["loops"], row["wrong names"]) == (3, 1, 1, 2, 0)
    assert row["unknown words"] == pytest.approx(2 / (len(copied.split()) + 8), abs=1e-3)
    assert row["longest run"] == len(copied.split())


# -- places and baselines ------------------------------------------------------------------------------------------


def test_held_out_lines_are_those_of_test_scenes(subject: Subject) -> None:
    places = [place for each in subject.places.values() for place in each]
    assert places
    assert {place.passage.part for place in places} == {"test"}
    assert all(who == place.line.speaker for who, each in subject.places.items() for place in each)
    assert all(len(each) <= SMALL.lines for each in subject.places.values())


def test_some_is_seeded(voiced: Troupe) -> None:
    plan = Plan(voiced)
    one, same, other = (Subject(plan, seed, SMALL) for seed in (1, 1, 2))
    everything = one.learned["ana"]
    assert one.some(everything, 5, "x") == same.some(everything, 5, "x")
    assert one.some(everything, 5, "x") != other.some(everything, 5, "x")
    assert len(one.some(everything, 5, "x")) == 5


def test_everybody_is_told_apart_where_nobody_is_principal(subject: Subject) -> None:
    [(label, people)] = subject.groups(subject.owners)
    assert label == f"all {len(people)} (en)"
    assert set(people) == set(subject.owners)


def test_markov_is_seeded_and_leaves_the_global_generator_alone(subject: Subject) -> None:
    places = stage_places(subject, subject.owners)
    random.seed(3)
    state = random.getstate()
    one, same = markov(subject, places), markov(subject, places)
    assert random.getstate() == state
    assert one.said == same.said
    assert all(each.text and "<" not in each.text for each in one.lines)


def test_markov_without_copies(subject: Subject) -> None:
    places = stage_places(subject, subject.owners)
    copies = Copies(text for passage in subject.plan.passages for text in passage.raw)
    new = markov(subject, places, copies)
    assert new.name == "Markov, new"
    assert not any(copies.copied(each.text) for each in new.lines)


# -- control codes -------------------------------------------------------------------------------------------------


def test_variant_swaps_the_code_and_nothing_else(subject: Subject) -> None:
    vocabulary = subject.registries[0].vocabulary
    place = next(place for each in subject.places.values() for place in each if place.number >= 2)
    tone, _, arc = CODES
    right, wrong = (variant(vocabulary, place, tone, value) for value in (str(place.line.tone), "joyful"))
    assert (right.ids == place.pair(vocabulary).ids).all()
    assert (right.ids != wrong.ids).sum() <= 1
    # A scene says its arc once, at its head.
    lost = variant(vocabulary, place, arc, "amnesia")
    assert (lost.ids == vocabulary.special("<arc:amnesia>")).nonzero()[0].tolist() == [2]
    assert (right.ids != lost.ids).sum() == 1


def test_trials_find_the_code_that_was_given(subject: Subject) -> None:
    found = trials(subject, CODES[0])
    assert 0 < len(found) <= SMALL.controls
    assert all(len(trial.nats) == 1 + len(trial.wrong) and trial.right not in trial.wrong for trial in found)
    assert trials(subject, CODES[2]) == []  # the toy has one arc only, which nothing can be told from


def test_ten_lines_add_up() -> None:
    generator = np.random.default_rng(0)
    found = [Trial("tender", ("icy",), np.array([0.0, gain])) for gain in generator.normal(0.5, 1.0, 60)]
    rate = tens(found, 100, np.random.default_rng(1))
    assert rate is not None
    assert rate > np.mean([trial.gains[0] > 0 for trial in found])
    assert tens(found[:9], 5, generator) is None


def test_controls_that_do_not_exist_are_dashes(subject: Subject) -> None:
    table = controls_table(subject, {"arc": []})
    assert table.rows[0][1:4] == (0, 0, None)


# -- answers -------------------------------------------------------------------------------------------------------


def test_judge_finds_replies_that_share_words_with_what_they_answer(subject: Subject) -> None:
    learned = {who: places for who, places in subject.learned.items() if len(places) >= 10}
    judge = Judge(learned, np.random.default_rng(0))
    lines = scripts(learned).lines
    rates = firsts(judge, lines, False, np.random.default_rng(0))
    assert len(rates) == sum(bool(each.place.context) for each in lines)
    assert all(0 <= rate <= 1 for rate in rates)
    # Toy lines say which scene they belong to, in numbers that the judge does not read; their openings are left.
    assert np.mean(rates) > 0.1
    mute = [Utterance(each.place, "...", "...") for each in lines]
    assert np.mean(firsts(judge, mute, False, np.random.default_rng(0))) == 0  # a tie is no first place


# -- the whole card ------------------------------------------------------------------------------------------------


def test_likelihood_tables(subject: Subject) -> None:
    measured = Likelihoods(subject)
    voices, matrix = voices_table(measured), matrix_table(measured)
    vocabulary = subject.registries[0].vocabulary
    who = subject.owners[0]
    pairs = [place.pair(vocabulary) for place in subject.places[who]]
    own = reply_nats(subject.registry(who).load(who), pairs).sum()
    row = next(row for row in voices.to_data()["rows"] if row["character"] == who)  # type: ignore[attr-defined]
    cost = measured.cost(who, who)
    assert cost is not None
    assert cost.nats == pytest.approx(own)
    assert row["own"] == pytest.approx(cost.perplexity, rel=1e-3)
    assert [row[0] for row in matrix.rows] == list(subject.owners)
    assert all(row[5 + number] == 0 for number, row in enumerate(matrix.rows))  # her own voice against itself
    assert attribution_table(measured).rows[0][0] == f"all {len(subject.owners)} (en)"


def test_the_meter_hears_of_all_the_work(voiced: Troupe) -> None:
    stages: dict[str, float] = {}
    meter = Meter("", lambda now: stages.__setitem__(now.what, now.done))
    card.measure(Subject(Plan(voiced), 7, SMALL, meter))
    assert list(stages) == [
        "held-out lines under base, shows and voices", "every voice on every character's lines", "control codes",
        "lines by the voices", "lines by the base alone", "lines by Markov chains", "who said it, and whether it answers",
    ]  # fmt: skip
    assert list(stages.values()) == sorted(stages.values())
    # The toy has few lines with codes, which are all that is not known beforehand.
    assert meter.total - meter.done == pytest.approx(CODE * (3 * SMALL.controls * 4 - codes_read(voiced)))


def codes_read(troupe: Troupe) -> int:
    """Lines with right and wrong codes that a card reads."""
    subject = Subject(Plan(troupe), 7, SMALL)
    return sum(len(each.nats) for code in CODES for each in trials(subject, code))


def test_the_same_seed_gives_the_same_card(subject: Subject, voiced: Troupe) -> None:
    one = card.measure(subject)
    other = card.measure(Subject(Plan(voiced), 7, SMALL))
    assert [table.to_data() for table in one] == [table.to_data() for table in other]
    assert [table.key for table in one] == [
        "aims", "voices", "matrix", "attribution_likelihood", "controls", "attribution_classifier", "generated", "answers",
        "doing",
    ]  # fmt: skip
    figures = [row[0] for row in one[0].rows]
    assert figures[0] == "own voice better than base and every other"
    assert "names out of place" in figures
    assert all(table.notes for table in one)


def test_a_troupe_without_voices_of_its_own(voiced: Troupe) -> None:
    """As after an adoption of a short script: the show speaks for everybody, and no tone is known."""
    for who in voiced.personas:
        (voiced.voices / f"{who}.safetensors").unlink()
    tables = card.measure(Subject(Plan(voiced), 0, SMALL))
    assert [table.key for table in tables] == [
        "aims",
        "voices",
        "controls",
        "attribution_classifier",
        "generated",
        "answers",
        "doing",
    ]
    assert [row[6] for row in tables[1].rows] == [None] * len(tables[1].rows)


def test_aims_of_nothing() -> None:
    assert aims_table([]).rows == ()


def test_missing_library_is_a_sentence() -> None:
    with pytest.raises(TelenovelaError, match=r"the report card needs nosuch: pip install 'telenovela\[evaluate\]'"):
        extras.extra("nosuch.module")


def test_command_writes_what_it_shows(
    voiced: Troupe, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    monkeypatch.setattr(card, "QUICK", SMALL)
    monkeypatch.setenv("COLUMNS", "160")
    target = tmp_path / "card.json"
    assert evaluate.main([str(voiced.root), "--quick", "--seed", "7", "--json", str(target)]) == 0
    out = capsys.readouterr().out
    data = json.loads(target.read_text(encoding="utf-8"))
    assert (data["seed"], data["troupe"]) == (7, "troupe")
    assert all(table["title"] in out and f"{table['lines']:,} line" in out for table in data["tables"].values())


def test_command_shows_the_turns(
    voiced: Troupe, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    monkeypatch.setenv("COLUMNS", "160")
    assert evaluate.main([str(voiced.root), "--turns"]) == 0
    out = capsys.readouterr().out
    assert "Who speaks next" in out
    assert "Kneser-Ney bigram" in out
    assert "To whom" in out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--seed", "-1"], "argument --seed: '-1' is not a whole number of 0 or more"),
        (["--seasons", "0"], "argument --seasons: '0' is not a whole number of 1 or more"),
    ],
)
def test_command_refuses(voiced: Troupe, options: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        evaluate.main([str(voiced.root), *options])
    assert raised.value.code == 2
    assert capsys.readouterr().err.strip().endswith(message)


def test_command_refuses_a_place_that_is_not_there(voiced: Troupe, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main([str(voiced.root), "--json", "nowhere/at/all.json"]) == 2
    assert capsys.readouterr().err == "--json nowhere/at/all.json: not a file in a folder that exists\n"


def test_command_without_a_base_says_how_to_train_one(
    troupe: Troupe, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    assert evaluate.main([str(troupe.root), "--quick"]) == 2
    assert f"the voice '{BASE}' is not there; train it: python -m engine.train --base" in capsys.readouterr().err


def test_place_knows_what_came_before(subject: Subject) -> None:
    passage = subject.plan.passages[0]
    assert Place(passage, 0).context == ()
    assert Place(passage, 5).context == passage.lines[:5]
    longer = replace(passage, lines=passage.lines * 2)
    assert Place(longer, 9).context == longer.lines[9 - codes.WINDOW : 9]

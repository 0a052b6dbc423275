"""What `check` says of voices that are borrowed and of words that cannot be made likelier."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine import check
from engine.checks.voices import voice_warnings, word_warnings
from engine.sheets.authored import load
from engine.sheets.scenario import Scenario
from engine.troupe import Troupe
from engine.voices.sampling import is_whole
from engine.voices.vocabulary import Vocabulary

Edit = Callable[[Path, str, str], None]


def messages(troupe: Troupe) -> list[str]:
    return [f"{fault.path.name}:{fault.line}: {fault.message}" for fault in voice_warnings(troupe)]


def test_who_has_a_voice_of_her_own_is_not_spoken_of(voiced: Troupe) -> None:
    assert voice_warnings(voiced) == []


def test_who_borrows_a_voice_is_told_what_she_needs(voiced: Troupe) -> None:
    (voiced.voices / "ana.safetensors").unlink()
    assert messages(voiced) == [
        "ana.yaml:1: 'ana' has no voice of her own and speaks with 'show.house.en'; "
        "`telenovela train ana` makes hers of 36 lines"
    ]
    (voiced.root / "cast" / "vera.yaml").write_text("pronoun: she\nname: Vera\nshow: house\n", encoding="utf-8")
    (voiced.root / "cast" / "eva.yaml").write_text("name: Eva\nlanguage: es\n", encoding="utf-8")
    assert messages(Troupe(voiced.root))[1:] == [
        "eva.yaml:1: 'eva' has no voice of her own and speaks with 'base'; one takes 12 lines under her cue in a folder of "
        "corpora/, named under `show` (there are 0), or write `model` under `voice`: the voice of somebody else",
        "vera.yaml:2: 'vera' has no voice of her own and speaks with 'show.house.en'; one takes 12 lines under her cue in "
        "corpora/house/ (there are 0), or write `model` under `voice`: the voice of somebody else",
    ]


def test_who_speaks_with_the_voice_that_her_sheet_names_borrows_none(voiced: Troupe) -> None:
    (voiced.root / "cast" / "vera.yaml").write_text("name: Vera\nvoice: {model: ana}\n", encoding="utf-8")
    assert messages(Troupe(voiced.root)) == []


def test_without_a_base_nothing_is_said_of_voices(troupe: Troupe) -> None:
    assert voice_warnings(troupe) == []
    assert word_warnings(troupe, []) == []


def test_words_that_are_no_single_token_are_told_with_their_line(
    voiced: Troupe, vocabulary: Vocabulary, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    assert is_whole(vocabulary, "the")
    assert not is_whole(vocabulary, "zeppelin")
    edit(voiced.root / "cast" / "ana.yaml", "{max_words: 20}", "{favoured: {the: 2, zeppelin: 2}}")
    edit(voiced.root / "scenes" / "supper.yaml", "words: [soup]", "words: [the, ostrich]")
    fresh = Troupe(voiced.root)  # what was read before the change is kept
    scene = load(voiced.root / "scenes" / "supper.yaml", Scenario)
    said = [(fault.path.name, fault.line, fault.message.split(" is ")[0]) for fault in word_warnings(fresh, [scene])]
    assert said == [("ana.yaml", 9, "favoured: 'zeppelin'"), ("supper.yaml", 14, "words: 'ostrich'")]
    assert check.main([str(voiced.root / "scenes" / "supper.yaml")]) == 0
    warned = capsys.readouterr().err
    assert "supper.yaml:14:18: warning: words: 'ostrich' is no single token" in warned
    assert "zeppelin" not in warned

"""A troupe in which one language has a base of its own: it plays, checks, lists, reports, trains, and is adopted from."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from engine import adopt, check, new, scene, train
from engine import list as listing
from engine.checks.voices import ground_warnings, word_warnings
from engine.learning.plan import Plan, recipe_digest
from engine.report import card
from engine.report.likelihood import Likelihoods
from engine.report.subject import Effort, Subject
from engine.seasons import continuity
from engine.seasons.serial import Serial
from engine.sheets.authored import load
from engine.sheets.plot import Season
from engine.sheets.recipe import BaseRecipe, Recipe
from engine.speech.company import Company
from engine.stage.production import Theatre
from engine.story.proof import read
from engine.troupe import Troupe
from engine.voices.grounds import Grounds
from tests.conftest import fingerprint
from tests.two_grounds import add_spanish, write_ground

Edit = Callable[[Path, str, str], None]
SMALL = Effort(lines=12, matrix=4, controls=8, generated=3, others=3, candidates=4, draws=3)
SEASON = """\
title: Un año
narrator: eva
threads: {t: {title: T, arc: revenge, opened_by: cena/La sopa, resolved_by: cena/La sopa}}
episodes: [{title: Uno, scenes: [cena], finale: true}]
"""


@pytest.fixture
def two(voiced: Troupe) -> Troupe:
    """The toy troupe, where Spanish stands on random weights of its own."""
    troupe = add_spanish(voiced)
    write_ground(troupe)
    return troupe


def states(troupe: Troupe, *names: str, base_stays: bool = False) -> dict[str, str]:
    return {state.name: state.state for state in Plan(Troupe(troupe.root)).states(names, base_stays)}


# -- playing -------------------------------------------------------------------------------------------------------


def test_it_plays_each_language_on_its_own_base(two: Troupe, capsys: pytest.CaptureFixture[str]) -> None:
    company = Company(two)
    eva, raul, ana = (company.agent(who) for who in ("eva", "raul", "ana"))
    assert eva.voice.vocabulary.fingerprint == eva.reference.vocabulary.fingerprint != ana.voice.vocabulary.fingerprint
    assert raul.voice.name == "base"
    lexicon, english = company.craft("es").lexicon, company.craft("en").lexicon
    assert lexicon is not None
    assert english is not None
    assert (lexicon.knows("escalera"), english.knows("escalera")) == (True, False)
    assert company.craft("es").copies is company.craft("en").copies
    assert scene.main([str(two.root / "scenes" / "cena.yaml"), "--plain"]) == 0
    shown = capsys.readouterr()
    assert "EVA" in shown.out
    assert shown.err.startswith("note: Raúl has no voice of her own and speaks with 'es/base'; ")


def test_what_was_played_names_the_weights_of_its_language(two: Troupe) -> None:
    theatre = Theatre(two)
    es = theatre.production(two.root / "scenes" / "cena.yaml", 1).manifest["voices"]
    assert es == {f"es/{name}": fingerprint(two.ground("es") / f"{name}.safetensors") for name in ("base", "eva")}
    assert set(theatre.production(two.root / "scenes" / "supper.yaml", 1).manifest["voices"]) == {
        "base", "ana", "bruno", "carla", "dario", "show.house.en", "show.hotel.en",
    }  # fmt: skip


def test_the_save_of_a_season_knows_the_voices_of_all_grounds(two: Troupe) -> None:
    path = two.root / "scenes" / "season.yaml"
    path.write_text(SEASON, encoding="utf-8")
    found = continuity.manifest(Serial(read(load(path, Season), two), Theatre(two), 1, None, None))
    assert {"ana", "es/eva"} <= set(found["voices"])
    assert {"cast/voices/tokenizer.json", "cast/voices/es/tokenizer.json"} <= set(found["shared"])


def test_lists_name_the_base_that_somebody_borrows(two: Troupe, capsys: pytest.CaptureFixture[str]) -> None:
    assert listing.main([str(two.root)]) == 0
    rows = [[cell.strip() for cell in row.split("│")] for row in capsys.readouterr().out.splitlines() if "│" in row]
    assert {row[1]: row[5] for row in rows if row[1] in ("ana", "eva", "raul")} == {
        "ana": "her own", "eva": "her own", "raul": "es/base",
    }  # fmt: skip


# -- checking ------------------------------------------------------------------------------------------------------


def warned(troupe: Troupe) -> list[tuple[int, str]]:
    return [(fault.line, fault.message) for fault in ground_warnings(Troupe(troupe.root))]


def test_sheets_and_weights_that_agree_are_not_spoken_of(two: Troupe, voiced: Troupe) -> None:
    assert warned(two) == []
    assert check.main([str(two.root)]) == 0


def test_a_listed_language_without_its_base_plays_on_the_shared_one_and_is_told_so(
    voiced: Troupe, capsys: pytest.CaptureFixture[str]
) -> None:
    troupe = add_spanish(voiced)
    [(line, message)] = warned(troupe)
    assert message == (
        "grounds: 'es' has no base of its own yet and shares the others'; `telenovela train --base` trains it"
    )
    assert (troupe.root / "cast/training.yaml").read_text("utf-8").splitlines()[line - 1].startswith("grounds: ")
    assert scene.main([str(troupe.root / "scenes" / "cena.yaml"), "--plain"]) == 0
    assert "Eva, Raúl have no voices of their own and speak with 'base'" in capsys.readouterr().err
    assert check.main([str(troupe.root)]) == 0


def test_a_base_that_no_recipe_asks_for_and_voices_that_are_left_behind(two: Troupe) -> None:
    (two.voices / "eva.safetensors").write_bytes((two.voices / "ana.safetensors").read_bytes())
    assert [message for _, message in warned(two)] == [
        "grounds: voices of 'es' lie in cast/voices/es now: delete these in cast/voices: eva"
    ]
    (two.voices / "eva.safetensors").unlink()
    path = two.root / "cast" / "training.yaml"
    path.write_text(path.read_text("utf-8").split("grounds: ")[0], encoding="utf-8")
    assert [message for _, message in warned(two)] == [
        "grounds: cast/voices/es holds a base that no recipe asks for: list 'es' here, or delete the folder"
    ]
    # It is played on all the same, and nothing makes it stale.
    assert Grounds(Troupe(two.root)).whose("eva").folder == two.ground("es")
    assert states(two)["es/base"] == "fresh"


def test_a_voice_is_named_and_a_word_is_weighed_in_its_own_language(two: Troupe, edit: Edit) -> None:
    assert [fault.message.split(" is ")[0] for fault in word_warnings(two, [])] == []
    sheet = two.root / "cast" / "raul.yaml"
    sheet.write_text(sheet.read_text("utf-8") + "voice: {model: eva, favoured: {the: 2, la: 2}}\n", encoding="utf-8")
    examined = Troupe(two.root)
    assert check.main([str(sheet)]) == 0
    assert [fault.message.split(" is ")[0] for fault in word_warnings(examined, [])] == ["favoured: 'the'"]
    edit(sheet, "model: eva", "model: ana")
    assert check.main([str(sheet)]) == 2


def test_a_recipe_for_a_language_that_there_is_not(two: Troupe, capsys: pytest.CaptureFixture[str], edit: Edit) -> None:
    path = two.root / "cast" / "training.yaml"
    edit(path, "grounds: {es:", "grounds: {xx:")
    assert check.main([str(path)]) == 2
    assert "grounds" in capsys.readouterr().err


# -- planning ------------------------------------------------------------------------------------------------------


def test_plans_have_the_bases_of_all_grounds_and_of_those_who_are_asked_for(two: Troupe) -> None:
    assert list(states(two))[:2] == ["base", "es/base"]
    assert list(states(two, "eva")) == ["es/base", "show.casa.es", "eva"]
    assert list(states(two, "ana")) == ["base", "show.house.en", "ana"]
    assert list(Plan(two).bases()) == ["", "es"]


def test_a_listed_base_that_is_missing_is_to_train_with_all_that_grow_from_it(
    voiced: Troupe, capsys: pytest.CaptureFixture[str], edit: Edit
) -> None:
    troupe = add_spanish(voiced)
    edit(troupe.root / "cast" / "training.yaml", "shows: true", "shows: false")
    found = {state.name: state for state in Plan(Troupe(troupe.root)).states()}
    assert found["es/base"].state == "missing"
    assert found["eva"].why == "its parent es/base will change"
    assert {state.name: state.state for state in Plan(Troupe(troupe.root)).states(base_stays=True)}["eva"] == "missing"
    assert train.main(["--troupe", str(troupe.root), "--dry-run"]) == 0
    assert "es/base" in capsys.readouterr().out


def test_a_list_of_languages_changes_no_other_base_and_no_voice(voiced: Troupe) -> None:
    plain = add_spanish(voiced, listed=False)
    before, digests = recipe_digest(plain.recipe.base), {name: Plan(plain).job_digest(job) for name, job in Plan(plain).jobs.items()}  # fmt: skip
    listed = add_spanish(plain)
    assert recipe_digest(listed.recipe.base) == before
    assert {name: Plan(listed).job_digest(job) for name, job in Plan(listed).jobs.items()} == digests


def test_a_troupe_whose_only_language_has_a_base_of_its_own_needs_no_shared_one(two: Troupe) -> None:
    for who in ("ana", "bruno", "carla", "dario"):
        (two.root / "cast" / f"{who}.yaml").unlink()
    (two.root / "scenes" / "supper.yaml").unlink()
    (two.voices / "base.safetensors").unlink()
    alone = Troupe(two.root)
    assert list(Plan(alone).bases()) == ["es"]
    assert [table.key for table in card.measure(Subject(Plan(alone), 7, SMALL))][:2] == ["aims", "voices"]


# -- reporting -----------------------------------------------------------------------------------------------------


def test_the_report_measures_each_voice_with_its_own_base(two: Troupe) -> None:
    subject = Subject(Plan(two), 7, SMALL)
    assert [registry.folder.name for registry in subject.registries] == ["voices", "es"]
    assert "eva" in subject.owners
    assert "raul" not in subject.owners
    measured = Likelihoods(subject)
    # Raúl speaks with the Spanish base, the English with theirs: each is measured under the name `base`.
    assert {who for name, who in measured.own if name == "base"} == set(subject.places)
    tables = {table.key: table for table in card.measure(subject)}
    said = tables["generated"].to_data()["rows"]
    assert {row["said by"] for row in said} >= {"voices", "base"}  # type: ignore[attr-defined]
    assert {row[0] for row in tables["voices"].rows} == set(subject.places) >= {"carla", "eva", "raul"}


# -- adopting ------------------------------------------------------------------------------------------------------


def headed(two: Troupe) -> None:
    """Headers as training writes them: an adopted troupe takes the recipe from there."""
    from engine.voices.weights import write_weights

    for language, registry in Grounds(two).all.items():
        recipe = two.recipe.base_of(language)
        header = {**registry.file("base").metadata, "recipe": recipe.model_dump_json(), "inputs": recipe_digest(recipe)}
        write_weights(registry.folder / "base.safetensors", registry.arrays("base"), header)


@pytest.mark.parametrize(
    ("script", "ground"), [("corpora/casa/uno.fountain", "es"), ("corpora/house/one.fountain", "")]
)
def test_an_adopted_troupe_stands_on_the_base_of_its_language(
    two: Troupe, tmp_path: Path, script: str, ground: str, capsys: pytest.CaptureFixture[str]
) -> None:
    headed(two)
    out = tmp_path / "out"
    assert adopt.main([str(two.root / script), "--to", str(out), "--base", str(two.root), "--no-train"]) == 0
    troupe = Troupe(out.resolve())
    for name in ("base.safetensors", "tokenizer.json"):
        assert (troupe.voices / name).read_bytes() == (two.ground(ground) / name).read_bytes()
    assert troupe.recipe.base == two.recipe.base_of(ground)
    assert not troupe.recipe.grounds
    assert states(troupe)["base"] == "fresh"
    assert scene.main([str(out / "scenes" / "first.yaml"), "--plain", "--turns", "2"]) == 0
    assert check.main([str(out)]) == 0


def test_a_new_troupe_stands_on_the_base_of_its_language(
    two: Troupe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    headed(two)
    monkeypatch.setattr(new, "shipped", lambda: two)
    monkeypatch.chdir(tmp_path)
    assert new.main(["troupe", "storm", "--language", "es"]) == 0
    assert fingerprint(Path("storm/cast/voices/base.safetensors")) == fingerprint(two.ground("es") / "base.safetensors")
    assert load(Path("storm/cast/training.yaml"), Recipe).value.base.vocabulary == 410


# -- training ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")
def test_it_is_trained_with_one_command_and_the_shared_base_knows_nothing_of_it(
    troupe: Troupe, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    english = ["--troupe", str(troupe.root), "--base"]
    assert train.main(english) == 0
    before = {path.name: path.read_bytes() for path in troupe.voices.glob("*.safetensors")}
    two = add_spanish(troupe)
    due = {name for name, state in states(two).items() if state != "fresh"}
    assert due == {"es/base", "show.casa.es", "eva", "raul", "turns"}
    assert train.main([*english, "--from", str(two.voices)]) == 0
    assert set(states(two).values()) == {"fresh"}
    # Nothing English has been touched.
    assert before == {path.name: path.read_bytes() for path in two.voices.glob("*.safetensors")}
    assert sorted(path.name for path in two.ground("es").iterdir()) == [
        "base.safetensors", "eva.safetensors", "lexicon.txt", "raul.safetensors", "show.casa.es.safetensors", "tokenizer.json",
    ]  # fmt: skip
    header = Grounds(two).of("es").file("base")
    assert header.figures["grown_from"] == fingerprint(two.voices / "base.safetensors")
    assert set(header.figures["held_out_bits_a_character"]) == {"scripts es"}
    assert BaseRecipe.model_validate_json(header.metadata["recipe"]) == two.recipe.grounds["es"]
    assert json.loads(header.metadata["recipe"])["vocabulary"] == 410
    text = (two.voices / "README.md").read_text("utf-8")
    assert "## The base of 'es' (`es/base.safetensors`)" in text
    assert text.index("| ana |") < text.index("## The voices of 'es'") < text.index("| eva |")
    assert scene.main([str(two.root / "scenes" / "cena.yaml"), "--plain"]) == 0
    assert capsys.readouterr().err == ""
    # The shared base, were it trained anew, would learn English alone.
    from engine.training.build import text_for_base

    for language, spoken in (("", "en"), ("es", "es")):
        found = text_for_base(Plan(two), None, language)
        assert {each.language for each in (*found.scripts, *found.held_out[f"scripts {spoken}"])} == {spoken}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")
def test_until_its_base_is_trained_a_language_learns_on_the_shared_one(troupe: Troupe) -> None:
    assert train.main(["--troupe", str(troupe.root), "--base", "ana"]) == 0
    two = add_spanish(troupe)
    told: list[str] = []
    from engine.training.run import train as trained

    assert trained(two, ["eva"], lambda step: told.append(step.note)) == ["show.casa.es", "eva"]
    assert told[0] == "'es' has no base of its own yet; --base trains it. Its voices go on with the shared one."
    assert (two.voices / "eva.safetensors").is_file()
    assert not two.ground("es").exists()

"""The checks across files, each on a small troupe with one thing wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.checks.figures import NAMES, judged, library_figures, shares, speaker_figures, word_list
from engine.checks.report import Examination
from engine.checks.scripts import read_bit_parts
from engine.corpus.reading import read_script
from engine.sheets.authored import load
from engine.sheets.plot import Season
from engine.sheets.scenario import Scenario
from engine.story.facts import season_faults
from engine.story.playable import scene_faults
from engine.troupe import Troupe
from tests.conftest import ROOT

SORAYA = """\
name: Soraya
secrets: [the-will]
phrases: [{text: "Not in my house."}]
relations:
  maria: {kind: servant}
"""
MARIA = "name: María\nrelations: {soraya: {kind: boss}}\n"
NANDITO = "name: Nandito\n"
NARRATOR = "name: Narrator\nnarrates: true\n"
WORLD = "facts:\n  the-will: {text: The will is forged., known_by: [nandito]}\n"
SCRIPT = """\
Title: One

INT. KITCHEN - NIGHT

[[arc: revenge]]

SORAYA
(icy, to María)
Not in my house.

MARÍA
I closed it.
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in {
        "cast/soraya.yaml": SORAYA,
        "cast/maria.yaml": MARIA,
        "cast/nandito.yaml": NANDITO,
        "cast/narrator.yaml": NARRATOR,
        "scenes/world.yaml": WORLD,
        "corpora/mansion/01.fountain": SCRIPT,
    }.items():
        write(tmp_path / name, text)
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def told(root: Path) -> list[str]:
    """All faults of a troupe, as `scenes/one.yaml:3:5: message`."""
    examination = Examination(root)
    faults = examination.report(examination.everything).faults
    return sorted(f"{f.path.relative_to(root)}:{f.line}:{f.column}: {f.message}" for f in faults)


def scene(root: Path, beats: str, head: str = "cast: [soraya, maria, nandito]\npresent: [soraya]") -> list[str]:
    """The faults of a scene with these beats; each is an item of a list in flow style."""
    text = f"title: One\n{head}\nbeats:\n" + "".join(f"  - {beat}\n" for beat in beats.strip().splitlines())
    document = load(write(root / "scenes" / "one.yaml", text), Scenario)
    return [f"{fault.line}: {fault.message}" for fault in scene_faults(document, Troupe(root))]


def test_a_sound_troupe_has_no_faults(root: Path) -> None:
    assert told(root) == []


# --- sheets ----------------------------------------------------------------------------------------------------------


def test_sheets_name_people_facts_voices_and_colours_that_exist(root: Path) -> None:
    text = "name: Nandito\ncolour: purpel\nknows: [the-wil]\nvoice: {model: nandito}\nrelations:\n  sorya: {}\n  nandito: {}\n"
    write(root / "cast" / "nandito.yaml", text)
    assert told(root) == [
        "cast/nandito.yaml:2:9: colour: 'purpel' is no colour that a terminal knows: write 'red' or '#c0392b'",
        "cast/nandito.yaml:3:9: knows: 'the-wil' is not a fact in scenes/world.yaml (did you mean 'the-will'?)",
        "cast/nandito.yaml:4:16: model: there is no voice 'nandito' in cast/voices",
        "cast/nandito.yaml:6:3: 'sorya' is not in cast/ (did you mean 'soraya'?)",
        "cast/nandito.yaml:7:3: a character has no relation to herself",
    ]


def test_two_sheets_of_one_language_share_no_name(root: Path) -> None:
    write(root / "cast" / "twin.yaml", "name: Hermana\naliases: [SORAYA]\n")
    assert told(root) == ["cast/twin.yaml:2:11: aliases: 'SORAYA' is also a name of 'soraya': a cue could mean either"]
    write(root / "cast" / "twin.yaml", "name: Soraya\nlanguage: es\n")
    assert told(root) == []


def test_sheets_that_disagree_on_what_they_are_to_each_other_are_warned_of_once(root: Path) -> None:
    write(root / "cast" / "maria.yaml", "name: María\nrelations: {soraya: {kind: friend}, nandito: {kind: sibling}}\n")
    write(root / "cast" / "nandito.yaml", "name: Nandito\nrelations: {maria: {kind: sibling}}\n")
    examination = Examination(root)
    report = examination.report(examination.everything)
    assert report.faults == []
    assert [warning.message for warning in report.warnings] == [
        "'maria' is servant here, but in cast/maria.yaml 'soraya' is friend, not boss"
    ]


def test_a_faulty_sheet_hides_no_other_fault_and_causes_none(root: Path) -> None:
    write(root / "cast" / "soraya.yaml", "name: Soraya\ncolor: red\n")
    write(root / "cast" / "nandito.yaml", "name: Nandito\nlenght: 3\n")
    text = (
        "title: T\ncast: [soraya, nadito]\nbeats: [{name: a, closes: true, reveal: [{fact: the-will, by: soraya}]}]\n"
    )
    write(root / "scenes" / "one.yaml", text)
    assert [line.split(": ", 1)[1] for line in told(root)] == [
        "'lenght' is not a field here (did you mean 'length'?)",
        "'color' is not a field here (did you mean 'colour'?)",
        "cast: 'nadito' is not in cast/ (did you mean 'nandito'?)",
    ]


def test_a_faulty_world_is_told_alone(root: Path) -> None:
    write(root / "scenes" / "world.yaml", "facts: {the-will: {txt: Forged.}}\n")
    assert [line.split(":")[0] for line in told(root)] == ["scenes/world.yaml"] * 2


def test_holders_of_the_worlds_facts_have_sheets(root: Path) -> None:
    write(root / "scenes" / "world.yaml", WORLD.replace("[nandito]", "[nadito]"))
    assert told(root) == ["scenes/world.yaml:2:52: known_by: 'nadito' is not in cast/ (did you mean 'nandito'?)"]


# --- scenes ----------------------------------------------------------------------------------------------------------


def test_a_misspelt_cast_member_is_told_once(root: Path) -> None:
    beats = "{name: a, closes: true, focus: [soraya], lines: [{speaker: soraya, to: viewer, text: Out!}]}"
    assert scene(root, beats, "cast: [sorya]") == ["2: cast: 'sorya' is not in cast/ (did you mean 'soraya'?)"]


def test_everybody_in_a_beat_is_in_the_cast(root: Path) -> None:
    beats = "{name: a, closes: true, focus: [narrator], relations: [{from: sorya, to: maria, axis: heat, by: 1}]}"
    assert scene(root, beats) == [
        "5: focus: 'narrator' is not in the scene's cast (add it there)",
        "5: from: 'sorya' is not in the scene's cast (did you mean 'soraya'?)",
    ]


def test_nobody_acts_while_away_or_enters_twice(root: Path) -> None:
    beats = """
{name: a, enter: [soraya], lines: [{speaker: maria, text: Señora.}], force: [maria], leave: [nandito]}
{name: b, enter: [maria], leave: [soraya, maria]}
{name: c, closes: true, lines: [{speaker: soraya, text: Out!}]}"""
    assert scene(root, beats) == [
        "5: enter: 'soraya' is on stage already",
        "5: speaker: 'maria' is not on stage then; with `enter: [maria]` the beat brings them on",
        "5: leave: 'nandito' is not on stage then; with `enter: [nandito]` the beat brings them on",
        "7: speaker: 'soraya' is not on stage then; with `enter: [soraya]` the beat brings them on",
    ]


def test_who_never_enters_is_there_from_the_start(root: Path) -> None:
    beats = "{name: a, enter: [maria], closes: true, lines: [{speaker: soraya, text: Out!}]}"
    assert scene(root, beats, "cast: [soraya, maria]") == []


def test_a_beat_that_may_come_at_any_time_is_given_the_benefit_of_the_doubt(root: Path) -> None:
    beats = """
{name: a, closes: true}
{name: b, when: {knows: [{who: maria, fact: the-will}]}, enter: [maria]}
{name: c, when: {present: [maria]}, lines: [{speaker: maria, text: Señora.}], leave: [maria]}
{name: d, when: {absent: [maria]}, enter: [maria], repeat: true}"""
    assert scene(root, beats) == []


def test_presence_that_no_order_of_beats_brings_about_is_a_fault(root: Path) -> None:
    beats = """
{name: a}
{name: b, when: {after: [a], present: [maria]}}
{name: c, when: {after: [a], absent: [soraya]}, closes: true}
{name: d, when: {after: [e]}, enter: [maria]}
{name: e, when: {after: [a, b]}}"""
    assert scene(root, beats) == [
        "6: present: 'maria' cannot be on stage then: this beat can never be played",
        "7: absent: 'soraya' is always on stage then: this beat can never be played",
    ]


def test_beats_wait_for_beats_that_exist_and_can_come(root: Path) -> None:
    beats = """
{name: a, when: {after: [b]}}
{name: b, when: {after: [a, sea]}}
{name: c, when: {motif: love triangel}, closes: true}
{name: c}"""
    assert scene(root, beats) == [
        "5: 'a' waits for itself: follow `after` from beat to beat",
        "6: 'b' waits for itself: follow `after` from beat to beat",
        "6: after: there is no beat 'sea' in this scene",
        "7: motif: 'love triangel' is not one of love triangle, unrequited love, betrayal, sibling rivalry, feud, "
        "reconciliation (did you mean 'love triangle'?)",
        "8: name: two beats are called 'c'",
        "8: 'c' comes after 'c', which closes the scene: it can never be played",
    ]


def test_a_fact_exists_and_is_told_by_one_who_can_know_it(root: Path) -> None:
    beats = """
{name: a, reveal: [{fact: the-wil, by: soraya}], lie: [{fact: the-will, by: soraya}]}
{name: b, enter: [maria, nandito], reveal: [{fact: the-will, by: maria}, {fact: the-suit, by: maria}], closes: true}"""
    head = (
        "cast: [soraya, maria, nandito]\npresent: [soraya]\nfacts: {the-suit: {text: He loved her., known_by: [mara]}}"
    )
    assert scene(root, beats, head) == [
        "4: known_by: 'mara' is not in cast/ (did you mean 'maria'?)",
        "6: reveal: 'the-wil' is a fact neither of this scene nor of scenes/world.yaml (did you mean 'the-will'?)",
        "7: by: 'maria' cannot know 'the-will' yet: reveal it in an earlier beat or scene, or put it under `knows` "
        "or `secrets` in cast/maria.yaml",
        "7: by: 'maria' cannot know 'the-suit' yet: reveal it in an earlier beat or scene, or put it under `knows` "
        "or `secrets` in cast/maria.yaml",
    ]


def test_what_was_heard_before_may_be_told(root: Path) -> None:
    beats = """
{name: a, enter: [maria], reveal: [{fact: the-will, by: soraya}]}
{name: b, enter: [nandito], reveal: [{fact: the-will, by: maria}], closes: true}"""
    assert scene(root, beats) == []


def test_what_an_earlier_scene_of_the_season_told_may_be_told(root: Path) -> None:
    first = (
        "title: T\ncast: [soraya, maria]\nbeats: [{name: a, closes: true, reveal: [{fact: the-will, by: soraya}]}]\n"
    )
    write(root / "scenes" / "zero.yaml", first)
    season = (
        "title: S\nthreads: {t: {title: T, arc: revenge, opened_by: zero/a, resolved_by: one/a}}\n"
        "episodes: [{title: E, scenes: [zero, one], finale: true}]\n"
    )
    beat = "{name: a, reveal: [{fact: the-will, by: maria}], closes: true}"
    assert len(scene(root, beat, "cast: [maria]")) == 1
    document = load(write(root / "scenes" / "season.yaml", season), Season)
    assert scene(root, beat, "cast: [maria]") == []
    assert season_faults(document, Troupe(root)) == []


def test_order_is_for_the_policy_that_follows_it(root: Path) -> None:
    head = "cast: [soraya]\norder: [sorya]"
    assert scene(root, "{name: a, closes: true}", head) == [
        "3: order: 'sorya' is not in the scene's cast (did you mean 'soraya'?)",
        "3: order: only policy 'script' follows it, and the policy here is 'natural'",
    ]


def test_a_season_names_scenes_and_beats_that_exist_in_order(root: Path) -> None:
    write(root / "scenes" / "one.yaml", "title: T\ncast: [soraya]\nbeats: [{name: a}, {name: b, closes: true}]\n")
    season = """\
title: S
narrator: narator
threads:
  t: {title: T, arc: revenge, opened_by: one/b, resolved_by: one/a}
  u: {title: U, arc: revenge, opened_by: one/a, resolved_by: one/bb}
episodes: [{title: E, scenes: [one, too], finale: true}]
"""
    write(root / "scenes" / "season.yaml", season)
    assert told(root) == [
        "scenes/season.yaml:2:11: narrator: 'narator' is not in cast/ (did you mean 'narrator'?)",
        "scenes/season.yaml:4:62: resolved_by: 'one/a' is played before 'one/b', which opens the thread",
        "scenes/season.yaml:5:62: resolved_by: no scene of this season has the beat 'one/bb' (did you mean 'one/b'?)",
        "scenes/season.yaml:6:37: scenes: there is no too.yaml beside this file",
    ]


def test_names_that_no_file_system_takes_are_names_that_are_not_there(root: Path) -> None:
    name = "a" * 300
    sheet = root / "cast" / "nandito.yaml"
    whole = sheet.read_text(encoding="utf-8")
    write(sheet, f"name: Nandito\nrelations:\n  {name}: {{}}\n")
    assert told(root)[0].startswith("cast/nandito.yaml:3:3: 'aaa")
    write(sheet, whole)
    threads = "threads: {t: {title: T, arc: revenge, opened_by: one/a, resolved_by: one/a}}"
    write(
        root / "scenes" / "season.yaml",
        f"title: S\nnarrator: narrator\n{threads}\nepisodes: [{{title: E, scenes: [{name}], finale: true}}]\n",
    )
    assert any("scenes: there is no aaa" in fault for fault in told(root))


# --- scripts ---------------------------------------------------------------------------------------------------------


def test_speakers_have_a_sheet_or_stand_among_the_bit_parts(root: Path) -> None:
    write(
        root / "corpora" / "mansion" / "01.fountain", SCRIPT.replace("\nMARÍA", "\nBOATMAN").replace("SORAYA", "SORYA")
    )
    write(
        root / "corpora" / "mansion" / "README.md",
        "# M\n\n- **Sorya**: elsewhere\n\n## Bit parts\n\n- **Boatman**: rows\n",
    )
    assert told(root) == [
        "corpora/mansion/01.fountain:7:1: 'Sorya' has no sheet in cast/ and is not under 'Bit parts' in "
        "corpora/mansion/README.md (did you mean 'Soraya'?)"
    ]


def test_bit_parts_end_with_their_section(tmp_path: Path) -> None:
    text = "# S\n\n## Papeles menores\n\n- **Ana**: uno\n* **Hombre del Traje**: dos\n\n## Otros\n\n- **Eva**: no\n"
    assert read_bit_parts(write(tmp_path / "README.md", text)) == {"ana", "hombre del traje"}
    assert read_bit_parts(tmp_path / "none.md") == frozenset()


def test_tones_and_arcs_are_on_their_lists(root: Path) -> None:
    write(root / "corpora" / "mansion" / "01.fountain", SCRIPT.replace("icy", "icey").replace("revenge", "revnge"))
    first, second = told(root)
    assert first.startswith("corpora/mansion/01.fountain:5:1: arc: 'revnge' is not one of ")
    assert second.startswith(
        "corpora/mansion/01.fountain:8:2: 'icey' is neither a tone nor an act (did you mean 'icy'?)"
    )


def test_an_unreadable_script_is_one_fault(root: Path) -> None:
    (root / "corpora" / "mansion" / "02.fountain").write_bytes(b"\0PDF\0")
    assert len(told(root)) == 1


def test_standards_hold_the_library_as_a_whole(root: Path) -> None:
    again = "\nSORAYA\nNot in my house.\n\nMARÍA\nI closed it!\n"
    write(root / "corpora" / "mansion" / "01.fountain", SCRIPT + again + again)
    assert told(root) == []
    figures = (
        "{tones: [0.5, 1], distinct_words: [8, 20], median_words: [8, 12], lines: [0, 4], repeated_lines: [0, 0.1]}"
    )
    write(root / "corpora" / "standards.yaml", f"figures: {{en: {figures}}}\n")
    assert told(root) == [
        "corpora/standards.yaml:1:1: en: different words: 7, wanted 8 to 20 (distinct_words)",
        "corpora/standards.yaml:1:1: en: lines with a tone: 17%, wanted 50% to 100% (tones)",
        "corpora/standards.yaml:1:1: en: lines: 6, wanted at most 4 (lines)",
        "corpora/standards.yaml:1:1: en: words in the median line: 3.5, wanted 8 to 12 (median_words)",
    ]


def test_standards_may_ask_for_less_of_other_peoples_scripts(root: Path) -> None:
    write(root / "corpora" / "mansion" / "02.fountain", "BOATMAN\n(rowing)\nNo paper, no passenger.\n")
    assert len(told(root)) == 3
    write(root / "corpora" / "standards.yaml", "conventions: false\nspeakers: false\n")
    assert told(root) == []
    write(root / "corpora" / "standards.yaml", "speaker: false\n")
    assert told(root) == ["corpora/standards.yaml:1:1: 'speaker' is not a field here (did you mean 'speakers'?)"]


RICH = """\
Title: Two

INT. KITCHEN - NIGHT

[[arc: revenge]]
[[about: thing = the letter]]

SORAYA
(icy, accuse, to María)
You took the letter.

MARÍA
(deny)
I took no letters, Soraya.

INT. KITCHEN - NIGHT

[[arc: revenge]]
[[take: 2]]

SORAYA
(accuse)
You took it.

MARÍA
I never saw it.
"""


def test_figures(root: Path) -> None:
    script = read_script(write(root / "corpora" / "mansion" / "02.fountain", RICH))
    found = library_figures([script], Troupe(root).names)
    assert set(found) == set(NAMES)
    assert {name: found[name] for name in ("words", "scenes", "lines", "median_words", "long_lines")} == {
        "words": 16, "scenes": 2, "lines": 4, "median_words": 4.0, "long_lines": 0.0,
    }  # fmt: skip
    assert {name: found[name] for name in ("acts", "tones", "topics", "second_takes", "scene_lines")} == {
        "acts": 0.75, "tones": 0.25, "topics": 0.25, "second_takes": 0.5, "scene_lines": 0.0,
    }  # fmt: skip
    # "took" and "letter(s)" are taken up in the first scene, nothing in the second.
    assert (found["distinct_words"], found["uptake"], found["repeated_lines"]) == (11, 0.5, 0.0)


def test_figures_of_no_script_are_nothing(root: Path) -> None:
    assert set(library_figures([], Troupe(root).names).values()) == {0.0}


def test_lines_that_stand_too_often_are_counted(root: Path) -> None:
    text = SCRIPT + "\nSORAYA\nNot in my house.\n" * 3
    script = read_script(write(root / "corpora" / "mansion" / "02.fountain", text))
    assert library_figures([script], Troupe(root).names)["repeated_lines"] == 4 / 5


def test_speakers_and_what_they_do(root: Path) -> None:
    write(root / "corpora" / "mansion" / "01.fountain", RICH)
    first, second = speaker_figures(Troupe(root))
    assert (first.speaker, first.lines, first.words, first.median) == ("maria", 2, 9, 4.5)
    assert (first.acts, first.tones, first.to) == ((("deny", 1),), (), (("soraya", 2),))
    assert (second.acts, second.tones, second.to) == ((("accuse", 2),), (("icy", 1),), (("maria", 2),))


@pytest.mark.parametrize(
    ("bounds", "value", "shown", "asked", "holds"),
    [
        ((0.5, 1.0), 0.25, "25%", "50% to 100%", False),
        ((0.0, 0.4), 0.25, "25%", "at most 40%", True),
        ((1.0, 1.0), 1.0, "100%", "100% or more", True),
        (None, 0.25, "25%", "", True),
    ],
)
def test_a_figure_is_judged(
    bounds: tuple[float, float] | None, value: float, shown: str, asked: str, holds: bool
) -> None:
    found = dict.fromkeys(NAMES, 0.0) | {"tones": value}
    row = next(row for row in judged(found, {} if bounds is None else {"tones": bounds}) if row[0].name == "tones")
    assert row[1:] == (shown, asked, holds)


def test_words_and_shares() -> None:
    assert word_list("Don't! María's forty-one PEARLS, ¿no?") == ["don't", "maría", "forty", "one", "pearls", "no"]
    assert shares([("icy", 3), ("furious", 1), ("tender", 1)], 5, 2) == "icy 60%, furious 20%"


def test_what_is_held_is_what_the_scene_is_about_and_held_by_its_cast(tmp_path: Path) -> None:
    text = (ROOT / "scenes" / "party.yaml").read_text(encoding="utf-8")
    scene = tmp_path / "party.yaml"
    scene.write_text(
        text.replace("holders: {the poem: nandito}", "holders: {the poet: nandito, the will: betty}"), encoding="utf-8"
    )
    found = [fault.message for fault in scene_faults(load(scene, Scenario), Troupe.around(ROOT))]
    assert found == [
        "holders: nothing here is about 'the poet' (did you mean 'the poem'?); add it under `about`",
        "holders: 'betty' is not in the scene's cast (add it there)",
    ]

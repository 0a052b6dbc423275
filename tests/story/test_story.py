from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest

from engine.errors import AuthoredError, PlotError
from engine.sheets.authored import load
from engine.sheets.plot import Season
from engine.story import foresight
from engine.story.proof import Story, prove, read, season_faults
from engine.troupe import Troupe
from tests.conftest import ROOT
from tests.small_season import FIRST, SEASON, SECOND, write

SHIPPED = ROOT / "scenes" / "season.yaml"


def story(path: Path) -> Story:
    return read(load(path, Season), Troupe.around(path))


def flaws(path: Path) -> list[str]:
    return [str(flaw) for flaw in prove(story(path)).flaws]


def test_a_sound_season_is_proved(tmp_path: Path) -> None:
    proof = prove(story(write(tmp_path)))
    proof.require()
    assert proof.order == ("first/dust", "first/told", "second/clouds", "second/rain")
    assert nx.has_path(proof.graph, "first/told", "second/rain")
    assert proof.graph.edges["ana knows secret", "second/rain"]["why"] == "needs"


def test_a_fact_that_nobody_tells(tmp_path: Path) -> None:
    path = write(tmp_path, first=FIRST.replace("    reveal: [{fact: secret, by: bruno}]\n", ""))
    assert flaws(path) == ["thread 'thirst': 'second/rain' needs ana to know 'secret', which nobody tells her before"]
    with pytest.raises(PlotError, match="thread 'thirst'"):
        prove(story(path)).require()
    fault = season_faults(load(path, Season), Troupe.around(path))[0]
    assert (fault.path.name, fault.line, fault.column) == ("season.yaml", 7, 18)


def test_only_those_present_learn(tmp_path: Path) -> None:
    leaves = FIRST.replace("    turns: [1, 2]\n  - name: told", "    turns: [1, 2]\n    leave: [ana]\n  - name: told")
    leaves = leaves.replace("speaker: bruno, to: ana", "speaker: bruno")
    assert flaws(write(tmp_path, first=leaves)) == [
        "thread 'thirst': 'second/rain' needs ana to know 'secret', and she is not certain to be there when 'first/told' tells it"
    ]


def test_what_is_forgotten_is_not_known_until_it_is_recalled(tmp_path: Path) -> None:
    forgets = SECOND.replace("  - name: clouds\n", "  - name: clouds\n    forget: [ana]\n")
    assert "which she forgets in 'second/clouds'" in flaws(write(tmp_path, second=forgets))[0]
    recalls = forgets.replace("  - name: rain\n", "  - name: crumb\n    recall: [ana]\n  - name: rain\n")
    # Both beats are possible after the clouds, but only the second one once she remembers.
    assert flaws(write(tmp_path, second=recalls)) == []


def test_feelings_are_never_certain(tmp_path: Path) -> None:
    guarded = SECOND.replace(
        "      after: [clouds]\n", "      relations: [{from: ana, to: bruno, axis: affection, above: -1.0}]\n"
    )
    [flaw] = flaws(write(tmp_path, second=guarded))
    assert flaw.endswith("needs affection of ana for bruno above -1, and what people feel is never certain")


def test_a_chain_of_causes_is_told_to_its_root(tmp_path: Path) -> None:
    telling = SECOND.replace(
        "  - name: clouds\n",
        "  - name: letter\n    when: {motif: feud}\n    lines: [{speaker: bruno, text: Read.}]\n"
        "    reveal: [{fact: secret, by: bruno}]\n  - name: clouds\n",
    )
    path = write(tmp_path, first=FIRST.replace("    reveal: [{fact: secret, by: bruno}]\n", ""), second=telling)
    [flaw] = flaws(path)
    assert (
        "which 'second/letter' would tell her; but that beat needs a feud, and what people feel is never certain"
        in flaw
    )


def test_somebody_who_may_be_absent_cannot_speak(tmp_path: Path) -> None:
    path = write(tmp_path, first=FIRST.replace("    enter: [bruno]\n", ""))
    found = season_faults(load(path, Season), Troupe.around(path))
    assert ["bruno speaks here, and is not certain to be on stage" in str(fault) for fault in found] == [True]
    assert (found[0].path.name, found[0].line) == ("first.yaml", 9)


def test_the_limit_can_cut_a_beat(tmp_path: Path) -> None:
    early = SECOND.replace("title: The Rain\n", "title: The Rain\nlimit: 2\n").replace(
        "    turns: [1, 2]\n    closes: true\n", "  - name: end\n    when: {after: [rain]}\n    closes: true\n"
    )
    assert "the scene can reach its limit of 2 lines before it" in flaws(write(tmp_path, second=early))[0]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("resolved_by: second/rain", "resolved_by: second/ruin", "the scene has no such beat (did you mean 'rain'?)"),
        ("resolved_by: second/rain", "resolved_by: third/rain", "no episode has the scene 'third'"),
        ("opened_by: first/dust", "opened_by: second/rain", "ties it up before 'second/rain' opens it"),
    ],
)
def test_threads_that_name_what_is_not_there(tmp_path: Path, old: str, new: str, why: str) -> None:
    [flaw] = flaws(write(tmp_path, season=SEASON.replace(old, new)))
    assert why in flaw


def test_missing_scenes_are_faults_with_a_place(tmp_path: Path) -> None:
    path = write(tmp_path, season=SEASON.replace("scenes: [second]", "scenes: [secand]"))
    [fault] = season_faults(load(path, Season), Troupe.around(path))
    assert (
        str(fault)
        .split(": ", 1)[1]
        .startswith("scenes: no scene sheet 'secand' beside this file (did you mean 'second'?)")
    )
    assert fault.line == 13


def test_a_scene_name_that_no_file_system_takes_is_a_missing_scene(tmp_path: Path) -> None:
    path = write(tmp_path, season=SEASON.replace("scenes: [second]", f"scenes: [{'a' * 300}]"))
    [fault] = season_faults(load(path, Season), Troupe.around(path))
    assert fault.message.startswith("scenes: no scene sheet 'aaa")


def test_what_waits_for_a_beat_that_ends_the_scene_comes_too_late(tmp_path: Path) -> None:
    old = "  - name: clouds\n    lines: [{speaker: bruno, to: ana, text: Look up.}]\n    turns: [1, 2]\n"
    new = "  - name: clouds\n    closes: true\n    turns: [1, 2]\n"
    assert SECOND.count(old) == 1
    found = flaws(write(tmp_path, second=SECOND.replace(old, new)))
    assert any("waits for 'second/clouds', which ends the scene" in flaw for flaw in found)


def test_too_many_orders_are_not_proved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foresight, "MOST_STATES", 12)
    free = "".join(
        f"  - name: b{number}\n    when: {{present: [ana]}}\n    tension: 0.{number}\n" for number in range(10)
    )
    [flaw] = flaws(write(tmp_path, second=SECOND.replace("  - name: clouds\n", free + "  - name: clouds\n")))
    assert "its scene can be played in too many orders" in flaw


def test_the_spanish_season_is_proved_to_the_last_beat() -> None:
    proof = prove(story(ROOT / "scenes" / "temporada.yaml"))
    assert proof.flaws == ()
    assert len(proof.order) == sum(1 for _ in story(ROOT / "scenes" / "temporada.yaml").beats())


def test_the_shipped_season_is_proved() -> None:
    proof = prove(story(SHIPPED))
    assert [str(flaw) for flaw in proof.flaws] == []
    assert len(proof.order) > 90


def test_without_fabio_behind_the_curtain_betrayal_never_ends(tmp_path: Path) -> None:
    """The example in the season's own comment."""
    for name in ("cast", "corpora", "scenes"):
        (tmp_path / name).mkdir()
    root = SHIPPED.parent.parent
    for sheet in [*(root / "cast").glob("*.yaml"), *(root / "scenes").glob("*.yaml")]:
        text = sheet.read_text(encoding="utf-8")
        if sheet.stem == "s04_the_curtain":
            text = text.replace("present: [narrator, fabio, renata]", "present: [narrator, renata]")
        (tmp_path / sheet.parent.name / sheet.name).write_text(text, encoding="utf-8")
    found = "\n".join(flaws(tmp_path / "scenes" / "season.yaml"))
    assert "thread 'betrayal': 's15_the_board_meeting/between two columns' waits for" in found
    assert (
        "needs fabio to know 'the-books', and he is not certain to be there when 's04_the_curtain/behind the curtain' tells it"
        in found
    )


def test_two_beats_of_one_name_are_told_and_lead_nobody_round_in_a_circle(tmp_path: Path) -> None:
    path = write(tmp_path, second=SECOND.replace("beats:\n", "beats:\n  - name: clouds\n"))
    with pytest.raises(AuthoredError, match=r"second\.yaml:6:\d+: name: two beats are called 'clouds'"):
        story(path)


def test_a_season_that_goes_on_has_the_facts_that_it_began_with() -> None:
    shipped = story(SHIPPED)
    assert any(fact.topics for fact in shipped.facts)
    begun = shipped.knowledge()
    assert shipped.facts == tuple(begun.fact(fact.id) for fact in shipped.facts)

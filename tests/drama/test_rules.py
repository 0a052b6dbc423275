from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import codes
from engine.codes import AXES
from engine.drama.knowledge import Fact, Knowledge
from engine.drama.relations import EdgeStart, Relations
from engine.drama.rules import SHIPPED, RuleBook, Spoken, unknown
from engine.errors import AuthoredError
from engine.performance import Change
from engine.sheets.authored import load
from engine.sheets.rule import RuleFile

PEOPLE = ("soraya", "nandito", "alma", "maria")
NOBODY_KNOWS = Knowledge([Fact("the-letters", "Betty wrote them.")])

JEALOUSY = """
rules:
  - name: jealousy
    when:
      tone: [tender]
      relations: [{from: witness, to: addressee, kind: [lover]}]
    then:
      - {from: witness, to: speaker, axis: affection, by: -0.2}
      - {from: speaker, to: addressee, axis: heat, by: 0.1}
"""


def book(folder: Path, text: str) -> RuleBook:
    path = folder / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    return RuleBook(load(path, RuleFile).value.rules)


def faults(folder: Path, text: str) -> str:
    with pytest.raises(AuthoredError) as raised:
        book(folder, text)
    return str(raised.value)


def moved(changes: list[Change]) -> list[tuple[str, str, str]]:
    return [(change.source, change.target, change.axis) for change in changes]


def lovers(*more: EdgeStart) -> Relations:
    return Relations(PEOPLE, [EdgeStart("alma", "nandito", "lover", affection=0.8), *more])


def test_the_shipped_rules_are_read_and_each_can_fire() -> None:
    shipped = RuleBook.shipped()
    assert len(shipped.rules) >= 20
    assert all(rule.then for rule in shipped.rules)
    fired, generator = set[str](), np.random.default_rng(1)
    kinds = ("lover", "ex", "sibling", "enemy", "confessor", "boss")
    for _ in range(2_000):
        pairs = [(one, other) for one in PEOPLE for other in PEOPLE if one != other]
        edges = [
            EdgeStart(*pair, str(generator.choice(kinds)), *generator.uniform(-1, 1, 3).tolist()) for pair in pairs
        ]
        tone, act = str(generator.choice(codes.TONES)), str(generator.choice(codes.ACTS))
        spoken = Spoken(PEOPLE[0], PEOPLE[1], tone, act)
        changes = shipped.fire(spoken, Relations(PEOPLE, edges), NOBODY_KNOWS, PEOPLE)
        fired |= {change.rule for change in changes}
    assert fired == {rule.name for rule in shipped.rules}


def test_a_jealous_witness() -> None:
    relations = lovers()
    changes = RuleBook.shipped().fire(Spoken("maria", "nandito", "tender"), relations, NOBODY_KNOWS, PEOPLE)
    jealous = [change for change in changes if change.rule == "jealousy of a rival"]
    assert moved(jealous) == [
        ("alma", "maria", "affection"),
        ("alma", "maria", "heat"),
        ("alma", "nandito", "heat"),
    ]
    assert relations.value("alma", "maria", "affection") < 0
    assert relations.value("soraya", "maria", "affection") == 0


@pytest.mark.parametrize(
    ("speaker", "addressee", "tone", "present"),
    [
        ("maria", "nandito", "tender", ("maria", "nandito", "soraya")),  # she is not there to see it
        ("maria", "soraya", "tender", PEOPLE),  # it is not her lover
        ("maria", "nandito", "weary", PEOPLE),  # it is not tender
        ("alma", "nandito", "tender", PEOPLE),  # it is she herself
        ("maria", "nandito", "tender", ("maria", "alma")),  # he is not there to hear it
        ("maria", None, "tender", PEOPLE),
    ],
)
def test_no_jealousy_without_a_reason(speaker: str, addressee: str | None, tone: str, present: tuple[str, ...]) -> None:
    changes = RuleBook.shipped().fire(Spoken(speaker, addressee, tone), lovers(), NOBODY_KNOWS, present)
    assert not any("jealousy" in change.rule for change in changes)


@pytest.mark.parametrize(
    ("act", "trust", "rules"),
    [
        ("insult", 0.0, ["an insult wounds"]),
        ("apologise", 0.0, ["an apology is heard"]),
        ("apologise", -0.6, ["an apology comes too late"]),
        ("confess", 0.0, ["a confession is honest"]),
        ("ask", 0.0, []),
        (None, 0.0, []),
    ],
)
def test_an_act_fires_its_rules_and_no_other(act: str | None, trust: float, rules: list[str]) -> None:
    relations = Relations(PEOPLE, [EdgeStart("maria", "alma", trust=trust)])
    changes = RuleBook.shipped().fire(Spoken("alma", "maria", None, act), relations, NOBODY_KNOWS, PEOPLE)
    assert list(dict.fromkeys(change.rule for change in changes)) == rules


def test_a_confidence_betrayed_is_felt_by_who_trusted() -> None:
    edges = [EdgeStart("alma", "maria", "friend", trust=0.6), EdgeStart("alma", "soraya", "enemy")]
    told = Spoken("maria", "soraya", "scheming", "reveal")
    changes = RuleBook.shipped().fire(told, Relations(PEOPLE, edges), NOBODY_KNOWS, PEOPLE)
    betrayed = [change for change in changes if change.rule == "betrayed"]
    assert moved(betrayed) == [("alma", "maria", "trust"), ("alma", "maria", "heat")]
    unheard = RuleBook.shipped().fire(told, Relations(PEOPLE, edges), NOBODY_KNOWS, ("maria", "soraya"))
    assert not any(change.rule == "betrayed" for change in unheard)


def test_a_rule_may_ask_for_act_and_tone_together(tmp_path: Path) -> None:
    rules = book(
        tmp_path,
        """
rules:
  - name: a cold question
    when: {act: [ask], tone: [icy]}
    then: [{from: addressee, to: speaker, axis: trust, by: -0.1}]
""",
    )

    def fires(tone: str | None, act: str | None) -> bool:
        return bool(rules.fire(Spoken("alma", "maria", tone, act), Relations(PEOPLE), NOBODY_KNOWS, PEOPLE))

    assert fires("icy", "ask")
    assert not any([fires("icy", "tell"), fires("furious", "ask"), fires(None, "ask"), fires("icy", None)])


def test_a_sister_makes_nobody_jealous() -> None:
    relations = lovers(EdgeStart("maria", "nandito", "sibling"))
    changes = RuleBook.shipped().fire(Spoken("maria", "nandito", "tender"), relations, NOBODY_KNOWS, PEOPLE)
    assert not any("jealousy" in change.rule for change in changes)


def test_many_witnesses_but_what_is_between_two_happens_once(tmp_path: Path) -> None:
    relations = lovers(EdgeStart("soraya", "nandito", "lover"))
    changes = book(tmp_path, JEALOUSY).fire(Spoken("maria", "nandito", "tender"), relations, NOBODY_KNOWS, PEOPLE)
    assert moved(changes) == [
        ("soraya", "maria", "affection"),
        ("maria", "nandito", "heat"),
        ("alma", "maria", "affection"),
    ]


def test_who_and_what_is_known(tmp_path: Path) -> None:
    rules = book(
        tmp_path,
        """
rules:
  - name: she knows who wrote them
    when:
      speaker: [maria]
      addressee: [nandito, soraya]
      knows: [{who: addressee, fact: the-letters}]
      ignorant: [{who: witness, fact: the-letters}]
    then: [{from: witness, to: speaker, axis: trust, by: 0.1}]
""",
    )
    knowledge = Knowledge([Fact("the-letters", "Betty wrote them.")], {"nandito": ["the-letters"]})

    def fire(speaker: str, addressee: str) -> list[Change]:
        return rules.fire(Spoken(speaker, addressee, None), Relations(PEOPLE), knowledge, PEOPLE)

    assert moved(fire("maria", "nandito")) == [("soraya", "maria", "trust"), ("alma", "maria", "trust")]
    assert fire("maria", "soraya") == fire("alma", "nandito") == fire("maria", "alma") == []
    knowledge.learn("the-letters", ["soraya"], "nandito")
    assert moved(fire("maria", "nandito")) == [("alma", "maria", "trust")]


def test_conditions_are_read_before_anything_moves(tmp_path: Path) -> None:
    rules = book(
        tmp_path,
        """
rules:
  - name: first
    then: [{from: addressee, to: speaker, axis: trust, by: 0.5}]
  - name: second
    when: {relations: [{from: addressee, to: speaker, axis: trust, above: 0.2}]}
    then: [{from: addressee, to: speaker, axis: heat, by: 0.5}]
""",
    )
    relations = Relations(PEOPLE)
    fire = [rules.fire(Spoken("alma", "maria", None), relations, NOBODY_KNOWS, PEOPLE) for _ in range(2)]
    assert [[change.rule for change in changes] for changes in fire] == [["first"], ["first", "second"]]


def test_effects_fade_towards_the_end_of_the_axis(tmp_path: Path) -> None:
    rules = book(tmp_path, "rules: [{name: rain, then: [{from: speaker, to: addressee, axis: trust, by: -0.4}]}]")
    relations, seen = Relations(PEOPLE, [EdgeStart("alma", "maria", trust=0.5)]), []
    for _ in range(4):
        rules.fire(Spoken("alma", "maria", "icy"), relations, NOBODY_KNOWS, PEOPLE)
        seen.append(relations.value("alma", "maria", "trust"))
    assert seen == pytest.approx([0.1, -0.3, -0.58, -0.748])


def test_a_scene_replaces_switches_off_and_adds(tmp_path: Path) -> None:
    own = book(
        tmp_path,
        """
rules:
  - {name: fury wounds, then: []}
  - name: defiance heats
    when: {tone: [defiant]}
    then: [{from: speaker, to: addressee, axis: heat, by: 0.5}]
  - name: at midnight
    then: [{from: speaker, to: addressee, axis: heat, by: 0.1}]
""",
    )
    shipped = RuleBook.shipped()
    both = shipped.with_rules(own.rules)
    assert len(both.rules) == len(shipped.rules) + 1
    assert [rule.name for rule in both.rules][-1] == "at midnight"

    def fire(tone: str) -> list[str]:
        return [
            change.rule for change in both.fire(Spoken("alma", "maria", tone), Relations(PEOPLE), NOBODY_KNOWS, PEOPLE)
        ]

    assert fire("furious") == ["at midnight"]
    assert fire("defiant") == ["defiance heats", "at midnight"]


@given(
    st.lists(
        st.tuples(st.permutations(PEOPLE), st.sampled_from(codes.KINDS), st.floats(-1, 1), st.floats(0, 1)), max_size=8
    ),
    st.lists(
        st.tuples(st.permutations(PEOPLE), st.sampled_from((None, *codes.TONES)), st.sampled_from((None, *codes.ACTS))),
        max_size=8,
    ),
    st.sets(st.sampled_from(PEOPLE)),
)
def test_only_those_present_are_touched_and_the_same_again(
    edges: list[Any], spoken: list[Any], absent: set[str]
) -> None:
    start = [EdgeStart(p[0], p[1], kind, value, value, -value, heat) for p, kind, value, heat in edges]
    present = [person for person in PEOPLE if person not in absent]

    def play() -> list[Change]:
        relations, changes = Relations(PEOPLE, start), list[Change]()
        for people, tone, act in spoken:
            if people[0] in present:
                changes += RuleBook.shipped().fire(
                    Spoken(people[0], people[1], tone, act), relations, NOBODY_KNOWS, present
                )
            relations.decay()
        return changes

    changes = play()
    assert changes == play()
    for change in changes:
        assert {change.source, change.target} <= set(present)
        assert AXES[change.axis].low <= change.after <= AXES[change.axis].high


def test_every_fault_of_a_file_is_reported_at_its_place(tmp_path: Path) -> None:
    text = faults(
        tmp_path,
        """rules:
  - name: jealousy
    when:
      tone: [tendre]
      relations:
        - {from: witness, to: adressee, kind: [lover]}
        - {from: witness, to: speaker, above: 0.5}
        - {from: witness, to: witness, kind: [lover]}
    then:
      - {from: witness, to: speaker, axis: afection, by: -3}
  - name: nothing
    wenn: {}
""",
    )
    lines = [line.split("rules.yaml:")[1] for line in text.splitlines() if "rules.yaml:" in line]
    assert next(line for line in lines if line.startswith("4:14:")).endswith("(did you mean 'tender'?)")
    assert any(line.startswith("6:31: ") and "(did you mean 'addressee'?)" in line for line in lines)
    assert any(line.startswith("7:11: ") and "'above' and 'below' need an 'axis'" in line for line in lines)
    assert any(line.startswith("8:11: ") and "'from' and 'to' are both the witness" in line for line in lines)
    assert any(line.startswith("10:44: ") and "(did you mean 'affection'?)" in line for line in lines)
    assert any("must be at least -2" in line for line in lines)
    assert any("'wenn' is not a field here (did you mean 'when'?)" in line for line in lines)
    assert any("'then' is missing" in line for line in lines)


def test_two_rules_of_one_name_are_refused(tmp_path: Path) -> None:
    assert "two rules are called 'rain'" in faults(tmp_path, "rules: [{name: rain, then: []}, {name: rain, then: []}]")


def test_an_axis_without_a_bound_and_a_condition_without_content_are_refused(tmp_path: Path) -> None:
    text = faults(
        tmp_path,
        """rules:
  - name: rain
    when: {relations: [{from: speaker, to: addressee, axis: heat}, {from: speaker, to: addressee}]}
    then: []
""",
    )
    assert "give 'above' or 'below' with axis 'heat'" in text
    assert "give 'kind', 'not_kind', or an 'axis' with 'above' or 'below'" in text


def test_names_that_do_not_exist_are_found(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(
        """rules:
  - name: rain
    when:
      speaker: [maria, sorya]
      knows: [{who: speaker, fact: the-leters}]
      ignorant: [{who: speaker, fact: the-letters}]
    then: []
""",
        encoding="utf-8",
    )
    document = load(path, RuleFile)
    found = unknown(document, ("rules",), document.value.rules, PEOPLE, ["the-letters"])
    assert [(fault.line, fault.column, fault.message) for fault in found] == [
        (4, 24, "speaker: 'sorya' is not in the cast (did you mean 'soraya'?)"),
        (5, 36, "knows: 'the-leters' is not a fact here (did you mean 'the-letters'?)"),
    ]


def test_the_shipped_file_says_what_the_axes_are() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert all(name in text for name in AXES)

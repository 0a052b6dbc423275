from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.performance import Performance
from engine.screen.relation_map import FORMATS, drawn, people, to_dot, to_mermaid, to_svg
from engine.screen.summary import Summary

SVG = "{http://www.w3.org/2000/svg}"
NASTY = 'Ana "la \\ <b>" & ]; end'


def summary(first: str = "Soraya", second: str = "María") -> Summary:
    edges = {
        first: {second: {"kind": "servant", "affection": -0.2, "heat": 0.5}},
        second: {first: {"kind": "boss"}, "Alma": {"kind": "stranger", "affection": 0.05}},
    }
    after = {**edges, first: {second: {"kind": "rival", "affection": -0.75, "heat": 0.5}}}
    return Summary.of(Performance("x", 1, (), summary={"relations": {"before": edges, "after": after}}))


def test_mermaid() -> None:
    assert to_mermaid(summary(), 'The "Party"') == (
        '---\ntitle: "The \\"Party\\""\n---\nflowchart LR\n'
        '  subgraph b ["Before"]\n'
        '    b0(["Soraya"])\n    b1(["María"])\n    b2(["Alma"])\n'
        '    b0 -->|"servant, affection -0.20, heat +0.50"| b1\n'
        '    b1 -->|"boss"| b0\n'
        "  end\n"
        '  subgraph a ["After"]\n'
        '    a0(["Soraya"])\n    a1(["María"])\n    a2(["Alma"])\n'
        '    a0 ==>|"rival, affection -0.75, heat +0.50"| a1\n'
        '    a1 -->|"boss"| a0\n'
        "  end\n"
        "  linkStyle 0 stroke:#967b79\n  linkStyle 1 stroke:#8c8c8c\n"
        "  linkStyle 2 stroke:#b34e43\n  linkStyle 3 stroke:#8c8c8c\n"
    )


def test_mermaid_escapes_names() -> None:
    assert 'b0(["Ana #34;la #92; #60;b#62;#34; #38; #93;#59; end"])' in to_mermaid(summary(NASTY), "x")


def test_dot() -> None:
    rows = to_dot(summary(NASTY), "The Party").splitlines()
    assert rows[0] == "digraph relations {"
    assert rows[-1] == "}"
    assert '    b0 [label="Ana \\"la \\\\ <b>\\" & ]; end"];' in rows
    assert '    a0 -> a1 [label="rival, affection -0.75, heat +0.50", color="#b34e43", penwidth=3.0];' in rows


@given(st.text(), st.text(), st.text())
def test_dot_quotations_are_closed(first: str, second: str, title: str) -> None:
    text = to_dot(summary(first, second), title)
    outside = re.sub(r'"(?:[^"\\]|\\.)*"', "", text)
    assert '"' not in outside
    assert "\\" not in outside
    assert outside.count("{") == outside.count("}") == 3


@given(st.text(), st.text(), st.text())
def test_svg_is_xml_and_keeps_names(first: str, second: str, title: str) -> None:
    data = summary(first, second)
    shown = [element.text or "" for element in ElementTree.fromstring(to_svg(data, "x")).iter(f"{SVG}text")]
    for name in people(data):
        assert shown.count(name) >= 2


def test_svg_has_an_arrow_and_a_tooltip_for_each_edge() -> None:
    root = ElementTree.fromstring(to_svg(summary(), "The Party"))
    arrows = [path for path in root.iter(f"{SVG}path") if path.get("fill") == "none"]
    assert [path.findtext(f"{SVG}title") for path in arrows] == [
        "Soraya to María: servant, affection -0.20, heat +0.50",
        "María to Soraya: boss",
        "Soraya to María: rival, affection -0.75, heat +0.50",
        "María to Soraya: boss",
    ]
    assert [path.get("opacity") for path in arrows] == ["0.9", "0.9", "0.9", "0.25"]
    assert arrows[2].get("marker-end") == "url(#hate)"


def test_faint_feelings_between_strangers_are_not_drawn() -> None:
    data = summary()
    assert ("María", "Alma") not in drawn(data, data.before)
    assert people(data) == ["Soraya", "María", "Alma"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_map_of_nobody_is_a_map(suffix: str) -> None:
    assert FORMATS[suffix](Summary.of(Performance("x", 1, ())), "Nobody").endswith("\n")


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_same_relations_give_the_same_map(suffix: str) -> None:
    assert FORMATS[suffix](summary(), "x") == FORMATS[suffix](summary(), "x")

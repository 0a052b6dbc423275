"""The map of relations before and after, as Mermaid, Graphviz DOT or SVG text. Opens no file.

Names stand in quotes in each format, and whatever could end a quotation is escaped.
"""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Mapping

from engine.screen.summary import AXES, Edge, Graph, Summary
from engine.sheets.messages import Messages, messages

#: An edge between strangers is drawn from this affection, trust or power on, and a move from this size on.
LEAST = 0.15
MOVED = 0.05

#: A map with more arrows than this says the kinds in tooltips only.
WORDS = 14

#: Hate, indifference, love: the ends and the middle of the scale of edge colours.
_HATE, _NEITHER, _LOVE = (192, 57, 43), (140, 140, 140), (39, 174, 96)


def people(summary: Summary) -> list[str]:
    """Everybody on the map, in the order in which the graph names them."""
    return list(dict.fromkeys(person for pair in [*summary.before, *summary.after] for person in pair))


def drawn(summary: Summary, edges: Graph) -> dict[tuple[str, str], Edge]:
    """The edges worth an arrow: of a kind, strong, or moved. Twelve people have 132 edges, and most say nothing."""
    moved = {(shift.source, shift.target) for shift in summary.shifts(MOVED)}
    return {
        pair: edge
        for pair, edge in edges.items()
        if pair in moved or edge.kind not in ("", "stranger") or _strength(edge) >= LEAST
    }


def to_mermaid(summary: Summary, title: str) -> str:
    """A Mermaid flowchart with two subgraphs, before and after; edges that moved are thick."""
    moved, said = {(shift.source, shift.target) for shift in summary.shifts(MOVED)}, messages(summary.language)
    rows, styles = ["---", f"title: {_yaml_quoted(title)}", "---", "flowchart LR"], list[str]()
    for prefix, heading, edges in (("b", said.before, summary.before), ("a", said.after, summary.after)):
        ids = {person: f"{prefix}{number}" for number, person in enumerate(people(summary))}
        rows.append(f'  subgraph {prefix} ["{heading}"]')
        rows += [f'    {id_}(["{_mermaid(person)}"])' for person, id_ in ids.items()]
        for pair, edge in drawn(summary, edges).items():
            arrow = "==>" if prefix == "a" and pair in moved else "-->"
            rows.append(f'    {ids[pair[0]]} {arrow}|"{_mermaid(_label(edge, said))}"| {ids[pair[1]]}')
            styles.append(f"  linkStyle {len(styles)} stroke:{_colour(edge)}")
        rows.append("  end")
    return "\n".join([*rows, *styles]) + "\n"


def to_dot(summary: Summary, title: str) -> str:
    """A Graphviz digraph with two clusters, before and after; edges that moved are bold."""
    moved, said = {(shift.source, shift.target) for shift in summary.shifts(MOVED)}, messages(summary.language)
    rows = [
        "digraph relations {",
        f"  label={_dot(title)}; labelloc=t; rankdir=LR; fontname=Helvetica;",
        "  node [shape=ellipse, fontname=Helvetica]; edge [fontname=Helvetica, fontsize=9];",
    ]
    for prefix, heading, edges in (("b", said.before, summary.before), ("a", said.after, summary.after)):
        ids = {person: f"{prefix}{number}" for number, person in enumerate(people(summary))}
        rows.append(f"  subgraph cluster_{prefix} {{ label={_dot(heading)};")
        rows += [f"    {id_} [label={_dot(person)}];" for person, id_ in ids.items()]
        for pair, edge in drawn(summary, edges).items():
            width = 3.0 if prefix == "a" and pair in moved else 1.0
            look = f'label={_dot(_label(edge, said))}, color="{_colour(edge)}", penwidth={width}'
            rows.append(f"    {ids[pair[0]]} -> {ids[pair[1]]} [{look}];")
        rows.append("  }")
    return "\n".join([*rows, "}"]) + "\n"


def to_svg(summary: Summary, title: str) -> str:
    """Two circles of people side by side, in the same places; an arrow's tooltip holds all its values.

    The colour runs from red (hate) to green (love), the width is the strength; after, what has not moved is faint.
    """
    names = people(summary)
    radius = max(130.0, 30.0 * len(names))
    size = 2 * radius + 150
    width, height = 2 * size, size + 110
    root = ElementTree.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {width:.0f} {height:.0f}",
            "width": f"{width:.0f}",
            "height": f"{height:.0f}",
            "role": "img",
            "font-family": "Helvetica, Arial, sans-serif",
        },
    )
    moved, said = {(shift.source, shift.target) for shift in summary.shifts(MOVED)}, messages(summary.language)
    ElementTree.SubElement(root, "title").text = said.map.format(title=title)
    ElementTree.SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": "#ffffff"})
    _text(root, width / 2, 34, title, size=22, weight="bold")
    _arrowheads(root)
    for number, (heading, edges) in enumerate(((said.before, summary.before), (said.after, summary.after))):
        centre = (number * size + size / 2, 62 + size / 2)
        places = _places(names, centre, radius)
        _text(root, centre[0], 66, heading, size=16)
        arrows = drawn(summary, edges)
        for pair, edge in arrows.items():
            faint = number == 1 and pair not in moved
            tip = f"{pair[0]} {said.to} {pair[1]}: {_label(edge, said)}"
            word = said.kind(edge.kind) if len(arrows) <= WORDS else ""
            _arrow(root, places[pair[0]], places[pair[1]], edge, tip, faint=faint, word=word)
        for name in names:
            _person(root, places[name], name)
    _text(root, width / 2, height - 18, said.legend)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


FORMATS: Mapping[str, Callable[[Summary, str], str]] = {".mmd": to_mermaid, ".dot": to_dot, ".svg": to_svg}


def _places(names: list[str], centre: tuple[float, float], radius: float) -> dict[str, tuple[float, float]]:
    """A circle, clockwise from the top: no arrow runs through a third person, before and after can be compared.

    One person alone stands in the centre.
    """
    if len(names) == 1:
        return {names[0]: centre}
    angles = (2 * math.pi * number / len(names) for number in range(len(names)))
    return {
        name: (centre[0] + radius * math.sin(angle), centre[1] - radius * math.cos(angle))
        for name, angle in zip(names, angles, strict=True)
    }


def _arrow(
    root: ElementTree.Element,
    start: tuple[float, float],
    end: tuple[float, float],
    edge: Edge,
    tip: str,
    *,
    faint: bool,
    word: str,
) -> None:
    """A curve that bends to its right, so that the two directions between a pair lie side by side."""
    across, down = end[0] - start[0], end[1] - start[1]
    length = math.hypot(across, down)
    if length == 0:
        return
    unit = (across / length, down / length)
    bend = 0.12 * length
    middle = ((start[0] + end[0]) / 2 - unit[1] * bend, (start[1] + end[1]) / 2 + unit[0] * bend)
    first, last = _towards(start, middle, 24), _towards(end, middle, 28)
    path = ElementTree.SubElement(
        root,
        "path",
        {
            "d": f"M{first[0]:.1f},{first[1]:.1f} Q{middle[0]:.1f},{middle[1]:.1f} {last[0]:.1f},{last[1]:.1f}",
            "fill": "none",
            "stroke": _colour(edge),
            "stroke-width": f"{1 + 3 * _strength(edge):.1f}",
            "opacity": "0.25" if faint else "0.9",
            "marker-end": f"url(#{_marker(edge)})",
        },
    )
    ElementTree.SubElement(path, "title").text = tip
    if word:
        # A third of the way along the curve, where the word for the other direction is not.
        x, y = (4 / 9 * a + 4 / 9 * b + 1 / 9 * c for a, b, c in zip(start, middle, end, strict=True))
        _text(root, x, y + 4, word, size=11)


def _towards(point: tuple[float, float], other: tuple[float, float], by: float) -> tuple[float, float]:
    length = math.hypot(other[0] - point[0], other[1] - point[1]) or 1.0
    return (point[0] + (other[0] - point[0]) / length * by, point[1] + (other[1] - point[1]) / length * by)


def _arrowheads(root: ElementTree.Element) -> None:
    """One marker a hue: an SVG 1.1 marker does not take the colour of its path."""
    definitions = ElementTree.SubElement(root, "defs")
    for name, colour in (("hate", _HATE), ("neither", _NEITHER), ("love", _LOVE)):
        marker = ElementTree.SubElement(
            definitions,
            "marker",
            {
                "id": name,
                "viewBox": "0 0 10 10",
                "refX": "8",
                "refY": "5",
                "markerWidth": "9",
                "markerHeight": "9",
                "markerUnits": "userSpaceOnUse",
                "orient": "auto",
            },
        )
        ElementTree.SubElement(marker, "path", {"d": "M0,0 L10,5 L0,10 z", "fill": _hex(colour)})


def _marker(edge: Edge) -> str:
    return "hate" if edge.affection < -LEAST else "love" if edge.affection > LEAST else "neither"


def _person(root: ElementTree.Element, place: tuple[float, float], name: str) -> None:
    ElementTree.SubElement(
        root,
        "circle",
        {"cx": f"{place[0]:.1f}", "cy": f"{place[1]:.1f}", "r": "22", "fill": "#f4f1ea", "stroke": "#444444"},
    )
    _text(root, place[0], place[1] + 5, name, size=13, weight="bold")


def _text(root: ElementTree.Element, x: float, y: float, text: str, *, size: int = 12, weight: str = "normal") -> None:
    attributes = {
        "x": f"{x:.1f}",
        "y": f"{y:.1f}",
        "text-anchor": "middle",
        "font-size": str(size),
        "font-weight": weight,
        # A white edge keeps a name readable where arrows pass beneath it.
        "paint-order": "stroke",
        "stroke": "#ffffff",
        "stroke-width": "3",
        "fill": "#222222",
    }
    ElementTree.SubElement(root, "text", attributes).text = text


def _label(edge: Edge, said: Messages) -> str:
    values = ", ".join(f"{said.axis(axis)} {edge.value(axis):+.2f}" for axis in AXES if abs(edge.value(axis)) >= 0.005)
    return ", ".join(part for part in (said.kind(edge.kind), values) if part) or said.nothing


def _strength(edge: Edge) -> float:
    return min(1.0, max(abs(edge.value(axis)) for axis in AXES[:3]))


def _colour(edge: Edge) -> str:
    share = min(1.0, abs(edge.affection))
    pole = _HATE if edge.affection < 0 else _LOVE
    return _hex(tuple(round(a + (b - a) * share) for a, b in zip(_NEITHER, pole, strict=True)))


def _hex(colour: tuple[int, ...]) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)


def _mermaid(text: str) -> str:
    """Mermaid's own entities for everything that could end a label or format it."""
    return re.sub(r"[^\w .,:+\-]", lambda match: f"#{ord(match[0])};", text)


def _yaml_quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _dot(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

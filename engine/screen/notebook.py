"""How notebooks show a performance and its relations. Knows no notebook: these are the methods that Jupyter calls."""

from __future__ import annotations

import html
from dataclasses import dataclass

from engine.performance import Performance
from engine.screen import relation_map
from engine.screen.export import to_html
from engine.screen.summary import Summary
from engine.text import one_line

#: Pixels of an entry, of the map at the end, and of the tallest frame; below that the frame scrolls.
_ENTRY, _MAP, _TALLEST = 70, 420, 900


def frame(performance: Performance) -> str:
    """The page of a performance in a frame of its own: its styles stay out of the notebook's."""
    height = min(_TALLEST, _ENTRY * len(performance.lines) + _MAP)
    page = html.escape(to_html(performance), quote=True)
    return f'<iframe srcdoc="{page}" style="width: 100%; height: {height}px; border: 0"></iframe>'


@dataclass(frozen=True)
class RelationMap:
    """Who feels what for whom, before and after a performance; a notebook shows it as a picture."""

    performance: Performance

    def _repr_svg_(self) -> str:
        return relation_map.to_svg(Summary.of(self.performance), one_line(self.performance.title))

"""Losses of a training as curves: small ones for the terminal, and a picture (SVG) with a frame for each voice."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportlab.graphics.charts.lineplots import LinePlot
    from reportlab.graphics.shapes import Shape

#: Cells of a small curve at the most; of a longer one neighbours are averaged.
CELLS = 60
_EIGHTHS = "▁▂▃▄▅▆▇█"
#: Frames side by side, and the size of each in pixels.
_ACROSS, _WIDTH, _HEIGHT = 2, 420, 260
_LEARNED, _HELD_OUT = "#8a8a8a", "#c0392b"


@dataclass
class Curve:
    """The losses of one voice in nats a token, by epoch: `learned` from epoch 1 on, `held_out` from epoch 0 on, the parent."""

    name: str
    learned: list[float] = field(default_factory=list)
    held_out: list[float] = field(default_factory=list)

    def add(self, learned: float | None, held_out: float | None) -> None:
        """One more epoch; None where nothing was measured."""
        self.learned += [] if learned is None else [learned]
        self.held_out += [] if held_out is None else [held_out]

    def rows(self) -> list[tuple[str, float, str]]:
        """Each curve as it is shown: its name, its last value, and its picture at a scale of its own; epochs stand one above
        the other."""
        found = [("learned", self.learned[-1], f" {spark(self.learned)}")] if self.learned else []
        return found + ([("held out", self.held_out[-1], spark(self.held_out))] if self.held_out else [])


def spark(values: Sequence[float]) -> str:
    """Values as bars of eighths side by side, from the lowest to the highest."""
    cells = min(CELLS, len(values))
    parts = [values[cell * len(values) // cells : (cell + 1) * len(values) // cells] for cell in range(cells)]
    means = [sum(part) / len(part) for part in parts]
    low, span = min(means), (max(means) - min(means)) or 1.0
    return "".join(_EIGHTHS[round(7 * (mean - low) / span)] for mean in means)


def to_svg(curves: Sequence[Curve]) -> str:
    """A picture of all curves, a frame a voice; the same curves give the same text."""
    # Here, since nobody waits for it who draws no picture.
    from reportlab.graphics import renderSVG
    from reportlab.graphics.shapes import Drawing, Group

    down = -(-len(curves) // _ACROSS)
    drawing = Drawing(_WIDTH * min(_ACROSS, len(curves)), _HEIGHT * down)
    for number, curve in enumerate(curves):
        row, column = divmod(number, _ACROSS)
        place = (1, 0, 0, 1, column * _WIDTH, (down - 1 - row) * _HEIGHT)
        drawing.add(Group(*_words(curve), *([_plot(curve)] if curve.rows() else []), transform=place))
    title = html.escape("Losses by epoch: " + ", ".join(curve.name for curve in curves))
    text = renderSVG.drawToString(drawing, svgAttrs={"role": "img", "style": "background: #ffffff"})
    return str(text).replace("<title>...</title>", f"<title>{title}</title>").replace("<desc>...</desc>", "")


def _words(curve: Curve) -> list[Shape]:
    """The name of a voice and what each line is."""
    from reportlab.graphics.shapes import String
    from reportlab.lib.colors import HexColor

    said = (
        (48, curve.name, "#222222", 14),
        (206, "learned, with dropout", _LEARNED, 11),
        (350, "held out", _HELD_OUT, 11),
    )
    return [
        String(x, _HEIGHT - 24, text, fontName="Helvetica", fontSize=size, fillColor=HexColor(colour))
        for x, text, colour, size in said
    ]


def _plot(curve: Curve) -> LinePlot:
    """Both lines over their epochs; nats a token upwards."""
    from reportlab.graphics.charts.lineplots import LinePlot
    from reportlab.graphics.widgets.markers import makeMarker
    from reportlab.lib.colors import HexColor

    plot = LinePlot()
    plot.x, plot.y, plot.width, plot.height = 48, 32, _WIDTH - 72, _HEIGHT - 72
    lines = ((1, curve.learned, _LEARNED), (0, curve.held_out, _HELD_OUT))
    shown = [(list(enumerate(values, first)), colour) for first, values, colour in lines if values]
    plot.data = [points for points, _ in shown]
    for number, (_, colour) in enumerate(shown):
        plot.lines[number].strokeColor, plot.lines[number].strokeWidth = HexColor(colour), 2
        plot.lines[number].symbol = makeMarker("FilledCircle", size=4)  # type: ignore[no-untyped-call]
    epochs = max(points[-1][0] for points, _ in shown)
    plot.xValueAxis.valueMin, plot.xValueAxis.valueMax = 0, max(1, epochs)
    plot.xValueAxis.valueStep = max(1, -(-epochs // 10))
    plot.yValueAxis.labelTextFormat = "%.2f"
    return plot

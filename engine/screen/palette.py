"""Which colour a character has, on a terminal and on a page. Knows nothing of sheets beyond the colour's name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.color import Color, ColorParseError

#: For characters without a (known) colour of their own: told apart on dark and on light grounds alike.
PALETTE: tuple[str, ...] = (
    "#c0392b", "#2980b9", "#b7791f", "#8e44ad", "#16a085", "#d35487", "#7f8c3d", "#5d6dc9",
)  # fmt: skip


def is_colour(colour: str) -> bool:
    """Whether a terminal knows this colour: `red`, `bright_blue`, `#c0392b`, `color(9)`."""
    try:
        Color.parse(colour.strip())
    except ColorParseError:
        return False
    return True


def page_colour(colour: str) -> str:
    """The colour as `#rrggbb` for a light page: darkened to a contrast of 4.5 with white (WCAG 2.2, 1.4.3) if need be.

    Raises ColorParseError for one that `is_colour` refuses.
    """
    channels = tuple(Color.parse(colour.strip()).get_truecolor())
    while 1.05 / (_luminance(channels) + 0.05) < 4.5:
        channels = tuple(int(channel * 0.95) for channel in channels)
    return "#" + "".join(f"{channel:02x}" for channel in channels)


def _luminance(channels: tuple[int, ...]) -> float:
    """Relative luminance, from 0 to 1, of red, green and blue from 0 to 255."""
    shares = (channel / 255 for channel in channels)
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def assign(names: Iterable[str], wanted: Mapping[str, str]) -> dict[str, str]:
    """A colour for each name: the wanted one where it is known, else the next of the palette."""
    given: dict[str, str] = {}
    for name in names:
        if name not in given:
            colour = wanted.get(name, "").strip()
            given[name] = colour if is_colour(colour) else PALETTE[len(given) % len(PALETTE)]
    return given

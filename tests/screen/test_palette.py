from __future__ import annotations

import pytest
from rich.color import ColorParseError

from engine.screen.palette import PALETTE, assign, is_colour, page_colour


def test_a_wanted_colour_is_given_where_the_terminal_knows_it() -> None:
    given = assign(["Soraya", "María", "Betty"], {"Soraya": "red", "María": "rojo"})
    assert given == {"Soraya": "red", "María": PALETTE[1], "Betty": PALETTE[2]}


def test_is_colour() -> None:
    assert is_colour("bright_blue")
    assert is_colour(" #c0392b ")
    assert not is_colour("rojo")
    assert not is_colour("")
    assert not is_colour("bold red")


@pytest.mark.parametrize("colour", ["white", "bright_yellow", "#ffffff", *PALETTE])
def test_page_colours_can_be_read_on_white(colour: str) -> None:
    hexes = page_colour(colour)
    shares = [int(hexes[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 4.5


def test_page_colour_keeps_a_dark_colour_and_refuses_an_unknown_one() -> None:
    assert page_colour("#c0392b") == "#c0392b"
    with pytest.raises(ColorParseError):
        page_colour("rojo")

from __future__ import annotations

from engine.speech.said import Said, content


def test_a_line_that_was_said_is_pushed_away() -> None:
    said = Said(["The soup is cold and so are you."])
    assert said.again("the soup is cold, and so are you!")
    assert not said.again("The soup is cold.")
    assert said.overlap("The soup is cold.") > said.overlap("The soup burns.") > said.overlap("Bread first.") == 0
    assert said.overlap("") == 0.0


def test_content_words_in_both_languages() -> None:
    assert content("Where is the soup? ¿Dónde está la sopa?") == {"soup", "dónde", "está", "sopa"}

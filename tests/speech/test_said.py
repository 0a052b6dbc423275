from __future__ import annotations

from engine.speech.said import Said, content


def test_a_line_that_was_said_is_known_again() -> None:
    said = Said(["The soup is cold and so are you."])
    assert said.again("the soup is cold, and so are you!")
    assert not said.again("The soup is cold.")


def test_words_wear_out_but_those_of_the_last_line_may_be_taken_up() -> None:
    said = Said(["The soup is cold.", "Cold soup!", "Eat it.", "Bread first."])
    assert said.worn("The soup is cold.") == 2.0
    assert said.worn("The soup burns.") == 1.0
    assert said.worn("Bread?") == said.worn("") == 0.0
    said.add("No bread.")
    assert said.worn("Bread?") == 1.0


def test_content_words_in_both_languages() -> None:
    assert content("Where is the soup? ¿Dónde está la sopa?") == {"soup", "dónde", "está", "sopa"}

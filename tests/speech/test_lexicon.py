from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import VoiceError
from engine.speech.lexicon import Lexicon

LEXICON = Lexicon.of(["the soup is cold and the well-made bread", "soup is the door's cold and Bread"])


def test_words_count_from_their_second_use_in_lower_case() -> None:
    assert LEXICON.words == {"the", "soup", "is", "cold", "and"}


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("The soup is cold.", []),
        ("Soup and the soup's cold", []),
        ("The glorp is cold", ["glorp"]),
        ("Is the Soup cold?", ["Soup"]),
        ("Cold. The soup -- is", []),
        ("SOUP", []),
        ("<you>, the <rival>'s soup", []),
        ("God and Christmas and I'm cold", []),
        ("soup-cold soup-glorp", ["soup-glorp"]),
        ("¡Soup! ¿Is 7 the cold?", []),
    ],
)
def test_what_no_reader_knows(text: str, unknown: list[str]) -> None:
    assert LEXICON.unknown(text) == unknown


def test_files_both_ways(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.txt"
    with pytest.raises(VoiceError, match="the list of known words is missing or broken"):
        Lexicon.load(path)
    path.write_text(LEXICON.to_text(), encoding="utf-8")
    assert Lexicon.load(path).words == LEXICON.words
    assert (LEXICON | Lexicon(["ñu"])).knows("Ñu")

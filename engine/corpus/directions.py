"""Stage directions as networks hear them: what the audience sees or hears between two lines.

Scripts and the stage choose them alike.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.corpus.text import clean

#: Directions before a line that its speaker has seen, at the most; and the words that one may have: longer ones are prose.
SEEN, LONGEST = 2, 24


def heard(directions: Sequence[str]) -> tuple[str, ...]:
    """The last short ones, in plain text without brackets; "Cut to:" is no direction."""
    texts = (clean(text).removeprefix("(").removesuffix(")").strip() for text in directions)
    return tuple(text for text in texts if text and len(text.split()) <= LONGEST and not text.endswith(":"))[-SEEN:]

"""The baseline to beat in reading: a Markov chain for each character (markovify), on the very lines her voice learned from.

Twice: as it comes, and under the rule of the voices that no line may stand in a script.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from engine.learning.places import Place, casting, known_people
from engine.report.extras import extra
from engine.report.generated import Source, Utterance
from engine.report.subject import Subject
from engine.speech.casting import Casting
from engine.speech.copying import Copies
from engine.text import tidy

#: markovify rejects by itself what overlaps its source too much, which in a small corpus is most of what it makes: so
#: many tries with its rejection, then so many without.
TRIES, UNCHECKED = 60, 20


def markov(subject: Subject, places: Mapping[str, Sequence[Place]], copies: Copies | None = None) -> Source:
    """A line for each place from a chain of order two over the character's nameless lines, names filled in as for voices.

    With `copies`, lines that stand in a script are refused.
    """
    markovify = extra("markovify")
    said = {}
    # markovify draws from Python's global generator, which is put back as it was.
    state = random.getstate()
    try:
        for who, of_one in places.items():
            lines = [place.line.text for place in subject.learned.get(who, ())]
            if not lines:
                continue
            chain = markovify.NewlineText("\n".join(lines), state_size=2, well_formed=False)
            utterances = []
            for number, place in enumerate(of_one):
                generator = subject.generator("markov", who, str(number))
                random.seed(int(generator.integers(2**32)))
                known = known_people(subject.troupe, place)
                utterances.append(_line(chain, place, casting(subject.troupe, who, place, known, generator), copies))
            said[who] = tuple(utterances)
    finally:
        random.setstate(state)
    return Source("Markov" if copies is None else "Markov, new", said)


def _line(chain: Any, place: Place, names: Casting, copies: Copies | None) -> Utterance:
    """The first line that can be said there; an ellipsis when there is none."""
    for attempt in range(TRIES + UNCHECKED):
        hidden = chain.make_sentence(tries=1, test_output=attempt < TRIES)
        text = names.fill(hidden) if hidden else None
        if text and not (copies and copies.copied(text)):
            return Utterance(place, tidy(text), hidden)
    return Utterance(place, "...", "...")

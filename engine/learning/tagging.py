"""Acts and tones for lines that have none: the network tags them, by which code makes the line likeliest.

For scripts from elsewhere and for lines that a person types: p(act | line) is p(line | act) by the base, times how likely
the act is here by the director (a noisy channel, as in Brown et al. 1993). Imports no TensorFlow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine import codes
from engine.corpus.gist import gist
from engine.frames import Frame
from engine.speech.director import Director
from engine.voices.sequences import Line, cue, prompt
from engine.voices.voice import LSTMVoice

#: How much the director's opinion counts beside the network's: the network has the words themselves.
PRIOR = 1.0


class Tagger:
    """Tags lines with a voice (the base) and, where there is one, a director."""

    def __init__(self, voice: LSTMVoice, director: Director | None = None):
        self.voice, self.director = voice, director

    def scene(self, lines: Sequence[Line], language: str = "en") -> list[Line]:
        """The lines of a scene with acts and gists; those that have an act stay as they are."""
        tagged: list[Line] = []
        for line in lines:
            tagged.append(line if line.act else self.line(tagged, line, language))
        return tagged

    def line(self, context: Sequence[Line], line: Line, language: str = "en") -> Line:
        """A line with the likeliest act, and the gist that stands in it."""
        scores = self.scores(context, line, language)
        act = max(codes.ACTS, key=lambda each: scores[each])
        return replace(line, act=act, gist=gist(line.text, language))

    def scores(self, context: Sequence[Line], line: Line, language: str = "en") -> dict[str, float]:
        """Log-probabilities, up to a constant, of every act of a line after `context`."""
        ids = self.voice.vocabulary.encode(line.text)
        names = [each.speaker for each in context[-codes.WINDOW :]]
        whole = prompt(self.voice.vocabulary, context, line, language)
        before = whole[: len(whole) - len(cue(self.voice.vocabulary, line, names))]
        rows = [[*cue(self.voice.vocabulary, line.framed(Frame(act, line.tone)), names), *ids] for act in codes.ACTS]
        given = len(rows[0]) - len(ids)
        nats = self.voice.nats(before, rows)
        likely = np.array([float(each[given:].sum()) for each in nats])
        if self.director is not None:
            prior = self.director.shares(context, line, "act")
            likely += PRIOR * np.log([max(1e-6, prior.get(act, 0.0)) for act in codes.ACTS])
        return dict(zip(codes.ACTS, likely.tolist(), strict=True))

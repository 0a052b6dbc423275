"""Acts and tones for lines that have none: the network tags them, by which code makes the line likeliest.

For scripts from elsewhere and for lines that a person types: p(act | line) is p(line | act) by the base, times how likely
the act is here by the director (a noisy channel, as in Brown et al. 1993). Imports no TensorFlow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

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

    def toned(self, context: Sequence[Line], line: Line, language: str = "en") -> Line:
        """A line with the likeliest tone; its act stays as it is."""
        nats = self._nats(context, line, [Frame(line.act, tone) for tone in codes.TONES], language)
        if self.director is not None:
            nats += PRIOR * _logs(self.director.shares(context, line, "tone"), codes.TONES)
        return replace(line, tone=codes.TONES[int(np.argmax(nats))])

    def scores(self, context: Sequence[Line], line: Line, language: str = "en") -> dict[str, float]:
        """Log-probabilities, up to a constant, of every act of a line after `context`."""
        likely = self._nats(context, line, [Frame(act, line.tone) for act in codes.ACTS], language)
        if self.director is not None:
            likely += PRIOR * _logs(self.director.shares(context, line, "act"), codes.ACTS)
        return dict(zip(codes.ACTS, likely.tolist(), strict=True))

    def _nats(self, context: Sequence[Line], line: Line, frames: Sequence[Frame], language: str) -> NDArray[np.float64]:
        """Log-likelihood of the line's words after each of some frames, all of the same length."""
        ids = self.voice.vocabulary.encode(line.text)
        names = [each.speaker for each in context[-codes.WINDOW :]]
        whole = prompt(self.voice.vocabulary, context, line, language)
        before = whole[: len(whole) - len(cue(self.voice.vocabulary, line, names))]
        rows = [[*cue(self.voice.vocabulary, line.framed(frame), names), *ids] for frame in frames]
        given = len(rows[0]) - len(ids)
        return np.array([float(each[given:].sum()) for each in self.voice.nats(before, rows)])


def _logs(shares: Mapping[str, float], names: Sequence[str]) -> NDArray[np.float64]:
    return np.log([max(1e-6, shares.get(name, 0.0)) for name in names])

"""Does a line answer the one before? How often the reply to a line ranks first among ten, nine of them drawn from elsewhere.

The judge is a small model of its own, which no choice among candidates uses: words, latent topics (LSA, Deerwester et
al. 1990) and openings of line and reply, weighted by a logistic regression that learned from the scripts to tell a real
reply from another. The nine others come from other scenes and the same source: once from anybody who speaks the
language, once from the same speaker, so that neither style nor topic of her show gives the answer away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.learning.places import Place
from engine.report.classifier import SOMEBODY, mask
from engine.report.extras import extra
from engine.report.generated import Source, Utterance
from engine.report.subject import Subject
from engine.report.table import Cell, Column, Table, margin

#: Replies to choose from, and how often nine others are drawn for each line.
AMONG, DRAWS = 10, 10
#: Latent topics (on validation scenes 4 to 24 did equally well, more did worse), openings that a reply may have, and
#: wrong replies for each right one in training, half of them by the same speaker.
TOPICS, OPENINGS, WRONG = 16, 60, 4
#: Ends of a line that ask for different answers; the last stands for every other end.
ENDS = ("?", "!", "--", "")

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Texts:
    """Some texts as the judge sees them: `words` sparse TF-IDF, `topics` (texts, topics) of length 1, `ends` and
    `openings` (texts, n) of 0 and 1."""

    words: Any
    topics: Floats
    ends: Floats
    openings: Floats


class Judge:
    """Trained on places of the scripts, by speaker."""

    def __init__(self, places: Mapping[str, Sequence[Place]], generator: np.random.Generator):
        text, linear = extra("sklearn.feature_extraction.text"), extra("sklearn.linear_model")
        decomposition, preprocessing = extra("sklearn.decomposition"), extra("sklearn.preprocessing")
        real = [(who, place) for who, of_one in places.items() for place in of_one if place.context]
        contexts, replies = [before(place) for _, place in real], [mask(place.line.text) for _, place in real]
        self._words = text.TfidfVectorizer(
            token_pattern=r"[^\W\d_]+", min_df=2, sublinear_tf=True, stop_words=[SOMEBODY.lower()]
        )
        # A topic is what stands together in a line and its answer: both are one document.
        together = self._words.fit_transform(
            [f"{context} {reply}" for context, reply in zip(contexts, replies, strict=True)]
        )
        self._openings = text.CountVectorizer(token_pattern=r"\w+|[?!.,]", max_features=OPENINGS, binary=True)
        self._openings.fit([_opening(reply) for reply in replies])
        topics = max(1, min(TOPICS, min(together.shape) - 1))
        self._topics = decomposition.TruncatedSVD(topics, random_state=int(generator.integers(2**31)), n_iter=3)
        self._topics.fit(together)
        self._scale = preprocessing.StandardScaler()
        self._model = linear.LogisticRegression(C=0.001, max_iter=100, tol=1e-3)
        asked, answers = self.read(contexts), self.read(replies)
        own = {who: np.flatnonzero([name == who for name, _ in real]) for who in places}
        by_speaker = [own[who][generator.integers(len(own[who]), size=WRONG // 2)] for who, _ in real]
        anybody = generator.integers(len(real), size=(len(real), WRONG - WRONG // 2))
        wrong = np.concatenate([np.stack(by_speaker), anybody], axis=1)
        rows = np.repeat(np.arange(len(real)), 1 + WRONG)
        columns = np.concatenate([np.arange(len(real))[:, None], wrong], axis=1).ravel()
        features = self._scale.fit_transform(self._features(asked, rows, answers, columns))
        self._model.fit(features, rows == columns)

    def read(self, texts: Sequence[str]) -> Texts:
        """Texts, each once, ready to be paired."""
        words = self._words.transform(texts)
        topics = self._topics.transform(words)
        topics /= np.maximum(np.linalg.norm(topics, axis=1, keepdims=True), 1e-9)
        ends = [next(number for number, end in enumerate(ENDS) if text.rstrip().endswith(end)) for text in texts]
        openings = self._openings.transform([_opening(text) for text in texts]).toarray()
        return Texts(words, topics, np.eye(len(ENDS))[ends], openings.astype(np.float64))

    def scores(self, asked: Texts, rows: Indices, answers: Texts, columns: Indices) -> Floats:
        """(pairs,): the higher, the likelier reply `columns[i]` answers line `rows[i]`."""
        features = self._scale.transform(self._features(asked, rows, answers, columns))
        return np.asarray(self._model.decision_function(features), np.float64)

    def _features(self, asked: Texts, rows: Indices, answers: Texts, columns: Indices) -> Floats:
        shared = np.asarray(asked.words[rows].multiply(answers.words[columns]).sum(axis=1)).reshape(-1, 1)
        topics = asked.topics[rows] * answers.topics[columns]
        shapes = asked.ends[rows][:, :, None] * answers.openings[columns][:, None, :]
        return np.hstack([shared, topics.sum(axis=1, keepdims=True), topics, shapes.reshape(len(rows), -1)])


def before(place: Place) -> str:
    """What is answered: the two lines before, the last one last, without names."""
    return " ".join(mask(line.text) for line in place.context[-2:])


def _opening(text: str) -> str:
    """The first words of a line: whether it begins as an answer does."""
    return " ".join(text.split()[:3])


def firsts(judge: Judge, said: Sequence[Utterance], by_speaker: bool, generator: np.random.Generator) -> list[float]:
    """For each line with something to answer: the share of `DRAWS` draws of nine others in which it ranks first."""
    lines = [each for each in said if each.place.context]
    if not lines:
        return []
    asked, answers = (
        judge.read([before(each.place) for each in lines]),
        judge.read([mask(each.hidden) for each in lines]),
    )
    scenes = np.array([id(each.place.passage) for each in lines])
    kinds = np.array([each.place.line.speaker if by_speaker else each.place.passage.language for each in lines])
    found = []
    for number in range(len(lines)):
        elsewhere = np.flatnonzero((scenes != scenes[number]) & (kinds == kinds[number]))
        if len(elsewhere) < AMONG - 1:
            continue
        others = np.stack([generator.choice(elsewhere, AMONG - 1, replace=False) for _ in range(DRAWS)])
        needed = np.unique(others)
        columns = np.append(needed, number)
        scores = judge.scores(asked, np.full(len(columns), number), answers, columns)
        # A tie is no first place, or a source that says one line over and over would win.
        found.append(float((scores[:-1][np.searchsorted(needed, others)].max(axis=1) < scores[-1]).mean()))
    return found


def answers_table(subject: Subject, sources: Sequence[Source]) -> Table:
    """One row a source: how often its reply ranks first among ten."""
    learned = {
        who: places for who, places in subject.learned.items() if sum(bool(place.context) for place in places) >= AMONG
    }
    rows: list[tuple[Cell, ...]] = []
    total = 0
    if learned:
        judge = Judge(learned, subject.generator("judge"))
        for source in sources:
            found = firsts(judge, source.lines, False, subject.generator("answers", source.name))
            own = firsts(judge, source.lines, True, subject.generator("answers", source.name, "own"))
            rate, of_own = (float(np.mean(each)) if each else None for each in (found, own))
            total += len(found)
            rows.append((source.name, len(found), 1 / AMONG, rate, margin(rate, len(found)), of_own))
    columns = (
        Column("said by"), Column("lines", "count"), Column("chance", "share"), Column("first among ten", "share"),
        Column("give or take", "share"), Column("nine by the same speaker", "share"),
    )  # fmt: skip
    notes = (
        "By a judge that the choice among candidates does not use; the other nine are what the same source says in other scenes.",
        "The row 'scripts' is how often this judge finds the real reply: it is a weak judge, and no source can be expected far above that.",
    )
    return Table("answers", "Does it answer?", columns, tuple(rows), total, notes)

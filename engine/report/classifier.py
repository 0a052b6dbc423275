"""An ordinary classifier names the speaker of a line: TF-IDF of words and characters, logistic regression (scikit-learn).

It learns from real lines, knows nothing of voices, and is asked about real held-out lines and about generated ones.
Every slot is one and the same word to it: whom somebody calls is the scene's doing, not the voice's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.learning.places import Place
from engine.report.extras import extra
from engine.report.generated import Source
from engine.report.subject import LESSON, TEN, Subject
from engine.report.table import Cell, Column, Table
from engine.report.tens import Named, name_speakers, overall

_SLOT = re.compile("|".join(re.escape(slot) for slot in codes.SLOTS))
#: The word that stands for every slot.
SOMEBODY = "Xy"


def mask(hidden: str) -> str:
    """A line with one word for every name."""
    return _SLOT.sub(SOMEBODY, hidden)


class Classifier:
    """Trained on the lines of some people: `scores(lines)` are log-probabilities (lines, people)."""

    def __init__(self, lines: Mapping[str, Sequence[str]]):
        text, linear = extra("sklearn.feature_extraction.text"), extra("sklearn.linear_model")
        pipeline = extra("sklearn.pipeline")
        self.people = tuple(lines)
        self._features = pipeline.FeatureUnion(
            [
                (
                    "words",
                    text.TfidfVectorizer(token_pattern=r"\w+|[^\w\s]", ngram_range=(1, 2), min_df=2, sublinear_tf=True),
                ),
                (
                    "characters",
                    text.TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=3, sublinear_tf=True),
                ),
            ]
        )
        texts = [mask(line) for each in lines.values() for line in each]
        labels = np.repeat(np.arange(len(self.people)), [len(each) for each in lines.values()])
        # Balanced: whoever speaks most is not to be the answer whenever in doubt.
        self._model = linear.LogisticRegression(C=10.0, class_weight="balanced", max_iter=400, tol=1e-3)
        self._model.fit(self._features.fit_transform(texts), labels)

    def scores(self, lines: Sequence[str]) -> NDArray[np.float64]:
        if not lines:
            return np.zeros((0, len(self.people)))
        found = self._model.predict_log_proba(self._features.transform([mask(line) for line in lines]))
        return np.asarray(found, np.float64)


def work(subject: Subject, people: Sequence[str]) -> float:
    """What the table costs for these people, as the subject's meter counts."""
    return LESSON * sum(
        len(subject.learned[who]) + len(subject.unlearned[who]) for _, group in subject.groups(people) for who in group
    )


def _taught(subject: Subject, places: Mapping[str, Sequence[Place]]) -> Classifier:
    """A classifier that has learned the lines of these places."""
    classifier = Classifier({who: [place.line.text for place in each] for who, each in places.items()})
    subject.meter.advance(LESSON * sum(map(len, places.values())))
    return classifier


def classifier_table(subject: Subject, sources: Sequence[Source]) -> Table:
    """How often the classifier names the speaker, for each source: a row a group, then a row a character of the voices."""
    people = [who for who in subject.by_lines if all(source.said.get(who) for source in sources)]
    rows: list[tuple[Cell, ...]] = []
    told: set[str] = set()
    for label, group in subject.groups(people):
        classifier = _taught(subject, {who: subject.learned[who] for who in group})
        strict = _taught(subject, {who: subject.unlearned[who] for who in group})
        last: dict[str, Named] = {}
        for source in sources:
            named = _ask(
                subject,
                classifier,
                label,
                source.name,
                {who: [each.hidden for each in source.said[who]] for who in group},
            )
            # The strict one has learned the scripts' held-out lines, so that it is asked about those that voices learned.
            unknown = {who: [each.hidden for each in source.said[who]] for who in group}
            if source.name == "scripts":
                chosen = {who: subject.some(subject.learned[who], len(unknown[who]), "strict", who) for who in group}
                unknown = {who: [place.line.text for place in places] for who, places in chosen.items()}
            single, ten, draws = overall(named)
            fair = overall(_ask(subject, strict, label, source.name, unknown))[1]
            rows.append(
                (
                    label,
                    source.name,
                    sum(each.lines for each in named.values()),
                    1 / len(group),
                    single,
                    draws,
                    ten,
                    fair,
                    "",
                )
            )
            last = named if source.name == "voices" else last
        # A principal's own row stands among principals only.
        for who, each in last.items():
            if who not in told:
                rows.append(
                    (who, "voices", each.lines, 1 / len(group), each.single, each.draws, each.ten, None, each.instead)
                )
        told |= set(last)
    columns = (
        Column("speaker"), Column("said by"), Column("lines", "count"), Column("chance", "share"), Column("one line", "share"),
        Column("tens", "count"), Column("ten lines", "share"), Column("ten, strict", "share"), Column("mistaken for"),
    )  # fmt: skip
    notes = (
        "A classifier trained on real lines names the speaker; the row 'scripts' is what it can do on real held-out ones.",
        "What copies the lines that it learned from is easy to name: a Markov chain does.",
        "The strict classifier learned from the few held-out lines alone, which neither voices nor chains have seen.",
        f"Tens of one speaker overlap; with fewer than {TEN} lines there are none.",
    )
    total = sum(len(source.lines) for source in sources)
    shown = tuple(column.name for column in columns if column.name not in {"chance", "tens"})
    title = "Who said it, by an ordinary classifier"
    return Table("attribution_classifier", title, columns, tuple(rows), total, notes, shown)


def _ask(
    subject: Subject, classifier: Classifier, label: str, source: str, lines: Mapping[str, Sequence[str]]
) -> dict[str, Named]:
    scores = {who: classifier.scores(lines[who]) for who in classifier.people}
    return name_speakers(
        scores, classifier.people, subject.effort.draws, subject.generator("classifier", label, source)
    )

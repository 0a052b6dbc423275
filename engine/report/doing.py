"""Does a line do what it was asked to do? Its act, by a classifier trained on real lines; its gist and topics, read off.

An ordinary classifier (that of `engine.report.classifier`) learns acts from the lines that voices learned from, and names
the acts of real held-out lines and of generated ones: what counts is the second as a share of the first. Gists are read by
the extractor that labelled the training lines, so that real lines are right by construction and stand beside for size only.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.corpus import topics
from engine.corpus.gist import gist
from engine.frames import Frame
from engine.report.classifier import Classifier
from engine.report.generated import Source, Utterance
from engine.report.subject import Subject
from engine.report.table import Cell, Column, Table
from engine.speech.agent import named

#: Lines that the classifier learns each act from, at the most.
MOST = 1500


def doing_table(subject: Subject, sources: Sequence[Source]) -> Table:
    """A row a source: how often its lines do the act, say the gist and name the topics of their places."""
    learned: dict[str, list[str]] = {}
    for places in subject.learned.values():
        for place in places:
            if place.line.act:
                learned.setdefault(place.line.act, []).append(place.line.text)
    rows: list[tuple[Cell, ...]] = []
    if len(learned) > 1:
        draw = subject.generator("acts")
        kept = {
            act: [lines[index] for index in draw.permutation(len(lines))[:MOST].tolist()]
            for act, lines in sorted(learned.items())
        }
        classifier = Classifier(kept)
        rows = [_row(classifier, source) for source in sources]
    columns = (
        Column("said by"), Column("lines", "count"), Column("act", "share"), Column("gist", "share"),
        Column("topics", "share"), Column("unbound", "count"),
    )  # fmt: skip
    notes = (
        "act: named right by a classifier trained on real lines; the row 'scripts' is what it can do on real held-out ones.",
        "gist: who does what as planned (half for the predicate alone); topics: of those asked for; unbound: topics that",
        "the scene does not speak of.",
    )
    return Table(
        "doing",
        "Does a line do what it was asked to do",
        columns,
        tuple(rows),
        sum(len(source.lines) for source in sources),
        notes,
    )


def _row(classifier: Classifier, source: Source) -> tuple[Cell, ...]:
    lines = [each for each in source.lines if each.place.line.act in classifier.people]
    scores = classifier.scores([each.hidden for each in lines])
    right = [
        classifier.people[int(np.argmax(row))] == each.place.line.act for row, each in zip(scores, lines, strict=True)
    ]
    plans = [each.place.line.frame for each in lines]
    said = [read(each) for each in lines]
    with_gist = [agreement(plan, frame) for plan, frame in zip(plans, said, strict=True) if plan.gist]
    with_topics = [named(plan, frame) for plan, frame in zip(plans, said, strict=True) if plan.topics]
    return (
        source.name,
        len(lines),
        float(np.mean(right)) if right else None,
        float(np.mean(with_gist)) if with_gist else None,
        float(np.mean(with_topics)) if with_topics else None,
        sum(unbound(each) for each in lines),
    )


def read(utterance: Utterance) -> Frame:
    """What a line says, by the extractor."""
    language = utterance.place.passage.language
    return Frame(None, None, gist(utterance.hidden, language), topics.said(utterance.hidden))


def unbound(utterance: Utterance) -> bool:
    """Does it speak of a topic that its scene does not?"""
    passage = utterance.place.passage
    seen = (text for line in passage.lines for text in line.seen)
    spoken_of = "; ".join([*passage.topics.values(), *passage.raw, *seen])
    return topics.unbound(utterance.hidden, spoken_of, passage.language)


def agreement(plan: Frame, frame: Frame) -> float:
    """How far a line says who does what as planned: 1 for all of it, 0.5 for the predicate or for no plan at all."""
    if plan.gist is None:
        return 0.5
    if frame.gist is None:
        return 0.0
    if frame.gist == plan.gist:
        return 1.0
    same = frame.gist.predicate == plan.gist.predicate and frame.gist.negated == plan.gist.negated
    return 0.5 if same else 0.0

"""What can be counted in generated lines without understanding them: copies, variety, loops, made-up words, wrong names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from engine import codes
from engine.learning.places import known_people
from engine.report.classifier import mask
from engine.report.generated import Source, Utterance
from engine.report.subject import Subject
from engine.report.table import Column, Table
from engine.speech.copying import WHOLE, Copies, words
from engine.speech.lexicon import Lexicon


@dataclass(frozen=True)
class Shelf:
    """What lines are held against: the scripts as spoken and with names masked, and every word of the training text."""

    spoken: Copies
    masked: Copies
    known: Lexicon


def shelf(subject: Subject, general: Lexicon, held_out: bool) -> Shelf:
    """`general` are the words of the base's general text. With `held_out`, the copy meter has the held-out scenes too;
    without, real held-out lines can be put to it."""
    passages = [passage for passage in subject.plan.passages if held_out or passage.part != "test"]
    learned = [text for passage in subject.plan.passages if passage.part != "test" for text in passage.raw]
    learned += [
        text
        for passage in subject.plan.continuations
        for text, line in zip(passage.raw, passage.lines, strict=True)
        if not line.played
    ]
    learned_words = Lexicon({word for text in learned for word in _folded(text)})
    return Shelf(
        Copies(text for passage in passages for text in passage.raw),
        Copies(mask(line.text) for passage in passages for line in passage.lines),
        general | learned_words,
    )


def _folded(text: str) -> set[str]:
    # A hyphenated word is known with its parts, as the lexicon looks it up.
    return {part for word in text.casefold().split() for part in (word.strip(".,;:!?¡¿\"'()-"), *words(word))}


def looping(text: str) -> bool:
    """Is a run of words said three times in a row, or one of four words or more twice?"""
    spoken = words(text)
    for size in range(1, len(spoken) // 2 + 1):
        times = 2 if size >= 4 else 3
        for start in range(len(spoken) - size * times + 1):
            run = spoken[start : start + size]
            if all(spoken[start + size * turn : start + size * (turn + 1)] == run for turn in range(1, times)):
                return True
    return False


def distinct(texts: Sequence[str], size: int, most: int) -> float | None:
    """Share of different runs of `size` words among the first `most` words of all texts (Li et al. 2016, distinct-n).

    The share falls with the number of words, so that sources are compared on equally many.
    """
    runs: list[tuple[str, ...]] = []
    seen = 0
    for text in texts:
        spoken = words(text)[: most - seen]
        seen += len(spoken)
        runs += [tuple(spoken[start : start + size]) for start in range(len(spoken) - size + 1)]
    return len(set(runs)) / len(runs) if runs else None


def in_turn(texts: Sequence[Sequence[str]]) -> list[str]:
    """Everybody's first text, everybody's second, and so on: the first so many words of a source are then everybody's."""
    return [text for row in zip_longest(*texts) for text in row if text is not None]


def unknown_words(known: Lexicon, hidden: str) -> list[str]:
    """Words of a line, slots apart, that stand in no training text; a capital in a strange place is no new word."""
    return [word for word in known.unknown(hidden) if not known.knows(word)]


def repeated(texts: Sequence[str]) -> int:
    """Lines that one and the same speaker has said before, word for word."""
    spoken = [" ".join(words(text)) for text in texts]
    return len(spoken) - len(set(spoken))


def misplaced(subject: Subject, each: Utterance) -> list[str]:
    """Names that nobody there knows, and the speaker's own name for somebody else."""
    place = each.place
    names = subject.troupe.names_in(place.passage.language)
    known = {*known_people(subject.troupe, place), place.addressee}
    speaker = place.line.speaker
    wrong = []
    for mention in names.mentions(each.text):
        if mention.who == speaker:
            # She may speak of herself, which is a slot of its own; her name in another slot is a slip.
            if codes.ME not in each.hidden and not any(own.who == speaker for own in names.mentions(each.hidden)):
                wrong.append(mention.form)
        elif mention.who not in known:
            wrong.append(mention.form)
    return wrong


def surface_table(subject: Subject, sources: Sequence[Source], general: Lexicon) -> Table:
    """One row a source; `general` are the words of the base's general text."""
    most = min((sum(len(words(each.text)) for each in source.lines) for source in sources), default=0)
    others = shelf(subject, general, held_out=False)
    # What is said is held against all scripts, real held-out lines against the others.
    everything = shelf(subject, general, held_out=True)
    rows = []
    for source in sources:
        held_against = others if source.name == "scripts" else everything
        lines = source.lines
        texts = [each.text for each in lines]
        mixed = in_turn([[each.text for each in said] for said in source.said.values()])
        long = [each for each in lines if len(words(each.text)) >= WHOLE]
        copied = [each for each in long if held_against.spoken.copied(each.text)]
        unspecific = [each for each in long if held_against.masked.copied(mask(each.hidden))]
        spoken = sum(len(words(each.hidden)) for each in lines)
        strange = sum(len(unknown_words(held_against.known, each.hidden)) for each in lines)
        rows.append(
            (
                source.name,
                len(lines),
                spoken / max(1, len(lines)),
                len(copied),
                len(unspecific),
                max((held_against.spoken.longest(text) for text in texts), default=0),
                distinct(mixed, 1, most),
                distinct(mixed, 2, most),
                sum(repeated([each.text for each in said]) for said in source.said.values()),
                sum(map(looping, texts)),
                strange / max(1, spoken),
                sum(len(misplaced(subject, each)) for each in lines),
            )
        )
    columns = (
        Column("said by"), Column("lines", "count"), Column("words a line", "1"), Column("copied", "count"),
        Column("but for names", "count"), Column("longest run", "count"), Column("distinct-1", "share"),
        Column("distinct-2", "share"), Column("repeated", "count"), Column("loops", "count"),
        Column("unknown words", "share"), Column("wrong names", "count"),
    )  # fmt: skip
    notes = (
        f"Copied: a line of {WHOLE} words or more that stands in a script, or shares a run of eight with one; real lines are held against the other scenes.",
        f"Distinct shares are of the first {most:,} words of each; signature phrases are left out of everything.",
        "Whoever speaks here may name who speaks in the scene and who was named in it before.",
    )
    return Table(
        "generated",
        "What is said",
        columns,
        tuple(rows),
        sum(len(source.lines) for source in sources),
        notes,
        turned=True,
    )

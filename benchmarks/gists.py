"""How often do the rules read the same gist as a person? `python -m benchmarks.gists`

Reads the marked lines of `tests/fixtures/gists/LANGUAGE.tsv` and prints, a row a section, how often `engine.corpus.gist`
finds the whole gist of the mark, its subject, its predicate and its polarity, and how many lines have a gist; then every
line where the two part. The rules were made with the section `dev`; `test` was marked when they were finished.
`--draw LANGUAGE SEED COUNT TROUPE` prints lines to mark instead.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from engine.command import run
from engine.corpus.gist import gist
from engine.frames import Gist
from engine.learning.passages import passages
from engine.troupe import Troupe

MARKED = Path(__file__).parent.parent / "tests/fixtures/gists"


@dataclass(frozen=True)
class Marked:
    """A line, the gist that a person gave it (None: no clause), and the one that the rules find."""

    text: str
    by_hand: Gist | None
    by_rule: Gist | None

    @property
    def agrees(self) -> bool:
        return self.by_hand == self.by_rule

    def same(self, part: Callable[[Gist], object]) -> bool:
        """Do both have the same part, or both no gist?"""
        if self.by_hand is None or self.by_rule is None:
            return self.by_hand is self.by_rule
        return part(self.by_hand) == part(self.by_rule)


@dataclass(frozen=True)
class Score:
    """Shares of lines: whole gists that agree, their parts, and lines with a gist by the rules and by hand."""

    whole: float
    subject: float
    predicate: float
    polarity: float
    by_rule: float
    by_hand: float


def marked(language: str = "en") -> dict[str, list[Marked]]:
    """The marked lines of each section: `# dev` and `# test` begin one, other comments and the header say nothing."""
    path = MARKED / f"{language}.tsv"
    sections: dict[str, list[Marked]] = {}
    current: list[Marked] = []
    for row in path.read_text(encoding="utf-8").splitlines():
        if row in {"# dev", "# test"}:
            current = sections.setdefault(row.removeprefix("# "), [])
        elif row and not row.startswith("#") and row != "text\tsubject\tpredicate\tnegated":
            text, subject, predicate, negated = row.split("\t")
            by_hand = None if subject == "-" else Gist(subject, predicate, negated == "1")
            current.append(Marked(text, by_hand, gist(text, language)))
    return sections


def score(lines: Sequence[Marked]) -> Score:
    def share(holds: Callable[[Marked], bool]) -> float:
        return sum(map(holds, lines)) / max(1, len(lines))

    return Score(
        share(lambda line: line.agrees),
        share(lambda line: line.same(lambda found: found.subject)),
        share(lambda line: line.same(lambda found: found.predicate)),
        share(lambda line: line.same(lambda found: found.negated)),
        share(lambda line: line.by_rule is not None),
        share(lambda line: line.by_hand is not None),
    )


def lines_with_an_act(troupe: Troupe, language: str) -> list[str]:
    """What the scripts of a language say, as networks see it, each text once."""
    spoken = [
        line.text for passage in passages(troupe) if passage.language == language for line in passage.lines if line.act
    ]
    return list(dict.fromkeys(spoken))


def report(sections: dict[str, list[Marked]]) -> None:
    table = Table("section", title="Do the rules read the gist that a person reads?", title_justify="left")
    for heading in ("lines", "whole gist", "subject", "predicate", "polarity", "have a gist", "by hand"):
        table.add_column(heading, justify="right")
    for name, lines in sections.items():
        found = score(lines)
        shares = (found.whole, found.subject, found.predicate, found.polarity, found.by_rule, found.by_hand)
        table.add_row(name, str(len(lines)), *(f"{share:.1%}" for share in shares))
    console = Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 100)
    console.print(table)
    for name, lines in sections.items():
        print(f"\n{name}: where they part (by hand | by rule | line)")
        for line in lines:
            if not line.agrees:
                print(f"  {line.by_hand or '-'!s:24} | {line.by_rule or '-'!s:24} | {line.text}")


def main() -> None:
    parser = argparse.ArgumentParser(description="How often do the rules read the same gist as a person?")
    parser.add_argument(
        "--draw", nargs=4, metavar=("LANGUAGE", "SEED", "COUNT", "TROUPE"), help="print lines to mark instead"
    )
    draw = parser.parse_args().draw
    if draw is None:
        report(
            {
                f"{path.stem} {name}": lines
                for path in sorted(MARKED.glob("*.tsv"))
                for name, lines in marked(path.stem).items()
            }
        )
        return
    language, seed, count, home = draw
    known = {line.text for lines in marked(language).values() for line in lines}
    texts = [text for text in lines_with_an_act(Troupe(Path(home)), language) if text not in known]
    print("\n".join(random.Random(int(seed)).sample(texts, int(count))))


if __name__ == "__main__":
    run(main)

"""What adopting found and did, for a person in a terminal. Text from scripts is text, never markup."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from engine.adoption.design import Design
from engine.adoption.gather import FEW_LINES, Gathered
from engine.adoption.trial import Trial
from engine.sheets.recipe import LEAST_LINES
from engine.text import one_line, printable, short

_MOST_ROWS, _MOST_NOTES = 20, 12
#: Lines shown of each file by a dry run, of how many files, and how much of each line.
_FIRST, _MOST_FILES, _LONGEST = 5, 4, 110


def found(console: Console, design: Design) -> None:
    """Files, speakers, lines without an owner, merges, and what nobody can be sure of."""
    gathered, company = design.gathered, design.company
    table = Table(
        "file", "format", title=Text(one_line(f"{gathered.title} ({gathered.language})")), title_justify="left"
    )
    for heading in ("speakers", "lines", "words", "unowned"):
        table.add_column(heading, justify="right")
    for source in gathered.sources:
        counts = source.counts
        lines = sum(counts.values())
        row = (
            f"{len(counts) - (None in counts):,}",
            f"{lines:,}",
            f"{source.words:,}",
            f"{counts[None] / max(1, lines):.0%}",
        )
        table.add_row(Text(one_line(source.path.name)), source.format, *row)
    if len(gathered.sources) > 1:
        people = sum(name is not None for name in gathered.counts)
        words = sum(source.words for source in gathered.sources)
        table.add_row(
            "all",
            "",
            f"{people:,}",
            f"{gathered.lines:,}",
            f"{words:,}",
            f"{gathered.unowned / max(1, gathered.lines):.0%}",
        )
    console.print(table)
    for sentence in too_few(design):
        console.print(Text(one_line(sentence)))
    _say(console, [f"left out: {text}" for text in gathered.skipped], "files")
    if gathered.unowned:
        why = dict.fromkeys(source.why_unowned for source in gathered.sources if source.counts[None])
        share = f"{gathered.unowned:,} of {gathered.lines:,} lines ({gathered.unowned / gathered.lines:.0%}) have no owner: {'; '.join(why)}."
        kept = (
            f" They have a voice of their own, {company.nobody}."
            if company.whole
            else " They are kept as what others answer to."
        )
        console.print(Text(one_line(share + kept)))
    _cast(console, design)
    if gathered.merges.sentences:
        console.print("Taken for one person (--keep-apart NAME undoes it):")
        # Every merge is told: a wrong one silently makes two people speak with one voice.
        _say(console, gathered.merges.sentences, "merges", len(gathered.merges.sentences))
    if design.unsure:
        console.print("Not sure:")
        _say(console, design.unsure, "more", _MOST_NOTES)


def _cast(console: Console, design: Design) -> None:
    company = design.company
    table = Table("speaker", "sheet", "voice")
    for heading in ("lines", "words", "median"):
        table.add_column(heading, justify="right")
    table.add_column("speaks most to")
    table.add_column("only hers")
    for name in company.sheets[:_MOST_ROWS]:
        who = company.ids[name]
        portrait = design.portraits[who]
        to = ", ".join(f"{design.names[other]} {share:.0%}" for other, share in portrait.partners[:2])
        words = ", ".join(key.text for key in portrait.favourites[:4])
        numbers = (f"{portrait.lines:,}", f"{portrait.words:,}", f"{portrait.median}")
        own = "own" if name in company.voices else "the show's"
        table.add_row(Text(one_line(name)), who, own, *numbers, Text(one_line(to)), Text(one_line(words)))
    console.print(table)
    if company.crowded:
        console.print(Text(one_line(crowded(design))))
    hidden = len(company.sheets) - _MOST_ROWS
    if hidden > 0:
        console.print(f"... and {hidden} smaller parts with the voice of the show.")
    if company.rest:
        console.print(Text(one_line(f"Without a sheet (too few lines): {short(company.rest, 12)}.")))


def too_few(design: Design) -> list[str]:
    """What to know of a small script before a voice is trained on it; nothing for a large one."""
    lines = design.gathered.lines
    if lines >= FEW_LINES or (design.company.voices and lines >= LEAST_LINES):
        return []
    most = max((count for name, count in design.gathered.counts.items() if name), default=0)
    return [
        f"{lines:,} lines are too few to learn a voice from: a voice of one's own needs about {LEAST_LINES} lines, and the largest part has {most:,}.",
        "What to do: adopt more scripts of the show at once (all episodes in one command), lower --min-lines and see what it sounds like, or go "
        "on: the cast then speaks with the base, and sheets, relations and scenes are the script's.",
    ]


def crowded(design: Design) -> str:
    """Who has lines enough for a voice and gets none, and what gives one to all of them."""
    company, counts = design.company, design.gathered.counts
    shown = short([f"{name} ({counts[name]:,} lines)" for name in company.crowded], 4)
    return (
        f"{len(company.voices)} get a voice of their own, the largest parts; {shown} would have lines enough: "
        f"--voices {len(company.voices) + len(company.crowded)} gives one to each, and each takes its time to train."
    )


def first_lines(console: Console, gathered: Gathered) -> None:
    """The first lines of each file as they were read, so that a writer sees at once whether they were read wrongly."""
    for source in gathered.sources[:_MOST_FILES]:
        console.print(Text(one_line(f"{source.path.name}, the first lines as read:")))
        for turn in itertools.islice(source.script.turns(), _FIRST):
            manner = f" ({turn.tone})" if turn.tone else ""
            said = one_line(turn.text)
            said = said if len(said) <= _LONGEST else said[:_LONGEST].rsplit(" ", 1)[0] + " ..."
            console.print(Text(f"  {one_line(turn.speaker or '(nobody)')}{manner}: {said}"))
    if len(gathered.sources) > _MOST_FILES:
        console.print(f"  ... and {len(gathered.sources) - _MOST_FILES} more files")


def trials(console: Console, found: Sequence[Trial]) -> None:
    """How each voice does on lines it has never seen, and how it sounds."""
    table = Table("voice")
    for heading in ("lines learned", "held out", "base", "perplexity", "lower by"):
        table.add_column(heading, justify="right")
    table.add_column("material")
    for trial in found:
        if trial.base is None or trial.own is None:
            figures = ("-", "-", "-")
        else:
            figures = (f"{trial.base:.1f}", f"{trial.own:.1f}", f"{1 - trial.own / trial.base:.0%}")
        table.add_row(Text(one_line(trial.name)), f"{trial.learned:,}", f"{trial.held_out:,}", *figures, trial.material)
    console.print(table)
    console.print("Perplexity a word, on scenes held out from training; lower is better.")
    for trial in found:
        console.print()
        for sample in trial.samples:
            console.print(Text(f"  {one_line(sample.asked)}", style="dim"))
            console.print(Text.assemble((f"  {one_line(trial.name).upper()}: ", "bold"), printable(sample.said)))


def _say(console: Console, sentences: Sequence[str], what: str, most: int = _MOST_NOTES) -> None:
    for sentence in sentences[:most]:
        console.print(Text(f"  {one_line(sentence)}"))
    if len(sentences) > most:
        console.print(f"  ... and {len(sentences) - most} {what}")

"""The reasons behind one entry as lines of text, for `--why` and for exported pages.

Knows nothing of how reasons come about: it reads `Entry.why`, `relations` and `learned`.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.performance import BidWhy, Entry, Judged, LineWhy
from engine.text import one_line

#: Reasons weaker than this say nothing; the strongest few of the others say enough.
LEAST, MOST = 0.005, 4
#: So many bids for a turn are shown: of fifty people most bid next to nothing.
BIDS = 6


def explain(entry: Entry) -> list[str]:
    """Lines such as `turn: Soraya 0.62 (named +1.20); María 0.21`, printable; none where nothing is known."""
    why = entry.why
    found: list[str] = []
    if why.beat:
        found.append(f"beat: {why.beat}" + (" (scripted)" if why.scripted else ""))
    if why.turn:
        found.append(_turn(why.turn) + (f" [{why.policy}]" if why.policy else ""))
    if entry.act:
        frame = ", ".join(filter(None, [entry.act, entry.tone, entry.gist, *entry.topics]))
        found.append(f"frame: {frame}" + _pulls(why.leaning, " (leaning {})"))
    if why.line is not None:
        found += _line(why.line)
    for learned in entry.learned:
        verb = "forgets" if learned.lost else "learns"
        found.append(f"knows: {learned.who} {verb} {learned.fact} (by {learned.by})")
    for change in entry.relations:
        found.append(
            f"relation: {change.source} to {change.target}: {change.axis}"
            f" {change.before:+.2f} to {change.after:+.2f} ({change.rule})"
        )
    return [one_line(each) for each in found]


def _turn(bids: tuple[BidWhy, ...]) -> str:
    shown = [
        f"{bid.who} {bid.share:.2f}" + _pulls(bid.because, " ({})")
        for bid in sorted(bids, key=lambda each: -each.share)[:BIDS]
    ]
    if len(bids) > BIDS:
        shown.append(f"and {len(bids) - BIDS} more")
    return "turn: " + "; ".join(shown)


def _pulls(pulls: Mapping[str, float], form: str) -> str:
    """The strongest of {reason: value}, strongest first."""
    strongest = sorted((item for item in pulls.items() if abs(item[1]) >= LEAST), key=lambda item: -abs(item[1]))
    text = ", ".join(f"{name} {pull:+.2f}" for name, pull in strongest[:MOST])
    return form.format(text) if text else ""


def _line(line: LineWhy) -> list[str]:
    found: list[str] = []
    if line.frames:
        found.append("bids: " + "; ".join(f"{frame} {nats:+.2f}" for frame, nats in line.frames))
    if line.refused_frames:
        found.append(f"frames refused: {_counts(line.refused_frames)}")
    if line.candidates:
        rejected = f", rejected: {_counts(line.rejected)}" if line.rejected else ""
        found.append(f"line: {line.candidates} candidates{rejected}")
    for name, judged in (("chosen", line.chosen), ("runner-up", line.runner_up)):
        if judged is not None:
            found.append(f"{name}: {_judged(judged)}")
    if line.words:
        found.append("words: " + ", ".join(line.words))
    if line.nearest is not None:
        near = line.nearest
        found.append(f'nearest: {near.path}:{near.line} overlap {near.overlap:.2f} "{near.text}"')
    return found


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in counts.items())


def _judged(judged: Judged) -> str:
    return f"{judged.total:.2f}" + _pulls(judged.scores, " = {}") + f' "{judged.text}"'

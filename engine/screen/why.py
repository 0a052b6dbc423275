"""The reasons behind one entry as lines of text, for `--why` and for exported pages.

Knows nothing of how reasons come about: it reads the plain data of `Entry.why`, `relations` and `learned`,
shows the parts it knows in sentences and any other part as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from engine.performance import Entry
from engine.text import one_line

#: Reasons weaker than this say nothing; the strongest few of the others say enough.
LEAST, MOST = 0.005, 4
#: So many bids for a turn are shown: of fifty people most bid next to nothing.
BIDS = 6


def explain(entry: Entry) -> list[str]:
    """Lines such as `turn: Soraya 0.62 (named +1.20); María 0.21`, printable; none where nothing is known."""
    found: list[str] = []
    for key, value in entry.why.items():
        form = _FORMS.get(key)
        try:
            found += form(value) if form else [f"{one_line(key)}: {plain_value(value)}"]
        except (TypeError, ValueError, AttributeError, KeyError):
            # Saved by another version, or by somebody's own stage: shown as it is rather than not at all.
            found.append(f"{one_line(key)}: {plain_value(value)}")
    for learned in entry.learned:
        verb = "forgets" if learned.lost else "learns"
        found.append(one_line(f"knows: {learned.who} {verb} {learned.fact} (by {learned.by})"))
    for change in entry.relations:
        found.append(
            one_line(
                f"relation: {change.source} to {change.target}: {change.axis}"
                f" {change.before:+.2f} to {change.after:+.2f} ({change.rule})"
            )
        )
    return found


def plain_value(value: object) -> str:
    """Any plain data on one line: `a 0.50, b (c, d)`."""
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, Mapping):
        return ", ".join(f"{one_line(str(key))} {_nested(item)}" for key, item in value.items()) or "nothing"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_nested(item) for item in value) or "nothing"
    return one_line(str(value))


def _nested(value: object) -> str:
    text = plain_value(value)
    return f"({text})" if isinstance(value, Mapping | list | tuple) else text


def _turn(value: object) -> list[str]:
    bids = sorted(cast("list[dict[str, object]]", value), key=lambda bid: -_number(bid["bid"]))
    shown = [_bid(bid) for bid in bids[:BIDS]]
    if len(bids) > BIDS:
        shown.append(f"and {len(bids) - BIDS} more")
    return ["turn: " + ("; ".join(shown) or "nothing")]


def _bid(bid: Mapping[str, object]) -> str:
    return f"{one_line(str(bid['who']))} {_number(bid['bid']):.2f}" + _pulls(bid.get("because") or {}, " ({})")


def _pulls(pulls: object, form: str = "{}") -> str:
    """The strongest of {reason: value}, strongest first."""
    if not isinstance(pulls, Mapping) or not all(isinstance(pull, int | float) for pull in pulls.values()):
        return form.format(plain_value(pulls))
    strongest = sorted((item for item in pulls.items() if abs(item[1]) >= LEAST), key=lambda item: -abs(item[1]))
    text = ", ".join(f"{one_line(str(name))} {pull:+.2f}" for name, pull in strongest[:MOST])
    return form.format(text) if text else ""


def _tone(value: object) -> list[str]:
    if not isinstance(value, Mapping):
        return [f"tone: {plain_value(value)}"]
    rest = {key: item for key, item in value.items() if key not in ("chosen", "pull", "because")}
    text = one_line(str(value["chosen"] or "none")) + _pulls(value.get("pull") or {}, " ({})")
    text += _pulls(value.get("because") or {}, " because {}")
    return [f"tone: {text}" + (f", {plain_value(rest)}" if rest else "")]


def _line(value: object) -> list[str]:
    if not isinstance(value, Mapping):
        return [f"line: {plain_value(value)}"]
    found: list[str] = []
    counts = [f"{plain_value(value['candidates'])} candidates"] if "candidates" in value else []
    if value.get("rejected"):
        counts.append(f"rejected: {plain_value(value['rejected'])}")
    if counts:
        found.append("line: " + ", ".join(counts))
    for key, name in (("chosen", "chosen"), ("runner_up", "runner-up")):
        if value.get(key):
            found.append(f"{name}: " + _candidate(value[key]))
    if value.get("nearest"):
        near = value["nearest"]
        place = ":".join(one_line(str(near[key])) for key in ("file", "line") if key in near)
        overlap = f" overlap {_number(near['overlap']):.2f}" if "overlap" in near else ""
        found.append(f"nearest: {place}{overlap} {_quoted(near.get('text', ''))}".rstrip())
    known = ("chosen", "runner_up", "nearest", "candidates", "rejected")
    found += [f"{one_line(str(key))}: {plain_value(item)}" for key, item in value.items() if key not in known]
    return found


def _candidate(value: object) -> str:
    if not isinstance(value, Mapping):
        return plain_value(value)
    total = f"{_number(value['total']):.2f}" if "total" in value else ""
    scores = _pulls(value.get("scores") or {}, " = {}" if total else "{}")
    return " ".join(part for part in (f"{total}{scores}", _quoted(value.get("text", ""))) if part)


def _quoted(text: object) -> str:
    shown = one_line(str(text))
    return f'"{shown}"' if shown else ""


def _number(value: object) -> float:
    if isinstance(value, int | float):
        return float(value)
    raise TypeError(f"{value!r} is no number")


_FORMS: Mapping[str, Callable[[object], list[str]]] = {"turn": _turn, "tone": _tone, "line": _line}

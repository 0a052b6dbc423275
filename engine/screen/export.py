"""Performance -> files, by suffix; and the relation map. Each is written whole or not at all.

Knows nothing of the stage. Names and text are made printable and escaped as each format asks.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path

from engine.errors import TelenovelaError
from engine.files import write_bytes
from engine.performance import Entry, Performance
from engine.screen import palette, relation_map, transcript
from engine.screen.bill import Bill
from engine.screen.final_draft import to_fdx
from engine.screen.paper import to_pdf
from engine.screen.subtitles import to_srt, to_vtt
from engine.screen.summary import Summary
from engine.screen.tables import to_csv, to_markdown, to_voiceover
from engine.screen.why import explain
from engine.sheets.messages import messages
from engine.text import one_line


def write(performance: Performance, path: Path, colours: Mapping[str, str] | None = None) -> None:
    """Write `path` in the format of its suffix (see FORMATS); `colours` (name to colour) are for pages.

    Raises TelenovelaError for an unknown suffix, ScriptError for a damaged summary, and TelenovelaError for a
    place that cannot be written, or for letters that no font has.
    """
    check(path)
    if path.suffix.lower() == ".html":
        _save(path, to_html(performance, colours or {}))
    else:
        _save(path, FORMATS[path.suffix.lower()](performance))


def write_map(performance: Performance, path: Path) -> None:
    """Write the map of relations before and after as `.mmd`, `.dot` or `.svg`; raises as `write` does."""
    check_map(path)
    draw = relation_map.FORMATS[path.suffix.lower()]
    _save(path, draw(Summary.of(performance), one_line(performance.title)))


def check(path: Path) -> None:
    """Raises TelenovelaError for a path that `write` would refuse; to be asked before a scene is played."""
    _check_suffix(path, list(FORMATS), "a performance")


def check_map(path: Path) -> None:
    """Raises TelenovelaError for a path that `write_map` would refuse."""
    _check_suffix(path, list(relation_map.FORMATS), "a relation map")


def to_text(performance: Performance) -> str:
    """What `--plain` prints of the lines."""
    return "".join(f"{transcript.plain(entry)}\n" for entry in performance.lines)


def to_fountain(performance: Performance) -> str:
    """A Fountain script, in the form of the script library: tone and addressee in the parenthetical."""
    bill = Bill.of(performance)
    notes = [(bill.messages.setting, bill.setting), (bill.messages.cast, ", ".join(bill.cast))]
    page = [f"Title: {bill.title}", f"Credit: {bill.messages.played_by}", "Author: Telenovela"]
    if any(text for _, text in notes):
        page += ["Notes:", *(f"    {name}: {text}" for name, text in notes if text)]
    blocks = ["\n".join(page), f".{bill.title.lstrip('.').strip().upper()}"]
    previous: str | None = None
    for entry in performance.lines:
        if entry.kind == "direction":
            blocks.append(_fountain_action(_fountain_text(transcript.direction(entry.text)[1:-1])))
        else:
            # Who is spoken to is said where it is not plain: the answer to the last line is.
            to = one_line(entry.to) if entry.to and entry.to != previous else ""
            aside = ", ".join(part for part in (one_line(entry.tone or ""), f"to {to}" if to else "") if part)
            rows = [_fountain_cue(entry.speaker), f"({aside})" if aside else "", _fountain_text(entry.text)]
            blocks.append("\n".join(row for row in rows if row))
            previous = entry.speaker
    return "\n\n".join(blocks) + "\n"


def to_html(performance: Performance, colours: Mapping[str, str] | None = None) -> str:
    """One page that needs nothing else: the script, the reasons folded away, and the relation map."""
    summary = Summary.of(performance)
    title = html.escape(one_line(performance.title))
    names = [one_line(entry.speaker or "") for entry in performance.lines if entry.kind == "line"]
    given = palette.assign(names, {one_line(name): colour for name, colour in (colours or {}).items()})
    bill, said = Bill.of(performance), messages(performance.language)
    head = [("setting", bill.setting), ("cast", ", ".join(bill.cast))]
    body = [f"<h1>{title}</h1>", *(f'<p class="{kind}">{html.escape(text)}</p>' for kind, text in head if text)]
    body += [*(_html_entry(entry, given) for entry in performance.lines)]
    if performance.ended:
        body.append(f'<p class="direction">{html.escape(said.the_end.format(why=one_line(performance.ended)))}</p>')
    if relation_map.people(summary):
        body += [
            f"<h2>{html.escape(said.between)}</h2>",
            f"<figure>{relation_map.to_svg(summary, one_line(performance.title)).rstrip()}</figure>",
        ]
    return (
        f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f'<meta name="viewport" content="width=device-width">\n<style>{_STYLE}</style>\n</head>\n<body>\n'
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


FORMATS: Mapping[str, Callable[[Performance], str | bytes]] = {
    ".json": Performance.to_json,
    ".fountain": to_fountain,
    ".fdx": to_fdx,
    ".pdf": to_pdf,
    ".txt": to_text,
    ".md": to_markdown,
    ".html": to_html,
    ".srt": to_srt,
    ".vtt": to_vtt,
    ".csv": to_csv,
    ".zip": to_voiceover,
}

_STYLE = """
body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 "Courier Prime", Courier, monospace;
  background: #fffdf8; color: #222; }
h1, h2 { text-align: center; }
.direction, .setting { font-style: italic; }
.cast { text-align: center; }
.line { margin: 1.2rem 12%; }
.cue { margin: 0 0 0 22%; font-weight: bold; }
.tone { margin: 0 0 0 12%; font-style: italic; }
.speech { margin: 0; }
details { color: #777; font-size: .8rem; }
ul { margin: 0; padding-left: 1rem; }
figure { margin: 0; }
svg { width: 100%; height: auto; }
"""


def _check_suffix(path: Path, allowed: list[str], what: str) -> None:
    suffix = path.suffix.lower()
    if suffix in allowed:
        return
    near = get_close_matches(suffix, allowed, n=1, cutoff=0.5)
    hint = f" (did you mean '{near[0]}'?)" if near else ""
    given = f"'{suffix}'" if suffix else "no suffix"
    raise TelenovelaError(f"{path}: {what} is written as {', '.join(allowed)}, and this has {given}{hint}")


def _save(path: Path, content: str | bytes) -> None:
    try:
        write_bytes(path, content if isinstance(content, bytes) else content.encode("utf-8"))
    except OSError as error:
        raise TelenovelaError(f"{path}: cannot be written: {error.strerror or error}") from error


#: What Fountain takes for something else than a cue or an action at the beginning of a line.
_HEADING = re.compile(r"(INT|EXT|EST|I/E|INT\./EXT)[. ]", re.IGNORECASE)


def _fountain_text(text: str) -> str:
    """One line without emphasis, notes or comments that nobody wrote: `/\\*` opens none."""
    text = re.sub(r"([*_])", r"\\\1", one_line(text))
    return text.replace("[[", "[ [")


def _fountain_cue(name: str | None) -> str:
    """The name in capitals, with `@` where it would not be taken for a cue."""
    shown = transcript.cue(name).rstrip("^ ")
    safe = shown[:1].isalpha() and not _HEADING.match(shown) and not shown.endswith(":")
    # A letter without capitals (日本) makes no cue either.
    return shown if safe and any(letter.isupper() for letter in shown) else f"@{shown}"


def _fountain_action(text: str) -> str:
    """A paragraph of action, forced (`!`) where it looks like anything else."""
    plain_start = text[:1].isalnum() or text[:1] in "¡¿\"'"
    return text if plain_start and text.upper() != text and not _HEADING.match(text) else f"!{text}"


def _html_entry(entry: Entry, colours: Mapping[str, str]) -> str:
    if entry.kind == "direction":
        rows = [f'<p class="direction">{html.escape(transcript.direction(entry.text))}</p>']
    else:
        colour = palette.page_colour(colours[one_line(entry.speaker or "")])
        name = html.escape(transcript.cue(entry.speaker))
        rows = ['<div class="line">', f'<p class="cue" style="color:{colour}">{name}</p>']
        if entry.tone:
            rows.append(f'<p class="tone">({html.escape(one_line(entry.tone))})</p>')
        rows += [f'<p class="speech">{html.escape(one_line(entry.text))}</p>', "</div>"]
    reasons = "".join(f"<li>{html.escape(reason)}</li>" for reason in explain(entry))
    if reasons:
        rows.insert(-1 if entry.kind == "line" else 1, f"<details><summary>why</summary><ul>{reasons}</ul></details>")
    return "\n".join(rows)

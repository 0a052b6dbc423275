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
from engine.files import write_text
from engine.performance import Entry, Performance
from engine.screen import palette, relation_map, transcript
from engine.screen.summary import Summary
from engine.screen.why import explain
from engine.text import one_line

#: Subtitles: characters a second that a viewer reads, seconds that one stays at least, and the pause between two.
READING, SHORTEST, PAUSE = 15.0, 1.2, 0.15
#: Two rows of this many characters are what fits under a picture.
ROW = 42


def write(performance: Performance, path: Path, colours: Mapping[str, str] | None = None) -> None:
    """Write `path` in the format of its suffix (see FORMATS); `colours` (name to colour) are for pages.

    Raises TelenovelaError for an unknown suffix, ScriptError for a damaged summary, and TelenovelaError for a
    place that cannot be written.
    """
    check(path)
    if path.suffix.lower() == ".html":
        text = to_html(performance, colours or {})
    else:
        text = FORMATS[path.suffix.lower()](performance)
    _save(path, text)


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
    title = one_line(performance.title)
    blocks = [f"Title: {title}\nCredit: played by\nAuthor: Telenovela", f".{title.lstrip('.').strip().upper()}"]
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


def to_srt(performance: Performance) -> str:
    """SubRip subtitles, timed by reading speed; long lines are spread over several."""
    numbered, clock = list[str](), 0.0
    for entry in performance.lines:
        for shown in _subtitles(entry):
            end = clock + max(SHORTEST, len(shown) / READING)
            if entry.kind == "direction":
                shown = f"<i>{shown}</i>"
            numbered.append(f"{len(numbered) + 1}\n{_stamp(clock)} --> {_stamp(end)}\n{shown}\n")
            clock = end + PAUSE
    return "\n".join(numbered)


def to_html(performance: Performance, colours: Mapping[str, str] | None = None) -> str:
    """One page that needs nothing else: the script, the reasons folded away, and the relation map."""
    summary = Summary.of(performance)
    title = html.escape(one_line(performance.title))
    names = [one_line(entry.speaker or "") for entry in performance.lines if entry.kind == "line"]
    given = palette.assign(names, {one_line(name): colour for name, colour in (colours or {}).items()})
    body = [f"<h1>{title}</h1>", *(_html_entry(entry, given) for entry in performance.lines)]
    if performance.ended:
        body.append(f'<p class="direction">The end: {html.escape(one_line(performance.ended))}</p>')
    if relation_map.people(summary):
        body += [
            "<h2>Between them</h2>",
            f"<figure>{relation_map.to_svg(summary, one_line(performance.title)).rstrip()}</figure>",
        ]
    return (
        f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f'<meta name="viewport" content="width=device-width">\n<style>{_STYLE}</style>\n</head>\n<body>\n'
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


FORMATS: Mapping[str, Callable[[Performance], str]] = {
    ".json": Performance.to_json,
    ".fountain": to_fountain,
    ".txt": to_text,
    ".html": to_html,
    ".srt": to_srt,
}

_STYLE = """
body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 "Courier Prime", Courier, monospace;
  background: #fffdf8; color: #222; }
h1, h2 { text-align: center; }
.direction { font-style: italic; }
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


def _save(path: Path, text: str) -> None:
    try:
        write_text(path, text)
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


#: Players read <b> and {\an8}, and `-->` makes a timing line: angle quotes and parentheses stand in.
_UNMARKED = str.maketrans("<>{}", "\u2039\u203a()")


def _subtitles(entry: Entry) -> list[str]:
    """An entry in subtitles of at most two rows, with the speaker's name; nothing in it is markup."""
    text = transcript.plain(entry).translate(_UNMARKED)
    rows = _rows(text)
    return ["\n".join(rows[start : start + 2]) for start in range(0, len(rows), 2)]


def _rows(text: str) -> list[str]:
    """Text in rows of at most ROW characters; only a word that is longer is cut."""
    rows = [""]
    for word in text.split():
        while len(word) > ROW:
            rows.append(word[:ROW])
            word = word[ROW:]
        longer = f"{rows[-1]} {word}" if rows[-1] else word
        if len(longer) <= ROW:
            rows[-1] = longer
        else:
            rows.append(word)
    return [row for row in rows if row]


def _stamp(seconds: float) -> str:
    """`00:01:02,345`."""
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d},{rest % 1000:03d}"


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

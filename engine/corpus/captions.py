"""Timed captions -> turns: who speaks, what is no speech, and which captions are one sentence. Knows no file format.

A caption names its speaker as `NAME:`, `[Name]`, `(name)` or by the format's own means (`voice`), or says with a
dash or `>>` that somebody else speaks. Speech that nobody is named for stays nobody's: it is never given to the
last name that was heard, except where `>>` marks every change of speaker and so vouches for it.
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.corpus.cues import name_of
from engine.corpus.labels import NO_TITLE, Labels, is_sound
from engine.corpus.reader import Draft
from engine.corpus.text import clean, sayable
from engine.corpus.turns import Turn

#: Seconds of silence that end a scene, and that end a sentence that has no full stop.
SCENE_GAP, SENTENCE_GAP = 12.0, 4.0
#: Captions that one sentence may run over; more is a file without punctuation.
MOST_JOINED = 8

_TAG = re.compile(r"<(?!/?v\b)/?[A-Za-z0-9][^<>\n]{0,200}>|\{\\[^{}\n]*\}|\{[yYcC]:[^{}\n]*\}")
_VOICE = re.compile(r"<v(?:\.[\w.-]+)?[ \t]++([^<>\n]*)>|</v>")
_DASH = re.compile(r"\s{0,8}(?:[-‐–—―]{1,2}|•)\s{0,8}(?=[^\w\s-]{0,4}\w|[(\[♪])")
#: The end of a sentence that a row had no room for.
_TAIL = re.compile(r"[-–—.…!?\"'”’»)]{1,8}")
_CHEVRONS = re.compile(r"(?<![\s>])\s{0,8}>{2,}\s{0,8}")
_MUSIC = re.compile(r"[♪♫♬♩]|(?:^|\s)#(?=\s)")
#: Gaps are bounded, so that a row of blanks costs no more than its length.
_COLON = re.compile(
    r"\s{0,8}([^\W_][^:：<>\[\]()\n]{0,39}?)[ \t]{0,4}(?:[(\[][^()\[\]]{0,60}[)\]])?[ \t]{0,4}[:：](?=\s|$|[A-Z\"'“¡¿]|[^\x00-\x7f])\s*"
)
#: A label within a row: after the end of a sentence, a name that may have a title before it and brackets after it.
_SECOND = re.compile(
    r"(?<=[.!?…\"”’)\]—-] )"
    + NO_TITLE
    + r"(?=((?:[^\W\d_]{2,4}\. )?[^\W_][^:<>\[\]()\n.!?…,;]{0,39}?)[ \t]?(?:[(\[][^()\[\]]{0,60}[)\]])?:\s)"
)
_BRACKET = re.compile(r"\s{0,8}[\[(]([^\[\]()]*)[\])]\s{0,4}:?\s*")
#: Rows of nothing but words, as most are: no dash before them, and no mark in them that may say who speaks or sings.
_ROWS = r"(?:[ \t]*+[\"'“«¿¡….]{0,4}+[^\W_][^\n\[\](){}<>:*#♪♫♬♩]*+\n?+)++"
_PLAIN = re.compile(_ROWS)
#: The same, said by one person whom the format names.
_VOICED = re.compile(rf"<v(?:\.[\w.-]+)?[ \t]++([^<>\n]*)>({_ROWS})(?:</v>)?")
_BRACKETED = re.compile(r"\[[^\[\]]*\]|\([^()]*\)|\*[^*\n]{2,40}\*")
_SMALL_START = re.compile(r"(?:\.\.\.|…)?\s*[\"'“]?[a-záéíóúüñàèçâêîôû]")


@dataclass(frozen=True, slots=True)
class Caption:
    """One caption as its file has it: `start` and `end` in seconds (None: unknown), text of one or more lines."""

    text: str
    line: int
    start: float | None = None
    end: float | None = None
    voice: str | None = None


@dataclass(slots=True)
class _Piece:
    """A run of words by one speaker, and whether the caption says that a new speaker begins here."""

    text: str
    speaker: str | None
    fresh: bool
    line: int
    start: float | None
    end: float | None
    joined: int = 1
    words: list[str] = field(default_factory=list)


def drafts(captions: Sequence[Caption]) -> tuple[list[Draft], list[str]]:
    """Scenes (cut at long silences) with their turns, and notes on what was left out or unsure."""
    prepared = _unrolled([_untagged(caption) for caption in captions])
    voices = sum(caption.voice is not None or "<v" in caption.text for caption in prepared)
    labels = Labels.of_captions([caption.text for caption in prepared], voiced=2 * voices > len(prepared))
    shouted = _all_capitals(prepared)
    chevrons = sum(">>" in caption.text for caption in prepared)
    vouched = chevrons >= 2 and chevrons * 20 >= len(prepared)
    pieces: list[_Piece] = []
    silent = 0
    pending: str | None = None
    for caption in prepared:
        if _is_aside(caption, labels):
            silent += 1
            continue
        found, pending = _pieces(caption, labels, pending)
        silent += not found
        pieces += found
    if vouched:
        _carry(pieces)
    scenes = _scenes(_joined(pieces, vouched))
    speakers = [piece.speaker for piece in pieces if piece.speaker] if shouted else []
    names = {word.lower(): word for speaker in speakers for word in speaker.split() if len(word) > 2}
    result = [
        Draft(_clock(scene[0].start), scene[0].line, [_turn(piece, shouted, names) for piece in scene])
        for scene in scenes
    ]
    for draft in result:
        draft.turns = [turn for turn in draft.turns if turn.text]
    notes = list(labels.notes)
    if silent:
        notes.append(f"{silent} captions of sounds, music or lyrics were left out")
    if shouted:
        notes.append("the captions are all in capitals: they were set in sentence case, names as far as they are known")
    return result, notes


def _is_aside(caption: Caption, labels: Labels) -> bool:
    """Whether a whole caption stands in one pair of brackets and names nobody: it tells what is seen or heard."""
    text = caption.text.strip()
    if text[:1] not in {"(", "["} or text[-1:] not in {")", "]"}:
        return False
    depth = 0
    for number, char in enumerate(text):
        depth += (char in "([") - (char in ")]")
        if depth == 0 and number + 1 < len(text):
            return False  # "(a) and (b)" is not in one pair
    return labels.bracketed(text[1:-1]) is None


def _untagged(caption: Caption) -> Caption:
    """A caption without markup, its entities as characters; `<v Name>` stays."""
    text = caption.text
    if not ("<" in text or "{" in text or "&" in text):
        return caption
    bare = html.unescape(_TAG.sub("", text))
    return caption if bare == text else replace(caption, text=bare)


def _unrolled(captions: list[Caption]) -> list[Caption]:
    """Captions that roll up, as YouTube's do, repeat the line before: those lines are taken out again."""
    rows = [[row.strip() for row in caption.text.split("\n") if row.strip()] for caption in captions]
    rolled = [False, *(_rolls(*pair) for pair in itertools.pairwise(zip(captions, rows, strict=True)))]
    if sum(rolled) < 2 or sum(rolled) * 4 < len(captions):
        return captions
    kept: list[Caption] = []
    before: list[str] = []
    for caption, now, rolls in zip(captions, rows, rolled, strict=True):
        most = min(len(before), len(now)) if rolls else 0
        same = next((n for n in range(most, 0, -1) if before[-n:] == now[:n]), 0)
        if now[same:]:
            kept.append(replace(caption, text="\n".join(now[same:])))
        before = now or before
    return kept


def _rolls(before: tuple[Caption, list[str]], after: tuple[Caption, list[str]]) -> bool:
    """Whether a caption follows at once on the one before and repeats its last line ("No." twice is another thing)."""
    if not before[1] or not after[1] or before[1][-1] != after[1][0]:
        return False
    end, start = before[0].end, after[0].start
    return end is not None and start is not None and abs(start - end) < 0.05


def _pieces(caption: Caption, labels: Labels, pending: str | None) -> tuple[list[_Piece], str | None]:
    """The pieces of one caption. `pending` is a name that stood alone in the caption before."""
    if caption.voice is None and pending is None and _PLAIN.fullmatch(caption.text):
        words = " ".join(caption.text.split())
        return [_Piece(words, None, False, caption.line, caption.start, caption.end)], None
    voiced = _VOICED.fullmatch(caption.text) if caption.text.startswith("<v") else None
    if voiced:
        words, who = " ".join(voiced[2].split()), name_of(voiced[1]) or None
        return [_Piece(words, who, True, caption.line, caption.start, caption.end)], None
    pieces: list[_Piece] = []
    speaker, fresh = caption.voice or pending, bool(caption.voice or pending)

    def begin(name: str | None) -> None:
        pieces.append(_Piece("", name, True, caption.line, caption.start, caption.end))

    pieces.append(_Piece("", speaker, fresh, caption.line, caption.start, caption.end))
    for row, voice in _rows(caption.text):
        if voice is None and _PLAIN.fullmatch(row):
            pieces[-1].words.append(row.strip())
            continue
        if voice is not None:
            begin(voice or None)
        chevrons = _CHEVRONS.match(row) if ">>" in row else None
        dash = None if chevrons else _DASH.match(row)
        if chevrons or dash:
            row = row[(chevrons or dash).end() :]  # type: ignore[union-attr]
            begin(None)
        # ">> JANE: Yes. >> No." holds two changes in one row.
        changes = _CHEVRONS.split(row) if ">>" in row else [row]
        for number, part in enumerate(piece for changed in changes for piece in _labelled(changed, labels)):
            if number:
                begin(None)
            name, part = _label(part, labels)
            if name:
                begin(name)
            words = _words(part)
            if words or (pieces[-1].words and _TAIL.fullmatch(part.strip())):
                pieces[-1].words.append(words or part.strip())
    last = pieces[-1]
    alone = last.speaker if last.fresh and not last.words else None
    found = [piece for piece in pieces if piece.words]
    for piece in found:
        piece.text = " ".join(piece.words)
    # A name alone on its caption is the next one's speaker; a sound between the two does not change that.
    return found, (alone or None) if not found or alone else None


def _labelled(row: str, labels: Labels) -> list[str]:
    """A row cut before every further label in it: "Let it. MARIT: I will not." holds two speeches."""
    if ": " not in row:
        return [row]
    cuts = [0, *(match.start() for match in _SECOND.finditer(row) if labels.named(match[1]) is not None), len(row)]
    return [row[start:stop] for start, stop in itertools.pairwise(cuts) if row[start:stop].strip()] or [row]


def _rows(text: str) -> list[tuple[str, str | None]]:
    """The rows of a caption; with `<v Name>` the name that a row begins with ("" after `</v>`), else None."""
    result: list[tuple[str, str | None]] = []
    for row in text.split("\n"):
        if "<v" not in row and "</v" not in row:
            result.append((row, None))
            continue
        parts = _VOICE.split(row)
        if parts[0].strip():
            result.append((parts[0], None))
        for name, words in zip(parts[1::2], parts[2::2], strict=True):
            if name is not None or words.strip():
                result.append((words, name_of(name) if name else ""))
    return result


def _label(row: str, labels: Labels) -> tuple[str | None, str]:
    """The speaker that a row names, and the rest of it."""
    bracket = _BRACKET.match(row)
    if bracket:
        name = labels.bracketed(bracket[1])
        if name:
            return name, row[bracket.end() :]
        row = row[bracket.end() :]
    colon = _COLON.match(row) if ":" in row else None
    if colon:
        name = labels.named(colon[1])
        if name:
            return name, row[colon.end() :]
    return None, row


def _words(row: str) -> str:
    """What is spoken in a row: no sounds, no lyrics."""
    if _MUSIC.search(row):
        return ""
    if "[" in row or "(" in row or "*" in row:
        row = _BRACKETED.sub(lambda match: " " if match[0][0] != "(" or _is_direction(match[0]) else match[0], row)
    row = row.strip()
    return row if sayable(row) else ""


def _is_direction(bracketed: str) -> bool:
    """Whether round brackets hold a sound or a manner, not an aside that is spoken."""
    inner = bracketed[1:-1].strip()
    return is_sound(inner) or inner.isupper() or len(inner.split()) <= 3


def _carry(pieces: list[_Piece]) -> None:
    """Where `>>` marks every change of speaker, a name holds until the next mark."""
    current: str | None = None
    for piece in pieces:
        if piece.fresh:
            current = piece.speaker
        else:
            piece.speaker = current


def _joined(pieces: list[_Piece], vouched: bool) -> list[_Piece]:
    """Pieces with every sentence that runs over several captions made one."""
    ended = sum(_is_ended(piece.text) for piece in pieces)
    if ended * 5 < len(pieces):
        return pieces  # no punctuation: a caption is all that can be told apart
    result: list[_Piece] = []
    for piece in pieces:
        last = result[-1] if result else None
        if last is None or piece.fresh or last.joined >= MOST_JOINED or _silence(last, piece) > SENTENCE_GAP:
            result.append(piece)
            continue
        goes_on = not _is_ended(last.text) or (last.text.endswith(("...", "…")) and _SMALL_START.match(piece.text))
        if goes_on or (vouched and last.speaker is not None):
            last.text += " " + piece.text
            last.end, last.joined = piece.end, last.joined + 1
        else:
            result.append(piece)
    return result


def _is_ended(text: str) -> bool:
    """Whether a sentence ends with a text, or is broken off."""
    return text.rstrip("\"'”’)]").endswith((".", "!", "?", "…")) or text.endswith(("--", "—"))


def _silence(before: _Piece, after: _Piece) -> float:
    if before.end is None or after.start is None:
        return 0.0
    return after.start - before.end


def _scenes(pieces: list[_Piece]) -> list[list[_Piece]]:
    scenes: list[list[_Piece]] = []
    for piece in pieces:
        if not scenes or _silence(scenes[-1][-1], piece) > SCENE_GAP:
            scenes.append([])
        scenes[-1].append(piece)
    return scenes


def _turn(piece: _Piece, shouted: bool, names: Mapping[str, str]) -> Turn:
    text = _sentence_case(piece.text, names) if shouted else piece.text
    return Turn(piece.speaker, clean(text), None, None, piece.line)


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return ""
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def _all_capitals(captions: Sequence[Caption]) -> bool:
    """Whether the captions are shouted from beginning to end: a thing of old decoders, not of the speakers."""
    sample = "".join(caption.text for caption in captions[:: 1 + len(captions) // 1000])
    capitals, letters = sum(map(str.isupper, sample)), sum(map(str.isalpha, sample))
    return letters >= 40 and capitals >= 0.93 * letters


_I = re.compile(r"\bi\b(?=$|[\s'’.,!?;:])")
_START = re.compile(r"(?:^|[.!?…][\"'”’)]*\s+|--\s*$)[\"'“¡¿(]*([^\W\d_])")


_WORDS = re.compile(r"[^\W\d_]+")


def _sentence_case(text: str, names: Mapping[str, str]) -> str:
    """Shouted text in lower case, but for the beginnings of sentences and the words of `names` (by lower case)."""
    text = _I.sub("I", text.lower())
    text = _START.sub(lambda match: match[0][:-1] + match[1].upper(), text)
    return _WORDS.sub(lambda match: names.get(match[0].lower(), match[0]), text)

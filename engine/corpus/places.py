"""Rows that are no speech whatever surrounds them: headings of acts and scenes, transitions, lists of the cast."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from engine.corpus.text import word_set

#: Headings of plays, by their first word, in the languages of many plays.
_ACTS = (
    "ACT|SCENE|PROLOGUE|EPILOGUE|EPISODE|PART|CHAPTER|ACTO|ESCENA|CUADRO|JORNADA|PRÓLOGO|EPÍLOGO|EPISODIO|ACTE|SCÈNE|SCENE"
    "|TABLEAU|PROLOGUE|ÉPILOGUE|ÉPISODE|AKT|AUFZUG|AUFTRITT|SZENE|BILD|ATTO|SCENA|QUADRO|ATO|CENA|ACT[EU]L|SCENĂ|AKTUS|SZÍN"
    "|ДЕЙСТВИЕ|АКТ|СЦЕНА|КАРТИНА|ЯВЛЕНИЕ|ПРОЛОГ|ЭПИЛОГ|ДІЯ|ЯВА|ΠΡΑΞΗ|ΣΚΗΝΗ|PERDE|SAHNE|BEDRIJF|TONEEL|AKTI|KOHTAUS|DĚJSTVÍ|VÝSTUP|ODSŁONA"
)
_ORDINALS = (
    "one two three four five six seven eight nine ten first second third fourth fifth last uno dos tres cuatro cinco primero primera segundo segunda tercero tercera un deux trois "
    "quatre cinq premier première deuxième second troisième quatrième erster zweiter dritter vierter fünfter primo "
    "prima secondo terzo quarto quinto"
)
_ORDINAL = "|".join(_ORDINALS.split())
_HEADING = re.compile(
    rf"[ \t_*=#]*(?:(?:{_ACTS})\b[^a-zà-ÿ\n]{{0,60}}"
    rf"|(?:{'|'.join(word.capitalize() for word in _ACTS.split('|'))})[ \t]+(?:[IVXLC]+|\d+|(?:{_ORDINAL}))\b[^\n:]{{0,40}}"
    rf"|(?:[IVXLC]+|\d+|{_ORDINAL})\.?[ \t]+(?:{_ACTS})\b[^\n:]{{0,40}}"
    rf")[_*=. \t]*$",
    re.IGNORECASE,
)
_SLUG = re.compile(
    r"[ \t*_]*(?:\d{1,4}[A-Z]?[.)]?[ \t]+)?(?:INT|EXT|EST|I/E|INT\.?/EXT|EXT\.?/INT)(?:\.|[ \t])[ \t]?\S", re.IGNORECASE
)
_CHINESE = re.compile(r"\s*第[一二三四五六七八九十百\d]+[幕场場回集章]")
_WIKI = re.compile(r"\s*(={2,5})[^=\n]{1,80}\1\s*$|\s*#{1,6}[ \t]+\S")
_TRANSITION = re.compile(
    r"[ \t>*_]*(?:FADE (?:IN|OUT|TO BLACK|TO)|CUT (?:TO|TO BLACK)|SMASH CUT(?: TO)?|MATCH CUT(?: TO)?|DISSOLVE(?: TO)?|"
    r"JUMP CUT(?: TO)?|WIPE(?: TO)?|THE END|END|FIN|TELÓN|RIDEAU|CURTAIN|VORHANG|BLACKOUT|ЗАНАВЕС|FUNDIDO(?: A NEGRO)?|CORTE A)"
    r"[ \t]*+[.:]*+[ \t*_]*+$"
)
#: Rows in capitals that name no one in a screenplay.
_NOBODY = word_set(
    """
    LATER CONTINUED CONTINUOUS MONTAGE INTERCUT FLASHBACK SUPER TITLE TITLES CREDITS DAY NIGHT MORNING EVENING DAWN DUSK
    MEANWHILE OMITTED END BACK RESUME INSERT ANGLE CLOSE CLOSEUP WIDE POV CUT FADE DISSOLVE SAME CONT'D CONT MORE SHOT
    MOMENTS PAGE REVISED DRAFT COPYRIGHT CHAPTER ACT SCENE EPISODE TEASER COLD OPEN TAG COPY FINAL SIGUE CONTINÚA
    """
)
_CAST = re.compile(
    r"[ \t_*#=']*(?:DRAMATIS PERSON[AÆ]E?|PERSONS? (?:OF|IN) THE PLAY|(?:THE )?CHARACTERS?(?: (?:LIST|IN THE PLAY))?|(?:LIST OF )?CHARACTERS|CAST(?: OF CHARACTERS| LIST)?|THE CAST|"
    r"(?:LOS )?PERSONAJES|PERSONAS|REPARTO|(?:LES )?PERSONNAGES|DISTRIBUTION|PERSONEN|DIE PERSONEN|PERSONAGGI|PERSONAGENS|ДЕЙСТВУЮЩИЕ ЛИЦА|"
    r"OSOBY|HENKILÖT|KİŞİLER|ΠΡΟΣΩΠΑ|登場人物|人物)[ \t]*+[:：.]?+[_*=']*+[ \t]*+$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_MARKS = " \t_*=#"
#: How headings begin.
_STARTS = frozenset(
    word[:3].upper()
    for word in (
        *_ACTS.replace("[EU]", "E").replace("ACTE?", "ACTE").split("|"),
        *_ORDINALS.split(),
        "INT",
        "EXT",
        "EST",
        "I/E",
        "第",
    )
)
_STARTS |= {f"第{digit}" for digit in "一二三四五六七八九十百0123456789"}
_NO_NUMERAL = re.compile(r"(?![IVXLC]+\b)").match
#: First words of the heading of a list of the cast.
_CAST_WORDS = word_set(
    """
    DRAMATIS PERSON PERSONS CHARACTER CHARACTERS LIST CAST THE PERSONAJES PERSONAS REPARTO LOS PERSONNAGES LES DISTRIBUTION
    PERSONEN DIE PERSONAGGI PERSONAGENS ДЕЙСТВУЮЩИЕ OSOBY HENKILÖT KİŞİLER ΠΡΟΣΩΠΑ 登場人物 人物
    """
)


@lru_cache(maxsize=65536)
def _may_begin(start: str) -> bool:
    """Whether three letters may begin a heading."""
    start = start.upper()
    return start in _STARTS or start[:1].isdigit() or not _NO_NUMERAL(start)


def is_place(row: str) -> bool:
    """Whether a row is the heading of an act or a scene, in the manner of plays, screenplays, wikis or Markdown."""
    if not _may_begin(row[:24].lstrip(_MARKS)[:3]) and row.lstrip()[:1] not in {"=", "#"}:
        return False  # told by three letters: nearly every row is asked
    return (
        len(row) < 200
        and bool(_HEADING.match(row) or _SLUG.match(row) or _CHINESE.match(row) or _WIKI.match(row))
        and not _CAST.match(row)
    )


def is_transition(row: str) -> bool:
    """Whether a row says how one picture follows on the other, or that the play is over."""
    return len(row) < 80 and _TRANSITION.match(row) is not None


def is_nobody(name: str) -> bool:
    """Whether words in capitals are an instruction of a screenplay (`MOMENTS LATER`), not somebody's name."""
    words = [word.upper() for word in _WORD.findall(name)]
    return bool(words) and (words[0] in _NOBODY or words[-1] in {"LATER", "CONTINUED", "OMITTED", "POV", "SHOT"})


def cast_rows(rows: Sequence[str], labelled: Callable[[str], str]) -> frozenset[int]:
    """The numbers (from 0) of rows in a list of the cast. `labelled` tells the name that a row is a cue of, or "".

    A list lasts until the next act or scene; where none comes before people begin to answer each other, it ends at
    the first blank row below its entries: a list names nobody twice.
    """
    found: set[int] = set()
    at = 0
    while at < len(rows):
        if _is_cast(rows[at]):
            stop = _end_of_cast(rows, at + 1, labelled)
            found.update(range(at, stop))
            at = stop
        at += 1
    return frozenset(found)


def _is_cast(row: str) -> bool:
    """Whether a row is the heading of a list of the cast."""
    if len(row) > 60 or row[:1] in {"", " "}:
        return False
    first = row[:30].strip(_MARKS + "':：.").split(None, 1)
    return bool(first) and first[0].upper().rstrip(":：.*_'") in _CAST_WORDS and _CAST.match(row) is not None


def _end_of_cast(rows: Sequence[str], start: int, labelled: Callable[[str], str]) -> int:
    seen: set[str] = set()
    blank = 0  # where the list ends if people speak before any heading
    entries = 0
    for number in range(start, len(rows)):
        row = rows[number]
        if not row.strip():
            if entries and not blank:
                blank = number
            continue
        if is_place(row):
            return number
        entries += 1
        name = labelled(row)
        if name and name in seen:
            return blank or start
        seen.add(name)
    return blank or len(rows)

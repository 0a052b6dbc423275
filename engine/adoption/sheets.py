"""Portraits and ties as YAML that a writer changes: cast sheets, the training sheet, the world. Text in, text out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from engine.adoption.portrait import Portrait
from engine.adoption.ties import Bond
from engine.corpus.text import word_set
from engine.sheets.recipe import TuningRecipe
from engine.text import one_line

_WIDTH = 110
_PLAIN = re.compile(r"[^\W\d_][\w-]*\Z")
#: Plain words that YAML, of one version or another, reads as something else.
_TRAPS = word_set("true false null yes no on off y n")

_DESCRIPTION = {
    "en": ("{lines} of {total} lines{partner}.", ", mostly to {}", "The voice of all lines that the script names nobody for.", "A second voice, to answer the first."),
    "es": ("{lines} de {total} réplicas{partner}.", ", sobre todo a {}", "La voz de todas las réplicas sin nombre.", "Una segunda voz que contesta a la primera."),
}  # fmt: skip

#: corpora/standards.yaml: other people's scripts keep conventions of their own.
STANDARDS = """# yaml-language-server: $schema=standards.schema.json
# What `python -m engine.check` asks of these scripts: they are other people's, so nothing but that they can be read.

conventions: false
speakers: false
"""


def description(language: str, portrait: Portrait, total: int, names: Mapping[str, str], whole: bool) -> str:
    """One line for the title card."""
    known, partner, all_lines, second = _DESCRIPTION[language]
    if whole:
        return all_lines
    if not portrait.lines:
        return second
    to = partner.format(names[portrait.partners[0][0]]) if portrait.partners else ""
    return known.format(lines=f"{portrait.lines:,}", total=f"{total:,}", partner=to)


def cast_sheet(
    who: str,
    names: Mapping[str, str],
    aliases: Sequence[str],
    portrait: Portrait,
    bonds: Sequence[Bond],
    show: str,
    language: str,
    colour: str,
    about: str,
    own_voice: bool,
    called: str = "",
) -> str:
    """The sheet of one person; `names` are everybody's by id, `called` is what people call her if not by her name."""
    rows = [
        "# yaml-language-server: $schema=schema.json",
        f"# {one_line(names[who])}, as the script shows: {portrait.lines:,} lines, {portrait.words:,} words. Everything here may be changed;",
        "# save, play again, and hear the difference. What the script does not show (wants, secrets) is for you to write.",
        "",
        f"name: {text(names[who])}",
        *([f"# People call her {one_line(called)}; the full name is on the cues."] if called else []),
        *([f"aliases: [{', '.join(map(text, aliases))}]"] if aliases else []),
        f"pronoun: {portrait.pronoun}{'' if portrait.pronoun_sure else '   # not clear from the script: she, he or they'}",
        f"language: {language}",
        f"show: {show}",
        f"colour: {text(colour)}",
        f"description: {text(about)}",
        "",
        f"voice:{'' if own_voice else '   # too few lines for a voice of her own: she speaks with that of the show'}",
        "  temperature: 0.85   # below 0.6 careful and repetitive, above 1.1 wild",
        f"  max_words: {min(60, max(12, portrait.longest))}       # nine of ten lines in the script are no longer",
    ]
    if portrait.favourites:
        rows += [
            "  # Words that are hers more than the others' (log-odds); 1 pulls a little, 3 a lot.",
            *_wrapped(
                "  favoured: {", [f"{text(key.text)}: {_boost(key.z)}" for key in portrait.favourites], "}", "    "
            ),
        ]
    rows += [
        "",
        f"talkativeness: {portrait.talkativeness}   # 0.5 takes an even share of a scene; 0 speaks when spoken to, 1 never stops",
        f"length: {portrait.median}   # words in the median line",
        "",
    ]
    if portrait.habits:
        rows += ["phrases:   # sentences she returns to; every: once in so many of her lines"]
        rows += [f"  - {{text: {text(habit.text)}, every: {habit.every}}}" for habit in portrait.habits]
    else:
        rows += [
            "# Sentences that she should return to, once in so many of her lines:",
            '# phrases: [{text: "Not in my house.", every: 25}]',
        ]
    if portrait.runs:
        rows += [f"# Also hers: {', '.join(map(one_line, portrait.runs))}."]
    rows += [
        "avoid: []   # words that she must not say"
        + (f"; never in the script: {', '.join(portrait.never)}" if portrait.never else ""),
        "",
    ]
    rows += ["wants: []   # what she is after, for example [{act: plead, about: the letter}]", ""]
    if portrait.moods:
        moods = [f"{tone}: {weight}" for tone, weight in portrait.moods.items()]
        rows += ["# Tones she falls into: 1 is ordinary, 3 often, 0 never. Guessed from punctuation and words unless the script gives tones.",
                 *_wrapped("moods: {", moods, "}", "  "), ""]  # fmt: skip
    if bonds:
        rows += [
            "# kind: what THEY are to her. affection and trust -1 to 1; power: -1 in their hands, 1 they are in hers; heat 0 to 1.",
            '# Inferred from how she speaks to them: first guesses. calls: "Don Ramón" would be how she calls them, if not by name.',
            "relations:",
            *(_bond(bond, names) for bond in bonds),
        ]
    return "\n".join(rows).rstrip() + "\n"


def training_sheet(recipe: TuningRecipe, base: str, least_lines: int) -> str:
    """cast/training.yaml: `recipe` is that of the show and of every voice, `base` the rows that give the base's."""
    given = [f"  {name}: {value}" for name, value in recipe.model_dump(exclude_defaults=True).items()]
    rows = [
        "# yaml-language-server: $schema=training.schema.json",
        "# What the voices are trained with. Show and voices have one recipe: what they share is then set up once. More",
        "# epochs take more time and seldom harm: the best by the scenes held back is kept.",
        "",
        "# The base is a copy: change nothing here unless you train a base of your own.",
        base,
        "",
        "shows: true   # characters grow from a voice of the whole script",
        "show:   # all lines together, from the base",
        *given,
        "",
        "voice:   # one character, from the show",
        *given,
        "",
        f"least_lines: {least_lines}   # who has fewer lines to learn from speaks with the voice of the show",
    ]
    return "\n".join(rows) + "\n"


def world_sheet(title: str, places: Sequence[str]) -> str:
    """scenes/world.yaml."""
    rows = [
        "# yaml-language-server: $schema=world.schema.json",
        "# What is true in every scene.",
        "",
        f"title: {text(title)}",
        "",
        'places:   # names that fit after "in" and "to"; the voices set them into their lines just so',
        *(f"  - {text(place)}" for place in places),
        "",
        "# Facts: who knows what, and which words slip out of whoever knows it. For example:",
        "# facts:",
        "#   the-letter:",
        "#     text: The letter in the box would ruin him.",
        "#     words: [letter, box, key, signature]",
        "#     known_by: []",
    ]
    return "\n".join(rows) + "\n"


def text(value: str) -> str:
    """A scalar that is read back as this text, plain where that is safe."""
    shown = one_line(value)
    return shown if _PLAIN.match(shown) and shown.casefold() not in _TRAPS else json.dumps(shown, ensure_ascii=False)


def _boost(z: float) -> float:
    """From 0.4 for what is barely hers to 1.2 for what is hers alone."""
    return round(min(1.2, 0.2 + 0.1 * z), 1)


def _bond(bond: Bond, names: Mapping[str, str]) -> str:
    given = f"affection: {bond.affection}, trust: {bond.trust}, power: {bond.power}, heat: {bond.heat}"
    given += f", calls: {text(bond.calls)}" if bond.calls else ""
    why = f"; {one_line(bond.because)}" if bond.because else ""
    return (
        f"  {bond.to}: {{kind: {bond.kind}, {given}}}   # {one_line(names[bond.to])}: {bond.lines} lines to them{why}"
    )


def _wrapped(opening: str, items: Sequence[str], closing: str, indent: str) -> list[str]:
    """A flow mapping over as many lines as it needs."""
    rows, row = [], opening
    for number, item in enumerate(items):
        piece = item + (", " if number + 1 < len(items) else "")
        if len(row) + len(piece) > _WIDTH:
            rows.append(row.rstrip())
            row = indent
        row += piece
    return [*rows, row + closing]

"""The text of the skeletons: YAML with the comments that a writer needs to change it. Text in, text out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.adoption.sheets import text

#: What a skeleton says in the language that is played; comments are English, as everywhere.
WORDS = {
    "en": {
        "setting": "A kitchen. Night. Rain on the window.", "places": "the kitchen, the garden", "letter": "the letter",
        "alone": "Two of them", "alone_direction": "A letter lies on the table. Nobody has touched the coffee.",
        "found": "The letter is read", "found_direction": "{} turns the letter over. It is open.",
        "line": "Who has read the letter?", "end": "The last word", "end_direction": "The light goes out. Somebody finds a match.",
        "about": "Always the last to leave a room.", "fact": "{} wrote the letter.",
    },
    "es": {
        "setting": "Una cocina. De noche. Lluvia en la ventana.", "places": "la cocina, el jardín", "letter": "la carta",
        "alone": "Los dos", "alone_direction": "Hay una carta sobre la mesa. Nadie ha tocado el café.",
        "found": "Alguien la ha leído", "found_direction": "{} le da la vuelta a la carta. Está abierta.",
        "line": "¿Quién ha leído la carta?", "end": "La última palabra", "end_direction": "Se va la luz. Alguien encuentra un fósforo.",
        "about": "Siempre es la última en salir de una habitación.", "fact": "{} escribió la carta.",
    },
}  # fmt: skip


def phrase(value: str) -> str:
    """Some words as a scalar, plain where letters and spaces are all there is."""
    return value if " " in value and value.replace(" ", "").isalpha() else text(value)


@dataclass(frozen=True)
class Person:
    """Somebody with a sheet: its name, the name as shown."""

    who: str
    name: str


def character(
    person: Person, language: str, show: str, colour: str, others: Sequence[tuple[Person, str]], secret: str = ""
) -> str:
    """A cast sheet; `others` are those she has a relation to, each with its kind. `secret` is a fact that she keeps."""
    own = f"corpora/{show or 'SHOW'}/"
    rows = [
        "# yaml-language-server: $schema=schema.json",
        f"# {person.name}. Change a value, save, play again, and hear the difference; docs/sheets.md has every field.",
        "# The commands in these comments are typed in the troupe's folder.",
        f"#   telenovela check cast/{person.who}.yaml      what is wrong here, and what she needs for a voice of her own",
        "",
        f"name: {text(person.name)}",
        "# aliases: [Doctor]     # other names, in scripts and in other people's mouths",
        "pronoun: they           # she, he or they",
        f"language: {language}",
        f"show: {text(show)}" if show else "# show: mansion         # the folder of corpora/ that her lines stand in",
        f"colour: {text(colour)}",
        f"description: {text(WORDS[language]['about'])}   # for the title card",
        "",
        f"# She speaks with the nearest voice there is until {own} has lines enough under her cue; then:",
        f"#   telenovela train {person.who}",
        "voice:",
        "  # model: soraya       # speak with this voice of cast/voices instead",
        "  temperature: 0.85     # below 0.6 careful and repetitive, above 1.1 wild",
        "  max_words: 24         # a line never gets longer",
        "  favoured: {}          # words she likes, {never: 0.5}: 0.5 is a little, 2 a lot",
        "",
        "talkativeness: 0.5      # 0 speaks when spoken to, 1 never stops",
        "length: 8               # words in a typical line of hers",
        'phrases: []             # sentences she returns to: [{text: "Not in my house.", every: 25}]',
        "avoid: []               # words and phrases she never says: [sorry, please]",
        "vocatives: []           # what she calls people beside their names, [mija, girl]; then nothing else of the kind",
        "",
        "# What she is after: where a scene is about it, or she meets the one, she says it.",
        "wants:",
        f"  - {{act: ask, about: {phrase(WORDS[language]['letter'])}}}",
        "acts: {}                # what she does with her lines, 1 is ordinary, 3 often, 0 never: {order: 2, apologise: 0}",
        "moods: {}               # tones she falls into, likewise: {icy: 2, tender: 0.3}",
        "",
        "# Facts of scenes/world.yaml. What she keeps secret she denies when it is touched, until she is cornered or trusts.",
        "knows: []",
        f"secrets: [{secret}]",
        "",
        "# kind: what THEY are to her. affection and trust: -1 to 1. power: -1 in their hands, 1 they are in hers. heat: 0 to 1.",
    ]
    rows += ["relations:"] if others else ["# relations:", "#   ana: {kind: rival, affection: -0.3, heat: 0.6}"]
    for other, kind in others:
        rows.append(f"  {other.who}: {{kind: {kind}, affection: 0.1, trust: -0.2, power: 0.0, heat: 0.5}}")
    return "\n".join(rows) + "\n"


def scene(name: str, title: str, people: Sequence[Person], language: str) -> str:
    """A scene for one person or more, in three beats."""
    say, first, last = WORDS[language], people[0], people[-1]
    rows = [
        "# yaml-language-server: $schema=schema.json",
        "# A scene: beats, played from top to bottom. docs/sheets.md has every field.",
        f"#   telenovela scene {name} --why      plays it, with the reasons of each line (typed in the troupe's folder)",
        "",
        f"title: {text(title)}",
        f"setting: {text(say['setting'])}",
        "# arc: revenge   # colours every line; telenovela scene --help lists the arcs",
        "",
        f"cast: [{', '.join(person.who for person in people)}]",
        f"present: [{', '.join(person.who for person in people[:2])}]   # who is there when the curtain rises",
        "limit: 16                  # after so many lines the closing beat is played",
        "tension: [0.2, 0.6, 1.0]   # the curve, from curtain to curtain",
        f"about: {{thing: {phrase(say['letter'])}}}   # what the lines speak of: thing, place, third (a person), event",
        "",
        "# Only what is different tonight; everything else is as the cast sheets have it.",
    ]
    if first is not last:
        rows += ["relations:", f"  - {{from: {first.who}, to: {last.who}, heat: 0.7}}"]
    rows += [
        "",
        "beats:",
        f"  - name: {text(say['alone'])}",
        "    direction:",
        f"      - {text(say['alone_direction'])}",
        "    turns: [3, 4]                # the least and the most lines that the voices add",
        f"    focus: [{first.who}]                 # whose beat it is: they speak more",
        "    acts: {ask: 2, tell: 1}      # what people do in it, with weights",
        "    tension: 0.3",
        "",
        f"  - name: {text(say['found'])}",
        *([f"    enter: [{', '.join(person.who for person in people[2:])}]"] if people[2:] else []),
        "    direction:",
        f"      - {text(say['found_direction'].format(last.name))}",
        "    lines:                       # spoken as they stand, before the voices go on",
        f"      - {{speaker: {first.who}, tone: icy, act: ask, text: {text(say['line'])}}}",
        "    turns: [3, 5]",
        "    acts: {accuse: 2, deny: 2}",
        "    tone: {furious: 2, pleading: 1}",
        "    tension: 0.9",
        "",
        f"  - name: {text(say['end'])}",
        "    direction:",
        f"      - {text(say['end_direction'])}",
        "    turns: [1, 2]",
        "    tone: {weary: 1, tender: 1}",
        "    tension: 0.5",
        "    closes: true",
    ]
    return "\n".join(rows) + "\n"


def world(title: str, writer: Person, language: str) -> str:
    """scenes/world.yaml with one fact, which `writer` keeps."""
    say = WORDS[language]
    rows = [
        "# yaml-language-server: $schema=world.schema.json",
        "# What is true in every scene.",
        "",
        f"title: {text(title)}",
        f'places: [{say["places"]}]   # what a voice may call a place; must fit after "in" and "to"',
        "",
        "facts:",
        "  who-wrote:",
        f"    text: {text(say['fact'].format(writer.name))}",
        "    words: []          # words that are put into the mouth of whoever tells it",
        "    known_by: []       # beside those whose sheets say so",
        f"    about: [{writer.who}]",
        f"    topics: {{thing: {phrase(say['letter'])}}}   # it comes up when somebody names this",
        "    gist: write        # who says this of it tells it",
    ]
    return "\n".join(rows) + "\n"


def script(title: str, people: Sequence[Person], language: str) -> str:
    """A first script, in the form that voices learn from."""
    first, last = people[0].name.upper(), people[-1].name
    letter = WORDS[language]["letter"]
    return (
        f"Title: {title}\nLanguage: {language}\n\n"
        f"INT. KITCHEN - NIGHT\n\n[[arc: revenge]]\n[[about: thing = {letter}]]\n\n"
        f"{first}\n(icy, ask, to {last})\n{WORDS[language]['line']}\n\n"
        f"{last.upper()}\n(defiant, deny)\n{'Nadie la ha leído.' if language == 'es' else 'Nobody has read it.'}\n"
    )


def readme(title: str, folder: str, show: str) -> str:
    """The README of a new troupe."""
    return f"""# {title}

A troupe: `cast/` (a sheet a character), `scenes/`, `corpora/{show}/` (scripts that voices learn from).

    telenovela scene {folder}/scenes/first.yaml
    telenovela check {folder}

Everything speaks with the shipped base until the scripts hold enough lines of somebody: put them into
`corpora/{show}/` in Fountain (`01-first.fountain` shows the form), or let `telenovela adopt SCRIPT --to DIR` make a troupe of
any script. Then `telenovela train --troupe {folder} --dry-run` says who would get a voice of her own.
"""


STANDARDS = """# yaml-language-server: $schema=standards.schema.json
# What `telenovela check` asks of the scripts, beside that they can be read.

conventions: true   # arcs, acts, tones and topics are those of the lists
speakers: true      # everybody who speaks has a sheet
"""


def training(base: str) -> str:
    """cast/training.yaml; `base` are the rows that give the recipe of the base that is copied."""
    return f"""# yaml-language-server: $schema=training.schema.json
# What the voices are trained with. The base is a copy: change nothing of it unless you train a base of your own.
{base}

least_lines: 80    # who has fewer lines in the scripts speaks with the nearest voice there is
"""

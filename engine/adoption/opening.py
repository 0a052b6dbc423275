"""The first scene of an adopted troupe: its leads, set up to talk, with comments that say what to change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.adoption.portrait import Portrait
from engine.adoption.sheets import text
from engine.adoption.talk import Talk

LEADS = 4

_WORDS = {
    "en": {
        "title": "{}: A First Scene", "setting": "A room. Evening. Everybody has something to say.",
        "alone": "Two of them", "alone_direction": "{} and {} are alone, and neither has meant to be.", "solo_direction": "{}, alone, in an empty room.",
        "enters": "{} comes in", "enters_direction": "The door opens. {} has heard the last words.",
        "truth": "It has to be said", "truth_direction": "Nobody sits down.",
        "end": "The last word", "end_direction": "Somebody opens a window. The evening is not over, but this is.",
    },
    "es": {
        "title": "{}: primera escena", "setting": "Una habitación. De noche. Todos tienen algo que decir.",
        "alone": "Los dos solos", "alone_direction": "{} y {} se han quedado a solas sin quererlo.", "solo_direction": "{}, a solas, en una habitación vacía.",
        "enters": "Llega {}", "enters_direction": "Se abre la puerta. {} ha oído las últimas palabras.",
        "truth": "Hay que decirlo", "truth_direction": "Nadie se sienta.",
        "end": "La última palabra", "end_direction": "Alguien abre una ventana. La noche no ha terminado, pero esto sí.",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Lead:
    """Somebody in the first scene."""

    who: str
    name: str
    favourites: tuple[str, ...]


def leads(talk: Talk, order: Sequence[str], portraits: Mapping[str, Portrait]) -> list[Lead]:
    """The people of the scene: of the largest parts, first the two who talk to each other most, then the rest."""
    chosen = list(order[:LEADS])
    pairs = [(one, other) for number, one in enumerate(chosen) for other in chosen[number + 1 :]]
    if pairs:
        first = max(
            pairs,
            key=lambda pair: (
                len(talk.between.get(pair, ())) + len(talk.between.get(pair[::-1], ())),
                -pairs.index(pair),
            ),
        )
        chosen = [*first, *(who for who in chosen if who not in first)]
    return [Lead(who, talk.people[who], tuple(key.text for key in portraits[who].favourites)) for who in chosen]


def first_scene(people: Sequence[Lead], title: str, language: str) -> str:
    """scenes/first.yaml for one to four people."""
    say = _WORDS[language]
    here = people[:2]
    rows = [
        "# yaml-language-server: $schema=schema.json",
        "# A first scene for the leads. Three things to try: (1) write a real place and hour into `setting`, and a scripted",
        f'# line into a beat: `lines: [{{speaker: {people[0].who}, tone: furious, text: "..."}}]`; (2) add words that must be',
        "# heard to a beat's `words`; (3) give two of them a new temper for this evening and listen:",
        f"# `relations: [{{from: {people[0].who}, to: {people[-1].who}, affection: -0.8, heat: 0.9}}]`.",
        "",
        f"title: {text(say['title'].format(title))}",
        f"setting: {text(say['setting'])}",
        "",
        f"cast: [{', '.join(lead.who for lead in people)}]",
        f"present: [{', '.join(lead.who for lead in here)}]",
        "limit: 24   # after so many lines the curtain falls",
        "tension: [0.2, 0.5, 0.8, 1.0, 0.5]",
        "",
        "# Beats are played in this order. turns: the least and the most lines that the voices add.",
        "beats:",
    ]
    direction = (
        say["alone_direction"].format(*(lead.name for lead in here))
        if len(here) == 2
        else say["solo_direction"].format(here[0].name)
    )
    rows += _beat(say["alone"] if len(here) == 2 else here[0].name, direction, (4, 6), here, 0.3, "")
    for number, lead in enumerate(people[2:]):
        heat = (0.55, 0.75)[number]
        rows += _beat(
            say["enters"].format(lead.name),
            say["enters_direction"].format(lead.name),
            (3, 5),
            [lead, people[number]],
            heat,
            "",
            enter=lead.who,
        )
    rows += _beat(
        say["truth"], say["truth_direction"], (4, 6), here, 1.0, "{furious: 2, defiant: 1, confessing: 1, shocked: 1}"
    )
    rows += _beat(say["end"], say["end_direction"], (2, 3), [people[-1]], 0.5, "{weary: 1, tender: 1}", closes=True)
    return "\n".join(rows).rstrip() + "\n"


def _beat(
    name: str,
    direction: str,
    turns: tuple[int, int],
    focus: Sequence[Lead],
    tension: float,
    tone: str,
    enter: str = "",
    closes: bool = False,
) -> list[str]:
    telling = {lead.who: [word for word in lead.favourites if len(word) > 3] for lead in focus}
    words = list(dict.fromkeys(word for found in telling.values() for word in found[:2]))
    rows = [f"  - name: {text(name)}"]
    if enter:
        rows.append(f"    enter: [{enter}]")
    rows += [
        "    direction:",
        f"      - {text(direction)}",
        f"    turns: [{turns[0]}, {turns[1]}]",
        f"    focus: [{', '.join(lead.who for lead in focus)}]",
    ]
    if tone:
        rows.append(f"    tone: {tone}")
    rows.append(f"    tension: {tension}")
    if words and not closes:
        rows.append(f"    words: [{', '.join(map(text, words))}]")
    if closes:
        rows.append("    closes: true")
    return [*rows, ""]

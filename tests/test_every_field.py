"""No field is silent: each is changed alone, and a played scene must then look or sound otherwise.

The scene is played by a voice that hears everything it is handed, and shown as a terminal in colour shows it: title card, lines,
the relations beside them, the closing pictures. What is heard in no line is listed in engine/data/fields.yaml, with why.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from rich.console import Console

from engine.checks.reference import UNHEARD, fields, heard
from engine.files import digest
from engine.scene import players
from engine.screen.playback import Playback
from engine.season import close, perform
from engine.seasons.serial import Serial
from engine.sheets.authored import load
from engine.sheets.plot import Season
from engine.speech.agent import Agent, Craft
from engine.stage.production import Theatre
from engine.stage.stage import Stage
from engine.stage.understudy import understudies
from engine.story.proof import read
from engine.troupe import Troupe
from engine.voices.grounds import Grounds
from engine.voices.sampling import Drawn, Sampler
from engine.voices.vocabulary import Vocabulary
from tests import small_season
from tests.conftest import LINES, write_troupe

ANA = """
name: Ana
aliases: [Countess]
pronoun: she
language: en
show: house
colour: red
description: Owns the house.
voice: {temperature: 0.8, top_p: 0.9, top_k: 100, repetition_penalty: 1.1, max_words: 12, favoured: {never: 1}}
talkativeness: 0.6
length: 6
phrases: [{text: "Not in my house.", every: 2}]
avoid: [zebra]
vocatives: [girl]
wants: [{act: plead, about: the letter, to: bruno}]
moods: {furious: 2}
acts: {order: 2, plead: 8}
knows: [the-ring]
secrets: []
relations:
  bruno: {kind: sibling, affection: 0.2, trust: 0.2, power: 0.2, heat: 0.5, calls: the boy}
"""
WORLD = """
title: The Toy
places: [the Miramar]
facts:
  the-ring: {text: The ring is glass., words: [glass], known_by: [carla], about: [ana], topics: {thing: the letter}, gist: write}
  the-will: {text: The will is forged., words: [ink], known_by: [carla], topics: {thing: the letter}, gist: steal}
rules:
  - name: house
    when: {speaker: [ana]}
    then: [{from: addressee, to: speaker, axis: heat, by: 0.4, lasting: 0.1}]
"""
STAGE = """
title: Supper
setting: A kitchen. Rain.
arc: betrayal
cast: [ana, bruno, carla]
present: [ana, bruno]
policy: natural
limit: 40
tension: [0.3, 0.9]
places: [the garden]
about: {thing: the letter}
holders: {the letter: ana}
facts:
  the-key: {text: The key is hers., words: [key], known_by: [ana]}
relations:
  - {from: bruno, to: ana, kind: lover, affection: 0.5, trust: 0.1, power: 0.1, heat: 0.6}
beats:
  - name: Soup
    direction: [Ana ladles.]
    lines: [{speaker: bruno, text: "Countess, sit down."}, {speaker: ana, to: bruno, act: confess, text: "I wrote the letter."}, {speaker: bruno, to: ana, text: "Where is the letter?"}]
    turns: [6, 6]
    focus: [ana]
    tone: {furious: 2}
    acts: {accuse: 2}
    about: {place: the garden}
    words: [soup]
    arc: revenge
    force: [bruno]
    relations: [{from: ana, to: bruno, axis: trust, by: -0.3}]
  - name: Clock
    when: {after: [Soup]}
    direction: [A clock strikes.]
    turns: [1, 1]
    tension: 0.6
  - name: The singer
    about: {thing: the letter}
    holders: {the letter: ana}
    enter: [carla]
    when: {after: [Soup]}
    lines: [{speaker: carla, to: ana, tone: icy, act: insult, text: "Good evening, house."}]
    turns: [6, 6]
    tension: 0.6
    reveal: [{fact: the-key, by: ana}]
    lie: [{fact: the-will, by: carla}]
    leave: [bruno]
  - name: The bill
    when: {after: [The singer]}
    turns: [2, 2]
    closes: true
    lines: [{speaker: ana, text: "Out."}]
"""
#: What is said: names and topics as slots, in lines of many lengths.
SAID = (
    *LINES, "<you>, <other> took <paper>.", "I never wrote <paper>.", "Where is <paper>?", "Meet me in <place>.", "<place> is closed.",
    "The key is under <paper>, I swear it on my mother and on everything that she ever owned.", "The soup, the ink and the glass.",
    "Leave <place>, <you>, before the rain comes and takes the bridge with it again.", "Ink.", "Soup.", "<you>, <you> and <paper>.", "I saw <you> in <place>.", "In <place>, <you>!", "Give me <paper>!", "Take <paper>.", "I have <paper>.", "Go to <place> with <paper>.", "I wrote <paper>, and I would do it again.",
    "Sit down, girl.", "Sit down, boy.", "Say it again, girl.", "Not tonight, boy.",
)  # fmt: skip
#: The files that a change may be made in, by a short name.
FILES = {"ana": "cast/ana.yaml", "world": "scenes/world.yaml", "stage": "scenes/stage.yaml"}


@dataclass(frozen=True)
class Change:
    """In one file `old` becomes `new`; `given` are such changes that both plays have."""

    file: str
    old: str
    new: str
    given: tuple[tuple[str, str, str], ...] = ()
    saved: bool = False


def when(before: str, after: str) -> Change:
    """Another condition of the beat with the clock."""
    return Change("stage", before, after, (("stage", "when: {after: [Soup]}", f"when: {before}"),))


def rule(before: str, after: str) -> Change:
    """Another condition of the world's rule."""
    return Change("world", before, after, (("world", "when: {speaker: [ana]}", f"when: {before}"),))


ORDER = ("stage", "policy: natural", "policy: script\norder: [ana, bruno]")
FELT = "{relations: [{from: ana, to: bruno, axis: heat, above: 0.2}]}"
POWER = "{relations: [{from: ana, to: bruno, axis: power, above: 0.1}]}"
FEELING = "{relations: [{from: addressee, to: speaker, axis: affection, above: 0.2}]}"
KINDS = "{relations: [{from: addressee, to: speaker, kind: [lover]}]}"
CHANGES: Mapping[str, Change] = {
    "Persona.name": Change("ana", "name: Ana", "name: Eva"),
    "Persona.aliases": Change("ana", "[Countess]", "[]"),
    "Persona.pronoun": Change("ana", "pronoun: she", "pronoun: he"),
    "Persona.language": Change("ana", "language: en", "language: es"),
    "Persona.colour": Change("ana", "colour: red", "colour: blue"),
    "Persona.description": Change("ana", "Owns the house.", "Owns nothing."),
    "Persona.voice": Change("ana", "voice: {temperature: 0.8", "voice: {temperature: 1.4"),
    "Persona.narrates": Change("ana", "talkativeness:", "narrates: true\ntalkativeness:"),
    "Persona.talkativeness": Change("ana", "talkativeness: 0.6", "talkativeness: 0.0"),
    "Persona.length": Change("ana", "length: 6", "length: 40"),
    "Persona.phrases": Change("ana", 'phrases: [{text: "Not in my house.", every: 2}]', "phrases: []"),
    "Persona.avoid": Change("ana", "avoid: [zebra]", "avoid: [e, a, i, o, u, '.', ',']"),
    "Persona.vocatives": Change("ana", "vocatives: [girl]", "vocatives: [boy]"),
    "Persona.wants": Change("ana", "wants: [{act: plead, about: the letter, to: bruno}]", "wants: []"),
    "Persona.moods": Change("ana", "{furious: 2}", "{furious: 0, joyful: 9}"),
    "Persona.acts": Change("ana", "acts: {order: 2, plead: 8}", "acts: {order: 0, greet: 9}"),
    "Persona.knows": Change("ana", "knows: [the-ring]", "knows: []", saved=True),
    "Persona.secrets": Change("ana", "secrets: []", "secrets: [the-will]", (("stage", "force: [bruno]", "force: [ana]"),)),
    "Persona.relations": Change("ana", "relations:\n  bruno:", "relations:\n  carla:"),
    "Sampling.temperature": Change("ana", "temperature: 0.8", "temperature: 0.3"),
    "Sampling.top_p": Change("ana", "top_p: 0.9", "top_p: 0.2"),
    "Sampling.top_k": Change("ana", "top_k: 100", "top_k: 2"),
    "Sampling.repetition_penalty": Change("ana", "penalty: 1.1", "penalty: 2.0"),
    "Sampling.max_words": Change("ana", "max_words: 12", "max_words: 1"),
    "Sampling.favoured": Change("ana", "favoured: {never: 1}", "favoured: {the: 8}"),
    "Phrase.text": Change("ana", "Not in my house.", "Not in my garden."),
    "Phrase.every": Change("ana", "every: 2}", "every: 500}"),
    "Phrase.tone": Change("ana", "every: 2}", "every: 2, tone: weary}"),
    "Want.act": Change("ana", "act: plead", "act: threaten"),
    "Want.about": Change("ana", "about: the letter", "about: the piano"),
    "Want.to": Change("ana", "to: bruno}", "to: carla}"),
    "Tie.kind": Change("ana", "kind: sibling", "kind: boss"),
    "Tie.affection": Change("ana", "affection: 0.2", "affection: -0.9"),
    "Tie.trust": Change("ana", "trust: 0.2", "trust: -0.9"),
    "Tie.power": Change("ana", "power: 0.2", "power: -0.9"),
    "Tie.heat": Change("ana", "heat: 0.5", "heat: 1.0"),
    "Tie.calls": Change("ana", "calls: the boy", "calls: the old man"),
    "World.places": Change("world", "[the Miramar]", "[the moon]", (("stage", "places: [the garden]\n", ""),)),
    "World.facts": Change("world", "words: [glass]", "words: [soup]", (("stage", "reveal: [{fact: the-key, by: ana}]", "reveal: [{fact: the-ring, by: ana}]"),)),
    "World.rules": Change("world", "by: 0.4", "by: -0.4"),
    "FactSheet.words": Change("stage", "words: [key]", "words: [door]"),
    "FactSheet.known_by": Change("stage", "known_by: [ana]", "known_by: [ana, bruno]", saved=True),
    "FactSheet.topics": Change("world", "topics: {thing: the letter}, gist", "topics: {}, gist", (("ana", "secrets: []", "secrets: [the-ring]"),), saved=True),
    "FactSheet.gist": Change("world", "gist: write", "gist: lose", saved=True),
    "Scenario.title": Change("stage", "title: Supper", "title: Dinner"),
    "Scenario.setting": Change("stage", "A kitchen.", "A cellar."),
    "Scenario.arc": Change("stage", "arc: betrayal", "arc: amnesia"),
    "Scenario.cast": Change("stage", "cast: [ana, bruno, carla]", "cast: [ana, bruno, carla, dario]"),
    "Scenario.present": Change("stage", "present: [ana, bruno]", "present: [ana, bruno, dario]", (("stage", "cast: [ana, bruno, carla]", "cast: [ana, bruno, carla, dario]"),)),
    "Scenario.policy": Change("stage", "policy: natural", "policy: round-robin"),
    "Scenario.order": Change("stage", "order: [ana, bruno]", "order: [bruno, ana, ana]", (ORDER,)),
    "Scenario.limit": Change("stage", "limit: 40", "limit: 5"),
    "Scenario.tension": Change("stage", "tension: [0.3, 0.9]", "tension: [1.0, 0.0]"),
    "Scenario.places": Change("stage", "places: [the garden]", "places: [the harbour]"),
    "Scenario.called": Change("stage", "limit: 40", "limit: 40\ncalled: {ana: The Lady}"),
    "Scenario.about": Change("stage", "\nabout: {thing: the letter}", "\nabout: {thing: the piano}"),
    "Scenario.facts": Change("stage", "words: [key]", "words: [door]"),
    "Scenario.relations": Change("stage", "from: bruno, to: ana, kind: lover", "from: bruno, to: ana, kind: enemy"),
    "Scenario.rules": Change("stage", "limit: 40", "limit: 40\nrules: [{name: house, then: []}]"),
    "Scenario.beats": Change("stage", "Ana ladles.", "Ana sings."),
    "Override.from": Change("stage", "{from: bruno, to: ana, kind", "{from: carla, to: ana, kind"),
    "Override.to": Change("stage", "{from: bruno, to: ana, kind", "{from: bruno, to: carla, kind"),
    "Override.kind": Change("stage", "kind: lover", "kind: rival"),
    "Override.affection": Change("stage", "affection: 0.5", "affection: -0.5"),
    "Override.trust": Change("stage", "trust: 0.1", "trust: -0.6"),
    "Override.power": Change("stage", "power: 0.1", "power: -0.6"),
    "Override.heat": Change("stage", "heat: 0.6", "heat: 0.1"),
    "Beat.name": Change("stage", "name: Soup", "name: Broth", (("stage", "when: {after: [Soup]}", "when: {}"), ("stage", "when: {after: [Soup]}", "when: {}")), saved=True),
    "Beat.when": Change("stage", "    when: {after: [Soup]}\n", "    when: {after: [The singer]}\n"),
    "Beat.enter": Change("stage", "    lines: [{speaker: ana", "    enter: [bruno]\n    lines: [{speaker: ana"),
    "Beat.leave": Change("stage", "leave: [bruno]", "leave: [carla]"),
    "Beat.direction": Change("stage", "Ana ladles.", "Ana sings."),
    "Beat.lines": Change("stage", '    lines: [{speaker: ana, text: "Out."}]\n', ""),
    "Beat.turns": Change("stage", "turns: [2, 2]", "turns: [1, 1]"),
    "Beat.focus": Change("stage", "focus: [ana]", "focus: [bruno]"),
    "Beat.tone": Change("stage", "tone: {furious: 2}", "tone: {tender: 9}"),
    "Beat.acts": Change("stage", "acts: {accuse: 2}", "acts: {comfort: 9}"),
    "Scenario.holders": Change("stage", "\nholders: {the letter: ana}", "\nholders: {the letter: bruno}"),
    "Beat.holders": Change("stage", "    holders: {the letter: ana}", "    holders: {the letter: bruno}"),
    "Beat.about": Change("stage", "about: {place: the garden}", "about: {thing: the soup}"),
    "Beat.tension": Change("stage", "strikes.]\n    turns: [1, 1]\n    tension: 0.6", "strikes.]\n    turns: [1, 1]\n    tension: 0.0"),
    "Beat.words": Change("stage", "words: [soup]", "words: [never, the, you]"),
    "Beat.arc": Change("stage", "arc: revenge", "arc: lost-love"),
    "Beat.force": Change("stage", "force: [bruno]", "force: [ana]"),
    "Beat.reveal": Change("stage", "    reveal: [{fact: the-key, by: ana}]\n", ""),
    "Beat.lie": Change("stage", "    lie: [{fact: the-will, by: carla}]\n", "", saved=True),
    "Beat.forget": Change("stage", "    turns: [2, 2]", "    forget: [ana]\n    turns: [2, 2]"),
    "Beat.recall": Change("stage", "    turns: [2, 2]", "    recall: [ana]\n    turns: [2, 2]", (("stage", "    turns: [1, 1]", "    forget: [ana]\n    turns: [1, 1]"),)),
    "Beat.relations": Change("stage", "    relations: [{from: ana, to: bruno, axis: trust, by: -0.3}]\n", ""),
    "Beat.repeat": Change("stage", "    when: {after: [Soup]}\n", "    when: {after: [Soup]}\n    repeat: true\n"),
    "Beat.closes": Change("stage", "strikes.]\n", "strikes.]\n    closes: true\n"),
    "ScriptedLine.speaker": Change("stage", "speaker: bruno", "speaker: ana"),
    "ScriptedLine.text": Change("stage", "sit down", "stand up"),
    "ScriptedLine.to": Change("stage", "speaker: carla, to: ana", "speaker: carla, to: bruno"),
    "ScriptedLine.tone": Change("stage", "tone: icy", "tone: tender"),
    "ScriptedLine.act": Change("stage", "act: insult", "act: comfort"),
    "Telling.fact": Change("stage", "reveal: [{fact: the-key, by: ana}]", "reveal: [{fact: the-ring, by: ana}]"),
    "Telling.by": Change("stage", "by: ana}]\n    lie", "by: bruno}]\n    lie", (("stage", "known_by: [ana]", "known_by: [ana, bruno]"),)),
    "Nudge.from": Change("stage", "{from: ana, to: bruno, axis: trust", "{from: carla, to: bruno, axis: trust"),
    "Nudge.to": Change("stage", "{from: ana, to: bruno, axis: trust", "{from: ana, to: carla, axis: trust"),
    "Nudge.axis": Change("stage", "axis: trust, by", "axis: affection, by"),
    "Nudge.by": Change("stage", "by: -0.3", "by: 0.5"),
    "Requirement.present": when("{present: [bruno]}", "{present: [carla]}"),
    "Requirement.absent": when("{absent: [carla]}", "{absent: [bruno]}"),
    "Requirement.after": when("{after: [Soup]}", "{after: [The singer]}"),
    "Requirement.knows": when("{knows: [{who: bruno, fact: the-key}]}", "{}"),
    "Requirement.ignorant": when("{ignorant: [{who: bruno, fact: the-key}]}", "{ignorant: [{who: ana, fact: the-key}]}"),
    "Requirement.relations": when(FELT, "{relations: [{from: carla, to: bruno, axis: heat, above: 0.99}]}"),
    "Requirement.motif": when("{}", "{motif: feud}"),
    "Holding.who": when("{knows: [{who: ana, fact: the-key}]}", "{knows: [{who: bruno, fact: the-key}]}"),
    "Holding.fact": when("{knows: [{who: ana, fact: the-key}]}", "{knows: [{who: ana, fact: the-will}]}"),
    "Threshold.from": when(POWER, POWER.replace("from: ana", "from: carla")),
    "Threshold.to": when(FELT.replace("0.2", "0.3"), FELT.replace("0.2", "0.3").replace("to: bruno", "to: carla")),
    "Threshold.axis": when(FELT.replace("0.2", "0.4"), FELT.replace("0.2", "0.4").replace("heat", "power")),
    "Threshold.above": when(FELT, FELT.replace("0.2", "0.99")),
    "Threshold.below": when(FELT.replace("above: 0.2", "below: 0.99"), FELT.replace("above: 0.2", "below: 0.01")),
    "Rule.name": Change("world", "name: house", "name: gossip", saved=True),
    "Rule.when": rule("{}", "{tone: [weeping]}"),
    "Rule.then": Change("world", "then: [{from: addressee, to: speaker, axis: heat, by: 0.4, lasting: 0.1}]", "then: []"),
    "Condition.tone": rule("{}", "{tone: [icy]}"),
    "Condition.act": rule("{}", "{act: [insult]}"),
    "Condition.speaker": rule("{speaker: [ana]}", "{speaker: [bruno]}"),
    "Condition.addressee": rule("{addressee: [ana]}", "{addressee: [bruno]}"),
    "Condition.witness": rule("{witness: [ana]}", "{witness: [bruno]}"),
    "Condition.relations": rule(KINDS, "{}"),
    "Condition.knows": rule("{}", "{knows: [{who: addressee, fact: the-will}]}"),
    "Condition.ignorant": rule("{}", "{ignorant: [{who: addressee, fact: the-key}]}"),
    "Feeling.from": rule(KINDS, KINDS.replace("from: addressee, to: speaker", "from: speaker, to: addressee")),
    "Feeling.to": rule(KINDS, KINDS.replace("to: speaker", "to: witness")),
    "Feeling.kind": rule(KINDS, KINDS.replace("lover", "boss")),
    "Feeling.not_kind": rule(KINDS.replace("kind", "not_kind"), KINDS.replace("kind", "not_kind").replace("lover", "boss")),
    "Feeling.axis": rule(FEELING, FEELING.replace("affection", "power")),
    "Feeling.above": rule(FEELING, FEELING.replace("0.2", "0.95")),
    "Feeling.below": rule(FEELING.replace("above", "below"), FEELING.replace("above: 0.2", "below: -0.95")),
    "Holder.who": rule("{knows: [{who: speaker, fact: the-key}]}", "{knows: [{who: addressee, fact: the-key}]}"),
    "Holder.fact": rule("{knows: [{who: speaker, fact: the-key}]}", "{knows: [{who: speaker, fact: the-will}]}"),
    "Effect.from": Change("world", "then: [{from: addressee, to: speaker", "then: [{from: witness, to: speaker"),
    "Effect.to": Change("world", "then: [{from: addressee, to: speaker", "then: [{from: addressee, to: witness"),
    "Effect.axis": Change("world", "axis: heat", "axis: power"),
    "Effect.by": Change("world", "by: 0.4", "by: 0.1"),
    "Effect.lasting": Change("world", "lasting: 0.1", "lasting: 1.0"),
}  # fmt: skip
SEASON: Mapping[str, tuple[str, str]] = {
    "Season.title": ("title: Water", "title: Sand"),
    "Season.narrator": ("title: Water\n", "title: Water\nnarrator: ana\n"),
    "Season.threads": ("  thirst:", "  drought:"),
    "Season.episodes": ("scenes: [first]", "scenes: [first, second]"),
    "Thread.title": ("Somebody has drunk the well.", "Somebody has sold the well."),
    "Thread.arc": ("arc: betrayal", "arc: revenge"),
    "Thread.opened_by": ("first/dust", "first/told"),
    "Thread.resolved_by": ("second/rain", "second/clouds"),
    "Episode.title": ("title: Dust", "title: Sand"),
    "Episode.scenes": ("scenes: [first]", "scenes: [first, second]"),
    "Episode.cliffhanger": ("A cloud.", "A bird."),
}
#: Legal in one place only: another value is refused.
REFUSED = {"Episode.finale"}


class Parrot:
    """A voice that says one line or another by everything that it is handed: prompt, codes, sampler, generator.

    So whatever reaches a voice is heard; a small random network says nothing that an agent lets pass.
    """

    def __init__(self, vocabulary: Vocabulary):
        self.name, self.vocabulary = "parrot", vocabulary
        self._lines = [tuple(vocabulary.encode(line)) for line in SAID]

    def draw(
        self, prompt: Sequence[int], cues: Sequence[Sequence[int]], sampler: Sampler, generator: np.random.Generator
    ) -> list[Drawn]:
        found = []
        for cue in cues:
            handed = digest(repr((tuple(prompt), tuple(cue), sampler, generator.random())))
            ids = self._lines[int(handed, 16) % len(self._lines)]
            likely = -1.0 - int(handed[:2], 16) / 256
            found.append(Drawn(ids, (likely,) * (len(ids) + 1), True, (likely,) * len(ids)))
        return found

    def nats(self, prompt: Sequence[int], lines: Sequence[Sequence[int]]) -> list[NDArray[np.float32]]:
        return [np.full(len(line) + 1, -2.0, np.float32) for line in lines]


#: Which voice speaks, and so all that is said: tried with weights.
VOICES: Mapping[str, tuple[str, str, str]] = {
    "Persona.show": ("show: house", "show: hotel", "show.hotel.en"),
    "Sampling.model": ("voice: {max_words: 20}", "voice: {model: dario}", "dario"),
}


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    return Vocabulary.train(SAID * 4, "subword", 420)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A troupe without voices; each play writes its sheets anew."""
    troupe = write_troupe(tmp_path_factory.mktemp("house"))
    (troupe.root / "scenes" / "supper.yaml").unlink()
    return troupe.root


def played(house: Path, words: Vocabulary, texts: Mapping[str, str], saved: bool, seed: int) -> str:
    """The scene of these files as a terminal shows it; with `saved` also what is written to a file."""
    for name, text in texts.items():
        (house / FILES[name]).write_text(text.lstrip("\n"), encoding="utf-8")
    troupe = Troupe(house)
    voice, craft = Parrot(words), Craft(candidates=8)
    agents = {who: Agent(who, persona, voice, voice, craft) for who, persona in troupe.personas.items()}
    production = Theatre(troupe).production(house / FILES["stage"], seed, agents=agents)
    stage = Stage(production)
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, width=130, markup=False, highlight=False, emoji=False)
    screen = Playback(console)
    screen.title_card(production.scenario.title, production.scenario.setting, players(production))
    for entry in stage.play():
        screen.show(entry, stage.picture())
    performance = stage.performance()
    screen.close(performance)
    manifest_apart = "".join(map(str, performance.lines)) + str(
        [(e.why, e.relations, e.learned) for e in performance.lines]
    )
    return file.getvalue() + (manifest_apart if saved else "")


@pytest.mark.parametrize("field", CHANGES)
def test_a_changed_field_is_seen_or_heard(house: Path, words: Vocabulary, field: str) -> None:
    change = CHANGES[field]
    texts = {"ana": ANA, "world": WORLD, "stage": STAGE}
    for file, old, new in change.given:
        assert old in texts[file]
        texts[file] = texts[file].replace(old, new, 1)
    assert change.old in texts[change.file], "the change is one"
    changed = {**texts, change.file: texts[change.file].replace(change.old, change.new, 1)}
    # A weight that moves is not heard in every line: one of some evenings must show it.
    assert any(
        played(house, words, texts, change.saved, seed) != played(house, words, changed, change.saved, seed)
        for seed in range(1, 41)
    )


@pytest.mark.parametrize("field", VOICES)
def test_a_changed_field_is_another_voice(voiced: Troupe, field: str) -> None:
    old, new, voice = VOICES[field]
    (voiced.voices / "ana.safetensors").unlink()
    path = voiced.root / "cast" / "ana.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    changed = Troupe(voiced.root)
    assert Grounds(voiced).voice_of("ana") == "show.house.en"
    assert Grounds(changed).voice_of("ana") == voice


def season_text(path: Path) -> str:
    troupe = Troupe.around(path)
    serial = Serial(read(load(path, Season), troupe), Theatre(troupe), 1, None, understudies(troupe.personas, troupe.personas))  # fmt: skip
    screen = Playback(Console(file=io.StringIO(), width=80), plain=True)
    perform(serial, screen)
    close(serial, screen)
    assert isinstance(screen.console.file, io.StringIO)
    return screen.console.file.getvalue()


@pytest.mark.parametrize("field", SEASON)
def test_a_changed_field_of_a_season_is_seen(tmp_path: Path, field: str) -> None:
    old, new = SEASON[field]
    assert old in small_season.SEASON
    before = season_text(small_season.write(tmp_path / "before"))
    text = small_season.SEASON.replace(old, new, 1)
    if "first, second" in new:
        text = text.replace("scenes: [second]", "scenes: [third]").replace("second/rain", "third/rain")
    after = season_text(small_season.write(tmp_path / "after", season=text, third=small_season.SECOND))
    assert before != after


def written() -> Iterator[str]:
    """Every field of every sheet that acts on a scene or a season."""
    yield from (f"{model}.{name}" for model, name in fields() if model not in heard()[UNHEARD])


def test_every_field_is_tried_or_says_why_it_is_not_heard() -> None:
    silent = {f"{model}.{name}" for model, each in heard().items() if model != UNHEARD for name, said in each.items() if "unheard" in said}  # fmt: skip
    assert set(written()) == {*CHANGES, *VOICES, *SEASON, *REFUSED, *silent}
    assert not silent & {*CHANGES, *SEASON}

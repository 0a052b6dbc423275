"""What tests share: a toy troupe of two shows and four people, a toy vocabulary, a toy network, and agents without one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from safetensors import safe_open

from engine import codes
from engine.sheets.persona import Persona
from engine.speech.agent import Agent, Craft
from engine.speech.lexicon import Lexicon
from engine.troupe import Troupe
from engine.voices.network import Arrays, Network
from engine.voices.registry import BASE, TOKENIZER, show_voice
from engine.voices.vocabulary import Vocabulary
from engine.voices.voice import ScriptedVoice
from engine.voices.weights import write_weights

# A busy machine is no fault, and the same commit finds the same faults.
settings.register_profile("telenovela", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("telenovela")

ROOT = Path(__file__).parent.parent

#: What toy agents say: with names to fill in, with tones in the words, in one clean sentence each.
LINES = (
    "I never said that, <you>.", "Then who did?", "Ask the cook, she hears the walls.", "Not tonight.",
    "You owe me a lamp and an apology.", "The soup is cold and so are you.", "Everybody knows it but <other>.",
    "Close the door before the rain does.", "I counted the spoons twice.", "Say it again, slowly.",
    "My coat was on that chair.", "There was a letter under the plate.", "Nobody leaves before the cake.",
    "You sang better when you were poor.", "<you>, look at me.", "It was only a small fire.",
    "He promised me the garden.", "Whose shoes are these?", "I will wait on the stairs.", "Bread first, truth later.",
    "The clock has stopped for less.", "Give me the key.", "You smell of the sea and of somebody else.", "Never.",
)  # fmt: skip

SHEETS = {
    "ana": """
name: Ana
aliases: [Señora Ana]
pronoun: she
show: house
colour: red
description: Owns the house, or so she says.
talkativeness: 0.7
length: 6
voice: {max_words: 20}
avoid: [please]
secrets: [the-will]
relations:
  bruno: {kind: sibling, affection: -0.4, trust: -0.2, heat: 0.6}
  carla: {kind: rival, heat: 0.5, calls: that singer}
""",
    "bruno": """
name: Bruno
pronoun: he
show: house
length: 6
relations:
  ana: {kind: sibling, affection: 0.2, heat: 0.5}
  carla: {kind: lover, affection: 0.8, trust: 0.5, heat: 0.6}
""",
    "carla": """
name: Carla
pronoun: she
show: hotel
length: 6
relations:
  bruno: {kind: lover, affection: 0.6, heat: 0.4}
  dario: {kind: boss, power: -0.5}
""",
    "dario": """
name: Darío
pronoun: he
show: hotel
length: 6
relations:
  carla: {kind: servant, power: 0.5}
""",
}

WORLD = """
title: The Toy
places: [the Miramar]
facts:
  the-will: {text: The will is forged., words: [ink, will]}
  the-ring: {text: The ring is glass., words: [glass, ring], known_by: [carla]}
"""

RECIPE = """
base: {vocabulary: 420, width: 16, layers: 1, batch: 4, steps: 16, warmup: 2, span: 8, general_steps: 6, anneal_steps: 10, rate: 0.01}
director: {width: 8, span: 8, batch: 2, steps: 8, warmup: 2, anneal_steps: 6}
shows: true
show: {rank: 2, words_rank: 2, epochs: 2, batch: 4}
voice: {rank: 2, words_rank: 2, epochs: 2, batch: 4}
least_lines: 12
"""

SUPPER = """
title: Supper
setting: A kitchen. Rain.
cast: [ana, bruno, carla, dario]
present: [ana, bruno]
limit: 30
relations:
  - {from: ana, to: bruno, heat: 0.9}
beats:
  - name: Soup
    direction: [Ana ladles.]
    turns: [3, 3]
    focus: [ana]
    tone: {furious: 2}
    words: [soup]
  - name: The singer
    enter: [carla]
    lines:
      - {speaker: carla, to: ana, tone: icy, text: "Good evening, house."}
    force: [ana, bruno]
    turns: [4, 4]
    reveal: [{fact: the-will, by: ana}]
    leave: [bruno]
  - name: The bill
    direction: [A bell rings.]
    turns: [2, 2]
    closes: true
    lines:
      - {speaker: ana, text: "Out, all of you."}
"""

#: Three scenes a show; the speakers answer each other. Numbers make every line a line of its own.
_DUOS = {"house": ("ANA", "BRUNO", "kitchen"), "hotel": ("CARLA", "DARÍO", "lobby")}


def script(show: str) -> str:
    """A small Fountain script of twelve scenes: enough for every part of the split."""
    one, other, place = _DUOS[show]
    pages = [f"Title: The {show}\nLanguage: en\n"]
    for scene in range(12):
        pages.append(f"INT. {place.upper()} - NIGHT {scene}\n\n[[arc: betrayal]]\n")
        for number in range(6):
            speaker, to = (one, other) if number % 2 == 0 else (other, one)
            tone = codes.TONES[(scene + number) % len(codes.TONES)]
            line = LINES[(5 * scene + number) % len(LINES)].replace("<you>", to.title()).replace("<other>", "the cook")
            act = codes.ACTS[(2 * scene + number) % len(codes.ACTS)]
            pages.append(f"{speaker}\n({tone}, {act})\n{line} I said it {scene} times.\n")
    return "\n".join(pages)


def write_troupe(root: Path) -> Troupe:
    """The toy troupe's files: four sheets, two scripts, a world, a recipe and one scene."""
    files = {f"cast/{who}.yaml": sheet for who, sheet in SHEETS.items()}
    files |= {f"corpora/{show}/one.fountain": script(show) for show in _DUOS}
    files |= {"cast/training.yaml": RECIPE, "scenes/world.yaml": WORLD, "scenes/supper.yaml": SUPPER}
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"), encoding="utf-8")
    return Troupe(root)


def toy_arrays(vocabulary: int, width: int = 16, layers: int = 2, seed: int = 0, span: int = 10) -> Arrays:
    """Weights of a small random network."""
    generator = np.random.default_rng(seed)
    arrays = {"embedding": generator.normal(size=(vocabulary, width)), "bias": generator.normal(size=vocabulary)}
    if span:
        arrays |= {
            "attention.query": generator.normal(size=(width, 4)) / 2,
            "attention.key": generator.normal(size=(width, 4)) / 2,
            "attention.value": generator.normal(size=(width, 6)) / 4,
            "attention.out": generator.normal(size=(6, width)) / 4,
            "attention.near": generator.normal(size=span) / 2,
        }
    for layer in range(layers):
        arrays[f"lstm.{layer}.kernel"] = generator.normal(size=(width, 4 * width)) / np.sqrt(width)
        arrays[f"lstm.{layer}.recurrent"] = generator.normal(size=(width, 4 * width)) / np.sqrt(width)
        arrays[f"lstm.{layer}.bias"] = generator.normal(size=4 * width)
    return {name: array.astype(np.float32) for name, array in arrays.items()}


def toy_change(vocabulary: int, width: int = 16, rank: int = 3, seed: int = 1) -> Arrays:
    """A low-rank change of such a network, as a voice stores it."""
    generator = np.random.default_rng(seed)
    change = {
        "bias": generator.normal(size=vocabulary),
        "words.down": generator.normal(size=(vocabulary, 2)) / 4,
        "words.up": generator.normal(size=(2, width)) / 4,
        "lstm.0.bias": generator.normal(size=4 * width),
        "lstm.0.kernel.down": generator.normal(size=(width, rank)) / 4,
        "lstm.0.kernel.up": generator.normal(size=(rank, 4 * width)) / 4,
        "lstm.1.recurrent.down": generator.normal(size=(width, rank)) / 4,
        "lstm.1.recurrent.up": generator.normal(size=(rank, 4 * width)) / 4,
    }
    return {name: array.astype(np.float32) for name, array in change.items()}


def write_voices(troupe: Troupe, vocabulary: Vocabulary) -> None:
    """Random weights for the base, both shows and all four people."""
    folder, size = troupe.voices, len(vocabulary)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TOKENIZER).write_text(vocabulary.to_json(), encoding="utf-8")
    (folder / "lexicon.txt").write_text(Lexicon.of(LINES, least=1).to_text(), encoding="utf-8")
    header = {"level": vocabulary.level, "vocabulary": vocabulary.fingerprint, "inputs": "toy"}
    write_weights(folder / f"{BASE}.safetensors", toy_arrays(size), header)
    for number, (name, parent) in enumerate(lineage(troupe).items(), 1):
        grown_from = fingerprint(folder / f"{parent}.safetensors")
        write_weights(
            folder / f"{name}.safetensors",
            toy_change(size, seed=number),
            {"parent": parent, "grown_from": grown_from, "vocabulary": vocabulary.fingerprint, "inputs": "toy"},
        )


def lineage(troupe: Troupe) -> dict[str, str]:
    """Every voice with its parent, parents first."""
    shows = {who: show_voice(persona.show, persona.language) for who, persona in troupe.personas.items()}
    return {**dict.fromkeys(sorted(set(shows.values())), BASE), **shows}


def fingerprint(path: Path) -> str:
    with safe_open(str(path), framework="numpy") as file:
        return str(file.metadata()["fingerprint"])


def scripted(
    personas: Mapping[str, Persona], vocabulary: Vocabulary, lines: tuple[str, ...] = LINES, candidates: int = 8
) -> dict[str, Agent]:
    """Agents who say given lines: stage, ordering and playback need no network to be tested."""
    craft = Craft(candidates=candidates)
    found = {}
    for who, persona in personas.items():
        voice = ScriptedVoice(who, vocabulary, lines)
        found[who] = Agent(who, persona, voice, voice, craft)
    return found


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return Vocabulary.train(LINES * 4, "subword", 420)


@pytest.fixture
def network(vocabulary: Vocabulary) -> Network:
    return Network(toy_arrays(len(vocabulary)))


@pytest.fixture
def troupe(tmp_path: Path) -> Troupe:
    return write_troupe(tmp_path / "troupe")


@pytest.fixture
def voiced(troupe: Troupe, vocabulary: Vocabulary) -> Troupe:
    """The toy troupe with (random) voices."""
    write_voices(troupe, vocabulary)
    return troupe


@pytest.fixture
def edit() -> Callable[[Path, str, str], None]:
    """Replace what stands once in a file, as a writer would."""

    def replace(path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace


@pytest.fixture(scope="session")
def shipped() -> Troupe:
    """The troupe that the repository is."""
    return Troupe(ROOT)

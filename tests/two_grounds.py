"""The toy troupe with two people who speak Spanish, and for them a base of their own: for tests of grounds."""

from __future__ import annotations

from pathlib import Path

from engine import codes
from engine.speech.lexicon import Lexicon
from engine.troupe import Troupe
from engine.voices.registry import BASE, TOKENIZER
from engine.voices.vocabulary import Vocabulary
from engine.voices.weights import write_weights
from tests.conftest import fingerprint, toy_arrays, toy_change

LINES = (
    "No te lo dije nunca, <you>.", "¿Quién fue?", "Pregúntale a la cocinera.", "Esta noche no.", "La sopa está fría.",
    "Cierra la puerta.", "Dímelo otra vez, despacio.", "Había una carta debajo del plato.", "<you>, mírame.",
    "Me prometió el jardín.", "Dame la llave.", "Espero en la escalera.",
)  # fmt: skip
SHEETS = {
    "eva": "name: Eva\npronoun: she\nlanguage: es\nshow: casa\nlength: 6\nrelations: {raul: {kind: rival, heat: 0.5}}\n",
    "raul": "name: Raúl\npronoun: he\nlanguage: es\nshow: casa\nlength: 6\nrelations: {eva: {kind: rival}}\n",
}
SUPPER = """\
title: La cena
cast: [eva, raul]
present: [eva, raul]
beats:
  - {name: La sopa, turns: [4, 4], words: [sopa], closes: true}
"""
#: The row of cast/training.yaml under which Spanish has a base of its own.
RECIPE = (
    "grounds: {es: {vocabulary: 410, width: 16, layers: 1, batch: 2, steps: 16, warmup: 2, span: 8, general_steps: 3,"
    " anneal_steps: 4, rate: 0.01}}\n"
)


def add_spanish(troupe: Troupe, listed: bool = True) -> Troupe:
    """The troupe with the Spanish people, their scripts and a scene; `listed`: its training sheet asks for their base."""
    pages = ["Title: La casa\nLanguage: es\n"]
    for scene in range(12):
        pages.append(f"INT. COCINA - MAÑANA {scene}\n\n[[arc: betrayal]]\n")
        for number in range(6):
            line = LINES[(5 * scene + number) % len(LINES)].replace("<you>", ("Raúl", "Eva")[number % 2])
            tone, act = codes.TONES[(scene + number) % 7], codes.ACTS[(2 * scene + number) % len(codes.ACTS)]
            pages.append(f"{('EVA', 'RAÚL')[number % 2]}\n({tone}, {act})\n{line} Lo dije {scene} veces.\n")
    files = {f"cast/{who}.yaml": sheet for who, sheet in SHEETS.items()}
    files |= {"corpora/casa/uno.fountain": "\n".join(pages), "scenes/cena.yaml": SUPPER}
    if listed:
        files["cast/training.yaml"] = (troupe.root / "cast" / "training.yaml").read_text(encoding="utf-8") + RECIPE
    for name, text in files.items():
        path = troupe.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Troupe(troupe.root)


def write_ground(troupe: Troupe) -> Vocabulary:
    """Random weights for a Spanish base and a voice of Eva's; Raúl has none. Returns the vocabulary."""
    vocabulary = Vocabulary.train(LINES * 4, "subword", 410)
    folder: Path = troupe.ground("es")
    folder.mkdir(parents=True)
    (folder / TOKENIZER).write_text(vocabulary.to_json(), encoding="utf-8")
    (folder / "lexicon.txt").write_text(Lexicon.of(LINES, least=1).to_text(), encoding="utf-8")
    header = {"level": "subword", "vocabulary": vocabulary.fingerprint, "inputs": "toy"}
    write_weights(folder / f"{BASE}.safetensors", toy_arrays(len(vocabulary), seed=8), header)
    header |= {"parent": BASE, "grown_from": fingerprint(folder / f"{BASE}.safetensors")}
    write_weights(folder / "eva.safetensors", toy_change(len(vocabulary), seed=9), header)
    return vocabulary

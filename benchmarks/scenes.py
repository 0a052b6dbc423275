"""Writes docs/scenes.md: three whole scenes by seeds 1, 2 and 3, beside the same scenes by the base and by Markov chains.

    python -m benchmarks.scenes > docs/scenes.md

Nothing is chosen: the seeds are fixed, every line is printed. Turns, addressees and tones differ between the three
versions after the first line, because what is said moves them.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import markovify
import numpy as np

from engine.learning.plan import Plan
from engine.screen import transcript
from engine.sheets.persona import Persona
from engine.speech.agent import Agent, Choice, Request, tidy
from engine.stage.production import Company
from engine.stage.stage import Stage
from engine.stage.world import Speaker
from engine.troupe import Troupe
from engine.voices.library import BASE

SCENES = (("party", 1), ("lift", 2), ("kitchen", 3))


@dataclass(frozen=True)
class Chain:
    """Speaks from a Markov chain of order two over the character's lines; hears nothing."""

    persona: Persona
    model: Any

    def speak(self, request: Request, generator: np.random.Generator) -> Choice:
        random.seed(int(generator.integers(2**32)))
        for attempt in range(60):
            hidden = self.model.make_sentence(tries=1, test_output=attempt < 40)
            text = request.casting.fill(hidden) if hidden else None
            if text:
                return Choice(tidy(text), str(hidden), {})
        return Choice("...", "...", {})


def main() -> None:
    root = Path(__file__).resolve().parents[1]
    plan = Plan(Troupe(root))
    lines: dict[str, list[str]] = {}
    for passage in plan.passages:
        if passage.part == "train":
            for line in passage.lines:
                lines.setdefault(line.speaker, []).append(line.text)
    print("# Three scenes\n")
    print(
        "Chosen by fixed seeds, not by taste; `python -m benchmarks.scenes` prints this page. Directions and the first"
    )
    print("lines of some beats are scripted (see the scene sheets); everything else is theirs.")
    for name, seed in SCENES:
        path = root / "scenes" / f"{name}.yaml"
        company = Company(Troupe(root), seed)
        cast = company.scenario(path).value.cast
        base = company.library.load(BASE)
        personas = company.troupe.personas
        versions: Mapping[str, Mapping[str, Speaker]] = {
            "voices": {who: company.agent(who) for who in cast},
            "the base alone": {who: Agent(who, personas[who], base, base, company.craft) for who in cast},
            "Markov chains": {
                who: Chain(personas[who], markovify.NewlineText("\n".join(lines[who]), well_formed=False))
                for who in cast
            },
        }
        for version, agents in versions.items():
            print(f"\n## `scenes/{name}.yaml`, seed {seed}: {version}\n")
            stage = Stage(company.production(path, agents=agents))
            for entry in stage.play():
                print(f"    {transcript.plain(entry)}")
            sys.stdout.flush()


if __name__ == "__main__":
    main()

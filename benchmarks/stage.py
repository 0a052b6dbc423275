"""How fast the engine is without voices: a scene of 10,000 turns with 50 characters, by understudies.

    python benchmarks/stage.py [--people 50] [--turns 10000] [--profile]

Prints the time per turn over each quarter of the scene: it must not grow. Processor time is shown beside wall time, so
that a busy machine is told apart from a slow program.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import time

import numpy as np

from engine.drama.knowledge import Fact, Knowledge
from engine.drama.relations import EdgeStart, Relations
from engine.drama.rules import RuleBook
from engine.sheets.names import Names
from engine.sheets.persona import Persona
from engine.sheets.scenario import Beat, Scenario
from engine.stage.stage import Stage
from engine.stage.understudy import understudies
from engine.stage.world import Production, World
from engine.turns.vocative import Forms
from engine.turns.weights import Weights

KINDS = ("lover", "rival", "friend", "enemy", "sibling", "stranger")


def production(people: int, turns: int) -> Production:
    """A scene that goes on for so many lines: everybody on stage, a tie between any two, a few facts, beats that come again."""
    generator = np.random.default_rng(1)
    names = [f"p{number}" for number in range(people)]
    personas = {name: Persona(name=f"Person{number}", pronoun="she") for number, name in enumerate(names)}
    edges = [
        EdgeStart(one, other, KINDS[int(generator.integers(len(KINDS)))], float(generator.uniform(-1, 1)))
        for one in names
        for other in names
        if one != other
    ]
    facts = [Fact(f"f{number}", "So it is.", ("ring", "boat", "will")) for number in range(10)]
    knowledge = Knowledge(facts, {name: [f"f{number % 10}"] for number, name in enumerate(names)})
    beats = [
        Beat(name=f"b{number}", turns=(20, 30), focus=(names[number % people],), repeat=True, words=("storm",))
        for number in range(8)
    ]
    beats.append(Beat(name="end", turns=(0, 0), closes=True))
    scenario = Scenario(title="The Long Night", cast=tuple(names), limit=turns, beats=tuple(beats))
    forms = Forms({name: (persona.name,) for name, persona in personas.items()})
    world = World(Relations(names, edges), knowledge)
    return Production(
        "long",
        scenario,
        personas,
        understudies(personas, names),
        Names(personas, ("here",)),
        Weights(),
        forms,
        RuleBook.shipped(),
        world,
        1,
    )


def measure(people: int, turns: int) -> None:
    stage = Stage(production(people, turns))
    marks = [turns * quarter // 4 for quarter in (1, 2, 3, 4)]
    last, began = (0, time.process_time()), (time.perf_counter(), time.process_time())
    print(f"{people} people\n{'turns':>8}{'ms a turn':>12}")
    for entry in stage.play():
        if entry.kind == "line" and marks and stage.progress.lines >= marks[0]:
            now = time.process_time()
            print(f"{marks.pop(0):>8,}{1000 * (now - last[1]) / (stage.progress.lines - last[0]):>12.3f}")
            last = stage.progress.lines, now
    wall, processor = time.perf_counter() - began[0], time.process_time() - began[1]
    print(
        f"{stage.progress.lines:,} turns in {processor:.1f} s of processor time ({wall:.1f} s on the clock); aim: under 10 s"
    )


def main() -> None:
    options = argparse.ArgumentParser(description="Time the stage without voices.")
    options.add_argument("--people", type=int, default=50)
    options.add_argument("--turns", type=int, default=10_000)
    options.add_argument("--profile", action="store_true")
    given = options.parse_args()
    if not given.profile:
        measure(given.people, given.turns)
        return
    profile = cProfile.Profile()
    profile.runcall(measure, given.people, given.turns)
    pstats.Stats(profile).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main()

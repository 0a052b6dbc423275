"""The stages of training, each measured: base, one model on all shows, the show, the character, and her memory.

    python -m benchmarks.stages

The second is the talk's "one model on all shows", tuned here with the recipe of a show on everybody's lines at once; it is
measured and thrown away. All are measured on the held-out lines of every character with a voice of her own (test
scenes): perplexity a word and bits a character, for the principals and for everybody. Then the principals' own voices
with less context: how many of the lines before make a line likelier.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from engine import codes
from engine.learning.pairs import LIMIT, pairs
from engine.learning.plan import Plan
from engine.report.batching import reply_nats
from engine.report.subject import Effort, Place, Subject
from engine.speech.copying import words
from engine.training.build import tuner_for
from engine.training.tuning import LEAST_VALIDATION
from engine.troupe import Troupe
from engine.voices.network import Network
from engine.voices.registry import BASE
from engine.voices.sequences import Pair, pair
from engine.voices.vocabulary import Vocabulary
from engine.voices.voice import LSTMVoice


def one_for_all(plan: Plan) -> LSTMVoice:
    """The base tuned on everybody's lines, both languages."""
    vocabulary, recipe = plan.registry.vocabulary, plan.troupe.recipe.show
    validation = pairs(vocabulary, plan.passages, "validation")
    assert len(validation) >= LEAST_VALIDATION

    def learn(epoch: int) -> Sequence[Pair]:
        generator = np.random.default_rng([recipe.seed, 7, epoch])
        return pairs(vocabulary, plan.passages, "train", None, generator, recipe.code_dropout)

    base = plan.registry.arrays(BASE)
    tuned = tuner_for(plan, recipe).tune(dict(base), learn, validation, lambda report: None)
    return LSTMVoice("all", Network(base, [tuned.change]), vocabulary)


def main() -> None:
    troupe = Troupe(Path(__file__).resolve().parents[1])
    plan = Plan(troupe)
    subject = Subject(plan, 0, Effort())
    load = plan.registry.load
    everything = one_for_all(plan)

    def without_memory(who: str) -> LSTMVoice:
        return LSTMVoice(who, load(who).network, plan.registry.vocabulary)

    stages: dict[str, Callable[[str], LSTMVoice]] = {
        "base": lambda who: load(BASE),
        "one model on all shows": lambda who: everything,
        "her show": lambda who: load(subject.show(who) or BASE),
        "her own": without_memory,
        "her own, with her memory": load,
    }
    groups = {
        "eight principals": [who for who in subject.owners if subject.persona(who).language == codes.LANGUAGES[0]][:8],
        "all English": [who for who in subject.owners if subject.persona(who).language == "en"],
        "all Spanish": [who for who in subject.owners if subject.persona(who).language == "es"],
    }
    print("| stage | " + " | ".join(f"{name}: perplexity | bits" for name in groups) + " |")
    print("|---|" + "---|---|" * len(groups))
    for stage, voice in stages.items():
        cells = []
        for people in groups.values():
            nats = spoken = letters = 0.0
            for who in people:
                places = subject.places[who]
                nats += reply_nats(voice(who), [place.pair(plan.registry.vocabulary) for place in places]).sum()
                spoken += sum(len(words(place.line.text)) for place in places)
                letters += sum(len(place.line.text) for place in places)
            cells += [f"{math.exp(nats / spoken):.0f}", f"{nats / math.log(2) / letters:.3f}"]
        print(f"| {stage} | " + " | ".join(cells) + " |", flush=True)
    print("\n| lines of context | bits a character |\n|---|---|")
    for window in (4, 2, 1, 0):
        nats = letters = 0.0
        for who in groups["eight principals"]:
            places = subject.places[who]
            nats += reply_nats(load(who), [_cut(place, window, plan.registry.vocabulary) for place in places]).sum()
            letters += sum(len(place.line.text) for place in places)
        print(f"| {window} | {nats / math.log(2) / letters:.4f} |", flush=True)


def _cut(place: Place, window: int, vocabulary: Vocabulary) -> Pair:
    """A place with so many of the lines before."""
    context = place.context[len(place.context) - min(window, len(place.context)) :]
    return pair(vocabulary, context, place.line, place.passage.language, LIMIT)


if __name__ == "__main__":
    main()

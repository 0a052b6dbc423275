"""What a voice says while it is being trained: the same words put to her after each epoch, answered as on the stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.learning.plan import Job, Plan
from engine.speech.agent import Agent
from engine.speech.company import Company
from engine.stage.play import lines
from engine.voices.network import Arrays, Network
from engine.voices.registry import BASE
from engine.voices.voice import LSTMVoice

#: What is put to her, by language, and what she does about it: an accusation, which everybody denies in her own way.
PROMPTS, ACT = {"en": "Why did you lie to me?", "es": "¿Por qué me mentiste?"}, "deny"


@dataclass(frozen=True)
class Answer:
    """What somebody, by the name that is shown, says to a prompt."""

    prompt: str
    who: str
    says: str


class Hearing:
    """Asks voices that are not finished. Everything but the weights stays the same, so that a change is theirs."""

    def __init__(self, plan: Plan):
        self._company = Company(plan.troupe)
        self._lines = plan.lines

    def answer(self, job: Job, arrays: Callable[[], Arrays]) -> Answer:
        """What she says with the weights as they are now; for a show, whoever has the most lines in it."""
        who = max(job.speakers, key=lambda each: (self._lines[each], each))
        persona, registry = self._company.troupe.personas[who], self._company.grounds.of(job.language)
        voice = LSTMVoice(job.name, Network(arrays()), registry.vocabulary)
        agent = Agent(who, persona, voice, registry.load(BASE).copy(), self._company.craft(job.language))
        prompt = PROMPTS[job.language]
        return Answer(prompt, persona.name, lines(self._company, agent, prompt, act=ACT)[0])

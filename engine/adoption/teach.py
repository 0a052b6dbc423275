"""Trains what a fresh troupe lacks: its show, and the voices of its people."""

from __future__ import annotations

from collections.abc import Sequence

from engine.adoption.design import Design
from engine.jobs.crew import Crew
from engine.learning.plan import Plan
from engine.training.run import Tell, train
from engine.troupe import Troupe
from engine.voices.registry import person_voice


def pupils(design: Design) -> list[str]:
    """The ids of those who are to have a voice: the large parts, and the show where its lines have no owner."""
    company = design.company
    return [*design.voices, *([company.ids[company.nobody]] if company.whole else [])]


def teach(troupe: Troupe, people: Sequence[str], tell: Tell = lambda _: None, crew: Crew | None = None) -> None:
    """Train the show and the voices of `people`, here or by a crew. Raises as `train` does."""
    plan = Plan(troupe)
    wanted = {person_voice(who) for who in people}
    jobs = [name for name, job in plan.jobs.items() if name in wanted or not job.a_persons]
    if jobs:
        train(troupe, jobs, tell, crew=crew)

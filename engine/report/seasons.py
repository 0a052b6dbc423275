"""Seasons by the hundred: do all end, with no end loose, and does nobody say what she cannot? And: does love warm the tone?

What is judged is the transcript: who could be on stage, what each could know and whom each could name is worked out
again from the sheets and from what was played, not asked of the stage that played it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from engine.drama.leanings import tone_pulls
from engine.meter import Meter
from engine.performance import Entry
from engine.report.table import Column, Table
from engine.seasons.serial import Chapter, Curtain, Serial
from engine.sheets.authored import load
from engine.sheets.plot import Season
from engine.sheets.scenario import Scenario
from engine.stage.production import Theatre
from engine.stage.stage import Stage
from engine.stage.understudy import understudies
from engine.story.proof import Story, read
from engine.troupe import Troupe

#: Tones that love makes likelier, whatever else is felt.
WARM = frozenset(tone for tone, pull in tone_pulls().items() if pull.get("affection", 0.0) > 0)
#: Points of the tension curve.
TENTHS = 10
#: What nobody may do, as the table names it.
KINDS = (
    "speaks while absent",
    "tells what she does not know",
    "uses words of what she does not know",
    "names somebody unknown to her",
)


@dataclass
class Tally:
    """What was counted over seasons. `faults` are sentences, `lines` by speaker, `tension` sums of (target, reached)."""

    seasons: int = 0
    ended: int = 0
    untied: int = 0
    faults: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    lines: Counter[str] = field(default_factory=Counter)
    tension: list[list[tuple[float, float]]] = field(default_factory=lambda: [[] for _ in range(TENTHS)])

    def add(self, other: Tally) -> None:
        """Count what another tally has counted."""
        self.seasons += other.seasons
        self.ended += other.ended
        self.untied += other.untied
        for kind, found in other.faults.items():
            self.faults[kind] += found
        self.lines.update(other.lines)
        for mine, points in zip(self.tension, other.tension, strict=True):
            mine += points


class Company:
    """What the seasons of one sheet share, whatever their seeds: the story, and who plays it.

    Raises AuthoredError for faulty sheets.
    """

    def __init__(self, troupe: Troupe, season_path: Path, voices: bool = False):
        self.story = read(load(season_path, Season), troupe)
        self.theatre = Theatre(troupe)
        self.agents = None if voices else understudies(troupe.personas, troupe.personas)

    def season(self, seed: int) -> Tally:
        """Play it once, and judge what was played. Raises VoiceError for missing voices."""
        tally = Tally(seasons=1)
        serial, audit = Serial(self.story, self.theatre, seed, agents=self.agents), Audit(self.story, tally)
        for event in serial.play():
            if isinstance(event, Curtain):
                audit.hear(event.chapter)
        tally.ended, tally.untied = int(serial.over), int(len(serial.loose()) > 0)
        return tally


def run(season_path: Path, seeds: Sequence[int], voices: bool = False, meter: Meter | None = None) -> list[Table]:
    """Play a season with each seed, by understudies or (slow) by the voices, and judge what was played.

    Raises AuthoredError for faulty sheets, VoiceError for missing voices.
    """
    company = Company(Troupe.around(season_path), season_path, voices)
    tally = Tally()
    for seed in (meter or Meter()).over("playing seasons", seeds):
        tally.add(company.season(seed))
    return tables(tally)


def tables(tally: Tally) -> list[Table]:
    """How the seasons ended, who talked, and how the tension ran."""
    total = sum(tally.lines.values())
    ends: list[tuple[str, int]] = [
        ("seasons", tally.seasons),
        ("that ended", tally.ended),
        ("with a loose end", tally.untied),
        *((f"lines in which somebody {kind}", len(found)) for kind, found in tally.faults.items()),
    ]
    examples = tuple(found[0] for found in tally.faults.values() if found)
    curve = [
        (float(np.mean([t for t, _ in part])), float(np.mean([r for _, r in part]))) for part in tally.tension if part
    ]
    return [
        Table(
            "seasons",
            "Seasons, each with its own seed",
            (Column("what"), Column("count", "count")),
            tuple(ends),
            total,
            examples,
        ),
        Table(
            "talk",
            "Who talks",
            (Column("who"), Column("lines a season", "1"), Column("share", "share"), Column("")),
            tuple(
                (who, count / tally.seasons, count / total, _bar(count / max(tally.lines.values())))
                for who, count in tally.lines.most_common()
            ),
            total,
        ),
        Table(
            "tension",
            "Tension by tenths of a scene",
            (Column("tenth"), Column("wanted", "2"), Column("reached", "2"), Column("")),
            tuple((str(number + 1), wanted, reached, _bar(reached)) for number, (wanted, reached) in enumerate(curve)),
            total,
        ),
    ]


class Audit:
    """Follows one season by its transcript and its sheets, chapter by chapter, and counts what should not be."""

    def __init__(self, story: Story, tally: Tally):
        self.story, self.tally = story, tally
        self.knows = {(who, fact.id) for who in story.troupe.personas for fact in story.knowledge().known(who)}
        self.amnesiacs: set[str] = set()

    def hear(self, chapter: Chapter) -> None:
        scenario = self.story.scenes[chapter.scene].value
        heard = _Scene(self, chapter.scene, scenario)
        for entry in chapter.performance.lines:
            heard.entry(entry)
        # Whoever goes by another name for a while is the same person.
        personas = self.story.troupe.personas
        self.tally.lines.update(
            personas[heard.sheets[entry.speaker]].name for entry in chapter.performance.lines if entry.speaker
        )
        points = chapter.performance.summary["tension"]
        for number, point in enumerate(points):
            self.tally.tension[number * TENTHS // len(points)].append((point["target"], point["reached"]))

    def fault(self, kind: str, sentence: str) -> None:
        self.tally.faults[kind].append(f"{kind}: {sentence}")


class _Scene:
    """One scene under audit: who is on stage follows from the beats that were played, as the sheet has them."""

    def __init__(self, audit: Audit, key: str, scenario: Scenario):
        self.audit, self.key, self.scenario = audit, key, scenario
        personas = audit.story.troupe.personas
        self.names = {who: scenario.called.get(who, personas[who].name) for who in scenario.cast}
        self.sheets = {name: who for who, name in self.names.items()}
        self.beats = {beat.name: beat for beat in scenario.beats}
        self.present = set(scenario.opening())
        self.met: dict[str, set[str]] = {who: set(self.present) for who in self.present}
        self.beat = ""
        self.patterns = {who: re.compile(rf"(?<!\w){re.escape(name)}(?!\w)") for who, name in self.names.items()}

    def entry(self, entry: Entry) -> None:
        beat = entry.why.beat or self.beat
        if beat != self.beat:
            self._begin(beat)
        if entry.speaker is not None:
            self._line(entry, self.sheets[entry.speaker])
        for learned in entry.learned:
            if not learned.fact.startswith("not "):
                change = self.audit.knows.discard if learned.lost else self.audit.knows.add
                change((self.sheets[learned.who], learned.fact))

    def _begin(self, name: str) -> None:
        if self.beat:
            self.present -= set(self.beats[self.beat].leave)
        self.beat, beat = name, self.beats[name]
        self.present |= set(beat.enter)
        self.audit.amnesiacs |= set(beat.forget)
        self.audit.amnesiacs -= set(beat.recall)
        for who in self.present:
            self.met.setdefault(who, set()).update(self.present)

    def _line(self, entry: Entry, who: str) -> None:
        beat, audit = self.beats[self.beat], self.audit
        place = f"{self.key}/{self.beat}: {entry.speaker}: {entry.text}"
        if who not in self.present:
            audit.fault("speaks while absent", place)
        told = {telling.fact for telling in (*beat.reveal, *beat.lie) if telling.by == who}
        for fact in told:
            if (who, fact) not in audit.knows:
                audit.fault("tells what she does not know", place)
        if entry.why.scripted:
            return
        # Every word that the stage gave her comes from the beat, from what she tells, or from what she knows.
        facts = audit.story.facts
        may = {
            *beat.words,
            *(word for fact in facts if fact.id in told or (who, fact.id) in audit.knows for word in fact.words),
        }
        if entry.why.line is not None and set(entry.why.line.words) - may:
            audit.fault("uses words of what she does not know", place)
        for other, pattern in self.patterns.items():
            if other != who and pattern.search(entry.text) and not self._may_name(who, other):
                audit.fault("names somebody unknown to her", place)

    def _may_name(self, who: str, other: str) -> bool:
        """She sees or has seen her in this scene; or, unless she has lost her memory, they have a tie."""
        if other in self.met.get(who, ()):
            return True
        ties = self.audit.story.troupe.personas[who].relations
        overridden = any(
            (edge.source, edge.target) == (who, other)
            for scene in self.audit.story.scenes.values()
            for edge in scene.value.relations
        )
        return who not in self.audit.amnesiacs and (other in ties or overridden)


def steering(
    scene_path: Path, source: str, target: str, seeds: Iterable[int], affections: Sequence[float] = (-0.8, 0.0, 0.8)
) -> Table:
    """The tones of `source` to `target` when only that edge's affection differs: a row a value, all else equal.

    Raises AuthoredError for a faulty scene.
    """
    theatre = Theatre(Troupe.around(scene_path))
    agents = understudies(theatre.troupe.personas, theatre.troupe.personas)
    rows: list[tuple[str | float, ...]] = []
    counts: list[Counter[str]] = []
    seeds = list(seeds)
    for affection in affections:
        tones: Counter[str] = Counter()
        for seed in seeds:
            production = theatre.production(scene_path, seed, None, agents)
            start = replace(production.world.relations.edge(source, target), affection=affection)
            production.world.relations.begin(start)
            stage = Stage(production)
            for entry in stage.play():
                pair = (production.personas[source].name, production.personas[target].name)
                if (entry.speaker, entry.to) == pair and not entry.why.scripted:
                    tones[entry.tone or "plain"] += 1
        counts.append(tones)
    common = [tone for tone, _ in sum(counts, Counter()).most_common()]
    for affection, tones in zip(affections, counts, strict=True):
        total = max(1, tones.total())
        warm = sum(count for tone, count in tones.items() if tone in WARM) / total
        rows.append((f"{affection:+.1f}", tones.total(), warm, *(tones[tone] / total for tone in common)))
    warmths = [float(row[2]) for row in rows]
    grows = all(one < other for one, other in pairwise(warmths))
    columns = (
        Column("affection"),
        Column("lines", "count"),
        Column("warm", "share"),
        *(Column(tone, "share") for tone in common),
    )
    note = f"Warm tones ({', '.join(sorted(WARM))}) {'grow with affection' if grows else 'do NOT grow with affection'}."
    title = f"Tones of {source} to {target}, {len(seeds)} seeds for each affection"
    return Table("steering", title, columns, tuple(rows), sum(map(Counter.total, counts)), (note,))


def _bar(share: float) -> str:
    return "█" * round(20 * share)


def as_numbers(found: Sequence[Table]) -> Mapping[str, int]:
    """The counts of the first table, for tests and for exit statuses: 0 everywhere but in the first two."""
    return {str(what): int(count) for what, count in found[0].rows if isinstance(count, int)}

"""Plays a season, episode by episode: recap, scenes, cliff-hanger; the state of the world goes on from each to the next.

Yields what is to be shown, prints nothing and opens no file but the sheets. One chapter is a scene with all that is
played around it; between chapters everything stands in `Progress`, from which a season goes on to the bit as it would
have gone on without a break.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from engine import codes
from engine.drama.relations import Picture
from engine.errors import AuthoredError, PlotError
from engine.performance import Entry, Performance, Why
from engine.seasons import recap
from engine.seasons.recap import Recaps
from engine.sheets.authored import nearest
from engine.sheets.messages import messages
from engine.sheets.persona import Persona
from engine.sheets.plot import Thread
from engine.sheets.scenario import Beat, Scenario, ScriptedLine
from engine.stage.production import Theatre
from engine.stage.stage import Stage
from engine.stage.transcript import Transcript, talk
from engine.stage.world import Production, Speaker, World
from engine.story.proof import Story

#: Turns that pass unseen between two scenes, and between two episodes: tempers cool, love hardly.
BETWEEN_SCENES, BETWEEN_EPISODES = 6, 18


@dataclass(frozen=True)
class Card:
    """A title card: of an episode (without cast) or of a scene."""

    title: str
    setting: str = ""
    cast: tuple[Persona, ...] = ()
    language: str = "en"


@dataclass(frozen=True)
class Shown:
    """An entry. `relations` draws the picture of how things now stand in the scene, which is dear: only when looked at."""

    entry: Entry
    relations: Callable[[], Picture] | None = None


@dataclass(frozen=True)
class Curtain:
    """A chapter is over: the progress may be saved."""

    chapter: Chapter


@dataclass(frozen=True)
class Chapter:
    """One scene as it was played, with the recap before it and the cliff-hanger after it, if it has them.

    `beats` are the names of those that were played, in order.
    """

    scene: str
    recap: tuple[Entry, ...]
    performance: Performance
    beats: tuple[str, ...]
    cliffhanger: tuple[Entry, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        return (*self.recap, *self.performance.lines, *self.cliffhanger)


@dataclass
class Progress:
    """How far a season has come. `before` are the relations, by shown names, as they were at its beginning."""

    world: World
    before: Picture
    chapters: list[Chapter] = field(default_factory=list)

    def played(self) -> list[str]:
        """Every beat so far as `scene/beat`."""
        return [f"{chapter.scene}/{beat}" for chapter in self.chapters for beat in chapter.beats]


class Serial:
    """One season with one seed. `agents` stand in for the voices in tests and measurements.

    Raises AuthoredError and VoiceError when a sheet or a voice is not fit to be played.
    """

    def __init__(
        self,
        story: Story,
        theatre: Theatre,
        seed: int,
        progress: Progress | None = None,
        agents: Mapping[str, Speaker] | None = None,
    ):
        self.story, self.theatre, self.seed, self.agents = story, theatre, seed, agents
        season = story.season
        if season.narrator not in story.troupe.personas:
            message = f"narrator: '{season.narrator}' is not in cast/{nearest(season.narrator, story.troupe.personas)}"
            raise AuthoredError([story.document.fault(("narrator",), message)])
        self.scenes = [(number, name) for number, episode in enumerate(season.episodes) for name in episode.scenes]
        #: Everybody who has a part, by sheet, in the order in which they are first listed.
        self.people = tuple(dict.fromkeys(who for scene in story.scenes.values() for who in scene.value.cast))
        self.progress = progress or self._beginning()
        #: The language of the season: its narrator's.
        self.language = story.troupe.personas[season.narrator].language
        self.recaps = Recaps(self.language, season.title, len(season.episodes), np.random.default_rng([seed, 0x5EA5]))

    def _beginning(self) -> Progress:
        first = next(iter(self.story.scenes.values())).value
        world = World(self.theatre.world(first).relations, self.story.knowledge())
        return Progress(world, self._picture(world))

    # -- playing -----------------------------------------------------------------------------------------------

    @property
    def over(self) -> bool:
        return len(self.progress.chapters) == len(self.scenes)

    def play(self, episodes: int | None = None) -> Iterator[Card | Shown | Curtain]:
        """The rest of the season, or of so many episodes (the one that was begun counts as the first).

        Raises PlotError before a finale that cannot tie up a thread that is still loose.
        """
        start = len(self.progress.chapters)
        if start == len(self.scenes):
            return
        last = len(self.story.season.episodes) if episodes is None else self.scenes[start][0] + episodes
        for number, name in self.scenes[start:]:
            if number >= last:
                return
            yield from self._chapter(number, name)

    def _chapter(self, number: int, name: str) -> Iterator[Card | Shown | Curtain]:
        episode, world = self.story.season.episodes[number], self.progress.world
        if episode.finale and name == episode.scenes[0]:
            self._require_ready()
        path = self.story.scenes[name].path
        production = self.theatre.production(path, self.seed, world, self.agents)
        told: list[Entry] = []
        if name == episode.scenes[0]:
            yield Card(
                f"{self._episode_name(number)}: {episode.title}", self.story.season.title, language=self.language
            )
            stage = Stage(self._recap(number, production))
            for entry in stage.play():
                told.append(entry)
                yield Shown(entry)
        scenario = production.scenario
        cast = tuple(production.personas[who] for who in scenario.cast)
        yield Card(scenario.title, scenario.setting, cast, production.language)
        stage = Stage(production)
        for entry in stage.play():
            yield Shown(entry, stage.picture)
        cliffhanger: tuple[Entry, ...] = ()
        if name == episode.scenes[-1]:
            cliffhanger = self._cliffhanger(number)
            for entry in cliffhanger:
                yield Shown(entry)
        self._pass_time(stage, BETWEEN_EPISODES if cliffhanger else BETWEEN_SCENES)
        chapter = Chapter(name, tuple(told), stage.performance(), tuple(stage.progress.times), cliffhanger)
        self.progress.chapters.append(chapter)
        yield Curtain(chapter)

    def _pass_time(self, stage: Stage, turns: int) -> None:
        """Tempers cool; and a phrase that was used in this scene was used that many lines before the next."""
        world = self.progress.world
        world.relations.decay(turns)
        passed = stage.progress.lines + turns
        world.phrases = {
            who: {text: last - passed for text, last in used.items()} for who, used in world.phrases.items()
        }

    def _require_ready(self) -> None:
        """Every thread that the finale does not tie up must be tied."""
        finale = self.story.season.episodes[-1]
        for name, thread in self.loose():
            scene = thread.resolved_by.split("/", 1)[0]
            if scene not in finale.scenes:
                raise PlotError(
                    f"the finale cannot begin: thread '{name}' is still loose, and '{thread.resolved_by}', which should have tied it up, was not played"
                )

    # -- threads -----------------------------------------------------------------------------------------------

    def loose(self) -> list[tuple[str, Thread]]:
        """The threads that are not tied up yet."""
        played = set(self.progress.played())
        return [
            (name, thread) for name, thread in self.story.season.threads.items() if thread.resolved_by not in played
        ]

    def threads(self) -> list[dict[str, str]]:
        """Every thread with where it opened and closed, as `Performance.summary` has them."""
        played = set(self.progress.played())
        return [
            {
                "name": name,
                "arc": thread.arc,
                "opened": self._where(thread.opened_by) if thread.opened_by in played else "",
                "closed": self._where(thread.resolved_by) if thread.resolved_by in played else "",
            }
            for name, thread in self.story.season.threads.items()
        ]

    def _where(self, name: str) -> str:
        scene, beat = name.split("/", 1)
        return f"{self.story.episode(scene) + 1}. {self.story.scenes[scene].value.title}: {beat}"

    def _standing(self, number: int) -> recap.State:
        """The threads as the recap before an episode sees them."""
        before: set[str] = set()
        last: set[str] = set()
        for chapter in self.progress.chapters:
            names = {f"{chapter.scene}/{beat}" for beat in chapter.beats}
            (last if self.story.episode(chapter.scene) == number - 1 else before).update(names)
        order = {name: position for position, (name, _) in enumerate(self.story.beats())}
        threads = sorted(self.story.season.threads.values(), key=lambda thread: order.get(thread.opened_by, 0))
        played = before | last
        pending = [thread for thread in threads if thread.opened_by in played and thread.resolved_by not in played]
        return recap.State(
            [thread.title for thread in pending if thread.opened_by in last],
            [thread.title for thread in threads if thread.resolved_by in last and thread.opened_by in before],
            [thread.title for thread in pending],
            len([thread for thread in threads if thread.resolved_by not in played]),
        )

    # -- what is played around the scenes ----------------------------------------------------------------------

    def _recap(self, number: int, production: Production) -> Production:
        """A scene of its own: the Narrator alone with the viewer, first by the script, then in his own words."""
        who = self.story.season.narrator
        standing = self._standing(number)
        lines = tuple(
            ScriptedLine(speaker=who, text=said.text, to=codes.VIEWER, tone=said.tone)
            for said in self.recaps.lines(number, standing)
        )
        arcs = [
            thread.arc
            for thread in self.story.season.threads.values()
            if thread.title in (standing.opened or standing.pending)
        ]
        beat = Beat(
            name="previously",
            direction=(self.recaps.heading,) if number else (),
            lines=lines,
            turns=(1, 1),
            tone={"scheming": 1.0, "joyful": 1.0},
            arc=arcs[0] if arcs else None,
            closes=True,
        )
        title = self.story.season.episodes[number].title
        scenario = Scenario(title=title, cast=(who,), present=(who,), places=production.scenario.places, beats=(beat,))
        personas = self.story.troupe.personas
        agent = self.agents[who] if self.agents is not None else self.theatre.company.agent(who)
        key = f"{self.story.document.path.stem}/{number}"
        return replace(production, key=key, scenario=scenario, personas=personas, agents={who: agent})

    def _cliffhanger(self, number: int) -> tuple[Entry, ...]:
        """The direction on which an episode breaks off, and the promise that it goes on."""
        episode = self.story.season.episodes[number]
        why = Why(beat=self._episode_name(number))
        found = [Entry("direction", episode.cliffhanger, why=why)] if episode.cliffhanger else []
        if not episode.finale:
            found.append(Entry("direction", self.recaps.frames.to_be_continued, why=why))
        return tuple(found)

    def _episode_name(self, number: int) -> str:
        return f"{self.recaps.frames.episode} {number + 1}"

    # -- the whole ---------------------------------------------------------------------------------------------

    def performance(self) -> Performance:
        """The season so far as one performance, with the closing pictures' data."""
        entries: list[Entry] = []
        tension: list[Mapping[str, float]] = []
        for chapter in self.progress.chapters:
            entries += chapter.entries
            tension += chapter.performance.summary.get("tension", ())
        summary = {
            "relations": {"before": self.progress.before, "after": self._picture(self.progress.world)},
            "tension": tension,
            "talk": talk(entries),
            "threads": self.threads(),
        }
        loose = len(self.loose())
        form = messages(self.language).season_ended[min(loose, 2)]
        ended = form.format(scenes=len(self.progress.chapters), loose=loose)
        return Performance(self.story.season.title, self.seed, tuple(entries), {}, ended, summary, self.language)

    def _picture(self, world: World) -> Picture:
        """The relations among the season's cast, by shown names."""
        return Transcript(self.story.troupe.personas, self.people).picture(world.relations.picture())

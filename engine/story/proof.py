"""The plan of a season: proves, before anything is played, that every thread opens and is tied up, or says why not.

The scenes are walked through in order (`engine.story.foresight`), carrying what is surely known from each to the next. Knows
nothing of voices and lines; reads the sheets of a season, and plays nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import networkx as nx

from engine.drama.knowledge import Fact, Knowledge
from engine.errors import AuthoredError, Fault, PlotError
from engine.files import is_file
from engine.sheets.authored import Document, Place, load, nearest
from engine.sheets.plot import Season
from engine.sheets.scenario import Beat, FactSheet, Requirement, Scenario
from engine.story import opening as beginning
from engine.story.foresight import Belief, End, Moment, Outlook, Scene
from engine.troupe import Troupe

#: A chain of causes is told as far as a reader can follow it.
_DEEPEST = 6


@dataclass(frozen=True)
class Story:
    """A season sheet with its scene sheets, by name and in the order in which they are played."""

    document: Document[Season]
    scenes: Mapping[str, Document[Scenario]]
    troupe: Troupe

    @property
    def season(self) -> Season:
        return self.document.value

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Every fact of the world and of the scenes."""
        return beginning.made(self._sheets)

    @cached_property
    def _sheets(self) -> Mapping[str, FactSheet]:
        return beginning.facts(self.troupe.world, [scene.value for scene in self.scenes.values()])

    def knowledge(self) -> Knowledge:
        """Who knows what before the first scene."""
        return beginning.knowledge(self.troupe.personas, self._sheets)

    @cached_property
    def prepared(self) -> Mapping[str, Scene]:
        return {name: Scene(document.value, self.facts) for name, document in self.scenes.items()}

    def beats(self) -> Iterator[tuple[str, Beat]]:
        """Every beat with its full name, `scene/beat`, scene by scene as written."""
        for scene, document in self.scenes.items():
            for beat in document.value.beats:
                yield f"{scene}/{beat.name}", beat

    def episode(self, scene: str) -> int:
        """The number of the episode (from 0) that a scene belongs to."""
        return next(number for number, episode in enumerate(self.season.episodes) if scene in episode.scenes)


@dataclass(frozen=True)
class Flaw:
    """Something that cannot be counted on. `thread` is empty for a flaw of a scene; `place` is where it stands: in
    the sheet of `scene`, or (empty) in the season's."""

    thread: str
    beat: str
    why: str
    scene: str
    place: Place

    def __str__(self) -> str:
        return f"thread '{self.thread}': '{self.beat}' {self.why}" if self.thread else f"'{self.beat}': {self.why}"


@dataclass(frozen=True)
class Proof:
    """What is certain about a season.

    `order` are the beats that are sure to be played, in an order in which they can be. `graph` has a node for each
    beat (`kind` "beat"), each piece of knowledge ("holding", as `betty knows the-books`) and each presence that a beat
    asks for ("presence"); its edges say by their `why` how one brings about or precedes the other.
    """

    order: tuple[str, ...]
    graph: nx.DiGraph[str]
    flaws: tuple[Flaw, ...]

    def require(self) -> None:
        """Raises PlotError with every flaw, when there is one."""
        if self.flaws:
            raise PlotError("\n".join(map(str, self.flaws)))


def read(document: Document[Season], troupe: Troupe) -> Story:
    """The season's scene sheets. Raises AuthoredError with the faults of all of them."""
    folder, faults, scenes = document.path.parent, list[Fault](), dict[str, Document[Scenario]]()
    sheets = [path.stem for path in folder.glob("*.yaml") if path != document.path]
    for number, episode in enumerate(document.value.episodes):
        for position, name in enumerate(episode.scenes):
            place: Place = ("episodes", number, "scenes", position)
            path = folder / f"{name}.yaml"
            if name in scenes:
                faults.append(document.fault(place, f"scenes: '{name}' is in the season twice"))
            elif not is_file(path):
                faults.append(
                    document.fault(place, f"scenes: no scene sheet '{name}' beside this file{nearest(name, sheets)}")
                )
            else:
                try:
                    scenes[name] = load(path, Scenario)
                except AuthoredError as error:
                    faults += error.faults
    # The walk goes by the names of beats; two of one name would lead it round in a circle.
    for sheet in scenes.values():
        names = [beat.name for beat in sheet.value.beats]
        twice = (beat for beat, name in enumerate(names) if name in names[:beat])
        faults += [
            sheet.fault(("beats", beat, "name"), f"name: two beats are called '{names[beat]}'") for beat in twice
        ]
    if faults:
        raise AuthoredError(faults)
    return Story(document, scenes, troupe)


def season_faults(document: Document[Season], troupe: Troupe) -> list[Fault]:
    """Every flaw of a season, and every fault of its scene sheets, each with the file and line where it stands."""
    try:
        story = read(document, troupe)
    except AuthoredError as error:
        return list(error.faults)
    faults = []
    for flaw in prove(story).flaws:
        sheet = story.scenes[flaw.scene] if flaw.scene else document
        faults.append(sheet.fault(flaw.place, str(flaw)))
    return faults


def prove(story: Story) -> Proof:
    """Walk through the season, and judge its threads. Raises AuthoredError for faulty cast sheets."""
    survey = _Survey(story)
    graph = survey.graph()
    sure = [name for name, _ in story.beats() if survey.certain(name)]
    place = {name: number for number, (name, _) in enumerate(story.beats())}
    order = nx.lexicographical_topological_sort(_between_beats(graph, sure), key=place.__getitem__)
    return Proof(tuple(order), graph, (*survey.thread_flaws(), *survey.scene_flaws()))


class _Survey:
    """The walk through the whole season, and the questions that are asked of it."""

    def __init__(self, story: Story):
        self.story = story
        self.personas = story.troupe.personas
        self.outlooks: dict[str, Outlook] = {}
        belief = Belief.of(story.knowledge())
        for name, scene in story.prepared.items():
            self.outlooks[name] = scene.foresee(belief)
            belief = self.outlooks[name].after

    def certain(self, name: str) -> bool:
        scene, beat = name.split("/", 1)
        return scene in self.outlooks and beat in self.outlooks[scene].certain

    # -- threads -----------------------------------------------------------------------------------------------

    def thread_flaws(self) -> Iterator[Flaw]:
        place = {name: number for number, (name, _) in enumerate(self.story.beats())}
        for name, thread in self.story.season.threads.items():
            fine = True
            for part, beat in (("opened_by", thread.opened_by), ("resolved_by", thread.resolved_by)):
                why = self._missing(beat) or ("" if self.certain(beat) else self.why_not(beat))
                if why:
                    fine = False
                    yield Flaw(name, beat, why, "", ("threads", name, part))
            if fine and place[thread.resolved_by] <= place[thread.opened_by]:
                why = f"ties it up before '{thread.opened_by}' opens it"
                yield Flaw(name, thread.resolved_by, why, "", ("threads", name, "resolved_by"))

    def _missing(self, name: str) -> str:
        scene, beat = name.split("/", 1)
        if scene not in self.story.scenes:
            return f"cannot be played: no episode has the scene '{scene}'{nearest(scene, self.story.scenes)}"
        names = [each.name for each in self.story.scenes[scene].value.beats]
        if beat not in names:
            return f"cannot be played: the scene has no such beat{nearest(beat, names)}"
        return ""

    def why_not(self, name: str, seen: tuple[str, ...] = ()) -> str:
        """Why a beat is not certain, as the rest of a sentence that begins with its name."""
        scene, beat_name = name.split("/", 1)
        outlook, ready = self.outlooks[scene], self.story.prepared[scene]
        if outlook.too_open:
            return "cannot be foreseen: its scene can be played in too many orders; let some beats follow one another"
        if name in seen or len(seen) > _DEEPEST:
            return "is not certain either"
        beat = next(each for each in ready.scenario.beats if each.name == beat_name)
        end = next((end for end in outlook.ends if beat_name not in end.played), None)
        if end is None:
            # It is played whatever happens, and what waits for it comes too late.
            return "ends the scene" if beat.closes else "may be the last that is played"
        if beat.when is None:
            before = _written_before(ready.scenario, beat)
            if before is not None and before.name not in dict(end.moment.times):
                return f"follows '{scene}/{before.name}', which {self.why_not(f'{scene}/{before.name}', (*seen, name))}"
        for atom in ready.lacking(beat, end.moment):
            return self._cause(scene, end, atom, (*seen, name))
        if end.late:
            return f"may be cut: the scene can reach its limit of {ready.scenario.limit} lines before it"
        return f"may be left out: '{scene}/{end.closing}' can end the scene without it"

    def _cause(self, scene: str, end: End, atom: Requirement, seen: tuple[str, ...]) -> str:
        for beat in atom.after:
            if not any(beat == each.name for each in self.story.scenes[scene].value.beats):
                return f"waits for '{beat}', and the scene has no such beat"
            return f"waits for '{scene}/{beat}', which {self.why_not(f'{scene}/{beat}', seen)}"
        for holding in atom.knows:
            return (
                f"needs {holding.who} to know '{holding.fact}', {self._untold(scene, holding.who, holding.fact, seen)}"
            )
        for holding in atom.ignorant:
            return f"needs {holding.who} not to know '{holding.fact}', which {self._pronoun(holding.who)[0]} may know by then"
        for who in atom.present:
            return f"needs {who} on stage, {self._absent(scene, end.moment, who)}"
        for who in atom.absent:
            return f"needs {who} off the stage, and nothing makes sure that {self._pronoun(who)[0]} has left"
        for bound in atom.relations:
            side = f"above {bound.above:g}" if bound.above is not None else f"below {bound.below:g}"
            return (
                f"needs {bound.axis} of {bound.source} for {bound.target} {side}, and what people feel is never certain"
            )
        return f"needs a {atom.motif}, and what people feel is never certain"

    def _untold(self, scene: str, who: str, fact: str, seen: tuple[str, ...]) -> str:
        """Why somebody cannot be counted on to know a fact in a scene: `which nobody tells her before`."""
        subject, them = self._pronoun(who)
        if all(each.id != fact for each in self.story.facts):
            return f"which is no fact here{nearest(fact, [each.id for each in self.story.facts])}"
        doubtful = ""
        elsewhere = False
        for name, beat in self._until(scene):
            where, beat_name = name.split("/", 1)
            here = self.outlooks[where].here.get(beat_name)
            told = [telling for telling in beat.reveal if telling.fact == fact and name not in seen]
            if who in beat.forget and self.outlooks[where].after.has_forgotten(who, fact):
                doubtful = f"which {subject} forgets in '{name}'"
            if told and who not in self.story.scenes[where].value.cast:
                elsewhere = True
                continue
            for telling in told:
                if here is not None and who not in here:
                    doubtful = f"and {subject} is not certain to be there when '{name}' tells it"
                elif not self.certain(name):
                    doubtful = f"which '{name}' would tell {them}; but that beat {self.why_not(name, seen)}"
                elif here is None or telling.by not in here:
                    doubtful = f"which {telling.by} tells in '{name}' without being certain to be there"
        unheard = f"and {subject} is never there when it is told" if elsewhere else f"which nobody tells {them} before"
        return doubtful or unheard

    def _until(self, scene: str) -> Iterator[tuple[str, Beat]]:
        """The beats of a scene and of those before it."""
        for name, beat in self.story.beats():
            yield name, beat
            if name.startswith(f"{scene}/") and beat is self.story.scenes[scene].value.beats[-1]:
                return

    def _absent(self, scene: str, moment: Moment, who: str) -> str:
        played = dict(moment.times)
        sheet = self.story.scenes[scene].value
        subject = self._pronoun(who)[0]
        left = [beat.name for beat in sheet.beats if who in beat.leave and beat.name in played]
        comes = [beat.name for beat in sheet.beats if who in beat.enter]
        if left:
            return f"and {subject} may have left in '{left[-1]}'"
        if comes:
            return f"and {subject} comes only with '{comes[0]}', which is not certain to come before"
        return f"and {subject} never comes on"

    def _pronoun(self, who: str) -> tuple[str, str]:
        """Subject and object."""
        persona = self.personas.get(who)
        return {"she": ("she", "her"), "he": ("he", "him")}.get(
            persona.pronoun if persona else "they", ("they", "them")
        )

    # -- scenes ------------------------------------------------------------------------------------------------

    def scene_flaws(self) -> Iterator[Flaw]:
        """Who speaks without being there, and who tells what is not known to her."""
        for name, beat in self.story.beats():
            scene, beat_name = name.split("/", 1)
            outlook = self.outlooks[scene]
            if beat_name not in outlook.here:
                continue
            here, knowing = outlook.here[beat_name], outlook.knowing[beat_name]
            number = self.story.scenes[scene].value.beats.index(beat)
            for position, line in enumerate(beat.lines):
                if line.speaker not in here:
                    why = f"{line.speaker} speaks here, and is not certain to be on stage"
                    yield Flaw("", name, why, scene, ("beats", number, "lines", position, "speaker"))
            for part, tellings in (("reveal", beat.reveal), ("lie", beat.lie)):
                for position, telling in enumerate(tellings):
                    if not knowing.surely(telling.by, telling.fact):
                        verb = "tells" if part == "reveal" else "lies about"
                        why = f"{telling.by} {verb} '{telling.fact}', {self._untold(scene, telling.by, telling.fact, (name,))}"
                        yield Flaw("", name, why, scene, ("beats", number, part, position, "by"))

    # -- the graph ---------------------------------------------------------------------------------------------

    def graph(self) -> nx.DiGraph[str]:
        """What brings about what, as `Proof.graph` describes it."""
        graph: nx.DiGraph[str] = nx.DiGraph()
        opens = {thread.opened_by: name for name, thread in self.story.season.threads.items()}
        closes = {thread.resolved_by: name for name, thread in self.story.season.threads.items()}
        curtain: str | None = None
        for scene, document in self.story.scenes.items():
            sheet, outlook = document.value, self.outlooks[scene]
            for beat in sheet.beats:
                name = f"{scene}/{beat.name}"
                graph.add_node(
                    name,
                    kind="beat",
                    scene=scene,
                    certain=self.certain(name),
                    opens=opens.get(name, ""),
                    resolves=closes.get(name, ""),
                )
                self._needs(graph, scene, sheet, beat, curtain)
                for telling in beat.reveal:
                    for who in sorted(outlook.here.get(beat.name, ())):
                        if not outlook.knowing[beat.name].surely(who, telling.fact):
                            self._link(graph, name, f"{who} knows {telling.fact}", "holding", "tells")
            curtain = next(
                (
                    f"{scene}/{beat.name}"
                    for beat in sheet.beats
                    if beat.closes and self.certain(f"{scene}/{beat.name}")
                ),
                curtain,
            )
        return graph

    def _needs(self, graph: nx.DiGraph[str], scene: str, sheet: Scenario, beat: Beat, curtain: str | None) -> None:
        """The edges into a beat."""
        name = f"{scene}/{beat.name}"
        if curtain is not None:
            graph.add_edge(curtain, name, why="scene before")
        before = _written_before(sheet, beat) if beat.when is None else None
        if before is not None:
            graph.add_edge(f"{scene}/{before.name}", name, why="follows")
        when = beat.when or Requirement()
        for earlier in when.after:
            graph.add_edge(f"{scene}/{earlier}", name, why="after")
        for holding in when.knows:
            self._link(graph, f"{holding.who} knows {holding.fact}", name, "holding", "needs")
        for who in when.present:
            node = f"{who} is in {scene}"
            self._link(graph, node, name, "presence", "needs")
            for other in sheet.beats:
                if who in other.enter:
                    graph.add_edge(f"{scene}/{other.name}", node, why="enters")

    def _link(self, graph: nx.DiGraph[str], source: str, target: str, kind: str, why: str) -> None:
        for node in (source, target):
            if node not in graph:
                graph.add_node(node, kind=kind)
        graph.add_edge(source, target, why=why)


def _written_before(scenario: Scenario, beat: Beat) -> Beat | None:
    """The nearest beat before it that has no `when` either: the one that it follows."""
    found: Beat | None = None
    for other in scenario.beats:
        if other is beat:
            return found
        if other.when is None:
            found = other
    return found


def _between_beats(graph: nx.DiGraph[str], beats: list[str]) -> nx.DiGraph[str]:
    """Only these beats, and who must come before whom among them."""
    order: nx.DiGraph[str] = nx.DiGraph()
    order.add_nodes_from(beats)
    for one, other, data in graph.edges(data=True):
        if one in order and other in order and data["why"] in {"scene before", "follows", "after"}:
            order.add_edge(one, other)
    return order

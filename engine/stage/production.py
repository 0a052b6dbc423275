"""Sets up a scene: sheets, graph, knowledge, voices, rules and turn weights of a troupe, ready for the stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from engine import __version__
from engine.codes import AXIS_NAMES
from engine.drama.relations import EdgeStart, Relations
from engine.drama.rules import RuleBook
from engine.errors import AuthoredError
from engine.files import digest
from engine.sheets.authored import Document, load
from engine.sheets.names import Names
from engine.sheets.scenario import Scenario
from engine.speech.company import Cast, Company
from engine.stage.world import Production, Speaker, World, language
from engine.story.opening import facts, knowledge
from engine.story.playable import scene_faults
from engine.troupe import Troupe
from engine.turns.vocative import Forms
from engine.turns.weights import Weights
from engine.voices.registry import DIRECTOR, TURNS


class Theatre:
    """A troupe that plays: what all its scenes share is loaded once."""

    def __init__(self, troupe: Troupe, candidates: int = 32):
        self.troupe = troupe
        self.company = Company(troupe, candidates)
        self._scenarios: dict[Path, Document[Scenario]] = {}

    def recast(self, troupe: Troupe) -> Theatre:
        """The theatre with sheets as they are now: `troupe` is the same folder, read again; the voices stay loaded."""
        other = Theatre(troupe, self.company.candidates)
        other.company = self.company.recast(troupe)
        return other

    def scenario(self, path: Path) -> Document[Scenario]:
        """A scene sheet, checked against the troupe. Raises AuthoredError with every fault of it."""
        if path not in self._scenarios:
            document = load(path, Scenario)
            faults = scene_faults(document, self.troupe)
            if faults:
                raise AuthoredError(faults)
            self._scenarios[path] = document
        return self._scenarios[path]

    @cached_property
    def turn_weights(self) -> Weights:
        return Weights.load(self.troupe.root / "cast" / TURNS)

    def production(
        self,
        path: Path,
        seed: int,
        world: World | None = None,
        agents: Mapping[str, Speaker] | None = None,
    ) -> Production:
        """Everything for one scene. `world` is the state that goes on from the scene before; `agents` stand in for
        the voices in tests. Raises AuthoredError and VoiceError."""
        document = self.scenario(path)
        scenario = document.value
        personas = {**self.troupe.personas}
        for who, name in scenario.called.items():
            personas[who] = personas[who].model_copy(update={"name": name})
        here = language(scenario, personas)
        spoken = {who: persona for who, persona in personas.items() if persona.language == here}
        if world is None:
            world = self.world(scenario)
        else:
            _begin(world.relations, scenario)
        return Production(
            document.path.stem,
            scenario,
            personas,
            agents if agents is not None else Cast(self.company, scenario.cast),
            Names(spoken, self.troupe.world.places),
            self.turn_weights,
            Forms({who: (personas[who].name, *personas[who].aliases) for who in scenario.cast}),
            RuleBook.shipped().with_rules([*self.troupe.world.rules, *scenario.rules]),
            world,
            seed,
            self.company.director if agents is None else None,
            self.company.sighted if agents is None else frozenset(),
            self.manifest(document.path, scenario.cast) if agents is None else {},
        )

    def world(self, scenario: Scenario) -> World:
        """The state of things before anything has been played, with the scene's own overrides."""
        personas = self.troupe.personas
        relations = Relations(personas)
        for who, persona in personas.items():
            for other, tie in persona.relations.items():
                relations.begin(EdgeStart(who, other, tie.kind, *(getattr(tie, axis) for axis in AXIS_NAMES)))
        _begin(relations, scenario)
        return World(relations, knowledge(personas, facts(self.troupe.world, [scenario])))

    def manifest(self, scene: Path, cast: Sequence[str]) -> dict[str, Any]:
        """What a performance was made with: version, and digests of scene, sheets and voices."""
        voices = {name: found for who in cast for name, found in self.company.lineage(who).items()}
        grounds = self.company.grounds
        if grounds.shared.has(DIRECTOR):
            voices[DIRECTOR] = grounds.shared.file(DIRECTOR).fingerprint
        voices |= grounds.senses({self.troupe.personas[who].language for who in cast})
        return {
            "version": __version__,
            "scene": digest(scene.read_bytes()),
            "cast": {who: digest(self.troupe.sheets[who].path.read_bytes()) for who in cast},
            "voices": dict(sorted(voices.items())),
        }


def _begin(relations: Relations, scenario: Scenario) -> None:
    """Lay the edges that a scene overrides; what it does not give stays as it stands."""
    for override in scenario.relations:
        now = relations.edge(override.source, override.target)
        values = {
            axis: getattr(override, axis) if getattr(override, axis) is not None else now.value(axis)
            for axis in AXIS_NAMES
        }
        relations.begin(EdgeStart(override.source, override.target, override.kind or now.kind, **values))

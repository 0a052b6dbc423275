"""Sets up a scene: sheets, graph, knowledge, voices, rules and turn weights of a troupe, ready for the stage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from engine import __version__
from engine.drama.relations import AXIS_NAMES, EdgeStart, Relations
from engine.drama.rules import RuleBook
from engine.errors import AuthoredError
from engine.files import digest
from engine.learning.plan import CHOICE, TURNS, show_voice, voice_of
from engine.sheets.authored import Document, load
from engine.sheets.scenario import Scenario
from engine.speech.agent import Agent, Craft
from engine.speech.casting import Names
from engine.speech.copying import Copies
from engine.speech.features import Weights as Choice
from engine.speech.lexicon import Lexicon
from engine.stage.stage import Production, Speaker, World
from engine.story.opening import facts, knowledge
from engine.story.playable import scene_faults
from engine.troupe import Troupe
from engine.turns.vocative import Forms
from engine.turns.weights import Weights
from engine.voices.voice import BASE, CRITIC, STEERING, Library

LEXICON = "lexicon.txt"


class Company:
    """A troupe at work: what all its scenes share is loaded once."""

    def __init__(self, troupe: Troupe, seed: int, candidates: int = 32):
        self.troupe, self.seed, self.candidates = troupe, seed, candidates
        self.library = Library(troupe.voices)
        self._agents: dict[str, Agent] = {}
        self._scenarios: dict[Path, Document[Scenario]] = {}

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
    def craft(self) -> Craft:
        """Known words, copy meter and weights of the choice."""
        texts = [path.read_text(encoding="utf-8", errors="replace") for path in self.troupe.script_paths()]
        lexicon = Lexicon.load(self.troupe.voices / LEXICON) | Lexicon.of(texts, least=1)
        copies = Copies(line for text in texts for line in text.split("\n"))
        choice = self.troupe.voices / CHOICE
        weights = Choice.from_json(choice.read_text(encoding="utf-8")) if choice.is_file() else Choice.fallback()
        return Craft(lexicon, copies, self.library.critic(), weights, self.candidates)

    @cached_property
    def turn_weights(self) -> Weights:
        return Weights.load(self.troupe.root / "cast" / TURNS)

    def agent(self, who: str) -> Agent:
        """A character with her voice. Raises VoiceError when it is missing or broken."""
        if who not in self._agents:
            persona = self.troupe.personas[who]
            voice = self.library.load(voice_of(self.troupe, self.library, who))
            show = show_voice(persona.show, persona.language)
            reference = self.library.load(show if show in self.library.names else BASE)
            self._agents[who] = Agent(who, persona, voice, reference, self.craft)
        return self._agents[who]

    def production(
        self, path: Path, world: World | None = None, agents: Mapping[str, Speaker] | None = None
    ) -> Production:
        """Everything for one scene. `world` is the state that goes on from the scene before; `agents` stand in for
        the voices in tests. Raises AuthoredError and VoiceError."""
        document = self.scenario(path)
        scenario = document.value
        personas = {**self.troupe.personas}
        for who, name in scenario.called.items():
            personas[who] = personas[who].model_copy(update={"name": name})
        language = personas[scenario.cast[0]].language
        spoken = {who: persona for who, persona in personas.items() if persona.language == language}
        if world is None:
            world = self.world(scenario)
        else:
            _begin(world.relations, scenario)
        rules = RuleBook.shipped().with_rules(self.troupe.world.rules).with_rules(scenario.rules)
        return Production(
            document.path.stem,
            scenario,
            personas,
            agents if agents is not None else _Cast(self, scenario.cast),
            Names(spoken, self.troupe.world.places),
            self.turn_weights,
            Forms({who: (personas[who].name, *personas[who].aliases) for who in scenario.cast}),
            rules,
            world,
            self.seed,
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
        sheets = {who: digest(self.troupe.sheets[who].path.read_bytes()) for who in cast}
        voices = {}
        for who in cast:
            for name in self.library.lineage(voice_of(self.troupe, self.library, who)):
                voices[name] = self.library.file(name).fingerprint
        for name in (CRITIC, STEERING):
            if (self.troupe.voices / f"{name}.safetensors").exists():
                voices[name] = self.library.file(name).fingerprint
        return {
            "version": __version__,
            "scene": digest(scene.read_bytes()),
            "cast": sheets,
            "voices": dict(sorted(voices.items())),
        }


class _Cast(Mapping[str, Speaker]):
    """The agents of a cast, each made when she first speaks: a scene's first line waits for one voice, not for all.

    That all voices are there and belong together has been seen by then: the manifest is made of their headers.
    """

    def __init__(self, company: Company, cast: Sequence[str]):
        self._company, self._cast = company, cast

    def __getitem__(self, who: str) -> Speaker:
        if who not in self._cast:
            raise KeyError(who)
        return self._company.agent(who)

    def __contains__(self, who: object) -> bool:
        return who in self._cast

    def __iter__(self) -> Iterator[str]:
        return iter(self._cast)

    def __len__(self) -> int:
        return len(self._cast)


def _begin(relations: Relations, scenario: Scenario) -> None:
    """Lay the edges that a scene overrides; what it does not give stays as it stands."""
    for override in scenario.relations:
        now = relations.edge(override.source, override.target)
        values = {
            axis: getattr(override, axis) if getattr(override, axis) is not None else now.value(axis)
            for axis in AXIS_NAMES
        }
        relations.begin(EdgeStart(override.source, override.target, override.kind or now.kind, **values))

"""A troupe's voices at work: what all its agents share is loaded once, each voice when it first speaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from engine.speech.agent import Agent, Craft
from engine.speech.copying import Copies
from engine.speech.director import Director
from engine.speech.lexicon import Lexicon
from engine.troupe import Troupe
from engine.voices.registry import BASE, LEXICON, Registry, voice_of


class Company:
    """The agents of a troupe. `candidates` lines are drawn for each that is spoken."""

    def __init__(self, troupe: Troupe, candidates: int = 32):
        self.troupe, self.candidates = troupe, candidates
        self.registry = Registry(troupe.voices)
        self._agents: dict[str, Agent] = {}

    def recast(self, troupe: Troupe) -> Company:
        """The same voices under other sheets of the same troupe: nothing is read from the disk again."""
        other = Company(troupe, self.candidates)
        other.registry = self.registry
        for loaded in ("craft", "director"):
            if loaded in self.__dict__:
                other.__dict__[loaded] = self.__dict__[loaded]
        return other

    @cached_property
    def craft(self) -> Craft:
        """Known words, copy meter and constants."""
        return Craft(
            Lexicon.load(self.troupe.voices / LEXICON), Copies.of_files(self.troupe.script_paths()), self.candidates
        )

    @cached_property
    def director(self) -> Director | None:
        """Who proposes frames, where the troupe has a director."""
        network = self.registry.director()
        return None if network is None else Director(network)

    def agent(self, who: str) -> Agent:
        """A character with her voice. Raises VoiceError when it is missing or broken."""
        if who not in self._agents:
            voice = self.registry.load(voice_of(self.troupe, self.registry, who))
            persona = self.troupe.personas[who]
            self._agents[who] = Agent(who, persona, voice.copy(), self.registry.load(BASE).copy(), self.craft)
        return self._agents[who]

    def lineage(self, who: str) -> list[str]:
        """The weights files that make her voice, read and checked: a scene must not end where she first speaks.

        Raises VoiceError.
        """
        names = self.registry.lineage(voice_of(self.troupe, self.registry, who))
        for name in names:
            self.registry.arrays(name)
        return names


class Cast(Mapping[str, Agent]):
    """The agents of a scene, each made when she first speaks: its first line waits for one voice, not for all."""

    def __init__(self, company: Company, people: Sequence[str]):
        self._company, self._people = company, people

    def __getitem__(self, who: str) -> Agent:
        if who not in self._people:
            raise KeyError(who)
        return self._company.agent(who)

    def __contains__(self, who: object) -> bool:
        return who in self._people

    def __iter__(self) -> Iterator[str]:
        return iter(self._people)

    def __len__(self) -> int:
        return len(self._people)

"""A troupe's voices at work: what all its agents share is loaded once, each voice when it first speaks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property

from engine import codes
from engine.speech.agent import Agent, Craft
from engine.speech.copying import Copies
from engine.speech.director import Director
from engine.speech.lexicon import Lexicon
from engine.troupe import Troupe
from engine.voices.grounds import Grounds
from engine.voices.registry import BASE, LEXICON, Registry


class Company:
    """The agents of a troupe. `candidates` lines are drawn for each that is spoken."""

    def __init__(self, troupe: Troupe, candidates: int = 32):
        self.troupe, self.candidates = troupe, candidates
        self.grounds = Grounds(troupe)
        self._agents: dict[str, Agent] = {}
        self._crafts: dict[str, Craft] = {}

    def recast(self, troupe: Troupe) -> Company:
        """The same voices under other sheets of the same troupe: nothing is read from the disk again."""
        other = Company(troupe, self.candidates)
        other.grounds.shared, other.grounds.own = self.grounds.shared, self.grounds.own
        other._crafts = self._crafts
        for loaded in ("copies", "director", "sighted"):
            if loaded in self.__dict__:
                other.__dict__[loaded] = self.__dict__[loaded]
        return other

    @cached_property
    def copies(self) -> Copies:
        """The copy meter over all scripts."""
        return Copies.of_files([*self.troupe.script_paths(), *self.troupe.continuation_paths()])

    def craft(self, language: str) -> Craft:
        """Known words of a language's base, copy meter, what tells a sensible line, and constants."""
        if language not in self._crafts:
            ground = self.grounds.of(language)
            self._crafts[language] = Craft(
                Lexicon.load(ground.folder / LEXICON), self.copies, self.candidates, sense=ground.sense(language)
            )
        return self._crafts[language]

    @cached_property
    def director(self) -> Director | None:
        """Who proposes frames, where the troupe has a director."""
        network = self.grounds.shared.director()
        return None if network is None else Director(network, self._learned(lambda ground: ground.gists))

    @cached_property
    def sighted(self) -> frozenset[str]:
        """The languages whose voices have learned what stage directions are."""
        return self._learned(lambda ground: ground.sighted)

    def _learned(self, languages: Callable[[Registry], Collection[str]]) -> frozenset[str]:
        """The languages that the base of each is said to have learned something in."""
        grounds = {language: self.grounds.of(language) for language in codes.LANGUAGES}
        return frozenset(
            language for language, ground in grounds.items() if ground.has(BASE) and language in languages(ground)
        )

    def agent(self, who: str) -> Agent:
        """A character with her voice. Raises VoiceError when it is missing or broken."""
        if who not in self._agents:
            persona, registry = self.troupe.personas[who], self.grounds.whose(who)
            voice, base = (registry.load(name).copy() for name in (self.grounds.voice_of(who), BASE))
            self._agents[who] = Agent(who, persona, voice, base, self.craft(persona.language))
        return self._agents[who]

    def lineage(self, who: str) -> dict[str, str]:
        """The weights files that make her voice with their fingerprints, read and checked: a scene must not end where
        she first speaks. Raises VoiceError.
        """
        registry, language = self.grounds.whose(who), self.troupe.personas[who].language
        names = registry.lineage(self.grounds.voice_of(who))
        for name in names:
            registry.arrays(name)
        return {self.grounds.label(language, name): registry.file(name).fingerprint for name in names}


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

"""The grounds of a troupe: folders of weights, each with a base, a tokenizer, known words and the voices on them.

Languages share `cast/voices`, except those that have a base of their own: Spanish in `cast/voices/es`. What is there
counts, not what the training sheet lists: until its base is trained, a language stands on the shared ground.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine import codes
from engine.troupe import Troupe
from engine.voices.registry import BASE, Registry, person_voice, sense_name, show_voice


class Grounds:
    """The registries of a troupe: `shared`, and by language those that have a base of their `own`."""

    def __init__(self, troupe: Troupe):
        self.troupe = troupe
        self.shared = Registry(troupe.voices)
        self.own = {
            language: registry
            for language in codes.LANGUAGES
            if (registry := Registry(troupe.ground(language))).has(BASE)
        }

    @property
    def all(self) -> dict[str, Registry]:
        """Every registry by its language, the shared one by an empty text."""
        return {"": self.shared, **self.own}

    def of(self, language: str) -> Registry:
        """The registry of what is said in a language."""
        return self.own.get(language, self.shared)

    def whose(self, who: str) -> Registry:
        """The registry of a character's voice."""
        return self.of(self.troupe.personas[who].language)

    def label(self, language: str, name: str) -> str:
        """What weights of a language are called where those of all grounds stand together: `soraya`, `es/soraya_es`."""
        return f"{language}/{name}" if language in self.own else name

    def senses(self, languages: Iterable[str]) -> dict[str, str]:
        """The fingerprints of what tells a sensible line of each language, by their labels, where it is of the base that is
        there. Its numbers are read, too: a scene must not end where somebody first speaks. Raises VoiceError.
        """
        return {
            self.label(language, sense_name(language)): self.of(language).file(sense_name(language)).fingerprint
            for language in languages
            if self.of(language).sense(language) is not None
        }

    def voice_of(self, who: str) -> str:
        """The voice that a character speaks with: what her sheet names, her own file, her show's, or the base."""
        persona, registry = self.troupe.personas[who], self.whose(who)
        if persona.voice.model:
            return persona.voice.model
        for name in (person_voice(who), show_voice(persona.show, persona.language)):
            if registry.has(name):
                return name
        return BASE

    def borrowed(self, who: str) -> str:
        """The voice that somebody borrows who has none of her own, and whose sheet names none; empty for all others."""
        voice = self.voice_of(who)
        return "" if voice == person_voice(who) or self.troupe.personas[who].voice.model else voice

"""The weights files of a folder: their headers, which grew from which, and the voices they make."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from safetensors import SafetensorError, safe_open

from engine import codes
from engine.errors import VoiceError
from engine.files import digest
from engine.voices.network import Arrays, Network
from engine.voices.sense import Sense
from engine.voices.shapes import check_change, check_network, check_sense
from engine.voices.vocabulary import Level, Vocabulary
from engine.voices.voice import LSTMVoice
from engine.voices.weights import fingerprint, unpacked

BASE, DIRECTOR, TOKENIZER, LEXICON = "base", "director", "tokenizer.json", "lexicon.txt"

#: Weights that are not trained by their name, but by what follows `engine.train`.
OWN_COMMANDS = {BASE: "--base", DIRECTOR: ""}

#: Fitted weights of turns, in cast/.
TURNS = "turns.json"

#: Files that are nobody's voice: the troupe's own, those of shows, and what a person's becomes who is called like one.
_NOT_A_PERSONS = re.compile(r"(?:base|director|show\..*|sense\..*|.*\.voice)\Z", re.IGNORECASE | re.DOTALL)
#: What may stand in the name of a show's file.
_NO_FILE = re.compile(r"[^\w.'-]")
_LONGEST_SHOW = 80


@dataclass(frozen=True)
class VoiceFile:
    """What a weights file says of itself: see `engine.training.card`."""

    name: str
    path: Path
    metadata: Mapping[str, str]

    @property
    def parent(self) -> str:
        return self.metadata.get("parent", "")

    @property
    def fingerprint(self) -> str:
        return self.metadata.get("fingerprint", "")

    @property
    def figures(self) -> dict[str, Any]:
        """What training measured; nothing where the header says nothing that can be read."""
        try:
            return dict(json.loads(self.metadata.get("figures", "{}")))
        except (ValueError, TypeError, RecursionError):
            return {}


class Registry:
    """The voices of a folder: base, tokenizer, and every `NAME.safetensors` beside them."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._arrays: dict[str, Arrays] = {}
        self._voices: dict[str, LSTMVoice] = {}
        self._vocabulary: Vocabulary | None = None

    @property
    def names(self) -> list[str]:
        return sorted(
            path.stem
            for path in self.folder.glob("*.safetensors")
            if path.stem not in OWN_COMMANDS and not _is_sense(path.stem)
        )

    def has(self, name: str) -> bool:
        """Whether there is such a file, be it whole or broken."""
        return (self.folder / f"{name}.safetensors").is_file()

    def file(self, name: str) -> VoiceFile:
        """The header of a weights file. Raises VoiceError when it is missing or broken."""
        path = self.folder / f"{name}.safetensors"
        train = _training(name)
        if "/" in name or "\\" in name or "\0" in name:
            raise VoiceError(f"'{name}' is no name of a voice: it is a file in {self.folder}, without its suffix")
        try:
            with safe_open(str(path), framework="numpy") as file:
                return VoiceFile(name, path, file.metadata() or {})
        except FileNotFoundError as error:
            raise VoiceError(f"{path}: the voice '{name}' is not there; train it: {train}") from error
        except (OSError, SafetensorError) as error:
            raise VoiceError(f"{path}: the voice '{name}' is corrupt ({error}); train it again: {train}") from error

    @property
    def vocabulary(self) -> Vocabulary:
        if self._vocabulary is None:
            level: Any = self.file(BASE).metadata.get("level", "subword")
            if level not in get_args(Level):
                raise VoiceError(f"{self.file(BASE).path}: no base ({level!r} is no level); {_training(BASE)}")
            self._vocabulary = Vocabulary.load(self.folder / TOKENIZER, level)
            known = self.file(BASE).metadata.get("vocabulary")
            if known != self._vocabulary.fingerprint:
                raise VoiceError(
                    f"{self.folder / TOKENIZER}: not the tokenizer of this base; {_training(BASE)} makes both anew"
                )
        return self._vocabulary

    def arrays(self, name: str) -> Arrays:
        """All arrays of a file, as float32, checked: its own numbers, finite, of the names and shapes of such a file.

        Raises VoiceError.
        """
        if name not in self._arrays:
            header = self.file(name)
            try:
                with safe_open(str(header.path), framework="numpy") as file:
                    stored = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 - no mapping
                if fingerprint(stored) != header.fingerprint:
                    raise ValueError("its numbers are not those that were saved")
                arrays = unpacked(stored)
                if name in OWN_COMMANDS:
                    check_network(arrays)
                elif _is_sense(name):
                    check_sense(arrays, self.arrays(BASE))
                elif (self.folder / f"{BASE}.safetensors").exists():
                    check_change(arrays, self.arrays(BASE))
                self._arrays[name] = arrays
            except (OSError, SafetensorError, ValueError, TypeError, KeyError, AttributeError) as error:
                raise VoiceError(
                    f"{header.path}: the voice '{name}' is corrupt ({error}); train it again: {_training(name)}"
                ) from error
        return self._arrays[name]

    def lineage(self, name: str) -> list[str]:
        """The files that make a voice, base first. Raises VoiceError when one of them is of another base."""
        chain, header = [name], self.file(name)
        if _is_sense(name):
            raise VoiceError(f"{header.path}: this is nobody's voice, but what tells a sensible line")
        while header.name != BASE:
            parent = self.file(header.parent or BASE)
            if header.metadata.get("grown_from") != parent.fingerprint:
                raise VoiceError(
                    f"{header.path}: trained on another '{parent.name}' than the one here; train it again: {_training(name)}"
                )
            if parent.name in chain:
                raise VoiceError(f"{header.path}: its parents go round in a circle; train it again: {_training(name)}")
            chain.append(parent.name)
            header = parent
        return chain[::-1]

    def load(self, name: str) -> LSTMVoice:
        """The voice `name`, ready to speak. Raises VoiceError."""
        if name not in self._voices:
            base, *changes = self.lineage(name)
            try:
                network = Network(self.arrays(base), [self.arrays(change) for change in changes])
                if network.vocabulary != len(self.vocabulary):
                    raise ValueError("its vocabulary is of another size")
            except (KeyError, ValueError) as error:
                raise VoiceError(
                    f"{self.folder / name}.safetensors: not a voice ({error}); train it again: {_training(name)}"
                ) from error
            self._voices[name] = LSTMVoice(name, network, self.vocabulary)
        return self._voices[name]

    def director(self) -> Network | None:
        """The network that proposes frames, where there is one. Raises VoiceError when it is broken."""
        path = self.folder / f"{DIRECTOR}.safetensors"
        # In an older troupe this may be the voice of somebody called so: a voice has a parent, a director has none.
        if not path.exists() or self.file(DIRECTOR).parent:
            return None
        try:
            network = Network(self.arrays(DIRECTOR))
            if network.vocabulary != len(codes.SPECIAL):
                raise ValueError("its codes are others than today's")
        except (KeyError, ValueError) as error:
            raise VoiceError(f"{path}: not a director ({error}); {_training(DIRECTOR)} trains it again") from error
        return network

    @property
    def senses(self) -> list[str]:
        """The files of what tells a sensible line of a language, whatever base they are of."""
        return [name for name in map(sense_name, codes.LANGUAGES) if self.has(name)]

    def sense(self, language: str) -> Sense | None:
        """What tells a sensible line of a language by the states of this base; None where that was not learned, or of another
        base. Raises VoiceError for a broken file."""
        name = sense_name(language)
        if not self.has(name) or self.file(name).metadata.get("grown_from") != self.file(BASE).fingerprint:
            return None
        return Sense.from_arrays(self.arrays(name))

    @property
    def gists(self) -> frozenset[str]:
        """The languages whose gists the base has learned: English alone, where its header does not say."""
        return frozenset(self.file(BASE).metadata.get("gists", "en").split())

    @property
    def sighted(self) -> frozenset[str]:
        """The languages in which the base has learned what stage directions are: none, where its header does not say."""
        return frozenset(self.file(BASE).metadata.get("directions", "").split())

    def forget(self, name: str) -> None:
        """Forget what was read of a file: it has been written anew."""
        self._arrays.pop(name, None)
        self._voices.pop(name, None)


def sense_name(language: str) -> str:
    """The name of what tells a sensible line of a language."""
    return f"sense.{language}"


def _is_sense(name: str) -> bool:
    return name in map(sense_name, codes.LANGUAGES)


def _training(name: str) -> str:
    """The command that trains these weights."""
    given = "" if _is_sense(name) else OWN_COMMANDS.get(name, name)
    return f"python -m engine.train {given}".rstrip()


def person_voice(who: str) -> str:
    """The name of a character's own voice: her sheet's, unless that is the name of something else.

    No two people have one, and nobody has that of the base, the director, a show or sense, whatever sheets are called.
    """
    return f"{who}.voice" if _NOT_A_PERSONS.match(who) else who


def show_voice(show: str, language: str) -> str:
    """The name of the voice that a show's speakers share."""
    called = _NO_FILE.sub("_", show or "all")[:_LONGEST_SHOW]
    # Two shows that a file cannot tell apart are two shows all the same.
    called = called if called == (show or "all") else f"{called}-{digest(show)}"
    return f"show.{called}.{language}"

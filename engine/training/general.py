"""The general text that the base learns from: gzipped JSON lines of plays and chats, cleaned and made nameless.

Each file holds one turn a line, `{"play", "speaker", "text"}`, in order. Knows nothing of networks.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine import codes
from engine.errors import TrainingError
from engine.text import normalise
from engine.voices.sequences import Line


@dataclass(frozen=True)
class Source:
    """One file of general text. `share` is the part of its dialogues that is used: bland text gets little."""

    name: str
    share: float = 1.0
    language: str = "en"
    casual: bool = False


#: persona_chat_en is fluent but bland, and blandness is contagious: a quarter of it.
SOURCES: tuple[Source, ...] = (
    Source("drama_en"),
    Source("chat_en", share=0.7, casual=True),
    Source("persona_chat_en", share=0.25),
    Source("drama_es", language="es"),
)

#: Longest turn kept, in words; a longer one is cut at the last sentence that fits.
LONGEST = 45

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*", re.UNICODE)
_TITLE = r"(?:(?:Mrs?|Miss|Ms|Dr|Sir|Lady|Lord|Don|Doña|Señora?|Señorita|Madame|Monsieur|Professor|Captain|Colonel)\b\.?\s+)?"
_NAME = re.compile(_TITLE + r"\b[A-ZÁÉÍÓÚÑ][\w'áéíóúñü]*(?<!'s)(?:\s+[A-ZÁÉÍÓÚÑ][a-záéíóúñü]+)*")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_PLACED = {"in", "to", "from", "at", "near", "leave", "leaving", "left", "of", "en", "a", "desde", "hasta"}
_KEPT_WORDS = (
    "I I'm I'll I'd I've God Lord Christ Jesus Heaven Heavens Sunday Monday Tuesday Wednesday Thursday Friday Saturday "
    "January February March April May June July August September October November December Christmas Easter English "
    "French German Spanish Italian American Mr Mrs Miss Sir Madam Dr Don Doña Señora Señor Dios Virgen Jesús Señorita "
    "OK TV Internet Halloween Thanksgiving Netflix Bible Devil Father Mother Doctor Captain Mom Dad Mum Papa Mama "
    "Aunt Uncle Grandma Grandpa Santa"
)
_KEPT = frozenset(_KEPT_WORDS.split())
_CONTRACTIONS = {
    "im": "I'm", "ive": "I've", "ill": "I'll", "id": "I'd", "dont": "don't", "doesnt": "doesn't", "didnt": "didn't",
    "cant": "can't", "wont": "won't", "isnt": "isn't", "wasnt": "wasn't", "arent": "aren't", "werent": "weren't",
    "havent": "haven't", "hasnt": "hasn't", "couldnt": "couldn't", "wouldnt": "wouldn't", "shouldnt": "shouldn't",
    "thats": "that's", "whats": "what's", "theres": "there's", "youre": "you're", "theyre": "they're", "hes": "he's",
    "shes": "she's", "lets": "let's", "i": "I", "u": "you", "ur": "your", "thx": "thanks", "youve": "you've",
}  # fmt: skip
_NOISE = re.compile(
    r"https?://|www\.|[@#*_^~<>{}\[\]|\\]|:[-)(DPp]|\blo+l\b|\blmao\b|\bhaha|\b(?:chat)?bots?\b|\bconvos?\b|\bchat(?:ting|s)?\b",
    re.IGNORECASE,
)


def read(folder: Path, source: Source, seed: int = 0) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Dialogues of one source as (name, [(speaker, text)]); a seeded `share` of them, in the file's order."""
    path = folder / f"{source.name}.jsonl.gz"
    generator = np.random.default_rng([seed, *source.name.encode()])
    name, turns = "", list[tuple[str, str]]()
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for text in file:
                row = json.loads(text)
                if row["play"] != name:
                    if turns and generator.random() < source.share:
                        yield name, turns
                    name, turns = row["play"], []
                turns.append((row["speaker"], row["text"]))
    except FileNotFoundError as error:
        raise TrainingError(f"{path}: no such file; --data names the folder with the base's text") from error
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise TrainingError(f"{path}: not gzipped JSON lines with play, speaker and text: {error}") from error
    if turns and generator.random() < source.share:
        yield name, turns


def lines(turns: Sequence[tuple[str, str]], source: Source) -> list[Line]:
    """Clean, nameless lines of one dialogue; a turn of noise (links, emoticons) is left out."""
    cleaned = [(speaker, _tidy(text) if source.casual else normalise(text)) for speaker, text in turns]
    cleaned = [
        (speaker, _shorten(text)) for speaker, text in cleaned if text and not (source.casual and _NOISE.search(text))
    ]
    owners = {} if source.casual else _owners({speaker for speaker, _ in cleaned})
    lower = Counter(word for _, text in cleaned for word in _WORD.findall(text) if word[0].islower())
    speakers = [speaker for speaker, _ in cleaned]
    found = []
    for number, (speaker, text) in enumerate(cleaned):
        near = {*speakers[max(0, number - 1) : number], *speakers[number + 1 : number + 2]} - {speaker}
        found.append(Line(speaker, nameless(text, speaker, near, owners, lower)))
    return found


def nameless(text: str, speaker: str, near: set[str], owners: dict[str, str], lower: Counter[str]) -> str:
    """Names as slots: `<me>` and, of those who speak next to her, `<you>`; after a preposition `<place>`; else `<other>`."""

    def slot(match: re.Match[str]) -> str:
        name = match.group()
        words = name.split()
        known = next((owners[word] for word in words if word in owners), None)
        if known is None:
            start = match.start() == 0 or text[: match.start()].rstrip()[-1:] in {
                ".",
                "!",
                "?",
                '"',
                "-",
                "¡",
                "¿",
                ":",
            }
            if any(word.rstrip(".") in _KEPT or lower[word.lower()] for word in words) or (start and len(words) == 1):
                return name
            after = text[match.end() : match.end() + 1]
            if text[: match.start()].rstrip()[-1:] == "," and after in {"", ",", ".", "!", "?", ";"}:
                return codes.YOU  # a vocative: "You would have asked me, Stephen?"
            before = text[: match.start()].split()
            return codes.PLACE if before and before[-1].lower() in _PLACED and len(words) == 1 else codes.OTHER
        if known == speaker:
            return codes.ME
        return codes.YOU if known in near else codes.OTHER

    return _NAME.sub(slot, text)


def _owners(speakers: set[str]) -> dict[str, str]:
    """Which word of a speaker's label names whom; a word that two share names nobody."""
    words = Counter(word for speaker in speakers for word in set(speaker.split()))
    return {
        word: speaker
        for speaker in speakers
        for word in speaker.split()
        if words[word] == 1 and len(word) > 2 and word[0].isupper() and word not in _KEPT
    }


def _tidy(text: str) -> str:
    """Chat as a playwright would set it: capitals, apostrophes, a full stop."""
    words = [
        _CONTRACTIONS.get(word.lower(), word) if word.lower() != "ill" or word == "Ill" else word
        for word in normalise(text).split()
    ]
    text = " ".join(words)
    sentences = [sentence[:1].upper() + sentence[1:] for sentence in _SENTENCE.split(text) if sentence]
    text = " ".join(sentences)
    return text if not text or text[-1] in '.!?"' else text + "."


def _shorten(text: str) -> str:
    if len(text.split()) <= LONGEST:
        return text
    kept: list[str] = []
    for sentence in _SENTENCE.split(text):
        if kept and sum(len(part.split()) for part in kept) + len(sentence.split()) > LONGEST:
            break
        kept.append(sentence)
    return " ".join(" ".join(kept).split()[:LONGEST])

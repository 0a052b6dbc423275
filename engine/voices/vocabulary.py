"""Text to token ids and back: subword (byte-level BPE), word or character level. Knows nothing of speakers.

A thin layer over HuggingFace `tokenizers`: it adds the slots, which stand in the text as `<you>`, and the
seam between a slot and the words around it, so that `decode(encode(text)) == text` for normalised text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from engine import codes
from engine.errors import VoiceError

Level = Literal["subword", "word", "character"]

_SLOT = re.compile("(" + "|".join(re.escape(slot) for slot in codes.SLOTS) + ")")
#: A slot follows these without a space between.
_OPENING = "¡¿\"'([-—“‘/"
UNKNOWN = "<unk>"


class Vocabulary:
    """Encodes and decodes text; every special token of `engine.codes` has an id of its own.

    `len(vocabulary)` is the number of ids. Ids 0 to `len(codes.SPECIAL) - 1` are the special tokens.
    """

    def __init__(self, tokenizer: Tokenizer, level: Level):
        self.level = level
        self._tokenizer = tokenizer
        # `<end>` in a script is text: codes are put in by id, never by spelling.
        tokenizer.encode_special_tokens = True
        self._special = {token: id_ for id_, token in enumerate(codes.SPECIAL)}
        for token, id_ in self._special.items():
            if tokenizer.token_to_id(token) != id_:
                raise VoiceError(f"the tokenizer has {token} at another place: it is of another version; train anew")
        self.pad, self.scene, self.end = (self._special[t] for t in (codes.PAD, codes.SCENE, codes.END))
        self._slot_ids = {self._special[slot] for slot in codes.SLOTS}

    def __len__(self) -> int:
        return int(self._tokenizer.get_vocab_size(with_added_tokens=True))

    def special(self, token: str) -> int:
        """The id of a special token. Raises KeyError for a token that is not in `codes.SPECIAL`."""
        return self._special[token]

    def encode(self, text: str) -> list[int]:
        """Token ids of normalised text; slots such as `<you>` become their own ids."""
        ids: list[int] = []
        for number, piece in enumerate(_SLOT.split(text)):
            if number % 2:
                ids.append(self._special[piece])
            elif piece:
                # The space before a slot is implied by decode; a piece keeps the one that it begins with.
                piece = piece[:-1] if piece.endswith(" ") and not piece.isspace() else piece
                if piece.strip():
                    ids += self._tokenizer.encode(piece, add_special_tokens=False).ids
        return ids

    def unknown(self, text: str) -> list[str]:
        """The pieces of a normalised text that have no id, as they are written: words or characters never seen in training.

        Of subwords there are none.
        """
        found: list[str] = []
        for piece in _SLOT.split(text)[::2]:
            encoded = self._tokenizer.encode(piece, add_special_tokens=False)
            places = zip(encoded.tokens, encoded.offsets, strict=True)
            found += [piece[start:stop] for token, (start, stop) in places if token == UNKNOWN]
        return found

    def decode(self, ids: Iterable[int]) -> str:
        """Text of token ids; slots stay as `<you>`, every other special token is dropped."""
        text, run = "", list[int]()
        for id_ in [*ids, self.pad]:
            if id_ >= len(codes.SPECIAL):
                run.append(id_)
                continue
            if run:
                text += self._tokenizer.decode(run, skip_special_tokens=False)
                run = []
            if id_ in self._slot_ids:
                glued = not text or text[-1] in _OPENING or text[-1] == " "
                text += codes.SPECIAL[id_] if glued else " " + codes.SPECIAL[id_]
        return text

    def token(self, id_: int) -> str:
        """The raw token of an id, for tables and errors."""
        return str(self._tokenizer.id_to_token(id_))

    def text(self, id_: int) -> str:
        """The text of one id as it stands inside a line, with the space before it if it has one."""
        return str(self._tokenizer.decode([id_], skip_special_tokens=False))

    def to_json(self) -> str:
        return str(self._tokenizer.to_str())

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits that name this vocabulary; a voice records those of the one it was trained with."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:12]

    @classmethod
    def from_json(cls, text: str, level: Level) -> Vocabulary:
        try:
            return cls(Tokenizer.from_str(text), level)
        except VoiceError:
            raise
        except Exception as error:  # tokenizers raises bare Exception
            raise VoiceError(f"the tokenizer file is corrupt: {error}") from error

    @classmethod
    def load(cls, path: Path, level: Level) -> Vocabulary:
        try:
            return cls.from_json(path.read_text(encoding="utf-8"), level)
        except (OSError, UnicodeDecodeError) as error:
            raise VoiceError(f"{path}: no tokenizer here; python -m engine.train --base makes one") from error

    @classmethod
    def train(cls, texts: Iterable[str], level: Level = "subword", size: int = 4096) -> Vocabulary:
        """A vocabulary of at most `size` ids of text, and the special tokens, learned from normalised texts.

        Slots are left out of the words.
        """
        special = list(codes.SPECIAL)
        plain = (piece for text in texts for piece in _SLOT.split(text)[::2] if piece.strip())
        if level == "subword":
            # Byte level (Radford et al. 2019): no text is unknown, whatever a writer brings.
            tokenizer = Tokenizer(models.BPE())
            tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
            tokenizer.decoder = decoders.ByteLevel()
            alphabet = pre_tokenizers.ByteLevel.alphabet()
            trainer = trainers.BpeTrainer(
                vocab_size=size + len(special), special_tokens=special, initial_alphabet=alphabet, show_progress=False
            )
            tokenizer.train_from_iterator(plain, trainer)
            return cls(tokenizer, level)
        tokenizer = Tokenizer(models.WordLevel(unk_token=UNKNOWN))
        # A word keeps the space before it, so that decoding is joining.
        pattern = r" ?[\p{L}\p{M}\p{N}']+|\s?[^\s\p{L}\p{M}\p{N}]" if level == "word" else r"[\s\S]"
        tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(pattern), behavior="isolated")
        tokenizer.decoder = decoders.Fuse()
        word_trainer = trainers.WordLevelTrainer(
            vocab_size=size + len(special), special_tokens=[*special, UNKNOWN], show_progress=False
        )
        tokenizer.train_from_iterator(plain, word_trainer)
        return cls(tokenizer, level)

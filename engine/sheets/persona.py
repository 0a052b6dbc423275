"""The cast sheet: who a character is, how she sounds, what she wants and knows, and what the others are to her."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from engine import codes
from engine.sheets.authored import Authored

Tone = Literal[codes.TONES]  # type: ignore[valid-type]
Kind = Literal[codes.KINDS]  # type: ignore[valid-type]
Arc = Literal[codes.ARCS]  # type: ignore[valid-type]
Act = Literal[codes.ACTS]  # type: ignore[valid-type]
Topic = Literal["thing", "place", "third", "event"]
Weight = Annotated[float, Field(ge=0.0, le=10.0)]
Signed = Annotated[float, Field(ge=-1.0, le=1.0)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


class Sampling(Authored):
    """How a voice is sampled."""

    model: str = Field(
        "",
        description="Which voice speaks: a file in cast/voices without its suffix, or in the folder of her language there, "
        "where it has a base of its own. Empty: the character's own.",
    )
    temperature: float = Field(0.85, ge=0.05, le=2.0, description="Below 0.6 careful and repetitive, above 1.1 wild.")
    top_p: float = Field(
        0.95, gt=0.0, le=1.0, description="Only the likeliest tokens that add up to this share are sampled."
    )
    top_k: int = Field(200, ge=1, description="Only this many of the likeliest tokens are sampled.")
    repetition_penalty: float = Field(
        1.15, ge=1.0, le=2.0, description="How strongly words that she has just used are held back."
    )
    max_words: int = Field(30, ge=1, le=80, description="A line never gets longer.")
    favoured: Mapping[str, Annotated[float, Field(ge=-8.0, le=8.0)]] = Field(
        default_factory=dict,
        description="Words she likes, with how much is added to their logit (1 a little, 3 a lot).",
    )


class Phrase(Authored):
    """A signature phrase."""

    text: str = Field(description="The phrase, as it is spoken.")
    every: int = Field(25, ge=2, description="About how many of her lines pass between two uses.")
    tone: Tone | None = Field(None, description="Only in this tone.")


class Want(Authored):
    """Something she is after: what she does about it, and to whom."""

    act: Act = Field(description="What she does: order, plead, ask ...")
    about: str = Field(
        "", description="The topic, as scenes bind it: 'the letter'. Empty: whatever the scene is about."
    )
    to: str = Field("", description="Of whom, by sheet name. Empty: of anybody.")


class Tie(Authored):
    """What somebody is to this character, and how she feels about them."""

    kind: Kind = Field("stranger", description="What they are to her: her mother, her rival ...")
    affection: Signed = Field(0.0, description="-1 hates, 1 loves.")
    trust: Signed = Field(0.0, description="-1 believes nothing they say, 1 everything.")
    power: Signed = Field(0.0, description="-1 is in their hands, 1 has them in hers.")
    heat: Share = Field(0.2, description="How much is at stake between them: 0 cold, 1 burning.")
    calls: str = Field("", description="How she calls them, if not by name: 'Don Maximiliano'.")


class Persona(Authored):
    """A cast sheet, `cast/NAME.yaml`."""

    file_kind: ClassVar[str] = "a cast sheet (cast/NAME.yaml)"

    name: str = Field(min_length=1, description="As shown and as called by others.")
    aliases: tuple[str, ...] = Field((), description="Other names in scripts and in other people's mouths.")
    pronoun: Literal[codes.PRONOUNS] = Field("they", description="she, he or they.")  # type: ignore[valid-type]
    language: Literal[codes.LANGUAGES] = Field("en", description="The language she speaks.")  # type: ignore[valid-type]
    show: str = Field("", description="The folder of corpora/ that is hers.")
    colour: str = Field("white", description="A colour that the terminal knows: 'red', '#c0392b'.")
    description: str = Field("", description="One line, for the title card.")
    voice: Sampling = Field(
        default_factory=lambda: Sampling(), description="How her voice is sampled, and which words it likes."
    )
    narrates: bool = Field(False, description="Speaks to the viewer, unless a line is for somebody.")
    talkativeness: Share = Field(
        0.5, description="0 speaks when spoken to, 1 never stops; two who are alone take turns whatever it says."
    )
    length: int = Field(10, ge=1, le=60, description="Words in a typical line of hers.")
    phrases: tuple[Phrase, ...] = Field((), description="Signature phrases.")
    avoid: tuple[str, ...] = Field((), description="Words and phrases she never says.")
    vocatives: tuple[str, ...] = Field(
        (),
        description="What she calls people beside their names: mija, boy, my friend. Other forms of address she never uses; "
        "empty: any.",
    )
    wants: tuple[Want, ...] = Field(
        (), description="What she is after, as acts and topics: where a scene is about them, she says it."
    )
    moods: Mapping[Tone, Weight] = Field(
        default_factory=dict, description="Tones she falls into: 1 is ordinary, 3 often, 10 nearly always, 0 never."
    )
    acts: Mapping[Act, Weight] = Field(
        default_factory=dict,
        description="What she does with her lines: 1 is ordinary, 3 often, 10 nearly always, 0 never.",
    )
    knows: tuple[str, ...] = Field((), description="Facts she knows at the beginning.")
    secrets: tuple[str, ...] = Field((), description="Facts she knows and keeps: she never brings them up herself.")
    relations: Mapping[str, Tie] = Field(default_factory=dict, description="Others by their sheet's name.")

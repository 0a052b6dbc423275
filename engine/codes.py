"""The closed lists that scripts, sheets, training and play share: tones, arcs, relation kinds, slots.

A code is one token of the training stream (Keskar et al. 2019, CTRL): `<tone:furious>`, `<to:rival>`,
`<arc:amnesia>`. A slot stands for a name (`<you>`, `<mother>`), so that a network never learns who is
called what and play fills in the right person.
"""

from __future__ import annotations

TONES: tuple[str, ...] = (
    "furious", "tender", "pleading", "icy", "mocking", "terrified", "triumphant", "confessing",
    "weeping", "scheming", "joyful", "weary", "defiant", "shocked",
)  # fmt: skip

ARCS: tuple[str, ...] = (
    "forbidden-love", "lost-love", "amnesia", "hidden-parent", "secret-twin", "betrayal",
    "inheritance", "revenge",
)  # fmt: skip

#: What somebody is to the speaker: "she is my mother" is kind `mother`.
KINDS: tuple[str, ...] = (
    "lover", "spouse", "ex", "mother", "father", "child", "sibling", "family", "friend", "ally",
    "rival", "enemy", "boss", "servant", "confessor", "stranger", "audience",
)  # fmt: skip

PRONOUNS: tuple[str, ...] = ("she", "he", "they")
LANGUAGES: tuple[str, ...] = ("en", "es")

#: How many lines back the speaker last spoke (0: not within the window); see `turn_code`.
WINDOW = 4

#: Lines before that are read at play: with four, held-out lines are no likelier (docs/voices.md).
HEARD = 2

#: The one that a narrator talks to: nobody on stage.
VIEWER = "viewer"

PAD, SCENE, END = "<pad>", "<scene>", "<end>"
ME, YOU, OTHER, PLACE = "<me>", "<you>", "<other>", "<place>"
SLOTS: tuple[str, ...] = (ME, YOU, OTHER, PLACE, *(f"<{kind}>" for kind in KINDS))


def tone_code(tone: str) -> str:
    return f"<tone:{tone}>"


def arc_code(arc: str) -> str:
    return f"<arc:{arc}>"


def kind_code(kind: str) -> str:
    return f"<to:{kind}>"


def pronoun_code(pronoun: str) -> str:
    """The code of the addressee's pronoun: who is `mijo` and who `mija` depends on it."""
    return f"<to:{pronoun}>"


def language_code(language: str) -> str:
    return f"<lang:{language}>"


def turn_code(back: int) -> str:
    """Who speaks, said without a name: the speaker of the line `back` lines ago, or (0) somebody new.

    `<turn:2>` is the ordinary answer, `<turn:1>` somebody who goes on.
    """
    return f"<turn:{back}>"


#: Every token of the stream that is not text, in the order of its id.
SPECIAL: tuple[str, ...] = (
    PAD, SCENE, END,
    *(turn_code(back) for back in range(WINDOW + 1)),
    *(language_code(language) for language in LANGUAGES),
    *(tone_code(tone) for tone in TONES),
    *(arc_code(arc) for arc in ARCS),
    *(kind_code(kind) for kind in KINDS),
    *(pronoun_code(pronoun) for pronoun in PRONOUNS),
    *SLOTS,
)  # fmt: skip

"""The closed lists that scripts, sheets, training and play share: tones, acts, arcs, relation kinds and axes, slots.

A code is one token of the training stream (Keskar et al. 2019, CTRL): `<tone:furious>`, `<act:accuse>`, `<to:rival>`.
A slot stands for a name (`<you>`, `<mother>`) or a topic (`<paper>`), so that a network never learns who is called what
and which letter it is: play fills them in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

TONES: tuple[str, ...] = (
    "furious", "tender", "pleading", "icy", "mocking", "terrified", "triumphant", "confessing",
    "weeping", "scheming", "joyful", "weary", "defiant", "shocked",
)  # fmt: skip

#: What a line does (dialogue acts; Austin 1962, Searle 1976, cut down to what a melodrama needs).
ACTS: tuple[str, ...] = (
    "greet", "ask", "tell", "accuse", "deny", "confess", "insist", "threaten", "plead", "refuse", "order", "obey",
    "insult", "defend", "warn", "promise", "doubt", "reveal", "comfort", "declare", "reject", "apologise", "forgive",
    "farewell",
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

#: How many lines back the speaker last spoke (0: not within the window), and how many lines a reply is read after.
WINDOW = 6

#: The one that a narrator talks to: nobody on stage.
VIEWER = "viewer"

PAD, SCENE, END = "<pad>", "<scene>", "<end>"
ME, YOU, OTHER, PLACE = "<me>", "<you>", "<other>", "<place>"
NAME_SLOTS: tuple[str, ...] = (ME, YOU, OTHER, PLACE, *(f"<{kind}>" for kind in KINDS))

#: What a scene may be about, and the slots that stand for it: a letter is read and a ring worn, one is in a kitchen and
#: on a roof, and a nurse is she. `engine/data/topics.LANGUAGE.yaml` says which noun takes which slot.
TOPICS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "thing": ("thing", "paper", "jewel", "cloth", "picture", "key", "money", "sound", "weapon", "drink"),
        "place": ("place.in", "place.on", "place.at"),
        "third": ("third.he", "third.she", "third.they"),
        "event": ("event", "event.harm"),
    }
)
TOPIC_SLOTS: tuple[str, ...] = tuple(f"<{name}>" for names in TOPICS.values() for name in names)
SLOTS: tuple[str, ...] = (*NAME_SLOTS, *TOPIC_SLOTS)

#: Who does what: the subjects of a gist. Its predicates are English words, the same list for every language.
SUBJECTS: tuple[str, ...] = (
    "me", "you", "he", "we", "they", "it", "thing", "third", "someone", "none", "all", "who", "there", "imperative",
)  # fmt: skip
PREDICATES: tuple[str, ...] = (
    "other",
    *(Path(__file__).parent / "data" / "gist" / "predicates.txt").read_text(encoding="utf-8").split(),
)


@dataclass(frozen=True)
class Axis:
    """One thing that somebody can feel for somebody: its range, its default, and how slowly it wears off.

    After `half_life` turns, half the distance to where the edge rests is gone.
    """

    name: str
    low: float
    high: float
    default: float
    half_life: float
    meaning: str

    def clip(self, value: float) -> float:
        return min(self.high, max(self.low, value))


#: Heat wears off within a quarrel, trust hardly within a season. The defaults are those of a cast sheet.
AXES: Mapping[str, Axis] = MappingProxyType(
    {
        axis.name: axis
        for axis in (
            Axis("affection", -1.0, 1.0, 0.0, 60.0, "-1 hates, 1 loves"),
            Axis("trust", -1.0, 1.0, 0.0, 80.0, "-1 believes nothing they say, 1 everything"),
            Axis("power", -1.0, 1.0, 0.0, 40.0, "-1 is in their hands, 1 has them in hers"),
            Axis("heat", 0.0, 1.0, 0.2, 12.0, "how much is at stake between them: 0 cold, 1 burning"),
        )
    }
)


AXIS_NAMES: tuple[str, ...] = tuple(AXES)


def tone_code(tone: str) -> str:
    return f"<tone:{tone}>"


def act_code(act: str) -> str:
    return f"<act:{act}>"


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


def subject_code(subject: str) -> str:
    return f"<by:{subject}>"


def predicate_code(predicate: str) -> str:
    return f"<do:{predicate}>"


def topic_code(slot: str) -> str:
    """The code that a topic is to be said: `<paper>` -> `<say:paper>`."""
    return f"<say:{slot.strip('<>')}>"


#: The code of a gist that is denied.
NOT = "<not>"

#: Every token of the stream that is not text, in the order of its id.
SPECIAL: tuple[str, ...] = (
    PAD, SCENE, END,
    *(turn_code(back) for back in range(WINDOW + 1)),
    *(language_code(language) for language in LANGUAGES),
    *(tone_code(tone) for tone in TONES),
    *(act_code(act) for act in ACTS),
    *(arc_code(arc) for arc in ARCS),
    *(kind_code(kind) for kind in KINDS),
    *(pronoun_code(pronoun) for pronoun in PRONOUNS),
    *(subject_code(subject) for subject in SUBJECTS),
    NOT,
    *(predicate_code(predicate) for predicate in PREDICATES),
    *(topic_code(slot) for slot in TOPIC_SLOTS),
    *SLOTS,
)  # fmt: skip

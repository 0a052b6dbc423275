"""Small lists of words that tell, roughly, how a line is meant: warm, hostile, a command; and what kin are called.

Chosen by hand for plays and scripts of the last 150 years, in English and Spanish. They judge no single line: what is
taken from them is the share of somebody's lines to somebody else, set against the shares of the whole script.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from engine.corpus.text import word_list, word_set

WARM = word_set(
    """
    love loved loves dear dearest darling sweet sweetheart thank thanks friend happy glad beautiful lovely kind kiss
    heart honey trust forgive please welcome wonderful proud
    amor amo quiero querida querido gracias amiga amigo corazón cielo feliz hermosa hermoso linda lindo bella bello beso
    perdón perdona perdóname cariño adorada adorado alegría dulce bendita bendito
    """
)
HOSTILE = word_set(
    """
    hate hated liar lie lies lying fool idiot stupid shame disgust disgusting wretch wretched coward devil damn hell
    traitor thief murderer kill threat threaten scoundrel villain enemy despise ridiculous nonsense shut monster ugly
    odio odias mentira mentiras mientes mentiroso mentirosa idiota estúpido estúpida vergüenza cobarde demonio diablo
    maldito maldita traidor traidora ladrón ladrona asesino asesina matar imbécil infame miserable canalla bribón
    necio necia desprecio enemigo enemiga ridículo disparate
    """
)
#: Verbs that, at the beginning of a sentence, order somebody about.
COMMAND = word_set(
    """
    come go get tell give listen look stop leave wait take let bring sit stand keep hold put shut be hurry open close
    show read answer promise
    ven vete dime calla cállate déjame deja mira oye escucha trae sal espera toma dame ponte siéntate levántate anda
    abre cierra venga vaya diga calle mire oiga espere tome deme siéntese
    """
)
#: Words of somebody who is not the stronger one.
DEFERENCE = word_set("sir madam ma'am please señor señora señorita usted excelencia don doña")
#: By which somebody calls whom she serves, and by which nobody calls a servant.
MASTER = word_set("sir madam ma'am m'lady mistress señorito señorita patrón patrona amo ama")

#: What a person is to whoever calls her so.
KIN: Mapping[str, str] = {
    **dict.fromkeys(word_list("mother mamma mama mom mum mommy mummy madre mamá mami"), "mother"),
    **dict.fromkeys(word_list("papa dad daddy papá papi"), "father"),
    **dict.fromkeys(word_list("son daughter hijo hija"), "child"),
    **dict.fromkeys(word_list("brother sister hermano hermana hermanito hermanita"), "sibling"),
    **dict.fromkeys(word_list("husband wife esposo esposa marido"), "spouse"),
    **dict.fromkeys(
        word_list("uncle aunt auntie grandmother grandma grandfather grandpa cousin nephew niece granny tío tía abuela abuelo primo prima sobrino sobrina"),
        "family",
    ),
}  # fmt: skip
#: A priest is called father by everybody, a nun mother: by one person alone it is kin.
TITLES_OF_KIN: Mapping[str, str] = {"father": "father", "padre": "father"}
#: What the other is to somebody who is this.
INVERSE: Mapping[str, tuple[str, ...]] = {
    "mother": ("child",), "father": ("child",), "child": ("mother", "father"), "sibling": ("sibling",),
    "spouse": ("spouse",), "family": ("family",), "boss": ("servant",), "servant": ("boss",),
}  # fmt: skip


_FEMALE = word_set("she her hers herself ella miss mrs ms madam lady señora señorita doña")
_MALE = word_set("he him his himself él mr sir señor don")
#: Titles within a name that tell the pronoun.
TITLE_PRONOUN: Mapping[str, str] = {
    **dict.fromkeys(
        word_list("mrs miss ms madam lady mme mother sister aunt doña señora señorita sra srta nurse girl woman queen princess condesa marquesa madre hermana criada niña mujer"),
        "she",
    ),
    **dict.fromkeys(
        word_list("mr sir lord father brother uncle don señor sr boy man king prince conde marqués padre hermano criado niño hombre"), "he"
    ),
}  # fmt: skip

#: Words that somebody may be called by, and that name nobody.
CALLS = frozenset(
    [
        *KIN,
        *TITLES_OF_KIN,
        *MASTER,
        *TITLE_PRONOUN,
        *word_set("god heaven christ jesus dios jesús doctor captain judge"),
    ]
)

_SENTENCE = re.compile(r"[¡¿]?[^.!?…¡¿]+(?:\.{3}|[.!?…]+)?")
_STRETCH = re.compile(r"\.\.\.|--|[,.;:!?¡¿\"()—…]")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ADORNING = word_set("my dear dearest own old mi querido querida oh ay ah")


def sentences(text: str) -> list[str]:
    """The sentences of a line, with their marks."""
    return [match[0].strip() for match in _SENTENCE.finditer(text) if _WORD.search(match[0])]


def commands(text: str) -> int:
    """How many sentences begin with a verb that orders."""
    found = 0
    for sentence in sentences(text):
        first = _WORD.search(sentence)
        found += bool(first and first[0].casefold() in COMMAND and not sentence.endswith("?"))
    return found


def appellations(text: str, capitals: bool = False) -> list[str]:
    """What somebody is called in a line: single words between marks, without `my`, `dear` and the like.

    In lower case; with `capitals`, only those that are written with a capital, as they stand, and that begin no sentence.
    """
    found = []
    at = 0
    for stretch in (*_STRETCH.finditer(text), None):
        piece = text[at : stretch.start() if stretch else len(text)]
        words = _WORD.findall(piece)
        while len(words) > 1 and words[0].casefold() in _ADORNING:
            words = words[1:]
        if len(words) == 1:
            if not capitals:
                found.append(words[0].casefold())
            elif words[0][:1].isupper() and not words[0].isupper() and (at > 0 and text[at - 1] == ","):
                found.append(words[0])
        at = stretch.end() if stretch else len(text)
    return found


def pronouns(words: Sequence[str]) -> tuple[int, int]:
    """How many words of a woman, and of a man, there are."""
    return sum(word in _FEMALE for word in words), sum(word in _MALE for word in words)

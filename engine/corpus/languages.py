"""Which language a text is in: by its letters, or by the small words that every speech holds. Knows no scripts.

A table of our own: what is wanted is a name for the writer ("this is French"), from a few hundred words, in the
same way on every machine. Statistical libraries bring models of megabytes and waver on lines of dialogue.
"""

from __future__ import annotations

import re
from collections import Counter

from engine.corpus.text import word_set

#: Names of the languages that can be told, by their ISO 639-1 codes.
LANGUAGES = {
    "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek",
    "en": "English", "es": "Spanish", "fa": "Persian", "fi": "Finnish", "fr": "French", "gl": "Galician", "he": "Hebrew",
    "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "it": "Italian",
    "ja": "Japanese", "ka": "Georgian", "ko": "Korean", "nl": "Dutch", "no": "Norwegian", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sr": "Serbian", "sv": "Swedish", "th": "Thai",
    "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip

#: Scripts that belong to one language, or nearly: ranges of letters, the rarer before the more common.
_SCRIPTS = tuple(
    (code, re.compile(f"[{letters}]"))
    for code, letters in {
        "el": "\u0370-\u03ff\u1f00-\u1fff", "he": "\u0590-\u05ff", "hi": "\u0900-\u097f", "th": "\u0e00-\u0e7f",
        "ka": "\u10a0-\u10ff", "hy": "\u0530-\u058f", "ko": "\uac00-\ud7af\u1100-\u11ff", "ar": "\u0600-\u06ff",
        "ru": "\u0400-\u04ff", "ja": "\u3040-\u30ff", "zh": "\u4e00-\u9fff",
    }.items()
)  # fmt: skip
#: Letters that tell the languages of one script apart.
_TELLING = {
    "ar": (("fa", re.compile("[پچژگ]")),),
    "ru": (("uk", re.compile("[іїєґІЇЄҐ]")), ("sr", re.compile("[ђјљњћџЂЈЉЊЋЏ]"))),
}
#: Small words that are frequent in speech, and letters that no other of these languages has.
_SMALL = {
    "en": word_set("the and you to is it that of what have not with this for was are my your we will they he she do"),
    "es": word_set(
        "que de no la el los las una por pero muy usted está qué señor señora es y en un lo se con para mi tu yo como"
    ),
    "fr": word_set(
        "le la les de des du et est que qui ne pas je tu il elle nous vous ce dans un une pour mais avec sur au moi ma mon "
        "alors c'est n'est j'ai où cette a"
    ),
    "de": word_set(
        "der die das und ist nicht ich du er sie wir ihr ein eine zu den mit auf was wer aber dann es dem so"
    ),
    "it": word_set("il lo la gli che di e è non un una per con ma sono io tu lui lei mi ti si del della chi cosa"),
    "pt": word_set("o a os as que de não e é um uma por com mas eu você ele ela do da em se para quem isso meu"),
    "nl": word_set("de het een en is niet ik je jij hij zij we van dat wat wie maar op met voor te er dan"),
    "sv": word_set("det och att jag är inte du han hon vi en ett på som för med men vad vem den har"),
    "da": word_set("det og at jeg er ikke du han hun vi en et på som for med men hvad hvem den har af"),
    "no": word_set("det og at jeg er ikke du han hun vi en et på som for med men hva hvem den har av"),
    "fi": word_set("ja on ei se että minä sinä hän me mitä kuka mutta niin oli kun ole en olen tämä"),
    "pl": word_set("nie to się na że jest i w z do co jak ale ja ty on ona kto dlaczego mnie czy już tylko"),
    "cs": word_set("je to se na že ne a v s do co jak ale já ty on ona kdo proč mě jsem jsi není už"),
    "hr": word_set("je da ne to se na i u s što tko ali ja ti on ona kako nije sam si smo ovo"),
    "hu": word_set("a az és nem hogy ez egy van én te ő mi ki de is meg csak mit volt vagy"),
    "ro": word_set("nu și este că de la un o în cu ce cine dar eu tu el ea pe mai să am ai"),
    "tr": word_set("bir ve bu ne ben sen o değil için mi mı kim ama var yok çok da de evet hayır"),
    "ca": word_set("que de no la el els les i és una per amb però jo tu ell ella què qui en un em"),
    "gl": word_set("que de non a o os as e é unha un por con pero eu ti el ela quen do da na no"),
    "id": word_set("yang dan di itu tidak ini aku kamu dia saya kami untuk dengan siapa apa ada akan ke dari"),
    "vi": word_set("là không và tôi anh em cô có của này ai gì đi được cho một người thì mà"),
}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
#: A text is cut here: a few thousand words settle it.
SAMPLE = 60_000


def language_in(text: str) -> str:
    """The code of the language of a text; "" if its words tell nothing.

    Letters decide where they belong to one language, else the share of words that are the small words of each.
    """
    sample = text[:SAMPLE]
    letters = sum(map(str.isalpha, sample))
    if not letters:
        return ""
    for code, pattern in _SCRIPTS:
        found = len(pattern.findall(sample))
        # A Japanese line is half Chinese characters: a sixth in its own letters is enough.
        if found * (6 if code == "ja" else 2) >= letters:
            return next((other for other, telling in _TELLING.get(code, ()) if telling.search(sample)), code)
    words = [word.replace("’", "'") for word in _WORD.findall(sample.lower())]
    counts = Counter({code: sum(word in small for word in words) for code, small in _SMALL.items()})
    if "¿" in sample or "¡" in sample:
        counts["es"] += sample.count("¿") + sample.count("¡")
    (first, most), (second, next_) = counts.most_common(2)
    if most < 2 or most * 12 < len(words):
        return ""
    # Neighbours (Danish and Norwegian, Spanish and Galician) share half of their small words: a tie tells nothing.
    return first if most > next_ or {first, second} <= {"da", "no"} else ""

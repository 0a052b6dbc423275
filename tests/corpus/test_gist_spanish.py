"""Who does what in plain Spanish: the verb's ending says who, and the frame is the one that English has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import gists
from engine import codes
from engine.corpus.gist import by_ending, gist, opposed, words_of
from engine.corpus.gist.clauses import PREDICATES
from engine.corpus.gist.conjugation import Form

RIGHT = [
    ("Le diste la carta al doctor.", "you give"),
    ("Me lo diste.", "you give"),
    ("Dámelo.", "imperative give"),
    ("No se lo di.", "me not give"),
    ("Voy a matarte.", "me kill"),
    ("Tengo que irme.", "me leave"),
    ("He robado el anillo.", "me steal"),
    ("Estaba llorando.", "he cry"),
    ("Yo no robé el anillo.", "me not steal"),
    ("Ella ama a mi hermano.", "he love"),
    ("Nos vamos esta noche.", "we leave"),
    ("Se llevaron a mi hijo.", "they take"),
    ("Mi madre lloró toda la noche.", "he cry"),
    ("El doctor nos mintió.", "he lie"),
    ("Esta casa es de mi padre.", "it be"),
    ("<third.he> sabe la verdad.", "third know"),
    ("<paper> ardió en el fuego.", "thing burn"),
    ("<you>, yo nunca dije eso.", "me not say"),
    ("¿Quién se llevó <jewel>?", "who take"),
    ("¿Qué hiciste con <paper>?", "you do"),
    ("¿Lo amas?", "you love"),
    ("¿Te hizo daño?", "he hurt"),
    ("¿Has visto <paper>?", "you see"),
    ("¿Te casas conmigo?", "you marry"),
    ("¿Por qué me dejaste?", "you leave"),
    ("¿Es verdad?", "it true"),
    ("¿Quién eres?", "you be"),
    ("Dame la llave.", "imperative give"),
    ("No me mientas.", "imperative not lie"),
    ("No me mienta, señora.", "imperative not lie"),
    ("Siéntese, por favor.", "imperative sit"),
    ("Nunca vuelvas aquí.", "imperative not return"),
    ("Ven aquí, mi amor.", "imperative come"),
    ("Déjame ir.", "me go"),
    ("Bailemos.", "we dance"),
    ("Quiero ver a mi hijo.", "me see"),
    ("No tengo dinero.", "me not have"),
    ("Lo siento.", "me sorry"),
    ("Eres un mentiroso.", "you be"),
    ("Está muerto.", "he dead"),
    ("Nadie sabe mi nombre.", "none not know"),
    ("Alguien abrió la puerta.", "someone open"),
    ("Todos lo vieron.", "all see"),
    ("No hay tiempo.", "there not be"),
    ("No puedo perdonarte.", "me not forgive"),
    ("Debiste decírmelo.", "you tell"),
    ("Me duele la mano.", "it hurt"),
    ("No me importa.", "me not care"),
    ("¿Te importa si me siento?", "you care"),
    ("Me gusta tu voz.", "me other"),
    ("Te tengo miedo.", "me afraid"),
    ("Me da miedo tu padre.", "me afraid"),
    ("Usted me debe una casa.", "you owe"),
    ("Ustedes no entienden.", "you not understand"),
    ("¿Qué quiere usted?", "you want"),
    ("Fui al puerto.", "me go"),
    ("Fui su novia.", "me be"),
    ("Hay que salir de aquí.", "we leave"),
    ("Que se vaya.", "he leave"),
    ("Jamás volveré a cantar.", "me not sing"),
    ("El hombre que te buscaba murió.", "he die"),
    ("Sé que mataste a mi padre.", "you kill"),
    ("Lo juro. Yo no lo maté.", "me not kill"),
    ("Escúchame. Él robó el collar.", "he steal"),
    ("Vámonos.", "we leave"),
    ("Vino mi madre.", "he come"),
    ("Lo escribió él.", "he write"),
    ("Tú y yo lo sabemos.", "we know"),
    ("Uno de ustedes mintió.", "someone lie"),
    ("Deja de llorar.", "imperative stop"),
    ("No le digas nada.", "imperative not tell"),
    ("Dígaselo a él.", "imperative tell"),
    ("Pensé que habías muerto.", "you die"),
    ("Me caso mañana.", "me marry"),
    ("La carta la tiene él.", "he have"),
    ("Tengo razón.", "me right"),
    ("El anillo fue robado.", "it steal"),
    ("Si te vas, me muero.", "me die"),
    ("Me muero.", "me die"),
    ("Es mío.", "it mine"),
    ("Se me olvidó.", "he forget"),
    ("No nos dejes solos.", "imperative not leave"),
    ("Lo que dices es mentira.", "it false"),
    ("Los policías me siguen.", "he follow"),
    ("Te extraño.", "me other"),
    ("Quédate conmigo.", "imperative stay"),
    ("Me quedé con el anillo.", "me keep"),
    ("Ya te lo dije.", "me tell"),
    ("Acabo de verla.", "me see"),
    ("Vuelve a casa.", "imperative return"),
    ("Está llorando.", "he cry"),
    ("Mi hermana y mi madre mienten.", "they lie"),
    ("Nada me importa.", "me not care"),
    ("¿Qué pasó?", "who happen"),
    ("Diga.", "imperative say"),
    ("¡Cállese!", "imperative quiet"),
    ("Eso me dijeron.", "they tell"),
    ("Trató de matarme.", "he kill"),
    ("No quiero que llores.", "me not want"),
    ("Tú no me quieres.", "you not love"),
    ("Llevaba un vestido rojo.", "he wear"),
    ("Los conté.", "me count"),
    ("Hoy no canto.", "me not sing"),
    ("La firma es falsa.", "it false"),
    ("La amo.", "me love"),
    ("El vino estaba envenenado.", "it other"),
    ("Vino con el doctor.", "he come"),
    ("La puerta está abierta.", "it open"),
]
#: What the rules cannot know; a change here is welcome, and then a row of the table above.
LIMITS = [
    ("¿Y qué quiere saber, amigo mío?", "he know"),  # a friend who is "usted"
    ("Busca su cara. Nació de ella.", "imperative look"),  # "he seeks" and "seek" are one word
    ("No quiero tu anillo. Ya no lo quiero.", "me not want"),
    ("Es mía. Lleva mi anillo.", "it mine"),  # who wears a ring is somebody
    ("Se vende a los niños.", "he sell"),  # nobody in particular does it
    ("Él mandó el incendio.", "he send"),  # "ordered", not "sent"
]
NOTHING = [
    "",
    "No.",
    "¡Ay!",
    "¡Mi amor!",
    "...",
    "¡Qué lástima!",
    "¡Mentiroso!",
    "Para mí.",
    "¿Una copia?",
    "¿Casarme?",
]
#: The same frame in both languages.
PAIRS = [
    ("I did not steal the ring.", "No robé el anillo."),
    ("Did you lie to me?", "¿Me mentiste?"),
    ("She loves my brother.", "Ella ama a mi hermano."),
    ("I am going to leave.", "Voy a irme."),
    ("Give me <paper>.", "Dame <paper>."),
    ("Do not cry.", "No llores."),
    ("Nobody knows it.", "Nadie lo sabe."),
    ("You are a liar.", "Eres un mentiroso."),
    ("It is true.", "Es verdad."),
    ("I am afraid.", "Tengo miedo."),
    ("<third.he> took <jewel>.", "<third.he> se llevó <jewel>."),
    ("There is no time.", "No hay tiempo."),
    ("Who opened the door?", "¿Quién abrió la puerta?"),
    ("Let me go.", "Déjame ir."),
]


def words() -> by_ending.Words:
    found = words_of("es")
    assert isinstance(found, by_ending.Words)
    return found


@pytest.mark.parametrize(("text", "found"), RIGHT)
def test_plain_sentences(text: str, found: str) -> None:
    assert str(gist(text, "es")) == found


@pytest.mark.parametrize(("text", "found"), LIMITS)
def test_known_limits(text: str, found: str) -> None:
    assert str(gist(text, "es")) == found


@pytest.mark.parametrize("text", NOTHING)
def test_without_a_verb_there_is_no_gist(text: str) -> None:
    assert gist(text, "es") is None


@pytest.mark.parametrize(("english", "spanish"), PAIRS)
def test_a_frame_is_the_same_in_both_languages(english: str, spanish: str) -> None:
    assert gist(english) == gist(spanish, "es")
    assert gist(english) is not None


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("busqué", Form("buscar", "preterite", "me")),
        ("llegues", Form("llegar", "subjunctive", "you")),
        ("recojo", Form("recoger", "present", "me")),
        ("huyó", Form("huir", "preterite", "he")),
        ("leyeron", Form("leer", "preterite", "they")),
        ("durmieron", Form("dormir", "preterite", "they")),
        ("pidiendo", Form("pedir", "gerund")),
        ("tuviéramos", Form("tener", "past_subjunctive", "we")),
        ("dijeron", Form("decir", "preterite", "they")),
        ("diría", Form("decir", "conditional", "me")),
        ("confía", Form("confiar", "imperative", "you")),
        ("rotas", Form("romper", "participle")),
        ("dígaselo", Form("decir", "subjunctive", "he", ("se", "lo"))),
        ("siéntate", Form("sentar", "imperative", "you", ("te",))),
        ("irme", Form("ir", "infinitive", "", ("me",))),
        ("vámonos", Form("ir", "subjunctive", "we", ("nos",))),
        ("tropezaba", Form("tropezar", "imperfect", "he")),
    ],
)
def test_forms_of_verbs(word: str, form: Form) -> None:
    assert form in words().conjugation.read(word)


@pytest.mark.parametrize("word", ["siéntase", "mesa", "flores", "", "<you>"])
def test_what_is_no_order_to_sit_and_no_verb(word: str) -> None:
    assert not [
        form for form in words().conjugation.read(word) if form.verb == "sentar" or (form.finite and not form.clitics)
    ]


def test_a_verb_that_is_on_no_list_is_looked_up() -> None:
    assert "bordear" not in words().predicates
    assert str(gist("Bordearon el lago.", "es")) == "they other"


def test_every_predicate_of_the_tables_is_on_the_closed_list() -> None:
    lists = words()
    named = {
        *lists.predicates.values(), *lists.reflexive.values(), *lists.experiencers.values(), *lists.idioms.values(),
        *lists.given.values(), *lists.alone.values(), *lists.states.values(),
        *(name for rows in lists.senses.values() for name, _ in rows),
    }  # fmt: skip
    assert named - {"other"} <= PREDICATES
    assert set(lists.subjects.values()) <= set(codes.SUBJECTS)


@pytest.mark.parametrize(("section", "lines", "least"), [("dev", 800, 0.96), ("test", 100, 0.9)])
def test_rules_agree_with_a_reader(section: str, lines: int, least: float) -> None:
    marked = gists.marked("es")[section]
    assert len(marked) == lines
    assert gists.score(marked).whole >= least


def test_marks_are_of_the_closed_lists_and_no_line_is_marked_twice() -> None:
    lines = [line for section in gists.marked("es").values() for line in section]
    marks = [line.by_hand for line in lines if line.by_hand is not None]
    assert {mark.subject for mark in marks} <= set(codes.SUBJECTS)
    assert {mark.predicate for mark in marks} <= set(codes.PREDICATES)
    assert len({line.text for line in lines}) == len(lines)


def test_a_thing_and_its_opposite() -> None:
    assert opposed("Te amo, y no te amo.", "es")
    assert not opposed("Te amo. No me odies.", "es")


pieces = st.sampled_from(
    ["tú", "yo", "no", "la", "lo", "se", "me", "carta", "<you>", "<paper>", ",", ".", "?", "¿", "¡", "voy", "a", "ir", "que",
     "quién", "qué", "déjame", "nadie", "nunca", "es", "está", "--", "robó", "madre", "dar", "miedo", "hay", "y", "de", "si",
     "tengo", "dos", "dígaselo", "Elena", "como", "eso", "mi", "vino", "7", "poder", "haber", "un", "poco"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=60), st.lists(pieces, max_size=14).map(" ".join)))
def test_any_text_has_a_gist_of_the_closed_lists_or_none(text: str) -> None:
    found = gist(text, "es")
    assert found is None or (found.subject in codes.SUBJECTS and found.predicate in codes.PREDICATES)


@pytest.mark.parametrize(
    "phrase", ["la", "que", "de la casa", "no", "voy a", "y", "un", "quiero", "es que", "creo que", "<you>"]
)
def test_a_line_without_end_is_read_all_the_same(phrase: str) -> None:
    gist(" ".join([phrase] * 3000), "es")

"""Pronouns and whom they can mean, in both languages."""

from __future__ import annotations

import pytest

from engine.speech.pronouns import introduced, pronouns


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("You burnt <paper>.", "en", {"it"}),
        ("<third.she> stole it from <place.in>.", "en", {"she", "it"}),
        ("My BROTHER saw her.", "en", {"he"}),
        ("Quemaste <paper>.", "es", {"it"}),
        ("Mi MAMÁ lo vio.", "es", {"she"}),
        ("Mis padres y mi tío duermen.", "es", {"they", "he"}),
        ("Ella lo quemó.", "es", set()),
        ("¿Es usted, señora?", "es", {"usted"}),
        ("My mother sleeps.", "es", set()),
    ],
)
def test_what_a_line_names(text: str, language: str, found: set[str]) -> None:
    assert introduced(text, language) == found


@pytest.mark.parametrize(
    "text",
    [
        "Él lo sabe.", "Ella se fue.", "Ellos vienen.", "No la vi.", "¿Y por qué lo quieres?", "Te lo doy mañana.", "Le dije que no.",
        "Los escondí.", "Dámelo.", "LÉELA.", "Voy a decirlo.", "Quiero verla.", "No la toque.", "Me la cuenta.", "Las tienes ahí.",
        "Lo hice.", "Lo conté dos veces.",
    ],
)  # fmt: skip
def test_a_spanish_pronoun_needs_somebody(text: str) -> None:
    assert pronouns("es").dangling(text, frozenset())


@pytest.mark.parametrize(
    "text",
    [
        "La carta está aquí.", "Voy a la casa.", "La llama se apaga.", "Los dos se fueron.", "Las noches son largas.", "La tumba está vacía.",
        "Lo siento.", "No lo sé.", "Te lo juro.", "Se lo prometo.", "Es lo que quiero.", "Lo mismo digo.", "Me canso.", "Háblame.",
        "Mi abuela canta una novela.", "El velo es mío.", "Le dije a mi madre.", "A mi hermano lo vi.", "Mi madre se fue y la extraño.",
        "Señora, la espero.", "No le digo a nadie.", "Dame <key>. La tienes.", "<third.she> duerme. No la despiertes.",
    ],
)  # fmt: skip
def test_an_article_an_idiom_and_what_the_line_names_point_at_nobody_else(text: str) -> None:
    assert not pronouns("es").dangling(text, frozenset())


@pytest.mark.parametrize(
    ("text", "enough", "short"),
    [
        ("Lo quemaste.", ["he", "it"], ["she", "they"]),
        ("La quemaste.", ["she", "it"], ["he", "they"]),
        ("Quémala.", ["she", "it"], ["he"]),
        ("Le creo.", ["he", "she"], ["it"]),
        ("Los vi.", ["they", "it"], ["he"]),
        ("La espero.", ["usted"], []),
        ("La espero contigo.", ["she"], ["usted"]),
        ("ÉL duerme.", ["he"], ["she", "it", "usted"]),
    ],
)
def test_what_each_pronoun_can_mean(text: str, enough: list[str], short: list[str]) -> None:
    table = pronouns("es")
    assert [name for name in enough if table.dangling(text, {name})] == []
    assert [name for name in short if not table.dangling(text, {name})] == []


def test_an_english_pronoun_does_not_mean_what_comes_later() -> None:
    assert pronouns("en").dangling("She is my mother.", frozenset())
    assert not pronouns("en").dangling("My mother is here. She sleeps.", frozenset())
    assert not pronouns("en").dangling("Lo quemaste.", frozenset())


def test_without_a_file_no_pronoun_points() -> None:
    assert not pronouns("fr").dangling("She stole it. Elle dort.", frozenset())
    assert introduced("<third.he> a volé <paper>.", "fr") == {"he", "it"}


@pytest.mark.parametrize("text", ["¿De tu casa, Doña Soraya?", "Te lo digo a usted.", "Señora, no te creo."])
def test_who_calls_somebody_dona_says_no_tu(text: str) -> None:
    assert pronouns("es").mixed(text)
    assert not pronouns("en").mixed(text)


@pytest.mark.parametrize("text", ["¿De su casa, Doña Soraya?", "Te lo dijo Don Aurelio.", "No te creo, María."])
def test_a_line_that_speaks_one_way_is_not_mixed(text: str) -> None:
    assert not pronouns("es").mixed(text)

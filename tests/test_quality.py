from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.quality import text_warnings
from tests.tiny_model import ARTICLE

SENTENCE = "The mayor said that it was the best of all the walls she had seen in her life."

# Invented sentences, each long enough to be judged.
OTHER_LANGUAGES = {
    "French": "Le maire de la ville a déclaré mardi que le mur du port tiendrait encore un hiver. "
    "Les pêcheurs ne sont pas du même avis, et leur syndicat demande une réunion avec le conseil "
    "avant la fin du mois pour parler des travaux et de leur coût.",
    "German": "Die Bürgermeisterin erklärte am Dienstag, dass die Mauer noch einen Winter halten "
    "werde. Die Fischer sind anderer Meinung, und ihre Gewerkschaft verlangt ein Treffen mit dem "
    "Rat vor Ende des Monats, um über die Arbeiten und ihre Kosten zu sprechen.",
    "Spanish": "La alcaldesa dijo el martes que el muro del puerto aguantaría otro invierno. Los "
    "pescadores no están de acuerdo y su sindicato pide una reunión con el consejo antes de que "
    "termine el mes para hablar de las obras y de lo que van a costar a la ciudad.",
    "Dutch": "De burgemeester zei dinsdag dat de muur van de haven nog een winter zou houden. De "
    "vissers zijn het daar niet mee eens en hun vakbond wil voor het einde van de maand een "
    "gesprek met de raad over het werk en over wat het de stad gaat kosten.",
    "Danish": "Borgmesteren sagde tirsdag, at muren ved havnen ville holde endnu en vinter. "
    "Fiskerne er ikke enige, og deres fagforening vil have et møde med rådet inden udgangen af "
    "måneden for at tale om arbejdet og om, hvad det kommer til at koste byen.",
    "Polish": "Burmistrz powiedziała we wtorek, że mur portu wytrzyma jeszcze jedną zimę. Rybacy "
    "są innego zdania, a ich związek żąda spotkania z radą przed końcem miesiąca, aby porozmawiać "
    "o pracach i o tym, ile będą one kosztować miasto oraz jego mieszkańców.",
    "Russian": "Мэр города заявила во вторник, что стена порта выдержит ещё одну зиму, но рыбаки "
    "с этим не согласны и требуют встречи с советом до конца месяца.",
    "Chinese": "市长星期二表示，港口的围墙还能再坚持一个冬天。渔民们不同意这种说法，"
    "他们的工会要求在月底之前与议会见面，讨论工程以及费用的问题。",
    "Arabic": "قالت رئيسة البلدية يوم الثلاثاء إن جدار الميناء سيصمد شتاء آخر لكن الصيادين لا "
    "يوافقون على ذلك وتطالب نقابتهم بعقد اجتماع مع المجلس قبل نهاية الشهر",
}


def test_english_news_gets_no_warning() -> None:
    assert text_warnings(ARTICLE) == ()


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_another_language_is_named_as_such(language: str) -> None:
    (warning,) = text_warnings(OTHER_LANGUAGES[language])
    assert warning.startswith("the text does not look like English (")
    assert warning.endswith("the model knows only English")


def test_another_script_says_so() -> None:
    (warning,) = text_warnings(OTHER_LANGUAGES["Russian"])
    assert "100% of its letters are of another script" in warning


def test_an_english_text_with_foreign_names_and_a_quotation_is_english() -> None:
    assert text_warnings(ARTICLE + " The mayor wrote «Стена порта выдержит» on the wall.") == ()


@pytest.mark.parametrize("text", ["", "   ", "Non, merci.", "12 345 678", "Мэр: нет."])
def test_a_short_text_gets_no_warning(text: str) -> None:
    assert text_warnings(text) == ()


def test_html_is_reported_with_the_number_of_tags() -> None:
    html = f"<html><body><p>{SENTENCE}</p><p class='lead'>{SENTENCE}</p></body></html>"
    (warning,) = text_warnings(html)
    assert "looks like HTML (8 tags in its first" in warning
    assert warning.endswith("quotes were sought in it as it stands")


def test_a_stray_tag_or_a_comparison_is_no_html() -> None:
    assert text_warnings(f"{SENTENCE} <b>No</b>. {SENTENCE} a < b and c > d. {SENTENCE}") == ()


def test_html_in_another_language_gets_both_warnings() -> None:
    text = "".join(f"<p>{part}</p>" for part in OTHER_LANGUAGES["German"].split(". "))
    assert len(text_warnings(text * 2)) == 2


@given(st.text())
def test_any_text_is_looked_at_without_an_error(text: str) -> None:
    assert isinstance(text_warnings(text), tuple)


def test_a_long_row_of_brackets_takes_no_time() -> None:
    assert text_warnings("<a " * 100_000) == ()

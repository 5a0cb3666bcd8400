from __future__ import annotations

import random

import pytest

from quotestance.evaluation.corpora import GapExample
from quotestance.quotes import Span
from quotestance.training.coreference_examples import gap_texts
from quotestance.training.gender_swap import swap_genders
from quotestance.windows import WordPieces
from tests.tiny_model import tiny_encoder

TEXT = (
    "Peter Ostrava met Carl Venn in Brack. Venn's brother Paul Venn stayed, and Ostrava left "
    "with his wife."
)
PRONOUN = TEXT.index("his wife")


@pytest.fixture(scope="module")
def encoder() -> WordPieces:
    return tiny_encoder()


def span(word: str) -> Span:
    at = TEXT.index(word)
    return Span(at, at + len(word), word)


def example(*candidates: tuple[str, bool]) -> GapExample:
    found = tuple((span(word), right) for word, right in candidates)
    return GapExample("fiction-1", TEXT, Span(PRONOUN, PRONOUN + 3, "his"), "M", found)


def asked(given: GapExample, encoder: WordPieces) -> tuple[str, dict[str, bool], bool]:
    """The pronoun, each candidate (the last of a name counts), and whether none is right."""
    plain, swapped = gap_texts([given], encoder, seed=1)
    ((anaphor, candidates, right),) = plain.questions
    assert swapped.questions == plain.questions
    words = encoder.encode(TEXT).words
    text = [TEXT[words[a][0] : words[b][1]] for a, b in (anaphor, *candidates)]
    return text[0], dict(zip(text[1:], right, strict=False)), right[-1]


def test_every_name_is_a_candidate(encoder: WordPieces) -> None:
    pronoun, choices, none = asked(example(("Peter Ostrava", True), ("Carl Venn", False)), encoder)
    assert pronoun == "his"
    assert not none
    # Brack is a name of unknown kind; Paul Venn may not be told from Carl by the surname.
    assert choices == {
        "Peter Ostrava": True, "Carl Venn": False, "Brack": False, "Venn": False, "Ostrava": True,
    }  # fmt: skip


def test_where_neither_is_right_another_name_or_none_is(encoder: WordPieces) -> None:
    _, choices, none = asked(example(("Carl Venn", False), ("Paul Venn", False)), encoder)
    assert none
    assert choices["Peter Ostrava"] and choices["Ostrava"]
    assert not choices["Carl Venn"] and not choices["Paul Venn"] and not choices["Venn"]


@pytest.mark.parametrize(
    ("text", "swapped"),
    [
        ("He saw her dog and his cat.", "She saw his dog and her cat."),
        ("She told her that the cat was hers.", "He told him that the cat was his."),
        ("It was HIS. Her! The actress called him, her king.",
         "It was HERS. Him! The actor called her, his queen."),
        ("Nothing here.", "Nothing here."),
        ("", ""),
    ],
)  # fmt: skip
def test_words_of_gender_are_exchanged(text: str, swapped: str) -> None:
    assert swap_genders(text, random.Random(1))[0] == swapped


def test_a_given_name_becomes_another_everywhere_and_spans_follow() -> None:
    text = "Peter Ostrava hid. Where was Peter? Anna knew: he had taken her car."
    swapped, place = swap_genders(text, random.Random(3))
    first, second = (swapped.split()[i].rstrip("?") for i in (0, 5))
    assert first == second != "Peter"
    assert "Anna" not in swapped
    assert place(Span(0, 13)).text == f"{first} Ostrava"
    assert place(Span(text.index("he had"), text.index("he had") + 2)).text == "she"
    assert place(Span(text.index("her car"), len(text) - 1)).text == "his car"
    assert place(Span(len(text), len(text))) == Span(len(swapped), len(swapped))

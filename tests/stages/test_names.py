import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotestance.stages.names import (
    fold,
    misspelling,
    name_words,
    same_name,
    short_for,
    strip_possessive,
    surnames,
)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Anselm P. Drewitt", "Anselm Drewitt"),
        ("A. P. Drewitt", "Anselm Drewitt"),
        ("Bill Marrow", "William Marrow"),
        ("Szabados Ilka Orban", "Orban Szabados Ilka"),
        ("Orbán Ferko", "Ferko Orban"),
        ("Kim Jae-rin", "Kim Jaerin"),
        ("Mr. Tobias Lind Jr.", "Tobias Lind"),
        ("José María Ribas", "Jose Maria Ribas"),
        ("Pilar Ribas Soler", "Pilar Ribas"),
    ],
)
def test_two_ways_of_writing_one_name(a, b):
    assert same_name(a, b)
    assert same_name(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Gideon Marrow", "Wilhelmina Marrow"),
        ("Tobias Lind Jr.", "Tobias Lind Sr."),
        ("Tobias A. Lind", "Tobias B. Lind"),
        ("Marrow", "Marrow"),
        ("Petra Voss", "Petra Lind"),
    ],
)
def test_names_that_are_kept_apart(a, b):
    assert not same_name(a, b)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Drewitt's", "Anselm Drewitt"),
        ("DREWITT", "Anselm Drewitt"),
        ("Mrs. Voss", "Petra Voss"),
        ("van der Meulen", "Oona van der Meulen"),
        ("Meulen", "Oona van der Meulen"),
        ("bin Rashad", "Omar bin Rashad"),
        ("Wang", "Wang Shu"),
        ("Bo", "Bo Ren-shu"),
        ("Hatley", "Eudora Finch-Hatley"),
        ("Finch-Hatley", "Eudora Finch-Hatley"),
        ("P. Voss", "Petra Voss"),
    ],
)
def test_a_surname_stands_for_a_full_name(short, full):
    assert short_for(short, full)


def test_a_given_name_is_no_surname():
    assert not short_for("Anselm", "Anselm Drewitt")


def test_possessives_and_folding():
    assert strip_possessive("Drewitt’s") == "Drewitt"
    assert strip_possessive("Hobbs’") == "Hobbs"
    assert fold("Łukasz Ørsted") == "lukasz orsted"
    assert name_words("Sen. Petra Voss III") == ("petra", "voss")


@pytest.mark.parametrize(
    ("written", "right", "expected"),
    [
        ("Anselm Drewett", "Anselm Drewitt", True),
        ("Anslem Drewitt", "Anselm Drewitt", True),
        ("Anselm Drewitt", "Anselm Drewitt", False),
        ("Anselm Trewitt", "Anselm Drewitt", False),
        ("Bo Lind", "Bo Lint", False),
        ("Anselm Drowatta", "Anselm Drewitt", False),
    ],
)
def test_misspellings_are_one_or_two_letters_off(written, right, expected):
    assert misspelling(written, right) is expected


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_has_names_and_the_relation_is_symmetric(a, b):
    assert same_name(a, b) == same_name(b, a)
    surnames(a)
    short_for(a, b)
    misspelling(a, b)

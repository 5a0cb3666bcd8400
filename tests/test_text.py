import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotestance import text as tx

ANY_TEXT = st.one_of(
    st.text(alphabet=st.characters(), max_size=80),
    st.text(alphabet=st.sampled_from(list("aB .!?…\r\n\u2028\t“”\"'(\ud800\x00é5")), max_size=80),
)


def sentences(text):
    return [text[start:end] for start, end in tx.sentences(text)]


def paragraphs(text):
    return [text[start:end] for start, end in tx.paragraphs(text)]


def test_words_are_runs_and_single_punctuation():
    text = "Don’t go, 5.5 😀\x00!"
    assert [text[s:e] for s, e in tx.words(text)] == [
        "Don", "’", "t", "go", ",", "5", ".", "5", "😀", "\x00", "!",
    ]  # fmt: skip


def test_long_words_are_cut_at_64():
    assert tx.words("x" * 130) == [(0, 64), (64, 128), (128, 130)]


def test_each_line_is_a_paragraph_whatever_breaks_it():
    text = "  One.\r\nTwo. \n\n \t \nThree\u2028Four\u2029Five\rSix"
    assert paragraphs(text) == ["One.", "Two.", "Three", "Four", "Five", "Six"]


def test_hard_wrapped_text_is_split_at_blank_lines_only():
    block = (
        "The council of the harbour town of Velmora met for the third time this\n"
        "week to weigh a plan that would close the old pier and move the ferry to\n"
        "the northern shore, where the water is deeper and the road is wider than\n"
        "in the centre. No vote was taken."
    )
    text = f"{block}\n\n{block}\n"
    assert paragraphs(text) == [block, block]


def test_short_and_complete_lines_are_not_taken_for_wrapped():
    lines = ["The council of the harbour town met again on Monday evening."] * 5
    assert paragraphs("\n".join(lines)) == lines
    assert paragraphs("Velmora Closes Its Pier\nFerry Moves North") == [
        "Velmora Closes Its Pier",
        "Ferry Moves North",
    ]


@pytest.mark.parametrize("blank", ["", " ", "\n\r\n\t\u2028 "])
def test_blank_text_has_nothing(blank):
    assert tx.words(blank) == tx.paragraphs(blank) == tx.sentences(blank) == []
    assert tx.find_marks(blank) == []
    assert tx.shapes(blank, []).shape == (0,)
    assert tx.mark_states(blank, [], []).shape == (0,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"Stop!" he said. He left.', ['"Stop!" he said.', "He left."]),
        ('"Stop!" Lena Oro said. He left.', ['"Stop!" Lena Oro said.', "He left."]),
        ('"Why?" The union left.', ['"Why?"', "The union left."]),
        ("“We won. They lost,” he said.", ["“We won.", "They lost,” he said."]),
        ("He said “no.” She left.", ["He said “no.”", "She left."]),
        ("It ended. “We won,” he said.", ["It ended.", "“We won,” he said."]),
        ("(They won.) Then they left.", ["(They won.)", "Then they left."]),
        ("Really?! Yes... And so on.", ["Really?!", "Yes...", "And so on."]),
        ("We waited … and left.", ["We waited … and left."]),
        ("Velmora! is a musical. It ran.", ["Velmora! is a musical.", "It ran."]),
    ],
)
def test_sentences_with_marks(text, expected):
    assert sentences(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Oro met Sen. J. K. Maro and Dr. Velm Jr. of Oro Inc. Holdings on Jan. 5 at noon.",
        "The U.S. Senate and the U.N. Council agreed on No. 10 of 3.5 million, e.g. this one.",
        "Fees rose to $4.50 vs. Oro’s offer in St. Velm, Calif. (D-Velm).",
    ],
)
def test_abbreviations_do_not_end_a_sentence(text):
    assert sentences(text) == [text]


def test_abbreviations_end_one_before_a_plain_opening_word():
    text = "They met in the U.S. The rest left at 5 p.m. It was late. The answer was no. Oro left."
    assert sentences(text) == [
        "They met in the U.S.",
        "The rest left at 5 p.m.",
        "It was late.",
        "The answer was no.",
        "Oro left.",
    ]


def test_sentences_stay_in_their_paragraph():
    assert sentences("A headline\n\nOro said so\n“Yes.”") == ["A headline", "Oro said so", "“Yes.”"]


def test_marks_may_be_passed():
    text = '"Stop!" he said. He left.'
    assert tx.sentences(text, tx.find_marks(text)) == tx.sentences(text)


def test_shapes():
    words = ["oro", "Oro", "US", "McOro", "I", "a", "2024", "90s", ".", "!", ",", "“", "新", "É",
             "_", "٣", "\x00", "\ud800", "…"]  # fmt: skip
    text = " ".join(words)
    ends = np.cumsum([len(word) + 1 for word in words]) - 1
    spans = [(int(end) - len(word), int(end)) for word, end in zip(words, ends, strict=True)]
    expected = [0, 1, 2, 3, 4, 0, 5, 6, 7, 7, 8, 8, 9, 4, 8, 5, 8, 8, 7]
    assert tx.shapes(text, spans).tolist() == expected


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT)
def test_any_text_gives_ordered_spans(text):
    visible = {i for i, character in enumerate(text) if not character.isspace()}
    for spans in (tx.words(text), tx.paragraphs(text), tx.sentences(text)):
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(a[1] <= b[0] for a, b in pairwise(spans))
        assert visible <= {i for start, end in spans for i in range(start, end)}
        assert all(start in visible and end - 1 in visible for start, end in spans)
    shapes = tx.shapes(text, tx.words(text))
    assert shapes.dtype == np.int8
    assert all(0 <= shape < tx.N_SHAPES for shape in shapes)


@pytest.mark.parametrize(
    "text",
    ["a" * 5_000_000, "." * 1_000_000, "Mr. A " * 100_000, " " * 2_000_000 + ".",
     "שלום. " * 100_000, "\n" * 1_000_000 + "a", "😀" * 300_000, '"Why?" ' + "Ab " * 200_000,
     "\x00" * 300_000],
    ids=["letters", "stops", "titles", "space", "rtl", "lines", "emoji", "names", "nul"],
)  # fmt: skip
def test_time_stays_bounded(text):
    begun = time.process_time()
    words = tx.words(text)
    tx.shapes(text, words)
    tx.sentences(text)
    assert time.process_time() - begun < 15

from __future__ import annotations

from quotestance.stages.assembly import sentence_bounds
from quotestance.stages.passages import Places
from tests.tiny_model import tiny_encoder

ENCODER = tiny_encoder()


def places(text: str) -> Places:
    encoded = ENCODER.encode(text)
    return Places.of(encoded, text, sentence_bounds(encoded, text))


def test_places_of_words() -> None:
    found = places("Venn left. “It ‘will’ hold,” he said.\nIkede stayed.")
    #               0    1   2  3 4  5 6    7 8    9 10 11 12  13 14    15    16
    assert found.regions == ((3, 10),)
    assert found.region.tolist() == [-1] * 3 + [0] * 8 + [-1] * 6
    assert found.sentence[[0, 2, 3, 13, 14]].tolist() == [0, 0, 1, 1, 2]
    assert found.paragraph[[0, 13, 14]].tolist() == [1, 1, 2]
    assert found.quoted((4, 9)) and not found.quoted((9, 12)) and not found.quoted((0, 1))


def test_paragraphs_of_a_quote_that_runs_on_belong_together() -> None:
    found = places("“It will hold.\n“It held.\n“It holds.”\n“Other words.”")
    #               0 1  2    3   4 5 6  7   8 9 10   11 12 13 14   15  16 17
    assert found.running.tolist() == [0, 0, 0, 3]
    pieces = [(0, 4), (5, 8), (9, 13), (14, 18)]
    assert found.running_together([piece for piece in pieces if piece[1] < 18]) == [[0, 1, 2]]
    # A word or two of a paragraph is not the paragraph.
    assert found.running_together([(0, 4), (6, 6)]) == []


def test_each_piece_knows_the_quote_whose_paragraph_it_is() -> None:
    found = places("“It will hold.\n“It held.\n“It holds.”\n“Other words.”")
    assert found.runs([(0, 4), None, (9, 12), (6, 6), (14, 16)]) == [0, None, 0, None, 3]


def test_no_words() -> None:
    empty = places("")
    assert empty.regions == () and empty.running_together([]) == []

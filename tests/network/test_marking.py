from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from quotestance.network.marking import around, mark_text
from tests.tiny_model import ARTICLE, tiny_encoder

ENCODER = tiny_encoder()
ENCODED = ENCODER.encode(ARTICLE)
WORDS = len(ENCODED)
BOUNDS = np.array([[i, min(i + 12, WORDS)] for i in range(0, WORDS, 12)])
SPANS = st.tuples(st.integers(0, WORDS - 1), st.integers(0, 4)).map(
    lambda pair: (pair[0], min(pair[0] + pair[1], WORDS - 1))
)


def roles_of(word: int, roles: np.ndarray, low: int = 0) -> set[int]:
    first = ENCODED.first
    return set(roles[first[word] - first[low] : first[word + 1] - first[low]].tolist())


def test_roles_are_painted_on_every_piece_and_the_target_wins() -> None:
    marked = mark_text(ENCODED, 2, 20, target=[(5, 6)], holder=[(6, 8)], content=[(4, 10)], label=2)
    assert marked.label == 2
    assert len(marked.pieces) == len(marked.features) == len(marked.roles)
    found = [roles_of(word, marked.roles, 2) for word in range(3, 12)]
    assert found == [{0}, {3}, {1}, {1}, {2}, {2}, {3}, {3}, {0}]


def test_spans_outside_the_cut_are_left_out() -> None:
    marked = mark_text(ENCODED, 5, 9, target=[(0, 3)], holder=[(8, 30)])
    assert set(marked.roles.tolist()) == {0, 2}


def test_around_gives_the_whole_sentences() -> None:
    assert around(ENCODED, [(14, 15)], BOUNDS, 10_000) == (12, 24)
    assert around(ENCODED, [(14, 15), (30, 30)], BOUNDS, 10_000) == (12, 36)
    assert around(ENCODED, [(12, 23)], BOUNDS, 10_000) == (12, 24)
    assert around(ENCODED, [(14, 15)], np.zeros((0, 2), dtype=np.int64), 99) == (14, 16)


@given(st.lists(SPANS, min_size=1, max_size=4), st.integers(1, 80))
def test_around_keeps_the_first_span_and_the_limit(spans: list[tuple[int, int]], most: int) -> None:
    low, high = around(ENCODED, spans, BOUNDS, most)
    assert 0 <= low < high <= WORDS
    middle = (spans[0][0] + spans[0][1]) // 2
    assert low <= middle < high
    # A single word may be longer than the room; it is kept whole.
    longest = int(np.diff(ENCODED.first).max())
    if longest <= most // 2:
        assert ENCODED.first[high] - ENCODED.first[low] <= most

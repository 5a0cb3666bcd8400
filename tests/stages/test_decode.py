from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.network.labels import LAYERS, TAGS
from quotestance.stages.decode import Found, best_tags, spans_of

O, B, I, E, S = range(len(TAGS))  # noqa: E741


def scores_for(rows: list[list[int]], sure: float = 0.9) -> np.ndarray:
    """Log-probabilities in which each word of each layer is likely to have the given tag."""
    wanted = np.array(rows)
    rest = (1 - sure) / (len(TAGS) - 1)
    out = np.full((*wanted.shape, len(TAGS)), rest, dtype=np.float32)
    np.put_along_axis(out, wanted[..., None], sure, -1)
    return np.log(out)


def outside(words: int) -> np.ndarray:
    return np.full((words, len(LAYERS)), O)


def is_whole(row: list[int]) -> bool:
    """Whether a sequence of tags forms whole spans."""
    open_ = False
    for tag in row:
        if open_ != (tag in (I, E)):
            return False
        open_ = tag in (B, I)
    return not open_


def test_likely_tags_that_form_spans_are_kept() -> None:
    tags = outside(6)
    tags[:3, 0] = [B, I, E]
    tags[4, 1] = S
    tags[5, 5] = S
    assert best_tags(scores_for(tags.tolist())).tolist() == tags.tolist()


@pytest.mark.parametrize("seen", [[O, I, E, O], [B, I, I, O], [B, I, E, E], [O, B, O, O]])
def test_a_sequence_that_forms_no_spans_is_mended_at_one_place(seen: list[int]) -> None:
    tags = outside(4)
    tags[:, 0] = seen
    mended = best_tags(scores_for(tags.tolist()))[:, 0].tolist()
    assert is_whole(mended)
    assert sum(one != other for one, other in zip(seen, mended, strict=True)) == 1


def test_a_source_in_the_middle_splits_the_content() -> None:
    content = scores_for([[B, O], [I, O], [I, S], [I, O], [E, O]], 0.8)
    scores = np.full((5, len(LAYERS), len(TAGS)), np.log(0.01), dtype=np.float32)
    scores[..., O] = np.log(0.96)
    scores[:, :2] = content
    scores[2, 1] = np.log([0.001, 0.001, 0.001, 0.001, 0.996])
    scores[1, 0, E] = np.log(0.5)
    scores[3, 0, B] = np.log(0.5)
    tags = best_tags(scores)
    assert tags[:, 0].tolist() == [B, E, O, B, E]
    assert tags[:, 1].tolist() == [O, O, S, O, O]


def test_levels_are_decoded_apart_so_that_quotes_nest() -> None:
    tags = outside(4)
    tags[:, 0] = [B, I, I, E]
    tags[2:, 3] = [B, E]
    tags[1, 4] = S
    assert best_tags(scores_for(tags.tolist())).tolist() == tags.tolist()


def test_no_words() -> None:
    assert best_tags(np.zeros((0, 6, 5), dtype=np.float32)).shape == (0, 6)


@given(st.integers(1, 12), st.integers(0, 10_000))
def test_any_scores_decode_to_whole_spans_without_overlap(words: int, seed: int) -> None:
    raw = np.random.default_rng(seed).normal(size=(words, 6, 5)).astype(np.float32)
    tags = best_tags(raw)
    for layer in range(6):
        assert is_whole(tags[:, layer].tolist())
        assert [s.words for s in spans_of(tags[:, layer], raw[:, layer])] == sorted(
            s.words for s in spans_of(tags[:, layer], raw[:, layer])
        )
    for level in (tags[:, :3], tags[:, 3:]):
        assert ((level != O).sum(1) <= 1).all()


@given(st.integers(0, 10_000))
def test_the_best_of_all_sequences_is_found(seed: int) -> None:
    """Against every sequence of three words and one layer that can be written down."""
    raw = np.random.default_rng(seed).normal(size=(3, 6, 5)).astype(np.float32)
    raw[:, 1:, 1:] = -50.0
    raw[:, 1:, O] = 0.0
    best = max(
        (row for row in product(range(5), repeat=3) if is_whole(list(row))),
        key=lambda row: float(raw[np.arange(3), 0, list(row)].astype(np.float64).sum()),
    )
    assert best_tags(raw)[:, 0].tolist() == list(best)


def test_a_long_text_is_decoded_as_well_at_its_end_as_at_its_start() -> None:
    block = scores_for([[B, *[O] * 5], [E, *[O] * 5], [O] * 6, [O] * 6], 0.30001)
    tags = best_tags(np.tile(block, (1500, 1, 1)))
    assert (tags == np.tile(tags[:4], (1500, 1))).all()


def test_probability_of_a_span_is_the_geometric_mean_of_its_tags() -> None:
    log = np.log(np.full((3, 5), 0.1, dtype=np.float32))
    log[0, B], log[1, E] = np.log(0.4), np.log(0.9)
    (found,) = spans_of(np.array([B, E, O]), log)
    assert found.words == (0, 1)
    assert found.probability == pytest.approx(0.6, abs=1e-6)
    assert Found(2, 2, 0.5).words == (2, 2)


def test_no_span_goes_on_into_the_next_paragraph() -> None:
    tags = outside(6)
    tags[:, 0] = [B, I, I, I, I, E]
    scores = scores_for(tags.tolist())
    assert best_tags(scores)[:, 0].tolist() == [B, I, I, I, I, E]
    assert best_tags(scores, [0, 3])[:, 0].tolist() == [B, I, E, B, I, E]

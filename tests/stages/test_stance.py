from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.network.labels import ROLES
from quotestance.network.runtime import Links, Network
from quotestance.quotes import MODES, STANCES, TARGET_TYPES
from quotestance.stages.assembly import sentence_bounds
from quotestance.stages.decode import Found
from quotestance.stages.joining import Attribution
from quotestance.stages.stance import CONTEXT, StanceStage, best_target, mark_quote
from tests.tiny_model import ARTICLE, network, tiny_encoder, tiny_folder  # noqa: F401

ENCODER = tiny_encoder()
NOTHING = np.array([1.0], dtype=np.float32)


def pointing(start: list[float], end: list[float], low: int = 0) -> Links:
    rows = [np.array(row, dtype=np.float32) for row in (start, end)]
    return Links(low, NOTHING, NOTHING, *rows)


def test_best_target_is_the_likeliest_span() -> None:
    found = pointing([0.1, 0.7, 0.1, 0.0, 0.1], [0.1, 0.1, 0.6, 0.1, 0.1])
    assert best_target(found, 0, 4) == (1, 2)
    assert best_target(found, 2, 4) == (2, 2)


def test_an_end_before_its_start_is_no_target() -> None:
    assert best_target(pointing([0, 0, 0.9, 0.1], [0.9, 0, 0.05, 0.05]), 0, 3) == (2, 2)


def test_none_where_no_target_is_likelier_or_the_bias_says_so() -> None:
    assert best_target(pointing([0.2, 0.1, 0.7], [0.2, 0.1, 0.7]), 0, 2) is None
    likely = pointing([0.8, 0.1, 0.1], [0.8, 0.1, 0.1])
    assert best_target(likely, 0, 2) == (0, 0)
    assert best_target(likely, 0, 2, bias=9.0) is None


def test_offsets_count_from_the_first_word_of_the_links() -> None:
    found = pointing([0.1, 0.8, 0.1], [0.1, 0.8, 0.1], low=100)
    assert best_target(found, 90, 140) == (101, 101)
    assert best_target(found, 0, 50) is None
    assert best_target(found, 200, 300) is None


@given(st.integers(0, 1000), st.integers(1, 30))
def test_no_target_is_longer_than_twelve_words(seed: int, words: int) -> None:
    draw = np.random.default_rng(seed)
    start, end = draw.dirichlet(np.ones(words + 1), 2).tolist()
    target = best_target(pointing(start, end), 0, words)
    assert target is None or 0 <= target[0] <= target[1] < min(words, target[0] + 12)


def quote(content: tuple[int, int], source: tuple[int, int] | None = None) -> Attribution:
    words = len(ENCODER.encode(ARTICLE))
    flat = np.full(words + 1, 1 / (words + 1), dtype=np.float32)
    return Attribution([Found(*content, 0.9)], source, None, False, 0.9, Links(0, *[flat] * 4))


def test_the_sentences_of_a_quote_are_marked() -> None:
    encoded = ENCODER.encode(ARTICLE)
    bounds = sentence_bounds(encoded, ARTICLE)
    low, high = (int(value) for value in bounds[3])
    marked = mark_quote(encoded, quote((low + 2, low + 5), (low, low)), (low + 3, low + 3), bounds)
    assert len(marked.pieces) == encoded.first[high] - encoded.first[low]
    assert set(marked.roles.tolist()) == {ROLES.index(name) for name in ROLES}


def test_a_quote_of_any_length_is_read_in_bounded_room() -> None:
    text = ARTICLE.replace(".", ",") * 20
    encoded = ENCODER.encode(text)
    marked = mark_quote(encoded, quote((3, len(encoded) - 2)), None, sentence_bounds(encoded, text))
    assert len(marked.pieces) <= CONTEXT


def test_readings_hold_known_labels_and_probabilities(network: Network) -> None:  # noqa: F811
    read = network.read([network.encode(ARTICLE)])[0]
    bounds = sentence_bounds(read.encoded, ARTICLE)
    quotes = [quote((5, 9), (0, 1)), quote((20, 30))]
    for calibration in ({}, {"bias.no_target": 50.0}):
        for reading in StanceStage(network, calibration)(read, quotes, bounds):
            assert 0 <= reading.is_quote <= 1
            assert reading.mode in MODES
            assert reading.stance.label in STANCES
            assert reading.stance.probabilities is not None
            assert sum(reading.stance.probabilities.values()) == pytest.approx(1)
            if calibration:
                assert (reading.target, reading.target_type) == (None, None)
            else:
                assert reading.target_type in TARGET_TYPES
    assert StanceStage(network, {})(read, [], bounds) == []


@pytest.mark.parametrize("name, field, low, high", [
    ("bias.thought", "mode", "speech", "thought"),
])  # fmt: skip
def test_biases_shift_their_label(
    network: Network,  # noqa: F811
    name: str,
    field: str,
    low: str,
    high: str,
) -> None:
    read = network.read([network.encode(ARTICLE)])[0]
    bounds = sentence_bounds(read.encoded, ARTICLE)
    found = [
        getattr(StanceStage(network, {name: bias})(read, [quote((5, 9))], bounds)[0], field)
        for bias in (-30.0, 30.0)
    ]
    assert found == [low, high]


def test_a_higher_temperature_is_less_sure_of_the_same_label(network: Network) -> None:  # noqa: F811
    encoded = network.encode("The mayor praised the engineers.")
    cold, warm = (StanceStage(network, {"temperature.stance": value}) for value in (1.0, 4.0))
    marked = cold.given(encoded, (4, 4), (1, 1))
    (one,), (other,) = cold.classify([marked]), warm.classify([marked])
    assert one.label == other.label
    assert one.confidence is not None and other.confidence is not None
    assert one.confidence > other.confidence > 1 / 3

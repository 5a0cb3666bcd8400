from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.network.runtime import Network
from quotestance.training.calibration import (
    GRID,
    QuoteDev,
    fit_quote_confidence,
    fit_sigmoid,
    fit_temperature,
    objective,
    search,
    with_calibration,
)
from tests.tiny_model import tiny_network
from tests.training.examples import articles


def draws(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Logits with labels drawn from them."""
    draw = np.random.default_rng(seed)
    logits = draw.normal(size=(n, 3)) * 2
    weights = np.exp(logits)
    weights /= weights.sum(1, keepdims=True)
    return logits, np.array([draw.choice(3, p=row) for row in weights])


def test_the_temperature_of_logits_that_are_too_sure_is_found() -> None:
    logits, gold = draws(4000)
    assert fit_temperature(logits, gold) == pytest.approx(1.0, rel=0.1)
    assert fit_temperature(logits * 2.5, gold) == pytest.approx(2.5, rel=0.1)
    assert fit_temperature(logits * 0.5, gold) == pytest.approx(0.5, rel=0.1)


def test_temperatures_stay_in_bounds() -> None:
    logits, gold = draws(200)
    assert fit_temperature(logits * 100, gold) == pytest.approx(5.0)
    assert fit_temperature(logits * 0.001, gold) == pytest.approx(0.3)
    assert fit_temperature(np.zeros((0, 3)), np.zeros(0, dtype=np.int64)) == 1.0


def test_the_sigmoid_of_scores_that_are_too_sure_is_found() -> None:
    draw = np.random.default_rng(1)
    log_odds = draw.normal(size=6000)
    right = draw.random(6000) < 1 / (1 + np.exp(-(0.5 * log_odds - 0.4)))
    slope, offset = fit_sigmoid(1 / (1 + np.exp(-log_odds)), right)
    assert slope == pytest.approx(0.5, abs=0.1)
    assert offset == pytest.approx(-0.4, abs=0.1)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=30))
def test_any_scores_give_a_finite_sigmoid(rows: list[tuple[float, bool]]) -> None:
    scores = np.array([score for score, _ in rows], dtype=float)
    right = np.array([label for _, label in rows], dtype=bool)
    assert np.isfinite(fit_sigmoid(scores, right)).all()


@pytest.fixture(scope="module")
def network() -> Network:
    return tiny_network(window=48, context=12)


def test_search_never_falls_below_where_it_starts(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    import quotestance.training.calibration as calibration

    small = {"bias.cue": (-1.0, 0.0, 1.0), "threshold.quote": (0.0, 0.1)}
    assert set(small) <= set(GRID)
    monkeypatch.setattr(calibration, "GRID", small)
    dev = QuoteDev.of(network, articles())
    lines: list[str] = []
    found = search(dev, {}, lines.append)
    start = float(lines[0].removeprefix("start "))
    assert objective(dev.docs, dev.predict_spans(found)) >= start - 0.005


def test_confidence_is_fitted_on_quotes_found(network: Network) -> None:
    dev = QuoteDev.of(network, articles())
    found = fit_quote_confidence(dev, {"bias.cue": 0.25})
    assert set(found) == {"bias.cue", "quote.slope", "quote.offset"}
    assert np.isfinite(list(found.values())).all()
    with_calibration(network, {**found, "x": 0.123456})
    assert network.config.calibration["x"] == 0.1235
    network.config.calibration = {}


def test_spans_alone_are_those_of_the_whole_prediction(network: Network) -> None:
    dev = QuoteDev.of(network, articles())
    for one, other in zip(dev.predict({}), dev.predict_spans({}), strict=True):
        assert [q.content for q in one] == [q.content for q in other]
        assert [q.source for q in one] == [q.source for q in other]

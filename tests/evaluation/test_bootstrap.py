"""Intervals over articles and the paired test."""

from __future__ import annotations

import math

import numpy as np
import pytest

from quotestance.evaluation.bootstrap import (
    Figure,
    Measure,
    Table,
    compare,
    f_measures,
    ratio,
    score,
)

MEASURES = [Measure("share", ratio("right", "all"), "all")]


def table(rights: list[int], size: int = 10) -> Table:
    out = Table()
    for i, right in enumerate(rights):
        out.add(f"fiction-{i}", {"right": right, "all": size})
    return out


def test_the_interval_is_that_of_resampled_articles():
    rights = [9, 3, 7, 5, 10, 2, 8, 6, 4, 7] * 4
    found = score(table(rights), MEASURES, 4000)["share"]
    assert found.value == pytest.approx(10 * np.mean(rights))
    assert found.n == 400
    # The mean of 40 articles: 1.96 standard errors on each side, near enough.
    half = 1.96 * 10 * np.std(rights) / math.sqrt(len(rights))
    assert found.low == pytest.approx(found.value - half, abs=1.0)
    assert found.high == pytest.approx(found.value + half, abs=1.0)


def test_the_seed_is_fixed_and_no_resamples_leave_no_interval():
    first, second = (score(table([1, 5, 9]), MEASURES)["share"] for _ in range(2))
    assert first == second
    assert math.isnan(score(table([1, 5, 9]), MEASURES, 0)["share"].low)


def test_one_article_has_an_interval_of_no_width():
    found = score(table([4]), MEASURES)["share"]
    assert (found.low, found.value, found.high) == (40, 40, 40)


def test_nothing_measured_is_nan_and_null_in_json():
    found = score(Table(), MEASURES)["share"]
    assert math.isnan(found.value)
    assert found.to_dict() == {"value": None, "low": None, "high": None, "n": 0}
    assert math.isnan(Figure.from_dict(found.to_dict()).value)


def test_f_measures_are_0_where_one_side_is_empty_and_nan_where_both_are():
    measures = f_measures("x", "right", "predicted", "gold")
    one = Table()
    one.add("fiction", {"predicted": 3})
    assert [figure.value for figure in score(one, measures, 0).values()] == [0, 0, 0]
    both = Table()
    both.add("fiction", {})
    assert all(math.isnan(figure.value) for figure in score(both, measures, 0).values())
    some = Table()
    some.add("fiction", {"right": 2, "predicted": 4, "gold": 8})
    values = {name: figure.value for name, figure in score(some, measures, 0).items()}
    assert values == pytest.approx({"x_precision": 50, "x_recall": 25, "x_f1": 100 / 3})


def test_the_paired_test_sees_a_small_steady_difference_that_the_intervals_do_not():
    rng = np.random.default_rng(3)
    rights = rng.integers(20, 80, 60).tolist()
    first = score(table(rights, 100), MEASURES)
    second = score(table([right + 2 for right in rights], 100), MEASURES)
    assert first["share"].high > second["share"].low
    found = compare(first, second)["share"]
    assert found.second - found.first == pytest.approx(2)
    assert found.low == pytest.approx(2)
    assert found.p < 0.01


def test_equal_systems_differ_by_nothing():
    one = score(table([1, 5, 9]), MEASURES)
    found = compare(one, one)["share"]
    assert (found.low, found.high, found.p) == (0, 0, 1)


def test_other_articles_cannot_be_paired():
    with pytest.raises(ValueError, match="same articles"):
        compare(score(table([1]), MEASURES), score(table([1, 2]), MEASURES))

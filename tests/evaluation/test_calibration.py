"""Expected calibration error and risk against coverage, by hand."""

from __future__ import annotations

import pytest

from quotestance.evaluation.bootstrap import Table, score
from quotestance.evaluation.calibration import (
    BINS,
    Decisions,
    calibration_error,
    risk_coverage,
    thin,
)


def decisions(*pairs: tuple[float, bool]) -> Decisions:
    out = Decisions()
    for confidence, right in pairs:
        out.add(confidence, right)
    return out


def error(found: Decisions) -> float:
    table = Table()
    table.add("fiction", found.counts("x"))
    return score(table, [calibration_error("ece", "x")], 0)["ece"].value


def test_expected_calibration_error_by_hand():
    # Two bins: .9 and .9 with one right (gap .4 of 2), .1 wrong (gap .1 of 1): (2*.4 + .1) / 3.
    assert error(decisions((0.9, True), (0.9, False), (0.1, False))) == pytest.approx(30)
    assert error(decisions((1.0, True), (0.0, False))) == 0
    assert error(decisions((1.0, False))) == 100


def test_gaps_of_one_bin_cancel_and_those_of_two_do_not():
    width = 1 / BINS
    assert error(decisions((0.5, True), (0.5, False))) == pytest.approx(0)
    low, high = 0.5 * width, 1.5 * width
    found = error(decisions((low, True), (high, False)))
    assert found == pytest.approx(100 * ((1 - low) + high) / 2)


def test_decisions_without_a_confidence_are_left_out():
    found = Decisions()
    found.add(None, True)
    assert found.right == []


def test_risk_against_coverage_by_hand():
    found = risk_coverage(decisions((0.9, True), (0.5, False), (0.7, True), (0.5, True)))
    assert found == [
        {"coverage": 25.0, "risk": 0.0, "threshold": 0.9},
        {"coverage": 50.0, "risk": 0.0, "threshold": 0.7},
        {"coverage": 100.0, "risk": 25.0, "threshold": 0.5},
    ]
    assert risk_coverage(Decisions()) == []


def test_a_long_curve_keeps_its_ends():
    curve = risk_coverage(decisions(*((i / 100, True) for i in range(100))))
    kept = thin(curve, 10)
    assert len(kept) == 10
    assert kept[-1]["coverage"] == 100
    assert kept[0] == {key: round(value, 4) for key, value in curve[0].items()}

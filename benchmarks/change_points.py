"""How often does the change-point test cry wolf, and how often does it see a real turn?

Simulates the articles of one pair (dates, quotes an article, a tone of each article's own, a
classifier that errs as measured or as assumed in trend_coverage.py), with and without a turn.

    python benchmarks/change_points.py --output benchmarks/results/change_points.json
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
from trend_coverage import SCENARIOS, assumed, period

from quotestance.track import confusion
from quotestance.track.changes import Series, turn
from quotestance.track.confusion import Confusion
from quotestance.track.estimate import Estimator

SIZES = (12, 30, 100, 300)
# Shares of supportive, neutral and critical after the turn; before it they are "even".
TURNS = {0.25: (0.25, 0.30, 0.45), 0.5: (0.17, 0.23, 0.60), 0.75: (0.09, 0.16, 0.75)}
LEVEL = 0.05


def series(
    size: int,
    before: tuple[float, ...],
    after: tuple[float, ...],
    truth: Confusion,
    rng: np.random.Generator,
) -> Series:
    """Articles on random days, some on the same day, with a turn in the middle."""
    half = size // 2
    parts = [period(half, before, truth, rng), period(size - half, after, truth, rng)]
    weights = Estimator(truth, draws=1).score_weights()
    days = np.sort(rng.integers(0, 2 * size, size=size))
    return Series(
        days,
        np.concatenate([part.counts for part in parts]),
        np.concatenate([part.judged for part in parts]) @ weights,
    )


def rate(
    trials: int,
    size: int,
    shares: tuple[tuple[float, ...], tuple[float, ...]],
    truth: Confusion,
    rng: np.random.Generator,
) -> float:
    """Share of the trials in which the test finds a turn at the nominal 5 %."""
    hits = 0
    for _ in range(trials):
        found = turn(series(size, *shares, truth, rng), rng, permutations=999)
        hits += found is not None and found[1] <= LEVEL
    return round(hits / trials, 4)


def main() -> None:
    """Run the simulation and write its figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--series", type=int, default=2000, help="even series in all")
    parser.add_argument("--turns", type=int, default=200, help="series of each size and turn")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    started = time.monotonic()
    truth = confusion.shipped()
    source = "quotestance/data/stance_confusion.json" if truth else "assumed in trend_coverage.py"
    truth = truth or assumed(np.random.default_rng(1))
    rng = np.random.default_rng(options.seed)
    each = options.series // (len(SIZES) * len(SCENARIOS))
    alarms = [
        {"articles": size, "scenario": name, "series": each,
         "false_alarms": rate(each, size, (shares, shares), truth, rng)}
        for size in SIZES for name, shares in SCENARIOS.items()
    ]  # fmt: skip
    power = [
        {"articles": size, "turn_in_score": gap, "series": options.turns,
         "found": rate(options.turns, size, (SCENARIOS["even"], after), truth, rng)}
        for size in SIZES for gap, after in TURNS.items()
    ]  # fmt: skip
    result = {
        "question": "share of series in which a turn is found at p <= 0.05",
        "command": f"python benchmarks/change_points.py --series {options.series} "
        f"--turns {options.turns} --seed {options.seed}",
        "classifier": source,
        "even_series": each * len(alarms),
        "false_alarms": round(float(np.mean([row["false_alarms"] for row in alarms])), 4),
        "seconds": round(time.monotonic() - started, 1),
        "by_size": alarms,
        "power": power,
    }
    text = json.dumps(result, indent=1)
    print(text)
    if options.output:
        options.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Does the 95 % interval of a trend hold the truth 95 times in 100?

Simulates periods of news: articles with a tone of their own, quotes within them, and a
classifier that errs as measured (quotestance/data/stance_confusion.json) or, where nothing has
been measured yet, at the assumed rates below. In each trial the matrix itself is estimated from
a sample of the labelled articles, as it is in use.

    python benchmarks/trend_coverage.py --output benchmarks/results/trend_coverage.json
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np

from quotestance.track import confusion, estimate
from quotestance.track.confusion import Confusion
from quotestance.track.estimate import Clusters, Estimator

ARTICLES = (5, 6, 8, 10, 30, 100)
# Shares of supportive, neutral and critical quotes.
SCENARIOS = {
    "even": (0.34, 0.33, 0.33),
    "mostly neutral": (0.15, 0.70, 0.15),
    "critical": (0.08, 0.42, 0.50),
    "nearly all neutral": (0.03, 0.92, 0.05),
}
# How alike the quotes of one article are: concentration of the article's own shares.
CONCENTRATION = 2.0
QUOTES_AN_ARTICLE = 3.0
ASSUMED = np.array([[0.56, 0.33, 0.11], [0.13, 0.72, 0.15], [0.08, 0.31, 0.61]])


def assumed(rng: np.random.Generator, articles: int = 250) -> Confusion:
    """A classifier of about 60 macro-F1 on 1,000 labelled quotes, invented for this check."""
    labels = rng.choice(3, size=4 * articles, p=[0.25, 0.45, 0.30])
    rows = np.array([rng.dirichlet(2.5 * ASSUMED[label]) for label in labels])
    return Confusion((None, None), "assumed", labels, np.arange(len(labels)) // 4, rows)


def resampled(truth: Confusion, rng: np.random.Generator) -> Confusion:
    """The labelled sample as another draw of its articles would have given it."""
    names = np.unique(truth.articles)
    while True:
        chosen = [np.flatnonzero(truth.articles == a) for a in rng.choice(names, size=len(names))]
        index = np.concatenate(chosen)
        numbers = np.repeat(np.arange(len(chosen)), [len(c) for c in chosen])
        if len(np.unique(truth.labels[index])) == 3:
            return Confusion(truth.model, truth.measured_on, truth.labels[index], numbers,
                             truth.probabilities[index])  # fmt: skip


def period(
    size: int, shares: tuple[float, ...], truth: Confusion, rng: np.random.Generator
) -> Clusters:
    """A period of ``size`` articles as the ledger would see it."""
    pools = [np.flatnonzero(truth.labels == k) for k in range(3)]
    counts = 1 + rng.poisson(QUOTES_AN_ARTICLE - 1, size=size)
    own = rng.dirichlet(CONCENTRATION * np.array(shares), size=size)
    labels = rng.multinomial(counts, own)
    sums = np.zeros((size, 3))
    for label, pool in enumerate(pools):
        of = np.repeat(np.arange(size), labels[:, label])
        np.add.at(sums, of, truth.probabilities[rng.choice(pool, size=len(of))])
    return Clusters(counts.astype(float), sums, np.zeros((size, 3)))


def run(truth: Confusion, options: argparse.Namespace) -> list[dict[str, object]]:
    """Coverage and mean width of the interval of the score, one entry a scenario and size."""
    rng = np.random.default_rng(options.seed)
    trials, draws = options.trials, options.draws
    out: list[dict[str, object]] = []
    for name in options.scenarios:
        shares = SCENARIOS[name]
        target = shares[0] - shares[2]
        for size in options.articles:
            hits, widths, naive = 0, [], 0
            for _ in range(trials):
                sample = resampled(truth, rng)
                clusters = period(size, shares, truth, rng)
                estimator = Estimator(sample, draws=draws, seed=int(rng.integers(2**31)))
                value = estimator.values(clusters)[0]
                errors, freedom = estimator.errors(clusters)
                reach = estimate.t_quantile(freedom)[0] * errors[0]
                hits += abs(value - target) <= reach
                widths.append(2 * reach)
                plain = Estimator(None, draws=draws, seed=int(rng.integers(2**31)))
                taken = Clusters(clusters.counts, np.zeros_like(clusters.judged), clusters.judged)
                errors, freedom = plain.errors(taken)
                reach = estimate.t_quantile(freedom)[0] * errors[0]
                naive += abs(plain.values(taken)[0] - target) <= reach
            out.append(
                {
                    "scenario": name,
                    "articles": size,
                    "coverage": round(float(hits / trials), 4),
                    "mean_width": round(float(np.mean(widths)), 3),
                    "coverage_without_propagation": round(float(naive / trials), 4),
                }
            )
            print(out[-1], flush=True)
    return out


def main() -> None:
    """Run the simulation and write its figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--articles", type=int, nargs="+", default=list(ARTICLES))
    parser.add_argument("--scenarios", nargs="+", default=list(SCENARIOS), choices=SCENARIOS)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    started = time.monotonic()
    truth = confusion.shipped()
    source = "quotestance/data/stance_confusion.json" if truth else "assumed in the script"
    truth = truth or assumed(np.random.default_rng(1))
    rows = run(truth, options)
    result = {
        "question": "share of trials whose 95 % interval holds the true mean score",
        "command": " ".join(["python benchmarks/trend_coverage.py", *sys.argv[1:]]),
        "trials": options.trials,
        "draws": options.draws,
        "seed": options.seed,
        "classifier": {"source": source, "model": list(truth.model),
                       "matrix": np.round(truth.matrix(), 3).tolist(),
                       "labelled_quotes": len(truth.labels)},
        "quotes_an_article": QUOTES_AN_ARTICLE,
        "min_articles_for_an_interval": estimate.MIN_ARTICLES,
        "seconds": round(time.monotonic() - started, 1),
        "rows": rows,
    }  # fmt: skip
    if options.output:
        options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

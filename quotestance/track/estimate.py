"""Mean stance of a set of quotes, with an interval that knows how they hang together.

Quotes of one article are no independent draws, so whole articles are resampled (cluster
bootstrap). The classifier errs, so the mean of its class probabilities is turned into shares of
the true labels by the inverse of the confusion measured on labelled quotes (probabilistic
adjusted count), and what is not known about that matrix widens the interval.

Source: A. C. Cameron, J. B. Gelbach, D. L. Miller, "Bootstrap-based improvements for inference
with clustered errors" (2008); A. Bella et al., "Quantification via probability estimators" (2010).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from quotestance.track.confusion import Confusion, Floats

DRAWS = 1000
MOST_BLOCKS = 300
LEVEL = 0.95
# Below so many articles the interval covers the truth less than it says, or says nothing; the
# figures are in benchmarks/results/trend_coverage.json.
MIN_ARTICLES = 8
# Supportive minus critical, then the shares of the three labels.
MEASURES = np.array([[1.0, 0.0, -1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
# The inverse of a matrix of a larger condition number blows up noise beyond use.
MAX_CONDITION = 25.0


@dataclass(frozen=True, eq=False)
class Clusters:
    """Sums over the quotes of each article.

    Args:
        counts: Quotes of each article; shape (articles,).
        judged: Sums of the probabilities of quotes whose classifier's errors are known;
            shape (articles, 3).
        given: Sums of the labels or probabilities taken as they are; shape (articles, 3).
    """

    counts: Floats
    judged: Floats
    given: Floats

    def __len__(self) -> int:
        return len(self.counts)

    def blocks(self) -> Clusters:
        """The same in at most ``MOST_BLOCKS`` clusters, articles put together where there are more.

        Sums of independent articles are independent too, so their spread tells the same, and a
        million articles are resampled as fast as a few hundred.
        """
        if len(self) <= MOST_BLOCKS:
            return self
        starts = np.arange(0, len(self), -(-len(self) // MOST_BLOCKS))
        return Clusters(
            *(np.add.reduceat(part, starts) for part in (self.counts, self.judged, self.given))
        )


@dataclass(frozen=True, eq=False)
class Estimate:
    """Score and shares of a set of quotes.

    Args:
        values: Score, then shares of supportive, neutral and critical; shape (4,).
        errors: Their standard errors; shape (4,); NaN where they are not known.
        low: Lower ends of the 95 % intervals; shape (4,); NaN where none is drawn.
        high: Upper ends.
        articles: Articles behind them.
        quotes: Quotes behind them.
    """

    values: Floats
    errors: Floats
    low: Floats
    high: Floats
    articles: int
    quotes: int


class Estimator:
    """Estimates with one confusion matrix, drawn once, so that all periods share its errors.

    Args:
        confusion: How the classifier errs; None to take its probabilities as they are.
        draws: Bootstrap draws.
        seed: Of the random draws; the same seed gives the same intervals.
    """

    def __init__(self, confusion: Confusion | None, draws: int = DRAWS, seed: int = 0) -> None:
        self.seed = seed
        self.draws = draws
        identity: Floats = np.eye(3)
        self.propagates = confusion is not None and is_usable(confusion)
        if confusion is None or not self.propagates:
            self._undo: Floats = identity
            self._undo_draws: Floats = np.broadcast_to(identity, (draws, 3, 3))
            return
        self._undo = np.asarray(np.linalg.inv(confusion.matrix()), dtype=np.float64)
        drawn = confusion.draws(draws, np.random.default_rng(seed))
        self._undo_draws = np.asarray(np.linalg.inv(drawn), dtype=np.float64)

    def __call__(self, clusters: Clusters) -> Estimate:
        """Score and shares of the quotes, with intervals where there are enough articles."""
        articles, quotes = len(clusters), int(clusters.counts.sum())
        none = np.full(len(MEASURES), np.nan)
        values = self.values(clusters) if articles else none
        if articles < MIN_ARTICLES:
            return Estimate(_bounded(values), none, none, none, articles, quotes)
        errors, freedom = self.errors(clusters)
        reach = t_quantile(freedom) * errors
        low, high = _bounded(values - reach), _bounded(values + reach)
        return Estimate(_bounded(values), errors, low, high, articles, quotes)

    def values(self, clusters: Clusters) -> Floats:
        """Score and shares without bounds; shape (4,)."""
        shares = clusters.judged.sum(axis=0) @ self._undo + clusters.given.sum(axis=0)
        return np.asarray(MEASURES @ (shares / clusters.counts.sum()))

    def score_weights(self) -> Floats:
        """What each class probability of a judged quote adds to the score; shape (3,)."""
        return np.asarray(self._undo @ MEASURES[0])

    def errors(self, clusters: Clusters) -> tuple[Floats, Floats]:
        """Standard errors and degrees of freedom of score and shares; shapes (4,), (4,).

        The variance is that of the articles, as resampled, plus that of the matrix, as drawn
        again; the degrees of freedom are Welch's, the matrix counting as known without end.
        """
        blocks = clusters.blocks()
        weights = self._weights(len(blocks))
        alone, drawn = self._replicates(blocks, weights)
        return _errors(alone, drawn, len(clusters), _share_given(clusters))

    def difference(self, inside: Clusters, outside: Clusters) -> tuple[float, float, float]:
        """Difference of the scores of two sets of quotes of the same articles.

        Args:
            inside: The quotes of one set, by article; zeros where an article has none.
            outside: Those of the other set, in the same order of articles.

        Returns:
            The difference, half the width of its 95 % interval, and p (two-sided); NaN for the
            last two where either set has too few articles.
        """
        gap = float(self.values(inside)[0] - self.values(outside)[0])
        size = int(min((inside.counts > 0).sum(), (outside.counts > 0).sum()))
        if size < MIN_ARTICLES:
            return gap, np.nan, np.nan
        inside, outside = inside.blocks(), outside.blocks()
        weights = self._weights(len(inside))
        pairs = zip(
            self._replicates(inside, weights), self._replicates(outside, weights), strict=True
        )
        alone, drawn = (one - other for one, other in pairs)
        given = max(_share_given(inside), _share_given(outside))
        errors, freedom = _errors(alone[:, :1], drawn[:, :1], size, given)
        reach = float(t_quantile(freedom)[0] * errors[0])
        return gap, reach, t_p_value(abs(gap) / max(float(errors[0]), 1e-12), float(freedom[0]))

    def _weights(self, size: int) -> Floats:
        return _weights(size, self.draws, self.seed)

    def _replicates(self, clusters: Clusters, weights: Floats) -> tuple[Floats, Floats]:
        """Score and shares of each resample, with the matrix as measured and as drawn again."""
        judged, given = weights @ clusters.judged, weights @ clusters.given
        counts = (weights @ clusters.counts)[:, None]
        counts[counts == 0] = np.nan
        alone = ((judged @ self._undo + given) / counts) @ MEASURES.T
        drawn = np.einsum("bi,bij->bj", judged, self._undo_draws)
        return alone, ((drawn + given) / counts) @ MEASURES.T


@lru_cache(maxsize=16)  # at most 2.4 MB each
def _weights(size: int, draws: int, seed: int) -> Floats:
    # Begun anew for each size, so that the same quotes have the same interval wherever they stand.
    weights = resample(size, draws, np.random.default_rng([seed, size]))
    weights.flags.writeable = False
    return weights


def _share_given(clusters: Clusters) -> float:
    return float(clusters.given.sum() / clusters.counts.sum())


def _errors(alone: Floats, drawn: Floats, size: int, given: float) -> tuple[Floats, Floats]:
    # Eight articles of one voice do not prove that a ninth would agree: where labels are taken
    # as given, never below the error that one article of another label would have made. A
    # classifier's probabilities always vary, and undoing its errors widens that further.
    sampling = np.maximum(np.nanvar(alone, axis=0) * size / (size - 1), (given / size) ** 2)
    total = np.maximum(np.nanvar(drawn, axis=0) + sampling / size, sampling)
    freedom = (size - 1) * (total / np.maximum(sampling, 1e-12)) ** 2
    return np.sqrt(total), np.maximum(freedom, size - 1)


def resample(size: int, draws: int, rng: np.random.Generator) -> Floats:
    """How often each of ``size`` articles is drawn in each sample; shape (draws, size)."""
    return rng.multinomial(size, np.full(size, 1 / size), size=draws).astype(np.float64)


def t_quantile(freedom: Floats, level: float = LEVEL) -> Floats:
    """Two-sided quantile of Student's t.

    Source: Abramowitz and Stegun, "Handbook of Mathematical Functions", 26.7.5; from five
    degrees of freedom on it is right to three digits.
    """
    z = NormalDist().inv_cdf((1 + level) / 2)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return np.asarray(z + sum(term / freedom ** (i + 1) for i, term in enumerate(terms)))


def t_p_value(t: float, freedom: float) -> float:
    """Two-sided p-value of Student's t.

    Source: D. L. Wallace, "Bounds on normal approximations to Student's and the chi-square
    distributions" (1959).
    """
    z = (8 * freedom + 1) / (8 * freedom + 3) * math.sqrt(freedom * math.log1p(t * t / freedom))
    return math.erfc(z / math.sqrt(2))


def is_usable(confusion: Confusion) -> bool:
    """Whether the matrix tells the labels apart well enough to be undone."""
    return bool(np.linalg.cond(confusion.matrix()) <= MAX_CONDITION)


def _bounded(values: Floats) -> Floats:
    """The score within -1 and 1, the shares within 0 and 1."""
    return np.clip(values, [-1.0, 0.0, 0.0, 0.0], 1.0)

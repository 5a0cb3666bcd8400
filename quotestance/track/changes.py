"""When did it turn: a permutation test for one change in the mean stance of a pair.

The statistic is the largest excess of the running sum (CUSUM) over what an even course would
give; whole articles are permuted, so that neither the quotes of one article nor an unknown
variance can fake a turn, and articles of one day are never told apart.

Source: E. S. Page, "Continuous inspection schemes" (1954), for the CUSUM; J. Besag and
P. Clifford, "Sequential Monte Carlo p-values" (1991); S. Holm, "A simple sequentially
rejective multiple test procedure" (1979).
"""

from __future__ import annotations

import dataclasses
import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from quotestance.track import queries
from quotestance.track.confusion import Confusion, Floats
from quotestance.track.estimate import Estimator
from quotestance.track.queries import Filter

if TYPE_CHECKING:
    import pandas as pd

MIN_ARTICLES = 10
MIN_SIDE = 4
# Besag and Clifford: stop where so many permutations were as extreme as the series itself.
ENOUGH = 20
PERMUTATIONS = 9_999
MOST_PERMUTATIONS = 200_000
SHOWN = 5
_CELLS = 2_000_000


@dataclass(frozen=True, eq=False)
class Change:
    """The most likely turn in what one speaker says of one target.

    Args:
        speaker: Name of the speaker.
        target: Name of the target.
        date: First day after the turn.
        before: Mean score before, -1 to 1.
        after: Mean score from that day on.
        articles_before: Articles before.
        articles_after: Articles from that day on.
        p: Chance of so large a turn in an even course.
        p_corrected: The same, corrected for all the pairs scanned (Holm).
        pairs: How many pairs were scanned.
        quotes_before: The last quotes before, newest last; at most five.
        quotes_after: The first quotes after, oldest first; at most five.
    """

    speaker: str
    target: str
    date: datetime.date
    before: float
    after: float
    articles_before: int
    articles_after: int
    p: float
    p_corrected: float
    pairs: int
    quotes_before: pd.DataFrame
    quotes_after: pd.DataFrame

    def __str__(self) -> str:
        return (
            f"{self.speaker} on {self.target}: {self.before:+.2f} to {self.after:+.2f} on "
            f"{self.date} ({self.articles_before} and {self.articles_after} articles, "
            f"p = {self.p_corrected:.2g} over {self.pairs} pairs)"
        )


@dataclass(frozen=True, eq=False)
class Series:
    """The articles of one pair in order of date.

    Args:
        days: Day number of each article, rising; shape (articles,).
        counts: Quotes of each article.
        scores: Sum of the scores of its quotes.
    """

    days: NDArray[np.int64]
    counts: Floats
    scores: Floats

    def borders(self) -> NDArray[np.int64]:
        """How many articles stand before each place where a turn can be."""
        places = np.flatnonzero(np.diff(self.days)) + 1
        return places[(places >= MIN_SIDE) & (places <= len(self.days) - MIN_SIDE)]


def turn(
    series: Series, rng: np.random.Generator, permutations: int = PERMUTATIONS
) -> tuple[int, float] | None:
    """The place of the likeliest turn, and its p-value.

    Args:
        series: Articles of one pair.
        rng: Source of the permutations.
        permutations: The most to draw; fewer where the series is plainly even.

    Returns:
        How many articles stand before the turn, and p; None where the series is too short.
    """
    borders = series.borders()
    if len(series.days) < MIN_ARTICLES or not len(borders):
        return None
    mean = series.scores.sum() / series.counts.sum()
    excess = series.scores - mean * series.counts
    course = np.abs(np.cumsum(excess)[borders - 1])
    place = int(borders[course.argmax()])
    # A hair below the maximum, so that an equal permutation counts as equal despite rounding.
    return place, _p_value(excess, borders, course.max() - 1e-9, rng, permutations)


def _p_value(
    excess: Floats,
    borders: NDArray[np.int64],
    largest: float,
    rng: np.random.Generator,
    permutations: int,
) -> float:
    done = extreme = 0
    size = 100
    while done < permutations:
        size = min(size, permutations - done, max(1, _CELLS // len(excess)))
        drawn = rng.permuted(np.broadcast_to(excess, (size, len(excess))), axis=1)
        hits = np.abs(np.cumsum(drawn, axis=1)[:, borders - 1]).max(axis=1) >= largest
        needed = ENOUGH - extreme
        if hits.sum() >= needed:
            return ENOUGH / (done + int(np.flatnonzero(hits)[needed - 1]) + 1)
        extreme += int(hits.sum())
        done += size
        size *= 4
    return (extreme + 1) / (permutations + 1)


def holm(p: Floats) -> Floats:
    """P-values corrected for their number, in the given order."""
    order = np.argsort(p)
    stepped = np.maximum.accumulate(p[order] * (len(p) - np.arange(len(p))))
    out = np.empty_like(p)
    out[order] = np.minimum(1.0, stepped)
    return out


def scan(
    con: Any,
    chosen: Filter,
    count: str = "groups",
    errors: Confusion | None = None,
    limit: int = 20,
    seed: int = 0,
) -> list[Change]:
    """The strongest turns among all pairs of speaker and target.

    Args:
        con: Connection to a ledger.
        chosen: Which quotes; a speaker and a target leave a single pair.
        count: ``groups`` or ``appearances``.
        errors: How the classifier errs; its probabilities are taken as they are for None.
        limit: How many to return.
        seed: Of the permutations.

    Returns:
        Changes, most significant first; pairs of fewer than ten articles are not scanned.
    """
    queries.check_names(con, chosen)
    pairs = _pairs(con, chosen, count, errors)
    most = min(MOST_PERMUTATIONS, max(PERMUTATIONS, 100 * len(pairs)))
    rng = np.random.default_rng(seed)
    found = [(*pair, *at) for pair in pairs if (at := turn(pair[2], rng, most))]
    if not found:
        return []
    corrected = holm(np.array([p for *_, p in found]))
    gaps = np.array([_gap(series, place) for _, _, series, place, _ in found])
    order = np.lexsort((-gaps, corrected))
    return [_change(con, chosen, found[i], float(corrected[i]), len(found)) for i in order[:limit]]


def _pairs(
    con: Any, chosen: Filter, count: str, errors: Confusion | None
) -> list[tuple[str, str, Series]]:
    units, parameters = queries.units(chosen, count, ("speaker", "target"))
    name, version = errors.model if errors else (None, None)
    judged = "coalesce(NOT by_hand AND model_name = ? AND model_version IS NOT DISTINCT FROM ?, "
    weights = Estimator(errors, draws=1).score_weights()
    score = "+".join(f"{w!r} * {p}" for w, p in zip(weights.tolist(), "snc", strict=True))
    rows = con.execute(
        f"""
        WITH units AS ({units}),
        articles AS (
            SELECT speaker, target, article, min(date) AS date, count(*) AS quotes,
                   sum(CASE WHEN {judged} false) THEN {score} ELSE s - c END) AS score
            FROM units WHERE speaker IS NOT NULL AND target IS NOT NULL
            GROUP BY speaker, target, article
        )
        SELECT speaker, target, list(date - DATE '1970-01-01' ORDER BY date, article),
               list(quotes ORDER BY date, article), list(score ORDER BY date, article)
        FROM articles GROUP BY speaker, target HAVING count(*) >= {MIN_ARTICLES}
        ORDER BY speaker, target
        """,
        [*parameters, name, version],
    ).fetchall()
    return [
        (speaker, target, Series(np.array(days), np.array(counts, float), np.array(scores)))
        for speaker, target, days, counts, scores in rows
    ]


def _gap(series: Series, place: int) -> float:
    before, after = _means(series, place)
    return abs(after - before)


def _means(series: Series, place: int) -> tuple[float, float]:
    parts = slice(None, place), slice(place, None)
    before, after = (
        float(np.clip(series.scores[part].sum() / series.counts[part].sum(), -1, 1))
        for part in parts
    )
    return before, after


def _change(
    con: Any,
    chosen: Filter,
    found: tuple[str, str, Series, int, float],
    corrected: float,
    pairs: int,
) -> Change:
    speaker, target, series, place, p = found
    day = datetime.date(1970, 1, 1) + datetime.timedelta(days=int(series.days[place]))
    before, after = _means(series, place)
    pair = dataclasses.replace(chosen, speaker=speaker, target=target)
    eve = (day - datetime.timedelta(days=1)).isoformat()
    earlier = dataclasses.replace(pair, until=min(eve, chosen.until or eve))
    later = dataclasses.replace(pair, since=max(day.isoformat(), chosen.since or ""))
    return Change(
        speaker=speaker,
        target=target,
        date=day,
        before=before,
        after=after,
        articles_before=place,
        articles_after=len(series.days) - place,
        p=p,
        p_corrected=corrected,
        pairs=pairs,
        quotes_before=queries.quotes(con, earlier, "groups", SHOWN, newest=True),
        quotes_after=queries.quotes(con, later, "groups", SHOWN),
    )

"""Who speaks how of whom: speakers, outlets and targets set side by side, with tests."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from quotestance.track import queries, trends
from quotestance.track.changes import holm
from quotestance.track.confusion import Confusion, Floats
from quotestance.track.estimate import Clusters, Estimator
from quotestance.track.queries import Filter

if TYPE_CHECKING:
    import pandas as pd


def compare(
    con: Any,
    chosen: Filter,
    by: str,
    count: str = "groups",
    errors: Confusion | None = None,
    seed: int = 0,
    limit: int | None = None,
) -> pd.DataFrame:
    """The score of each speaker, outlet or target among the quotes, against all the others.

    Args:
        con: Connection to a ledger.
        chosen: Which quotes; two speakers there are compared with each other.
        by: ``speaker``, ``outlet`` or ``target``.
        count: ``groups`` or ``appearances``; by outlet, a group counts in each of its outlets.
        errors: How the classifier errs.
        seed: Of the bootstrap.
        limit: How many values of ``by`` to test, those of most quotes; None for all.

    Returns:
        One row a value of ``by``, most quotes first: ``score`` with ``low`` and ``high``,
        ``quotes``, ``articles``; ``difference`` from the others with its ends, ``p`` and
        ``p_corrected`` (Holm). NaN where there are fewer than eight articles on a side.
        ``attrs["left_out"]`` says how many values the limit left out.
    """
    queries.check_side(by, "by")
    queries.check_names(con, chosen)
    rows = trends.sums(con, chosen, count, by, errors, (by,))
    return _table(rows, Estimator(errors, seed=seed), by, limit)


def _table(
    rows: dict[str, Any], estimator: Estimator, by: str, limit: int | None = None
) -> pd.DataFrame:
    import pandas as pd

    quotes: Counter[str] = Counter()
    for name, count in zip(rows["cell"].tolist(), rows["n"].tolist(), strict=True):
        quotes[name] += count
    names = sorted(quotes, key=lambda name: (-quotes[name], name))
    _, index = np.unique(rows["article"], return_inverse=True)
    sums = np.stack([np.asarray(rows[name], dtype=float) for name in _SUMS], axis=1)
    whole = np.zeros((int(index.max(initial=-1)) + 1, len(_SUMS)))
    np.add.at(whole, index, sums)
    out = []
    for name in names[:limit]:
        own = rows["cell"] == name
        estimate = estimator(_clusters(sums[own]))
        row: dict[str, Any] = {by: name, "score": estimate.values[0]}
        row |= {"low": estimate.low[0], "high": estimate.high[0]}
        row |= {"quotes": estimate.quotes, "articles": estimate.articles}
        gap = reach = p = np.nan
        if len(names) > 1:
            inside = np.zeros_like(whole)
            inside[index[own]] = sums[own]
            gap, reach, p = estimator.difference(_clusters(inside), _clusters(whole - inside))
        row |= {"difference": gap, "difference_low": gap - reach, "difference_high": gap + reach}
        out.append(row | {"p": p})
    columns = [by, "score", "low", "high", "quotes", "articles", "difference"]
    columns += ["difference_low", "difference_high", "p"]
    table = corrected(pd.DataFrame(out, columns=columns))
    table.attrs["left_out"] = len(names) - len(out)
    return table


# The columns of ``trends.sums`` that make up clusters.
_SUMS = ("n", "js", "jn", "jc", "gs", "gn", "gc")


def _clusters(sums: Floats) -> Clusters:
    """Clusters of one row an article, in the columns of ``_SUMS``."""
    return Clusters(sums[:, 0], sums[:, 1:4], sums[:, 4:7])


def corrected(table: pd.DataFrame) -> pd.DataFrame:
    """The table with ``p_corrected`` beside ``p``, over the rows that have one."""
    tested = table["p"].notna().to_numpy()
    values = np.full(len(table), np.nan)
    values[tested] = holm(table["p"].to_numpy(dtype=float)[tested])
    return table.assign(p_corrected=values)


def matrix(
    con: Any,
    chosen: Filter,
    count: str = "groups",
    errors: Confusion | None = None,
    size: int = 10,
    seed: int = 0,
) -> pd.DataFrame:
    """How each of the most quoted speakers speaks of each of the most frequent targets.

    Args:
        con: Connection to a ledger.
        chosen: Which quotes.
        count: ``groups`` or ``appearances``.
        errors: How the classifier errs.
        size: How many speakers and targets at most.
        seed: Of the bootstrap.

    Returns:
        One row a pair that has quotes: the columns of ``compare``, with ``speaker`` and
        ``target``; the difference is from the other speakers on the same target, ``p_corrected``
        over all pairs.
    """
    import pandas as pd

    queries.check_names(con, chosen)
    speakers, targets = (
        [name for name, _ in queries.frequent(con, chosen, side, size)]
        for side in ("speaker", "target")
    )
    estimator = Estimator(errors, seed=seed)
    tables = []
    for target in targets:
        about = queries.narrowed(chosen, target=target, speaker=speakers)
        rows = trends.sums(con, about, count, "speaker", errors, ("speaker",))
        tables.append(_table(rows, estimator, "speaker").assign(target=target))
    if not tables:
        return pd.DataFrame(columns=["speaker", "target", "score", "quotes", "articles"])
    table = pd.concat([t for t in tables if len(t)] or tables[:1], ignore_index=True)
    return corrected(table[["speaker", "target", *table.columns.drop(["speaker", "target"])]])

"""Stance over time: mean score and shares of the labels by period, with honest intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from quotestance import fields
from quotestance.quotes import STANCES
from quotestance.track import confusion, queries
from quotestance.track.confusion import Confusion
from quotestance.track.estimate import MIN_ARTICLES, Clusters, Estimate, Estimator
from quotestance.track.queries import Filter

if TYPE_CHECKING:
    import pandas as pd

PERIODS = ("week", "month", "quarter", "year")


@dataclass(frozen=True, eq=False)
class Trend:
    """The stance of a set of quotes by period.

    Args:
        filter: Which quotes.
        by: ``week``, ``month``, ``quarter`` or ``year``.
        count: ``groups`` or ``appearances``.
        table: One row a period: ``period`` (its first day), ``score``, ``score_low``,
            ``score_high``, the same for the shares ``supportive``, ``neutral`` and
            ``critical``, ``quotes``, ``articles``. Ends are NaN where no interval is drawn.
        overall: All periods together.
        undated: Quotes left out because their article has no date.
        notes: What a reader of the figures should know.
    """

    filter: Filter
    by: str
    count: str
    table: pd.DataFrame
    overall: Estimate
    undated: int
    notes: tuple[str, ...]

    def __str__(self) -> str:
        notes = "".join(f"\nnote: {note}" for note in self.notes)
        return f"{self.filter}\n{self.table.to_string(index=False, float_format='%.3f')}{notes}"

    def plot(self) -> Any:
        """The score by period with its intervals, as a matplotlib figure."""
        from quotestance.track.charts import figure

        return figure(self)


def trend(
    con: Any,
    chosen: Filter,
    by: str = "month",
    count: str = "groups",
    errors: Confusion | str | Path | None = None,
    seed: int = 0,
) -> Trend:
    """Mean score and shares by period.

    Args:
        con: Connection to a ledger.
        chosen: Which quotes.
        by: ``week``, ``month``, ``quarter`` or ``year``.
        count: ``groups`` (the same quote in many papers counts once, at its first
            appearance) or ``appearances``.
        errors: How the classifier errs; by default what was measured of the shipped model.
        seed: Of the bootstrap.

    Raises:
        InputError: A name that the ledger does not know, or another ``by`` or ``count``.
    """
    if by not in PERIODS:
        raise fields.fault("one of " + ", ".join(PERIODS), by, "by")
    queries.check_names(con, chosen)
    known = resolve(errors)
    rows = sums(con, chosen, count, f"date_trunc('{by}', date)::DATE", known)
    estimator = Estimator(known, seed=seed)
    table, each = by_period(rows, estimator)
    undated = queries.undated(con, chosen)
    notes = notes_on(con, chosen, count, known, estimator, undated)
    sparse = sum(e.articles < MIN_ARTICLES for e in each)
    if sparse:
        notes += (
            f"{sparse} of {len(each)} periods have fewer than {MIN_ARTICLES} articles and no "
            "interval: too few to say (longer periods have more)",
        )
    overall = estimator(clusters(rows))
    return Trend(chosen, by, count, table, overall, undated, notes)


def resolve(errors: Confusion | str | Path | None) -> Confusion | None:
    """The confusion to use: the one given, one read from a file, or the shipped one."""
    if errors is None:
        return confusion.shipped()
    return errors if isinstance(errors, Confusion) else Confusion.read(errors)


def sums(
    con: Any,
    chosen: Filter,
    count: str,
    cell: str,
    known: Confusion | None,
    by: Sequence[str] = (),
) -> dict[str, Any]:
    """Sums of the probabilities by cell and article, as arrays.

    Args:
        con: Connection to a ledger.
        chosen: Which quotes.
        count: ``groups`` or ``appearances``.
        cell: SQL expression over the columns of ``queries.units`` that names the cell.
        known: How the classifier errs.
        by: Further columns of ``appearances`` that ``cell`` uses.

    Returns:
        ``cell``, ``article``, ``n``; ``js``, ``jn``, ``jc`` over quotes of the model whose
        errors are known; ``gs``, ``gn``, ``gc`` over the others. Ordered by cell and article.
    """
    units, parameters = queries.units(chosen, count, by)
    name, version = known.model if known else (None, None)
    judged = "(NOT by_hand AND model_name = ? AND model_version IS NOT DISTINCT FROM ?)"
    columns = ", ".join(
        f"coalesce(sum({p}) FILTER ({test}), 0) AS {kind}{p}"
        for kind, test in (("j", "judged"), ("g", "NOT judged"))
        for p in ("s", "n", "c")
    )
    return con.execute(  # type: ignore[no-any-return]
        f"WITH units AS ({units}), cells AS (SELECT *, {cell} AS cell, "
        f"coalesce({judged}, false) AS judged FROM units) "
        f"SELECT cell, article, count(*) AS n, {columns} FROM cells "
        "WHERE cell IS NOT NULL GROUP BY cell, article ORDER BY cell, article",
        [*parameters, name, version],
    ).fetchnumpy()


def clusters(rows: dict[str, Any], chosen: Any = slice(None)) -> Clusters:
    """The rows of ``sums`` as clusters; an article in several cells counts as one."""
    _, index = np.unique(rows["article"][chosen], return_inverse=True)
    size = int(index.max()) + 1 if len(index) else 0

    def total(*names: str) -> Any:
        columns = [np.bincount(index, rows[name][chosen].astype(float), size) for name in names]
        return np.stack(columns, axis=1)

    return Clusters(total("n")[:, 0], total("js", "jn", "jc"), total("gs", "gn", "gc"))


def by_period(rows: dict[str, Any], estimator: Estimator) -> tuple[pd.DataFrame, list[Estimate]]:
    """One row a cell, in their order, and the estimates behind them."""
    import pandas as pd

    cells, starts = np.unique(rows["cell"], return_index=True)
    ends = [*starts[1:], len(rows["cell"])][: len(starts)]
    each = [
        estimator(clusters(rows, slice(start, end)))
        for start, end in zip(starts, ends, strict=True)
    ]
    data: dict[str, Any] = {"period": cells}
    for i, name in enumerate(("score", *STANCES)):
        data[name] = [e.values[i] for e in each]
        data[f"{name}_low"] = [e.low[i] for e in each]
        data[f"{name}_high"] = [e.high[i] for e in each]
    data["quotes"] = [e.quotes for e in each]
    data["articles"] = [e.articles for e in each]
    return pd.DataFrame(data), each


def notes_on(
    con: Any,
    chosen: Filter,
    count: str,
    known: Confusion | None,
    estimator: Estimator,
    undated: int,
) -> tuple[str, ...]:
    """What a reader of figures over these quotes should know."""
    units, parameters = queries.units(chosen, count)
    models = con.execute(
        f"SELECT model_name, model_version, count(*) FROM ({units}) WHERE NOT by_hand "
        "GROUP BY ALL ORDER BY 3 DESC, 1, 2",
        parameters,
    ).fetchall()
    notes = []
    if undated:
        notes.append(f"left out because their articles have no date: {undated} of the quotes")
    if len(models) > 1:
        names = ", ".join(
            f"{name or 'unnamed'} {version or 'without version'} ({n} quotes)"
            for name, version, n in models
        )
        notes.append(f"the quotes were read by several models, so a turn may be theirs: {names}")
    unknown = sum(n for name, version, n in models if not (known and known.fits((name, version))))
    if unknown and known is None:
        notes.append("the classifier's errors are not propagated: none were measured")
    elif unknown:
        notes.append(
            f"the classifier's errors are not propagated for {unknown} of the quotes: "
            "they were measured on another model"
        )
    elif models and not estimator.propagates:
        notes.append(
            "the classifier's errors are not propagated: its confusion is too great to undo"
        )
    return tuple(notes)

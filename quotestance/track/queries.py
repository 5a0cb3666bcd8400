"""Questions to a ledger: which quotes, of whom, toward what; all values are parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quotestance.errors import InputError
from quotestance.track.extras import need

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd


def frame(con: Any, query: str, parameters: Sequence[Any] = ()) -> pd.DataFrame:
    """The answer to a query as a DataFrame.

    Raises:
        InputError: DuckDB refuses the query; says why.
    """
    duckdb = need("duckdb")
    need("pandas")
    try:
        return con.execute(query, list(parameters)).df()
    except duckdb.Error as error:
        raise InputError(
            f"DuckDB refused the query: {error}",
            hint="the tables and columns are listed in docs/ledger-schema.md",
        ) from None


def summary(con: Any) -> dict[str, Any]:
    """Counts of what the ledger holds."""
    names = ("articles", "undated", "outlets", "by_hand", "first", "last")
    row = con.execute(
        "SELECT count(*), count(*) FILTER (date IS NULL), count(DISTINCT outlet), "
        "count(*) FILTER (by_hand), min(date)::VARCHAR, max(date)::VARCHAR FROM articles"
    ).fetchone()
    out = dict(zip(names, row, strict=True))
    out["quotes"] = con.execute("SELECT count(*) FROM quotes WHERE is_quote").fetchone()[0]
    out["speakers"] = con.execute("SELECT count(DISTINCT name) FROM speakers").fetchone()[0]
    models = con.execute(
        "SELECT model_name, model_version, count(*) FROM articles GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    out["models"] = [{"name": n, "version": v, "articles": c} for n, v, c in models]
    return out

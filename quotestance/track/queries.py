"""Questions to a ledger: which quotes, of whom, toward what; all values are parameters."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from quotestance import fields
from quotestance.errors import InputError
from quotestance.quotes import MODES
from quotestance.track.extras import need

if TYPE_CHECKING:
    import pandas as pd

Names = str | Sequence[str] | None
SIDES = ("speaker", "outlet", "target")
# Where the ledger keeps the names of each: table, column of the name, column of the id.
_KNOWN = {
    "speaker": ("speakers", "name", "id"),
    "target": ("quotes", "target", "target_id"),
    "outlet": ("articles", "outlet", "outlet"),
}
COUNTS = ("groups", "appearances")
# Targets that are no entity: not counted under an entity that they mention, unless asked.
_ISSUES = "('issue', 'action', 'event')"


@dataclass(frozen=True)
class Filter:
    """Which quotes a question is about.

    Args:
        speaker: Name or id of who speaks, or several.
        target: Name or id of what it is about, or several.
        outlet: Outlet, or several.
        mode: ``speech``, ``thought`` or None for both.
        since: First day, ``YYYY-MM-DD``.
        until: Last day, ``YYYY-MM-DD``.
        issues: Whether targets that are issues, actions or events count under a target whose
            name they mention, such as ``US-China talks`` under ``China``.
    """

    speaker: Names = None
    target: Names = None
    outlet: Names = None
    mode: str | None = None
    since: str | None = None
    until: str | None = None
    issues: bool = False

    def __post_init__(self) -> None:
        if self.mode is not None and self.mode not in MODES:
            raise fields.fault("one of " + ", ".join(MODES) + " or None", self.mode, "mode")
        fields.check_date(self.since, "since")
        fields.check_date(self.until, "until")

    def where(self) -> tuple[str, list[Any]]:
        """Condition on ``appearances`` and its parameters."""
        parts: list[tuple[str, list[Any]]] = [("is_quote", [])]
        if self.speaker is not None:
            parts.append(_known_as("speaker", as_list(self.speaker)))
        if self.target is not None:
            parts.append(self._about(as_list(self.target)))
        if self.outlet is not None:
            parts.append(_named("outlet", as_list(self.outlet)))
        if self.mode is not None:
            parts.append(("mode = ?", [self.mode]))
        if self.since is not None:
            parts.append(("date >= ?::DATE", [self.since]))
        if self.until is not None:
            parts.append(("date <= ?::DATE", [self.until]))
        return " AND ".join(text for text, _ in parts), [v for _, values in parts for v in values]

    def _about(self, names: list[str]) -> tuple[str, list[Any]]:
        known, values = _known_as("target", names)
        if not self.issues:
            by_name, more = _named("target", names)
            entity = f"coalesce(target_type, '') NOT IN {_ISSUES}"
            return f"({known} AND ({by_name} OR {entity}))", [*values, *more]
        inside = (
            f"(target_type IN {_ISSUES} AND (SELECT bool_or(contains("
            "' ' || regexp_replace(lower(target), '\\W+', ' ', 'g') || ' ', "
            "' ' || regexp_replace(lower(name), '\\W+', ' ', 'g') || ' ')) "
            "FROM (SELECT unnest(?::VARCHAR[]) AS name)))"
        )
        return f"({known} OR {inside})", [*values, names]

    def __str__(self) -> str:
        given = {
            "speaker": self.speaker,
            "target": self.target,
            "outlet": self.outlet,
            "mode": self.mode,
            "since": self.since,
            "until": self.until,
        }
        parts = [f"{name} {', '.join(as_list(v))}" for name, v in given.items() if v is not None]
        parts += ["issues that name the target counted too"] if self.issues else []
        return "; ".join(parts) or "all quotes"


def _named(column: str, names: list[str]) -> tuple[str, list[Any]]:
    """Condition that a column is one of some names, in whatever case."""
    # A plain list, not a subquery: DuckDB then filters while it scans, before it joins.
    return f"lower({column}) IN ({', '.join(['lower(?)'] * len(names)) or 'NULL'})", list(names)


def _known_as(side: str, names: list[str]) -> tuple[str, list[Any]]:
    """Condition that a speaker or target has one of some names or ids."""
    by_name, values = _named(side, names)
    marks = ", ".join(["?"] * len(names)) or "NULL"
    return f"({by_name} OR {side}_id IN ({marks}))", [*values, *names]


def chosen(given: Mapping[str, Any]) -> Filter:
    """A filter of keyword arguments.

    Raises:
        InputError: One of them is none of its fields; names those that are.
    """
    known = [field.name for field in dataclasses.fields(Filter)]
    for name in given:
        if name not in known:
            raise InputError(f"expected one of {', '.join(known)}, found {name!r}", field=name)
    return Filter(**given)


def narrowed(chosen: Filter, **changes: Any) -> Filter:
    """The filter with some of its fields changed."""
    return dataclasses.replace(chosen, **changes)


def as_list(names: str | Sequence[str]) -> list[str]:
    """One name or several, as a list."""
    return [names] if isinstance(names, str) else list(names)


def check_names(con: Any, chosen: Filter) -> None:
    """Refuse a speaker, target or outlet that the ledger has never heard of.

    Raises:
        InputError: It names the nearest that the ledger knows.
    """
    for kind, (table, name, id) in _KNOWN.items():
        given = getattr(chosen, kind)
        if given is None or (kind == "target" and chosen.issues):
            continue
        for wanted in as_list(given):
            found = con.execute(
                f"SELECT 1 FROM {table} WHERE lower({name}) = lower(?) OR {id} = ? LIMIT 1",
                [wanted, wanted],
            ).fetchone()
            if not found:
                raise _stranger(con, kind, wanted)


@contextlib.contextmanager
def gathered(con: Any, chosen: Filter) -> Iterator[None]:
    """Put the quotes of a speaker or target beside, so that many questions scan the ledger once.

    Within the block a temporary table stands in for the view ``appearances``. It holds all of
    the speaker, whatever the target, and all about the target, whoever speaks. Without speaker
    and target, or with ``issues``, nothing is gathered and the view answers.

    Args:
        con: Connection to a ledger.
        chosen: Which quotes the questions are about.
    """
    wanted, values = [], []
    for kind in ("speaker", "target"):
        if (given := getattr(chosen, kind)) is not None:
            condition, parameters = _known_as(kind, as_list(given))
            wanted.append(f"SELECT quote_key FROM appearances WHERE {condition}")
            values += parameters
    if not wanted or chosen.issues:
        yield
        return
    con.execute(
        "CREATE TEMP TABLE appearances AS SELECT * FROM appearances "
        f"WHERE quote_key IN ({' UNION '.join(wanted)})",
        values,
    )
    try:
        yield
    finally:
        con.execute("DROP TABLE temp.appearances")


def _stranger(con: Any, kind: str, name: str) -> InputError:
    from rapidfuzz import process

    table, column, _ = _KNOWN[kind]
    rows = con.execute(
        f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL GROUP BY 1 "
        "ORDER BY count(*) DESC, 1 LIMIT 5000"
    ).fetchall()
    near = process.extract(name, [row[0] for row in rows], limit=3, score_cutoff=60)
    hint = (
        "did you mean " + ", ".join(repr(match) for match, _, _ in near)
        if near
        else (f"`quotestance track summary` lists the {kind}s")
    )
    return InputError(f"the ledger has no quote with the {kind} {name!r}", field=kind, hint=hint)


def quotes(
    con: Any, chosen: Filter, count: str, limit: int | None, newest: bool = False
) -> pd.DataFrame:
    """One row a quote and speaker, oldest first; with ``count="groups"`` the first of each group.

    The column ``appearances`` says in how many articles the quote stands, ``outlets`` in which.

    Args:
        con: Connection to a ledger.
        chosen: Which quotes.
        count: ``groups`` or ``appearances``.
        limit: How many rows at most; None for all.
        newest: Whether a limit keeps the last rows, not the first.
    """
    check_count(count)
    where, parameters = chosen.where()
    order = "date NULLS LAST, quote_key"
    first = (
        "QUALIFY row_number() OVER (PARTITION BY group_key, coalesce(speaker, '') "
        "ORDER BY date NULLS LAST, quote_key) = 1"
    )
    return frame(
        con,
        f"""
        WITH chosen AS (SELECT * FROM appearances WHERE {where}),
        spread AS (
            SELECT group_key, count(DISTINCT article_key) AS appearances,
                   list_sort(list_distinct(list(outlet))) AS outlets
            FROM chosen GROUP BY group_key
        )
        SELECT * EXCLUDE (quote_key, article_key) FROM (
            SELECT chosen.*, appearances, outlets FROM chosen JOIN spread USING (group_key)
            {first if count == "groups" else ""}
            ORDER BY {"date DESC NULLS FIRST, quote_key DESC" if newest else order}
            LIMIT {"ALL" if limit is None else int(limit)}
        ) ORDER BY {order}
        """,
        parameters,
    )


def frequent(con: Any, chosen: Filter, side: str, size: int) -> list[tuple[str, int]]:
    """The most frequent speakers, targets or outlets among the quotes, and their quotes."""
    check_side(side, "side")
    where, parameters = chosen.where()
    return con.execute(  # type: ignore[no-any-return]
        f"SELECT {side}, count(*) FROM appearances WHERE {where} AND {side} IS NOT NULL "
        "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?",
        [*parameters, size],
    ).fetchall()


def check_side(side: str, field: str) -> None:
    """Raise ``InputError`` unless ``side`` is one of ``SIDES``."""
    if side not in SIDES:
        raise fields.fault("one of " + ", ".join(SIDES), side, field)


def check_count(count: str) -> None:
    """Raise ``InputError`` unless ``count`` is one of ``COUNTS``."""
    if count not in COUNTS:
        raise fields.fault("one of " + ", ".join(COUNTS), count, "count")


def units(chosen: Filter, count: str, by: Sequence[str] = ()) -> tuple[str, list[Any]]:
    """Query for what trends count: one row a group (or an appearance), dated, with a stance.

    Columns: ``unit``, ``date``, ``article``, ``by_hand``, ``model_name`` and
    ``model_version`` (of the first appearance), ``s``, ``n``, ``c`` (the mean probabilities). A
    group in which a person labelled a quote takes the person's label.

    Args:
        chosen: Which quotes.
        count: ``groups`` or ``appearances``.
        by: Further columns of ``appearances`` to keep apart; a unit has a row for each value.
    """
    check_count(count)
    where, parameters = chosen.where()
    more = "".join(f"{column}, " for column in by)
    unit = "group_key" if count == "groups" else "quote_key"
    query = f"""
        SELECT {more}{unit} AS unit, min(date) AS date,
               arg_min(article_key, (date, quote_key)) AS article,
               bool_or(p_neutral IS NULL) AS by_hand,
               arg_min(model_name, (date, quote_key)) AS model_name,
               arg_min(model_version, (date, quote_key)) AS model_version,
               {_share("supportive")} AS s, {_share("neutral")} AS n, {_share("critical")} AS c
        FROM appearances WHERE {where} AND date IS NOT NULL AND stance IS NOT NULL
        GROUP BY {more}{unit}
    """
    return query, parameters


def _share(label: str) -> str:
    return f"coalesce(avg((stance = '{label}')::INT) FILTER (p_neutral IS NULL), avg(p_{label}))"


def undated(con: Any, chosen: Filter) -> int:
    """How many quotes of the question stand in articles without a date."""
    where, parameters = chosen.where()
    row = con.execute(
        f"SELECT count(DISTINCT quote_key) FROM appearances WHERE {where} AND date IS NULL "
        "AND stance IS NOT NULL", parameters
    ).fetchone()  # fmt: skip
    return int(row[0])


def reach(con: Any, chosen: Filter) -> dict[str, Any]:
    """How many ``outlets`` the dated quotes stand in, and their ``first`` and ``last`` day."""
    where, parameters = chosen.where()
    row = con.execute(
        "SELECT count(DISTINCT outlet), min(date)::VARCHAR, max(date)::VARCHAR FROM appearances "
        f"WHERE {where} AND date IS NOT NULL AND stance IS NOT NULL", parameters
    ).fetchone()  # fmt: skip
    return dict(zip(("outlets", "first", "last"), row, strict=True))


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

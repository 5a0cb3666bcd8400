"""The report: one self-contained page over a ledger, a speaker, a target or a pair of them.

Everything that comes from an article is escaped by the template; nothing is loaded, and the
page's own policy lets no other script run than the one it was written with.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quotestance.render import SIGNS
from quotestance.text import sentences
from quotestance.track import changes, charts, compare, queries, trends
from quotestance.track.changes import Change
from quotestance.track.charts import COLOURS
from quotestance.track.confusion import Confusion
from quotestance.track.estimate import MIN_ARTICLES
from quotestance.track.extras import need
from quotestance.track.queries import Filter
from quotestance.track.trends import Trend

if TYPE_CHECKING:
    import pandas as pd

    from quotestance.track.ledger import Ledger

TEMPLATES = Path(__file__).parent / "templates"
SHOWN_QUOTES = 600
SHOWN_ROWS = 15
SIGNIFICANT = 0.05
# Code points around a content within which its sentence is looked for.
_AROUND = 400


def report(
    ledger: Ledger,
    *,
    by: str = "month",
    count: str = "groups",
    errors: Confusion | str | Path | None = None,
    **filter: Any,
) -> str:
    """The report as one HTML page.

    Args:
        ledger: The ledger.
        by: ``week``, ``month``, ``quarter`` or ``year``.
        count: ``groups`` or ``appearances``.
        errors: How the classifier errs; by default what was measured of the shipped model.
        filter: ``speaker``, ``target`` and others as for ``ledger.trend``; without speaker and
            target the page is an overview.

    Raises:
        InputError: A name that the ledger does not know.
    """
    chosen = queries.chosen({"mode": "speech", **filter})
    known = trends.resolve(errors)
    with ledger.store.reading() as con, queries.gathered(con, chosen):
        trend = trends.trend(con, chosen, by, count, known)
        found = changes.scan(con, chosen, count, known, limit=5)
        matrix = _matrix(con, chosen, count, known)
        page = {
            "title": _title(chosen),
            "scope": _scope(chosen),
            "trend": trend,
            "drawings": _drawings(trend, _marked(found, chosen)),
            "changes": found,
            "quotes": _quotes(con, trend, chosen, count, matrix),
            "tables": _tables(con, chosen, count, known),
            "matrix": matrix,
            "summary": queries.summary(con),
            **queries.reach(con, chosen),
        }
    return _render(page)


def _render(page: dict[str, Any]) -> str:
    jinja2 = need("jinja2", "the report")
    script = (TEMPLATES / "report.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"signed": _signed, "share": _share, "p": _p, "count": "{:,}".format}
    style = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    template = environment.get_template("report.html.j2")
    return str(
        template.render(
            page, script=script, digest=digest, style=style, charts=charts, signs=SIGNS,
            colours=COLOURS, SIGNIFICANT=SIGNIFICANT, least=MIN_ARTICLES,
        )
    )  # fmt: skip


def _drawings(trend: Trend, turns: list[Change]) -> list[tuple[str, charts.Timeline]]:
    if not len(trend.table):
        return []
    widths = {"wide": charts.WIDE, "narrow": charts.NARROW}
    return [(name, charts.timeline(trend, turns, width)) for name, width in widths.items()]


def _signed(value: float | None) -> str:
    """A score with its sign, or nothing where it is not known."""
    if value is None or _missing(value):
        return ""
    text = f"{value:+.2f}".replace("-", "−")
    return "0.00" if text in ("+0.00", "−0.00") else text


def _share(value: float | None) -> str:
    return "" if value is None or _missing(value) else f"{100 * value:.0f}\u00a0%"


def _p(value: float | None) -> str:
    if value is None or _missing(value):
        return ""
    return "p\u00a0<\u00a00.001" if value < 0.001 else f"p\u00a0=\u00a0{value:.3f}"


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _title(chosen: Filter) -> str:
    speaker = ", ".join(queries.as_list(chosen.speaker)) if chosen.speaker else ""
    target = ", ".join(queries.as_list(chosen.target)) if chosen.target else ""
    if speaker and target:
        return f"{speaker} on {target}"
    return speaker or (f"What is said of {target}" if target else "Overview of the ledger")


def _scope(chosen: Filter) -> str:
    """What the quotes are restricted to beside speaker and target, in words."""
    usual = Filter(mode="speech")
    rest = dataclasses.replace(chosen, speaker=None, target=None)
    if rest == usual:
        return ""
    return str(dataclasses.replace(rest, mode=None) if rest.mode == usual.mode else rest)


def _marked(found: list[Change], chosen: Filter) -> list[Change]:
    """The turns that belong into the chart: those of the one pair it shows."""
    if chosen.speaker is None or chosen.target is None:
        return []
    return [change for change in found if change.p_corrected <= SIGNIFICANT]


def _tables(
    con: Any, chosen: Filter, count: str, known: Confusion | None
) -> list[tuple[str, str, pd.DataFrame]]:
    """Side by side: the outlets of these quotes, the other targets, the other speakers."""
    wanted = [("outlet", "By outlet: is it the speaker or the paper?", chosen)]
    if chosen.speaker is not None:
        wide = dataclasses.replace(chosen, target=None)
        wanted.append(("target", f"{_title(wide)} on everything", wide))
    if chosen.target is not None:
        wide = dataclasses.replace(chosen, speaker=None)
        wanted.append(("speaker", f"Everybody on {_title(wide).removeprefix('What is said of ')}",
                       wide))  # fmt: skip
    return [
        (side, title, compare.compare(con, which, side, count, known, limit=SHOWN_ROWS))
        for side, title, which in wanted
    ]


def _matrix(con: Any, chosen: Filter, count: str, known: Confusion | None) -> dict[str, Any] | None:
    """The matrix of an overview, as rows of cells."""
    if chosen.speaker is not None or chosen.target is not None:
        return None
    table = compare.matrix(con, chosen, count, known, size=8)
    cells = {(row["speaker"], row["target"]): row for row in table.to_dict("records")}
    speakers = list(dict.fromkeys(table["speaker"]))
    targets = list(dict.fromkeys(table["target"]))
    return {"speakers": speakers, "targets": targets, "cells": cells}


def _quotes(
    con: Any, trend: Trend, chosen: Filter, count: str, matrix: dict[str, Any] | None
) -> dict[str, Any]:
    """The quotes of the list, newest first, how many were left out, and what to filter by."""
    whole = trend.overall.quotes
    limit = None if whole <= 20 * SHOWN_QUOTES else SHOWN_QUOTES
    table = queries.quotes(con, chosen, count, limit, newest=True)
    table = table[table["date"].notna() & table["stance"].notna()]
    table["period"] = table["date"].dt.to_period(_PERIODS[trend.by]).dt.start_time
    cap = max(3, SHOWN_QUOTES // max(1, table["period"].nunique()))
    shown = table.groupby("period").tail(cap)[::-1].head(SHOWN_QUOTES)
    texts = _texts(con, shown["article"].unique().tolist())
    items = [_item(row, texts[row["article"]]) for row in shown.to_dict("records")]
    return {
        "items": items,
        "left_out": max(0, whole - len(items)),
        "choices": {
            side: sorted({item[side] for item in items if item[side]} | set(also), key=str.casefold)
            for side, also in (
                ("speaker", matrix["speakers"] if matrix else ()),
                ("target", matrix["targets"] if matrix else ()),
                ("outlet", ()),
            )
        },
    }


_PERIODS = {"week": "W", "month": "M", "quarter": "Q", "year": "Y"}


def _texts(con: Any, ids: list[str]) -> dict[str, tuple[str, dict[str, list[list[int]]]]]:
    """Text and contents (by quote) of some articles."""
    rows = con.execute(
        "SELECT id, text, record FROM articles WHERE id IN (SELECT unnest(?::VARCHAR[]))", [ids]
    ).fetchall()
    return {
        id: (text, {q["id"]: q["content"] for q in json.loads(record)["quotes"]})
        for id, text, record in rows
    }


def _item(row: dict[str, Any], source: tuple[str, dict[str, list[list[int]]]]) -> dict[str, Any]:
    text, contents = source
    row = {key: None if _missing(value) else value for key, value in row.items()}
    outlets = [name for name in row["outlets"] if name and name != row["outlet"]]
    return row | {
        "date": row["date"].date().isoformat(),
        "period": row["period"].date().isoformat(),
        "via": ", ".join(row["via"]) if row["via"] is not None else "",
        "sure": _sure(row),
        "also": outlets,
        "pieces": excerpt(text, contents[row["quote"]]),
    }


def _sure(row: dict[str, Any]) -> str:
    """How sure the model is of a quote, in words; nothing for labels by hand."""
    parts = (("quote", "confidence"), ("speaker", "speaker_confidence"),
             ("stance", "stance_confidence"))  # fmt: skip
    known = [f"{name} {_share(row[key])}" for name, key in parts if row[key] is not None]
    return "sure of the " + ", ".join(known) if known else ""


def excerpt(text: str, content: list[list[int]]) -> list[tuple[bool, str]]:
    """The sentences around a content, in pieces: whether a piece is content, and its words.

    Args:
        text: The article.
        content: ``[start, end)`` of each piece of the content, in text order.
    """
    if not content:
        return []
    low = max(0, content[0][0] - _AROUND)
    window = text[low : content[-1][1] + _AROUND]
    first, last = content[0][0] - low, content[-1][1] - low
    spans = [span for span in sentences(window) if span[1] > first and span[0] < last]
    start = min([first, *(s for s, _ in spans)]) + low
    end = max([last, *(e for _, e in spans)]) + low
    pieces: list[tuple[bool, str]] = []
    for s, e in content:
        pieces += [(False, text[start:s]), (True, text[s:e])]
        start = e
    pieces.append((False, text[start:end]))
    return [(marked, words) for marked, words in pieces if words]

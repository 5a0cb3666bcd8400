"""Figures as a table for the terminal."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from quotestance.evaluation.bootstrap import Difference, Figure, Scores

if TYPE_CHECKING:
    from rich.table import Table

_SIGNIFICANT = 0.05


def show(figure: Figure) -> str:
    """One figure as ``91.6 (88.6 - 93.9)``; a dash where nothing was measured."""
    if math.isnan(figure.value):
        return "-"
    if math.isnan(figure.low):
        return f"{figure.value:.1f}"
    return f"{figure.value:.1f} ({figure.low:.1f} - {figure.high:.1f})"


def measured(systems: Iterable[Mapping[str, Figure]]) -> list[str]:
    """Names of the figures that at least one system has a value of, in order."""
    names: dict[str, None] = {}
    for scores in systems:
        names.update((n, None) for n, f in scores.items() if not math.isnan(f.value))
    return list(names)


def table(
    systems: Mapping[str, Scores], *, title: str = "", ceiling: Scores | None = None
) -> Table:
    """Systems side by side, one figure a row, in percent with 95 % intervals over articles.

    Args:
        systems: Scores by name of the system; all of one corpus.
        title: Above the table.
        ceiling: Agreement of people under the same measures, as a last column.
    """
    from rich.table import Table
    from rich.text import Text

    out = Table(title=Text(title) if title else None, title_justify="left")
    out.add_column("figure", no_wrap=True)
    for name in systems:
        out.add_column(name, justify="right")
    out.add_column("n", justify="right")
    if ceiling is not None:
        articles = f"{len(ceiling.units)} article{'s' * (len(ceiling.units) > 1)}"
        out.add_column(f"two people ({articles})", justify="right")
    for name in measured(systems.values()):
        figures = [scores[name] for scores in systems.values() if name in scores]
        cells = [show(scores[name]) if name in scores else "-" for scores in systems.values()]
        cells.append(str(max(figure.n for figure in figures)))
        if ceiling is not None:
            cells.append(show(ceiling[name]) if name in ceiling else "-")
        out.add_row(name, *cells)
    return out


def difference_table(differences: Mapping[str, Difference], *, title: str = "") -> Table:
    """Two systems with the interval of their difference and its p-value, one figure a row."""
    from rich.table import Table
    from rich.text import Text

    out = Table(title=Text(title) if title else None, title_justify="left")
    for name in ("figure", "A", "B", "B - A", "p"):
        out.add_column(name, justify="left" if name == "figure" else "right")
    for name, found in differences.items():
        if math.isnan(found.p):
            continue
        mark = " *" if found.p < _SIGNIFICANT else ""
        gap = f"{found.second - found.first:+.1f} ({found.low:+.1f} to {found.high:+.1f})"
        out.add_row(name, f"{found.first:.1f}", f"{found.second:.1f}", gap, f"{found.p:.3f}{mark}")
    return out


def differences_dict(differences: Mapping[str, Difference]) -> dict[str, dict[str, float | None]]:
    """JSON object of ``compare``; NaN becomes null."""
    return {
        name: {
            key: None if math.isnan(value) else round(value, 4)
            for key, value in (
                ("first", found.first),
                ("second", found.second),
                ("low", found.low),
                ("high", found.high),
                ("p", found.p),
            )
        }
        for name, found in differences.items()
    }

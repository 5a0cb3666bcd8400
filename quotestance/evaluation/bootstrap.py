"""Figures with percentile bootstrap intervals over articles, and paired bootstrap tests.

Every figure is a function of counts summed over articles (matches, quotes, confusion cells). A
resample of articles is then a weighted sum of rows, so a thousand resamples are one product of
matrices.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Columns = Mapping[str, Array]
SEED = 20180501
_BLOCK = 4_000_000  # resamples x articles held at once: 32 MB


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a table.

    Args:
        value: In percent; NaN where the data has nothing that it could be measured on.
        low: Lower end of the 95 % interval.
        high: Upper end.
        n: How many gold items (quotes, tokens, sentences) it is measured on.
    """

    value: float
    low: float
    high: float
    n: int

    def to_dict(self) -> dict[str, float | int | None]:
        """JSON object; NaN becomes null."""
        out: dict[str, float | int | None] = {
            key: None if math.isnan(number) else round(number, 4)
            for key, number in (("value", self.value), ("low", self.low), ("high", self.high))
        }
        return out | {"n": self.n}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Figure:
        """Read what ``to_dict`` wrote."""

        def number(key: str) -> float:
            return math.nan if data[key] is None else float(data[key])

        return cls(number("value"), number("low"), number("high"), int(data["n"]))


@dataclass(frozen=True)
class Measure:
    """How a figure comes out of summed counts.

    Args:
        name: Name of the figure.
        value: Maps summed columns (arrays of one length, one entry a resample) to the figure as
            a share from 0 to 1, NaN where it is not defined.
        size: Column that holds what ``n`` counts.
    """

    name: str
    value: Callable[[Columns], Array]
    size: str


class Scores(Mapping[str, Figure]):
    """Figures by name, with the counts behind them.

    Args:
        figures: The figures.
        units: Ids of the resampled units (articles), one a row of the counts.
        measures: How each figure is computed.
        columns: Counts, one entry a unit.
        curves: Risk-coverage curves by name of the confidence.
    """

    def __init__(
        self,
        figures: Mapping[str, Figure],
        units: Sequence[str] = (),
        measures: Sequence[Measure] = (),
        columns: Columns | None = None,
        curves: Mapping[str, list[dict[str, float]]] | None = None,
    ) -> None:
        self._figures = dict(figures)
        self.units = tuple(units)
        self.measures = tuple(measures)
        self.columns = dict(columns or {})
        self.curves = dict(curves or {})

    def __getitem__(self, name: str) -> Figure:
        return self._figures[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._figures)

    def __len__(self) -> int:
        return len(self._figures)

    def to_dict(self) -> dict[str, dict[str, float | int | None]]:
        """``{NAME: {"value", "low", "high", "n"}}``, values in percent, null where undefined."""
        return {name: figure.to_dict() for name, figure in self.items()}


@dataclass
class Table:
    """Counts in the making: one row of named counts a unit."""

    units: list[str] = field(default_factory=list)
    rows: list[dict[str, float]] = field(default_factory=list)

    def add(self, unit: str, counts: Mapping[str, float]) -> None:
        """Append the counts of one unit; names that a row lacks count as 0."""
        self.units.append(unit)
        self.rows.append(dict(counts))

    def columns(self) -> dict[str, Array]:
        """The counts as arrays, one entry a unit."""
        names = dict.fromkeys(name for row in self.rows for name in row)
        return {name: np.array([row.get(name, 0.0) for row in self.rows]) for name in names}


def ratio(part: str, whole: str) -> Callable[[Columns], Array]:
    """``part / whole``; NaN where the whole is zero."""

    def value(columns: Columns) -> Array:
        return divide(columns[part], columns[whole])

    return value


def divide(part: Array, whole: Array) -> Array:
    """Element by element; NaN where the divisor is zero."""
    out: Array = np.full_like(whole, np.nan, dtype=float)
    return np.divide(part, whole, out=out, where=whole != 0)


def defined(values: Array, items: Array) -> Array:
    """``values`` with 0 for NaN where there are items to measure, NaN where there are none."""
    return np.where(items > 0, np.nan_to_num(values), np.nan)


def labelled(measure: Measure, column: str) -> Measure:
    """The measure with 0 for NaN where ``column`` counts gold labels, NaN where it counts none.

    For figures over matched quotes: a system that finds no quote gets 0, a corpus that lacks the
    label gets no figure.
    """

    def value(columns: Columns) -> Array:
        return defined(measure.value(columns), columns[column])

    return Measure(measure.name, value, measure.size)


def f_measures(name: str, right: str, predicted: str, gold: str) -> list[Measure]:
    """Precision, recall and F1 of counts; 0 where only one side has any, NaN where none has.

    Args:
        name: Stem of the names: ``NAME_precision``, ``NAME_recall``, ``NAME_f1``.
        right: Column of matches.
        predicted: Column of predicted items.
        gold: Column of gold items.
    """

    def part(by: Callable[[Columns], Array]) -> Callable[[Columns], Array]:
        def value(columns: Columns) -> Array:
            share = divide(columns[right], by(columns))
            return defined(share, columns[predicted] + columns[gold])

        return value

    return [
        Measure(f"{name}_precision", part(lambda c: c[predicted]), gold),
        Measure(f"{name}_recall", part(lambda c: c[gold]), gold),
        Measure(f"{name}_f1", part(lambda c: (c[predicted] + c[gold]) / 2), gold),
    ]


def score(table: Table, measures: Sequence[Measure], resamples: int = 1000) -> Scores:
    """Every measure on all units, with its 95 % percentile bootstrap interval over units.

    Args:
        table: Counts by unit.
        measures: What to compute; columns that no row has count as 0.
        resamples: How many times the units are drawn with replacement, with a fixed seed; 0
            leaves the intervals NaN.

    Source:
        Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
    """
    columns = _Sparse(table.columns(), len(table.units))
    whole = _sums(columns, np.ones((1, len(table.units))))
    drawn = _resampled(columns, len(table.units), resamples)
    figures = {}
    for measure in measures:
        value = 100 * float(measure.value(whole)[0])
        low, high = _interval(100 * measure.value(drawn))
        n = round(float(whole[measure.size][0]))
        figures[measure.name] = Figure(value, low, high, n)
    return Scores(figures, table.units, measures, columns)


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of two systems on the same units.

    Args:
        first: Value of the first system, in percent.
        second: Value of the second.
        low: Lower end of the 95 % interval of second minus first.
        high: Upper end.
        p: Two-sided p-value of no difference.
    """

    first: float
    second: float
    low: float
    high: float
    p: float


def compare(first: Scores, second: Scores, resamples: int = 1000) -> dict[str, Difference]:
    """Paired bootstrap test over the units that both systems were scored on.

    The same units are drawn for both; p is twice the smaller share of resamples in which the
    difference is not above (not below) zero, with one added to each count.

    Args:
        first: Scores of one system.
        second: Scores of the other.
        resamples: Bootstrap resamples.

    Returns:
        Both values, the interval of second minus first and p, for each figure.

    Raises:
        ValueError: The scores are not over the same units.

    Source:
        Efron and Tibshirani 1993, chapter 16; Berg-Kirkpatrick, Burkett and Klein, EMNLP 2012.
    """
    if first.units != second.units:
        raise ValueError("expected scores over the same articles in the same order")
    drawn = [_resampled(_Sparse(s.columns, len(s.units)), len(s.units), resamples)
             for s in (first, second)]  # fmt: skip
    out = {}
    for measure in first.measures:
        if measure.name not in second:
            continue
        delta = 100 * (measure.value(drawn[1]) - measure.value(drawn[0]))
        delta = delta[~np.isnan(delta)]
        low, high = _interval(delta)
        tail = min((delta <= 0).sum(), (delta >= 0).sum())
        p = min(1.0, 2 * (float(tail) + 1) / (len(delta) + 1)) if len(delta) else math.nan
        values = (first[measure.name].value, second[measure.name].value)
        out[measure.name] = Difference(*values, low, high, p)
    return out


class _Sparse(dict[str, Array]):
    """Columns in which a name that nothing counted is all zeros."""

    def __init__(self, columns: Columns, size: int) -> None:
        super().__init__(columns)
        self.size = size

    def __missing__(self, name: str) -> Array:
        return np.zeros(self.size)


def _sums(columns: Columns, weights: Array) -> Columns:
    return _Sparse({name: weights @ values for name, values in columns.items()}, len(weights))


def _resampled(columns: Columns, units: int, resamples: int) -> Columns:
    """Sums of each column over ``resamples`` draws of the units, with the fixed seed."""
    rng = np.random.default_rng(SEED)
    if not units or not resamples:
        return _Sparse({}, resamples)
    block = max(1, _BLOCK // units)
    share = np.full(units, 1 / units)
    parts = []
    for start in range(0, resamples, block):
        size = min(block, resamples - start)
        parts.append(_sums(columns, rng.multinomial(units, share, size=size).astype(float)))
    joined = {name: np.concatenate([part[name] for part in parts]) for name in columns}
    return _Sparse(joined, resamples)


def _interval(values: Array) -> tuple[float, float]:
    values = values[~np.isnan(values)]
    if not len(values):
        return math.nan, math.nan
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)

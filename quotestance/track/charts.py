"""Pictures of a trend: coordinates of an inline SVG for the report, and a matplotlib figure."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from quotestance.track.changes import Change
from quotestance.track.extras import need

if TYPE_CHECKING:
    from quotestance.track.trends import Trend

# Blue and orange tell apart for colour-blind readers too; the sign says the same in words.
COLOURS = {"supportive": "#0b62a5", "neutral": "#5f6368", "critical": "#b34700"}
# Drawn twice: for a desk and, narrower, for a phone.
WIDE, NARROW = 900, 360
HEIGHT = 356
LEFT, TOP, BOTTOM = 56, 24, 244
BARS_TOP, BARS_BOTTOM = 266, 326
_TICK_WIDTH = 92
MOST_TICKS = 9
# A point stands in the middle of its period: so many days after its start.
_HALF = {"week": 3, "month": 15, "quarter": 45, "year": 182}


@dataclass(frozen=True)
class Point:
    """One period in the chart; lengths are in units of the drawing.

    Args:
        period: First day, ``YYYY-MM-DD``; what the list of quotes is filtered by.
        label: The period in words.
        x: Place on the time axis.
        y: Place of the mean score.
        low: Place of the lower end of the interval; None where none is drawn.
        high: Place of the upper end.
        tone: ``supportive`` or ``critical`` where the whole interval is, else ``neutral``.
        bars: The number of quotes as a bar of three parts, from the bottom: label, place of the
            upper end and height of each.
        summary: The figures in words.
    """

    period: str
    label: str
    x: float
    y: float
    low: float | None
    high: float | None
    tone: str
    bars: tuple[tuple[str, float, float], ...]
    summary: str


@dataclass(frozen=True)
class Turn:
    """A change in the chart; ``before`` and ``after`` are the places of the mean scores."""

    x: float
    before: float
    after: float
    label: str


@dataclass(frozen=True)
class Timeline:
    """A chart of a trend, ready for the template."""

    width: int
    right: int
    points: tuple[Point, ...]
    ticks: tuple[tuple[float, str], ...]
    levels: tuple[tuple[float, str], ...]
    turns: tuple[Turn, ...]
    bar_width: float
    most: int


def period_label(day: datetime.date, by: str) -> str:
    """A period in words, such as ``March 2031`` or ``2031, 2nd quarter``."""
    if by == "year":
        return str(day.year)
    if by == "quarter":
        return f"{day.year} Q{(day.month - 1) // 3 + 1}"
    if by == "month":
        return f"{day:%b} {day.year}"
    return f"week of {day.isoformat()}"


def timeline(trend: Trend, turns: Sequence[Change] = (), width: int = WIDE) -> Timeline:
    """Coordinates of a trend.

    Args:
        trend: What to draw; at least one period.
        turns: Changes to mark.
        width: Of the drawing, in its units.
    """
    right = width - 20
    rows = list(trend.table.itertuples())
    days = [row.period.toordinal() + _HALF[trend.by] for row in rows]
    marks = [change.date.toordinal() for change in turns]
    first, last = min([days[0], *marks]), max([days[-1], *marks])
    span = max(1, last - first)

    def across(day: int) -> float:
        return float(round(LEFT + 20 + (day - first) / span * (right - LEFT - 40), 1))

    most = max(row.quotes for row in rows)
    points = tuple(
        _point(row, across(day), most, trend.by) for row, day in zip(rows, days, strict=True)
    )
    step = math.ceil(len(points) * _TICK_WIDTH / (right - LEFT))
    return Timeline(
        width=width,
        right=right,
        points=points,
        ticks=tuple((p.x, p.label) for p in points[::step]),
        levels=tuple((_height(v), f"{v:+.1f}" if v else "0") for v in (1, 0.5, 0, -0.5, -1)),
        turns=tuple(
            Turn(
                across(change.date.toordinal()),
                _height(change.before),
                _height(change.after),
                f"turn on {change.date}",
            )
            for change in turns
        ),
        bar_width=round(max(2.0, min(24.0, 0.6 * (right - LEFT - 40) / max(1, len(points)))), 1),
        most=most,
    )


def _height(score: float) -> float:
    return round(BOTTOM - (score + 1) / 2 * (BOTTOM - TOP), 1)


def _point(row: Any, x: float, most: int, by: str) -> Point:
    drawn = not math.isnan(row.score_low)
    tone = "neutral"
    if drawn and row.score_low > 0:
        tone = "supportive"
    elif drawn and row.score_high < 0:
        tone = "critical"
    label = period_label(row.period, by)
    ends = (
        f"95 % interval {row.score_low:+.2f} to {row.score_high:+.2f}"
        if drawn
        else ("too few articles for an interval")
    )
    return Point(
        period=row.period.date().isoformat(),
        label=label,
        x=x,
        y=_height(row.score),
        low=_height(row.score_low) if drawn else None,
        high=_height(row.score_high) if drawn else None,
        tone=tone,
        bars=_bars(row, row.quotes / most * (BARS_BOTTOM - BARS_TOP)),
        summary=f"{label}: score {row.score:+.2f}, {ends}; {row.quotes} quotes in "
        f"{row.articles} articles",
    )


def _bars(row: Any, height: float) -> tuple[tuple[str, float, float], ...]:
    shares = {label: float(getattr(row, label)) for label in ("critical", "neutral", "supportive")}
    whole = sum(shares.values())  # where errors are undone and shares bounded, not always 1
    parts, at = [], float(BARS_BOTTOM)
    for label, share in shares.items():
        part = height * share / whole
        at -= part
        parts.append((label, round(at, 2), round(part, 2)))
    return tuple(parts)


def figure(trend: Trend) -> Any:
    """The score by period with its intervals, as a matplotlib figure of its own.

    Periods with too few articles for an interval are drawn hollow.
    """
    need("matplotlib", "trend.plot()")
    from matplotlib.figure import Figure

    drawing = Figure(figsize=(9, 3.6), layout="constrained")
    axes = drawing.add_subplot()
    half = datetime.timedelta(days=_HALF[trend.by])
    table = trend.table.assign(middle=trend.table["period"] + half)
    known = table["score_low"].notna()
    sure, unsure = table[known], table[~known]
    below, above = sure["score"] - sure["score_low"], sure["score_high"] - sure["score"]
    if len(sure):
        axes.errorbar(sure["middle"], sure["score"], [below.clip(lower=0), above.clip(lower=0)],
                      fmt="o", color="#1b1b1b", capsize=3,
                      label="mean, 95 % interval")  # fmt: skip
    if len(unsure):
        axes.plot(unsure["middle"], unsure["score"], "o", color="#8a8f94", mfc="none",
                  label="too few articles for an interval")  # fmt: skip
    axes.axhline(0, color="#999999", linewidth=0.8)
    axes.set_ylim(-1.05, 1.05)
    axes.set_ylabel("critical  <  score  >  supportive")
    axes.set_title(str(trend.filter).replace("$", r"\$"), fontsize=10)
    if len(table):
        shown = table.iloc[:: math.ceil(len(table) / MOST_TICKS)]
        axes.set_xticks(shown["middle"], [period_label(day, trend.by) for day in shown["period"]])
        axes.legend(frameon=False, fontsize=8)
    return drawing

"""How far a confidence can be trusted: expected calibration error, risk against coverage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from quotestance.evaluation.bootstrap import Array, Columns, Measure, divide

BINS = 15


@dataclass
class Decisions:
    """Decisions with their confidence (0 to 1) and whether each was right."""

    confidence: list[float] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)

    def add(self, confidence: float | None, right: bool) -> None:
        """Append one decision; those without a confidence are left out."""
        if confidence is not None:
            self.confidence.append(min(1.0, max(0.0, confidence)))
            self.right.append(right)

    def extend(self, other: Decisions) -> None:
        """Append the decisions of another article."""
        self.confidence += other.confidence
        self.right += other.right

    def counts(self, name: str) -> dict[str, float]:
        """Counts for ``calibration_error``: decisions, confidence and right ones, by bin."""
        out: dict[str, float] = {f"{name}_decisions": len(self.right)}
        for confidence, right in zip(self.confidence, self.right, strict=True):
            number = min(BINS - 1, int(confidence * BINS))
            for kind, value in (("confidence", confidence), ("right", float(right))):
                key = f"{name}_{kind}_{number}"
                out[key] = out.get(key, 0.0) + value
        return out


def calibration_error(figure: str, name: str) -> Measure:
    """Expected calibration error over 15 bins of equal width.

    The mean over decisions of the gap between confidence and share of right ones in their bin.

    Args:
        figure: Name of the figure.
        name: Name that the counts were made with.

    Source:
        Guo et al., ICML 2017, equation 3.
    """

    def value(columns: Columns) -> Array:
        whole = columns[f"{name}_decisions"]
        gaps = [
            np.abs(columns[f"{name}_right_{i}"] - columns[f"{name}_confidence_{i}"])
            for i in range(BINS)
        ]
        return divide(np.sum(gaps, axis=0), whole)

    return Measure(figure, value, f"{name}_decisions")


def risk_coverage(decisions: Decisions) -> list[dict[str, float]]:
    """Share of wrong decisions among the most confident ones, by how many are kept.

    Args:
        decisions: All decisions; ties in confidence are kept or dropped together.

    Returns:
        Points from the most confident to all: ``coverage`` and ``risk`` in percent, and the
        ``threshold`` of confidence (0 to 1) that gives them.

    Source:
        El-Yaniv and Wiener, JMLR 2010.
    """
    if not decisions.right:
        return []
    confidence = np.array(decisions.confidence)
    order = np.argsort(-confidence, kind="stable")
    confidence = confidence[order]
    wrong = np.cumsum(~np.array(decisions.right)[order])
    last = np.flatnonzero(np.append(confidence[1:] != confidence[:-1], True))
    return [
        {
            "coverage": 100 * float(i + 1) / len(order),
            "risk": 100 * float(wrong[i]) / float(i + 1),
            "threshold": float(confidence[i]),
        }
        for i in last
    ]


def thin(curve: Sequence[Mapping[str, float]], points: int = 20) -> list[dict[str, float]]:
    """At most ``points`` points of a curve, spread evenly, the last one among them."""
    picked: Iterable[int] = range(len(curve))
    if len(curve) > points:
        picked = np.unique(np.linspace(0, len(curve) - 1, points).round().astype(int)).tolist()
    return [{key: round(value, 4) for key, value in curve[i].items()} for i in picked]

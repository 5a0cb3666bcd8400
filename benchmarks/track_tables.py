"""Tables of the ledger's benchmarks, for tables.py: intervals, turns, growth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Result = Mapping[str, Any]


def coverage(result: Result) -> str:
    """How often the 95 % intervals hold the truth, and how wide they are."""
    sizes = sorted({row["articles"] for row in result["rows"]})
    rows = [
        "| articles a period | " + " | ".join(str(size) for size in sizes) + " |",
        "|---" * (len(sizes) + 1) + "|",
    ]
    for name in dict.fromkeys(row["scenario"] for row in result["rows"]):
        found = {row["articles"]: row for row in result["rows"] if row["scenario"] == name}
        cells = [
            f"{100 * found[size]['coverage']:.1f} % (±{found[size]['mean_width'] / 2:.2f})"
            for size in sizes
        ]
        rows.append("| " + " | ".join([name, *cells]) + " |")
    text = (
        f"Share of {result['trials']:,} simulated periods whose interval holds the true score, and "
        f"half the mean width; no interval is drawn below "
        f"{result['min_articles_for_an_interval']} articles. {_classifier(result)}"
    )
    return "\n".join([*rows, "", text, "", _made_by(result)])


def turns(result: Result) -> str:
    """False alarms and power of the test for a turn."""
    gaps = sorted({row["turn_in_score"] for row in result["power"]})
    rows = [
        "| articles | " + " | ".join(f"turn of {gap:g}" for gap in gaps) + " |",
        "|---" * (len(gaps) + 1) + "|",
    ]
    for size in sorted({row["articles"] for row in result["power"]}):
        found = {
            row["turn_in_score"]: row["found"] for row in result["power"] if row["articles"] == size
        }
        rows.append(f"| {size} | " + " | ".join(f"{100 * found[gap]:.0f} %" for gap in gaps) + " |")
    text = (
        f"Share of turns found at p ≤ 0.05, by the true change of the score. In "
        f"{result['even_series']:,} series without a turn, {100 * result['false_alarms']:.2f} % "
        "false alarms."
    )
    return "\n".join([*rows, "", text, "", _made_by(result)])


def growth(result: Result) -> str:
    """How the ledger grows."""
    rows = [
        "| quotes | added in | peak memory | monthly trend of a pair | report of a pair | file |",
        "|---|---|---|---|---|---|",
    ]
    rows += [
        f"| {row['quotes']:,} | {_seconds(row['add_seconds'])} | "
        f"{row['peak_memory_mb_while_adding']} MB | {_seconds(row['trend_seconds'])} | "
        f"{_seconds(row['report_seconds'])} | {row['file_mb']} MB |"
        for row in result["rows"]
    ]
    text = "Seconds by the clock and, in brackets, of processor; on a busy machine they differ."
    return "\n".join([*rows, "", text, "", _made_by(result)])


def _seconds(spent: Mapping[str, float]) -> str:
    return f"{spent['clock']:,.1f} s ({spent['cpu']:,.1f})"


def _classifier(result: Result) -> str:
    given = result["classifier"]
    return f"Classifier: {given['source']}, {given['labelled_quotes']} labelled quotes."


def _made_by(result: Result) -> str:
    return f"Made by `{result['command']}`."

"""Calibration of the shipped model on the dev files of ``shared/corpora``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from quotestance.evaluation import corpora
from quotestance.evaluation.corpora import TargetedSentence
from quotestance.network.runtime import Network
from quotestance.pipeline import Pipeline
from quotestance.records import read_records
from quotestance.training.calibration import (
    QuoteDev,
    fit_pair_temperature,
    fit_quote_confidence,
    fit_quote_temperature,
    search,
    with_calibration,
)
from quotestance.training.targets import fit_targets


def directed(rows: list[TargetedSentence]) -> list[TargetedSentence]:
    """Both rows of each pair of DSE that has a tone in at least one direction."""
    toned = {row.pair for row in rows if row.label != "neutral"}
    return [row for row in rows if row.pair in toned]


def calibrate(network: Network, folder: Path, report: Callable[[str], None] = print) -> None:
    """Choose biases, thresholds and temperatures on dev files and write them into the config.

    Args:
        network: The trained network.
        folder: Where ``polnear-dev.jsonl``, ``polnear-stance-dev.jsonl``,
            ``newsmtsc-dev.jsonl`` and ``dse-dev.jsonl`` lie.
        report: Called with one line a step.
    """
    dev = QuoteDev.of(network, corpora.read_polnear(folder / "polnear-dev.jsonl"))
    calibration = search(dev, {}, report)
    calibration = fit_quote_confidence(dev, calibration)
    labelled = QuoteDev.of(network, read_records(folder / "polnear-stance-dev.jsonl"))
    rows = corpora.read_newsmtsc(folder / "newsmtsc-dev.jsonl")
    rows += directed(corpora.read_dse(folder / "dse-dev.jsonl"))
    calibration["temperature.quote_stance"] = fit_quote_temperature(labelled, calibration)
    calibration["temperature.stance"] = fit_pair_temperature(network, rows)
    with_calibration(network, calibration)
    calibration |= fit_targets(Pipeline(network), labelled.docs)
    with_calibration(network, calibration)
    report(str(network.config.calibration))

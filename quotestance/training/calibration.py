"""Biases, thresholds and temperatures, chosen on dev files after training."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from quotestance.evaluation.corpora import TargetedSentence
from quotestance.evaluation.scoring import score_quotes
from quotestance.evaluation.spans import align
from quotestance.network.runtime import Network, ReadArticle
from quotestance.quotes import STANCES, Stance
from quotestance.records import AnnotatedArticle
from quotestance.stages.assembly import assemble, sentence_bounds
from quotestance.stages.attribution import AttributionStage
from quotestance.stages.evidence import EVIDENCE
from quotestance.stages.passages import Places
from quotestance.stages.quotes import SpanStage
from quotestance.stages.stance import QuoteReading, StanceStage
from quotestance.training.linking import choices, fit_links, fit_scores

Floats = NDArray[np.float64]
Calibration = dict[str, float]
_UNREAD = QuoteReading(1.0, "speech", None, None, Stance("neutral"))

#: What is searched, in this order, one knob at a time. Quotes inside quotes are left out: PolNeAR
#: labels none, so a search on it would only switch them off.
GRID: Mapping[str, Sequence[float]] = {
    "bias.content": (-0.4, -0.2, 0.2),
    "bias.source": (-1.6, -0.8),
    "bias.cue": (-0.8, -0.4),
    "threshold.quote": (0.25, 0.35, 0.4, 0.45, 0.5),
}
#: Where the search starts.
START: Mapping[str, float] = {
    "bias.content": 0.0,
    "bias.source": -1.2,
    "bias.cue": 0.0,
    "threshold.quote": 0.3,
    "threshold.inner": 0.4,
    "bias.inner_content": -1.0,
    "bias.inner_source": -1.5,
    "bias.inner_cue": -1.5,
}


def fit_temperature(logits: Floats, gold: NDArray[np.int64]) -> float:
    """The temperature under which the labels are most likely.

    Source: Guo et al. 2017, On Calibration of Modern Neural Networks.

    Args:
        logits: ``[n, classes]``.
        gold: ``[n]`` class indices.

    Returns:
        A number from 0.3 to 5; 1 where there are no rows.
    """
    if not len(gold):
        return 1.0

    def loss(temperature: float) -> float:
        scaled = logits / temperature
        top = scaled.max(1, keepdims=True)
        total = np.log(np.exp(scaled - top).sum(1)) + top[:, 0]
        return float((total - scaled[np.arange(len(gold)), gold]).mean())

    grid = np.exp(np.linspace(math.log(0.3), math.log(5.0), 200))
    return float(min(grid, key=loss))


def fit_sigmoid(scores: Floats, right: NDArray[np.bool_], steps: int = 50) -> tuple[float, float]:
    """Slope and offset that turn log-odds of scores into probabilities (Newton's method).

    Source: Platt 1999; Lin, Lin & Weng 2007 for the smoothed labels.

    Args:
        scores: ``[n]`` from 0 to 1.
        right: ``[n]`` whether each decision was right.
        steps: Newton steps.
    """
    clipped = np.clip(scores, 1e-6, 1 - 1e-6)
    x = np.stack([np.log(clipped / (1 - clipped)), np.ones(len(scores))], 1)
    high = (right.sum() + 1) / (right.sum() + 2)
    low = 1 / ((~right).sum() + 2)
    y = np.where(right, high, low)
    weights = np.array([1.0, 0.0])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        gradient = x.T @ (p - y) + 1e-3 * (weights - [1.0, 0.0])
        hessian = (x * (p * (1 - p))[:, None]).T @ x + 1e-3 * np.eye(2)
        weights = weights - np.linalg.solve(hessian, gradient)
    return float(weights[0]), float(weights[1])


@dataclass(frozen=True)
class QuoteDev:
    """Dev articles as the network read them, so that settings can be tried without it."""

    network: Network
    docs: Sequence[AnnotatedArticle]
    read: Sequence[ReadArticle]

    @classmethod
    def of(cls, network: Network, docs: Sequence[AnnotatedArticle]) -> Self:
        """Read the articles once."""
        return cls(network, docs, network.read([network.encode(doc.text) for doc in docs]))

    def predict(self, calibration: Mapping[str, float]) -> list[AnnotatedArticle]:
        """Records of all attributions under some settings, without speakers."""
        spans = SpanStage(self.network, calibration)
        attribution = AttributionStage(self.network, calibration)
        stance = StanceStage(self.network, calibration)
        out = []
        for doc, read in zip(self.docs, self.read, strict=True):
            bounds = sentence_bounds(read.encoded, doc.text)
            places = Places.of(read.encoded, doc.text, bounds)
            found = attribution(read, spans(read, doc.text), places)
            readings = stance(read, found, bounds)
            quotes = assemble(doc.text, read.encoded, found, readings, calibration)
            out.append(AnnotatedArticle(text=doc.text, id=doc.id, quotes=quotes))
        return out

    def evidence(self, calibration: Mapping[str, float]) -> tuple[Floats, NDArray[np.bool_]]:
        """What speaks for each attribution, and whether it matches a gold one by half."""
        settings = {**calibration, "threshold.quote": 0.0}
        spans = SpanStage(self.network, settings)
        attribution = AttributionStage(self.network, settings)
        rows: list[Floats] = []
        right: list[bool] = []
        for doc, read in zip(self.docs, self.read, strict=True):
            bounds = sentence_bounds(read.encoded, doc.text)
            places = Places.of(read.encoded, doc.text, bounds)
            all_found = attribution(read, spans(read, doc.text), places)
            found = [item for item in all_found if item.evidence is not None]
            quotes = assemble(doc.text, read.encoded, found, [_UNREAD] * len(found), settings)
            predicted = AnnotatedArticle(text=doc.text, id=doc.id, quotes=quotes)
            matched = {p for _, p in align(doc, predicted, attributions=True).pairs}
            rows += [item.evidence for item in found if item.evidence is not None]
            right += [i in matched for i in range(len(found))]
        return np.array(rows).reshape(-1, len(EVIDENCE)), np.array(right, dtype=bool)

    def predict_spans(self, calibration: Mapping[str, float]) -> list[AnnotatedArticle]:
        """As ``predict``, without targets and stance: content, source and cue alone."""
        spans = SpanStage(self.network, calibration)
        attribution = AttributionStage(self.network, calibration)
        out = []
        for doc, read in zip(self.docs, self.read, strict=True):
            bounds = sentence_bounds(read.encoded, doc.text)
            places = Places.of(read.encoded, doc.text, bounds)
            found = attribution(read, spans(read, doc.text), places)
            quotes = assemble(doc.text, read.encoded, found, [_UNREAD] * len(found), calibration)
            out.append(AnnotatedArticle(text=doc.text, id=doc.id, quotes=quotes))
        return out


def objective(gold: Sequence[AnnotatedArticle], predicted: Sequence[AnnotatedArticle]) -> float:
    """What settings are chosen by: the mean of content token, exact and relation F1."""
    scores = score_quotes(gold, predicted, attributions=True, resamples=0)
    names = ("content_token_f1", "exact_f1", "relation_f1")
    return float(np.nan_to_num([scores[name].value for name in names]).mean())


def search(dev: QuoteDev, calibration: Calibration, report: Callable[[str], None]) -> Calibration:
    """Weights of links and scores, then a coordinate search over ``GRID``, on dev articles.

    Args:
        dev: Dev articles.
        calibration: Where to start.
        report: Called with a line for each knob.
    """
    best = {**START, **calibration}
    best |= fit_links(choices(dev.network, dev.docs, dev.read, best))
    best |= fit_scores(*dev.evidence(best))
    top = objective(dev.docs, dev.predict_spans(best))
    report(f"start {top:.2f}")
    for knob, values in GRID.items():
        for value in values:
            trial = {**best, knob: value}
            score = objective(dev.docs, dev.predict_spans(trial))
            if score > top + 0.05:
                best, top = trial, score
        report(f"{knob} {best[knob]} -> {top:.2f}")
    return best


def fit_quote_confidence(dev: QuoteDev, calibration: Calibration) -> Calibration:
    """Slope and offset of the quote confidence: right where a gold quote matches by half."""
    plain = {**calibration, "quote.slope": 1.0, "quote.offset": 0.0}
    scores, right = [], []
    for gold, predicted in zip(dev.docs, dev.predict(plain), strict=True):
        aligned = align(gold, predicted, attributions=True)
        matched = {p for _, p in aligned.pairs}
        for i, unit in enumerate(aligned.predicted):
            scores.append(unit.quote.confidence.quote or 0.0)
            right.append(i in matched)
    slope, offset = fit_sigmoid(np.array(scores), np.array(right, dtype=bool))
    return {**calibration, "quote.slope": slope, "quote.offset": offset}


def fit_pair_temperature(network: Network, rows: Sequence[TargetedSentence]) -> float:
    """Temperature of the stance of given pairs."""
    stage = StanceStage(network, {})
    marked, gold = [], []
    for row in rows:
        encoded = network.encode(row.text)
        target = encoded.covering(*row.target)
        holder = encoded.covering(*row.holder) if row.holder else None
        if target is not None:
            marked.append(stage.given(encoded, target, holder))
            gold.append(STANCES.index(row.label))
    logits = network.stances(marked).astype(np.float64)
    return fit_temperature(logits, np.array(gold, dtype=np.int64))


def fit_quote_temperature(dev: QuoteDev, calibration: Calibration) -> float:
    """Temperature of the stance of quotes found, against the gold quotes that they match."""
    logits, gold = [], []
    for doc, predicted in zip(dev.docs, dev.predict(calibration), strict=True):
        aligned = align(doc, predicted)
        for g, p in aligned.pairs:
            stance, found = aligned.gold[g].quote.stance, aligned.predicted[p].quote.stance
            if stance and found and found.probabilities:
                logits.append([math.log(found.probabilities[name] + 1e-9) for name in STANCES])
                gold.append(STANCES.index(stance.label))
    return fit_temperature(np.array(logits), np.array(gold, dtype=np.int64))


def with_calibration(network: Network, calibration: Calibration) -> None:
    """Write the settings into the network's configuration, rounded to four places."""
    network.config.calibration = {k: round(v, 4) for k, v in sorted(calibration.items())}


__all__ = [
    "GRID", "START", "Calibration", "QuoteDev", "fit_pair_temperature",
    "fit_quote_confidence", "fit_quote_temperature", "fit_sigmoid", "fit_temperature",
    "objective", "search", "with_calibration",
]  # fmt: skip

"""The dev articles of a training run: the figure that decides, the final figures, calibration."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from quotestance.evaluation.bootstrap import Scores
from quotestance.evaluation.scoring import score_quotes
from quotestance.network.config import QuotestanceConfig
from quotestance.network.model import QuotestanceModel
from quotestance.network.runtime import Network
from quotestance.pipeline import Pipeline
from quotestance.records import AnnotatedArticle, Article
from quotestance.stages.assembly import only_quotes
from quotestance.training.calibration import (
    Calibration,
    QuoteDev,
    fit_quote_confidence,
    fit_quote_temperature,
    search,
    with_calibration,
)
from quotestance.training.settings import Settings
from quotestance.windows import WordPieces

#: Dev quotes from which temperatures and confidences are fitted anew (two or three numbers).
ENOUGH_FOR_CONFIDENCE = 100
#: Dev quotes from which biases and thresholds are searched anew (a dozen numbers).
ENOUGH_FOR_SEARCH = 500


@dataclass(frozen=True)
class KeptDev(QuoteDev):
    """Dev articles as the network read them, with what the labels count as a quote.

    Args:
        attributions: Whether every attribution counts, or only quotes by the guide.
    """

    attributions: bool = True

    @classmethod
    def reading(
        cls, network: Network, docs: Sequence[AnnotatedArticle], attributions: bool
    ) -> KeptDev:
        """Read the articles once."""
        return dataclasses.replace(cls.of(network, docs), attributions=attributions)

    def predict(self, calibration: Mapping[str, float]) -> list[AnnotatedArticle]:
        """Records under some settings, without speakers."""
        found = super().predict(calibration)
        if self.attributions:
            return found
        return [dataclasses.replace(doc, quotes=only_quotes(doc.quotes)) for doc in found]


def figure_name(tasks: Sequence[str], docs: Sequence[AnnotatedArticle]) -> str:
    """The dev figure that matters for some tasks.

    Relation F1 where quotes or attribution are trained (contents found by half, where the dev
    articles lack sources), else macro-F1 of stance, else the share of right speakers.
    """
    if {"quotes", "attribution"} & set(tasks):
        sources = all(quote.has("source") for doc in docs for quote in doc.quotes)
        return "relation_f1" if sources else "half_overlap_f1"
    return "macro_f1" if "stance" in tasks else "speaker_right"


class DevFigure:
    """Measures weights on the dev articles, with a copy of the network of its own.

    Args:
        docs: The dev articles.
        config: Configuration of the network, with the calibration to measure under.
        encoder: Its tokenizer.
        tasks: The tasks that are trained.
        attributions: See ``KeptDev``.
        device: Where to run.
    """

    def __init__(
        self,
        docs: Sequence[AnnotatedArticle],
        config: QuotestanceConfig,
        encoder: WordPieces,
        tasks: Sequence[str],
        attributions: bool,
        device: torch.device,
    ) -> None:
        self.name = figure_name(tasks, docs)
        self._docs = docs
        self._attributions = attributions
        copy = QuotestanceConfig(**config.to_dict())
        self._network = Network(QuotestanceModel(copy), encoder, device)

    def __call__(self, weights: Mapping[str, Tensor]) -> float:
        """The figure in percent; NaN where it is not defined."""
        with torch.no_grad():
            for name, parameter in self._network.model.named_parameters():
                parameter.copy_(weights[name])
        predicted = self._predict()
        scores = score_quotes(self._docs, predicted, attributions=self._attributions, resamples=0)
        return scores[self.name].value

    def _predict(self) -> list[AnnotatedArticle]:
        if self.name == "speaker_right":
            return whole_records(self._network, self._docs, self._attributions)
        calibration = self._network.config.calibration
        read = KeptDev.reading(self._network, self._docs, self._attributions)
        if self._attributions and self.name in ("relation_f1", "half_overlap_f1"):
            return read.predict_spans(calibration)
        return read.predict(calibration)


def whole_records(
    network: Network, docs: Sequence[AnnotatedArticle], attributions: bool
) -> list[AnnotatedArticle]:
    """Records of the whole pipeline, speakers included."""
    nlp = Pipeline(network)
    articles = [Article(d.text, d.id, d.title, d.outlet, d.date) for d in docs]
    found = nlp.pipe(articles, keep="attributions" if attributions else "quotes")
    return [doc for doc in found if isinstance(doc, AnnotatedArticle)]


def final_scores(
    network: Network, docs: Sequence[AnnotatedArticle], attributions: bool, resamples: int = 1000
) -> Scores:
    """All figures of the whole pipeline on the dev articles, with 95 % intervals."""
    predicted = whole_records(network, docs, attributions)
    return score_quotes(docs, predicted, attributions=attributions, resamples=resamples)


def recalibrate(
    network: Network,
    docs: Sequence[AnnotatedArticle],
    tasks: Sequence[str],
    settings: Settings,
    report: Callable[[str], None],
) -> tuple[str, ...]:
    """Fit as much of the calibration as there are dev quotes for; keep the rest.

    Args:
        network: The trained network; its configuration is changed.
        docs: The dev articles.
        tasks: The tasks that were trained.
        settings: ``calibration`` and ``attributions`` count.
        report: Called with a line a step.

    Returns:
        What was fitted: some of ``thresholds``, ``confidence``, ``temperature``.
    """
    quotes = sum(bool(quote.content) for doc in docs for quote in doc.quotes)
    stances = sum(quote.stance is not None for doc in docs for quote in doc.quotes)
    all_of_it = settings.calibration == "refit"
    if settings.calibration == "keep":
        return ()
    calibration: Calibration = dict(network.config.calibration)
    fitted = []
    dev = KeptDev.reading(network, docs, settings.attributions)
    # The search counts every attribution, so labels of quotes alone would mislead it.
    if settings.attributions and (all_of_it or quotes >= ENOUGH_FOR_SEARCH):
        calibration = search(dev, calibration, report)
        fitted.append("thresholds")
    if "quotes" in tasks and (all_of_it or quotes >= ENOUGH_FOR_CONFIDENCE):
        calibration = fit_quote_confidence(dev, calibration)
        fitted.append("confidence")
    if "stance" in tasks and stances and (all_of_it or stances >= ENOUGH_FOR_CONFIDENCE):
        raw = {**calibration, "temperature.quote_stance": 1.0}
        calibration["temperature.quote_stance"] = fit_quote_temperature(dev, raw)
        fitted.append("temperature")
    if fitted:
        with_calibration(network, calibration)
    return tuple(fitted)

"""Weights of the choice of targets, by maximum likelihood on labelled articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from quotestance.evaluation.spans import Tokens, align, overlap
from quotestance.evaluation.speakers import normalize
from quotestance.evaluation.stance import NAMED, target_names
from quotestance.pipeline import Pipeline
from quotestance.quotes import Quote
from quotestance.records import AnnotatedArticle, Article
from quotestance.stages.speakers import SpeakerStage
from quotestance.stages.target_choice import FEATURES, Floats, Options
from quotestance.training.linking import Choice, fit_choices


class _Recorder(SpeakerStage):
    """A stage that keeps what the target of each quote could be."""

    def __init__(self, calibration: Mapping[str, float]) -> None:
        super().__init__(calibration=calibration)
        self.seen: dict[str, tuple[Options, Floats]] = {}

    def elect(self, found: Options, rows: Floats) -> int:
        self.seen[found.quote.id] = found, rows
        return super().elect(found, rows)


def target_choices(pipeline: Pipeline, docs: Sequence[AnnotatedArticle]) -> list[Choice]:
    """What the target of each quote that matches a gold one by half could be.

    Right is, where gold names a person, organization or country and something has its name, what
    has it; else what shares half of its words with those of the gold target, or has its name.

    Args:
        pipeline: A pipeline; its speaker stage is left as it was.
        docs: Labelled articles.
    """
    before, found = pipeline.speakers, []
    try:
        for doc in docs:
            pipeline.speakers = recorder = _Recorder(pipeline.calibration)
            article = Article(
                doc.text, id=doc.id, title=doc.title, outlet=doc.outlet, date=doc.date
            )
            tokens = Tokens(doc.text)
            for gold, predicted in align(doc, pipeline(article)).matched():
                if not gold.quote.has("target"):
                    continue
                options, rows = recorder.seen[predicted.quote.id]
                right = _right(gold.quote, options, tokens)
                if right.any():
                    found.append(Choice(rows, right))
    finally:
        pipeline.speakers = before
    return found


def fit_targets(pipeline: Pipeline, docs: Sequence[AnnotatedArticle]) -> dict[str, float]:
    """Weights under which the right targets are likeliest.

    Args:
        pipeline: A pipeline.
        docs: Labelled articles.

    Returns:
        ``target.NAME`` for each name of ``FEATURES``; nothing without labelled targets.
    """
    fitted = fit_choices(target_choices(pipeline, docs))
    return {f"target.{name}": value for name, value in zip(FEATURES, fitted, strict=False)}


def _right(
    gold: Quote, options: Options, tokens: Tokens
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    if gold.target is None:
        return np.array([target.name is None for target in options.targets])
    names = set(map(normalize, target_names(gold)))
    named = np.array([t.name is not None and normalize(t.name) in names for t in options.targets])
    if gold.target_type in NAMED and named.any():
        return named
    wanted = tokens.within([gold.target_span] if gold.target_span else [])
    shared = [overlap(wanted, tokens.within([s] if s else [])) for s in options.spans]
    return np.asarray(named | (np.array(shared) >= 0.5))

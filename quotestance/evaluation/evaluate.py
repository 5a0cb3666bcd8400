"""Evaluation of a model, or of somebody else's predictions, on a labelled corpus."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from quotestance.errors import InputError
from quotestance.evaluation.bootstrap import Difference, Scores, compare
from quotestance.evaluation.formats import (
    CORPORA,
    Corpus,
    as_record,
    corpus_named,
    first_of_each,
    read_predictions,
)
from quotestance.evaluation.scoring import (
    Row,
    found_by_id,
    human_ceiling,
    score_gap,
    score_gum,
    score_quotes,
    score_targeted,
)
from quotestance.evaluation.stance import GiveStance
from quotestance.quotes import Span, Stance
from quotestance.records import AnnotatedArticle, Article

if TYPE_CHECKING:
    from rich.table import Table

__all__ = [
    "CORPORA",
    "Evaluation",
    "System",
    "compare_predictions",
    "evaluate",
    "human_ceiling",
    "predict",
    "score_gap",
    "score_gum",
    "score_quotes",
    "score_rows",
    "score_targeted",
]

Triple = tuple[str, tuple[int, int], tuple[int, int] | None]


class System(Protocol):
    """What is evaluated: a loaded pipeline, or anything with these two methods."""

    def pipe(self, articles: Iterable[Article], *, keep: str) -> Iterator[AnnotatedArticle]:
        """One record an article, in order; ``keep`` is ``quotes`` or ``attributions``."""

    def stances(self, triples: list[Triple]) -> list[Stance]:
        """The stance of each (text, target, holder), holder None for the writer."""


@dataclass(frozen=True)
class Evaluation:
    """Figures of one system on one corpus.

    Args:
        corpus: Name of the format.
        n: Articles, sentences or documents scored.
        scores: The figures.
        ceiling: How far annotators agree under the same measures, where there are several.
        gold: The labelled rows.
        predicted: The predictions.
    """

    corpus: str
    n: int
    scores: Scores
    ceiling: Scores | None
    gold: tuple[Row, ...]
    predicted: tuple[AnnotatedArticle, ...]

    def to_dict(self) -> dict[str, Any]:
        """``{"corpus", "n", "figures"}``, values in percent, null where nothing was measured.

        Adds ``risk_coverage`` for each confidence and ``human_ceiling`` where there are any.
        """
        out: dict[str, Any] = {"corpus": self.corpus, "n": self.n}
        out["figures"] = self.scores.to_dict()
        if self.scores.curves:
            out["risk_coverage"] = self.scores.curves
        if self.ceiling is not None:
            out["human_ceiling"] = self.ceiling.to_dict()
        return out

    def to_html(self) -> str:
        """The error browser as one self-contained page.

        Raises:
            InputError: The corpus has neither quotes nor stance.
        """
        from quotestance.evaluation.error_browser import error_page

        corpus = CORPORA[self.corpus]
        if corpus.kind not in ("quotes", "sentences"):
            raise InputError(
                f"expected a corpus with quotes or stance to show errors of, found {self.corpus!r}",
                field="errors",
                hint="leave --errors out for gap and gum",
            )
        gold = [as_record(row) for row in self.gold]
        return error_page(gold, self.predicted, attributions=corpus.attributions)

    def __rich__(self) -> Table:
        from quotestance.evaluation.report import table

        return table({"value": self.scores}, title=self._title(), ceiling=self.ceiling)

    def _title(self) -> str:
        return f"{self.corpus}: {self.n} rows"


def evaluate(
    corpus: str,
    path: str | Path,
    *,
    model: str | Path | None = None,
    predictions: str | Path | None = None,
    limit: int | None = None,
    resamples: int = 1000,
    system: System | None = None,
) -> Evaluation:
    """Score a model or predictions on a labelled corpus.

    Args:
        corpus: One of ``quotestance``, ``polnear``, ``parc``, ``newsmtsc``, ``dse``, ``gap``,
            ``gum``.
        path: The labelled file (or folder, for PolNeAR and PARC).
        model: Model folder; None for the shipped model.
        predictions: Score this file instead of a model: our records, or the corpus's own format.
        limit: Score only the first rows.
        resamples: Bootstrap resamples for the intervals.
        system: A loaded pipeline to use instead of ``model``.

    Raises:
        InputError: A file breaks its format; names file, line and field.
    """
    chosen, rows, gold = _read(corpus, path, limit)
    if predictions is None:
        system = system or _load(model)
        found = predict(chosen, gold, system)
        scores = score_rows(chosen, gold, found, resamples, _ask(system))
    else:
        found = read_predictions(chosen, predictions)
        scores = score_rows(chosen, gold, found, resamples)
    ceiling = None
    if len(rows) > len(gold):
        ceiling = human_ceiling(rows, attributions=chosen.attributions, resamples=resamples)
    return Evaluation(corpus, len(gold), scores, ceiling, tuple(gold), tuple(found))


def compare_predictions(
    corpus: str,
    path: str | Path,
    first: str | Path,
    second: str | Path,
    *,
    limit: int | None = None,
    resamples: int = 1000,
) -> dict[str, Difference]:
    """Paired bootstrap test of two files of predictions on one corpus.

    Args:
        corpus: As in ``evaluate``.
        path: The labelled file.
        first: Predictions of one system.
        second: Predictions of the other.
        limit: Score only the first rows.
        resamples: Bootstrap resamples, the same rows drawn for both.

    Returns:
        Both values, the interval of second minus first, and a p-value, for each figure.
    """
    chosen, _, gold = _read(corpus, path, limit)
    scores = [
        score_rows(chosen, gold, read_predictions(chosen, file), 0) for file in (first, second)
    ]
    return compare(scores[0], scores[1], resamples)


def predict(corpus: Corpus, gold: Sequence[Any], system: System) -> list[AnnotatedArticle]:
    """The predictions of a system for the rows of a corpus."""
    if corpus.kind == "sentences":
        triples = [(row.text, _bounds(row.target), _holder(row.holder)) for row in gold]
        return [
            _with_stance(row, stance)
            for row, stance in zip(gold, system.stances(triples), strict=True)
        ]
    keep = "attributions" if corpus.attributions else "quotes"
    return list(system.pipe(map(_unlabelled, gold), keep=keep))


def score_rows(
    corpus: Corpus,
    gold: Sequence[Any],
    predicted: Sequence[AnnotatedArticle],
    resamples: int = 1000,
    stances: GiveStance | None = None,
) -> Scores:
    """The figures of a corpus of any kind.

    Args:
        corpus: The format.
        gold: Its rows.
        predicted: Records, found by id.
        resamples: Bootstrap resamples.
        stances: See ``score_quotes``; asked only where gold has targets.
    """
    if corpus.kind == "sentences":
        by_id = found_by_id(gold, predicted)
        given = [_stance(by_id.get(row.id)) for row in gold]
        return score_targeted(gold, given, resamples=resamples)
    if corpus.kind == "gap":
        return score_gap(gold, predicted, resamples=resamples)
    if corpus.kind == "coreference":
        return score_gum(gold, predicted, resamples=resamples)
    has_targets = any(quote.target for article in gold for quote in article.quotes)
    return score_quotes(
        gold,
        predicted,
        attributions=corpus.attributions,
        resamples=resamples,
        stances=stances if has_targets else None,
    )


def _read(corpus: str, path: str | Path, limit: int | None) -> tuple[Corpus, list[Any], list[Any]]:
    """The format, all rows (every annotator), and one row an article."""
    if limit is not None and limit < 1:
        raise InputError(f"expected a number from 1 up, found {limit}", field="limit")
    chosen = corpus_named(corpus)
    rows = list(chosen.read(path))
    gold = first_of_each(rows)[:limit]
    if not gold:
        raise InputError("expected labelled rows, found none", file=path)
    kept = {row.id for row in gold}
    return chosen, [row for row in rows if row.id in kept], gold


def _load(model: str | Path | None) -> System:
    from quotestance import pipeline

    # Without on_error="yield" the pipeline raises, so that every item is a record.
    return cast(System, pipeline.load(model))


def _ask(system: System) -> GiveStance:
    def stances(triples: Sequence[tuple[str, Span, Span | None]]) -> list[Stance]:
        return system.stances([(t, _bounds(target), _holder(h)) for t, target, h in triples])

    return stances


def _bounds(span: Span) -> tuple[int, int]:
    return (span.start, span.end)


def _holder(span: Span | None) -> tuple[int, int] | None:
    return None if span is None else _bounds(span)


def _with_stance(row: Any, stance: Stance) -> AnnotatedArticle:
    """The record of a sentence with the stance that a system gives."""
    record = as_record(row)
    quotes = tuple(quote.replace(stance=stance) for quote in record.quotes)
    return dataclasses.replace(record, quotes=quotes)


def _stance(record: AnnotatedArticle | None) -> Stance | None:
    """The stance of the first quote of a record that has one."""
    if record is None:
        return None
    return next((quote.stance for quote in record.quotes if quote.stance), None)


def _unlabelled(row: Any) -> Article:
    """The article alone, as a reader has it."""
    if isinstance(row, AnnotatedArticle):
        return Article(row.text, row.id, row.title, row.outlet, row.date)
    return Article(row.text, row.id)
